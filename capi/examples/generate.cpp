// SPDX-License-Identifier: MIT
//
// Generates two images and cancels a third.
//
//     c++ -std=c++20 generate.cpp -o generate $(pkg-config --cflags --libs venice)
//     VENICE_API_KEY=… ./generate "a red fox in the snow" FOLDER
#include <venice/venice.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

// A handle that frees itself.
template <auto Free>
struct Deleter {
    template <typename T>
    void operator()(T* handle) const {
        Free(handle);
    }
};
using Client = std::unique_ptr<venice_client, Deleter<venice_client_free>>;
using Error = std::unique_ptr<venice_error, Deleter<venice_error_free>>;
using Event = std::unique_ptr<venice_event, Deleter<venice_event_free>>;
using Image = std::unique_ptr<venice_image, Deleter<venice_image_free>>;
using Job = std::unique_ptr<venice_job, Deleter<venice_job_free>>;
using Model = std::unique_ptr<venice_model, Deleter<venice_model_free>>;
using Models = std::unique_ptr<venice_models, Deleter<venice_models_free>>;
using Request = std::unique_ptr<venice_request, Deleter<venice_request_free>>;
using Result = std::unique_ptr<venice_result, Deleter<venice_result_free>>;

// What a venice_error says, with the fields that it blames.
class VeniceError : public std::runtime_error {
public:
    VeniceError(venice_status status, const Error& error) : std::runtime_error(text(status, error.get())), status_(status) {}

    venice_status status() const { return status_; }

private:
    static std::string text(venice_status status, const venice_error* error) {
        std::string text = std::string(venice_status_name(status)) + ": " + venice_error_message(error);
        for (std::size_t i = 0; i < venice_error_problem_count(error); ++i) {
            text += std::string("\n  ") + venice_error_problem_field(error, i) + ": " + venice_error_problem_message(error, i);
        }
        return text;
    }

    venice_status status_;
};

// Calls a function that can fail; its last argument, the error, is added here.
template <typename Function, typename... Arguments>
void call(Function function, Arguments... arguments) {
    venice_error* error = nullptr;
    const venice_status status = function(arguments..., &error);
    if (status != VENICE_OK) {
        throw VeniceError(status, Error(error));
    }
}

// The same for a function that makes a handle.
template <typename Handle, typename Function, typename... Arguments>
Handle make(Function function, Arguments... arguments) {
    typename Handle::pointer handle = nullptr;
    call(function, arguments..., &handle);
    return Handle(handle);
}

// Takes the server's default model, and says what an image costs with it.
void choose_model(const Client& client, const Request& request) {
    const auto models = make<Models>(venice_list_models, client.get());
    const auto model = make<Model>(venice_models_default, models.get());
    call(venice_request_use_model, request.get(), model.get());
    double usd = 0;
    if (venice_model_price(model.get(), request.get(), &usd, nullptr) != 0) {
        std::printf("%s: $%.4f an image\n", venice_model_name(model.get()), usd);
    } else {
        std::printf("%s: price unknown\n", venice_model_name(model.get()));
    }
}

// Prints the progress of the jobs until all have ended.
void wait_for_all(const Client& client, const std::array<Job, 3>& jobs) {
    for (std::size_t running = jobs.size(); running > 0;) {
        const auto event = make<Event>(venice_client_next_event, client.get(), std::int64_t{-1});
        if (venice_event_type(event.get()) == VENICE_EVENT_ENDED) {
            --running;
            continue;
        }
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            const venice_job* job = jobs[i].get();
            if (venice_job_id(job) == venice_event_job_id(event.get())) {
                std::fprintf(stderr, "image %zu: %s, %lld bytes\n", i + 1, venice_phase_name(venice_job_phase(job)),
                             static_cast<long long>(venice_job_received_bytes(job)));
            }
        }
    }
}

void save(const Job& job, const std::string& path, std::size_t number) {
    const auto result = make<Result>(venice_job_result, job.get());
    const auto image = make<Image>(venice_result_image, result.get(), std::size_t{0});
    call(venice_image_save, image.get(), path.c_str());
    std::int64_t seed = 0;
    venice_image_seed(image.get(), &seed);
    std::printf("image %zu: %s, %s, %d x %d, seed %lld\n", number, path.c_str(), venice_image_media_type(image.get()),
                venice_image_width(image.get()), venice_image_height(image.get()), static_cast<long long>(seed));
}

// Saves what was made; what was paid for is not lost because another image failed.
bool save_all(const std::array<Job, 3>& jobs, const std::string& folder) {
    bool all_well = true;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        try {
            save(jobs[i], folder + "/image-" + std::to_string(i + 1) + ".png", i + 1);
        } catch (const VeniceError& error) {
            if (error.status() == VENICE_ERROR_CANCELLED) {
                std::printf("image %zu: cancelled\n", i + 1);
            } else {
                std::fprintf(stderr, "image %zu: %s\n", i + 1, error.what());
                all_well = false;
            }
        }
    }
    return all_well;
}

bool generate(const char* prompt, const char* folder) {
    const auto client = make<Client>(venice_client_new);
    call(venice_client_set_string, client.get(), "api_key", std::getenv("VENICE_API_KEY"));
    call(venice_client_set_string, client.get(), "base_url", std::getenv("VENICE_BASE_URL"));  // nullptr is the default
    call(venice_client_set_int, client.get(), "max_in_flight", std::int64_t{2});

    const auto request = make<Request>(venice_request_new);
    call(venice_request_set_string, request.get(), "prompt", prompt);
    call(venice_request_set_string, request.get(), "format", "png");
    choose_model(client, request);

    std::array<Job, 3> jobs;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        call(venice_request_set_int, request.get(), "seed", static_cast<std::int64_t>(i + 1));
        jobs[i] = make<Job>(venice_submit_generate, client.get(), request.get());
    }
    call(venice_job_cancel, jobs[2].get());  // it waits for its turn: nothing was sent, nothing is charged

    wait_for_all(client, jobs);
    return save_all(jobs, folder);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s PROMPT FOLDER\n", argv[0]);
        return 2;
    }
    try {
        return generate(argv[1], argv[2]) ? EXIT_SUCCESS : EXIT_FAILURE;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
