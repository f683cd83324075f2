// SPDX-License-Identifier: MIT
#include "decoding/format_decoders.hpp"
#include "decoding/jpeg_reading.hpp"

#include <utility>

namespace venice_gimp {

namespace {

void read_pixels(jpeg_decompress_struct& codec, unsigned char* pixels)
{
    choose_transform(codec);
    jpeg_start_decompress(&codec);
    while (codec.output_scanline < codec.output_height) {
        JSAMPROW row = next_row(codec, pixels);
        jpeg_read_scanlines(&codec, &row, 1);
    }
    jpeg_finish_decompress(&codec); // reads up to the end marker
}

} // namespace

DecodedImage decode_jpeg(std::span<const std::byte> bytes, const DecodeLimits& limits)
{
    JpegReading reading;
    run(reading, [&] {
        prepare(reading);
        jpeg_mem_src(&reading.codec, as_octets(bytes.data()), static_cast<unsigned long>(bytes.size()));
        read_header(reading);
    });
    DecodedImage image = blank_image(reading, limits);
    const Orientation orientation = orientation_of(reading.codec);
    run(reading, [&, pixels = as_octets(image.pixels.data())] { read_pixels(reading.codec, pixels); });
    return turned_upright(std::move(image), orientation);
}

} // namespace venice_gimp
