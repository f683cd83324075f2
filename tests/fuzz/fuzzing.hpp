// SPDX-License-Identifier: MIT
// What the targets share. A target is one function that gets any bytes and comes back, or ends the program: libFuzzer calls it with what it invents, and
// replay.cpp with the files of the corpus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzzing {

// What must hold for any input. Not assert(): it holds in a release build too.
inline void require(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "This does not hold: %s\n", what);
        std::abort();
    }
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return size > 0 ? std::string_view(reinterpret_cast<const char*>(data), size) : std::string_view();
}

// The first line, without its end, and what follows it; if there is no end of a line, all is the first.
inline std::pair<std::string_view, std::string_view> split_line(std::string_view text) {
    const std::size_t end = text.find('\n');
    return end == std::string_view::npos ? std::pair(text, std::string_view()) : std::pair(text.substr(0, end), text.substr(end + 1));
}

}  // namespace fuzzing
