// SPDX-License-Identifier: MIT
// Inside of the decoding part: what reading a whole WebP and reading it as it arrives have in common.
#pragma once

#include "decoding/decode.hpp"
#include "decoding/exif_orientation.hpp"

#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>
#include <vector>

namespace venice_gimp {

[[noreturn]] void fail_with(VP8StatusCode status);

/// Of a file or of a frame.
WebPBitstreamFeatures features_of(const WebPData& data);

struct DeleteDemuxer {
    void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
using Demuxer = std::unique_ptr<WebPDemuxer, DeleteDemuxer>;

/// The first frame; a still picture has just this one.
class FirstFrame {
public:
    explicit FirstFrame(const WebPDemuxer* demuxer) : is_there_(WebPDemuxGetFrame(demuxer, 1, &frame_) != 0) {}
    FirstFrame(const FirstFrame&) = delete;
    FirstFrame& operator=(const FirstFrame&) = delete;
    ~FirstFrame() { WebPDemuxReleaseIterator(&frame_); }

    bool is_there() const { return is_there_; } ///< at least its beginning
    const WebPIterator& get() const { return frame_; }

private:
    WebPIterator frame_ = {};
    bool is_there_;
};

/// Opens the container only if all of it is there and its sizes are within the limits.
Demuxer open_container(const WebPData& file, const DecodeLimits& limits);

/// A blank image for the frame, of the size and with the profile that the container states. A frame of an animation
/// may cover a part of the canvas only; the rest stays transparent.
DecodedImage blank_image(const WebPDemuxer* demuxer, const WebPIterator& frame, const DecodeLimits& limits);

/// The ICC profile counts only if the header announces it, as in GIMP's loader.
std::vector<std::byte> profile_of(const WebPDemuxer* demuxer, Channels channels);

Orientation orientation_of(const WebPDemuxer* demuxer);

/// Has libwebp write the frame straight into its place on the canvas. Nothing has to be freed.
WebPDecoderConfig config_for(const WebPIterator& frame, DecodedImage& canvas);

} // namespace venice_gimp
