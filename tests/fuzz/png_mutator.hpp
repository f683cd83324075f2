// SPDX-License-Identifier: MIT
// Included by the one source of a target that reads PNG: what libFuzzer changes gets right checksums again.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>

#if defined(VENICE_LIBFUZZER)

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned int seed);

namespace {

std::uint32_t number_at(const std::uint8_t* bytes) {
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

// A chunk is its length, its type, that many bytes, and the checksum of both.
void mend_checksums(std::uint8_t* data, std::size_t size) {
    constexpr std::size_t signature = 8;
    constexpr std::size_t around = 12;
    for (std::size_t chunk = signature; chunk + around <= size;) {
        const std::size_t length = number_at(data + chunk);
        if (length > size - chunk - around) {
            break;
        }
        const uLong sum = crc32(0, data + chunk + 4, static_cast<uInt>(length + 4));
        for (std::size_t i = 0; i < 4; ++i) {
            data[chunk + 8 + length + i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i) & 0xFF);
        }
        chunk += around + length;
    }
}

}  // namespace

// Else the checksums would keep almost every change away from what is to be tested.
std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned int seed) {
    const std::size_t changed = LLVMFuzzerMutate(data, size, most);
    if (seed % 8 != 0 && changed > 0 && data[0] == 0x89) {
        mend_checksums(data, changed);
    }
    return changed;
}

#endif
