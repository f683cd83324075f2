// SPDX-License-Identifier: MIT
//
// libjpeg reports an error by calling a function that must not return. Ours jumps back with longjmp, so
// all that calls libjpeg is in "steps": plain functions without any object that has a destructor, run by
// completes(). Allocating, throwing and everything else of C++ happens between the steps.
#include "decoding/color_profile.hpp"
#include "decoding/exif_orientation.hpp"
#include "decoding/format_decoders.hpp"

#include <cstdio>
// jpeglib.h needs the types of stdio before it.
#include <jpeglib.h>

#include <jerror.h>

#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace venice_gimp {

namespace {

// Encoders write about ten scans; each one costs a pass over the whole image.
constexpr int most_scans = 100;

constexpr int exif_marker = JPEG_APP0 + 1;
constexpr int icc_marker = JPEG_APP0 + 2;
constexpr unsigned int whole_segment = 0xffff;

struct JpegReading {
    explicit JpegReading(std::span<const std::byte> source) : bytes(source) {}
    JpegReading(const JpegReading&) = delete;
    JpegReading& operator=(const JpegReading&) = delete;
    ~JpegReading()
    {
        jpeg_destroy_decompress(&codec); // does nothing as long as the struct is all zero
        std::free(icc_profile);
    }

    std::span<const std::byte> bytes;
    jpeg_decompress_struct codec = {};
    jpeg_error_mgr errors = {};
    jpeg_progress_mgr progress = {};

    JOCTET* icc_profile = nullptr; // from malloc, by libjpeg
    unsigned int icc_profile_size = 0;
    unsigned char* pixels = nullptr;
    std::size_t row_size = 0;

    std::jmp_buf escape = {};
    DecodeError::Kind failure = DecodeError::Kind::corrupt;
    char message[JMSG_LENGTH_MAX] = "";
};

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

using Step = void (*)(JpegReading&);

/// Runs a step; false if libjpeg gave up in it.
bool completes(JpegReading& reading, Step step)
{
    if (setjmp(reading.escape) != 0)
        return false;
    step(reading);
    return true;
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

void run(JpegReading& reading, Step step)
{
    if (!completes(reading, step))
        throw DecodeError(reading.failure, sentence_for(reading));
}

void install_handlers(JpegReading& reading)
{
    reading.codec.err = jpeg_std_error(&reading.errors);
    reading.errors.error_exit = on_error;
    reading.errors.emit_message = on_message;
    reading.errors.output_message = on_output;
    reading.codec.client_data = &reading;
}

void read_header(JpegReading& reading)
{
    install_handlers(reading);
    jpeg_create_decompress(&reading.codec);
    reading.progress.progress_monitor = on_progress;
    reading.codec.progress = &reading.progress;

    jpeg_mem_src(&reading.codec, as_octets(reading.bytes.data()), static_cast<unsigned long>(reading.bytes.size()));
    jpeg_save_markers(&reading.codec, exif_marker, whole_segment);
    jpeg_save_markers(&reading.codec, icc_marker, whole_segment);
    jpeg_read_header(&reading.codec, TRUE);
    jpeg_read_icc_profile(&reading.codec, &reading.icc_profile, &reading.icc_profile_size);
}

void read_pixels(JpegReading& reading)
{
    // The slow, exact transform is what GIMP's loader asks for; the default differs by up to 3 of 255.
    reading.codec.dct_method = JDCT_FLOAT;
    jpeg_start_decompress(&reading.codec);
    while (reading.codec.output_scanline < reading.codec.output_height) {
        JSAMPROW row = reading.pixels + reading.codec.output_scanline * reading.row_size;
        jpeg_read_scanlines(&reading.codec, &row, 1);
    }
    jpeg_finish_decompress(&reading.codec); // reads up to the end marker
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

/// The marker belongs to libjpeg and is gone when decoding has finished.
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

std::vector<std::byte> profile_of(const JpegReading& reading, Channels channels)
{
    const auto profile = as_byte_span(reading.icc_profile, reading.icc_profile_size);
    if (!profile_suits(profile, channels))
        return {};
    return {profile.begin(), profile.end()};
}

} // namespace

DecodedImage decode_jpeg(std::span<const std::byte> bytes, const DecodeLimits& limits)
{
    JpegReading reading(bytes);
    run(reading, read_header);
    check_size(reading.codec.image_width, reading.codec.image_height, limits);

    const Channels channels = channels_of(reading.codec);
    DecodedImage image = blank_image(static_cast<int>(reading.codec.image_width),
                                     static_cast<int>(reading.codec.image_height), channels);
    image.icc_profile = profile_of(reading, channels);
    const Orientation orientation = orientation_of(reading.codec);

    reading.pixels = as_octets(image.pixels.data());
    reading.row_size = image.pixels.size() / reading.codec.image_height;
    run(reading, read_pixels);
    return turned_upright(std::move(image), orientation);
}

} // namespace venice_gimp
