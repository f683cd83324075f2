// SPDX-License-Identifier: MIT
#include "decoding/color_profile.hpp"
#include "decoding/exif_orientation.hpp"
#include "decoding/format_decoders.hpp"

#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>
#include <utility>

namespace venice_gimp {

namespace {

[[noreturn]] void fail_with(VP8StatusCode status)
{
    switch (status) {
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
        throw DecodeError(DecodeError::Kind::truncated, "The WebP image is incomplete.");
    case VP8_STATUS_OUT_OF_MEMORY:  // libwebp says so of some damaged alpha channels, too
        throw DecodeError(DecodeError::Kind::out_of_memory, "The WebP image is damaged, or there is not enough memory to decode it.");
    case VP8_STATUS_UNSUPPORTED_FEATURE:
        throw DecodeError(DecodeError::Kind::unsupported, "The WebP image is of a kind that is not supported.");
    default:
        throw DecodeError(DecodeError::Kind::corrupt, "The WebP image is damaged.");
    }
}

WebPBitstreamFeatures features_of(const WebPData& data)
{
    WebPBitstreamFeatures features = {};
    const VP8StatusCode status = WebPGetFeatures(data.bytes, data.size, &features);
    if (status != VP8_STATUS_OK)
        fail_with(status);
    return features;
}

struct DeleteDemuxer {
    void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
using Demuxer = std::unique_ptr<WebPDemuxer, DeleteDemuxer>;

/// Opens the container only if all of it is there.
Demuxer open_container(const WebPData& file)
{
    WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
    Demuxer demuxer(WebPDemuxPartial(&file, &state));
    if (state == WEBP_DEMUX_PARSING_HEADER || state == WEBP_DEMUX_PARSED_HEADER)
        fail_with(VP8_STATUS_NOT_ENOUGH_DATA);
    if (!demuxer)
        fail_with(VP8_STATUS_BITSTREAM_ERROR);
    return demuxer;
}

/// The first frame; a still picture has just this one.
class FirstFrame {
public:
    explicit FirstFrame(const WebPDemuxer* demuxer)
    {
        if (WebPDemuxGetFrame(demuxer, 1, &frame_) == 0 || frame_.complete == 0)
            fail_with(VP8_STATUS_BITSTREAM_ERROR);
    }
    FirstFrame(const FirstFrame&) = delete;
    FirstFrame& operator=(const FirstFrame&) = delete;
    ~FirstFrame() { WebPDemuxReleaseIterator(&frame_); }

    const WebPIterator& get() const { return frame_; }

private:
    WebPIterator frame_ = {};
};

/// A chunk such as "EXIF"; empty if there is none.
class Chunk {
public:
    Chunk(const WebPDemuxer* demuxer, const char* name)
    {
        found_ = WebPDemuxGetChunk(demuxer, name, 1, &chunk_) != 0;
    }
    Chunk(const Chunk&) = delete;
    Chunk& operator=(const Chunk&) = delete;
    ~Chunk() { WebPDemuxReleaseChunkIterator(&chunk_); }

    std::span<const std::byte> bytes() const
    {
        if (!found_)
            return {};
        return as_byte_span(chunk_.chunk.bytes, chunk_.chunk.size);
    }

private:
    WebPChunkIterator chunk_ = {};
    bool found_ = false;
};

/// The ICC profile counts only if the header announces it, as in GIMP's loader.
std::vector<std::byte> profile_of(const WebPDemuxer* demuxer, Channels channels)
{
    if ((WebPDemuxGetI(demuxer, WEBP_FF_FORMAT_FLAGS) & ICCP_FLAG) == 0)
        return {};
    const Chunk chunk(demuxer, "ICCP");
    if (!profile_suits(chunk.bytes(), channels))
        return {};
    return {chunk.bytes().begin(), chunk.bytes().end()};
}

/// A frame of an animation may cover a part of the canvas only; the rest stays transparent.
DecodedImage blank_canvas(const WebPDemuxer* demuxer, const WebPIterator& frame, bool frame_has_alpha)
{
    const auto width = static_cast<int>(WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH));
    const auto height = static_cast<int>(WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT));
    const bool covered = frame.width == width && frame.height == height;
    return blank_image(width, height, covered && !frame_has_alpha ? Channels::rgb : Channels::rgb_alpha);
}

/// libwebp writes straight into its place on the canvas.
void decode_frame(const WebPIterator& frame, DecodedImage& canvas)
{
    WebPDecoderConfig config;
    if (WebPInitDecoderConfig(&config) == 0)
        throw DecodeError(DecodeError::Kind::unsupported, "The installed libwebp is of another version.");

    const int pixel_size = channel_count(canvas.channels);
    const int row_size = canvas.width * pixel_size;
    const std::size_t start = static_cast<std::size_t>(frame.y_offset) * static_cast<std::size_t>(row_size) +
                              static_cast<std::size_t>(frame.x_offset) * static_cast<std::size_t>(pixel_size);
    config.options.use_threads = 1;
    config.output.colorspace = has_alpha(canvas.channels) ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = as_octets(canvas.pixels.data()) + start;
    config.output.u.RGBA.stride = row_size;
    config.output.u.RGBA.size = canvas.pixels.size() - start;

    const VP8StatusCode status = WebPDecode(frame.fragment.bytes, frame.fragment.size, &config);
    WebPFreeDecBuffer(&config.output);
    if (status != VP8_STATUS_OK)
        fail_with(status);
}

} // namespace

DecodedImage decode_webp(std::span<const std::byte> bytes, const DecodeLimits& limits)
{
    const WebPData file = {as_octets(bytes.data()), bytes.size()};
    const WebPBitstreamFeatures header = features_of(file);
    check_size(header.width, header.height, limits);

    const Demuxer demuxer = open_container(file);
    check_size(WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH),
               WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT), limits);
    const FirstFrame frame(demuxer.get());
    const bool frame_has_alpha = features_of(frame.get().fragment).has_alpha != 0;

    DecodedImage image = blank_canvas(demuxer.get(), frame.get(), frame_has_alpha);
    decode_frame(frame.get(), image);
    image.icc_profile = profile_of(demuxer.get(), image.channels);
    const Chunk exif(demuxer.get(), "EXIF");
    return turned_upright(std::move(image), exif_orientation(exif.bytes()));
}

} // namespace venice_gimp
