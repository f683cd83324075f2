// SPDX-License-Identifier: MIT
#include "decoding.hpp"
#include "png_mutator.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzzing::decode(venice_gimp::decode_png, data, size);
    return 0;
}
