// SPDX-License-Identifier: MIT
#include "decoding/png_reading.hpp"

#include "decoding/format_decoders.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

namespace venice_gimp {

namespace {

constexpr png_uint_32 most_ancillary_chunks = 256;

[[noreturn]] void on_error(png_structp png, png_const_charp message)
{
    auto& reading = *static_cast<PngReading*>(png_get_error_ptr(png));
    std::snprintf(reading.message, sizeof reading.message, "%s", message);
    std::longjmp(reading.escape, 1);
}

/// Warnings are about things that leave the pixels whole, such as an odd colour profile.
void on_warning(png_structp png, png_const_charp)
{
    static_cast<PngReading*>(png_get_error_ptr(png))->has_warned = true;
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

void open(PngReading& reading)
{
    run(reading, [&] {
        reading.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, on_error, on_warning);
        if (reading.png != nullptr)
            reading.info = png_create_info_struct(reading.png);
    });
    if (reading.info == nullptr)
        throw DecodeError(DecodeError::Kind::out_of_memory, "There is not enough memory to read the PNG image.");
}

void fail_as_damaged(const PngReading& reading)
{
    throw DecodeError(DecodeError::Kind::corrupt, std::string("The PNG image is damaged (") + reading.message + ").");
}

void prepare(PngReading& reading, const DecodeLimits& limits, std::size_t largest_chunk)
{
    const auto max_side = static_cast<png_uint_32>(limits.max_side);
    png_set_user_limits(reading.png, max_side, max_side);
    png_set_chunk_malloc_max(reading.png, largest_chunk);
    png_set_chunk_cache_max(reading.png, most_ancillary_chunks);
    png_set_crc_action(reading.png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_benign_errors(reading.png, 1);
    png_set_option(reading.png, PNG_SKIP_sRGB_CHECK_PROFILE, PNG_OPTION_ON);

    // Texts are not needed and can be compressed: do not even inflate them. EXIF is read without libpng.
    const png_byte ignored[] = "tEXt\0zTXt\0iTXt\0eXIf";
    png_set_keep_unknown_chunks(reading.png, PNG_HANDLE_CHUNK_NEVER, ignored, 4);
}

void take_header(PngReading& reading)
{
    read_color_chunks(reading);
    ask_for_octets(reading);
    reading.width = png_get_image_width(reading.png, reading.info);
    reading.height = png_get_image_height(reading.png, reading.info);
}

DecodedImage blank_image(const PngReading& reading, const DecodeLimits& limits)
{
    check_size(reading.width, reading.height, limits);
    DecodedImage image =
        blank_image(static_cast<int>(reading.width), static_cast<int>(reading.height), channels_of(reading));
    if (reading.row_size * reading.height != image.pixels.size())
        throw DecodeError(DecodeError::Kind::unsupported, "The PNG image has an unknown kind of pixels.");
    image.icc_profile = profile_of(reading, image.channels);
    return image;
}

} // namespace venice_gimp
