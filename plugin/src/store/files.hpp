// SPDX-License-Identifier: MIT
// Files that only their user can read (0600, folders 0700), written so that a crash leaves the old or the new one. Everything here waits for
// the disk. Failures are thrown as StoreException.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice_gimp {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor();

    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    int close();  // like close(2)

private:
    int number_ = -1;
};

// Of a file that is on the way to its place, and of what a crash leaves of it.
constexpr const char* part_suffix = ".part";

// A file beside its place. What does not get there is removed, so that a full disk is no fuller than before.
class NewFile {
public:
    // Never continues one that was left over: whoever has that open, from a time when the folder was open to them, could read along.
    explicit NewFile(std::string place);
    ~NewFile();
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    void write(std::span<const std::uint8_t> bytes);
    void start_syncing() const;  // so that less is left to do at the end; waits for nothing
    void move_into_place();      // syncs it and its folder

private:
    std::string place_;
    std::string path_;
    Descriptor file_;
    bool is_in_place_ = false;
};

// Throws what errno says about the path.
[[noreturn]] void throw_errno(const std::string& path, int error_number);

void make_private_folder(const std::string& path);  // with its parents
void sync_folder(const std::string& path);

// Beside its place, synced, renamed; the folder is synced, too.
void write_file(const std::string& path, std::span<const std::uint8_t> bytes);
void write_file(const std::string& path, std::string_view text);
// An empty file whose being there says something.
void write_mark(const std::string& path);

std::optional<std::vector<std::uint8_t>> read_file(const std::string& path);  // nullopt if there is none
std::optional<std::string> read_text(const std::string& path);

bool exists(const std::string& path);
bool is_folder(const std::string& path);               // a link to one is none
std::uint64_t file_size(const std::string& path);      // 0 if there is none
std::uint64_t folder_size(const std::string& folder);  // of the files right in it
std::vector<std::string> names_in(const std::string& folder);  // sorted; none if there is no folder
void remove_file(const std::string& path);                     // it is fine if there is none
void remove_tree(const std::string& folder);                   // no links are followed

// Renames what cannot be read to "….corrupt", for the curious; the one from the time before is replaced.
void set_aside(const std::string& path);

// Held until it is destroyed. Waits for another process's.
class FileLock {
public:
    explicit FileLock(const std::string& path);

private:
    Descriptor file_;
};

}  // namespace venice_gimp
