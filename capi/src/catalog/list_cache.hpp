// SPDX-License-Identifier: MIT
// The lists of models and styles on disk. A file holds a line that says what it is, and then the server's own text. It never holds the key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/model_info.hpp"

namespace venice {

class ListCache {
public:
    // `name`: the file's, such as "models". `source`: the URL that the list comes from; another one's list is not taken.
    ListCache(std::string folder, std::string name, std::string source, std::int64_t max_age_ms);

    struct Entry {
        std::string body;
        std::int64_t fetched_ms = 0;
        bool stale = false;
    };

    // Nothing if there is no file, or it is damaged, cut, or another server's: then the list has to be fetched.
    std::optional<Entry> load() const;

    // Replaces the file as a whole, so that other processes see the earlier one or this. A disk that is full or read-only is no reason to fail: the list is
    // there, only the next start has to fetch it again. Throws std::bad_alloc only.
    void store(std::string_view body, std::int64_t fetched_ms) const;

private:
    std::string path() const;

    std::string folder_;
    std::string name_;
    std::string source_;
    std::int64_t max_age_ms_;
};

// Nothing as load(), or if the text is no such list.
std::optional<ModelList> cached_models(const ListCache& cache);
std::optional<StyleList> cached_styles(const ListCache& cache);

}  // namespace venice
