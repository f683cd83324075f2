// SPDX-License-Identifier: MIT
//
// GIMP rotates on import for every format alike: it reads the EXIF block with Exiv2 and applies the
// orientation to the finished image (file_import_image). So this serves JPEG, PNG and WebP too.
#include "decoding/exif_orientation.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

namespace venice_gimp {

namespace {

constexpr std::size_t ifd_entry_size = 12;
constexpr std::uint32_t orientation_tag = 0x0112;
constexpr std::uint32_t type_short = 3;
constexpr std::uint32_t type_long = 4;

/// Bounds-checked numbers out of a TIFF structure in either byte order.
class TiffReader {
public:
    static std::optional<TiffReader> open(std::span<const std::byte> tiff)
    {
        if (tiff.size() < 8 || tiff[0] != tiff[1])
            return std::nullopt;
        if (tiff[0] != std::byte{'I'} && tiff[0] != std::byte{'M'})
            return std::nullopt;
        TiffReader reader(tiff, tiff[0] == std::byte{'M'});
        if (reader.u16(2) != 42U)
            return std::nullopt;
        return reader;
    }

    std::optional<std::uint32_t> u16(std::size_t offset) const { return number(offset, 2); }
    std::optional<std::uint32_t> u32(std::size_t offset) const { return number(offset, 4); }

private:
    TiffReader(std::span<const std::byte> tiff, bool big_endian) : tiff_(tiff), big_endian_(big_endian) {}

    std::optional<std::uint32_t> number(std::size_t offset, std::size_t length) const
    {
        if (offset > tiff_.size() || tiff_.size() - offset < length)
            return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < length; ++i) {
            const std::size_t place = big_endian_ ? i : length - 1 - i;
            value = (value << 8U) | std::to_integer<std::uint32_t>(tiff_[offset + place]);
        }
        return value;
    }

    std::span<const std::byte> tiff_;
    bool big_endian_;
};

std::span<const std::byte> without_exif_prefix(std::span<const std::byte> exif)
{
    constexpr char prefix[] = {'E', 'x', 'i', 'f', 0, 0};
    if (exif.size() >= sizeof prefix && std::memcmp(exif.data(), prefix, sizeof prefix) == 0)
        return exif.subspan(sizeof prefix);
    return exif;
}

std::optional<std::uint32_t> entry_value(const TiffReader& tiff, std::size_t entry)
{
    const auto type = tiff.u16(entry + 2);
    if (type == type_short)
        return tiff.u16(entry + 8);
    if (type == type_long)
        return tiff.u32(entry + 8);
    return std::nullopt;
}

std::optional<std::uint32_t> orientation_value(const TiffReader& tiff)
{
    const auto directory = tiff.u32(4);
    const auto count = directory ? tiff.u16(*directory) : std::nullopt;
    if (!count)
        return std::nullopt;
    for (std::size_t i = 0; i < *count; ++i) {
        const std::size_t entry = std::size_t{*directory} + 2 + i * ifd_entry_size;
        const auto tag = tiff.u16(entry);
        if (!tag)
            return std::nullopt;
        if (*tag == orientation_tag)
            return entry_value(tiff, entry);
    }
    return std::nullopt;
}

constexpr bool swaps_sides(Orientation orientation)
{
    return static_cast<int>(orientation) >= static_cast<int>(Orientation::transpose);
}

/// Which stored pixel belongs at (x, y) of the upright picture: start + x * per_column + y * per_row.
struct PixelWalk {
    std::ptrdiff_t start;
    std::ptrdiff_t per_column;
    std::ptrdiff_t per_row;
};

PixelWalk walk_for(Orientation orientation, std::ptrdiff_t width, std::ptrdiff_t height)
{
    const std::ptrdiff_t last_column = width - 1;
    const std::ptrdiff_t last_row = width * (height - 1);
    switch (orientation) {
    case Orientation::mirror:
        return {last_column, -1, width};
    case Orientation::rotate_180:
        return {last_row + last_column, -1, -width};
    case Orientation::flip:
        return {last_row, 1, -width};
    case Orientation::transpose:
        return {0, width, 1};
    case Orientation::rotate_90_clockwise:
        return {last_row, -width, 1};
    case Orientation::transverse:
        return {last_row + last_column, -width, -1};
    case Orientation::rotate_90_counterclockwise:
        return {last_column, width, -1};
    case Orientation::upright:
        break;
    }
    return {0, 1, width};
}

template <std::size_t PixelSize>
void copy_block(const std::byte* stored, const PixelWalk& walk, DecodedImage& upright, int left, int top, int side)
{
    const int right = std::min(left + side, upright.width);
    const int bottom = std::min(top + side, upright.height);
    for (int y = top; y < bottom; ++y) {
        std::byte* target = upright.pixels.data() +
                            (static_cast<std::size_t>(y) * static_cast<std::size_t>(upright.width) +
                             static_cast<std::size_t>(left)) *
                                PixelSize;
        for (int x = left; x < right; ++x, target += PixelSize) {
            const std::ptrdiff_t source = walk.start + x * walk.per_column + y * walk.per_row;
            std::memcpy(target, stored + source * static_cast<std::ptrdiff_t>(PixelSize), PixelSize);
        }
    }
}

/// In blocks, because one of the two pictures is read or written against the grain of the cache.
template <std::size_t PixelSize>
void copy_turned(const std::byte* stored, const PixelWalk& walk, DecodedImage& upright)
{
    constexpr int side = 32;
    for (int top = 0; top < upright.height; top += side)
        for (int left = 0; left < upright.width; left += side)
            copy_block<PixelSize>(stored, walk, upright, left, top, side);
}

} // namespace

Orientation exif_orientation(std::span<const std::byte> exif)
{
    const auto tiff = TiffReader::open(without_exif_prefix(exif));
    const auto value = tiff ? orientation_value(*tiff) : std::nullopt;
    if (!value || *value < 1 || *value > 8)
        return Orientation::upright;
    return static_cast<Orientation>(*value);
}

DecodedImage turned_upright(DecodedImage stored, Orientation orientation)
{
    if (orientation == Orientation::upright)
        return stored;

    DecodedImage upright;
    upright.width = swaps_sides(orientation) ? stored.height : stored.width;
    upright.height = swaps_sides(orientation) ? stored.width : stored.height;
    upright.channels = stored.channels;
    upright.icc_profile = std::move(stored.icc_profile);
    upright.pixels = PixelBytes(stored.pixels.size());

    const PixelWalk walk = walk_for(orientation, stored.width, stored.height);
    switch (stored.channels) {
    case Channels::gray:
        copy_turned<1>(stored.pixels.data(), walk, upright);
        break;
    case Channels::gray_alpha:
        copy_turned<2>(stored.pixels.data(), walk, upright);
        break;
    case Channels::rgb:
        copy_turned<3>(stored.pixels.data(), walk, upright);
        break;
    case Channels::rgb_alpha:
        copy_turned<4>(stored.pixels.data(), walk, upright);
        break;
    }
    return upright;
}

} // namespace venice_gimp
