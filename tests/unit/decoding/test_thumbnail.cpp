// SPDX-License-Identifier: MIT
// Smaller pictures for the strip of results, as files and as the screen wants them.
#include "decoding/thumbnail.hpp"
#include "expectations.hpp"

#include <algorithm>
#include <cstdint>

using namespace venice_gimp;
using namespace venice_gimp::test;

namespace {

DecodedImage picture_of(int width, int height, Channels channels, const std::vector<int>& values)
{
    DecodedImage picture{width, height, channels, PixelBytes(values.size()), {}};
    std::transform(values.begin(), values.end(), picture.pixels.begin(), [](int value) { return std::byte(value); });
    return picture;
}

void small_pictures_stay_as_they_are(void**)
{
    const DecodedImage picture = pattern(20, 10, Channels::rgb);
    expect_same_picture(scaled_down(picture, 20), picture);
    expect_same_picture(scaled_down(picture, 256), picture);
}

void the_longer_side_counts_and_none_vanishes(void**)
{
    const DecodedImage wide = scaled_down(pattern(400, 100, Channels::rgb), 256);
    assert_int_equal(wide.width, 256);
    assert_int_equal(wide.height, 64);
    const DecodedImage line = scaled_down(pattern(1000, 1, Channels::gray), 100);
    assert_int_equal(line.width, 100);
    assert_int_equal(line.height, 1);
}

void pixels_are_means(void**)
{
    const DecodedImage gray = picture_of(4, 2, Channels::gray, {0, 100, 10, 20, 100, 200, 30, 40});
    expect_same_picture(scaled_down(gray, 2), picture_of(2, 1, Channels::gray, {100, 25}));
}

// One by one, what scaled_down() adds up in rows and blocks.
int mean_of(const DecodedImage& picture, const DecodedImage& small, int x, int y, int channel)
{
    const int channels = channel_count(picture.channels);
    const bool is_color = has_alpha(picture.channels) && channel < channels - 1;
    std::int64_t sum = 0;
    std::int64_t weight = 0;
    for (int row = y * picture.height / small.height; row < (y + 1) * picture.height / small.height; ++row) {
        for (int column = x * picture.width / small.width; column < (x + 1) * picture.width / small.width; ++column) {
            const auto at = static_cast<std::size_t>((row * picture.width + column) * channels);
            const int factor = is_color ? std::to_integer<int>(picture.pixels[at + static_cast<std::size_t>(channels) - 1]) : 1;
            sum += factor * std::to_integer<int>(picture.pixels[at + static_cast<std::size_t>(channel)]);
            weight += factor;
        }
    }
    return weight == 0 ? 0 : static_cast<int>((2 * sum + weight) / (2 * weight));
}

void each_mean_is_that_of_all_its_pixels(void**)
{
    for (const Channels channels : {Channels::gray, Channels::gray_alpha, Channels::rgb, Channels::rgb_alpha}) {
        for (const int longest_side : {25, 64, 170}) {
            const DecodedImage picture = pattern(175, 78, channels);
            const DecodedImage small = scaled_down(picture, longest_side);
            assert_int_equal(small.width, longest_side);
            assert_int_equal(small.height, 78 * longest_side / 175);
            std::size_t at = 0;
            for (int y = 0; y < small.height; ++y) {
                for (int x = 0; x < small.width; ++x) {
                    for (int channel = 0; channel < channel_count(channels); ++channel, ++at) {
                        assert_int_equal(std::to_integer<int>(small.pixels[at]), mean_of(picture, small, x, y, channel));
                    }
                }
            }
        }
    }
}

void transparent_pixels_lend_no_colour(void**)
{
    const DecodedImage half = picture_of(2, 1, Channels::rgb_alpha, {200, 100, 50, 255, 255, 255, 255, 0});
    expect_same_picture(scaled_down(half, 1), picture_of(1, 1, Channels::rgb_alpha, {200, 100, 50, 128}));
}

void a_png_comes_back_as_it_was(void**)
{
    for (const Channels channels : {Channels::gray, Channels::gray_alpha, Channels::rgb, Channels::rgb_alpha}) {
        const DecodedImage picture = pattern(37, 23, channels);
        const std::vector<std::uint8_t> file = encode_png(picture);
        expect_same_picture(decode_image(std::as_bytes(std::span(file))), picture);
    }
}

void the_screen_wants_premultiplied_colours(void**)
{
    const ScreenPicture opaque = for_screen(picture_of(1, 1, Channels::rgb, {1, 2, 3}));
    assert_int_equal(opaque.pixels.at(0), 0xff010203U);
    const ScreenPicture half = for_screen(picture_of(1, 1, Channels::rgb_alpha, {255, 100, 0, 128}));
    assert_int_equal(half.pixels.at(0), 0x80803200U);
    const ScreenPicture gray = for_screen(picture_of(2, 1, Channels::gray_alpha, {7, 255, 9, 0}));
    assert_int_equal(gray.pixels.at(0), 0xff070707U);
    assert_int_equal(gray.pixels.at(1), 0U);
}

}  // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(small_pictures_stay_as_they_are),
        cmocka_unit_test(the_longer_side_counts_and_none_vanishes),
        cmocka_unit_test(pixels_are_means),
        cmocka_unit_test(each_mean_is_that_of_all_its_pixels),
        cmocka_unit_test(transparent_pixels_lend_no_colour),
        cmocka_unit_test(a_png_comes_back_as_it_was),
        cmocka_unit_test(the_screen_wants_premultiplied_colours),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
