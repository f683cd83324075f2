// SPDX-License-Identifier: MIT
// Usage: replay-TARGET FOLDER…
//
// Stands in for libFuzzer where the compiler has none: calls the target with each file of the folders, in the order of their names, and with no bytes at all.
// Prints TAP.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "fuzzing.hpp"

namespace {

std::vector<std::filesystem::path> files_in(std::span<char*> folders) {
    std::vector<std::filesystem::path> files;
    for (const char* folder : folders) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

void replay(const std::string& bytes) {
    // A copy of just this size, so that a sanitizer sees what is read behind the end.
    const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::printf("Bail out! usage: %s FOLDER…\n", argv[0]);
        return 2;
    }
    const auto files = files_in(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
    std::printf("1..%zu\n", files.size() + 1);
    replay("");
    std::printf("ok 1 - nothing\n");
    std::size_t number = 1;
    for (const auto& file : files) {
        std::ifstream stream(file, std::ios::binary);
        std::fflush(stdout);  // so that it is known which file ended the program
        replay({std::istreambuf_iterator<char>(stream), {}});
        std::printf("ok %zu - %s\n", ++number, file.filename().c_str());
    }
    return 0;
}
