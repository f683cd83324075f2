// SPDX-License-Identifier: MIT
// What the user (dialog, script or layer parasite) wants generated: plain values, no GTK, no GIMP.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace venice_gimp {

// The names are the API's own. An empty string or optional is "not set": it is not sent, and the server's default holds.
struct Settings {
    std::string prompt;
    std::string negative_prompt;
    std::string model;  // empty: the server's default model
    std::optional<std::int64_t> width;
    std::optional<std::int64_t> height;
    std::string aspect_ratio;
    std::string resolution;
    std::string quality;
    std::optional<std::int64_t> steps;
    std::optional<double> cfg_scale;
    std::optional<std::int64_t> seed;  // not set: a random one, chosen here so that every image can be made again
    std::int64_t variants = 1;         // images; each is a request of its own with seed, seed + 1, …
    std::string style_preset;
    std::optional<std::int64_t> lora_strength;
    std::optional<bool> safe_mode;
    std::optional<bool> hide_watermark;
    std::optional<bool> embed_exif_metadata;
    std::optional<bool> enable_web_search;
    std::optional<bool> enhance_prompt;
    std::optional<bool> disable_prompt_optimization_thinking;
    std::string format;  // empty: PNG, which is lossless; the only field whose default is not the server's
};

}  // namespace venice_gimp
