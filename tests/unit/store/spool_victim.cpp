// SPDX-License-Identifier: MIT
// Usage: spool-victim FOLDER N. Works with the spool and is killed (SIGKILL) at its N-th call of the system that changes the disk; a write
// is left half done then. Says on standard output what it is about to do ("settling") and what is done ("settled").
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "store/run_files.hpp"

using namespace venice_gimp;

namespace {

long calls_left = 0;

bool is_the_last() {
    return --calls_left == 0;
}

void die_here() {
    kill(getpid(), SIGKILL);
}

void say(const std::string& line) {
    const std::string text = line + "\n";
    syscall(SYS_write, STDOUT_FILENO, text.data(), text.size());
}

Bytes bytes_of_image(std::size_t index) {
    Bytes bytes(5000 + index, 0x33);
    constexpr std::array<std::uint8_t, 4> signature = {0x89, 'P', 'N', 'G'};
    std::copy(signature.begin(), signature.end(), bytes.begin());
    return bytes;
}

class Work {
public:
    explicit Work(const std::string& folder) : files_(folder) {}

    std::string add(std::size_t images) {
        RunRecord run;
        run.images.resize(images);
        const std::string id = files_.add(run);
        for (std::size_t i = 0; i < images; ++i) {
            say("noted " + id + " " + std::to_string(i));
        }
        return id;
    }
    void put(const ImageReference& image) {
        ImageRecord record;
        record.state = RecordState::done;
        const Bytes bytes = bytes_of_image(image.index);
        files_.put_part(image, std::span(bytes).first(bytes.size() / 2));
        files_.put_image(image, record, bytes);
        say("put " + name(image));
    }
    void settle(const ImageReference& image) {
        say("settling " + name(image));
        files_.settle(std::span(&image, 1));
        say("settled " + name(image));
    }
    void discard(const ImageReference& image) {
        say("discarding " + name(image));
        files_.discard(std::span(&image, 1));
        say("discarded " + name(image));
    }
    void clear() { files_.clear(); }

private:
    static std::string name(const ImageReference& image) { return image.run_id + " " + std::to_string(image.index); }

    RunFiles files_;
};

}  // namespace

// In place of the C library's, for all of this program.
extern "C" {

ssize_t write(int file, const void* data, size_t size) {
    const bool last = is_the_last();
    const ssize_t written = syscall(SYS_write, file, data, last ? size / 2 : size);
    if (last) {
        die_here();
    }
    return written;
}

int fsync(int file) {
    if (is_the_last()) {
        die_here();
    }
    return static_cast<int>(syscall(SYS_fsync, file));
}

int rename(const char* from, const char* to) noexcept {
    if (is_the_last()) {
        die_here();
    }
    return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int unlink(const char* path) noexcept {
    if (is_the_last()) {
        die_here();
    }
    return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

int rmdir(const char* path) noexcept {
    if (is_the_last()) {
        die_here();
    }
    return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}

int mkdir(const char* path, mode_t mode) noexcept {
    if (is_the_last()) {
        die_here();
    }
    return static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}
}

int main(int argc, char** argv) {
    if (argc != 3) {
        return 2;
    }
    calls_left = std::atol(argv[2]);
    Work work(argv[1]);
    const std::string first = work.add(2);
    work.put({first, 0});
    work.settle({first, 0});
    work.put({first, 1});
    const std::string second = work.add(1);
    work.put({second, 0});
    work.discard({second, 0});
    const std::string third = work.add(1);
    work.put({third, 0});
    work.settle({third, 0});
    work.clear();
    say("end");
    _exit(0);
}
