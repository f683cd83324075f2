// SPDX-License-Identifier: MIT
// One thread decodes what arrives while another reads the rows. Under ThreadSanitizer (tests/run threads) a data race ends the program.
#include "expectations.hpp"

#include "decoding/progressive_decoder.hpp"

#include <algorithm>
#include <thread>

using namespace venice_gimp;
using namespace venice_gimp::test;
using State = ProgressiveImage::State;

namespace {

/// Waits for rows and copies each as soon as it is there, as one does who writes them into a layer.
Bytes copied_as_they_come(const ProgressiveImage& image)
{
    Bytes copy;
    for (bool is_last = false; !is_last;) {
        is_last = image.state() != State::arriving; // asked first: what it promises is there afterwards
        const int rows = image.published_rows();
        if (rows > 0) {
            const DecodedImage& picture = *image.picture();
            const std::size_t row_size = picture.pixels.size() / static_cast<std::size_t>(picture.height);
            const auto rows_end = picture.pixels.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(rows) * row_size);
            copy.insert(copy.end(), picture.pixels.begin() + static_cast<std::ptrdiff_t>(copy.size()), rows_end);
        }
        std::this_thread::yield();
    }
    return copy;
}

void feed_in_pieces(ProgressiveDecoder& decoder, std::span<const std::byte> file)
{
    constexpr std::size_t piece = 1000;
    for (std::size_t arrived = 0; arrived < file.size();) {
        arrived = std::min(arrived + piece, file.size());
        decoder.feed(file.first(arrived));
        std::this_thread::yield();
    }
    decoder.finish();
}

void rows_are_read_while_others_are_decoded(void**)
{
    const DecodedImage image = pattern(200, 500, Channels::rgb);
    const Bytes profile = plausible_profile("RGB ");
    for (const Bytes& file : {make_png(image, {.icc_profile = profile}), make_jpeg(image, {.icc_profile = profile}),
                              make_jpeg(image, {.progressive = true, .icc_profile = profile}),
                              make_webp(image, {.lossless = false, .icc_profile = profile})}) {
        ProgressiveDecoder decoder;
        Bytes copy;
        {
            const std::jthread reader([&copy, arriving = decoder.image()] { copy = copied_as_they_come(*arriving); });
            feed_in_pieces(decoder, file);
        }
        const DecodedImage whole = decode_image(file);
        assert_int_equal(static_cast<int>(decoder.image()->state()), static_cast<int>(State::complete));
        expect_same_bytes(copy, whole.pixels);
    }
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_while_others_are_decoded),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
