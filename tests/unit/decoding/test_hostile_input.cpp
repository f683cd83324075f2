// SPDX-License-Identifier: MIT
// Files that were cut, damaged or made to hurt.
#include "expectations.hpp"
#include "progressive_agreement.hpp"

#include <random>

using namespace venice_gimp;
using namespace venice_gimp::test;
using Kind = DecodeError::Kind;

namespace {

/// One small file of every kind, with a profile and an EXIF block where they can be.
std::vector<Bytes> small_files()
{
    const Bytes profile = plausible_profile("RGB ", 200);
    const Bytes exif = exif_with_orientation(6);
    const DecodedImage rgb = pattern(11, 9, Channels::rgb);
    const DecodedImage rgba = pattern(11, 9, Channels::rgb_alpha);
    const DecodedImage gray = pattern(11, 9, Channels::gray);
    return {
        make_png(rgb, {.icc_profile = profile, .exif = exif}),
        make_png(rgba, {.interlaced = true, .exif = exif, .exif_after_pixels = true, .gamma = 0.5}),
        make_png(gray),
        make_jpeg(rgb, {.icc_profile = profile, .exif = exif}),
        make_jpeg(rgb, {.progressive = true}),
        make_jpeg(gray),
        make_jpeg(rgb, {.arithmetic = true}),
        make_webp(rgb),
        make_webp(rgba, {.lossless = true, .icc_profile = profile, .exif = exif}),
        make_webp(rgb, {.lossless = false}),
        make_webp(rgba, {.lossless = false, .exif = exif}),
        make_animated_webp(rgb, 16, 16, 2, 2),
    };
}

void a_file_cut_anywhere_is_an_error(void**)
{
    for (const Bytes& file : small_files()) {
        assert_false(failure_of(file).has_value());
        for (std::size_t size = 0; size < file.size(); ++size) {
            // A copy of its own, so that a memory checker sees reads behind the cut.
            const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
            const auto failure = failure_of(cut);
            if (!failure)
                print_error("an image cut to %zu of %zu bytes was decoded\n", size, file.size());
            assert_true(failure.has_value());
        }
    }
}

void a_file_cut_in_its_pixels_is_called_truncated(void**)
{
    const DecodedImage image = pattern(100, 100, Channels::rgb);
    for (Bytes file : {make_png(image), make_jpeg(image), make_jpeg(image, {.progressive = true}), make_webp(image),
                       make_webp(image, {.lossless = false})}) {
        file.resize(file.size() / 2);
        expect_failure(file, Kind::truncated);
    }
}

class Mutator {
public:
    Bytes mutated(Bytes file)
    {
        const int changes = 1 + below(4);
        for (int i = 0; i < changes; ++i)
            mutate(file);
        return file;
    }

private:
    int below(std::size_t limit) { return static_cast<int>(random_() % limit); }

    void mutate(Bytes& file)
    {
        if (file.size() < 8)
            return;
        const auto position = static_cast<std::size_t>(below(file.size() - 4));
        switch (below(6)) {
        case 0:
            file[position] ^= static_cast<std::byte>(1U << (random_() % 8U));
            break;
        case 1:
            file[position] = static_cast<std::byte>(random_() & 0xffU);
            break;
        case 2:
            file[position] = std::byte{0xff};
            file[position + 1] = static_cast<std::byte>(random_() & 0xffU);
            break;
        case 3:
            file.resize(position);
            break;
        case 4:
            file.erase(file.begin() + static_cast<std::ptrdiff_t>(position));
            break;
        default:
            file.insert(file.begin() + static_cast<std::ptrdiff_t>(position), 3, static_cast<std::byte>(random_() & 0xffU));
            break;
        }
    }

    std::mt19937 random_{20240229};
};

/// Gives the chunks of a PNG right checksums again, so that damage gets past that first gate.
Bytes with_right_checksums(const Bytes& png)
{
    if (png.size() < 8)
        return png;
    Bytes result(png.begin(), png.begin() + 8);
    std::size_t offset = 8;
    while (offset + 12 <= png.size()) {
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i)
            length = (length << 8U) | std::to_integer<std::size_t>(png[offset + i]);
        if (length > png.size() - offset - 12)
            break;
        const auto start = png.begin() + static_cast<std::ptrdiff_t>(offset);
        const Bytes name(start + 4, start + 8);
        const Bytes content(start + 8, start + 8 + static_cast<std::ptrdiff_t>(length));
        result = result + png_chunk(std::string(reinterpret_cast<const char*>(name.data()), 4), content);
        offset += length + 12;
    }
    return result + Bytes(png.begin() + static_cast<std::ptrdiff_t>(offset), png.end());
}

