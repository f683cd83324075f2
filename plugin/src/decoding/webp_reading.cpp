// SPDX-License-Identifier: MIT
#include "decoding/webp_reading.hpp"

#include "decoding/color_profile.hpp"
#include "decoding/format_decoders.hpp"

namespace venice_gimp {

namespace {

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

void check_canvas(const WebPDemuxer* demuxer, const DecodeLimits& limits)
{
    check_size(WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH), WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT), limits);
}

} // namespace

void fail_with(VP8StatusCode status)
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

Demuxer open_container(const WebPData& file, const DecodeLimits& limits)
{
    const WebPBitstreamFeatures header = features_of(file);
    check_size(header.width, header.height, limits);

    WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
    Demuxer demuxer(WebPDemuxPartial(&file, &state));
    if (state == WEBP_DEMUX_PARSING_HEADER || state == WEBP_DEMUX_PARSED_HEADER)
        fail_with(VP8_STATUS_NOT_ENOUGH_DATA);
    if (!demuxer)
        fail_with(VP8_STATUS_BITSTREAM_ERROR);
    check_canvas(demuxer.get(), limits);
    return demuxer;
}

DecodedImage blank_image(const WebPDemuxer* demuxer, const WebPIterator& frame, const DecodeLimits& limits)
{
    check_canvas(demuxer, limits);
    const auto width = static_cast<int>(WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH));
    const auto height = static_cast<int>(WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT));
    const bool covered = frame.width == width && frame.height == height;
    const bool frame_has_alpha = features_of(frame.fragment).has_alpha != 0;
    DecodedImage image = blank_image(width, height, covered && !frame_has_alpha ? Channels::rgb : Channels::rgb_alpha);
    image.icc_profile = profile_of(demuxer, image.channels);
    return image;
}

std::vector<std::byte> profile_of(const WebPDemuxer* demuxer, Channels channels)
{
    if ((WebPDemuxGetI(demuxer, WEBP_FF_FORMAT_FLAGS) & ICCP_FLAG) == 0)
        return {};
    const Chunk chunk(demuxer, "ICCP");
    if (!profile_suits(chunk.bytes(), channels))
        return {};
    return {chunk.bytes().begin(), chunk.bytes().end()};
}

Orientation orientation_of(const WebPDemuxer* demuxer)
{
    return exif_orientation(Chunk(demuxer, "EXIF").bytes());
}

WebPDecoderConfig config_for(const WebPIterator& frame, DecodedImage& canvas)
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
    return config;
}

} // namespace venice_gimp
