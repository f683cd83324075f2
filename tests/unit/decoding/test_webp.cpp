// SPDX-License-Identifier: MIT
#include "expectations.hpp"

#include <webp/decode.h>

#include <memory>

using namespace venice_gimp;
using namespace venice_gimp::test;
using Kind = DecodeError::Kind;

namespace {

/// What libwebp's simplest call makes of it, which is what GIMP's loader uses.
Bytes reference_pixels(const Bytes& webp)
{
    int width = 0;
    int height = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(webp.data());
    const std::unique_ptr<unsigned char, void (*)(void*)> pixels(WebPDecodeRGBA(data, webp.size(), &width, &height),
                                                                 WebPFree);
    assert_non_null(pixels.get());
    const auto* bytes = reinterpret_cast<const std::byte*>(pixels.get());
    return {bytes, bytes + static_cast<std::ptrdiff_t>(width) * height * 4};
}

Bytes with_opaque_alpha(const Bytes& rgb)
{
    Bytes rgba;
    for (std::size_t i = 0; i < rgb.size(); i += 3)
        rgba.insert(rgba.end(), {rgb[i], rgb[i + 1], rgb[i + 2], std::byte{255}});
    return rgba;
}

void lossless_comes_back(void**)
{
    for (const Channels channels : {Channels::rgb, Channels::rgb_alpha})
        for (const int side : {1, 2, 33}) {
            const DecodedImage image = pattern(side, side + 2, channels);
            expect_same_picture(decode_image(make_webp(image)), image);
        }
}

void lossy_is_what_libwebp_says(void**)
{
    for (const Channels channels : {Channels::rgb, Channels::rgb_alpha})
        for (const int side : {1, 2, 15, 100}) {
            const Bytes webp = make_webp(pattern(side, side + 2, channels), {.lossless = false});
            const DecodedImage found = decode_image(webp);
            assert_int_equal(static_cast<int>(found.channels), static_cast<int>(channels));
            const Bytes pixels(found.pixels.begin(), found.pixels.end());
            expect_same_bytes(has_alpha(channels) ? pixels : with_opaque_alpha(pixels), reference_pixels(webp));
        }
}

void the_profile_comes_back(void**)
{
    const Bytes profile = plausible_profile("RGB ", 3001); // odd: the chunk is padded
    for (const bool lossless : {false, true})
        for (const Channels channels : {Channels::rgb, Channels::rgb_alpha}) {
            const WebpOptions options = {.lossless = lossless, .icc_profile = profile};
            const DecodedImage found = decode_image(make_webp(pattern(9, 8, channels), options));
            assert_int_equal(static_cast<int>(found.channels), static_cast<int>(channels));
            expect_same_bytes(found.icc_profile, profile);
        }
}

void a_profile_that_does_not_suit_is_dropped(void**)
{
    for (const Bytes& profile : {plausible_profile("GRAY"), plausible_profile("CMYK"), bytes_of("junk")})
        assert_true(decode_image(make_webp(pattern(9, 8, Channels::rgb), {.icc_profile = profile})).icc_profile.empty());
}

void it_is_turned_upright(void**)
{
    for (int orientation = 1; orientation <= 8; ++orientation)
        for (const Channels channels : {Channels::rgb, Channels::rgb_alpha})
            for (const bool with_prefix : {false, true}) {
                const Bytes prefix = with_prefix ? bytes_of({'E', 'x', 'i', 'f', 0, 0}) : Bytes();
                const WebpOptions options = {.lossless = with_prefix,
                                             .exif = prefix + exif_with_orientation(orientation, with_prefix)};
                const DecodedImage found = decode_image(make_webp(numbered_blocks(channels), options));
                assert_string_equal(view_of(found).c_str(), upright_view(orientation).c_str());
            }
}

void the_first_frame_of_an_animation_stands_on_its_canvas(void**)
{
    const DecodedImage frame = pattern(6, 4, Channels::rgb);
    const DecodedImage found = decode_image(make_animated_webp(frame, 12, 10, 4, 2));
    assert_int_equal(found.width, 12);
    assert_int_equal(found.height, 10);
    assert_int_equal(static_cast<int>(found.channels), static_cast<int>(Channels::rgb_alpha));
    for (int y = 0; y < 10; ++y)
        for (int x = 0; x < 12; ++x) {
            const bool inside = x >= 4 && x < 10 && y >= 2 && y < 6;
            const auto at = static_cast<std::size_t>((y * 12 + x) * 4);
            assert_int_equal(std::to_integer<int>(found.pixels[at + 3]), inside ? 255 : 0);
            if (inside)
                assert_memory_equal(&found.pixels[at], &frame.pixels[static_cast<std::size_t>(((y - 2) * 6 + x - 4) * 3)], 3);
        }
}

void a_frame_that_covers_the_canvas_needs_no_alpha(void**)
{
    const DecodedImage frame = pattern(6, 4, Channels::rgb);
    expect_same_picture(decode_image(make_animated_webp(frame, 6, 4, 0, 0)), frame);
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(lossless_comes_back),
        cmocka_unit_test(lossy_is_what_libwebp_says),
        cmocka_unit_test(the_profile_comes_back),
        cmocka_unit_test(a_profile_that_does_not_suit_is_dropped),
        cmocka_unit_test(it_is_turned_upright),
        cmocka_unit_test(the_first_frame_of_an_animation_stands_on_its_canvas),
        cmocka_unit_test(a_frame_that_covers_the_canvas_needs_no_alpha),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
