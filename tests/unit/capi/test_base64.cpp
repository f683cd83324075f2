// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <optional>

#include "checks.hpp"
#include "response/base64.hpp"

using venice::Base64Decoder;

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Bytes some_bytes(std::size_t count) {
    Bytes bytes(count);
    std::uint32_t state = 0x12345678;
    for (std::uint8_t& byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<std::uint8_t>(state >> 24);
    }
    return bytes;
}

// Bit by bit, as different from the decoder as can be.
std::string encoded(const Bytes& bytes) {
    std::string text;
    for (std::size_t bit = 0; bit < bytes.size() * 8; bit += 6) {
        unsigned value = 0;
        for (std::size_t i = bit; i < bit + 6; ++i) {
            value = value * 2 + (i / 8 < bytes.size() ? bytes[i / 8] >> (7 - i % 8) & 1U : 0U);
        }
        text += alphabet[value];
    }
    while (text.size() % 4 != 0) {
        text += '=';
    }
    return text;
}

std::optional<Bytes> decoded_with(venice::Base64Groups groups, const std::vector<std::string_view>& pieces) {
    std::size_t size = 0;
    for (const std::string_view piece : pieces) {
        size += piece.size();
    }
    Base64Decoder decoder(groups);
    venice::ImageBytes out(size);
    for (const std::string_view piece : pieces) {
        if (decoder.feed(piece, out) != piece.size()) {
            return std::nullopt;
        }
    }
    return decoder.complete() ? std::optional(bytes_of(out)) : std::nullopt;
}

// Nothing if the pieces are refused or end in the middle. All ways of decoding agree.
std::optional<Bytes> decoded(const std::vector<std::string_view>& pieces) {
    const auto by_table = decoded_with(&venice::decode_base64_groups, pieces);
    for (const venice::Base64Groups groups : venice::available_base64_groups()) {
        assert_true(decoded_with(groups, pieces) == by_table);
    }
    return by_table;
}

std::vector<std::string_view> characters(std::string_view text) {
    std::vector<std::string_view> pieces;
    for (std::size_t i = 0; i < text.size(); ++i) {
        pieces.push_back(text.substr(i, 1));
    }
    return pieces;
}

void decodes_every_length(void**) {
    for (std::size_t length = 0; length <= 130; ++length) {
        const Bytes bytes = some_bytes(length);
        assert_true(decoded({encoded(bytes)}) == bytes);
        assert_true(decoded(characters(encoded(bytes))) == bytes);
    }
}

// What a vector takes, how far it writes, and what is left of the text are the same wherever the text lies.
void vectors_agree_at_every_alignment(void**) {
    const Bytes bytes = some_bytes(150);
    const std::string good = encoded(bytes);
    std::string memory(64 + good.size(), '=');
    for (std::size_t shift = 0; shift < 64; ++shift) {
        std::copy(good.begin(), good.end(), memory.begin() + static_cast<std::ptrdiff_t>(shift));
        for (std::size_t length = 0; length <= good.size(); ++length) {
            const std::string_view text(memory.data() + shift, length);
            for (const venice::Base64Groups groups : venice::available_base64_groups()) {
                Bytes out(length / 4 * 3 + venice::ImageBytes::slack + shift);
                assert_int_equal(groups(text, out.data() + shift), length / 4 * 4);
                assert_memory_equal(out.data() + shift, bytes.data(), length / 4 * 3);
            }
        }
    }
}

// A vector stops before the group with a wrong character, and what it took is right.
void vectors_stop_where_the_table_does(void**) {
    const Bytes bytes = some_bytes(150);
    const std::string good = encoded(bytes);
    for (std::size_t position = 0; position < good.size(); ++position) {
        for (const char wrong : {'=', '"', '\\', '\0', '\x7F', '\x80', '\xAF', '\xFF', '-', '_', '.', ':', '@', '[', '`', '{'}) {
            std::string text = good;
            text[position] = wrong;
            for (const venice::Base64Groups groups : venice::available_base64_groups()) {
                Bytes out(bytes.size() + venice::ImageBytes::slack);
                assert_int_equal(groups(text, out.data()), position / 4 * 4);
                assert_memory_equal(out.data(), bytes.data(), position / 4 * 3);
            }
        }
    }
}

