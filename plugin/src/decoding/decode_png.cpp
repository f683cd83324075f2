// SPDX-License-Identifier: MIT
#include "decoding/exif_orientation.hpp"
#include "decoding/format_decoders.hpp"
#include "decoding/png_reading.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace venice_gimp {

namespace {

// A profile may inflate to more than a small file's size.
constexpr std::size_t large_chunk = 1 << 20;

void on_read(png_structp png, png_bytep target, std::size_t count)
{
    auto& unread = *static_cast<std::span<const std::byte>*>(png_get_io_ptr(png));
    if (count > unread.size())
        png_error(png, "the data end too early");
    std::memcpy(target, unread.data(), count);
    unread = unread.subspan(count);
}

void read_pixels(const PngReading& reading, unsigned char* pixels)
{
    for (int pass = 0; pass < reading.passes; ++pass)
        for (std::size_t row = 0; row < reading.height; ++row)
            png_read_row(reading.png, pixels + row * reading.row_size, nullptr);
}

[[noreturn]] void fail_as_truncated()
{
    throw DecodeError(DecodeError::Kind::truncated, "The PNG image is incomplete.");
}

std::uint32_t big_endian_32(std::span<const std::byte> bytes, std::size_t offset)
{
    std::uint32_t value = 0;
    for (const std::byte byte : bytes.subspan(offset, 4))
        value = (value << 8U) | std::to_integer<std::uint32_t>(byte);
    return value;
}

/// IHDR stands at a fixed place, so the size is known before libpng has allocated anything.
void check_claimed_size(std::span<const std::byte> bytes, const DecodeLimits& limits)
{
    constexpr std::size_t width_offset = 16;
    constexpr std::size_t height_offset = 20;
    if (bytes.size() < height_offset + 4)
        fail_as_truncated();
    check_size(big_endian_32(bytes, width_offset), big_endian_32(bytes, height_offset), limits);
}

struct PngChunk {
    std::string_view name;
    std::span<const std::byte> content;
    std::size_t end; ///< where the next one starts
};

PngChunk chunk_at(std::span<const std::byte> bytes, std::size_t start)
{
    constexpr std::size_t length_and_name = 8;
    constexpr std::size_t checksum = 4;
    const std::size_t available = bytes.size() - start;
    if (available < length_and_name + checksum)
        fail_as_truncated();
    const std::size_t length = big_endian_32(bytes, start);
    if (length > available - length_and_name - checksum)
        fail_as_truncated();
    return {{reinterpret_cast<const char*>(bytes.data()) + start + 4, 4},
            bytes.subspan(start + length_and_name, length),
            start + length_and_name + length + checksum};
}

/// Throws unless the file is complete up to its last chunk: libpng believes the length that a chunk
/// states and may allocate as much (1.6.39 does for eXIf). Returns the EXIF block, if there is one.
std::span<const std::byte> walk_chunks(std::span<const std::byte> bytes)
{
    constexpr std::size_t signature_size = 8;
    std::span<const std::byte> exif;
    for (std::size_t start = signature_size;;) {
        const PngChunk chunk = chunk_at(bytes, start);
        if (chunk.name == "IEND")
            return exif;
        if (chunk.name == "eXIf" && exif.empty())
            exif = chunk.content;
        start = chunk.end;
    }
}

} // namespace

DecodedImage decode_png(std::span<const std::byte> bytes, const DecodeLimits& limits)
{
    check_claimed_size(bytes, limits);
    const std::span<const std::byte> exif = walk_chunks(bytes);

    PngReading reading;
    open(reading);
    std::span<const std::byte> unread = bytes;
    run(reading, [&] {
        png_set_read_fn(reading.png, &unread, on_read);
        prepare(reading, limits, std::max(large_chunk, bytes.size()));
        png_read_info(reading.png, reading.info);
        take_header(reading);
    });
    DecodedImage image = blank_image(reading, limits);
    unsigned char* const pixels = as_octets(image.pixels.data());
    run(reading, [&] {
        read_pixels(reading, pixels);
        png_read_end(reading.png, nullptr); // so that the rest of the file has been checked too
    });
    return turned_upright(std::move(image), exif_orientation(exif));
}

} // namespace venice_gimp
