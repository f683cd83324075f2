// SPDX-License-Identifier: MIT
#include "store/image_files.hpp"

#include <string_view>

#include "store/files.hpp"

namespace venice_gimp {
namespace {

constexpr int thumbnail_limit = 256;

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
    std::uint32_t number = 0;
    for (const std::uint8_t byte : bytes.first(4)) {
        number = (number << 8U) | byte;
    }
    return number;
}

}  // namespace

std::string extension_of(std::span<const std::uint8_t> bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.starts_with("\x89PNG")) {
        return "png";
    }
    if (text.starts_with("\xFF\xD8\xFF")) {
        return "jpg";
    }
    return text.starts_with("RIFF") && text.substr(0, 12).ends_with("WEBP") ? "webp" : "bin";
}

bool is_thumbnail(std::span<const std::uint8_t> png) {
    constexpr std::size_t header_size = 24;  // signature and the beginning of IHDR
    return png.size() > header_size && extension_of(png) == "png" && big_endian(png.subspan(16)) <= thumbnail_limit &&
           big_endian(png.subspan(20)) <= thumbnail_limit;
}

std::string stem(const std::string& run_folder, std::size_t index) {
    return run_folder + "/" + std::to_string(index);
}

std::optional<std::string> image_path(const std::string& stem) {
    for (const char* extension : image_extensions) {
        std::string path = stem + "." + extension;
        if (exists(path)) {
            return path;
        }
    }
    return std::nullopt;
}

}  // namespace venice_gimp
