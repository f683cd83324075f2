// SPDX-License-Identifier: MIT
#include "decoding/exif_orientation.hpp"
#include "expectations.hpp"

using namespace venice_gimp;
using namespace venice_gimp::test;

namespace {

int orientation_in(const Bytes& exif)
{
    return static_cast<int>(exif_orientation(exif));
}

void every_value_is_read(void**)
{
    for (const bool big_endian : {false, true})
        for (int value = 1; value <= 8; ++value) {
            const Bytes exif = exif_with_orientation(value, big_endian);
            assert_int_equal(orientation_in(exif), value);
            assert_int_equal(orientation_in(bytes_of({'E', 'x', 'i', 'f', 0, 0}) + exif), value);
        }
}

void other_values_are_upright(void**)
{
    for (const int value : {0, 9, 255})
        assert_int_equal(orientation_in(exif_with_orientation(value)), 1);
}

void the_entry_may_stand_behind_others_and_be_long(void**)
{
    const Bytes head = bytes_of({'I', 'I', 42, 0}) + little_endian_32(8) + bytes_of({2, 0});
    const Bytes width = bytes_of({0, 1, 3, 0}) + little_endian_32(1) + little_endian_32(640);
    const Bytes orientation = bytes_of({0x12, 1, 4, 0}) + little_endian_32(1) + little_endian_32(8);
    assert_int_equal(orientation_in(head + width + orientation), 8);
}

void a_text_as_orientation_is_upright(void**)
{
    const Bytes head = bytes_of({'I', 'I', 42, 0}) + little_endian_32(8) + bytes_of({1, 0});
    assert_int_equal(orientation_in(head + bytes_of({0x12, 1, 2, 0}) + little_endian_32(1) + little_endian_32(6)), 1);
}

void a_damaged_block_is_upright(void**)
{
    for (const bool big_endian : {false, true}) {
        const Bytes exif = exif_with_orientation(6, big_endian);
        constexpr std::size_t end_of_value = 20;
        for (std::size_t size = 0; size < end_of_value; ++size)
            assert_int_equal(orientation_in(Bytes(exif.begin(), exif.begin() + static_cast<std::ptrdiff_t>(size))), 1);
    }
    assert_int_equal(orientation_in(bytes_of({'I', 'M', 42, 0, 8, 0, 0, 0})), 1);
    assert_int_equal(orientation_in(bytes_of({'I', 'I', 43, 0, 8, 0, 0, 0, 0, 0})), 1);
    for (const std::uint32_t far_away : {9U, 1000U, 0x7fffffffU, 0xffffffffU})
        assert_int_equal(orientation_in(bytes_of({'I', 'I', 42, 0}) + little_endian_32(far_away)), 1);
    // As many entries as can be claimed, and none there.
    assert_int_equal(orientation_in(bytes_of({'I', 'I', 42, 0, 8, 0, 0, 0, 0xff, 0xff})), 1);
}

void pixels_are_turned_whatever_the_size(void**)
{
    for (const Channels channels : all_channels)
        for (int value = 1; value <= 8; ++value) {
            const DecodedImage stored = pattern(67, 41, channels);
            const DecodedImage upright = turned_upright(stored, static_cast<Orientation>(value));
            const auto size = static_cast<std::size_t>(channel_count(channels));
            const bool turned = value >= 5;
            assert_int_equal(upright.width, turned ? 41 : 67);
            assert_int_equal(upright.height, turned ? 67 : 41);
            for (int y = 0; y < upright.height; ++y)
                for (int x = 0; x < upright.width; ++x) {
                    // Undo it step by step, by the definition of the tag: sides, then directions.
                    int column = turned ? y : x;
                    int row = turned ? x : y;
                    if (value == 2 || value == 3 || value == 7 || value == 8)
                        column = stored.width - 1 - column;
                    if (value == 3 || value == 4 || value == 6 || value == 7)
                        row = stored.height - 1 - row;
                    const auto to = static_cast<std::size_t>(y * upright.width + x) * size;
                    const auto from = static_cast<std::size_t>(row * stored.width + column) * size;
                    assert_memory_equal(&upright.pixels[to], &stored.pixels[from], size);
                }
        }
}

void the_profile_stays(void**)
{
    DecodedImage stored = pattern(3, 2, Channels::rgb);
    stored.icc_profile = plausible_profile("RGB ");
    expect_same_bytes(turned_upright(stored, Orientation::transpose).icc_profile, stored.icc_profile);
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(every_value_is_read),
        cmocka_unit_test(other_values_are_upright),
        cmocka_unit_test(the_entry_may_stand_behind_others_and_be_long),
        cmocka_unit_test(a_text_as_orientation_is_upright),
        cmocka_unit_test(a_damaged_block_is_upright),
        cmocka_unit_test(pixels_are_turned_whatever_the_size),
        cmocka_unit_test(the_profile_stays),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
