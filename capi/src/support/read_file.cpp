// SPDX-License-Identifier: MIT
#include "support/read_file.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "support/error.hpp"
#include "support/text.hpp"

namespace venice {
namespace {

Error unreadable(const std::string& path, const std::string& why) {
    return Error(VENICE_ERROR_FILE, displayable(path, 1000) + " could not be read: " + why + ".");
}

}  // namespace

std::optional<std::string> read_file(const std::string& path, std::uintmax_t most) {
    std::error_code problem;
    const auto kind = std::filesystem::status(path, problem).type();
    if (kind != std::filesystem::file_type::regular) {
        throw unreadable(path, problem ? problem.message() : kind == std::filesystem::file_type::directory ? "it is a folder" : "it is no regular file");
    }
    const std::uintmax_t size = std::filesystem::file_size(path, problem);
    if (!problem && size > most) {
        return std::nullopt;
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string text(problem ? 0 : static_cast<std::size_t>(size), '\0');
    if (!file || problem || !file.read(text.data(), static_cast<std::streamsize>(text.size()))) {
        throw unreadable(path, std::generic_category().message(problem ? problem.value() : errno != 0 ? errno : EIO));
    }
    return text;
}

}  // namespace venice
