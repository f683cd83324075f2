// SPDX-License-Identifier: MIT
// Decoding while the bytes arrive gives what decode_image() gives, or leaves it to that.
#include "expectations.hpp"
#include "progressive_agreement.hpp"

#include <png.h>

#include <algorithm>
#include <random>

using namespace venice_gimp;
using namespace venice_gimp::test;
using State = ProgressiveImage::State;
using Sizes = std::vector<std::size_t>;

namespace {

constexpr std::size_t all_at_once = std::size_t{1} << 40U;

/// Ways in which a transfer may cut a file.
const std::vector<Sizes>& ways_to_cut()
{
    static const std::vector<Sizes> ways = [] {
        std::mt19937 random(20261126);
        Sizes any;
        for (int i = 0; i < 100; ++i)
            any.push_back(1 + random() % 200);
        return std::vector<Sizes>{{1}, {2}, {3}, {7}, {11, 1}, {64}, {1000}, any, {all_at_once}};
    }();
    return ways;
}

struct Sample {
    const char* name;
    Bytes file;
};

const Bytes& rgb_profile()
{
    static const Bytes profile = plausible_profile("RGB ", 3000);
    return profile;
}

PngRows png_rows(int color_type, int bit_depth, std::size_t row_size)
{
    PngRows image;
    image.width = 16;
    image.height = 40;
    image.bit_depth = bit_depth;
    image.color_type = color_type;
    for (std::size_t y = 0; y < 40; ++y) {
        image.rows.emplace_back();
        for (std::size_t x = 0; x < row_size; ++x)
            image.rows.back().push_back(static_cast<std::byte>((x * 37 + y * 91 + x * y) & 0xffU));
    }
    return image;
}

PngRows palette_rows(int bit_depth, const Bytes& alpha)
{
    PngRows image = png_rows(PNG_COLOR_TYPE_PALETTE, bit_depth, static_cast<std::size_t>(2 * bit_depth));
    image.palette.resize(3U << static_cast<unsigned int>(bit_depth));
    for (std::size_t i = 0; i < image.palette.size(); ++i)
        image.palette[i] = static_cast<std::byte>((i * 71) & 0xffU);
    image.palette_alpha = alpha;
    return image;
}

std::vector<Sample> row_by_row_png()
{
    const Bytes gray_profile = plausible_profile("GRAY", 500);
    const Bytes upright = exif_with_orientation(1);
    std::vector<Sample> samples = {
        {"gray", make_png(pattern(37, 41, Channels::gray), {.icc_profile = gray_profile})},
        {"gray with alpha", make_png(pattern(37, 41, Channels::gray_alpha))},
        {"RGB", make_png(pattern(37, 41, Channels::rgb), {.icc_profile = rgb_profile()})},
        {"RGBA", make_png(pattern(37, 41, Channels::rgb_alpha), {.gamma = 0.5})},
        {"one pixel", make_png(pattern(1, 1, Channels::rgb_alpha))},
        {"large", make_png(pattern(300, 300, Channels::rgb_alpha))},
        {"sRGB", make_png(pattern(5, 4, Channels::rgb), {.gamma = 0.45455, .srgb_chunk = true})},
        {"primaries", make_png(pattern(5, 4, Channels::rgb), {.srgb_primaries_chunk = true})},
        {"a profile for other colors", make_png(pattern(5, 4, Channels::rgb), {.icc_profile = gray_profile})},
        {"upright EXIF", make_png(pattern(5, 4, Channels::rgb), {.exif = upright})},
        {"upright EXIF behind", make_png(pattern(5, 4, Channels::rgb), {.exif = upright, .exif_after_pixels = true})},
        {"gray, 16 bits", make_png(png_rows(PNG_COLOR_TYPE_GRAY, 16, 32))},
        {"gray with alpha, 16 bits", make_png(png_rows(PNG_COLOR_TYPE_GRAY_ALPHA, 16, 64))},
        {"RGB, 16 bits", make_png(png_rows(PNG_COLOR_TYPE_RGB, 16, 96))},
        {"RGBA, 16 bits", make_png(png_rows(PNG_COLOR_TYPE_RGB_ALPHA, 16, 128))},
        {"gray, 1 bit", make_png(png_rows(PNG_COLOR_TYPE_GRAY, 1, 2))},
        {"gray, 4 bits", make_png(png_rows(PNG_COLOR_TYPE_GRAY, 4, 8))},
        {"bytes behind", make_png(pattern(5, 4, Channels::rgb)) + bytes_of("\nmore")},
    };
    for (const int depth : {1, 2, 4, 8}) {
        samples.push_back({"palette", make_png(palette_rows(depth, {}))});
        samples.push_back({"palette with alpha", make_png(palette_rows(depth, bytes_of({0, 128})))});
    }
    PngRows transparent = png_rows(PNG_COLOR_TYPE_GRAY, 2, 4);
    transparent.transparent_gray = 2;
    samples.push_back({"transparent gray", make_png(transparent)});
    return samples;
}

std::vector<Sample> row_by_row_jpeg()
{
    const DecodedImage rgb = pattern(61, 83, Channels::rgb);
    const DecodedImage gray = pattern(61, 83, Channels::gray);
    const Bytes jpeg = make_jpeg(rgb);
    constexpr int comment = 0xfe;
    return {
        {"RGB", make_jpeg(rgb, {.icc_profile = rgb_profile()})},
        {"gray", make_jpeg(gray, {.icc_profile = plausible_profile("GRAY")})},
        {"progressive", make_jpeg(rgb, {.progressive = true, .icc_profile = rgb_profile()})},
        {"progressive gray", make_jpeg(gray, {.progressive = true})},
        {"stored as RGB", make_jpeg(rgb, {.stored_as_rgb = true})},
        {"one pixel", make_jpeg(pattern(1, 1, Channels::rgb))},
        {"large", make_jpeg(pattern(300, 300, Channels::rgb))},
        {"large profile", make_jpeg(pattern(8, 8, Channels::rgb), {.icc_profile = plausible_profile("RGB ", 100000)})},
        {"a profile for other colors", make_jpeg(rgb, {.icc_profile = plausible_profile("CMYK")})},
        {"upright EXIF", make_jpeg(rgb, {.exif = exif_with_orientation(1)})},
        {"a comment", with_jpeg_segment(jpeg, comment, Bytes(5000, std::byte{0xff}))},
        {"bytes behind", jpeg + bytes_of("\nmore")},
    };
}

Bytes make_lossy_webp(const DecodedImage& image, WebpOptions options = {})
{
    options.lossless = false;
    return make_webp(image, options);
}

std::vector<Sample> row_by_row_webp()
{
    const DecodedImage image = pattern(61, 83, Channels::rgb);
    return {
        {"plain", make_lossy_webp(image)},
        {"profile", make_lossy_webp(image, {.icc_profile = rgb_profile()})},
        {"odd profile", make_lossy_webp(image, {.icc_profile = plausible_profile("RGB ", 301)})}, // the chunk is padded
        {"a profile for other colors", make_lossy_webp(image, {.icc_profile = plausible_profile("GRAY")})},
        {"upright EXIF", make_lossy_webp(image, {.exif = exif_with_orientation(1)})},
        {"one pixel", make_lossy_webp(pattern(1, 1, Channels::rgb))},
        {"large", make_lossy_webp(pattern(120, 120, Channels::rgb))},
        {"wide, for which libwebp has a second thread", make_lossy_webp(pattern(520, 90, Channels::rgb))},
        {"four partitions", make_lossy_webp(pattern(60, 120, Channels::rgb), {.partitions = 2})},
        {"bytes behind", make_lossy_webp(image) + bytes_of("\nmore")},
    };
}

void expect_no_complaint(const ProgressiveCheck& check, const char* name)
{
    if (!check.complaint().empty())
        print_error("%s: %s\n", name, check.complaint().c_str());
    assert_true(check.complaint().empty());
}

void expect_complete(const std::vector<Sample>& samples)
{
    for (const auto& [name, file] : samples) {
        const auto whole = decoded_whole(file);
        assert_true(whole.has_value());
        for (const Sizes& sizes : ways_to_cut()) {
            ProgressiveCheck check(whole);
            check.feed_all(file, sizes);
            expect_no_complaint(check, name);
            if (check.end() != State::complete)
                print_error("%s: was not completed in pieces of %zu\n", name, sizes[0]);
            assert_int_equal(static_cast<int>(check.end()), static_cast<int>(State::complete));
        }
    }
}

void png_is_decoded_row_by_row(void**)
{
    expect_complete(row_by_row_png());
}

void jpeg_is_decoded_row_by_row(void**)
{
    expect_complete(row_by_row_jpeg());
}

void webp_is_decoded_row_by_row(void**)
{
    expect_complete(row_by_row_webp());
}

/// Of a picture 300 rows high.
void rows_come_before_the_last_bytes(void**)
{
    const DecodedImage image = pattern(300, 300, Channels::rgb);
    for (const Bytes& file : {make_png(image), make_jpeg(image), make_lossy_webp(image)}) {
        const auto whole = decoded_whole(file);
        ProgressiveCheck check(whole);
        check.feed_all(file, Sizes{file.size() * 9 / 10});
        expect_no_complaint(check, "nine tenths");
        if (check.rows_before_last_piece() < 200)
            print_error("only %d rows of nine tenths of the bytes\n", check.rows_before_last_piece());
        assert_true(check.rows_before_last_piece() >= 200);
    }
}

void the_header_comes_with_the_first_bytes(void**)
{
    const DecodedImage image = pattern(300, 200, Channels::rgb);
    for (const Bytes& file : {make_png(image, {.icc_profile = rgb_profile()}), make_jpeg(image, {.icc_profile = rgb_profile()}),
                              make_jpeg(image, {.progressive = true, .icc_profile = rgb_profile()}),
                              make_lossy_webp(image, {.icc_profile = rgb_profile()})}) {
        ProgressiveDecoder decoder;
        assert_null(decoder.image()->picture());
        decoder.feed(std::span(file).first(5000));
        const DecodedImage* picture = decoder.image()->picture();
        assert_non_null(picture);
        assert_int_equal(picture->width, 300);
        assert_int_equal(picture->height, 200);
        assert_int_equal(picture->pixels.size(), image.pixels.size());
        expect_same_bytes(picture->icc_profile, rgb_profile());

        decoder.feed(file);
        assert_int_equal(static_cast<int>(decoder.finish()), static_cast<int>(State::complete));
        assert_ptr_equal(decoder.image()->picture(), picture);
        assert_ptr_equal(complete_picture(decoder.image()).get(), picture);
    }
}

void the_picture_outlives_its_decoder(void**)
{
    const DecodedImage image = pattern(9, 7, Channels::rgb);
    std::shared_ptr<const DecodedImage> picture;
    {
        const Bytes file = make_png(image);
        ProgressiveDecoder decoder;
        decoder.feed(file);
        decoder.finish();
        picture = complete_picture(decoder.image());
    }
    expect_same_picture(*picture, image);
}

/// Two frames.
Bytes make_animated_png(const DecodedImage& picture)
{
    const auto frame_control = [&](std::uint32_t number) {
        return png_chunk("fcTL", big_endian_32(number) + big_endian_32(static_cast<std::uint32_t>(picture.width)) +
                                     big_endian_32(static_cast<std::uint32_t>(picture.height)) + Bytes(8) + bytes_of({0, 1, 0, 10, 0, 0}));
    };
    const auto chunk_at = [](const Bytes& png, const char* name) {
        const Bytes wanted = bytes_of(name);
        return std::search(png.begin(), png.end(), wanted.begin(), wanted.end()) - 4;
    };
    const Bytes still = make_png(picture);
    DecodedImage other = picture;
    std::reverse(other.pixels.begin(), other.pixels.end());
    const Bytes next = make_png(other);
    const auto data = chunk_at(still, "IDAT");
    const auto end = chunk_at(still, "IEND");
    const Bytes next_data(chunk_at(next, "IDAT") + 8, chunk_at(next, "IEND") - 4);
    return Bytes(still.begin(), data) + png_chunk("acTL", big_endian_32(2) + Bytes(4)) + frame_control(0) + Bytes(data, end) +
           frame_control(1) + png_chunk("fdAT", big_endian_32(2) + next_data) + Bytes(end, still.end());
}

/// Known early: no row is published.
void what_cannot_be_shown_row_by_row_is_left_whole(void**)
{
    const DecodedImage rgb = pattern(37, 29, Channels::rgb);
    const Bytes turned = exif_with_orientation(6);
    const Sample samples[] = {
        {"interlaced", make_png(rgb, {.interlaced = true})},
        {"animated PNG", make_animated_png(rgb)},
        {"turned PNG", make_png(rgb, {.exif = turned})},
        {"turned JPEG", make_jpeg(rgb, {.exif = turned})},
        {"turned progressive JPEG", make_jpeg(rgb, {.progressive = true, .exif = turned})},
        {"CMYK", make_jpeg(pattern(37, 29, Channels::rgb_alpha), {.cmyk = true})},
        {"lossless WebP", make_webp(rgb)},
        {"WebP with alpha", make_lossy_webp(pattern(37, 29, Channels::rgb_alpha))},
        {"animation", make_animated_webp(rgb, 50, 40, 4, 2)},
        {"animation that covers its canvas", make_animated_webp(rgb, 37, 29, 0, 0)},
        {"text", bytes_of("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>")},
        {"few bytes", bytes_of("\x89PNG")},
        {"nothing", {}},
    };
    for (const auto& [name, file] : samples) {
        const auto whole = decoded_whole(file);
        for (const Sizes& sizes : ways_to_cut()) {
            ProgressiveCheck check(whole);
            check.feed_all(file, sizes);
            expect_no_complaint(check, name);
            assert_int_equal(static_cast<int>(check.end()), static_cast<int>(State::needs_whole));
            assert_int_equal(check.published_rows(), 0);
        }
    }
}

void it_is_known_early_that_only_the_whole_will_do(void**)
{
    const DecodedImage rgb = pattern(100, 100, Channels::rgb);
    const Bytes turned = exif_with_orientation(3);
    for (const Bytes& file : {make_png(rgb, {.interlaced = true}), make_png(rgb, {.exif = turned}), make_jpeg(rgb, {.exif = turned}),
                              make_animated_webp(rgb, 200, 200, 2, 2)}) {
        ProgressiveDecoder decoder;
        decoder.feed(std::span(file).first(1000));
        assert_true(decoder.whole_only());
        assert_null(decoder.image()->picture());
    }
}

/// The rows were published before the block came that says so.
void what_is_turned_at_the_end_is_left_whole(void**)
{
    const DecodedImage rgb = pattern(37, 29, Channels::rgb);
    const Bytes turned = exif_with_orientation(6);
    for (const Bytes& file : {make_png(rgb, {.exif = turned, .exif_after_pixels = true}), make_lossy_webp(rgb, {.exif = turned})})
        for (const Sizes& sizes : ways_to_cut()) {
            const auto whole = decoded_whole(file);
            assert_true(whole.has_value());
            ProgressiveCheck check(whole);
            check.feed_all(file, sizes);
            expect_no_complaint(check, "turned late");
            assert_int_equal(static_cast<int>(check.end()), static_cast<int>(State::needs_whole));
        }
}

/// Where libwebp's incremental decoder would read something else than its decoder of whole frames: the first byte of the
/// last partition with coefficients is none that an encoder writes.
void a_partition_that_begins_impossibly_is_left_whole(void**)
{
    for (const int logarithm : {0, 1, 2, 3}) {
        Bytes file = make_lossy_webp(pattern(61, 183, Channels::rgb), {.partitions = logarithm});
        const auto octet = [&file](std::size_t at) { return std::to_integer<std::size_t>(file.at(at)); };
        const auto size_at = [&octet](std::size_t at) { return octet(at) | octet(at + 1) << 8U | octet(at + 2) << 16U; };
        constexpr std::size_t frame = 20;
        const std::size_t sizes = frame + 10 + (size_at(frame) >> 5U);
        const std::size_t count = std::size_t{1} << static_cast<unsigned int>(logarithm);
        std::size_t last = sizes + 3 * (count - 1);
        for (std::size_t i = 0; i + 1 < count; ++i)
            last += size_at(sizes + 3 * i);
        file.at(last) = std::byte{0xff};
        const auto whole = decoded_whole(file);
        for (const Sizes& sizes_of_pieces : ways_to_cut()) {
            ProgressiveCheck check(whole);
            check.feed_all(file, sizes_of_pieces);
            expect_no_complaint(check, "a first byte of 255");
            assert_int_equal(static_cast<int>(check.end()), static_cast<int>(State::needs_whole));
            assert_int_equal(check.published_rows(), 0);
        }
    }
}

void limits_hold(void**)
{
    const DecodedImage image = pattern(20, 10, Channels::rgb);
    for (const Bytes& file : {make_png(image), make_jpeg(image), make_lossy_webp(image)}) {
        for (const DecodeLimits& limits : {DecodeLimits{.max_side = 19, .max_pixels = 1000}, DecodeLimits{.max_side = 100, .max_pixels = 199}}) {
            ProgressiveDecoder decoder(limits);
            decoder.feed(file);
            assert_true(decoder.whole_only());
            assert_null(decoder.image()->picture());
        }
        ProgressiveDecoder decoder({.max_side = 20, .max_pixels = 200});
        decoder.feed(file);
        assert_int_equal(static_cast<int>(decoder.finish()), static_cast<int>(State::complete));
    }
}

/// What was fed is the file up to a cut; then the bytes end.
void a_file_cut_anywhere_is_never_complete(void**)
{
    for (const std::vector<Sample>& samples : {row_by_row_png(), row_by_row_jpeg(), row_by_row_webp()})
        for (const auto& [name, file] : samples) {
            const std::size_t step = file.size() > 3000 ? file.size() / 60 : 1;
            for (std::size_t size = 0; size < file.size(); size += size + 50 > file.size() ? 1 : step) {
                const auto cut = std::span(file).first(size);
                const auto whole = decoded_whole(cut); // only without the bytes behind it is whole
                ProgressiveCheck check(whole);
                check.feed_all(cut, Sizes{1000});
                if (!check.complaint().empty())
                    print_error("cut at %zu of %zu\n", size, file.size());
                expect_no_complaint(check, name);
            }
        }
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(png_is_decoded_row_by_row),
        cmocka_unit_test(jpeg_is_decoded_row_by_row),
        cmocka_unit_test(webp_is_decoded_row_by_row),
        cmocka_unit_test(rows_come_before_the_last_bytes),
        cmocka_unit_test(the_header_comes_with_the_first_bytes),
        cmocka_unit_test(the_picture_outlives_its_decoder),
        cmocka_unit_test(what_cannot_be_shown_row_by_row_is_left_whole),
        cmocka_unit_test(it_is_known_early_that_only_the_whole_will_do),
        cmocka_unit_test(what_is_turned_at_the_end_is_left_whole),
        cmocka_unit_test(a_partition_that_begins_impossibly_is_left_whole),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(a_file_cut_anywhere_is_never_complete),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
