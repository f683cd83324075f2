// SPDX-License-Identifier: MIT
// Generates once, as a program with libvenice does, and prints what it cost: transfer_venice BASE_URL blocking|events FILE.
// FILE holds the bytes that all images together must come to.
#include <cstring>
#include <string_view>
#include <vector>

#include "measure.hpp"

namespace {

struct Answer {
    std::vector<bench::Image> images;
    double wall_ms = 0;
    double cpu_ms = 0;
    double first_image_ms = 0;
};

void take_images(Answer& answer, const venice_result* result) {
    for (std::size_t index = 0; index < venice_result_image_count(result); ++index) {
        answer.images.push_back(bench::make<bench::Image>(venice_result_image, result, index));
    }
}

Answer generate(venice_client* client, const venice_request* request) {
    Answer answer;
    const bench::Stopwatch stopwatch;
    const auto result = bench::make<bench::Result>(venice_generate, client, request);
    take_images(answer, result.get());
    answer.wall_ms = answer.first_image_ms = stopwatch.wall_ms();
    answer.cpu_ms = stopwatch.cpu_ms();
    return answer;
}

// As a program with a main loop does: an image is there as soon as its event is.
Answer generate_with_events(venice_client* client, const venice_request* request) {
    Answer answer;
    const bench::Stopwatch stopwatch;
    const auto job = bench::make<bench::Job>(venice_submit_generate, client, request);
    for (std::int32_t type = 0; type != VENICE_EVENT_ENDED;) {
        const auto event = bench::make<bench::Event>(venice_client_next_event, client, std::int64_t{-1});
        type = venice_event_type(event.get());
        if (type == VENICE_EVENT_IMAGE && venice_event_image_index(event.get()) == 0) {
            const auto image = bench::make<bench::Image>(venice_job_image, job.get(), std::size_t{0});
            answer.first_image_ms = venice_image_size(image.get()) > 0 ? stopwatch.wall_ms() : 0;
        }
    }
    const auto result = bench::make<bench::Result>(venice_job_result, job.get());
    take_images(answer, result.get());
    answer.wall_ms = stopwatch.wall_ms();
    answer.cpu_ms = stopwatch.cpu_ms();
    return answer;
}

// The images are what the server has; after all was measured.
std::size_t checked_size(const Answer& answer, const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::size_t total = 0;
    for (const bench::Image& image : answer.images) {
        const std::size_t size = venice_image_size(image.get());
        std::vector<char> expected(size);
        if (!file.read(expected.data(), static_cast<std::streamsize>(size)) || std::memcmp(expected.data(), venice_image_data(image.get()), size) != 0) {
            bench::give_up("the images are not those of the server");
        }
        total += size;
    }
    if (file.peek() != std::ifstream::traits_type::eof()) {
        bench::give_up("the server has more images");
    }
    return total;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        bench::give_up("usage: transfer_venice BASE_URL blocking|events FILE");
    }
    const bench::Client client = bench::make_client(argv[1]);
    const bench::Request request = bench::make_request(false);
    const bool with_events = std::string_view(argv[2]) == "events";
    const Answer answer = with_events ? generate_with_events(client.get(), request.get()) : generate(client.get(), request.get());
    const std::int64_t peak = bench::peak_kib();
    std::printf("{\"wall_ms\": %.3f, \"cpu_ms\": %.3f, \"first_image_ms\": %.3f, \"peak_kib\": %lld, \"decoded_bytes\": %zu}\n", answer.wall_ms,
                answer.cpu_ms, answer.first_image_ms, static_cast<long long>(peak), checked_size(answer, argv[3]));
    return 0;
}
