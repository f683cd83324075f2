// SPDX-License-Identifier: MIT
#include "response/generate_result.hpp"

#include <cmath>

#include "support/error.hpp"

namespace venice {
namespace {

std::map<std::string, double, std::less<>> read_timing(const cJSON* timing) {
    std::map<std::string, double, std::less<>> stages;
    for (const cJSON* stage = cJSON_IsObject(timing) ? timing->child : nullptr; stage != nullptr; stage = stage->next) {
        if (cJSON_IsNumber(stage) && std::isfinite(stage->valuedouble)) {
            stages.insert_or_assign(stage->string, stage->valuedouble);
        }
    }
    return stages;
}

}  // namespace

GeneratedImage make_image(std::shared_ptr<const ImageBytes> bytes, std::size_t number) {
    const auto info = sniff_image(bytes->bytes());
    if (!info) {
        throw Error(VENICE_ERROR_MALFORMED_RESPONSE,
                    "Image " + std::to_string(number) +
                        (bytes->size() == 0 ? " of the server's answer is empty." : " of the server's answer is no PNG, JPEG or WebP image.") +
                        " It may have been charged. Try again later.");
    }
    return {std::move(bytes), *info, std::nullopt};
}

GenerateResult make_generate_result(GenerateDecoder::Decoded decoded, const Headers& headers, std::optional<std::int64_t> sent_seed) {
    GenerateResult result;
    for (auto& bytes : decoded.images) {
        result.images.push_back(make_image(std::move(bytes), result.images.size() + 1));
    }
    std::optional<std::int64_t> seed = sent_seed;
    if (decoded.json) {
        const cJSON* json = decoded.json.get();
        result.id = string_member(json, "id");
        result.timing_ms = read_timing(member(json, "timing"));
        // "request" is null, or {success, data: what the server understood, with the seed that it really used}.
        if (const cJSON* understood = member(member(json, "request"), "data"); cJSON_IsObject(understood)) {
            result.request_json = print_json(understood);
            const auto used = number_member(understood, "seed");
            if (used && std::abs(*used) <= 999999999) {
                seed = static_cast<std::int64_t>(*used);
            }
        }
    }
    // Of several variants the server uses the seed for the first only, and does not tell the others'.
    result.images.front().seed = seed;
    const std::string enhanced = percent_decoded(headers.value("x-venice-enhanced-prompt"));
    result.enhanced_prompt = is_utf8_without_nul(enhanced) ? enhanced : displayable(enhanced, enhanced.size());
    result.server = read_server_state(headers);
    result.headers = headers;
    return result;
}

}  // namespace venice
