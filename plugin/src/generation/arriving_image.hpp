// SPDX-License-Identifier: MIT
// An image of a job that is decoded while its bytes arrive.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>

#include "decoding/progressive_decoder.hpp"
#include "generation/file_bytes.hpp"
#include "generation/venice_handles.hpp"

namespace venice_gimp {

// Any thread may call; those that decode wait for each other.
class ArrivingImage {
public:
    explicit ArrivingImage(ImageStreamHandle stream) : stream_(std::move(stream)) {}

    // The bytes so far.
    FileBytes arrived() const { return {stream_, {venice_image_stream_data(stream_.get()), venice_image_stream_size(stream_.get())}}; }

    // The rows that are there, for whoever wants to show them early.
    std::shared_ptr<const ProgressiveImage> rows() const { return decoder_.image(); }

    // Whether decode_some() would find anything.
    bool has_more() const;

    // Some of what has arrived, so that other images get their turn.
    void decode_some();

    // The rest, of which all has arrived; `rows_decoded` is called from inside, whenever there are more. The picture, or null if it has to
    // be decoded from `data`, the file's bytes, as a whole.
    std::shared_ptr<const DecodedImage> finish(const void* data, const std::function<void()>& rows_decoded);

private:
    std::shared_ptr<venice_image_stream> stream_;
    std::mutex mutex_;  // of all below
    ProgressiveDecoder decoder_;
    std::atomic<std::size_t> fed_ = 0;
};

}  // namespace venice_gimp
