// SPDX-License-Identifier: MIT
#include "store/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <glib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "i18n.hpp"
#include "store/store_failure.hpp"

namespace venice_gimp {
namespace {

constexpr mode_t file_mode = 0600;
constexpr mode_t folder_mode = 0700;

std::string parent_of(const std::string& path) {
    const std::size_t slash = path.find_last_of('/');
    return slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
}

Descriptor open_file(const std::string& path, int flags) {
    int number = -1;
    do {
        number = open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, file_mode);
    } while (number < 0 && errno == EINTR);
    if (number >= 0 && (flags & O_CREAT) != 0) {
        fchmod(number, file_mode);  // one that was there before may be open to others
    }
    return Descriptor(number);
}

void write_all(const Descriptor& file, std::span<const std::uint8_t> bytes, const std::string& path) {
    while (!bytes.empty()) {
        const ssize_t written = write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            throw_errno(path, errno);
        }
        bytes = bytes.subspan(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
}

}  // namespace

Descriptor::~Descriptor() {
    close();
}

int Descriptor::close() {
    const int number = std::exchange(number_, -1);
    return number >= 0 ? ::close(number) : 0;
}

NewFile::NewFile(std::string place) : place_(std::move(place)), path_(place_ + part_suffix) {
    do {
        if (unlink(path_.c_str()) != 0 && errno != ENOENT) {
            throw_errno(path_, errno);
        }
        file_ = open_file(path_, O_WRONLY | O_CREAT | O_EXCL);
    } while (!file_ && errno == EEXIST);
    if (!file_) {
        throw_errno(path_, errno);
    }
}

NewFile::~NewFile() {
    if (!is_in_place_) {
        unlink(path_.c_str());
    }
}

void NewFile::write(std::span<const std::uint8_t> bytes) {
    write_all(file_, bytes, path_);
}

void NewFile::start_syncing() const {
#ifdef SYNC_FILE_RANGE_WRITE
    sync_file_range(file_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
}

void NewFile::move_into_place() {
    if (fsync(file_.get()) != 0 || file_.close() != 0 || std::rename(path_.c_str(), place_.c_str()) != 0) {
        throw_errno(place_, errno);
    }
    is_in_place_ = true;
    sync_folder(parent_of(place_));
}

void throw_errno(const std::string& path, int error_number) {
    const std::unique_ptr<char, decltype(&g_free)> shown(g_filename_display_name(path.c_str()), g_free);
    // Translators: a file name, and the system's reason, for example "No space left on device"
    const std::unique_ptr<char, decltype(&g_free)> text(g_strdup_printf(_("“%s” cannot be used: %s."), shown.get(), g_strerror(error_number)),
                                                        g_free);
    throw StoreException({text.get(), error_number});
}

void make_private_folder(const std::string& path) {
    struct stat found{};
    if (stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) {
        if ((found.st_mode & 077U) != 0) {
            chmod(path.c_str(), folder_mode);  // best effort: some file systems have no modes
        }
        return;
    }
    if (mkdir(path.c_str(), folder_mode) == 0 || errno == EEXIST) {
        sync_folder(parent_of(path));
        return;
    }
    if (errno != ENOENT || parent_of(path) == path) {
        throw_errno(path, errno);
    }
    make_private_folder(parent_of(path));
    if (mkdir(path.c_str(), folder_mode) != 0 && errno != EEXIST) {
        throw_errno(path, errno);
    }
    sync_folder(parent_of(path));
}

void sync_folder(const std::string& path) {
    const Descriptor folder = open_file(path, O_RDONLY | O_DIRECTORY);
    // Some file systems cannot sync a folder and say EINVAL; others keep no order that could be asked for.
    if (folder && fsync(folder.get()) != 0 && errno != EINVAL && errno != EROFS) {
        throw_errno(path, errno);
    }
}

void write_file(const std::string& path, std::span<const std::uint8_t> bytes) {
    NewFile file(path);
    file.write(bytes);
    file.move_into_place();
}

void write_file(const std::string& path, std::string_view text) {
    write_file(path, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void write_mark(const std::string& path) {
    if (!open_file(path, O_WRONLY | O_CREAT)) {
        throw_errno(path, errno);
    }
    sync_folder(parent_of(path));
}

std::optional<std::vector<std::uint8_t>> read_file(const std::string& path) {
    const Descriptor file = open_file(path, O_RDONLY | O_NONBLOCK);  // a FIFO must not hold us up
    if (!file && errno == ENOENT) {
        return std::nullopt;
    }
    struct stat found{};
    if (!file || fstat(file.get(), &found) != 0) {
        throw_errno(path, errno);
    }
    if (!S_ISREG(found.st_mode)) {
        throw_errno(path, S_ISDIR(found.st_mode) ? EISDIR : EBADF);
    }
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(found.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t count = read(file.get(), bytes.data() + filled, bytes.size() - filled);
        if (count < 0 && errno != EINTR) {
            throw_errno(path, errno);
        }
        if (count == 0) {
            break;  // shorter than it was a moment ago
        }
        filled += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    bytes.resize(filled);
    return bytes;
}

std::optional<std::string> read_text(const std::string& path) {
    const auto bytes = read_file(path);
    return bytes ? std::optional(std::string(bytes->begin(), bytes->end())) : std::nullopt;
}

bool exists(const std::string& path) {
    struct stat found{};
    return lstat(path.c_str(), &found) == 0;
}

bool is_folder(const std::string& path) {
    struct stat found{};
    return lstat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

std::uint64_t file_size(const std::string& path) {
    struct stat found{};
    return lstat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) ? static_cast<std::uint64_t>(found.st_size) : 0;
}

std::uint64_t folder_size(const std::string& folder) {
    std::uint64_t size = 0;
    for (const std::string& name : names_in(folder)) {
        size += file_size(folder + "/" + name);
    }
    return size;
}

std::vector<std::string> names_in(const std::string& folder) {
    struct Close {
        void operator()(DIR* open) const noexcept { closedir(open); }
    };
    const std::unique_ptr<DIR, Close> open(opendir(folder.c_str()));
    if (!open && errno != ENOENT) {
        throw_errno(folder, errno);
    }
    std::vector<std::string> names;
    // cppcheck-suppress readdirCalled ; the folder is opened for this call alone
    while (const dirent* entry = open ? readdir(open.get()) : nullptr) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..") {
            names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

void remove_file(const std::string& path) {
    if (unlink(path.c_str()) != 0 && errno != ENOENT) {
        throw_errno(path, errno);
    }
}

void remove_tree(const std::string& folder) {
    for (const std::string& name : names_in(folder)) {
        const std::string path = folder + "/" + name;
        if (is_folder(path)) {
            remove_tree(path);
        } else {
            remove_file(path);
        }
    }
    if (rmdir(folder.c_str()) != 0 && errno != ENOENT) {
        throw_errno(folder, errno);
    }
}

void set_aside(const std::string& path) {
    if (std::rename(path.c_str(), (path + ".corrupt").c_str()) != 0 && errno != ENOENT) {
        throw_errno(path, errno);
    }
}

FileLock::FileLock(const std::string& path) : file_(open_file(path, O_RDWR | O_CREAT)) {
    if (!file_) {
        throw_errno(path, errno);
    }
    while (flock(file_.get(), LOCK_EX) != 0) {
        if (errno != EINTR) {
            throw_errno(path, errno);
        }
    }
}

}  // namespace venice_gimp
