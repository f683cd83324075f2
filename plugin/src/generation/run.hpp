// SPDX-License-Identifier: MIT
// Inside of generation: a run of images on libvenice's jobs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "generation/connection.hpp"
#include "generation/session.hpp"

namespace venice_gimp {

// Lives on the main context's thread. Its callbacks may destroy it, so nothing touches `this` after one that returned false.
class JobRun : public Run {
public:
    // Throws VeniceException if the settings cannot work. Nothing is sent before send().
    JobRun(std::shared_ptr<Connection> connection, Settings settings, RunCallbacks callbacks);
    ~JobRun() override;

    const Settings& settings() const override { return settings_; }
    const std::vector<RunImage>& images() const override { return images_; }
    double elapsed_seconds() const override;
    bool ended() const override { return ended_; }
    void send() override;
    void cancel() override;
    void cancel_image(std::size_t index) override;

private:
    // What callbacks from elsewhere hold, weakly: once the run is gone, they find nothing.
    using Self = std::shared_ptr<JobRun*>;
    static JobRun* find(const std::weak_ptr<JobRun*>& self);

    void look_up_default_model();
    void on_models();
    [[nodiscard]] bool all_failed(const Failure& failure);

    std::vector<RequestHandle> build_requests() const;
    void take_requests(std::vector<RequestHandle> requests);
    void submit();
    void submit_image(std::size_t index, venice_request* request);
    void fail_later(std::size_t index, Failure failure);

    void on_job_event(std::size_t index, std::int32_t type);
    [[nodiscard]] bool update_progress(std::size_t index);
    [[nodiscard]] bool take_result(std::size_t index);
    void read_result(RunImage& image, const venice_result* result);
    void look_for_bytes(std::size_t index);
    bool open_stream(std::size_t index, const venice_job* job);
    void decode_rows(std::size_t index);
    void piece_decoded(std::size_t index);
    void rows_decoded(std::size_t index);
    [[nodiscard]] bool decode(std::size_t index, ImageHandle file);
    [[nodiscard]] bool on_decoded(std::size_t index, DecodeOutcome outcome);

    void cancel_look_up();
    [[nodiscard]] bool fail(std::size_t index, ImageState state, Failure failure);
    [[nodiscard]] bool set_state(std::size_t index, ImageState state);
    [[nodiscard]] bool changed(std::size_t index);
    [[nodiscard]] bool call_back(std::function<void(Run&, std::size_t index)> callback, std::size_t index);
    void end_if_all_final();
    void release_images() noexcept;

    std::shared_ptr<Connection> connection_;
    Settings settings_;
    RunCallbacks callbacks_;
    std::vector<RunImage> images_;
    std::vector<RequestHandle> requests_;  // one for each image, until they are sent
    std::vector<JobHandle> jobs_;          // one for each image, null before and after
    // What is decoded while it arrives, one for each image; null before its first byte.
    struct Arriving {
        std::shared_ptr<ArrivingImage> image;
        bool is_with_worker = false;
    };
    std::vector<Arriving> arriving_;
    JobHandle look_up_;                    // of the default model
    gint64 started_at_;                    // microseconds, monotonic
    gint64 ended_at_ = 0;
    bool ended_ = false;
    Self self_;
};

}  // namespace venice_gimp