// Also where an image's space grows: in the middle of a vector, at the end of small buffers and of huge pages.
void decodes_long_texts_in_pieces_of_any_size(void**) {
    for (const std::size_t size : {49'000U, 66'000U, 300'000U, 2'200'000U}) {
        const Bytes bytes = some_bytes(size);
        const std::string text = encoded(bytes);
        for (const std::size_t piece : {16'381U, 131'071U, 3'000'000U}) {
            std::vector<std::string_view> pieces;
            for (std::size_t start = 0; start < text.size(); start += piece) {
                pieces.push_back(std::string_view(text).substr(start, piece));
            }
            assert_true(decoded(pieces) == bytes);
        }
    }
}

void decodes_every_byte_value(void**) {
    Bytes all(256);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i] = static_cast<std::uint8_t>(i);
    }
    assert_true(decoded({encoded(all)}) == all);
    assert_true(decoded({alphabet}).has_value());
}

void pieces_may_be_cut_anywhere(void**) {
    for (const std::size_t length : {0U, 1U, 2U, 3U, 22U, 23U, 24U}) {
        const Bytes bytes = some_bytes(length);
        const std::string whole = encoded(bytes);
        const std::string_view text = whole;
        for (std::size_t first = 0; first <= text.size(); ++first) {
            for (std::size_t second = first; second <= text.size(); ++second) {
                assert_true(decoded({text.substr(0, first), text.substr(first, second - first), text.substr(second)}) == bytes);
            }
        }
    }
}

void refuses_wrong_characters_at_every_place(void**) {
    const std::string good = encoded(some_bytes(36))  /* more than a vector */;
    for (int value = 0; value < 256; ++value) {
        const char wrong = static_cast<char>(value);
        if (alphabet.find(wrong) != std::string_view::npos || wrong == '=') {
            continue;
        }
        for (std::size_t position = 0; position < good.size(); ++position) {
            std::string text = good;
            text[position] = wrong;
            assert_false(decoded({text}).has_value());
            assert_false(decoded(characters(text)).has_value());
        }
    }
}

void takes_padding_only_where_it_belongs(void**) {
    for (const std::string_view good : {"", "AA==", "AAA=", "AAAA", "AAAAAA==", "AAAAAAA="}) {
        assert_true(decoded({good}).has_value());
        assert_true(decoded(characters(good)).has_value());
    }
    for (const std::string_view bad : {"=", "==", "===", "====", "A=", "A==", "A===", "AA=A", "AAA==", "AA===", "AAAA=", "AAAA==", "AAAA====", "AA==AA==",
                                       "AA==A", "AAA=AAAA", "AAA=="}) {
        assert_false(decoded({bad}).has_value());
        assert_false(decoded(characters(bad)).has_value());
    }
}

void sees_an_end_in_the_middle(void**) {
    for (const std::string_view part : {"A", "AA", "AAA", "AA=", "AAAAA", "AAAAAA", "AAAAAAA"}) {
        Base64Decoder decoder;
        venice::ImageBytes out(part.size());
        assert_int_equal(decoder.feed(part, out), part.size());
        assert_false(decoder.complete());
    }
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(decodes_every_length),
        cmocka_unit_test(vectors_agree_at_every_alignment),
        cmocka_unit_test(vectors_stop_where_the_table_does),
        cmocka_unit_test(decodes_long_texts_in_pieces_of_any_size),
        cmocka_unit_test(decodes_every_byte_value),
        cmocka_unit_test(pieces_may_be_cut_anywhere),
        cmocka_unit_test(refuses_wrong_characters_at_every_place),
        cmocka_unit_test(takes_padding_only_where_it_belongs),
        cmocka_unit_test(sees_an_end_in_the_middle),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
