// SPDX-License-Identifier: MIT
#include "expectations.hpp"

using namespace venice_gimp;
using namespace venice_gimp::test;
using Kind = DecodeError::Kind;

namespace {

void gray_and_rgb_come_back(void**)
{
    for (const Channels channels : {Channels::gray, Channels::rgb})
        for (const bool progressive : {false, true})
            for (const int side : {1, 7, 8, 33, 100}) {
                const DecodedImage image = pattern(side, side + 3, channels);
                const Bytes jpeg = make_jpeg(image, {.progressive = progressive});
                const DecodedImage found = decode_image(jpeg);
                assert_int_equal(found.width, image.width);
                assert_int_equal(found.height, image.height);
                assert_int_equal(static_cast<int>(found.channels), static_cast<int>(channels));
                expect_same_bytes(found.pixels, jpeg_reference_pixels(jpeg));
            }
}

void rgb_stored_as_rgb_comes_back(void**)
{
    const Bytes jpeg = make_jpeg(numbered_blocks(Channels::rgb), {.stored_as_rgb = true});
    assert_string_equal(view_of(decode_image(jpeg)).c_str(), "12/34/56");
}

void arithmetic_coding_is_read_where_libjpeg_can(void**)
{
    const Bytes jpeg = make_jpeg(numbered_blocks(Channels::rgb), {.arithmetic = true});
    assert_string_equal(view_of(decode_image(jpeg)).c_str(), "12/34/56");
}

void cmyk_is_not_supported(void**)
{
    expect_failure(make_jpeg(pattern(16, 16, Channels::rgb_alpha), {.cmyk = true}), Kind::unsupported);
}

void twelve_bits_are_not_supported(void**)
{
    Bytes jpeg = make_jpeg(pattern(16, 16, Channels::gray));
    for (std::size_t i = 0; i + 4 < jpeg.size(); ++i)
        if (jpeg[i] == std::byte{0xff} && jpeg[i + 1] == std::byte{0xc0}) {
            jpeg[i + 1] = std::byte{0xc1}; // the extended process may have 12 bits
            jpeg[i + 4] = std::byte{12};
        }
    expect_failure(jpeg, Kind::unsupported);
}

void the_profile_comes_back(void**)
{
    // The large one needs several segments.
    for (const std::size_t size : {std::size_t{600}, std::size_t{200000}}) {
        const Bytes profile = plausible_profile("RGB ", size);
        expect_same_bytes(decode_image(make_jpeg(pattern(8, 8, Channels::rgb), {.icc_profile = profile})).icc_profile,
                          profile);
    }
    const Bytes gray_profile = plausible_profile("GRAY");
    expect_same_bytes(decode_image(make_jpeg(pattern(8, 8, Channels::gray), {.icc_profile = gray_profile})).icc_profile,
                      gray_profile);
}

void a_profile_for_other_colors_is_dropped(void**)
{
    for (const char* color_space : {"CMYK", "GRAY", "Lab "}) {
        const JpegOptions options = {.icc_profile = plausible_profile(color_space)};
        assert_true(decode_image(make_jpeg(pattern(8, 8, Channels::rgb), options)).icc_profile.empty());
    }
}

void a_broken_profile_is_dropped(void**)
{
    constexpr int app2 = 0xe2;
    const Bytes head = bytes_of("ICC_PROFILE") + Bytes(1);
    const Bytes jpeg = make_jpeg(pattern(8, 8, Channels::rgb));
    const Bytes second_of_three = head + bytes_of({2, 3}) + plausible_profile("RGB ");
    const Bytes numbered_zero = head + bytes_of({0, 1}) + plausible_profile("RGB ");
    const Bytes no_profile = head + bytes_of({1, 1}) + bytes_of("not a profile");
    for (const Bytes& segment : {second_of_three, numbered_zero, no_profile, head})
        assert_true(decode_image(with_jpeg_segment(jpeg, app2, segment)).icc_profile.empty());
}

void it_is_turned_upright(void**)
{
    for (int orientation = 1; orientation <= 8; ++orientation)
        for (const Channels channels : {Channels::gray, Channels::rgb}) {
            const JpegOptions options = {.exif = exif_with_orientation(orientation, orientation % 2 == 0)};
            const DecodedImage found = decode_image(make_jpeg(numbered_blocks(channels), options));
            assert_string_equal(view_of(found).c_str(), upright_view(orientation).c_str());
        }
}

void other_app1_segments_do_not_hide_the_exif(void**)
{
    constexpr int app1 = 0xe1;
    const Bytes jpeg = make_jpeg(numbered_blocks(Channels::rgb), {.exif = exif_with_orientation(6)});
    const Bytes with_xmp = with_jpeg_segment(jpeg, app1, bytes_of("http://ns.adobe.com/xap/1.0/"));
    const Bytes with_empty = with_jpeg_segment(with_xmp, app1, {});
    assert_string_equal(view_of(decode_image(with_empty)).c_str(), upright_view(6).c_str());
}

void a_missing_end_marker_is_an_error(void**)
{
    for (const bool progressive : {false, true}) {
        Bytes jpeg = make_jpeg(pattern(16, 16, Channels::rgb), {.progressive = progressive});
        jpeg.resize(jpeg.size() - 2);
        expect_failure(jpeg, Kind::truncated);
    }
}

void a_hole_in_the_data_is_an_error(void**)
{
    Bytes jpeg = make_jpeg(pattern(200, 200, Channels::rgb));
    const auto middle = jpeg.begin() + static_cast<std::ptrdiff_t>(jpeg.size() / 2);
    jpeg.erase(middle, middle + 2000);
    assert_true(failure_of(jpeg).has_value());
}

/// Repeats the last scan of a progressive JPEG.
void endless_scans_are_an_error(void**)
{
    const Bytes jpeg = make_jpeg(pattern(64, 64, Channels::gray), {.progressive = true});
    std::size_t last_scan = 0;
    for (std::size_t i = 0; i + 1 < jpeg.size(); ++i)
        if (jpeg[i] == std::byte{0xff} && jpeg[i + 1] == std::byte{0xda})
            last_scan = i;
    const Bytes before(jpeg.begin(), jpeg.end() - 2);
    const Bytes scan(jpeg.begin() + static_cast<std::ptrdiff_t>(last_scan), jpeg.end() - 2);
    Bytes bomb = before;
    for (int i = 0; i < 200; ++i)
        bomb = bomb + scan;
    expect_failure(bomb + bytes_of({0xff, 0xd9}), Kind::corrupt);
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(gray_and_rgb_come_back),
        cmocka_unit_test(rgb_stored_as_rgb_comes_back),
        cmocka_unit_test(arithmetic_coding_is_read_where_libjpeg_can),
        cmocka_unit_test(cmyk_is_not_supported),
        cmocka_unit_test(twelve_bits_are_not_supported),
        cmocka_unit_test(the_profile_comes_back),
        cmocka_unit_test(a_profile_for_other_colors_is_dropped),
        cmocka_unit_test(a_broken_profile_is_dropped),
        cmocka_unit_test(it_is_turned_upright),
        cmocka_unit_test(other_app1_segments_do_not_hide_the_exif),
        cmocka_unit_test(a_missing_end_marker_is_an_error),
        cmocka_unit_test(a_hole_in_the_data_is_an_error),
        cmocka_unit_test(endless_scans_are_an_error),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
