// SPDX-License-Identifier: MIT
// What a session makes of answers: the lists, the account, and an image while it arrives.
#include <algorithm>
#include <atomic>
#include <climits>
#include <functional>
#include <random>
#include <span>
#include <thread>
#include <utility>

#include "../decoding/image_makers.hpp"
#include "decoding/decode.hpp"
#include "../store/store_fixture.hpp"
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

std::string response(const std::string& type, const std::string& body, const std::string& headers = {}) {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n" + headers + "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

// Answers what the path asks for; of an image only the first part, until it may send the rest.
class Service : public Port {
public:
    explicit Service(const std::string& image = {}, const std::string& headers = {})
        : Port(true), image_(response("image/png", image, headers)), thread_([this] { serve(); }) {}
    ~Service() {
        may_send_rest = true;
        shutdown(descriptor(), SHUT_RDWR);
        thread_.join();
    }

    std::atomic<bool> may_send_rest = false;
    std::atomic<bool> has_sent_image = false;
    std::atomic<bool> has_styles = true;
    std::atomic<bool> names_a_default = true;
    std::atomic<int> times_asked_for_models = 0;

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
            ++times_asked_for_models;
            send_all(connection, response("application/json", names_a_default ? models : R"({"object":"list","type":"image","data":[]})"));
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
            has_sent_image = true;
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

void an_account_that_cannot_be_asked_for_is_a_failure(void**) {
    const Port port(false);
    const std::unique_ptr<Session> session = session_at(port);
    venice_status status = VENICE_OK;
    session->fetch_account([&](auto outcome) { status = std::get<Failure>(outcome).status; });
    loop_until([&] { return status != VENICE_OK; });
    assert_int_equal(status, VENICE_ERROR_CONNECT);
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

// 12 MB, for noise cannot be made smaller.
std::string large_picture_file() {
    DecodedImage noise = test::pattern(2000, 2000, Channels::rgb);
    std::minstd_rand random(1);
    std::generate(noise.pixels.begin(), noise.pixels.end(), [&] { return static_cast<std::byte>(random() >> 8); });
    const test::Bytes bytes = test::make_png(noise);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// While the main loop does nothing: when it goes on, all is there.
void wait_for_all_bytes(const Service& service) {
    while (!service.has_sent_image) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
}

std::vector<int> rows_told_while_decoding() {
    Service service(large_picture_file());
    service.may_send_rest = true;
    const std::unique_ptr<Session> session = session_at(service);
    std::vector<int> rows;
    RunCallbacks callbacks;
    callbacks.rows_decoded = [&](Run& run, std::size_t index) {
        if (run.images()[index].state == ImageState::decoding) {
            rows.push_back(run.images()[index].rows->published_rows());
        }
    };
    const std::unique_ptr<Run> run = session->start(fox(), callbacks);
    wait_for_all_bytes(service);
    loop_until([&] { return run->ended(); });
    assert_true(run->images()[0].state == ImageState::done);
    return rows;
}

void what_came_at_once_is_told_row_by_row_all_the_same(void**) {
    int first = INT_MAX;
    for (int tries = 0; first > 1000; ++tries) {
        assert_true(tries < 20);  // on a busy machine all may be decoded before this thread has its turn
        const std::vector<int> rows = rows_told_while_decoding();
        assert_in_range(rows.size(), 5, 13);
        assert_true(std::is_sorted(rows.begin(), rows.end()));
        first = rows.front();
    }
    assert_true(first > 0);
}

void a_run_may_go_when_there_are_more_rows(void**) {
    Service service(large_picture_file());
    service.may_send_rest = true;
    const std::unique_ptr<Session> session = session_at(service);
    std::unique_ptr<Run> run;
    RunCallbacks callbacks;
    callbacks.rows_decoded = [&](Run&, std::size_t) { run.reset(); };
    run = session->start(fox(), callbacks);
    wait_for_all_bytes(service);
    loop_until([&] { return run == nullptr; });
    loop_for(50);  // what is still decoded finds nobody
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
    run->cancel_image(1);
    service.may_send_rest = true;
    loop_until([&] { return run->ended(); });
    record = record_of(*run, "Z-Image Turbo", 0.01);
    assert_true(record.images[0].state == RecordState::done && record.images[0].open && record.images[0].price_usd == 0.01);
    assert_true(record.images[0].response_headers.at("content-type") == "image/png");
    assert_true(record.images[1].state == RecordState::cancelled && !record.images[1].open);
}

// Of a run whose model is left to the service.
Settings any_model() {
    Settings settings = fox();
    settings.model.clear();
    return settings;
}

std::unique_ptr<Run> ended_run(Session& session, const Settings& settings) {
    std::unique_ptr<Run> run = session.start(settings, {});
    loop_until([&] { return run->ended(); });
    return run;
}

void the_services_default_model_is_looked_up_once(void**) {
    Service service(picture_file());
    service.may_send_rest = true;
    const std::unique_ptr<Session> session = session_at(service);
    for (int i = 0; i < 2; ++i) {
        const std::unique_ptr<Run> run = ended_run(*session, any_model());
        assert_true(run->images()[0].state == ImageState::done);
        assert_text(run->settings().model, "z-image-turbo");
        assert_true(run->images()[0].request_json.find(R"("model":"z-image-turbo")") != std::string::npos);
        assert_int_equal(service.times_asked_for_models, 1);
    }
}

void without_a_default_model_one_has_to_be_chosen(void**) {
    Service service(picture_file());
    service.names_a_default = false;
    const std::unique_ptr<Session> session = session_at(service);
    Settings two = any_model();
    two.variants = 2;
    const std::unique_ptr<Run> run = ended_run(*session, two);
    for (const RunImage& image : run->images()) {
        assert_true(image.state == ImageState::failed && !image.failure.may_be_charged);
        assert_int_equal(image.failure.status, VENICE_ERROR_NOT_FOUND);
        assert_text(image.failure.message, "The server names no default model. Choose a model.");
    }
}

// With the first image that fails: there is no second one to tell of.
void a_run_may_go_when_its_default_model_is_not_there(void**) {
    Service service;
    service.names_a_default = false;
    const std::unique_ptr<Session> session = session_at(service);
    std::unique_ptr<Run> run;
    Settings two = any_model();
    two.variants = 2;
    RunCallbacks callbacks;
    callbacks.image_changed = [&](Run&, std::size_t) { run.reset(); };
    run = session->start(two, callbacks);
    loop_until([&] { return run == nullptr; });
    run = session->start(two, {});
    run.reset();  // while it is being looked up
    loop_for(50);
}

void the_lists_are_kept_for_the_next_time(void**) {
    const TemporaryFolder folder;
    const Service service;
    const std::unique_ptr<Session> session = session_at(service);
    assert_null(session->kept_catalog().get());
    session->keep_catalog_in(folder.path());
    assert_null(session->kept_catalog().get());
    fetched(*session);
    assert_int_equal(venice_models_count(session->kept_catalog()->models.get()), 1);
    assert_true((session->kept_catalog()->styles == std::vector<std::string>{"Anime", "Cinematic"}));
}

void an_image_that_breaks_the_rules_is_none(void**) {
    Service service(picture_file(), "x-venice-is-content-violation: true\r\n");
    service.may_send_rest = true;
    const std::unique_ptr<Session> session = session_at(service);
    const std::unique_ptr<Run> run = ended_run(*session, fox());
    const RunImage& image = run->images()[0];
    assert_true(image.state == ImageState::blocked && !image.failure.may_be_charged);
    assert_int_equal(image.failure.status, VENICE_ERROR_CONTENT_REFUSED);
    assert_null(image.pixels.get());
    assert_false(static_cast<bool>(image.file));
    const ImageRecord record = record_of(image, 0.01);
    assert_true(record.state == RecordState::blocked && !record.open);
}

void what_the_answer_says_about_its_image_is_told(void**) {
    Service service(picture_file(),
                    "x-venice-is-blurred: true\r\nx-venice-enhanced-prompt: A%20red%0Afox\r\nx-venice-model-deprecation-warning: It goes in May.\r\n"
                    "x-venice-deprecated-replacement: z-image-2\r\nX-Other: \x1b[31mred\r\n");
    service.may_send_rest = true;
    const std::unique_ptr<Session> session = session_at(service);
    const std::unique_ptr<Run> run = ended_run(*session, fox());
    const RunImage& image = run->images()[0];
    assert_true(image.state == ImageState::done && image.blurred);
    assert_text(image.enhanced_prompt, "A red\nfox");
    assert_text(image.deprecation_warning, "It goes in May.");
    assert_text(image.deprecation_replacement, "z-image-2");
    assert_text(image.response_headers.at("x-other"), " [31mred");  // fit to be shown
    assert_true(record_of(image, 0.01).state == RecordState::blurred);
}

// Whole, but for what its 256 MiB of pixels are to be.
std::string huge_picture_file() {
    using test::operator+;
    constexpr std::uint32_t side = 8192;
    const test::Bytes size = test::big_endian_32(side) + test::big_endian_32(side);
    const test::Bytes bytes = test::bytes_of({0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}) + test::png_chunk("IHDR", size + test::bytes_of({8, 6, 0, 0, 0})) +
                              test::png_chunk("IDAT", test::bytes_of({0x78, 0x9c})) + test::png_chunk("IEND", {});
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void an_image_without_memory_for_its_pixels_is_kept(void**) {
    const std::string file = huge_picture_file();
    Service service(file);
    service.may_send_rest = true;
    const std::unique_ptr<Session> session = session_at(service);
    ended_run(*session, fox());  // threads and what else is made once
    std::unique_ptr<Run> run;
    {
        const ShortOfMemory memory(rlim_t{100} << 20);
        run = ended_run(*session, fox());
    }
    const RunImage& image = run->images()[0];
    assert_true(image.state == ImageState::failed && image.failure.may_be_charged);
    assert_int_equal(image.failure.status, VENICE_ERROR_OUT_OF_MEMORY);
    assert_true(image.failure.message.find("not enough memory") != std::string::npos);
    assert_int_equal(image.file.get().size(), file.size());  // to be saved
}

void work_in_the_background_tells_how_it_ended(void**) {
    const Port port(false);
    std::unique_ptr<Session> session = session_at(port);
    const std::thread::id here = std::this_thread::get_id();
    std::thread::id there;
    std::string told;
    const auto tell = [&](const std::exception_ptr& thrown) {
        assert_true(std::this_thread::get_id() == here);
        try {
            if (thrown) {
                std::rethrow_exception(thrown);
            }
            told = "done";
        } catch (const std::exception& exception) {
            told = exception.what();
        }
    };
    session->in_background([&] { there = std::this_thread::get_id(); }, tell);
    loop_until([&] { return !told.empty(); });
    assert_text(told, "done");
    assert_true(there != here);
    session->in_background([] { throw std::runtime_error("no room"); }, tell);
    loop_until([&] { return told != "done"; });
    assert_text(told, "no room");
    session->in_background([] {}, [&](const std::exception_ptr&) { told = "called for a session that is gone"; });
    session.reset();
    loop_for(50);
    assert_text(told, "no room");
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(models_and_styles_come_together),
        cmocka_unit_test(without_styles_there_are_the_models),
        cmocka_unit_test(the_account_tells_what_is_left),
        cmocka_unit_test(an_account_that_cannot_be_asked_for_is_a_failure),
        cmocka_unit_test(an_image_is_decoded_while_it_arrives),
        cmocka_unit_test(what_came_at_once_is_told_row_by_row_all_the_same),
        cmocka_unit_test(a_run_may_go_when_there_are_more_rows),
        cmocka_unit_test(a_damaged_image_fails_with_what_is_wrong),
        cmocka_unit_test(a_run_is_recorded_at_any_time),
        cmocka_unit_test(the_services_default_model_is_looked_up_once),
        cmocka_unit_test(without_a_default_model_one_has_to_be_chosen),
        cmocka_unit_test(a_run_may_go_when_its_default_model_is_not_there),
        cmocka_unit_test(the_lists_are_kept_for_the_next_time),
        cmocka_unit_test(an_image_that_breaks_the_rules_is_none),
        cmocka_unit_test(what_the_answer_says_about_its_image_is_told),
        cmocka_unit_test(an_image_without_memory_for_its_pixels_is_kept),
        cmocka_unit_test(work_in_the_background_tells_how_it_ended),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
