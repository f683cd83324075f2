// SPDX-License-Identifier: MIT
#include "decoding/color_profile.hpp"
#include "expectations.hpp"

#include <cmath>
#include <limits>

using namespace venice_gimp;
using namespace venice_gimp::test;

namespace {

std::uint32_t number_at(const Bytes& profile, std::size_t offset)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = (value << 8U) | std::to_integer<std::uint32_t>(profile.at(offset + i));
    return value;
}

double fixed_at(const Bytes& profile, std::size_t offset)
{
    return static_cast<std::int32_t>(number_at(profile, offset)) / 65536.0;
}

/// Where a tag's data start; 0 if there is none.
std::size_t tag_offset(const Bytes& profile, const std::string& name)
{
    const std::uint32_t count = number_at(profile, 128);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::size_t entry = 132 + i * std::size_t{12};
        if (number_at(profile, entry) == number_at(bytes_of(name), 0)) {
            assert_true(number_at(profile, entry + 4) + number_at(profile, entry + 8) <= profile.size());
            assert_int_equal(number_at(profile, entry + 4) % 4, 0);
            return number_at(profile, entry + 4);
        }
    }
    return 0;
}

void expect_xyz(const Bytes& profile, const std::string& tag, double x, double y, double z)
{
    const std::size_t offset = tag_offset(profile, tag);
    assert_int_not_equal(offset, 0);
    assert_true(std::abs(fixed_at(profile, offset + 8) - x) < 0.0002);
    assert_true(std::abs(fixed_at(profile, offset + 12) - y) < 0.0002);
    assert_true(std::abs(fixed_at(profile, offset + 16) - z) < 0.0002);
}

void srgb_has_its_well_known_colorants(void**)
{
    const Bytes profile = profile_from_colorimetry({}, Channels::rgb);
    assert_int_equal(number_at(profile, 0), profile.size());
    assert_true(profile_suits(profile, Channels::rgb));
    expect_xyz(profile, "rXYZ", 0.4360, 0.2225, 0.0139);
    expect_xyz(profile, "gXYZ", 0.3851, 0.7169, 0.0971);
    expect_xyz(profile, "bXYZ", 0.1431, 0.0606, 0.7141);
    expect_xyz(profile, "wtpt", 0.9642, 1.0, 0.8249);
    assert_true(std::abs(fixed_at(profile, tag_offset(profile, "rTRC") + 12) - 2.4) < 0.0001);
}

void adobe_rgb_has_its_well_known_colorants(void**)
{
    const Primaries adobe = {{0.3127, 0.3290}, {0.64, 0.33}, {0.21, 0.71}, {0.15, 0.06}};
    const Bytes profile = profile_from_colorimetry({.gamma = 1 / 2.19921875, .primaries = adobe}, Channels::rgb_alpha);
    expect_xyz(profile, "rXYZ", 0.6097, 0.3111, 0.0195);
    expect_xyz(profile, "gXYZ", 0.2053, 0.6257, 0.0609);
    expect_xyz(profile, "bXYZ", 0.1492, 0.0632, 0.7446);
    for (const char* curve : {"rTRC", "gTRC", "bTRC"})
        assert_true(std::abs(fixed_at(profile, tag_offset(profile, curve) + 12) - 2.19921875) < 0.0001);
}

void gray_has_one_curve(void**)
{
    const Bytes profile = profile_from_colorimetry({.gamma = 0.5, .primaries = {}}, Channels::gray_alpha);
    assert_true(profile_suits(profile, Channels::gray));
    assert_false(profile_suits(profile, Channels::rgb));
    assert_true(std::abs(fixed_at(profile, tag_offset(profile, "kTRC") + 12) - 2.0) < 0.0001);
    assert_int_equal(tag_offset(profile, "rXYZ"), 0);
}

void impossible_colors_make_no_profile(void**)
{
    const Primaries on_a_line = {{0.3127, 0.3290}, {0.1, 0.1}, {0.2, 0.2}, {0.3, 0.3}};
    const Primaries no_luminance = {{0.3127, 0.0}, {0.64, 0.33}, {0.3, 0.6}, {0.15, 0.06}};
    const Primaries beyond = {{0.3127, 0.3290}, {21000, 21000}, {0.3, 0.6}, {0.15, 0.06}};
    for (const Primaries& primaries : {on_a_line, no_luminance, beyond, Primaries{}})
        assert_true(profile_from_colorimetry({.gamma = {}, .primaries = primaries}, Channels::rgb).empty());
    for (const double gamma : {0.0, -1.0, 1e-5, 21474.0, std::numeric_limits<double>::quiet_NaN()})
        assert_true(profile_from_colorimetry({.gamma = gamma, .primaries = {}}, Channels::rgb).empty());
}

void unsound_profiles_do_not_suit(void**)
{
    const Bytes good = plausible_profile("RGB ");
    assert_true(profile_suits(good, Channels::rgb));
    assert_false(profile_suits({}, Channels::rgb));
    assert_false(profile_suits(std::span(good).first(131), Channels::rgb));
    assert_false(profile_suits(std::span(good).first(good.size() - 1), Channels::rgb));
    Bytes no_signature = good;
    no_signature[36] = std::byte{'x'};
    assert_false(profile_suits(no_signature, Channels::rgb));
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(srgb_has_its_well_known_colorants),
        cmocka_unit_test(adobe_rgb_has_its_well_known_colorants),
        cmocka_unit_test(gray_has_one_curve),
        cmocka_unit_test(impossible_colors_make_no_profile),
        cmocka_unit_test(unsound_profiles_do_not_suit),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
