// SPDX-License-Identifier: MIT
// The decoded answer of POST /image/generate. Immutable once made.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "response/generate_decoder.hpp"
#include "response/headers.hpp"
#include "response/image_info.hpp"
#include "response/server_state.hpp"

namespace venice {

struct GeneratedImage {
    std::shared_ptr<const ImageBytes> bytes;
    ImageInfo info;
    std::optional<std::int64_t> seed;
};

struct GenerateResult {
    std::vector<GeneratedImage> images;
    Headers headers;
    ServerState server;
    std::string id;            // empty: none
    std::string request_json;  // empty: not told
    std::string enhanced_prompt;
    std::map<std::string, double, std::less<>> timing_ms;
};

// Throws Error (MALFORMED_RESPONSE) if the bytes are no image. `number` counts from 1.
GeneratedImage make_image(std::shared_ptr<const ImageBytes> bytes, std::size_t number);

// `sent_seed` is the seed of the request, if it had one. Throws Error (MALFORMED_RESPONSE) if an image is none.
GenerateResult make_generate_result(GenerateDecoder::Decoded decoded, const Headers& headers, std::optional<std::int64_t> sent_seed);

}  // namespace venice
