// SPDX-License-Identifier: MIT
#include "procedures/kept_run.hpp"

#include <span>
#include <utility>
#include <vector>

#include "store/history_limits.hpp"
#include "store/record_run.hpp"
#include "store/store_failure.hpp"

namespace venice_gimp {

KeptRun::KeptRun(std::string folder) : files_(std::move(folder)) {}

void KeptRun::note(const Run& run) {
    image_count_ = run.images().size();
    try_to([&] { id_ = files_.add(record_of(run, run.settings().model, std::nullopt)); });
}

void KeptRun::image_changed(const Run& run, std::size_t index) {
    const RunImage& image = run.images()[index];
    const bool has_arrived = image.state == ImageState::decoding && image.file;
    const bool is_without = is_final(image.state) && !image.file;
    if (id_.empty() || (!has_arrived && !is_without)) {
        return;
    }
    const ImageRecord record = record_of(image, std::nullopt);
    const std::span<const std::uint8_t> bytes = has_arrived ? image.file.get() : std::span<const std::uint8_t>();
    try_to([&] { files_.put_image({id_, index}, record, bytes); });
}

void KeptRun::settle() {
    if (id_.empty()) {
        return;
    }
    std::vector<ImageReference> images;
    images.reserve(image_count_);
    for (std::size_t index = 0; index < image_count_; ++index) {
        images.push_back({id_, index});
    }
    try_to([&] {
        files_.settle(images);
        files_.prune(HistoryLimits{});
    });
}

void KeptRun::try_to(const std::function<void()>& work) {
    try {
        work();
    } catch (const StoreException& exception) {
        problem_ = exception.what();
    }
}

}  // namespace venice_gimp
