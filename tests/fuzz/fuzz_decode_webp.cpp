// SPDX-License-Identifier: MIT
#include "decoding.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzzing::decode(venice_gimp::decode_webp, data, size, fuzzing::Memory::taken_for_damage);
    return 0;
}
