// SPDX-License-Identifier: MIT
// What holds for every format: telling them apart, and the limits.
#include "expectations.hpp"

using namespace venice_gimp;
using namespace venice_gimp::test;
using Kind = DecodeError::Kind;

namespace {

void junk_is_no_image(void**)
{
    expect_failure({}, Kind::unknown_format);
    expect_failure(bytes_of("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"), Kind::unknown_format);
    expect_failure(bytes_of("{\"error\":\"too many requests\"}"), Kind::unknown_format);
    expect_failure(bytes_of("GIF89a, a picture of another kind"), Kind::unknown_format);
    expect_failure(Bytes(100000), Kind::unknown_format);
    expect_failure(Bytes(100000, std::byte{0xff}), Kind::unknown_format);
    expect_failure(bytes_of("RIFF\x10\x00\x00\x00WAVEfmt "), Kind::unknown_format);
}

void each_format_is_recognized(void**)
{
    const DecodedImage image = pattern(5, 4, Channels::rgb);
    assert_int_equal(decode_image(make_png(image)).width, 5);
    assert_int_equal(decode_image(make_jpeg(image)).width, 5);
    assert_int_equal(decode_image(make_webp(image)).width, 5);
}

void limits_hold_for_each_format(void**)
{
    const DecodedImage image = pattern(20, 10, Channels::rgb);
    for (const Bytes& bytes : {make_png(image), make_jpeg(image), make_webp(image)}) {
        expect_failure(bytes, Kind::too_large, {.max_side = 19, .max_pixels = 1000});
        expect_failure(bytes, Kind::too_large, {.max_side = 100, .max_pixels = 199});
        assert_false(failure_of(bytes, {.max_side = 20, .max_pixels = 200}).has_value());
    }
}

void an_error_is_a_sentence(void**)
{
    std::string sentence;
    try {
        decode_image(bytes_of("junk"));
    } catch (const std::runtime_error& error) {
        sentence = error.what();
    }
    assert_string_equal(sentence.c_str(), "The data are not a PNG, JPEG or WebP image.");
}

void bytes_behind_the_image_do_not_matter(void**)
{
    const DecodedImage image = pattern(20, 10, Channels::rgb);
    for (const Bytes& bytes : {make_png(image), make_jpeg(image), make_webp(image)})
        assert_false(failure_of(bytes + bytes_of("\n")).has_value());
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(junk_is_no_image),
        cmocka_unit_test(each_format_is_recognized),
        cmocka_unit_test(limits_hold_for_each_format),
        cmocka_unit_test(an_error_is_a_sentence),
        cmocka_unit_test(bytes_behind_the_image_do_not_matter),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
