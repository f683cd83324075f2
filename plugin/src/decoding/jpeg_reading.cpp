// SPDX-License-Identifier: MIT
#include "decoding/jpeg_reading.hpp"

#include "decoding/color_profile.hpp"
#include "decoding/format_decoders.hpp"

#include <jerror.h>

#include <cstring>
#include <string>

namespace venice_gimp {

namespace {

// Encoders write about ten scans; each one costs a pass over the whole image.
constexpr int most_scans = 100;

constexpr int exif_marker = JPEG_APP0 + 1;
constexpr int icc_marker = JPEG_APP0 + 2;
constexpr unsigned int whole_segment = 0xffff;

DecodeError::Kind kind_of(int message_code)
{
    switch (message_code) {
    case JWRN_JPEG_EOF:
    case JERR_INPUT_EOF:
    case JERR_INPUT_EMPTY:
        return DecodeError::Kind::truncated;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
        return DecodeError::Kind::too_large;
    case JERR_OUT_OF_MEMORY:
        return DecodeError::Kind::out_of_memory;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
        return DecodeError::Kind::unsupported;
    default:
        return DecodeError::Kind::corrupt;
    }
}

[[noreturn]] void on_error(j_common_ptr codec)
{
    auto& reading = *static_cast<JpegReading*>(codec->client_data);
    reading.failure = kind_of(codec->err->msg_code);
    codec->err->format_message(codec, reading.message);
    std::longjmp(reading.escape, 1);
}

/// These are odd headers around whole pixels.
bool is_harmless(int message_code)
{
    return message_code == JWRN_JFIF_MAJOR || message_code == JWRN_ADOBE_XFORM || message_code == JWRN_BOGUS_ICC;
}

/// libjpeg only warns where data are missing or wrong, and fills the picture with gray.
void on_message(j_common_ptr codec, int level)
{
    const bool is_warning = level < 0;
    if (is_warning && !is_harmless(codec->err->msg_code))
        on_error(codec);
}

void on_output(j_common_ptr) {}

void on_progress(j_common_ptr codec)
{
    auto& reading = *static_cast<JpegReading*>(codec->client_data);
    if (reading.codec.input_scan_number <= most_scans)
        return;
    std::snprintf(reading.message, sizeof reading.message, "more than %d scans", most_scans);
    std::longjmp(reading.escape, 1);
}

std::string sentence_for(const JpegReading& reading)
{
    const std::string detail = std::string(" (") + reading.message + ").";
    switch (reading.failure) {
    case DecodeError::Kind::truncated:
        return "The JPEG image is incomplete.";
    case DecodeError::Kind::too_large:
        return "The JPEG image is larger than is accepted" + detail;
    case DecodeError::Kind::out_of_memory:
        return "There is not enough memory to decode the JPEG image.";
    case DecodeError::Kind::unsupported:
        return "The JPEG image is of a kind that is not supported" + detail;
    default:
        return "The JPEG image is damaged" + detail;
    }
}

Channels channels_of(const jpeg_decompress_struct& codec)
{
    if (codec.data_precision == 8 && codec.out_color_space == JCS_GRAYSCALE)
        return Channels::gray;
    if (codec.data_precision == 8 && codec.out_color_space == JCS_RGB)
        return Channels::rgb;
    // CMYK needs a printer's profile to become RGB; that is left to GIMP's own loader.
    throw DecodeError(DecodeError::Kind::unsupported,
                      codec.out_color_space == JCS_CMYK
                          ? "The JPEG image is in CMYK, which is not supported."
                          : "The JPEG image is neither gray nor RGB with 8 bits per channel.");
}

std::vector<std::byte> profile_of(const JpegReading& reading, Channels channels)
{
    const auto profile = as_byte_span(reading.icc_profile, reading.icc_profile_size);
    if (!profile_suits(profile, channels))
        return {};
    return {profile.begin(), profile.end()};
}

} // namespace

void fail_as_told(const JpegReading& reading)
{
    throw DecodeError(reading.failure, sentence_for(reading));
}

void prepare(JpegReading& reading)
{
    reading.codec.err = jpeg_std_error(&reading.errors);
    reading.errors.error_exit = on_error;
    reading.errors.emit_message = on_message;
    reading.errors.output_message = on_output;
    reading.codec.client_data = &reading;

    jpeg_create_decompress(&reading.codec);
    reading.progress.progress_monitor = on_progress;
    reading.codec.progress = &reading.progress;
    jpeg_save_markers(&reading.codec, exif_marker, whole_segment);
    jpeg_save_markers(&reading.codec, icc_marker, whole_segment);
}

bool read_header(JpegReading& reading)
{
    if (jpeg_read_header(&reading.codec, TRUE) == JPEG_SUSPENDED)
        return false;
    jpeg_read_icc_profile(&reading.codec, &reading.icc_profile, &reading.icc_profile_size);
    return true;
}

void choose_transform(jpeg_decompress_struct& codec)
{
    // The slow, exact transform is what GIMP's loader asks for; the default differs by up to 3 of 255.
    codec.dct_method = JDCT_FLOAT;
}

DecodedImage blank_image(const JpegReading& reading, const DecodeLimits& limits)
{
    check_size(reading.codec.image_width, reading.codec.image_height, limits);
    const Channels channels = channels_of(reading.codec);
    DecodedImage image = blank_image(static_cast<int>(reading.codec.image_width),
                                     static_cast<int>(reading.codec.image_height), channels);
    image.icc_profile = profile_of(reading, channels);
    return image;
}

Orientation orientation_of(const jpeg_decompress_struct& codec)
{
    constexpr char exif_prefix[] = {'E', 'x', 'i', 'f', 0, 0};
    for (auto marker = codec.marker_list; marker != nullptr; marker = marker->next) {
        if (marker->marker != exif_marker || marker->data_length < sizeof exif_prefix)
            continue;
        if (std::memcmp(marker->data, exif_prefix, sizeof exif_prefix) == 0)
            return exif_orientation(as_byte_span(marker->data, marker->data_length));
    }
    return Orientation::upright;
}

} // namespace venice_gimp
