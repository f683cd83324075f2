// SPDX-License-Identifier: MIT
// Inside of the decoding part: what reading a whole PNG and reading it as it arrives have in common.
#pragma once

#include "decoding/color_profile.hpp"
#include "decoding/decode.hpp"
#include "decoding/long_jump.hpp"

#include <png.h>

#include <csetjmp>
#include <cstddef>
#include <span>

namespace venice_gimp {

/// libpng's handles, and what its header said.
struct PngReading {
    PngReading() = default;
    PngReading(const PngReading&) = delete;
    PngReading& operator=(const PngReading&) = delete;
    ~PngReading() { png_destroy_read_struct(&png, &info, nullptr); }

    png_structp png = nullptr;
    png_infop info = nullptr;

    png_uint_32 width = 0;
    png_uint_32 height = 0;
    int channels = 0;
    int passes = 0;
    std::size_t row_size = 0;

    std::span<const std::byte> icc_profile; // libpng's memory
    bool is_srgb = false;
    Colorimetry colorimetry;

    bool has_warned = false;
    std::jmp_buf escape = {};
    char message[160] = "";
};

[[noreturn]] void fail_as_damaged(const PngReading& reading);

/// Throws DecodeError if libpng gives up in the step.
template <typename Step>
void run(PngReading& reading, const Step& step)
{
    if (!completes(reading, step))
        fail_as_damaged(reading);
}

/// First of all, between the steps.
void open(PngReading& reading);

// These are for steps.

/// Before anything is read. No chunk but those with pixels may be larger than `largest_chunk`.
void prepare(PngReading& reading, const DecodeLimits& limits, std::size_t largest_chunk);

/// Behind the chunks before the pixels: takes what they say, and asks for rows of octets.
void take_header(PngReading& reading);

// Between the steps.

/// A blank image of the size and with the profile that the header states.
DecodedImage blank_image(const PngReading& reading, const DecodeLimits& limits);

} // namespace venice_gimp
