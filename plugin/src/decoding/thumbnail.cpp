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

// The sums of columns over some rows, which one row of the small picture stands for. Colours count as much as they are
// opaque, so that what cannot be seen does not shine through at edges.
class ColumnSums {
public:
    explicit ColumnSums(const DecodedImage& picture)
        : channels_(static_cast<std::size_t>(channel_count(picture.channels))),
          has_alpha_(venice_gimp::has_alpha(picture.channels)),
          sums_(static_cast<std::size_t>(picture.width) * channels_)
    {
    }

    void clear() { std::fill(sums_.begin(), sums_.end(), 0U); }

    void add(const std::byte* row)
    {
        if (has_alpha_) {
            add_with_alpha(row);
        } else {
            add_opaque(row);
        }
    }

    // The mean of some columns, of so many rows.
    void write(const Range& columns, int rows, std::byte* pixel) const
    {
        std::array<std::uint64_t, max_channels> totals{};
        const std::uint32_t* from = sums_.data() + static_cast<std::size_t>(columns.begin) * channels_;
        for (int column = columns.begin; column < columns.end; ++column, from += channels_) {
            for (std::size_t c = 0; c < channels_; ++c) {
                totals[c] += from[c];
            }
        }
        const auto pixels = static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns.end - columns.begin);
        const std::size_t colors = has_alpha_ ? channels_ - 1 : channels_;
        const std::uint64_t weight = has_alpha_ ? totals[colors] : pixels;
        for (std::size_t c = 0; c < colors; ++c) {
            pixel[c] = std::byte(weight > 0 ? (totals[c] + weight / 2) / weight : 0);
        }
        if (has_alpha_) {
            pixel[colors] = std::byte((weight + pixels / 2) / pixels);
        }
    }

private:
    // Nearly all pictures. In blocks of a length that is known here, and which are nobody else's: for these, compilers
    // use vector instructions.
    void add_opaque(const std::byte* row)
    {
        std::array<std::byte, 64> block;
        std::size_t at = 0;
        for (; at + block.size() <= sums_.size(); at += block.size()) {
            std::copy_n(row + at, block.size(), block.begin());
            std::uint32_t* const sums = sums_.data() + at;
            for (std::size_t i = 0; i < block.size(); ++i) {
                sums[i] += std::to_integer<std::uint32_t>(block[i]);
            }
        }
        for (; at < sums_.size(); ++at) {
            sums_[at] += std::to_integer<std::uint32_t>(row[at]);
        }
    }

    void add_with_alpha(const std::byte* row)
    {
        for (std::size_t at = 0; at < sums_.size(); at += channels_) {
            const auto alpha = std::to_integer<std::uint32_t>(row[at + channels_ - 1]);
            for (std::size_t c = 0; c + 1 < channels_; ++c) {
                sums_[at + c] += std::to_integer<std::uint32_t>(row[at + c]) * alpha;
            }
            sums_[at + channels_ - 1] += alpha;
        }
    }

    std::size_t channels_;
    bool has_alpha_;
    std::vector<std::uint32_t> sums_;
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
    const std::size_t row_size = static_cast<std::size_t>(picture.width) * size;
    std::byte* to = small.pixels.data();
    ColumnSums sums(picture);
    for (int y = 0; y < small.height; ++y) {
        const Range rows = range_of(y, small.height, picture.height);
        sums.clear();
        for (int row = rows.begin; row < rows.end; ++row) {
            sums.add(picture.pixels.data() + static_cast<std::size_t>(row) * row_size);
        }
        for (int x = 0; x < small.width; ++x, to += size) {
            sums.write(range_of(x, small.width, picture.width), rows.end - rows.begin, to);
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
    png.flags = PNG_IMAGE_FLAG_FAST;  // a third of the time for a file that is a sixth larger
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
