// SPDX-License-Identifier: MIT
#include "generation/build_request.hpp"

#include <optional>

namespace venice_gimp {
namespace {

// Lossless, so that the layer has the very pixels that were made; the API's own default is lossy WebP.
constexpr const char* default_format = "png";

void set_text(venice_request* request, const char* name, const std::string& value) {
    if (!value.empty()) {
        call(venice_request_set_string, request, name, value.c_str());
    }
}

void set_integer(venice_request* request, const char* name, std::optional<std::int64_t> value) {
    if (value) {
        call(venice_request_set_int, request, name, *value);
    }
}

void set_number(venice_request* request, const char* name, std::optional<double> value) {
    if (value) {
        call(venice_request_set_double, request, name, *value);
    }
}

void set_truth(venice_request* request, const char* name, std::optional<bool> value) {
    if (value) {
        call(venice_request_set_bool, request, name, std::int32_t{*value});
    }
}

void set_content(venice_request* request, const Settings& settings) {
    set_text(request, "prompt", settings.prompt);
    set_text(request, "negative_prompt", settings.negative_prompt);
    set_text(request, "style_preset", settings.style_preset);
    set_truth(request, "safe_mode", settings.safe_mode);
    set_truth(request, "enable_web_search", settings.enable_web_search);
    set_truth(request, "enhance_prompt", settings.enhance_prompt);
    set_truth(request, "disable_prompt_optimization_thinking", settings.disable_prompt_optimization_thinking);
}

void set_size(venice_request* request, const Settings& settings) {
    set_integer(request, "width", settings.width);
    set_integer(request, "height", settings.height);
    set_text(request, "aspect_ratio", settings.aspect_ratio);
    set_text(request, "resolution", settings.resolution);
    set_text(request, "quality", settings.quality);
}

void set_sampling(venice_request* request, const Settings& settings) {
    set_integer(request, "steps", settings.steps);
    set_number(request, "cfg_scale", settings.cfg_scale);
    set_integer(request, "lora_strength", settings.lora_strength);
}

void set_output(venice_request* request, const Settings& settings) {
    set_text(request, "format", settings.format.empty() ? default_format : settings.format);
    set_truth(request, "hide_watermark", settings.hide_watermark);
    set_truth(request, "embed_exif_metadata", settings.embed_exif_metadata);
    call(venice_request_set_bool, request, "return_binary", std::int32_t{1});
}

}  // namespace

RequestHandle build_request(const Settings& settings, const std::string& model, std::int64_t seed) {
    RequestHandle request = make<RequestHandle>(venice_request_new);
    set_text(request.get(), "model", model);
    set_content(request.get(), settings);
    set_size(request.get(), settings);
    set_sampling(request.get(), settings);
    set_output(request.get(), settings);
    set_integer(request.get(), "seed", seed);
    return request;
}

void check_variants(std::int64_t variants) {
    // The variants of the plug-in are requests of their own, so this parameter is never sent; its bounds hold all the same.
    const RequestHandle request = make<RequestHandle>(venice_request_new);
    call(venice_request_set_int, request.get(), "variants", variants);
}

void check_request(const venice_request* request, const venice_model* model) {
    call(venice_request_check, request, model);
}

std::string request_body(venice_request* request) {
    const char* body = nullptr;
    call(venice_request_body, request, &body);
    return body;
}

}  // namespace venice_gimp
