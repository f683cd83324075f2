// SPDX-License-Identifier: MIT
// A temporary folder, and a main loop that runs until a callback came.
#pragma once

#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../generation/cmocka.hpp"
#include "store/run_files.hpp"
#include "store/store_failure.hpp"
#include "store/store_thread.hpp"

namespace venice_gimp {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "venice-store-XXXXXX").string();
        assert_non_null(mkdtemp(pattern.data()));
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

inline std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void put_content(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

inline std::vector<std::string> all_files(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            files.push_back(entry.path().string());
        }
    }
    return files;
}

inline unsigned mode_of(const std::string& path) {
    struct stat found{};
    assert_int_equal(lstat(path.c_str(), &found), 0);
    return found.st_mode & 0777U;
}

inline void assert_private(const std::string& folder) {
    assert_int_equal(mode_of(folder), 0700);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        assert_int_equal(mode_of(entry.path().string()), entry.is_directory() ? 0700 : 0600);
    }
}

// Runs the main loop until the callback that it hands out was called; gives what came.
template <typename Value>
Value wait_for(const std::function<void(std::function<void(Value)>)>& start) {
    std::optional<Value> came;
    start([&came](Value value) { came = std::move(value); });
    assert_false(came.has_value());  // never from inside the call
    while (!came) {
        g_main_context_iteration(nullptr, TRUE);
    }
    return std::move(*came);
}

inline void assert_saved(const std::function<void(OnSaved)>& start) {
    const auto failure = wait_for<std::optional<StoreFailure>>(start);
    if (failure) {
        print_error("%s\n", failure->message.c_str());
    }
    assert_false(failure.has_value());
}

inline StoreFailure failure_of_saving(const std::function<void(OnSaved)>& start) {
    const auto failure = wait_for<std::optional<StoreFailure>>(start);
    assert_true(failure.has_value());
    return *failure;
}

template <typename Value>
Value loaded(const std::function<void(OnStored<Value>)>& start) {
    Stored<Value> stored = wait_for<Stored<Value>>(start);
    if (const auto* failure = std::get_if<StoreFailure>(&stored)) {
        print_error("%s\n", failure->message.c_str());
    }
    assert_true(std::holds_alternative<Value>(stored));
    return std::get<Value>(std::move(stored));
}

template <typename Value>
StoreFailure failure_of_loading(const std::function<void(OnStored<Value>)>& start) {
    const Stored<Value> stored = wait_for<Stored<Value>>(start);
    assert_true(std::holds_alternative<StoreFailure>(stored));
    return std::get<StoreFailure>(stored);
}

// errno of what the function throws; 0 if it throws nothing.
inline int error_number_of(const std::function<void()>& function) {
    try {
        function();
        return 0;
    } catch (const StoreException& exception) {
        assert_true(exception.failure().message.find(g_strerror(exception.failure().error_number)) != std::string::npos);
        return exception.failure().error_number;
    }
}

inline Bytes png_bytes(std::size_t size = 100, std::uint8_t side = 64) {
    Bytes bytes(size, 0x55);
    constexpr std::array<std::uint8_t, 24> header = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
    std::copy(header.begin(), header.end(), bytes.begin());
    bytes[19] = side;
    bytes[23] = side;
    return bytes;
}

inline RunRecord run_of(const std::string& prompt, std::size_t images, std::int64_t seed = 7) {
    RunRecord run;
    run.time = 1700000000000000;
    run.settings.prompt = prompt;
    run.settings.model = "z-image-turbo";
    run.settings.seed = seed;
    run.settings.variants = static_cast<std::int64_t>(images);
    run.model_name = "Z-Image Turbo";
    run.target.image_name = "portrait.xcf";
    run.target.placement = "cover";
    run.target.x = -3;
    run.target.width = 640;
    for (std::size_t i = 0; i < images; ++i) {
        ImageRecord image;
        image.seed = seed + static_cast<std::int64_t>(i);
        image.request_json = R"({"prompt":"fox"})";
        run.images.push_back(image);
    }
    return run;
}

inline ImageRecord done_record(std::int64_t seed) {
    ImageRecord record;
    record.state = RecordState::done;
    record.seed = seed;
    return record;
}

}  // namespace venice_gimp
