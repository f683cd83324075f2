// SPDX-License-Identifier: MIT
#include "generation/run.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include "generation/build_request.hpp"
#include "generation/seeds.hpp"

namespace venice_gimp {
namespace {

Failure simple_failure(venice_status status, const char* message) {
    Failure failure;
    failure.status = status;
    failure.message = message;
    return failure;
}

Failure failure_of(const std::exception& exception) {
    if (const auto* from_library = dynamic_cast<const VeniceException*>(&exception)) {
        return from_library->failure();
    }
    return simple_failure(VENICE_ERROR_INTERNAL, exception.what());
}

ImageState state_of_phase(std::int32_t phase) {
    switch (phase) {
        case VENICE_PHASE_CONNECTING:
            return ImageState::connecting;
        case VENICE_PHASE_SENDING:
            return ImageState::sending;
        case VENICE_PHASE_WAITING_TO_RETRY:
            return ImageState::waiting_to_retry;
        case VENICE_PHASE_WAITING:
            return ImageState::waiting;
        default:
            return ImageState::receiving;  // the library's own last steps belong to it; and of a job that is queued no event tells
    }
}

struct FreeDeleter {
    void operator()(char* text) const noexcept { g_free(text); }
};
using GCharHandle = std::unique_ptr<char, FreeDeleter>;

// Far more than any answer has; they are kept in the history.
constexpr std::size_t most_headers = 200;

std::string text_or_empty(const char* text) {
    return text != nullptr ? text : "";
}

}  // namespace

int seconds_until_retry(const RunImage& image) {
    const gint64 left_us = image.state == ImageState::waiting_to_retry ? image.retry_at_us - g_get_monotonic_time() : 0;
    return static_cast<int>(std::max<gint64>(0, left_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}

JobRun::JobRun(std::shared_ptr<Connection> connection, Settings settings, RunCallbacks callbacks)
    : connection_(std::move(connection)),
      settings_(std::move(settings)),
      callbacks_(std::move(callbacks)),
      started_at_(g_get_monotonic_time()),
      self_(std::make_shared<JobRun*>(this)) {
    check_variants(settings_.variants);
    if (!settings_.seed) {
        settings_.seed = random_seed();
    }
    images_.resize(static_cast<std::size_t>(settings_.variants));
    jobs_.resize(images_.size());
    arriving_.resize(images_.size());
    for (std::size_t index = 0; index < images_.size(); ++index) {
        images_[index].seed = seed_at(*settings_.seed, index);
    }
    if (settings_.model.empty() && connection_->catalog) {
        if (const ModelHandle model = connection_->catalog->find_model({})) {
            settings_.model = venice_model_id(model.get());
        }
    }
    take_requests(build_requests());
}

JobRun::~JobRun() {
    callbacks_ = {};
    self_.reset();
    if (look_up_) {
        connection_->unwatch(look_up_.get());
        venice_job_cancel(look_up_.get(), nullptr);
    }
    for (const JobHandle& job : jobs_) {
        if (job) {
            connection_->unwatch(job.get());
            venice_job_cancel(job.get(), nullptr);
        }
    }
    release_images();
}

// Elsewhere: to give back the memory of four images of 4096 × 4096 takes the system 25 ms.
void JobRun::release_images() noexcept {
    try {
        connection_->decoders().run([images = std::move(images_), arriving = std::move(arriving_)] {}, [](const std::exception_ptr&) {});
    } catch (const std::exception& exception) {  // then they have gone here
        g_info("venice-gimp: %s", exception.what());
    }
}

// Without holding on to it, so that a run that is destroyed meanwhile is seen to be gone.
JobRun* JobRun::find(const std::weak_ptr<JobRun*>& self) {
    const Self found = self.lock();
    return found ? *found : nullptr;
}

double JobRun::elapsed_seconds() const {
    const gint64 until = ended_ ? ended_at_ : g_get_monotonic_time();
    return static_cast<double>(until - started_at_) / G_USEC_PER_SEC;
}

void JobRun::send() {
    if (ended_) {
        return;  // cancelled before
    }
    if (settings_.model.empty()) {
        look_up_default_model();
    } else {
        submit();
    }
}

void JobRun::cancel() {
    const std::weak_ptr<JobRun*> alive = self_;
    cancel_look_up();
    for (std::size_t index = 0; !alive.expired() && index < images_.size(); ++index) {
        cancel_image(index);
    }
}

void JobRun::cancel_image(std::size_t index) {
    RunImage& image = images_.at(index);
    if (is_final(image.state) || image.state == ImageState::decoding) {
        return;  // what is being decoded was received and paid for
    }
    bool alive = true;
    if (const JobHandle& job = jobs_[index]) {
        venice_job_cancel(job.get(), nullptr);
        connection_->unwatch(job.get());
        alive = take_result(index);  // "cancelled", unless it had ended before
    } else {
        alive = fail(index, ImageState::cancelled, simple_failure(VENICE_ERROR_CANCELLED, "Cancelled before anything was sent."));
    }
    if (alive) {
        end_if_all_final();
    }
}

void JobRun::cancel_look_up() {
    if (look_up_) {
        connection_->unwatch(look_up_.get());
        venice_job_cancel(look_up_.get(), nullptr);
        look_up_.reset();
    }
}

void JobRun::look_up_default_model() {
    look_up_ = make<JobHandle>(venice_submit_models, connection_->client());
    connection_->watch(look_up_.get(), [weak = std::weak_ptr(self_)](std::int32_t type) {
        JobRun* const run = find(weak);
        if (run != nullptr && type == VENICE_EVENT_ENDED) {
            run->on_models();
        }
    });
}

void JobRun::on_models() {
    const JobHandle job = std::move(look_up_);
    try {
        auto catalog = std::make_shared<Catalog>();
        catalog->models = make<ModelsHandle>(venice_job_models, job.get());
        if (!connection_->catalog) {
            connection_->catalog = catalog;
        }
        const ModelHandle model = catalog->find_model({});
        if (!model) {
            throw VeniceException(simple_failure(VENICE_ERROR_NOT_FOUND, "The server names no default model. Choose a model."));
        }
        settings_.model = venice_model_id(model.get());
        take_requests(build_requests());
        submit();
    } catch (const std::exception& exception) {
        if (all_failed(failure_of(exception))) {
            end_if_all_final();
        }
    }
}

bool JobRun::all_failed(const Failure& failure) {
    for (std::size_t index = 0; index < images_.size(); ++index) {
        if (!is_final(images_[index].state) && !fail(index, ImageState::failed, failure)) {
            return false;
        }
    }
    return true;
}

std::vector<RequestHandle> JobRun::build_requests() const {
    // Before the default model is known, a stand-in lets everything else be checked, so that a mistake costs no round trip.
    const std::string model = settings_.model.empty() ? "default" : settings_.model;
    ModelHandle entry;
    if (connection_->catalog && !settings_.model.empty()) {
        entry = connection_->catalog->find_model(settings_.model);
    }
    std::vector<RequestHandle> requests;
    for (const RunImage& image : images_) {
        requests.push_back(build_request(settings_, model, image.seed));
        check_request(requests.back().get(), entry.get());
    }
    return requests;
}

void JobRun::take_requests(std::vector<RequestHandle> requests) {
    for (std::size_t index = 0; index < requests.size(); ++index) {
        images_[index].request_json = request_body(requests[index].get());
    }
    requests_ = std::move(requests);
}

void JobRun::submit() {
    const std::vector<RequestHandle> requests = std::move(requests_);
    for (std::size_t index = 0; index < requests.size(); ++index) {
        if (is_final(images_[index].state)) {
            continue;  // cancelled before
        }
        try {
            submit_image(index, requests[index].get());
        } catch (const std::exception& exception) {
            fail_later(index, failure_of(exception));  // the others are under way and stay so
        }
    }
}

// From the main loop, for the caller of start() does not have the run yet.
void JobRun::fail_later(std::size_t index, Failure failure) {
    const MainContextHandle context = this_thread_context();
    post(context.get(), [weak = std::weak_ptr(self_), index, failure = std::move(failure)] {
        JobRun* const run = find(weak);
        if (run != nullptr && !is_final(run->images_[index].state) && run->fail(index, ImageState::failed, failure)) {
            run->end_if_all_final();
        }
    });
}

void JobRun::submit_image(std::size_t index, venice_request* request) {
    jobs_[index] = make<JobHandle>(venice_submit_generate, connection_->client(), request);
    connection_->watch(jobs_[index].get(), [weak = std::weak_ptr(self_), index](std::int32_t type) {
        if (JobRun* const run = find(weak)) {
            run->on_job_event(index, type);
        }
    });
}

void JobRun::on_job_event(std::size_t index, std::int32_t type) {
    if (type != VENICE_EVENT_ENDED) {
        static_cast<void>(update_progress(index));
    } else if (take_result(index)) {
        end_if_all_final();
    }
}

bool JobRun::update_progress(std::size_t index) {
    const venice_job* job = jobs_[index].get();
    RunImage& image = images_[index];
    image.received_bytes = venice_job_received_bytes(job);
    image.total_bytes = venice_job_total_bytes(job);
    const std::int64_t retry_in_ms = venice_job_retry_in_ms(job);
    image.retry_at_us = retry_in_ms >= 0 ? g_get_monotonic_time() + retry_in_ms * 1000 : -1;
    look_for_bytes(index);
    return set_state(index, state_of_phase(venice_job_phase(job)));
}

void JobRun::look_for_bytes(std::size_t index) {
    if (open_stream(index, jobs_[index].get())) {
        images_[index].arrived = arriving_[index].image->arrived();
        decode_rows(index);
    }
}

// False: nothing of the image has come yet.
bool JobRun::open_stream(std::size_t index, const venice_job* job) {
    Arriving& arriving = arriving_[index];
    if (!arriving.image) {
        venice_image_stream* stream = nullptr;
        if (venice_job_image_stream(job, 0, &stream, nullptr) != VENICE_OK) {
            return false;
        }
        arriving.image = std::make_shared<ArrivingImage>(ImageStreamHandle(stream));
        images_[index].rows = arriving.image->rows();
    }
    return true;
}

// One piece after the other, each as a task of its own: other images get their turn.
void JobRun::decode_rows(std::size_t index) {
    Arriving& arriving = arriving_[index];
    if (!arriving.image || arriving.is_with_worker || !arriving.image->has_more()) {
        return;
    }
    arriving.is_with_worker = true;
    connection_->decoders().run([image = arriving.image] { image->decode_some(); },
                                [weak = std::weak_ptr(self_), index](const std::exception_ptr&) {
                                    if (JobRun* const run = find(weak)) {
                                        run->piece_decoded(index);
                                    }
                                });
}

void JobRun::piece_decoded(std::size_t index) {
    arriving_[index].is_with_worker = false;
    decode_rows(index);
    rows_decoded(index);
}

void JobRun::rows_decoded(std::size_t index) {
    if (!is_final(images_[index].state)) {
        static_cast<void>(call_back(callbacks_.rows_decoded, index));
    }
}

bool JobRun::take_result(std::size_t index) {
    const JobHandle job = std::move(jobs_[index]);
    RunImage& image = images_[index];
    image.received_bytes = venice_job_received_bytes(job.get());
    image.total_bytes = venice_job_total_bytes(job.get());
    try {
        const ResultHandle result = make<ResultHandle>(venice_job_result, job.get());
        read_result(image, result.get());
        if (venice_result_is_content_violation(result.get()) != 0) {
            return fail(index, ImageState::blocked,
                        simple_failure(VENICE_ERROR_CONTENT_REFUSED,
                                       "Venice refused this image because of its content rules. Nothing was charged."));
        }
        open_stream(index, job.get());
        return decode(index, make<ImageHandle>(venice_result_image, result.get(), std::size_t{0}));
    } catch (const std::exception& exception) {
        const bool cancelled = venice_job_state(job.get()) == VENICE_JOB_CANCELLED;
        return fail(index, cancelled ? ImageState::cancelled : ImageState::failed, failure_of(exception));
    }
}

void JobRun::read_result(RunImage& image, const venice_result* result) {
    image.blurred = venice_result_is_blurred(result) != 0;
    image.enhanced_prompt = shown_text(text_or_empty(venice_result_enhanced_prompt(result)), longest_shown_text);
    image.deprecation_warning = shown_line(text_or_empty(venice_result_deprecation_warning(result)), longest_shown_sentence);
    image.deprecation_replacement = text_or_empty(venice_result_deprecation_replacement(result));
    image.balance_usd = venice_result_balance_usd(result);
    for (std::size_t index = 0; index < std::min(venice_result_header_count(result), most_headers); ++index) {
        const GCharHandle name(g_ascii_strdown(venice_result_header_name_at(result, index), -1));
        image.response_headers[shown_line(name.get(), longest_shown_name)] =
            shown_line(text_or_empty(venice_result_header_value_at(result, index)), longest_shown_sentence);
    }
}

bool JobRun::decode(std::size_t index, ImageHandle file) {
    const std::shared_ptr<venice_image> owner = std::move(file);
    images_[index].arrived.reset();
    images_[index].file = FileBytes(owner, {venice_image_data(owner.get()), venice_image_size(owner.get())});
    const std::weak_ptr<JobRun*> weak = self_;
    const auto rows = [weak, index] {
        if (JobRun* const run = find(weak)) {
            run->rows_decoded(index);
        }
    };
    connection_->decoders().decode(images_[index].file, std::move(arriving_[index].image), rows, [weak, index](DecodeOutcome outcome) {
        JobRun* const run = find(weak);
        if (run != nullptr && run->on_decoded(index, std::move(outcome))) {
            run->end_if_all_final();
        }
    });
    return set_state(index, ImageState::decoding);
}

bool JobRun::on_decoded(std::size_t index, DecodeOutcome outcome) {
    RunImage& image = images_[index];
    image.pixels = std::move(outcome.pixels);
    if (image.rows && image.rows->picture() != image.pixels.get()) {
        image.rows.reset();  // they were only a part, or not the picture
    }
    if (!image.pixels) {
        return fail(index, ImageState::failed, std::move(outcome.failure));
    }
    return set_state(index, ImageState::done);
}

bool JobRun::fail(std::size_t index, ImageState state, Failure failure) {
    images_[index].failure = std::move(failure);
    images_[index].rows.reset();
    images_[index].arrived.reset();
    return set_state(index, state);
}

bool JobRun::set_state(std::size_t index, ImageState state) {
    images_[index].state = state;
    return changed(index);
}

bool JobRun::changed(std::size_t index) {
    return call_back(callbacks_.image_changed, index);
}

// A copy of the callback, which may destroy the run, and itself with it: then this is false.
bool JobRun::call_back(std::function<void(Run&, std::size_t index)> callback, std::size_t index) {
    const std::weak_ptr<JobRun*> alive = self_;
    if (callback) {
        guarded([&] { callback(*this, index); });
    }
    return !alive.expired();
}

void JobRun::end_if_all_final() {
    const bool all_final = std::all_of(images_.begin(), images_.end(), [](const RunImage& image) { return is_final(image.state); });
    if (!all_final || ended_) {
        return;
    }
    ended_ = true;
    ended_at_ = g_get_monotonic_time();
    const auto callback = callbacks_.ended;
    if (callback) {
        guarded([&] { callback(*this); });
    }
}

}  // namespace venice_gimp
