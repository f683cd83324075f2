// SPDX-License-Identifier: MIT
// Many small requests with libvenice: small_venice BASE_URL COUNT IN_FLIGHT [seeds]. Prints what they cost. "seeds": each with another seed; else the request
// is always the same, as that of small_curl.
#include <string_view>
#include <vector>

#include "measure.hpp"

int main(int argc, char** argv) {
    const bool with_seeds = argc == 5 && argv[4] == std::string_view("seeds");
    if (argc != 4 && !with_seeds) {
        bench::give_up("usage: small_venice BASE_URL COUNT IN_FLIGHT [seeds]");
    }
    const std::size_t count = std::stoul(argv[2]);
    const bench::Client client = bench::make_client(argv[1]);
    bench::call(venice_client_set_int, client.get(), "max_in_flight", std::int64_t{std::stol(argv[3])});
    const bench::Request request = bench::make_request(true);

    const bench::Stopwatch stopwatch;
    std::vector<bench::Job> jobs;
    jobs.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (with_seeds) {
            bench::call(venice_request_set_int, request.get(), "seed", static_cast<std::int64_t>(i));
        }
        jobs.push_back(bench::make<bench::Job>(venice_submit_generate, client.get(), request.get()));
    }
    std::size_t bytes = 0;
    for (bench::Job& job : jobs) {
        bench::call(venice_job_wait, job.get(), std::int64_t{-1});
        const auto result = bench::make<bench::Result>(venice_job_result, job.get());
        const auto image = bench::make<bench::Image>(venice_result_image, result.get(), std::size_t{0});
        bytes += venice_image_size(image.get());
        job.reset();
    }
    const double wall_ms = stopwatch.wall_ms();
    const double cpu_ms = stopwatch.cpu_ms();
    std::printf("{\"wall_ms\": %.3f, \"cpu_ms\": %.3f, \"bytes\": %zu}\n", wall_ms, cpu_ms, bytes);
    return 0;
}
