// SPDX-License-Identifier: MIT
#include "response/base64.hpp"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace venice {
namespace {

constexpr std::uint32_t invalid = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(invalid);
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

constexpr auto values = make_values();

// Where byte `index` of a word lies in memory, as a shift.
constexpr int place(int index) { return std::endian::native == std::endian::little ? 8 * index : 24 - 8 * index; }

using Table = std::array<std::uint32_t, 256>;

// For each position in a group, what a character adds to the group's three bytes, ready to be stored; in the fourth byte, whether it is none of the alphabet.
constexpr std::array<Table, 4> make_tables() {
    std::array<Table, 4> tables{};
    for (int position = 0; position < 4; ++position) {
        for (std::size_t character = 0; character < 256; ++character) {
            std::uint32_t& entry = tables[static_cast<std::size_t>(position)][character];
            if (values[character] == invalid) {
                entry = std::uint32_t{1} << place(3);
                continue;
            }
            const std::uint32_t bits = std::uint32_t{values[character]} << (18 - 6 * position);
            for (int byte = 0; byte < 3; ++byte) {
                entry |= (bits >> (16 - 8 * byte) & 0xFF) << place(byte);
            }
        }
    }
    return tables;
}

constexpr auto tables = make_tables();

#if defined(__x86_64__)

// After W. Muła and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions" (2018): 32 characters at a time; what holds another
// character, and the end, is left to the table.
__attribute__((target("avx2"))) std::size_t decode_groups_avx2(std::string_view text, std::uint8_t* out) {
    // Which characters there are, by their high and low half: a bit that both have means "not in the alphabet".
    const __m256i low_classes = _mm256_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A,  //
                                                 0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A);
    const __m256i high_classes = _mm256_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,  //
                                                  0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
    // What to add to a character for its value, by its high half ("/" counts as one less).
    const __m256i offsets = _mm256_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0,  //
                                             0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i slash = _mm256_set1_epi8('/');
    const __m256i take_bytes = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,  //
                                                2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    const __m256i join_halves = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, -1, -1);
    std::size_t used = 0;
    for (; used + 32 <= text.size(); used += 32, out += 24) {
        const __m256i characters = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + used));
        const __m256i high = _mm256_and_si256(_mm256_srli_epi32(characters, 4), slash);
        const __m256i low = _mm256_and_si256(characters, slash);
        // With 0x2F as the mask the fifth bit comes along, which a shuffle does not look at.
        if (_mm256_testz_si256(_mm256_shuffle_epi8(low_classes, low), _mm256_shuffle_epi8(high_classes, high)) == 0) {
            break;
        }
        const __m256i is_slash = _mm256_cmpeq_epi8(characters, slash);
        const __m256i six_bits = _mm256_add_epi8(characters, _mm256_shuffle_epi8(offsets, _mm256_add_epi8(is_slash, high)));
        const __m256i twelve_bits = _mm256_maddubs_epi16(six_bits, _mm256_set1_epi32(0x01400140));
        const __m256i groups = _mm256_madd_epi16(twelve_bits, _mm256_set1_epi32(0x00011000));
        const __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(groups, take_bytes), join_halves);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), bytes);
    }
    return used + decode_base64_groups(text.substr(used), out);
}

// The same with the older vectors of 16 characters.
__attribute__((target("ssse3"))) std::size_t decode_groups_ssse3(std::string_view text, std::uint8_t* out) {
    const __m128i low_classes = _mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A);
    const __m128i high_classes = _mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
    const __m128i offsets = _mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i slash = _mm_set1_epi8('/');
    const __m128i take_bytes = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    std::size_t used = 0;
    for (; used + 16 <= text.size(); used += 16, out += 12) {
        const __m128i characters = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + used));
        const __m128i high = _mm_and_si128(_mm_srli_epi32(characters, 4), slash);
        const __m128i low = _mm_and_si128(characters, slash);
        const __m128i wrong = _mm_and_si128(_mm_shuffle_epi8(low_classes, low), _mm_shuffle_epi8(high_classes, high));
        if (_mm_movemask_epi8(_mm_cmpeq_epi8(wrong, _mm_setzero_si128())) != 0xFFFF) {
            break;
        }
        const __m128i is_slash = _mm_cmpeq_epi8(characters, slash);
        const __m128i six_bits = _mm_add_epi8(characters, _mm_shuffle_epi8(offsets, _mm_add_epi8(is_slash, high)));
        const __m128i twelve_bits = _mm_maddubs_epi16(six_bits, _mm_set1_epi32(0x01400140));
        const __m128i groups = _mm_madd_epi16(twelve_bits, _mm_set1_epi32(0x00011000));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_shuffle_epi8(groups, take_bytes));
    }
    return used + decode_base64_groups(text.substr(used), out);
}

#endif

}  // namespace

std::size_t decode_base64_groups(std::string_view text, std::uint8_t* out) {
    std::size_t used = 0;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[used + i]); };
    for (; used + 4 <= text.size(); used += 4, out += 3) {
        const std::uint32_t word = tables[0][at(0)] | tables[1][at(1)] | tables[2][at(2)] | tables[3][at(3)];
        if ((word >> place(3) & 0xFF) != 0) {
            break;
        }
        std::memcpy(out, &word, 4);  // the fourth byte is overwritten by the next group, or lies behind the end
    }
    return used;
}

std::vector<Base64Groups> available_base64_groups() {
    std::vector<Base64Groups> available{&decode_base64_groups};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("ssse3") != 0) {
        available.push_back(&decode_groups_ssse3);
    }
    if (__builtin_cpu_supports("avx2") != 0) {
        available.push_back(&decode_groups_avx2);
    }
#endif
    return available;
}

Base64Groups fastest_base64_groups() {
    static const Base64Groups fastest = available_base64_groups().back();
    return fastest;
}

std::size_t Base64Decoder::feed(std::string_view text, ImageBytes& out) {
    std::size_t used = 0;
    while (used < text.size()) {
        if (characters_ == 0 && padding_ == 0) {
            const std::string_view rest = text.substr(used);
            const std::size_t taken = groups_(rest, out.prepare(rest.size() / 4 * 3));
            out.commit(taken / 4 * 3);
            used += taken;
        }
        // The start or the end of a piece, padding, or what does not belong here.
        do {
            if (used == text.size() || !feed_character(text[used], out)) {
                return used;
            }
            ++used;
        } while (characters_ != 0);
    }
    return used;
}

bool Base64Decoder::feed_character(char character, ImageBytes& out) {
    const std::uint32_t value = values[static_cast<unsigned char>(character)];
    const bool is_padding = character == '=';
    const bool fits = is_padding ? characters_ >= 2 : value != invalid && padding_ == 0;
    if (!fits) {
        return false;
    }
    padding_ += is_padding ? 1 : 0;
    group_ = group_ << 6 | (is_padding ? 0 : value);
    if (++characters_ == 4) {
        std::uint8_t* bytes = out.prepare(3);
        for (int byte = 0; byte < 3 - padding_; ++byte) {
            bytes[byte] = static_cast<std::uint8_t>(group_ >> (16 - 8 * byte) & 0xFF);  // NOLINT(clang-analyzer-core.BitwiseShift): padding_ is 0 to 2
        }
        out.commit(static_cast<std::size_t>(3 - padding_));
        group_ = 0;
        characters_ = 0;
    }
    return true;
}

}  // namespace venice
