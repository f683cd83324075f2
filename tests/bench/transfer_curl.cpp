// SPDX-License-Identifier: MIT
// The floor for transfer_venice: libcurl's easy interface alone, and memory that is written for the first time, of as many bytes as four images of base64
// decode to, but nothing decoded. transfer_curl BASE_URL. Prints what it cost, and when the first quarter was there, which is the first image.
#include <sys/mman.h>

#include <cstring>

#include "curl_alone.hpp"

namespace {

// As ImageBytes of libvenice: address space, and a wish for huge pages.
class Memory {
public:
    explicit Memory(std::size_t size) : size_(size), space_(mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
        if (space_ == MAP_FAILED) {
            bench::give_up("no memory");
        }
#ifdef MADV_HUGEPAGE
        madvise(space_, size, MADV_HUGEPAGE);
#endif
    }
    ~Memory() { munmap(space_, size_); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    void append(const char* bytes, std::size_t count) {
        if (count > size_ - used_) {
            bench::give_up("the answer is longer than expected");
        }
        std::memcpy(static_cast<char*>(space_) + used_, bytes, count);
        used_ += count;
    }

    std::size_t used() const { return used_; }

private:
    std::size_t size_;
    void* space_;
    std::size_t used_ = 0;
};

struct Transfer {
    bench::Stopwatch stopwatch;
    Memory memory{std::size_t{64} << 20};
    double first_quarter_ms = 0;
};

std::size_t keep_three_of_four(char* data, std::size_t size, std::size_t count, void* user_data) {
    constexpr std::size_t quarter = std::size_t{12} << 20;
    auto* const transfer = static_cast<Transfer*>(user_data);
    transfer->memory.append(data, size * count / 4 * 3);
    if (transfer->first_quarter_ms == 0 && transfer->memory.used() >= quarter) {
        transfer->first_quarter_ms = transfer->stopwatch.wall_ms();
    }
    return size * count;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        bench::give_up("usage: transfer_curl BASE_URL");
    }
    const std::string url = std::string(argv[1]) + "/image/generate";
    curl_global_init(CURL_GLOBAL_DEFAULT);

    Transfer transfer;
    const bench::Easy easy(curl_easy_init());
    bench::set(easy.get(), CURLOPT_URL, url.c_str());
    bench::set(easy.get(), CURLOPT_POSTFIELDS, "{}");
    bench::set(easy.get(), CURLOPT_BUFFERSIZE, 128L * 1024L);
    bench::set(easy.get(), CURLOPT_WRITEFUNCTION, &keep_three_of_four);
    bench::set(easy.get(), CURLOPT_WRITEDATA, &transfer);
    if (curl_easy_perform(easy.get()) != CURLE_OK) {
        bench::give_up("the request failed");
    }
    const double wall_ms = transfer.stopwatch.wall_ms();
    const double cpu_ms = transfer.stopwatch.cpu_ms();
    std::printf("{\"wall_ms\": %.3f, \"cpu_ms\": %.3f, \"first_quarter_ms\": %.3f, \"bytes\": %zu}\n", wall_ms, cpu_ms, transfer.first_quarter_ms,
                transfer.memory.used());
    return 0;
}
