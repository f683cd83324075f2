// SPDX-License-Identifier: MIT
#include "response/save_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>
#include <system_error>

#include "support/error.hpp"
#include "support/text.hpp"

namespace venice {
namespace {

Error file_error(const std::string& path, int code) {
    return Error(VENICE_ERROR_FILE, "The image could not be saved as " + displayable(path, 1000) + ": " + std::generic_category().message(code) + ".");
}

// A new file that is gone again unless it was moved to its place.
class NewFile {
public:
    NewFile(const std::string& path, Access access) : path_(path) {
        // Not mkostemp(): it gives nobody else access, and the process's umask cannot be read without changing it under other threads.
        do {
            temporary_ = path + "." + std::to_string(std::random_device()());
            descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, access == Access::only_owner ? 0600 : 0666);
        } while (descriptor_ < 0 && errno == EEXIST);
        if (descriptor_ < 0) {
            throw file_error(path, errno);
        }
    }
    ~NewFile() {
        close_descriptor();
        if (!moved_) {
            unlink(temporary_.c_str());
        }
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    void write(std::span<const std::uint8_t> bytes) {
        while (!bytes.empty()) {
            const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
            if (written < 0 && errno != EINTR) {
                throw file_error(path_, errno);
            }
            bytes = bytes.subspan(written > 0 ? static_cast<std::size_t>(written) : 0);
        }
    }

    void move_to_place() {
        if (fsync(descriptor_) != 0 || close_descriptor() != 0 || std::rename(temporary_.c_str(), path_.c_str()) != 0) {
            throw file_error(path_, errno);
        }
        moved_ = true;
    }

private:
    int close_descriptor() {
        const int descriptor = descriptor_;
        descriptor_ = -1;
        return descriptor >= 0 ? close(descriptor) : 0;
    }

    std::string path_;
    std::string temporary_;
    int descriptor_ = -1;
    bool moved_ = false;
};

}  // namespace

void save_file(const std::string& path, std::span<const std::uint8_t> bytes, Access access) {
    NewFile file(path, access);
    file.write(bytes);
    file.move_to_place();
}

}  // namespace venice
