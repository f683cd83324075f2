// SPDX-License-Identifier: MIT
// What libvenice does without the network: local_venice BASE_URL CACHE_DIR. Prints microseconds for each; the server is asked for the models once, before.
#include <algorithm>
#include <vector>

#include "measure.hpp"

namespace {

// The median over many batches, each long enough for the clock.
template <typename Work>
double microseconds(int batch, Work&& work) {
    std::vector<double> times;
    for (int round = 0; round < 41; ++round) {
        const bench::Stopwatch stopwatch;
        for (int i = 0; i < batch; ++i) {
            work();
        }
        times.push_back(stopwatch.wall_ms() * 1e3 / batch);
    }
    std::nth_element(times.begin(), times.begin() + 20, times.end());
    return times[20];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        bench::give_up("usage: local_venice BASE_URL CACHE_DIR");
    }
    const bench::Client client = bench::make_client(argv[1]);
    bench::call(venice_client_set_string, client.get(), "cache_dir", argv[2]);
    const auto models = bench::make<bench::Models>(venice_list_models, client.get());
    const auto model = bench::make<bench::Model>(venice_models_default, models.get());

    const auto check = [](const bench::Request& request) {
        bench::call(venice_request_check, request.get(), nullptr);
        const char* json = nullptr;
        bench::call(venice_request_body, request.get(), &json);
    };
    const double build = microseconds(200, [&] { check(bench::make_request(true)); });
    const double build_for_model = microseconds(200, [&] {
        const bench::Request request = bench::make_request(true);
        bench::call(venice_request_use_model, request.get(), model.get());
        check(request);
    });
    const double open_catalogue = microseconds(5, [&] { bench::make<bench::Models>(venice_list_models, client.get()); });
    std::printf("{\"build_us\": %.3f, \"build_for_model_us\": %.3f, \"open_catalogue_us\": %.3f, \"models\": %zu}\n", build, build_for_model, open_catalogue,
                venice_models_count(models.get()));
    return 0;
}
