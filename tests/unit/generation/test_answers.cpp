// SPDX-License-Identifier: MIT
// What a session makes of answers: the lists, the account, and an image while it arrives.
#include <atomic>
#include <functional>
#include <span>
#include <thread>
#include <utility>

#include "../decoding/image_makers.hpp"
#include "decoding/decode.hpp"
#include "local_service.hpp"
#include "store/record_run.hpp"

using namespace venice_gimp;

namespace {

constexpr const char* models = R"({"object":"list","type":"image","data":[{"id":"z-image-turbo","type":"image","object":"model",
    "model_spec":{"name":"Z-Image Turbo","traits":["default"],"constraints":{"promptCharacterLimit":1500},"pricing":{"generation":{"usd":0.01}}}}]})";
constexpr const char* styles = R"({"object":"list","data":["Anime","Cinematic"]})";
constexpr const char* account = R"({"data":{"accessPermitted":true,"apiTier":{"id":"paid","isCharged":true},"balances":{"USD":4.5,"DIEM":2},
    "rateLimits":[{"apiModelId":"z-image-turbo","rateLimits":[{"amount":20,"type":"RPM"}]},
                  {"apiModelId":"a-text-model","rateLimits":[{"amount":500,"type":"RPM"}]}]}})";

std::string response(const std::string& type, const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Answers what the path asks for; of an image only the first part, until it may send the rest.
class Service : public Port {
public:
    explicit Service(std::string image = {}) : Port(true), image_(response("image/png", image)), thread_([this] { serve(); }) {}
    ~Service() {
        may_send_rest = true;
        shutdown(descriptor(), SHUT_RDWR);
        thread_.join();
    }

    std::atomic<bool> may_send_rest = false;
    std::atomic<bool> has_styles = true;

private:
    void serve() {
        for (int connection = accept(descriptor(), nullptr, nullptr); connection >= 0; connection = accept(descriptor(), nullptr, nullptr)) {
            answer(connection);
            close(connection);
        }
    }

    void answer(int connection) {
        std::string request;
        char buffer[4096];
        while (request.find("\r\n\r\n") == std::string::npos || (request.starts_with("POST") && request.back() != '}')) {
            const ssize_t count = recv(connection, buffer, sizeof buffer, 0);
            if (count <= 0) {
                return;
            }
            request.append(buffer, static_cast<std::size_t>(count));
        }
        if (request.find("/models") != std::string::npos) {
            send_all(connection, response("application/json", models));
        } else if (request.find("/image/styles") != std::string::npos) {
            send_all(connection, has_styles ? response("application/json", styles) : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        } else if (request.find("/api_keys/rate_limits") != std::string::npos) {
            send_all(connection, response("application/json", account));
        } else {
            const std::size_t half = image_.size() / 2;
            send_all(connection, image_.substr(0, half));
            while (!may_send_rest) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            send_all(connection, image_.substr(half));
        }
    }

    static void send_all(int connection, const std::string& bytes) {
        for (std::size_t sent = 0; sent < bytes.size();) {
            const ssize_t count = send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (count <= 0) {
                return;
            }
            sent += static_cast<std::size_t>(count);
        }
    }

    std::string image_;
    std::thread thread_;  // last: it uses the others
};

std::shared_ptr<const Catalog> fetched(Session& session) {
    std::shared_ptr<const Catalog> catalog;
    session.fetch_catalog([&](auto outcome) { catalog = std::get<0>(outcome); });
    loop_until([&] { return catalog != nullptr; });
    return catalog;
}

void models_and_styles_come_together(void**) {
    const Service service;
    const std::unique_ptr<Session> session = session_at(service);
    const std::shared_ptr<const Catalog> catalog = fetched(*session);
    assert_int_equal(venice_models_count(catalog->models.get()), 1);
    assert_text(venice_model_name(catalog->find_model("").get()), "Z-Image Turbo");
    assert_null(catalog->find_model("none such").get());
    assert_true((catalog->styles == std::vector<std::string>{"Anime", "Cinematic"}));
}

void without_styles_there_are_the_models(void**) {
    Service service;
    service.has_styles = false;
    const std::unique_ptr<Session> session = session_at(service);
    const std::shared_ptr<const Catalog> catalog = fetched(*session);
    assert_int_equal(venice_models_count(catalog->models.get()), 1);
    assert_true(catalog->styles.empty());
}

void the_account_tells_what_is_left(void**) {
    const Service service;
    const std::unique_ptr<Session> session = session_at(service);
    const auto ask = [&] {
        std::optional<Account> answer;
        session->fetch_account([&](auto outcome) { answer = std::get<Account>(outcome); });
        loop_until([&] { return answer.has_value(); });
        return *answer;
    };
    Account found = ask();
    assert_true(found.balance_usd == 4.5 && found.balance_diem == 2.0 && found.may_generate);
    assert_text(found.tier, "paid");
    assert_int_equal(found.per_minute->least, 20);
    assert_int_equal(found.per_minute->most, 500);  // which of them make images is not known yet
    fetched(*session);
    found = ask();
    assert_int_equal(found.per_minute->most, 20);
}

std::string picture_file() {
    const test::Bytes bytes = test::make_png(test::pattern(300, 400, Channels::rgb));
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Settings fox() {
    Settings settings;
    settings.prompt = "a red fox";
    settings.model = "z-image-turbo";
    settings.seed = 42;
    return settings;
}

void an_image_is_decoded_while_it_arrives(void**) {
    const std::string file = picture_file();
    Service service(file);
    const std::unique_ptr<Session> session = session_at(service);
    const std::unique_ptr<Run> run = session->start(fox(), {});
    const RunImage& image = run->images()[0];
    loop_until([&] { return image.rows && image.rows->published_rows() > 50; });
    assert_true(image.state == ImageState::receiving);
    assert_in_range(image.arrived.get().size(), 1, file.size() - 1);
    assert_false(static_cast<bool>(image.file));
    const DecodedImage* const early = image.rows->picture();
    const std::uint8_t* const start = image.arrived.get().data();
    service.may_send_rest = true;
    loop_until([&] { return run->ended(); });
    assert_true(image.state == ImageState::done);
    assert_true(image.pixels.get() == early);     // not decoded again
    assert_true(image.file.get().data() == start);  // nor copied
    assert_int_equal(image.file.get().size(), file.size());
    const DecodedImage whole = decode_image(std::as_bytes(image.file.get()));
    assert_true(image.pixels->pixels == whole.pixels && image.pixels->width == 300 && image.pixels->height == 400);
}

// Its second half is missing, which the server did not notice.
void a_damaged_image_fails_with_what_is_wrong(void**) {
    const std::string file = picture_file();
    Service service(file.substr(0, file.size() / 2));
    service.may_send_rest = true;
    const std::unique_ptr<Session> session = session_at(service);
    const std::unique_ptr<Run> run = session->start(fox(), {});
    loop_until([&] { return run->ended(); });
    const RunImage& image = run->images()[0];
    assert_true(image.state == ImageState::failed);
    assert_true(image.failure.may_be_charged);
    assert_int_equal(image.file.get().size(), file.size() / 2);  // paid for, and kept
    assert_null(image.rows.get());
    const ImageRecord record = record_of(image, 0.01);
    assert_true(record.state == RecordState::failed && !record.open && record.may_be_charged);
    assert_text(record.message, image.failure.message.c_str());
}

void a_run_is_recorded_at_any_time(void**) {
    Service service(picture_file());
    const std::unique_ptr<Session> session = session_at(service);
    Settings two = fox();
    two.variants = 2;
    const std::unique_ptr<Run> run = session->start(two, {});
    RunRecord record = record_of(*run, "Z-Image Turbo", 0.01);
    assert_text(record.settings.prompt, "a red fox");
    assert_int_equal(record.images.size(), 2);
    assert_true(record.images[1].state == RecordState::waiting && record.images[1].seed == 43);
    service.may_send_rest = true;
    loop_until([&] { return run->images()[0].state == ImageState::done; });
    run->cancel();
    loop_until([&] { return run->ended(); });
    record = record_of(*run, "Z-Image Turbo", 0.01);
    assert_true(record.images[0].state == RecordState::done && record.images[0].open && record.images[0].price_usd == 0.01);
    assert_true(record.images[0].response_headers.at("content-type") == "image/png");
    assert_true(record.images[1].state == RecordState::cancelled || record.images[1].state == RecordState::done);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(models_and_styles_come_together),
        cmocka_unit_test(without_styles_there_are_the_models),
        cmocka_unit_test(the_account_tells_what_is_left),
        cmocka_unit_test(an_image_is_decoded_while_it_arrives),
        cmocka_unit_test(a_damaged_image_fails_with_what_is_wrong),
        cmocka_unit_test(a_run_is_recorded_at_any_time),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
