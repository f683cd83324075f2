// SPDX-License-Identifier: MIT
// Inside of the decoding part: what reading a whole JPEG and reading it as it arrives have in common.
#pragma once

#include "decoding/decode.hpp"
#include "decoding/exif_orientation.hpp"
#include "decoding/long_jump.hpp"

#include <cstdio>
// jpeglib.h needs the types of stdio before it.
#include <jpeglib.h>

#include <csetjmp>
#include <cstdlib>

namespace venice_gimp {

/// libjpeg's state, and what its header said.
struct JpegReading {
    JpegReading() = default;
    JpegReading(const JpegReading&) = delete;
    JpegReading& operator=(const JpegReading&) = delete;
    ~JpegReading()
    {
        jpeg_destroy_decompress(&codec); // does nothing as long as the struct is all zero
        std::free(icc_profile);
    }

    jpeg_decompress_struct codec = {};
    jpeg_error_mgr errors = {};
    jpeg_progress_mgr progress = {};

    JOCTET* icc_profile = nullptr; // from malloc, by libjpeg
    unsigned int icc_profile_size = 0;

    std::jmp_buf escape = {};
    DecodeError::Kind failure = DecodeError::Kind::corrupt;
    char message[JMSG_LENGTH_MAX] = "";
};

[[noreturn]] void fail_as_told(const JpegReading& reading);

/// Throws DecodeError if libjpeg gives up in the step.
template <typename Step>
void run(JpegReading& reading, const Step& step)
{
    if (!completes(reading, step))
        fail_as_told(reading);
}

// These are for steps.

/// Before anything is read, even before the source is set.
void prepare(JpegReading& reading);

/// False if the source has no more bytes for now.
bool read_header(JpegReading& reading);

/// Behind the header: how the pixels are made of what is stored.
void choose_transform(jpeg_decompress_struct& codec);

/// The next row to come, at its place.
inline JSAMPROW next_row(const jpeg_decompress_struct& codec, unsigned char* pixels)
{
    return pixels + std::size_t{codec.output_scanline} * codec.output_width * static_cast<std::size_t>(codec.output_components);
}

// Between the steps.

/// A blank image of the size and with the profile that the header states.
DecodedImage blank_image(const JpegReading& reading, const DecodeLimits& limits);

/// From the header. It belongs to libjpeg and is gone when decoding has finished.
Orientation orientation_of(const jpeg_decompress_struct& codec);

} // namespace venice_gimp
