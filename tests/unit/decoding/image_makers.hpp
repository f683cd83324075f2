// SPDX-License-Identifier: MIT
// Encoders that make test images in memory.
#pragma once

#include "decoding/decode.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace venice_gimp::test {

using Bytes = std::vector<std::byte>;

Bytes bytes_of(std::initializer_list<int> values);
Bytes bytes_of(const std::string& text);
Bytes big_endian_32(std::uint32_t value);
Bytes little_endian_32(std::uint32_t value);
Bytes operator+(Bytes left, const Bytes& right);

/// A TIFF structure that holds an orientation and nothing else.
Bytes exif_with_orientation(int orientation, bool big_endian = false);

/// A sound header of the right colour space, then filling: enough for a decoder that does not use it.
Bytes plausible_profile(const std::string& color_space, std::size_t size = 600);

/// A colourful pattern in which neighbours differ.
DecodedImage pattern(int width, int height, Channels channels);

struct PngOptions {
    bool interlaced = false;
    Bytes icc_profile = {};
    Bytes exif = {};
    bool exif_after_pixels = false;
    std::optional<double> gamma = {};
    bool srgb_chunk = false;
    bool srgb_primaries_chunk = false;
};

/// Raw rows as PNG stores them: any colour type and bit depth.
struct PngRows {
    int width = 0;
    int height = 0;
    int bit_depth = 8;
    int color_type = 0;
    std::vector<Bytes> rows;
    Bytes palette; ///< RGB triples
    Bytes palette_alpha;
    std::optional<std::uint16_t> transparent_gray;
    std::optional<std::vector<std::uint16_t>> transparent_rgb;
};

Bytes make_png(const PngRows& rows, const PngOptions& options = {});
Bytes make_png(const DecodedImage& image, const PngOptions& options = {});

/// One chunk with its length and checksum.
Bytes png_chunk(const std::string& name, const Bytes& content);

struct JpegOptions {
    int quality = 90;
    bool progressive = false;
    bool cmyk = false; ///< takes the image's four channels as they are
    bool stored_as_rgb = false;
    bool arithmetic = false;
    Bytes icc_profile = {};
    Bytes exif = {};
};

Bytes make_jpeg(const DecodedImage& image, const JpegOptions& options = {});

/// What libjpeg itself makes of a JPEG with the exact transform.
Bytes jpeg_reference_pixels(const Bytes& jpeg);

/// Puts the segments right behind the start marker.
Bytes with_jpeg_segment(const Bytes& jpeg, int marker, const Bytes& content);

struct WebpOptions {
    bool lossless = true;
    float quality = 80;
    int partitions = 0; ///< of a lossy picture: the power of two
    Bytes icc_profile = {};
    Bytes exif = {};
};

Bytes make_webp(const DecodedImage& image, const WebpOptions& options = {});

/// Two frames of the given picture on a transparent canvas, the first at the offset.
Bytes make_animated_webp(const DecodedImage& frame, int canvas_width, int canvas_height, int x, int y);

} // namespace venice_gimp::test
