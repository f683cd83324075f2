// SPDX-License-Identifier: MIT
#include "checks.hpp"
#include "response/image_info.hpp"

using venice::sniff_image;

namespace {

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

template <std::size_t N>
Bytes raw(const char (&text)[N]) {
    return bytes_of(std::string_view(text, N - 1));
}

void expect_image(const Bytes& bytes, const char* media_type, int width, int height) {
    const auto info = sniff_image(bytes);
    assert_true(info.has_value());
    assert_string_equal(info->media_type, media_type);
    assert_int_equal(info->width, width);
    assert_int_equal(info->height, height);
}

void expect_no_image(const Bytes& bytes) { assert_false(sniff_image(bytes).has_value()); }

// Every shorter beginning is no image, and what comes behind does not matter.
void expect_image_from(const Bytes& bytes, std::size_t needed, const char* media_type, int width, int height) {
    for (std::size_t length = 0; length < needed; ++length) {
        expect_no_image(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)));
    }
    for (std::size_t length = needed; length <= bytes.size(); ++length) {
        expect_image(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)), media_type, width, height);
    }
}

Bytes png(const Bytes& width, const Bytes& height) {
    return joined({raw("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR"), width, height, raw("\x08\x06\0\0\0\x12\x34\x56\x78\0\0\0\0IEND")});
}

Bytes frame_header(std::uint8_t marker) { return {0xFF, marker, 0x00, 0x11, 0x08, 0x01, 0x2C, 0x02, 0x58, 0x03}; }  // 600 x 300

const Bytes jpeg_start = raw("\xFF\xD8");
const Bytes app0 = raw("\xFF\xE0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
// An EXIF block with a preview: its own frame header is not the image's.
const Bytes app1_with_preview = raw("\xFF\xE1\x00\x16" "Exif\0\0" "\xFF\xD8\xFF\xC0\x00\x11\x08\x00\x07\x00\x09\x03" "xx");
const Bytes huffman_table = raw("\xFF\xC4\x00\x05\x00\x01\x02");
const Bytes arithmetic_conditioning = raw("\xFF\xCC\x00\x04\x00\x01");

Bytes webp(const Bytes& chunk) { return joined({raw("RIFF\x24\0\0\0WEBP"), chunk}); }

void reads_png(void**) {
    expect_image_from(png(raw("\0\0\x05\x00"), raw("\0\0\x02\xD0")), 24, "image/png", 1280, 720);
    expect_image(png(raw("\x7F\xFF\xFF\xFF"), raw("\0\0\0\x01")), "image/png", 0x7FFFFFFF, 1);
}

void refuses_wrong_png(void**) {
    expect_no_image(png(raw("\0\0\0\0"), raw("\0\0\0\x01")));
    expect_no_image(png(raw("\0\0\0\x01"), raw("\0\0\0\0")));
    expect_no_image(png(raw("\x80\0\0\0"), raw("\0\0\0\x01")));
    Bytes other_chunk = png(raw("\0\0\0\x01"), raw("\0\0\0\x01"));
    other_chunk[12] = 'x';
    expect_no_image(other_chunk);
    Bytes line_ends_changed = png(raw("\0\0\0\x01"), raw("\0\0\0\x01"));
    line_ends_changed.erase(line_ends_changed.begin() + 4);
    expect_no_image(line_ends_changed);
}

void reads_jpeg(void**) {
    const Bytes plain = joined({jpeg_start, app0, frame_header(0xC0)});
    expect_image_from(plain, plain.size() - 1, "image/jpeg", 600, 300);
    for (const int marker : {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}) {
        expect_image(joined({jpeg_start, app0, frame_header(static_cast<std::uint8_t>(marker))}), "image/jpeg", 600, 300);
    }
}

void skips_other_jpeg_segments(void**) {
    const Bytes all = joined({jpeg_start, app1_with_preview, huffman_table, arithmetic_conditioning, raw("\xFF\xFE\x00\x02"), raw("\xFF\xFF\xFF"), frame_header(0xC2)});
    expect_image_from(all, all.size() - 1, "image/jpeg", 600, 300);
}

void refuses_wrong_jpeg(void**) {
    expect_no_image(joined({jpeg_start, app0}));
    expect_no_image(joined({jpeg_start, app0, raw("no marker here"), frame_header(0xC0)}));
    expect_no_image(joined({jpeg_start, raw("\xFF\xE0\xFF\xFF"), frame_header(0xC0)}));
    expect_no_image(joined({jpeg_start, raw("\xFF\xE0\0\0\0\0"), frame_header(0xC0)}));
    Bytes without_height = joined({jpeg_start, frame_header(0xC0)});
    without_height[7] = without_height[8] = 0;
    expect_no_image(without_height);
    expect_no_image(Bytes(1000, 0xFF));
}

void reads_lossy_webp(void**) {
    // The two highest bits are a scale, not part of the size.
    expect_image_from(webp(raw("VP8 \x10\0\0\0\x30\x01\0\x9D\x01\x2A\x00\x45\xD0\x82" "data")), 30, "image/webp", 1280, 720);
}

void reads_lossless_webp(void**) {
    // 14 bits of width - 1, then 14 of height - 1.
    expect_image_from(webp(raw("VP8L\x10\0\0\0\x2F\xFF\xC4\xB3\x10" "data")), 25, "image/webp", 1280, 720);
}

void reads_extended_webp(void**) {
    // 24 bits each, minus 1.
    expect_image_from(webp(raw("VP8X\x0A\0\0\0\x10\0\0\0\xFF\x04\0\xCF\x02\0" "data")), 30, "image/webp", 1280, 720);
}

void refuses_wrong_webp(void**) {
    expect_no_image(webp(raw("VP8 \x10\0\0\0\x30\x01\0\x9D\x01\x2B\x00\x05\xD0\x02" "data")));
    expect_no_image(webp(raw("VP8L\x10\0\0\0\x2E\xFF\xC4\xB3\x10" "data and more")));
    expect_no_image(webp(raw("ALPH\x10\0\0\0\x2F\xFF\xC4\xB3\x10" "data and more")));
    expect_no_image(webp(raw("VP8 \x10\0\0\0\x30\x01\0\x9D\x01\x2A\0\0\0\0" "data")));
    expect_no_image(joined({raw("RIFF\x24\0\0\0WAVE"), raw("VP8X\x0A\0\0\0\x10\0\0\0\xFF\x04\0\xCF\x02\0")}));
}

void refuses_everything_else(void**) {
    for (const std::string_view text : {"", "G", "GIF89a\x01\x00\x01\x00", "BM", "II*", "<svg xmlns=''>", "{\"images\":[]}", "text of some length that is no image"}) {
        expect_no_image(bytes_of(text));
    }
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(reads_png),
        cmocka_unit_test(refuses_wrong_png),
        cmocka_unit_test(reads_jpeg),
        cmocka_unit_test(skips_other_jpeg_segments),
        cmocka_unit_test(refuses_wrong_jpeg),
        cmocka_unit_test(reads_lossy_webp),
        cmocka_unit_test(reads_lossless_webp),
        cmocka_unit_test(reads_extended_webp),
        cmocka_unit_test(refuses_wrong_webp),
        cmocka_unit_test(refuses_everything_else),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
