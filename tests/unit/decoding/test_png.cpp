// SPDX-License-Identifier: MIT
#include "decoding/color_profile.hpp"
#include "expectations.hpp"

#include <png.h>

#include <algorithm>

using namespace venice_gimp;
using namespace venice_gimp::test;
using Kind = DecodeError::Kind;

namespace {

void every_color_type_comes_back(void**)
{
    for (const Channels channels : all_channels)
        for (const bool interlaced : {false, true}) {
            const DecodedImage image = pattern(37, 29, channels);
            expect_same_picture(decode_image(make_png(image, {.interlaced = interlaced})), image);
        }
}

void one_pixel_is_an_image(void**)
{
    for (const bool interlaced : {false, true}) {
        const DecodedImage image = pattern(1, 1, Channels::rgb_alpha);
        expect_same_picture(decode_image(make_png(image, {.interlaced = interlaced})), image);
    }
}

/// All gray levels of a depth in one row, packed as PNG wants them.
PngRows gray_ramp(int bit_depth)
{
    PngRows image;
    image.width = 1 << bit_depth;
    image.height = 1;
    image.bit_depth = bit_depth;
    image.color_type = PNG_COLOR_TYPE_GRAY;
    Bytes row;
    int filled = 0;
    int octet = 0;
    for (int level = 0; level < image.width; ++level) {
        octet = (octet << bit_depth) | level;
        filled += bit_depth;
        if (filled == 8 || level == image.width - 1) {
            row.push_back(static_cast<std::byte>(octet << (8 - filled)));
            filled = octet = 0;
        }
    }
    image.rows = {row};
    return image;
}

void small_gray_depths_are_spread_out(void**)
{
    for (const int depth : {1, 2, 4, 8}) {
        const DecodedImage found = decode_image(make_png(gray_ramp(depth)));
        assert_int_equal(static_cast<int>(found.channels), static_cast<int>(Channels::gray));
        const int top = (1 << depth) - 1;
        for (int level = 0; level <= top; ++level)
            assert_int_equal(std::to_integer<int>(found.pixels[static_cast<std::size_t>(level)]), level * 255 / top);
    }
}

void sixteen_bits_are_rounded(void**)
{
    for (const int color_type :
         {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA}) {
        constexpr int samples = 12 * 500;
        PngRows image;
        image.height = 1;
        image.bit_depth = 16;
        image.color_type = color_type;
        const int channels = color_type == PNG_COLOR_TYPE_GRAY         ? 1
                             : color_type == PNG_COLOR_TYPE_GRAY_ALPHA ? 2
                             : color_type == PNG_COLOR_TYPE_RGB        ? 3
                                                                       : 4;
        image.width = samples / channels;
        image.rows.emplace_back();
        for (int i = 0; i < samples; ++i) {
            const int value = i * 11 % 65536;
            image.rows[0].push_back(static_cast<std::byte>(value >> 8));
            image.rows[0].push_back(static_cast<std::byte>(value & 0xff));
        }
        const DecodedImage found = decode_image(make_png(image));
        assert_int_equal(channel_count(found.channels), channels);
        for (int i = 0; i < samples; ++i) {
            const int value = i * 11 % 65536;
            assert_int_equal(std::to_integer<int>(found.pixels[static_cast<std::size_t>(i)]), (value * 255 + 32767) / 65535);
        }
    }
}

PngRows four_color_image(int bit_depth)
{
    PngRows image;
    image.width = 4;
    image.height = 2;
    image.bit_depth = bit_depth;
    image.color_type = PNG_COLOR_TYPE_PALETTE;
    image.palette = bytes_of({255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30});
    switch (bit_depth) {
    case 2:
        image.rows = {bytes_of({0b00011011}), bytes_of({0b11100100})};
        break;
    case 4:
        image.rows = {bytes_of({0x01, 0x23}), bytes_of({0x32, 0x10})};
        break;
    default:
        image.rows = {bytes_of({0, 1, 2, 3}), bytes_of({3, 2, 1, 0})};
        break;
    }
    return image;
}

void a_palette_becomes_rgb(void**)
{
    for (const int depth : {2, 4, 8}) {
        const DecodedImage found = decode_image(make_png(four_color_image(depth)));
        assert_int_equal(static_cast<int>(found.channels), static_cast<int>(Channels::rgb));
        expect_same_bytes(found.pixels, bytes_of({255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, //
                                                  10, 20, 30, 0, 0, 255, 0, 255, 0, 255, 0, 0}));
    }
}

void a_one_bit_palette_becomes_rgb(void**)
{
    PngRows image;
    image.width = 10;
    image.height = 1;
    image.bit_depth = 1;
    image.color_type = PNG_COLOR_TYPE_PALETTE;
    image.palette = bytes_of({1, 2, 3, 4, 5, 6});
    image.rows = {bytes_of({0b01010101, 0b01000000})};
    const DecodedImage found = decode_image(make_png(image));
    for (std::size_t x = 0; x < 10; ++x)
        assert_int_equal(std::to_integer<int>(found.pixels[3 * x]), x % 2 == 0 ? 1 : 4);
}

void a_palette_with_transparency_becomes_rgba(void**)
{
    for (const bool interlaced : {false, true}) {
        PngRows image = four_color_image(8);
        image.palette_alpha = bytes_of({0, 128}); // entries without a value are opaque
        const DecodedImage found = decode_image(make_png(image, {.interlaced = interlaced}));
        assert_int_equal(static_cast<int>(found.channels), static_cast<int>(Channels::rgb_alpha));
        expect_same_bytes(found.pixels,
                          bytes_of({255, 0, 0, 0, 0, 255, 0, 128, 0, 0, 255, 255, 10, 20, 30, 255, //
                                    10, 20, 30, 255, 0, 0, 255, 255, 0, 255, 0, 128, 255, 0, 0, 0}));
    }
}

void a_transparent_gray_becomes_alpha(void**)
{
    PngRows image = gray_ramp(2);
    image.transparent_gray = 2;
    const DecodedImage found = decode_image(make_png(image));
    assert_int_equal(static_cast<int>(found.channels), static_cast<int>(Channels::gray_alpha));
    expect_same_bytes(found.pixels, bytes_of({0, 255, 85, 255, 170, 0, 255, 255}));
}

void a_transparent_color_is_compared_with_all_its_bits(void**)
{
    PngRows image;
    image.width = 2;
    image.height = 1;
    image.bit_depth = 16;
    image.color_type = PNG_COLOR_TYPE_RGB;
    image.rows = {bytes_of({1, 0, 2, 0, 3, 0, 1, 0, 2, 0, 3, 1})};
    image.transparent_rgb = std::vector<std::uint16_t>{0x100, 0x200, 0x300};
    const DecodedImage found = decode_image(make_png(image));
    expect_same_bytes(found.pixels, bytes_of({1, 2, 3, 0, 1, 2, 3, 255}));
}

void the_profile_comes_back(void**)
{
    for (const Channels channels : all_channels) {
        const Bytes profile = plausible_profile(is_gray(channels) ? "GRAY" : "RGB ", 3000);
        const Bytes png = make_png(pattern(4, 3, channels), {.icc_profile = profile});
        expect_same_bytes(decode_image(png).icc_profile, profile);
    }
}

void without_color_chunks_it_is_srgb(void**)
{
    const DecodedImage image = pattern(4, 3, Channels::rgb);
    assert_true(decode_image(make_png(image)).icc_profile.empty());
    assert_true(decode_image(make_png(image, {.srgb_chunk = true})).icc_profile.empty());
    assert_true(decode_image(make_png(image, {.gamma = 0.45455, .srgb_chunk = true})).icc_profile.empty());
}

void gamma_and_primaries_become_a_profile(void**)
{
    const DecodedImage image = pattern(4, 3, Channels::rgb);
    const DecodedImage with_gamma = decode_image(make_png(image, {.gamma = 1.0}));
    assert_true(profile_suits(with_gamma.icc_profile, Channels::rgb));
    expect_same_picture(with_gamma, image); // the pixels stay as they are
    const DecodedImage with_primaries = decode_image(make_png(image, {.srgb_primaries_chunk = true}));
    assert_true(profile_suits(with_primaries.icc_profile, Channels::rgb));

    const DecodedImage gray = decode_image(make_png(pattern(4, 3, Channels::gray), {.gamma = 1.0}));
    assert_true(profile_suits(gray.icc_profile, Channels::gray));
}

void it_is_turned_upright(void**)
{
    for (int orientation = 1; orientation <= 8; ++orientation)
        for (const Channels channels : all_channels)
            for (const bool after_pixels : {false, true}) {
                const PngOptions options = {.exif = exif_with_orientation(orientation, after_pixels),
                                            .exif_after_pixels = after_pixels};
                const DecodedImage found = decode_image(make_png(numbered_blocks(channels), options));
                assert_string_equal(view_of(found).c_str(), upright_view(orientation).c_str());
            }
}

/// The same image with a chunk put in behind the header.
Bytes with_chunk(const Bytes& png, const Bytes& chunk)
{
    constexpr std::ptrdiff_t header_end = 8 + 25;
    return Bytes(png.begin(), png.begin() + header_end) + chunk + Bytes(png.begin() + header_end, png.end());
}

void texts_are_passed_over(void**)
{
    const DecodedImage image = pattern(4, 3, Channels::rgb);
    const Bytes text = png_chunk("tEXt", bytes_of("prompt") + Bytes(1) + Bytes(100000, std::byte{'a'}));
    const Bytes broken_text = png_chunk("zTXt", bytes_of("prompt") + Bytes(2) + bytes_of("not deflated"));
    expect_same_picture(decode_image(with_chunk(make_png(image), text + broken_text)), image);
}

void a_wrong_checksum_is_an_error(void**)
{
    const Bytes good = make_png(pattern(4, 3, Channels::rgb));
    for (Bytes chunk : {png_chunk("tEXt", bytes_of("a") + Bytes(1) + bytes_of("b")), png_chunk("gAMA", big_endian_32(45455))}) {
        chunk.back() ^= std::byte{1};
        expect_failure(with_chunk(good, chunk), Kind::corrupt);
    }
    Bytes bad_header = good;
    bad_header[29] ^= std::byte{1};
    expect_failure(bad_header, Kind::corrupt);
}

void missing_pixels_are_an_error(void**)
{
    // A whole, sound file whose header claims one row more than there is.
    Bytes png = make_png(pattern(4, 3, Channels::rgb));
    const Bytes header = png_chunk("IHDR", big_endian_32(4) + big_endian_32(4) + bytes_of({8, 2, 0, 0, 0}));
    std::copy(header.begin(), header.end(), png.begin() + 8);
    expect_failure(png, Kind::corrupt);
}

void an_unknown_critical_chunk_is_an_error(void**)
{
    expect_failure(with_chunk(make_png(pattern(4, 3, Channels::rgb)), png_chunk("WHAT", bytes_of("?"))), Kind::corrupt);
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(every_color_type_comes_back),
        cmocka_unit_test(one_pixel_is_an_image),
        cmocka_unit_test(small_gray_depths_are_spread_out),
        cmocka_unit_test(sixteen_bits_are_rounded),
        cmocka_unit_test(a_palette_becomes_rgb),
        cmocka_unit_test(a_one_bit_palette_becomes_rgb),
        cmocka_unit_test(a_palette_with_transparency_becomes_rgba),
        cmocka_unit_test(a_transparent_gray_becomes_alpha),
        cmocka_unit_test(a_transparent_color_is_compared_with_all_its_bits),
        cmocka_unit_test(the_profile_comes_back),
        cmocka_unit_test(without_color_chunks_it_is_srgb),
        cmocka_unit_test(gamma_and_primaries_become_a_profile),
        cmocka_unit_test(it_is_turned_upright),
        cmocka_unit_test(texts_are_passed_over),
        cmocka_unit_test(a_wrong_checksum_is_an_error),
        cmocka_unit_test(missing_pixels_are_an_error),
        cmocka_unit_test(an_unknown_critical_chunk_is_an_error),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
