// SPDX-License-Identifier: MIT
// Sessions and runs against a port of this machine where nobody answers: starting, failing, cancelling, and letting go at any moment.
#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <utility>

#include "local_service.hpp"

using namespace venice_gimp;

namespace {

// The smallest picture: one black pixel.
constexpr unsigned char png[] = {0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0,    0,    0,    13,  'I',  'H',  'D',  'R',  0,
                                 0,    0,    1,    0,    0,    0,    1,    8,    0,    0,    0,    0,   0x3a, 0x7e, 0x9b, 0x55, 0,
                                 0,    0,    10,   'I',  'D',  'A',  'T',  0x78, 0x9c, 0x63, 0x60, 0,   0,    0,    2,    0,    1,
                                 0x48, 0xaf, 0xa4, 0x71, 0,    0,    0,    0,    'I',  'E',  'N',  'D', 0xae, 0x42, 0x60, 0x82};

// Answers every request with that picture, except for the first if it is told what to say to that.
class PictureServer : public Port {
public:
    explicit PictureServer(std::string first_answer = {}) : Port(true), first_answer_(std::move(first_answer)), thread_([this] { serve(); }) {}
    ~PictureServer() {
        shutdown(descriptor(), SHUT_RDWR);
        thread_.join();
    }

    int answers() const { return answers_; }

private:
    void serve() {
        while (true) {
            const int connection = accept(descriptor(), nullptr, nullptr);
            if (connection < 0) {
                return;
            }
            ++answers_;
            answer(connection);
            close(connection);
        }
    }

    void answer(int connection) {
        std::string request;
        char buffer[4096];
        while (request.find("\r\n\r\n") == std::string::npos || request.back() != '}') {
            const ssize_t count = recv(connection, buffer, sizeof buffer, 0);
            if (count <= 0) {
                return;
            }
            request.append(buffer, static_cast<std::size_t>(count));
        }
        std::string response =
            "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nx-venice-balance-usd: 1.5\r\nConnection: close\r\nContent-Length: ";
        response += std::to_string(sizeof png) + "\r\n\r\n";
        response.append(reinterpret_cast<const char*>(png), sizeof png);
        if (!first_answer_.empty()) {
            response = std::exchange(first_answer_, {});
        }
        send(connection, response.data(), response.size(), MSG_NOSIGNAL);
    }

