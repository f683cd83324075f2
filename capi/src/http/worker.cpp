// SPDX-License-Identifier: MIT
#include "http/worker.hpp"

#include <curl/curl.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <new>
#include <random>
#include <utility>

namespace venice {
namespace {

// Long: every change comes with a wake-up, and curl shortens it for its own time limits.
constexpr int quiet_poll_ms = 60'000;

double random_fraction() {
    static thread_local std::minstd_rand generator{std::random_device{}()};
    return std::uniform_real_distribution<double>(0, 1)(generator);
}

// Threads inherit the signal mask of the one that starts them: so that no signal handler of the program runs on ours.
class AllSignalsBlocked {
public:
    AllSignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    AllSignalsBlocked(const AllSignalsBlocked&) = delete;
    AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

void initialise_curl() {
    // Thread-safe since curl 7.84 (Debian 12 has 7.88), and never undone: others in the process may use curl too.
    // What throws here is tried again by the next client.
    [[maybe_unused]] static const bool initialised = [] {
        const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
        if (code == CURLE_OUT_OF_MEMORY) {
            throw std::bad_alloc();
        }
        if (code != CURLE_OK) {
            throw Error(VENICE_ERROR_INTERNAL, std::string("libcurl could not be initialised: ") + curl_easy_strerror(code) + ".");
        }
        return true;
    }();
}

}  // namespace

class CurlMulti {
public:
    CurlMulti() {
        initialise_curl();
        multi_ = curl_multi_init();
        if (multi_ == nullptr) {
            throw std::bad_alloc();
        }
    }
    ~CurlMulti() { curl_multi_cleanup(multi_); }
    CurlMulti(const CurlMulti&) = delete;
    CurlMulti& operator=(const CurlMulti&) = delete;

