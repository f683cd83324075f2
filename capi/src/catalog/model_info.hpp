// SPDX-License-Identifier: MIT
// One image model as the server lists it: how it wants the size, what it takes, what it costs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venice {

struct Price {
    double usd = -1;
    double diem = -1;
};

// A model that is going to be removed. Dates as the server gives them, ISO 8601; empty: not told.
struct Deprecation {
    std::string starts_at;
    std::string removes_at;
    std::string replacement;  // id of the model to use instead
};

struct ModelInfo {
    std::string id;
    std::string name;
    std::string description;
    std::string source;
    std::string privacy;
    bool offline = false;
    bool beta = false;
    bool uncensored = false;
    std::optional<Deprecation> deprecation;
    std::vector<std::string> regions;  // where it may be used; empty: everywhere
    bool generates = true;  // false for the few that only edit
    std::vector<std::string> traits;

    std::vector<std::string> aspect_ratios;
    std::string default_aspect_ratio;
    std::vector<std::string> resolutions;
    std::string default_resolution;
    std::vector<std::string> qualities;
    std::string default_quality;
    bool has_constraints = false;  // false: nothing is known about what it uses
    std::optional<bool> web_search;
    bool prompt_optimization_thinking = false;
    bool style_references = false;
    bool style_reference_strength = false;
    std::int32_t max_style_references = 0;  // 0: unknown, or it takes none
    std::int32_t size_divisor = 1;
    std::int32_t default_steps = 0;  // 0: unknown
    std::int32_t max_steps = 0;      // 0: unknown
    std::int32_t prompt_limit = 0;   // 0: unknown

    std::optional<Price> flat_price;
    std::map<std::string, Price, std::less<>> resolution_prices;
    std::map<std::string, std::map<std::string, Price, std::less<>>, std::less<>> quality_prices;  // by resolution, then quality

    std::string json;  // the whole entry

    bool has_trait(std::string_view trait) const;
};

// What was fetched, and when.
template <typename Item>
struct FetchedList {
    std::vector<Item> items;
    std::int64_t fetched_ms = 0;  // Unix time in milliseconds
    bool stale = false;           // older than it should be

    auto begin() const { return items.begin(); }
    auto end() const { return items.end(); }
    auto size() const { return items.size(); }
    bool empty() const { return items.empty(); }
    const Item& operator[](std::size_t index) const { return items[index]; }
};

using ModelList = FetchedList<ModelInfo>;
using StyleList = FetchedList<std::string>;

// The bodies of GET /models?type=image and GET /image/styles. Throw Error (MALFORMED_RESPONSE). Members that are not known are ignored, an entry
// without an id is left out.
ModelList read_models(std::string_view body);
StyleList read_styles(std::string_view body);

}  // namespace venice