/// Neither as a whole nor while they arrive, which must come to the same.
void expect_no_harm(const Bytes& damaged, const DecodeLimits& limits)
{
    const auto whole = decoded_whole(damaged, limits);
    ProgressiveCheck check(whole, limits);
    check.feed_all(damaged, std::vector<std::size_t>{40, 1, 7});
    if (!check.complaint().empty())
        print_error("%s\n", check.complaint().c_str());
    assert_true(check.complaint().empty());
}

void damaged_files_do_no_harm(void**)
{
    constexpr int rounds_per_file = 2000;
    const DecodeLimits limits = {.max_side = 4096, .max_pixels = 1 << 15};
    Mutator mutator;
    for (const Bytes& file : small_files())
        for (int round = 0; round < rounds_per_file; ++round) {
            const Bytes damaged = mutator.mutated(file);
            expect_no_harm(damaged, limits);
            if (file[0] == std::byte{0x89})
                expect_no_harm(with_right_checksums(damaged), limits);
        }
}

void a_huge_png_is_refused(void**)
{
    const Bytes signature = bytes_of({0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    const Bytes header = png_chunk("IHDR", big_endian_32(60000) + big_endian_32(60000) + bytes_of({8, 6, 0, 0, 0}));
    expect_failure(signature + header + png_chunk("IDAT", Bytes(10)) + png_chunk("IEND", {}), Kind::too_large);
    const Bytes endless = png_chunk("IHDR", big_endian_32(0x7fffffff) + big_endian_32(0x7fffffff) + bytes_of({16, 6, 0, 0, 0}));
    expect_failure(signature + endless, Kind::too_large);
    const Bytes empty = png_chunk("IHDR", big_endian_32(0) + big_endian_32(10) + bytes_of({8, 6, 0, 0, 0}));
    expect_failure(signature + empty, Kind::corrupt);
    // Within the side limit, beyond the pixel limit.
    const Bytes wide = png_chunk("IHDR", big_endian_32(32768) + big_endian_32(32768) + bytes_of({8, 6, 0, 0, 0}));
    expect_failure(signature + wide, Kind::too_large);
}

void a_huge_jpeg_is_refused(void**)
{
    for (const int side : {65535, 60000, 32767}) {
        Bytes jpeg = make_jpeg(pattern(8, 8, Channels::gray));
        for (std::size_t i = 0; i + 9 < jpeg.size(); ++i)
            if (jpeg[i] == std::byte{0xff} && jpeg[i + 1] == std::byte{0xc0})
                for (const std::size_t offset : {i + 5, i + 7}) {
                    jpeg[offset] = static_cast<std::byte>(side >> 8);
                    jpeg[offset + 1] = static_cast<std::byte>(side & 0xff);
                }
        expect_failure(jpeg, Kind::too_large);
    }
}

void a_huge_webp_is_refused(void**)
{
    const DecodedImage frame = pattern(6, 4, Channels::rgb);
    Bytes animated = make_animated_webp(frame, 6, 4, 0, 0);
    for (const std::size_t side : {std::size_t{24}, std::size_t{27}}) { // the canvas in VP8X, less one
        animated[side] = std::byte{0xfe};
        animated[side + 1] = std::byte{0xff};
    }
    expect_failure(animated, Kind::too_large);

    Bytes still = make_webp(frame, {.exif = exif_with_orientation(1)});
    for (const std::size_t side : {std::size_t{24}, std::size_t{27}}) {
        still[side] = std::byte{0xfe};
        still[side + 1] = std::byte{0xff};
    }
    assert_true(failure_of(still).has_value()); // canvas and picture contradict each other

    Bytes lossless = make_webp(frame);
    for (std::size_t i = 21; i < 24; ++i) // both sides 16384, the most that VP8L can say
        lossless[i] = std::byte{0xff};
    lossless[24] |= std::byte{0x0f};
    expect_failure(lossless, Kind::too_large);
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(a_file_cut_anywhere_is_an_error),
        cmocka_unit_test(a_file_cut_in_its_pixels_is_called_truncated),
        cmocka_unit_test(damaged_files_do_no_harm),
        cmocka_unit_test(a_huge_png_is_refused),
        cmocka_unit_test(a_huge_jpeg_is_refused),
        cmocka_unit_test(a_huge_webp_is_refused),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
