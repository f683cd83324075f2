// SPDX-License-Identifier: MIT
#include "decoding/color_profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace venice_gimp {

namespace {

constexpr std::size_t header_size = 128;
constexpr std::size_t tag_entry_size = 12;

using Matrix = std::array<std::array<double, 3>, 3>;
using Vector = std::array<double, 3>;

/// The white point of ICC's connection space, as every profile header states it.
constexpr Vector d50 = {0.9642, 1.0, 0.8249};

constexpr Primaries srgb_primaries = {{0.3127, 0.3290}, {0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}};

constexpr Matrix bradford = {{{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}};

Matrix product(const Matrix& a, const Matrix& b)
{
    Matrix result{};
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t column = 0; column < 3; ++column)
            for (std::size_t i = 0; i < 3; ++i)
                result[row][column] += a[row][i] * b[i][column];
    return result;
}

Vector product(const Matrix& matrix, const Vector& vector)
{
    Vector result{};
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t i = 0; i < 3; ++i)
            result[row] += matrix[row][i] * vector[i];
    return result;
}

Matrix diagonal(const Vector& values)
{
    return {{{values[0], 0, 0}, {0, values[1], 0}, {0, 0, values[2]}}};
}

double cofactor(const Matrix& m, std::size_t row, std::size_t column)
{
    const std::size_t r1 = (row + 1) % 3;
    const std::size_t r2 = (row + 2) % 3;
    const std::size_t c1 = (column + 1) % 3;
    const std::size_t c2 = (column + 2) % 3;
    return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
}

std::optional<Matrix> inverse(const Matrix& m)
{
    double determinant = 0;
    for (std::size_t column = 0; column < 3; ++column)
        determinant += m[0][column] * cofactor(m, 0, column);
    if (!(std::abs(determinant) > 1e-9))
        return std::nullopt;
    Matrix result{};
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t column = 0; column < 3; ++column)
            result[row][column] = cofactor(m, column, row) / determinant;
    return result;
}

Vector to_xyz(const Chromaticity& color)
{
    return {color.x / color.y, 1.0, (1.0 - color.x - color.y) / color.y};
}

bool is_real(const Chromaticity& color)
{
    return color.x >= 0 && color.y > 1e-6 && color.x + color.y <= 1.0 + 1e-6;
}

Matrix adaptation_to_d50(const Vector& white)
{
    const Vector from = product(bradford, white);
    const Vector to = product(bradford, d50);
    const Matrix scale = diagonal({to[0] / from[0], to[1] / from[1], to[2] / from[2]});
    const Matrix back = inverse(bradford).value_or(Matrix{});  // it has one
    return product(back, product(scale, bradford));
}

/// The colorants: its columns are red, green and blue as seen under D50.
std::optional<Matrix> colorants(const Primaries& p)
{
    if (!is_real(p.white) || !is_real(p.red) || !is_real(p.green) || !is_real(p.blue))
        return std::nullopt;
    const Vector red = to_xyz(p.red);
    const Vector green = to_xyz(p.green);
    const Vector blue = to_xyz(p.blue);
    const Matrix columns = {{{red[0], green[0], blue[0]}, {red[1], green[1], blue[1]}, {red[2], green[2], blue[2]}}};
    const auto inverted = inverse(columns);
    if (!inverted)
        return std::nullopt;
    const Vector white = to_xyz(p.white);
    const Vector amounts = product(*inverted, white);
    return product(adaptation_to_d50(white), product(columns, diagonal(amounts)));
}

/// Appends ICC's big-endian numbers.
class ProfileWriter {
public:
    void u32(std::uint32_t value)
    {
        for (const unsigned shift : {24U, 16U, 8U, 0U})
            bytes_.push_back(static_cast<std::byte>((value >> shift) & 0xffU));
    }

    void u16(std::uint16_t value)
    {
        bytes_.push_back(static_cast<std::byte>(value >> 8U));
        bytes_.push_back(static_cast<std::byte>(value & 0xffU));
    }

    void fixed(double value) { u32(static_cast<std::uint32_t>(std::lround(value * 65536.0))); }

    void ascii(std::string_view text)
    {
        for (const char character : text)
            bytes_.push_back(static_cast<std::byte>(character));
    }

    void append(const std::vector<std::byte>& more) { bytes_.insert(bytes_.end(), more.begin(), more.end()); }

    void pad_to(std::size_t size) { bytes_.resize(size); }

    std::size_t size() const { return bytes_.size(); }
    std::vector<std::byte> take() { return std::move(bytes_); }

private:
    std::vector<std::byte> bytes_;
};

struct Tag {
    std::string_view signature;
    std::vector<std::byte> data;
};

std::vector<std::byte> text_data(std::string_view text)
{
    constexpr std::uint32_t record_size = 12;
    constexpr std::uint32_t text_offset = 28;
    ProfileWriter data;
    data.ascii("mluc");
    data.u32(0);
    data.u32(1);
    data.u32(record_size);
    data.ascii("enUS");
    data.u32(static_cast<std::uint32_t>(text.size() * 2));
    data.u32(text_offset);
    for (const char character : text)
        data.u16(static_cast<std::uint16_t>(character));
    return data.take();
}

