// SPDX-License-Identifier: MIT
#include "decoding/thumbnail.hpp"

#include <png.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

namespace venice_gimp {
namespace {

constexpr int max_channels = 4;

int scaled_side(int side, int longest, int longest_wanted)
{
    return std::max(1, static_cast<int>(static_cast<std::int64_t>(side) * longest_wanted / longest));
}

// The columns or rows of the source that pixel `index` of `count` stands for.
struct Range {
    int begin;
    int end;
};

Range range_of(int index, int count, int source)
{
    const auto at = [&](int i) { return static_cast<int>(static_cast<std::int64_t>(i) * source / count); };
    return {at(index), std::max(at(index) + 1, at(index + 1))};
}

// Colours count as much as they are opaque, so that what cannot be seen does not shine through at edges.
class Mean {
public:
    explicit Mean(Channels channels) : count_(channel_count(channels)), has_alpha_(venice_gimp::has_alpha(channels)) {}

    void add(const std::byte* pixel)
    {
        const auto alpha = has_alpha_ ? std::to_integer<std::uint64_t>(pixel[count_ - 1]) : 255U;
        const int colors = has_alpha_ ? count_ - 1 : count_;
        for (int c = 0; c < colors; ++c) {
            sums_[static_cast<std::size_t>(c)] += std::to_integer<std::uint64_t>(pixel[c]) * alpha;
        }
        alpha_ += alpha;
        ++pixels_;
    }

    void write(std::byte* pixel) const
    {
        const int colors = has_alpha_ ? count_ - 1 : count_;
        for (int c = 0; c < colors; ++c) {
            pixel[c] = std::byte(alpha_ > 0 ? (sums_[static_cast<std::size_t>(c)] + alpha_ / 2) / alpha_ : 0);
        }
        if (has_alpha_) {
            pixel[count_ - 1] = std::byte((alpha_ + pixels_ / 2) / pixels_);
        }
    }

private:
    int count_;
    bool has_alpha_;
    std::array<std::uint64_t, max_channels> sums_{};
    std::uint64_t alpha_ = 0;
    std::uint64_t pixels_ = 0;
};

} // namespace

DecodedImage scaled_down(const DecodedImage& picture, int longest_side)
{
    const int longest = std::max(picture.width, picture.height);
    if (longest <= longest_side) {
        return picture;
    }
    DecodedImage small;
    small.width = scaled_side(picture.width, longest, longest_side);
    small.height = scaled_side(picture.height, longest, longest_side);
    small.channels = picture.channels;
    small.icc_profile = picture.icc_profile;
    const auto size = static_cast<std::size_t>(channel_count(picture.channels));
    small.pixels = PixelBytes(static_cast<std::size_t>(small.width) * static_cast<std::size_t>(small.height) * size);
    std::byte* to = small.pixels.data();
    for (int y = 0; y < small.height; ++y) {
        const Range rows = range_of(y, small.height, picture.height);
        for (int x = 0; x < small.width; ++x, to += size) {
            const Range columns = range_of(x, small.width, picture.width);
            Mean mean(picture.channels);
            for (int row = rows.begin; row < rows.end; ++row) {
                const std::byte* from = picture.pixels.data() +
                    (static_cast<std::size_t>(row) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(columns.begin)) * size;
                for (int column = columns.begin; column < columns.end; ++column, from += size) {
                    mean.add(from);
                }
            }
            mean.write(to);
        }
    }
    return small;
}

std::vector<std::uint8_t> encode_png(const DecodedImage& picture)
{
    png_image png{};
    png.version = PNG_IMAGE_VERSION;
    png.width = static_cast<png_uint_32>(picture.width);
    png.height = static_cast<png_uint_32>(picture.height);
    png.format = (has_alpha(picture.channels) ? PNG_FORMAT_FLAG_ALPHA : 0U) | (is_gray(picture.channels) ? 0U : PNG_FORMAT_FLAG_COLOR);
    // What does not shrink grows by a filter byte for each row and a few bytes for each block.
    png_alloc_size_t size = picture.pixels.size() + picture.pixels.size() / 8 + static_cast<std::size_t>(picture.height) + 4096;
    std::vector<std::uint8_t> file(size);
    if (png_image_write_to_memory(&png, file.data(), &size, 0, picture.pixels.data(), 0, nullptr) == 0) {
        throw std::runtime_error(static_cast<const char*>(png.message));
    }
    file.resize(size);
    return file;
}

ScreenPicture for_screen(const DecodedImage& picture)
{
    ScreenPicture screen{picture.width, picture.height, {}};
    screen.pixels.reserve(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
    const int size = channel_count(picture.channels);
    const bool gray = is_gray(picture.channels);
    const bool alpha = has_alpha(picture.channels);
    const std::size_t bytes = picture.pixels.size();
    for (std::size_t at = 0; at + static_cast<std::size_t>(size) <= bytes; at += static_cast<std::size_t>(size)) {
        const auto value = [&](std::size_t channel) { return std::to_integer<std::uint32_t>(picture.pixels[at + channel]); };
        const std::uint32_t a = alpha ? value(static_cast<std::size_t>(size) - 1) : 255U;
        const auto premultiplied = [a](std::uint32_t v) { return (v * a + 127U) / 255U; };
        const std::uint32_t r = premultiplied(value(0));
        const std::uint32_t g = gray ? r : premultiplied(value(1));
        const std::uint32_t b = gray ? r : premultiplied(value(2));
        screen.pixels.push_back(a << 24U | r << 16U | g << 8U | b);
    }
    return screen;
}

} // namespace venice_gimp
