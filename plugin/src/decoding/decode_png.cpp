// SPDX-License-Identifier: MIT
//
// libpng reports an error by calling a function that must not return. Ours jumps back with longjmp, so
// all that calls libpng is in "steps": plain functions without any object that has a destructor, run by
// completes(). Allocating, throwing and everything else of C++ happens between the steps.
#include "decoding/color_profile.hpp"
#include "decoding/exif_orientation.hpp"
#include "decoding/format_decoders.hpp"

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace venice_gimp {

namespace {

// A profile may inflate to more than a small file's size.
constexpr png_alloc_size_t large_chunk = 1 << 20;
constexpr png_uint_32 most_ancillary_chunks = 256;

struct PngReading {
    PngReading(std::span<const std::byte> source, const DecodeLimits& decode_limits)
        : unread(source), limits(decode_limits)
    {
    }
    PngReading(const PngReading&) = delete;
    PngReading& operator=(const PngReading&) = delete;
    ~PngReading() { png_destroy_read_struct(&png, &info, nullptr); }

    std::span<const std::byte> unread;
    const DecodeLimits& limits;

    png_structp png = nullptr;
    png_infop info = nullptr;

    png_uint_32 width = 0;
    png_uint_32 height = 0;
    int channels = 0;
    int passes = 0;
    std::size_t row_size = 0;
    unsigned char* pixels = nullptr;

    std::span<const std::byte> icc_profile; // libpng's memory
    bool is_srgb = false;
    Colorimetry colorimetry;

    std::jmp_buf escape = {};
    char message[160] = "";
};

[[noreturn]] void on_error(png_structp png, png_const_charp message)
{
    auto& reading = *static_cast<PngReading*>(png_get_error_ptr(png));
    std::snprintf(reading.message, sizeof reading.message, "%s", message);
    std::longjmp(reading.escape, 1);
}

/// Warnings are about things that leave the pixels whole, such as an odd colour profile.
void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep target, std::size_t count)
{
    auto& reading = *static_cast<PngReading*>(png_get_io_ptr(png));
    if (count > reading.unread.size())
        png_error(png, "the data end too early");
    std::memcpy(target, reading.unread.data(), count);
    reading.unread = reading.unread.subspan(count);
}

using Step = void (*)(PngReading&);

/// Runs a step; false if libpng gave up in it.
bool completes(PngReading& reading, Step step)
{
    if (setjmp(reading.escape) != 0)
        return false;
    step(reading);
    return true;
}

void run(PngReading& reading, Step step)
{
    if (completes(reading, step))
        return;
    throw DecodeError(DecodeError::Kind::corrupt, std::string("The PNG image is damaged (") + reading.message + ").");
}

void open(PngReading& reading)
{
    reading.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, on_error, on_warning);
    if (reading.png != nullptr)
        reading.info = png_create_info_struct(reading.png);
}

void refuse_bombs_and_damage(const PngReading& reading)
{
    const auto max_side = static_cast<png_uint_32>(reading.limits.max_side);
    png_set_user_limits(reading.png, max_side, max_side);
    png_set_chunk_malloc_max(reading.png, std::max(large_chunk, reading.unread.size()));
    png_set_chunk_cache_max(reading.png, most_ancillary_chunks);
    png_set_crc_action(reading.png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);

    // Texts are not needed and can be compressed: do not even inflate them. EXIF is read without libpng.
    const png_byte ignored[] = "tEXt\0zTXt\0iTXt\0eXIf";
    png_set_keep_unknown_chunks(reading.png, PNG_HANDLE_CHUNK_NEVER, ignored, 4);
}