std::vector<std::byte> xyz_data(const Vector& xyz)
{
    ProfileWriter data;
    data.ascii("XYZ ");
    data.u32(0);
    for (const double value : xyz)
        data.fixed(value);
    return data.take();
}

std::vector<std::byte> curve_data(const std::optional<double>& gamma)
{
    constexpr std::uint16_t power_law = 0;
    constexpr std::uint16_t power_law_with_linear_toe = 3;
    ProfileWriter data;
    data.ascii("para");
    data.u32(0);
    data.u16(gamma ? power_law : power_law_with_linear_toe);
    data.u16(0);
    if (gamma)
        data.fixed(1.0 / *gamma);
    else
        for (const double value : {2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045})
            data.fixed(value);
    return data.take();
}

Vector column(const Matrix& matrix, std::size_t index)
{
    return {matrix[0][index], matrix[1][index], matrix[2][index]};
}

std::vector<Tag> profile_tags(const Matrix& colorant, const std::optional<double>& gamma, Channels channels)
{
    std::vector<Tag> tags = {{"desc", text_data("From the PNG's gAMA and cHRM chunks")},
                             {"cprt", text_data("No copyright, use freely")},
                             {"wtpt", xyz_data(d50)}};
    if (is_gray(channels)) {
        tags.push_back({"kTRC", curve_data(gamma)});
        return tags;
    }
    tags.push_back({"rXYZ", xyz_data(column(colorant, 0))});
    tags.push_back({"gXYZ", xyz_data(column(colorant, 1))});
    tags.push_back({"bXYZ", xyz_data(column(colorant, 2))});
    for (const std::string_view signature : {"rTRC", "gTRC", "bTRC"})
        tags.push_back({signature, curve_data(gamma)});
    return tags;
}

constexpr std::size_t padded(std::size_t size)
{
    return (size + 3) / 4 * 4;
}

void write_header(ProfileWriter& profile, std::size_t total_size, Channels channels)
{
    profile.u32(static_cast<std::uint32_t>(total_size));
    profile.u32(0); // no preferred colour management module
    profile.u32(0x04300000); // version 4.3
    profile.ascii("mntr");
    profile.ascii(is_gray(channels) ? "GRAY" : "RGB ");
    profile.ascii("XYZ ");
    constexpr std::array<std::uint16_t, 6> fixed_date = {2020, 1, 1, 0, 0, 0}; // equal images get equal profiles
    for (const std::uint16_t part : fixed_date)
        profile.u16(part);
    profile.ascii("acsp");
    profile.pad_to(68); // platform, flags, device and rendering intent 0: perceptual
    for (const double value : d50)
        profile.fixed(value);
    profile.pad_to(header_size);
}

std::vector<std::byte> assemble(const std::vector<Tag>& tags, Channels channels)
{
    std::size_t offset = header_size + 4 + tags.size() * tag_entry_size;
    std::size_t total_size = offset;
    for (const Tag& tag : tags)
        total_size += padded(tag.data.size());

    ProfileWriter profile;
    write_header(profile, total_size, channels);
    profile.u32(static_cast<std::uint32_t>(tags.size()));
    for (const Tag& tag : tags) {
        profile.ascii(tag.signature);
        profile.u32(static_cast<std::uint32_t>(offset));
        profile.u32(static_cast<std::uint32_t>(tag.data.size()));
        offset += padded(tag.data.size());
    }
    for (const Tag& tag : tags) {
        profile.append(tag.data);
        profile.pad_to(padded(profile.size()));
    }
    return profile.take();
}

bool holds_at(std::span<const std::byte> profile, std::size_t offset, std::string_view signature)
{
    return std::memcmp(profile.data() + offset, signature.data(), signature.size()) == 0;
}

std::size_t declared_size(std::span<const std::byte> profile)
{
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i)
        size = (size << 8U) | std::to_integer<std::size_t>(profile[i]);
    return size;
}

} // namespace

bool profile_suits(std::span<const std::byte> profile, Channels channels)
{
    if (profile.size() < header_size + 4 || declared_size(profile) > profile.size())
        return false;
    return holds_at(profile, 36, "acsp") && holds_at(profile, 16, is_gray(channels) ? "GRAY" : "RGB ");
}

std::vector<std::byte> profile_from_colorimetry(const Colorimetry& colorimetry, Channels channels)
{
    // Gammas beyond these do not fit ICC's fixed-point numbers and describe no picture.
    if (colorimetry.gamma && !(*colorimetry.gamma > 0.001 && *colorimetry.gamma < 1000.0))
        return {};
    const auto colorant = colorants(colorimetry.primaries.value_or(srgb_primaries));
    if (!colorant)
        return {};
    return assemble(profile_tags(*colorant, colorimetry.gamma, channels), channels);
}

} // namespace venice_gimp
