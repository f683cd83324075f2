// SPDX-License-Identifier: MIT
#pragma once

#include "cmocka_for_cpp.hpp"
#include "image_makers.hpp"

namespace venice_gimp::test {

/// nullopt: the image was decoded after all.
inline std::optional<DecodeError::Kind> failure_of(std::span<const std::byte> bytes, const DecodeLimits& limits = {})
{
    try {
        decode_image(bytes, limits);
    } catch (const DecodeError& error) {
        return error.kind();
    }
    return std::nullopt;
}

inline void expect_failure(std::span<const std::byte> bytes, DecodeError::Kind kind, const DecodeLimits& limits = {})
{
    const auto failure = failure_of(bytes, limits);
    assert_true(failure.has_value());
    assert_int_equal(static_cast<int>(*failure), static_cast<int>(kind));
}

inline void expect_same_bytes(std::span<const std::byte> found, std::span<const std::byte> wanted)
{
    assert_int_equal(found.size(), wanted.size());
    if (!wanted.empty())
        assert_memory_equal(found.data(), wanted.data(), wanted.size());
}

inline void expect_same_picture(const DecodedImage& found, const DecodedImage& wanted)
{
    assert_int_equal(found.width, wanted.width);
    assert_int_equal(found.height, wanted.height);
    assert_int_equal(static_cast<int>(found.channels), static_cast<int>(wanted.channels));
    expect_same_bytes(found.pixels, wanted.pixels);
}

/// Six blocks of gray, numbered 1 to 6, stored as "12/34/56". Large enough for lossy formats.
inline DecodedImage numbered_blocks(Channels channels)
{
    constexpr int block = 16;
    DecodedImage image = pattern(2 * block, 3 * block, channels);
    const auto count = static_cast<std::size_t>(channel_count(channels));
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        const auto x = static_cast<int>(i / count) % image.width;
        const auto y = static_cast<int>(i / count) / image.width;
        const int number = 1 + x / block + 2 * (y / block);
        const bool is_alpha = has_alpha(channels) && i % count == count - 1;
        image.pixels[i] = static_cast<std::byte>(is_alpha ? 200 : number * 40);
    }
    return image;
}

/// Reads the numbers back.
inline std::string view_of(const DecodedImage& image)
{
    constexpr int block = 16;
    std::string view;
    for (int y = block / 2; y < image.height; y += block) {
        view += view.empty() ? "" : "/";
        for (int x = block / 2; x < image.width; x += block) {
            const auto index = static_cast<std::size_t>((y * image.width + x) * channel_count(image.channels));
            view += std::to_string((std::to_integer<int>(image.pixels[index]) + 20) / 40);
        }
    }
    return view;
}

/// What an image with six numbered pixels, stored as "1 2 / 3 4 / 5 6", must look like upright.
inline std::string upright_view(int orientation)
{
    static const char* const views[] = {"12/34/56", "21/43/65", "65/43/21", "56/34/12",
                                        "135/246",  "531/642",  "642/531",  "246/135"};
    return views[orientation - 1];
}

inline constexpr Channels all_channels[] = {Channels::gray, Channels::gray_alpha, Channels::rgb, Channels::rgb_alpha};

} // namespace venice_gimp::test