    std::string first_answer_;
    std::atomic<int> answers_ = 0;
    std::thread thread_;  // last: it uses the others
};

Settings fox(std::int64_t variants = 1) {
    Settings settings;
    settings.prompt = "a red fox";
    settings.model = "z-image-turbo";
    settings.variants = variants;
    settings.seed = 42;
    return settings;
}

venice_status status_of_start(Session& session, const Settings& settings) {
    try {
        session.start(settings, {});
        return VENICE_OK;
    } catch (const VeniceException& exception) {
        return exception.failure().status;
    }
}

void keys_are_known_but_not_told(void**) {
    const Port port(false);
    const std::unique_ptr<Session> session = Session::create(port.url(), "venice-gimp-test/1");
    assert_false(session->has_api_key());
    session->set_api_key("abc");
    assert_true(session->has_api_key());
    session->set_api_key("");
    assert_false(session->has_api_key());
}

void mistakes_are_thrown_before_anything_is_sent(void**) {
    const Port port(false);
    const std::unique_ptr<Session> session = session_at(port);
    Settings settings = fox();
    settings.variants = 5;
    assert_int_equal(status_of_start(*session, settings), VENICE_ERROR_OUT_OF_RANGE);
    settings = fox();
    settings.prompt.clear();
    assert_int_equal(status_of_start(*session, settings), VENICE_ERROR_INVALID_REQUEST);
    settings.model.clear();  // also while the default model is not known
    assert_int_equal(status_of_start(*session, settings), VENICE_ERROR_INVALID_REQUEST);
    settings = fox();
    settings.width = 5000;
    settings.model.clear();
    assert_int_equal(status_of_start(*session, settings), VENICE_ERROR_OUT_OF_RANGE);
}

void seeds_and_bodies_are_known_at_once(void**) {
    const Port port(true);
    const std::unique_ptr<Session> session = session_at(port);
    const std::unique_ptr<Run> run = session->start(fox(3), {});
    assert_int_equal(run->images().size(), 3);
    assert_int_equal(run->images()[2].seed, 44);
    assert_text(run->images()[2].request_json,
                R"({"model":"z-image-turbo","prompt":"a red fox","seed":44,"format":"png","return_binary":true})");
    assert_true(run->images()[2].request_json.find("test-key") == std::string::npos);
}

void without_a_seed_one_is_chosen(void**) {
    const Port port(true);
    const std::unique_ptr<Session> session = session_at(port);
    Settings settings = fox();
    settings.seed.reset();
    const std::unique_ptr<Run> run = session->start(settings, {});
    assert_true(run->settings().seed.has_value());
    assert_int_equal(run->images()[0].seed, *run->settings().seed);
}

void a_refused_connection_fails_every_image(void**) {
    const Port port(false);
    const std::unique_ptr<Session> session = session_at(port);
    int ended = 0;
    RunCallbacks callbacks;
    callbacks.ended = [&](Run&) { ++ended; };
    const std::unique_ptr<Run> run = session->start(fox(2), callbacks);
    loop_until([&] { return ended > 0; });
    for (const RunImage& image : run->images()) {
        assert_true(image.state == ImageState::failed);
        assert_int_equal(image.failure.status, VENICE_ERROR_CONNECT);
        assert_false(image.failure.may_be_charged);
        assert_false(image.failure.message.empty());
    }
    assert_true(run->ended());
    loop_for(50);
    assert_int_equal(ended, 1);
}

void a_failed_look_up_of_the_default_model_fails_every_image(void**) {
    const Port port(false);
    const std::unique_ptr<Session> session = session_at(port);
    Settings settings = fox(2);
    settings.model.clear();
    bool ended = false;
    RunCallbacks callbacks;
    callbacks.ended = [&](Run&) { ended = true; };
    const std::unique_ptr<Run> run = session->start(settings, callbacks);
    loop_until([&] { return ended; });
    assert_true(run->images()[1].state == ImageState::failed);
    assert_int_equal(run->images()[1].failure.status, VENICE_ERROR_CONNECT);
}

void a_catalogue_that_cannot_be_fetched_is_a_failure(void**) {
    const Port port(false);
    const std::unique_ptr<Session> session = session_at(port);
    int called = 0;
    session->fetch_catalog([&](std::variant<std::shared_ptr<const Catalog>, Failure> outcome) {
        ++called;
        assert_true(std::holds_alternative<Failure>(outcome));
    });
    assert_int_equal(called, 0);
    loop_until([&] { return called > 0; });
    assert_int_equal(called, 1);
}

void cancelling_calls_back_at_once(void**) {
    const Port port(true);
    const std::unique_ptr<Session> session = session_at(port);
    int ended = 0;
    RunCallbacks callbacks;
    callbacks.ended = [&](Run&) { ++ended; };
    const std::unique_ptr<Run> run = session->start(fox(2), callbacks);
    loop_until([&] { return run->images()[0].state == ImageState::waiting; });
    run->cancel_image(0);
    assert_true(run->images()[0].state == ImageState::cancelled);
    assert_true(run->images()[0].failure.may_be_charged);
    assert_int_equal(ended, 0);
    run->cancel();
    assert_true(run->images()[1].state == ImageState::cancelled);
    assert_int_equal(ended, 1);
    run->cancel();
    loop_for(50);
    assert_int_equal(ended, 1);
}

void cancelling_during_the_look_up_sends_nothing(void**) {
    const Port port(true);
    const std::unique_ptr<Session> session = session_at(port);
    Settings settings = fox(2);
    settings.model.clear();
    bool ended = false;
    RunCallbacks callbacks;
    callbacks.ended = [&](Run&) { ended = true; };
    const std::unique_ptr<Run> run = session->start(settings, callbacks);
    loop_for(20);
    run->cancel();
    assert_true(ended);
    assert_true(run->images()[0].state == ImageState::cancelled);
    assert_false(run->images()[0].failure.may_be_charged);
}

// Only one of them is cancelled while the default model is looked up: the other waits on.
void one_image_may_be_cancelled_during_the_look_up(void**) {
    const Port port(false);
    const std::unique_ptr<Session> session = session_at(port);
    Settings settings = fox(2);
    settings.model.clear();
    const std::unique_ptr<Run> run = session->start(settings, {});
    run->cancel_image(0);
    assert_false(run->ended());
    loop_until([&] { return run->ended(); });
    assert_true(run->images()[0].state == ImageState::cancelled);
    assert_int_equal(run->images()[1].failure.status, VENICE_ERROR_CONNECT);
}

void what_was_cancelled_before_is_not_sent(void**) {
    const PictureServer server;
    const std::unique_ptr<Session> session = session_at(server);
    const std::unique_ptr<Run> none = session->prepare(fox(2), {});
    none->cancel();
    assert_true(none->ended());
    const double seconds = none->elapsed_seconds();
    none->send();

    const std::unique_ptr<Run> one = session->prepare(fox(2), {});
    one->cancel_image(0);
    one->send();
    loop_until([&] { return one->ended(); });
    assert_true(one->images()[0].state == ImageState::cancelled);
    assert_true(one->images()[1].state == ImageState::done);
    assert_true(none->images()[1].state == ImageState::cancelled);
    assert_false(none->images()[1].failure.may_be_charged);
    assert_true(none->elapsed_seconds() == seconds);  // the end stops the clock
    assert_true(one->elapsed_seconds() > 0);
    assert_int_equal(server.answers(), 1);
}

// The first test of all: of a thread that has ended, the next one could take over the stack.
void without_room_for_a_thread_the_images_fail_later(void**) {
    const Port port(true);
    const std::unique_ptr<Session> session = session_at(port);
    int ended = 0;
    RunCallbacks callbacks;
    callbacks.ended = [&](Run&) { ++ended; };
    std::unique_ptr<Run> run;
    {
        const ShortOfMemory memory(rlim_t{1} << 20);
        run = session->start(fox(2), callbacks);
        session->start(fox(), callbacks);  // and is gone before it hears of it
    }
    assert_int_equal(ended, 0);  // not from inside start(): its caller has no run yet
    loop_until([&] { return run->ended(); });
    loop_for(50);
    assert_int_equal(ended, 1);
    for (const RunImage& image : run->images()) {
        assert_true(image.state == ImageState::failed && !image.failure.may_be_charged);
        assert_false(image.failure.message.empty());
    }
}

int logged = 0;
void count_logged(const gchar*, GLogLevelFlags, const gchar*, gpointer) { ++logged; }

void what_a_callback_throws_ends_nothing_else(void**) {
    const PictureServer server;
    const std::unique_ptr<Session> session = session_at(server);
    logged = 0;
    const GLogFunc before = g_log_set_default_handler(count_logged, nullptr);
    RunCallbacks callbacks;
    callbacks.image_changed = [](Run&, std::size_t index) -> void {
        if (index == 0) {
            throw std::runtime_error("wrong");
        }
        throw index;
    };
    const std::unique_ptr<Run> run = session->start(fox(2), callbacks);
    loop_until([&] { return run->ended(); });
    g_log_set_default_handler(before, nullptr);
    assert_true(run->images()[0].state == ImageState::done && run->images()[1].state == ImageState::done);
    assert_true(logged >= 4);  // each is told
}

void a_run_may_be_destroyed_in_its_own_callbacks(void**) {
    const Port port(false);
    const std::unique_ptr<Session> session = session_at(port);
    std::unique_ptr<Run> run;
    RunCallbacks callbacks;
    callbacks.ended = [&](Run&) { run.reset(); };
    run = session->start(fox(4), callbacks);
    loop_until([&] { return run == nullptr; });

    callbacks = {};
    callbacks.image_changed = [&](Run&, std::size_t) { run.reset(); };
    run = session->start(fox(4), callbacks);
    loop_until([&] { return run == nullptr; });

    run = session->start(fox(4), callbacks);
    run->cancel();
    assert_null(run.get());
    loop_for(50);
}

void a_session_may_go_before_its_run_and_the_other_way_round(void**) {
    const Port port(true);
    std::unique_ptr<Session> session = session_at(port);
    int called = 0;
    RunCallbacks callbacks;
    callbacks.image_changed = [&](Run&, std::size_t) { ++called; };
    std::unique_ptr<Run> run = session->start(fox(2), callbacks);
    session->fetch_catalog([&](auto) { assert_true(false && "called for a session that is gone"); });
    session.reset();
    loop_until([&] { return run->images()[0].state == ImageState::waiting; });
    run.reset();
    const int before = called;
    loop_for(50);
    assert_int_equal(called, before);

    session = session_at(port);
    run = session->start(fox(2), callbacks);
    run.reset();
    session.reset();
    loop_for(50);
}

void everything_may_go_inside_a_callback(void**) {
    const Port port(false);
    std::unique_ptr<Session> session = session_at(port);
    std::unique_ptr<Run> run;
    RunCallbacks callbacks;
    callbacks.ended = [&](Run&) {
        session.reset();
        run.reset();
    };
    run = session->start(fox(), callbacks);
    loop_until([&] { return run == nullptr; });
}

std::string too_many_requests(const char* retry_after) {
    return std::string("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\nRetry-After: ") + retry_after + "\r\n\r\n";
}

void too_many_requests_are_waited_for(void**) {
    const PictureServer server(too_many_requests("2"));  // long enough to be seen also where the machine is busy
    const std::unique_ptr<Session> session = session_at(server);
    bool waited = false;
    RunCallbacks callbacks;
    callbacks.image_changed = [&](Run& run, std::size_t index) { waited = waited || run.images()[index].state == ImageState::waiting_to_retry; };
    const std::unique_ptr<Run> run = session->start(fox(), callbacks);
    loop_until([&] { return run->ended(); });
    assert_true(waited);
    assert_true(run->images()[0].state == ImageState::done);
    assert_int_equal(seconds_until_retry(run->images()[0]), 0);
}

void the_wait_tells_its_seconds_and_can_be_cancelled(void**) {
    const PictureServer server(too_many_requests("24"));
    const std::unique_ptr<Session> session = session_at(server);
    const std::unique_ptr<Run> run = session->start(fox(2), {});
    loop_until([&] {
        return std::all_of(run->images().begin(), run->images().end(),
                           [](const RunImage& image) { return image.state == ImageState::waiting_to_retry || image.state == ImageState::done; });
    });
    const auto waiting = std::find_if(run->images().begin(), run->images().end(), [](const RunImage& image) { return image.state == ImageState::waiting_to_retry; });
    assert_true(waiting != run->images().end());
    assert_in_range(seconds_until_retry(*waiting), 10, 25);
    const auto index = static_cast<std::size_t>(waiting - run->images().begin());
    run->cancel();
    assert_true(run->ended());
    assert_true(run->images()[index].state == ImageState::cancelled);
    assert_false(run->images()[index].failure.may_be_charged);
}

void images_come_with_their_pixels(void**) {
    const PictureServer server;
    const std::unique_ptr<Session> session = session_at(server);
    bool ended = false;
    std::vector<ImageState> states;
    RunCallbacks callbacks;
    callbacks.image_changed = [&](Run& run, std::size_t index) { states.push_back(run.images()[index].state); };
    callbacks.ended = [&](Run&) { ended = true; };
    const std::unique_ptr<Run> run = session->start(fox(4), callbacks);
    loop_until([&] { return ended; });
    for (const RunImage& image : run->images()) {
        assert_true(image.state == ImageState::done);
        assert_int_equal(image.pixels->width, 1);
        assert_int_equal(image.file.get().size(), sizeof png);
        assert_true(image.balance_usd > 1.4 && image.balance_usd < 1.6);
    }
    assert_int_equal(std::count(states.begin(), states.end(), ImageState::decoding), 4);
    assert_int_equal(std::count(states.begin(), states.end(), ImageState::done), 4);
}

void what_is_being_decoded_is_not_cancelled(void**) {
    const PictureServer server;
    const std::unique_ptr<Session> session = session_at(server);
    bool ended = false;
    RunCallbacks callbacks;
    callbacks.image_changed = [&](Run& run, std::size_t index) {
        if (run.images()[index].state == ImageState::decoding) {
            run.cancel();
        }
    };
    callbacks.ended = [&](Run&) { ended = true; };
    const std::unique_ptr<Run> run = session->start(fox(4), callbacks);
    loop_until([&] { return ended; });
    const auto& images = run->images();
    assert_true(std::any_of(images.begin(), images.end(), [](const RunImage& image) { return image.state == ImageState::done; }));
}

void all_may_go_while_a_thread_decodes(void**) {
    const PictureServer server;
    for (int repetition = 0; repetition < 50; ++repetition) {
        std::unique_ptr<Session> session = session_at(server);
        std::unique_ptr<Run> run;
        RunCallbacks callbacks;
        callbacks.image_changed = [&](Run& changed, std::size_t index) {
            if (changed.images()[index].state == ImageState::decoding) {
                if (repetition % 2 == 0) {
                    session.reset();
                }
                run.reset();
            }
        };
        run = session->start(fox(2), callbacks);
        loop_until([&] { return run == nullptr; });
    }
    loop_for(50);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(without_room_for_a_thread_the_images_fail_later),
        cmocka_unit_test(keys_are_known_but_not_told),
        cmocka_unit_test(mistakes_are_thrown_before_anything_is_sent),
        cmocka_unit_test(seeds_and_bodies_are_known_at_once),
        cmocka_unit_test(without_a_seed_one_is_chosen),
        cmocka_unit_test(a_refused_connection_fails_every_image),
        cmocka_unit_test(a_failed_look_up_of_the_default_model_fails_every_image),
        cmocka_unit_test(a_catalogue_that_cannot_be_fetched_is_a_failure),
        cmocka_unit_test(cancelling_calls_back_at_once),
        cmocka_unit_test(cancelling_during_the_look_up_sends_nothing),
        cmocka_unit_test(one_image_may_be_cancelled_during_the_look_up),
        cmocka_unit_test(what_was_cancelled_before_is_not_sent),
        cmocka_unit_test(what_a_callback_throws_ends_nothing_else),
        cmocka_unit_test(a_run_may_be_destroyed_in_its_own_callbacks),
        cmocka_unit_test(a_session_may_go_before_its_run_and_the_other_way_round),
        cmocka_unit_test(everything_may_go_inside_a_callback),
        cmocka_unit_test(images_come_with_their_pixels),
        cmocka_unit_test(too_many_requests_are_waited_for),
        cmocka_unit_test(the_wait_tells_its_seconds_and_can_be_cancelled),
        cmocka_unit_test(what_is_being_decoded_is_not_cancelled),
        cmocka_unit_test(all_may_go_while_a_thread_decodes),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