    CURLM* get() const { return multi_; }

private:
    CURLM* multi_ = nullptr;
};

Worker::Worker() : multi_(std::make_unique<CurlMulti>()), pacer_(&random_fraction) { unused_.reserve(most_unused); }

Worker::~Worker() { stop(); }

Worker::TimePoint Worker::Exchange::deadline() const {
    const std::int64_t total = settings().total_timeout_ms;
    return tries == 0 || total == 0 ? TimePoint::max() : first_started + std::chrono::milliseconds(total);
}

void Worker::submit(std::shared_ptr<HttpReceiver> receiver) {
    Exchanges one;
    one.push_back({std::move(receiver), nullptr});
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        first = submitted_.empty();
        submitted_.splice(submitted_.end(), one);
        if (!thread_.joinable()) {
            try {
                const AllSignalsBlocked blocked;
                thread_ = std::thread([this] { run(); });
            } catch (...) {
                submitted_.pop_back();
                throw;
            }
        }
    }
    if (first) {  // else the thread has been woken, and has not yet taken what there was
        wake();
    }
}

void Worker::set_max_in_flight(std::size_t count) noexcept {
    max_in_flight_ = count;
    wake();
}

void Worker::look_for_abandoned() noexcept {
    look_for_abandoned_ = true;
    wake();
}

void Worker::wake() noexcept { curl_multi_wakeup(multi_->get()); }

void Worker::stop() {
    stopping_ = true;
    wake();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Worker::run() {
    thread_id_ = std::this_thread::get_id();
    while (!stopping_) {
        take_submitted();
        start_waiting();
        // By itself curl keeps as many connections as the handles that it has just then, and closes others when many requests end together.
        curl_multi_setopt(multi_->get(), CURLMOPT_MAXCONNECTS, static_cast<long>(max_in_flight_.load()));
        int still_running = 0;
        curl_multi_perform(multi_->get(), &still_running);
        tell_ended();  // mostly of the turn before: first the requests that waited for their place are sent, then others get the processor
        slot_freed_ = false;
        finish_ended();
        if (look_for_abandoned_.exchange(false)) {
            drop_abandoned(false);
        }
        if (!slot_freed_ || waiting_.empty()) {
            tell_ended();
            curl_multi_poll(multi_->get(), nullptr, 0, poll_timeout_ms(), nullptr);
        }
    }
    take_submitted();
    drop_abandoned(true);
    tell_ended();
    thread_id_ = std::thread::id();
}

// Nothing is looked at without a reason: an idle client costs no processor time.
int Worker::poll_timeout_ms() const {
    const TimePoint now = Pacer::Clock::now();
    TimePoint until = now + std::chrono::milliseconds(quiet_poll_ms);
    if (next_due_) {
        until = std::min(until, *next_due_);
    }
    for (const Exchange& exchange : running_) {
        until = std::min({until, exchange.deadline(), exchange.transfer->idle_deadline()});
    }
    // Rounded up: else the last fraction of a millisecond would be spent in turns without a pause.
    return static_cast<int>(std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(until - now).count()));
}

void Worker::take_submitted() noexcept {
    const std::lock_guard lock(mutex_);
    waiting_.splice(waiting_.end(), submitted_);
}

void Worker::start_waiting() noexcept {
    next_due_.reset();
    const TimePoint now = Pacer::Clock::now();
    for (auto next = waiting_.begin(); next != waiting_.end();) {
        const auto exchange = next++;
        if (running_.size() >= max_in_flight_ && exchange->tries == 0) {
            break;  // those that were tried before stand in front, and only their time is running already
        }
        const bool abandoned = exchange->receiver->abandoned();
        const Turn turn = abandoned ? Turn::starts : turn_of(*exchange, now);
        if (turn == Turn::waits) {
            continue;
        }
        Exchanges one;
        one.splice(one.end(), waiting_, exchange);
        if (abandoned) {
            exchange->receiver->dropped();
        } else if (turn == Turn::comes_too_late) {
            fail_for_lack_of_time(*exchange, now);
        } else {
            start(one, now);
        }
        ended_.splice(ended_.end(), one);  // unless it runs now
    }
}

Worker::Turn Worker::turn_of(const Exchange& exchange, TimePoint now) noexcept {
    const TimePoint deadline = exchange.deadline();
    if (deadline <= now) {
        return Turn::comes_too_late;
    }
    if (running_.size() >= max_in_flight_) {
        next_due_ = std::min(next_due_.value_or(deadline), deadline);
        return Turn::waits;
    }
    const TimePoint until = may_start_at(exchange, now);
    if (until <= now) {
        return Turn::starts;
    }
    if (until >= deadline) {
        return Turn::comes_too_late;
    }
    exchange.receiver->held_back(until);
    next_due_ = std::min(next_due_.value_or(until), until);
    return Turn::waits;
}

// When its own wait is over, and the server's limits allow it.
Worker::TimePoint Worker::may_start_at(const Exchange& exchange, TimePoint now) noexcept {
    const HttpRequest& request = exchange.request();
    const HttpSettings& settings = exchange.settings();
    if (exchange.not_before > now || settings.max_retries == 0) {
        return std::max(now, exchange.not_before);
    }
    try {
        const auto hold = pacer_.hold(request.headers->api_key(), request.images, now);
        return hold && *hold - now <= std::chrono::milliseconds(settings.max_retry_wait_ms) ? *hold : now;
    } catch (...) {  // no memory to know better
        return now;
    }
}

// The server refused it before, so that it costs nothing; and its next try would begin after total_timeout_ms.
void Worker::fail_for_lack_of_time(const Exchange& exchange, TimePoint now) noexcept {
    try {
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(may_start_at(exchange, now) - now);
        ErrorInfo info;
        info.status = VENICE_ERROR_TIMEOUT;
        info.retry_after_ms = wait.count() > 0 ? wait.count() : -1;
        info.message = "The server was busy, and total_timeout_ms is over before the request can be sent again. Nothing was charged. "
                       "Wait, then try again, or raise that option.";
        throw Error(std::move(info));
    } catch (...) {
        fail_with_what_was_thrown(*exchange.receiver, false);
    }
}

void Worker::start(Exchanges& one, TimePoint now) noexcept {
    Exchange& exchange = one.front();
    try {
        exchange.transfer = take_transfer();
        exchange.transfer->begin(exchange.receiver);
        exchange.first_started = exchange.tries == 0 ? now : exchange.first_started;
        ++exchange.tries;
        exchange.receiver->phase_changed(HttpPhase::connecting);
        pacer_.started(exchange.request().headers->api_key(), exchange.request().images);
    } catch (...) {
        fail_with_what_was_thrown(*exchange.receiver, false);
        return;
    }
    if (curl_multi_add_handle(multi_->get(), exchange.transfer->easy()) != CURLM_OK) {
        tell_pacer(exchange, 0, {}, now);
        exchange.receiver->failed_without_details(VENICE_ERROR_OUT_OF_MEMORY, false);
        return;
    }
    running_.splice(running_.end(), one);
}

void Worker::conclude(Exchanges& one, int curl_code) noexcept {
    const TimePoint now = Pacer::Clock::now();
    slot_freed_ = true;
    Exchange& exchange = one.front();
    Transfer& transfer = *exchange.transfer;
    tell_pacer(exchange, transfer.http_status(), transfer.headers(), now);
    if (exchange.receiver->abandoned()) {
        exchange.receiver->dropped();
    } else if (!transfer.ended_by_itself() || !try_again(one, now)) {
        transfer.finish(static_cast<CURLcode>(curl_code));
    }
    keep(std::move(exchange.transfer));
    ended_.splice(ended_.end(), one);  // unless it is tried again
}

// All together: who waits for many that end in the same turn is not woken by each of them.
void Worker::tell_ended() noexcept {
    while (!ended_.empty()) {
        ended_.front().receiver->wake_waiting();
        ended_.pop_front();
    }
}

// The same try over a connection of its own, so that this happens once at most. False: it could not be begun.
bool Worker::connect_anew(Exchanges& one) noexcept {
    Exchange& exchange = one.front();
    try {
        auto transfer = take_transfer();
        transfer->begin(exchange.receiver, Transfer::Connection::is_new);
        exchange.receiver->phase_changed(HttpPhase::connecting);
        if (curl_multi_add_handle(multi_->get(), transfer->easy()) != CURLM_OK) {
            return false;
        }
        exchange.transfer.swap(transfer);
        keep(std::move(transfer));
        running_.splice(running_.end(), one);
        return true;
    } catch (...) {
        return false;
    }
}

std::unique_ptr<Transfer> Worker::take_transfer() {
    if (unused_.empty()) {
        return std::make_unique<Transfer>();
    }
    std::unique_ptr<Transfer> transfer = std::move(unused_.back());
    unused_.pop_back();
    return transfer;
}

// Null: nothing.
void Worker::keep(std::unique_ptr<Transfer> transfer) noexcept {
    if (transfer) {
        transfer->end();
    }
    if (transfer && unused_.size() < most_unused) {
        unused_.push_back(std::move(transfer));
    }
}

void Worker::tell_pacer(const Exchange& exchange, long http_status, const Headers& headers, TimePoint now) noexcept {
    try {
        pacer_.ended(exchange.request().headers->api_key(), http_status, headers, std::chrono::milliseconds(exchange.settings().max_retry_wait_ms), now);
    } catch (...) {  // NOLINT(bugprone-empty-catch): no memory to remember it
    }
}

// Only what the server said it has not done. A POST that was sent and came to anything else is never sent again: it may have been charged.
bool Worker::try_again(Exchanges& one, TimePoint now) noexcept {
    Exchange& exchange = one.front();
    const HttpSettings& settings = exchange.settings();
    std::optional<Pacer::Milliseconds> wait;
    try {
        if (exchange.receiver->may_be_asked_again()) {
            wait = pacer_.wait_before_retry(exchange.transfer->http_status(), exchange.transfer->headers(), exchange.tries,
                                            std::chrono::milliseconds(settings.max_retry_wait_ms));
        }
    } catch (...) {  // NOLINT(bugprone-empty-catch): no memory to read how long
    }
    if (!wait || now + *wait >= exchange.deadline() || exchange.tries > settings.max_retries) {
        return false;
    }
    keep(std::move(exchange.transfer));
    exchange.not_before = now + *wait;
    exchange.receiver->refused(exchange.not_before);
    waiting_.splice(waiting_.begin(), one);  // it was there before all that wait
    return true;
}

// By what curl says, or because of a time limit.
bool Worker::has_ended(const Exchange& exchange, TimePoint now) noexcept {
    Transfer& transfer = *exchange.transfer;
    transfer.note_activity(now);
    if (transfer.result()) {
        return true;
    }
    const bool is_idle = transfer.idle_deadline() <= now;
    if (!is_idle && now < exchange.deadline()) {
        return false;
    }
    transfer.set_time_limit(is_idle ? "nothing moved for idle_timeout_ms" : "total_timeout_ms is over");
    return true;
}

void Worker::finish_ended() noexcept {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_->get(), &left)) {
        if (message->msg == CURLMSG_DONE) {
            Transfer::of(message->easy_handle).set_result(message->data.result);
        }
    }
    const TimePoint now = Pacer::Clock::now();
    for (Exchanges ended = take_running([&](const Exchange& exchange) { return has_ended(exchange, now); }); !ended.empty();) {
        Exchanges one;
        one.splice(one.end(), ended, ended.begin());
        const CURLcode code = one.front().transfer->result().value_or(CURLE_OPERATION_TIMEDOUT);
        if (!one.front().transfer->found_connection_closed(code) || !connect_anew(one)) {
            conclude(one, code);
        }
    }
}

void Worker::drop_abandoned(bool all) noexcept {
    const auto is_abandoned = [&](const Exchange& exchange) { return all || exchange.receiver->abandoned(); };
    Exchanges dropped = take_running(is_abandoned);
    for (const Exchange& exchange : dropped) {
        slot_freed_ = true;
        tell_pacer(exchange, 0, {}, Pacer::Clock::now());
    }
    for (auto next = waiting_.begin(); next != waiting_.end();) {
        const auto exchange = next++;
        if (is_abandoned(*exchange)) {
            dropped.splice(dropped.end(), waiting_, exchange);
        }
    }
    for (const Exchange& exchange : dropped) {
        exchange.receiver->dropped();
    }
    ended_.splice(ended_.end(), dropped);
}

// Takes out of running_, and off curl, what is about to end.
template <typename Ends>
Worker::Exchanges Worker::take_running(Ends&& ends) noexcept {
    Exchanges taken;
    for (auto next = running_.begin(); next != running_.end();) {
        const auto exchange = next++;
        if (ends(*exchange)) {
            curl_multi_remove_handle(multi_->get(), exchange->transfer->easy());
            taken.splice(taken.end(), running_, exchange);
        }
    }
    return taken;
}

}  // namespace venice
