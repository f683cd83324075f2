// SPDX-License-Identifier: MIT
#include "image_makers.hpp"

#include <png.h>

#include <cstdio>
#include <jpeglib.h>

#include <webp/decode.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <cstdlib>
#include <cstring>
#include <span>
#include <stdexcept>
#include <utility>
#include <zlib.h>

namespace venice_gimp::test {

namespace {

const unsigned char* octets(std::span<const std::byte> bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* octets(Bytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

Bytes copy_of(const unsigned char* start, std::size_t size)
{
    const auto* bytes = reinterpret_cast<const std::byte*>(start);
    return {bytes, bytes + size};
}

std::size_t row_size_of(const DecodedImage& image)
{
    return image.pixels.size() / static_cast<std::size_t>(image.height);
}

int png_color_type(Channels channels)
{
    switch (channels) {
    case Channels::gray:
        return PNG_COLOR_TYPE_GRAY;
    case Channels::gray_alpha:
        return PNG_COLOR_TYPE_GRAY_ALPHA;
    case Channels::rgb:
        return PNG_COLOR_TYPE_RGB;
    default:
        return PNG_COLOR_TYPE_RGB_ALPHA;
    }
}

void append_png_output(png_structp png, png_bytep data, std::size_t size)
{
    auto& output = *static_cast<Bytes*>(png_get_io_ptr(png));
    const Bytes more = copy_of(data, size);
    output.insert(output.end(), more.begin(), more.end());
}

[[noreturn]] void abort_on_png_error(png_structp, png_const_charp message)
{
    std::fprintf(stderr, "making a PNG failed: %s\n", message);
    std::abort();
}

void ignore_png_warning(png_structp, png_const_charp) {}

void set_palette(png_structp png, png_infop info, const PngRows& image)
{
    std::vector<png_color> palette(image.palette.size() / 3);
    for (std::size_t i = 0; i < palette.size(); ++i)
        palette[i] = {octets(image.palette)[3 * i], octets(image.palette)[3 * i + 1], octets(image.palette)[3 * i + 2]};
    if (!palette.empty())
        png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
}

void set_transparency(png_structp png, png_infop info, const PngRows& image)
{
    png_color_16 color = {};
    if (!image.palette_alpha.empty())
        png_set_tRNS(png, info, octets(image.palette_alpha), static_cast<int>(image.palette_alpha.size()), nullptr);
    if (image.transparent_gray)
        color.gray = *image.transparent_gray;
    if (image.transparent_rgb) {
        color.red = image.transparent_rgb->at(0);
        color.green = image.transparent_rgb->at(1);
        color.blue = image.transparent_rgb->at(2);
    }
    if (image.transparent_gray || image.transparent_rgb)
        png_set_tRNS(png, info, nullptr, 0, &color);
}

void set_color_chunks(png_structp png, png_infop info, const PngOptions& options)
{
    if (!options.icc_profile.empty())
        png_set_iCCP(png, info, "test", PNG_COMPRESSION_TYPE_BASE, octets(options.icc_profile),
                     static_cast<png_uint_32>(options.icc_profile.size()));
    if (options.gamma)
        png_set_gAMA(png, info, *options.gamma);
    if (options.srgb_chunk)
        png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    if (options.srgb_primaries_chunk)
        png_set_cHRM(png, info, 0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06);
}

} // namespace

Bytes bytes_of(std::initializer_list<int> values)
{
    Bytes bytes;
    for (const int value : values)
        bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

Bytes bytes_of(const std::string& text)
{
    return copy_of(reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

Bytes big_endian_32(std::uint32_t value)
{
    return bytes_of({static_cast<int>(value >> 24U), static_cast<int>((value >> 16U) & 0xffU),
                     static_cast<int>((value >> 8U) & 0xffU), static_cast<int>(value & 0xffU)});
}

Bytes little_endian_32(std::uint32_t value)
{
    const Bytes bytes = big_endian_32(value);
    return {bytes.rbegin(), bytes.rend()};
}

Bytes operator+(Bytes left, const Bytes& right)
{
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

Bytes exif_with_orientation(int orientation, bool big_endian)
{
    if (big_endian)
        return bytes_of({'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0});
    return bytes_of({'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0});
}

Bytes plausible_profile(const std::string& color_space, std::size_t size)
{
    Bytes profile = big_endian_32(static_cast<std::uint32_t>(size)) + bytes_of("none") + bytes_of({4, 0x30, 0, 0}) +
                    bytes_of("mntr") + bytes_of(color_space) + bytes_of("XYZ ") +
                    bytes_of({7, 0xe4, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0}) + bytes_of("acsp");
    profile.resize(68);
    profile = profile + big_endian_32(0xf6d6) + big_endian_32(0x10000) + big_endian_32(0xd32d);
    profile.resize(size); // no tags: the count at 128 is 0
    for (std::size_t i = 132; i < size; ++i)
        profile[i] = static_cast<std::byte>(i * 7 % 251);
    return profile;
}

DecodedImage pattern(int width, int height, Channels channels)
{
    DecodedImage image;
    image.width = width;
    image.height = height;
    image.channels = channels;
    const int count = channel_count(channels);
    Bytes pixels;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < count; ++c)
                pixels.push_back(static_cast<std::byte>((x * 37 + y * 91 + c * 53 + x * y * (c + 1) + 11) & 0xff));
    image.pixels = PixelBytes(pixels);
    return image;
}

Bytes make_png(const PngRows& image, const PngOptions& options)
{
    Bytes output;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, abort_on_png_error, ignore_png_warning);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, &output, append_png_output, nullptr);
    png_set_option(png, PNG_SKIP_sRGB_CHECK_PROFILE, PNG_OPTION_ON);
    png_set_IHDR(png, info, static_cast<png_uint_32>(image.width), static_cast<png_uint_32>(image.height),
                 image.bit_depth, image.color_type, options.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    set_palette(png, info, image);
    set_transparency(png, info, image);
    set_color_chunks(png, info, options);
    png_write_info(png, info);
    if (!options.exif.empty() && !options.exif_after_pixels)
        png_write_chunk(png, reinterpret_cast<png_const_bytep>("eXIf"), octets(options.exif), options.exif.size());
    std::vector<Bytes> rows = image.rows;
    std::vector<png_bytep> pointers;
    for (Bytes& row : rows)
        pointers.push_back(octets(row));
    png_write_image(png, pointers.data());
    if (!options.exif.empty() && options.exif_after_pixels)
        png_write_chunk(png, reinterpret_cast<png_const_bytep>("eXIf"), octets(options.exif), options.exif.size());
    png_write_end(png, nullptr);
    png_destroy_write_struct(&png, &info);
    return output;
}

Bytes make_png(const DecodedImage& image, const PngOptions& options)
{
    PngRows rows;
    rows.width = image.width;
    rows.height = image.height;
    rows.color_type = png_color_type(image.channels);
    const std::size_t row_size = row_size_of(image);
    for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y)
        rows.rows.push_back(copy_of(octets(image.pixels) + y * row_size, row_size));
    return make_png(rows, options);
}

Bytes png_chunk(const std::string& name, const Bytes& content)
{
    const Bytes body = bytes_of(name) + content;
    const auto checksum = crc32(0, octets(body), static_cast<unsigned int>(body.size()));
    return big_endian_32(static_cast<std::uint32_t>(content.size())) + body +
           big_endian_32(static_cast<std::uint32_t>(checksum));
}

Bytes make_jpeg(const DecodedImage& image, const JpegOptions& options)
{
    jpeg_compress_struct codec = {};
    jpeg_error_mgr errors = {};
    codec.err = jpeg_std_error(&errors);
    jpeg_create_compress(&codec);
    unsigned char* output = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&codec, &output, &size);
    codec.image_width = static_cast<JDIMENSION>(image.width);
    codec.image_height = static_cast<JDIMENSION>(image.height);
    codec.input_components = channel_count(image.channels);
    codec.in_color_space = options.cmyk ? JCS_CMYK : is_gray(image.channels) ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&codec);
    if (options.stored_as_rgb)
        jpeg_set_colorspace(&codec, JCS_RGB);
    jpeg_set_quality(&codec, options.quality, TRUE);
    if (options.progressive)
        jpeg_simple_progression(&codec);
    codec.arith_code = options.arithmetic ? TRUE : FALSE;
    jpeg_start_compress(&codec, TRUE);
    if (!options.exif.empty()) {
        const Bytes segment = bytes_of({'E', 'x', 'i', 'f', 0, 0}) + options.exif;
        jpeg_write_marker(&codec, JPEG_APP0 + 1, octets(segment), static_cast<unsigned int>(segment.size()));
    }
    if (!options.icc_profile.empty())
        jpeg_write_icc_profile(&codec, octets(options.icc_profile),
                               static_cast<unsigned int>(options.icc_profile.size()));
    Bytes pixels(image.pixels.begin(), image.pixels.end());
    while (codec.next_scanline < codec.image_height) {
        JSAMPROW row = octets(pixels) + codec.next_scanline * row_size_of(image);
        jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
    Bytes result = copy_of(output, size);
    jpeg_destroy_compress(&codec);
    std::free(output);
    return result;
}

Bytes jpeg_reference_pixels(const Bytes& jpeg)
{
    jpeg_decompress_struct codec = {};
    jpeg_error_mgr errors = {};
    codec.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&codec);
    jpeg_mem_src(&codec, octets(jpeg), static_cast<unsigned long>(jpeg.size()));
    jpeg_read_header(&codec, TRUE);
    codec.dct_method = JDCT_FLOAT;
    jpeg_start_decompress(&codec);
    const std::size_t row_size = std::size_t{codec.output_width} * static_cast<std::size_t>(codec.output_components);
    Bytes pixels(row_size * codec.output_height);
    while (codec.output_scanline < codec.output_height) {
        JSAMPROW row = octets(pixels) + codec.output_scanline * row_size;
        jpeg_read_scanlines(&codec, &row, 1);
    }
    jpeg_finish_decompress(&codec);
    jpeg_destroy_decompress(&codec);
    return pixels;
}

Bytes with_jpeg_segment(const Bytes& jpeg, int marker, const Bytes& content)
{
    const auto length = static_cast<int>(content.size()) + 2;
    const Bytes head(jpeg.begin(), jpeg.begin() + 2);
    const Bytes rest(jpeg.begin() + 2, jpeg.end());
    return head + bytes_of({0xff, marker, length >> 8, length & 0xff}) + content + rest;
}

namespace {

Bytes encode_webp_picture(const DecodedImage& image, const WebpOptions& options)
{
    WebPConfig config;
    WebPPicture picture;
    if (WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, options.quality) == 0 || WebPPictureInit(&picture) == 0)
        throw std::runtime_error("libwebp is of another version");
    config.lossless = options.lossless ? 1 : 0;
    config.exact = 1; // keeps the colours of transparent pixels
    config.method = 2;
    config.partitions = options.partitions;
    picture.use_argb = 1;
    picture.width = image.width;
    picture.height = image.height;
    const int stride = static_cast<int>(row_size_of(image));
    if (has_alpha(image.channels))
        WebPPictureImportRGBA(&picture, octets(image.pixels), stride);
    else
        WebPPictureImportRGB(&picture, octets(image.pixels), stride);
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    const bool done = WebPEncode(&config, &picture) != 0;
    WebPPictureFree(&picture);
    Bytes result = copy_of(writer.mem, writer.size);
    WebPMemoryWriterClear(&writer);
    if (!done)
        throw std::runtime_error("making a WebP picture failed");
    return result;
}

WebPData webp_data(const Bytes& bytes)
{
    return {octets(bytes), bytes.size()};
}

Bytes assembled(WebPMux* mux)
{
    WebPData output = {};
    if (WebPMuxAssemble(mux, &output) != WEBP_MUX_OK)
        throw std::runtime_error("making a WebP container failed");
    Bytes result = copy_of(output.bytes, output.size);
    WebPDataClear(&output);
    WebPMuxDelete(mux);
    return result;
}

void set_chunk(WebPMux* mux, const char* name, const Bytes& content)
{
    const WebPData data = webp_data(content);
    if (!content.empty())
        WebPMuxSetChunk(mux, name, &data, 1);
}

} // namespace

Bytes make_webp(const DecodedImage& image, const WebpOptions& options)
{
    const Bytes picture = encode_webp_picture(image, options);
    if (options.icc_profile.empty() && options.exif.empty())
        return picture;
    WebPMux* mux = WebPMuxNew();
    const WebPData data = webp_data(picture);
    WebPMuxSetImage(mux, &data, 1);
    set_chunk(mux, "ICCP", options.icc_profile);
    set_chunk(mux, "EXIF", options.exif);
    return assembled(mux);
}

Bytes make_animated_webp(const DecodedImage& frame_image, int canvas_width, int canvas_height, int x, int y)
{
    const Bytes picture = encode_webp_picture(frame_image, {});
    WebPMux* mux = WebPMuxNew();
    for (const int duration : {100, 200}) {
        WebPMuxFrameInfo frame = {};
        frame.bitstream = webp_data(picture);
        frame.x_offset = x;
        frame.y_offset = y;
        frame.duration = duration;
        frame.id = WEBP_CHUNK_ANMF;
        frame.dispose_method = WEBP_MUX_DISPOSE_NONE;
        frame.blend_method = WEBP_MUX_BLEND;
        WebPMuxPushFrame(mux, &frame, 1);
    }
    const WebPMuxAnimParams animation = {0xffffffff, 0};
    WebPMuxSetAnimationParams(mux, &animation);
    WebPMuxSetCanvasSize(mux, canvas_width, canvas_height);
    return assembled(mux);
}

} // namespace venice_gimp::test
