// SPDX-License-Identifier: MIT
#include "decoding/format_decoders.hpp"
#include "decoding/webp_reading.hpp"

#include <utility>

namespace venice_gimp {

DecodedImage decode_webp(std::span<const std::byte> bytes, const DecodeLimits& limits)
{
    const Demuxer demuxer = open_container({as_octets(bytes.data()), bytes.size()}, limits);
    const FirstFrame first(demuxer.get());
    const WebPIterator& frame = first.get();
    if (!first.is_there() || frame.complete == 0)
        fail_with(VP8_STATUS_BITSTREAM_ERROR);

    DecodedImage image = blank_image(demuxer.get(), frame, limits);
    WebPDecoderConfig config = config_for(frame, image);
    const VP8StatusCode status = WebPDecode(frame.fragment.bytes, frame.fragment.size, &config);
    if (status != VP8_STATUS_OK)
        fail_with(status);
    return turned_upright(std::move(image), orientation_of(demuxer.get()));
}

} // namespace venice_gimp
