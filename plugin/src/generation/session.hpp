// SPDX-License-Identifier: MIT
// The plug-in's side of the service: one client, the catalogue, and runs of images. Uses GLib's main loop, but neither GTK nor GIMP.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "decoding/decoded_image.hpp"
#include "decoding/progressive_image.hpp"
#include "generation/file_bytes.hpp"
#include "generation/settings.hpp"
#include "generation/venice_handles.hpp"

namespace venice_gimp {

// Models and styles as the server lists them. Handles are immutable.
struct Catalog {
    ModelsHandle models;
    std::vector<std::string> styles;

    ModelHandle find_model(const std::string& id) const;  // empty id: the server's default; null if there is none
};

// An image of a run, from the moment that it is asked for.
enum class ImageState {
    queued,
    connecting,
    sending,
    waiting_to_retry,  // too many requests: sent (again) later, see seconds_until_retry()
    waiting,           // the server makes it
    receiving,
    decoding,  // into pixels, on a thread
    done,      // pixels are there
    blocked,   // a content violation: no image, nothing charged
    failed,
    cancelled,
};

constexpr bool is_final(ImageState state) {
    return state >= ImageState::done;
}

struct RunImage {
    ImageState state = ImageState::queued;
    std::int64_t seed = 0;
    std::int64_t received_bytes = 0;
    std::int64_t total_bytes = -1;
    std::int64_t retry_at_us = -1;  // g_get_monotonic_time() when it is sent (again), while waiting_to_retry
    bool blurred = false;
    std::string request_json;     // the body sent, with the seed
    std::string enhanced_prompt;  // if the server rewrote it
    std::string deprecation_warning;
    std::string deprecation_replacement;                  // id of the model to use instead
    std::map<std::string, std::string> response_headers;  // names in lower case
    std::shared_ptr<const ProgressiveImage> rows;           // those that can be shown, while it arrives and is being decoded; null before
    FileBytes arrived;                                      // the bytes so far, while it arrives
    FileBytes file;                                         // the bytes as they came: there before they are decoded, and if that fails
    std::shared_ptr<const DecodedImage> pixels;             // when done; those of `rows` if all of them came
    double balance_usd = -1;                     // before this image; -1: not told
    Failure failure;                             // when failed, blocked or cancelled
};

// At the moment, rounded up; 0 for an image that does not wait for that. Nothing calls back while it goes down: the caller has its own clock.
int seconds_until_retry(const RunImage& image);

// N images from one press of Generate. Destroying it cancels what still runs, without callbacks; a callback may destroy it.
class Run {
public:
    virtual ~Run() = default;
    virtual const Settings& settings() const = 0;  // with the model and the first seed filled in
    virtual const std::vector<RunImage>& images() const = 0;
    virtual double elapsed_seconds() const = 0;
    virtual bool ended() const = 0;
    virtual void send() = 0;  // of a run that was only prepared; once
    // All that has not ended; the callbacks come at once, from inside. Only an image that is being decoded still comes: it was received and
    // paid for, and follows within a second.
    virtual void cancel() = 0;
    virtual void cancel_image(std::size_t index) = 0;
};

struct RunCallbacks {
    std::function<void(Run&, std::size_t index)> image_changed;  // state or bytes
    std::function<void(Run&, std::size_t index)> rows_decoded;   // more of an image's `rows`, while it arrives or is being decoded
    std::function<void(Run&)> ended;                             // exactly once, after all others
};

// Some models allow fewer than others.
struct RequestRate {
    int least = 0;
    int most = 0;
};

// What the key's account has left, and what it may do.
struct Account {
    std::optional<double> balance_usd;  // not set: not told
    std::optional<double> balance_diem;
    bool may_generate = true;
    std::string tier;  // "paid", …; empty: not told
    std::optional<RequestRate> per_minute;  // of the models that make images, or of all while their list is not known
};

// All callbacks come on the thread that made the session, from its (thread-default) main context.
class Session {
public:
    virtual ~Session() = default;

    virtual void set_api_key(const std::string& key) = 0;  // empty: none
    virtual bool has_api_key() const = 0;

    // Fetches models and styles, both in the background. Calls back once, unless the session is gone by then. Without styles (their list
    // failed) the catalogue just has none.
    virtual void fetch_catalog(std::function<void(std::variant<std::shared_ptr<const Catalog>, Failure>)> done) = 0;

    // The lists as they were the last time, at once; null if there are none or no folder for them is set.
    virtual void keep_catalog_in(const std::string& folder) = 0;
    virtual std::shared_ptr<const Catalog> kept_catalog() = 0;

    // Asks for balance and limits, which costs nothing; UNAUTHORIZED means that the key is wrong. Calls back once, unless the session is gone.
    virtual void fetch_account(std::function<void(std::variant<Account, Failure>)> done) = 0;

    // Checks the settings (throws VeniceException, nothing sent) and starts. With an empty model, the server's default is looked up first.
    std::unique_ptr<Run> start(const Settings& settings, RunCallbacks callbacks);

    // The same without sending anything yet: the run has its seeds and requests, so that they can be noted before they cost money.
    virtual std::unique_ptr<Run> prepare(const Settings& settings, RunCallbacks callbacks) = 0;

    // Work that takes long, on a thread; then `done`, with what `work` threw. Both are destroyed on any thread: they hold values and weak
    // pointers only.
    virtual void in_background(std::function<void()> work, std::function<void(std::exception_ptr)> done) = 0;

    static std::unique_ptr<Session> create(const std::string& base_url /* empty: the library's default */, const std::string& user_agent);
};

}  // namespace venice_gimp