/// GIMP uses iCCP; without it, and without sRGB, what gAMA and cHRM say (file-png.c of GIMP 3.0.4).
/// As there, libpng shall not replace a profile that looks like sRGB, and no chunk changes the pixels.
void read_color_chunks(PngReading& reading)
{
    png_charp name = nullptr;
    int compression = 0;
    png_bytep profile = nullptr;
    png_uint_32 profile_size = 0;
    if (png_get_iCCP(reading.png, reading.info, &name, &compression, &profile, &profile_size) != 0)
        reading.icc_profile = as_byte_span(profile, profile_size);

    reading.is_srgb = png_get_valid(reading.png, reading.info, PNG_INFO_sRGB) != 0;

    double gamma = 0;
    if (png_get_gAMA(reading.png, reading.info, &gamma) != 0)
        reading.colorimetry.gamma = gamma;

    Primaries p = {};
    if (png_get_cHRM(reading.png, reading.info, &p.white.x, &p.white.y, &p.red.x, &p.red.y, &p.green.x,
                     &p.green.y, &p.blue.x, &p.blue.y) != 0)
        reading.colorimetry.primaries = p;
}

/// 8 bits in every channel: palettes and small gray depths expanded, tRNS as alpha, 16 bits scaled
/// with rounding, as GIMP's own conversion does.
void ask_for_octets(PngReading& reading)
{
    png_set_expand(reading.png);
    png_set_scale_16(reading.png);
    reading.passes = png_set_interlace_handling(reading.png);
    png_read_update_info(reading.png, reading.info);
    reading.channels = png_get_channels(reading.png, reading.info);
    reading.row_size = png_get_rowbytes(reading.png, reading.info);
}

void read_header(PngReading& reading)
{
    png_set_read_fn(reading.png, &reading, on_read);
    refuse_bombs_and_damage(reading);
    png_set_benign_errors(reading.png, 1);
    png_set_option(reading.png, PNG_SKIP_sRGB_CHECK_PROFILE, PNG_OPTION_ON);
    png_read_info(reading.png, reading.info);
    read_color_chunks(reading);
    ask_for_octets(reading);
    reading.width = png_get_image_width(reading.png, reading.info);
    reading.height = png_get_image_height(reading.png, reading.info);
}

void read_pixels(PngReading& reading)
{
    for (int pass = 0; pass < reading.passes; ++pass)
        for (std::size_t row = 0; row < reading.height; ++row)
            png_read_row(reading.png, reading.pixels + row * reading.row_size, nullptr);
}

/// Reads on to IEND, so that the rest of the file has been checked too.
void read_end(PngReading& reading)
{
    png_read_end(reading.png, nullptr);
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

Channels channels_of(const PngReading& reading)
{
    switch (reading.channels) {
    case 1:
        return Channels::gray;
    case 2:
        return Channels::gray_alpha;
    case 3:
        return Channels::rgb;
    default:
        return Channels::rgb_alpha;
    }
}

std::vector<std::byte> profile_of(const PngReading& reading, Channels channels)
{
    if (profile_suits(reading.icc_profile, channels))
        return {reading.icc_profile.begin(), reading.icc_profile.end()};
    if (reading.is_srgb || (!reading.colorimetry.gamma && !reading.colorimetry.primaries))
        return {};
    return profile_from_colorimetry(reading.colorimetry, channels);
}

} // namespace

DecodedImage decode_png(std::span<const std::byte> bytes, const DecodeLimits& limits)
{
    check_claimed_size(bytes, limits);
    const std::span<const std::byte> exif = walk_chunks(bytes);

    PngReading reading(bytes, limits);
    run(reading, open);
    if (reading.info == nullptr)
        throw DecodeError(DecodeError::Kind::out_of_memory, "There is not enough memory to read the PNG image.");
    run(reading, read_header);

    DecodedImage image =
        blank_image(static_cast<int>(reading.width), static_cast<int>(reading.height), channels_of(reading));
    if (reading.row_size * reading.height != image.pixels.size())
        throw DecodeError(DecodeError::Kind::unsupported, "The PNG image has an unknown kind of pixels.");
    image.icc_profile = profile_of(reading, image.channels);

    reading.pixels = as_octets(image.pixels.data());
    run(reading, read_pixels);
    run(reading, read_end);
    return turned_upright(std::move(image), exif_orientation(exif));
}

} // namespace venice_gimp
