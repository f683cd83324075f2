// SPDX-License-Identifier: MIT
// The answer to a request for images. The input's first line says in which pieces the rest arrives: each of its bytes is the size of one, over and over. It
// must not matter how the answer is cut; and it must come to what reading it as a whole with cJSON and a plain base64 decoder comes to.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "fuzzing.hpp"
#include "response/generate_decoder.hpp"
#include "response/generate_result.hpp"

using fuzzing::require;
using venice::GenerateDecoder;

namespace {

struct Outcome {
    venice_status status = VENICE_OK;
    std::string message;
    std::vector<std::string> images;
    std::string json;  // without the images

    bool operator==(const Outcome&) const = default;
};

Outcome failed(venice_status status) {
    Outcome outcome;
    outcome.status = status;
    return outcome;
}

// All at once if there are no sizes.
void feed_in_pieces(GenerateDecoder& decoder, std::string_view text, std::string_view sizes) {
    for (std::size_t piece = 0; !text.empty(); ++piece) {
        const std::size_t size = sizes.empty() ? text.size() : std::size_t{1} + static_cast<unsigned char>(sizes[piece % sizes.size()]);
        decoder.feed(text.substr(0, size));
        text.remove_prefix(std::min(size, text.size()));
    }
}

// What a program that uses the result goes through, too.
void read_result(GenerateDecoder::Decoded decoded) {
    try {
        const auto result = venice::make_generate_result(std::move(decoded), {}, 7);
        require(!result.images.empty(), "a result has images");
    } catch (const venice::Error& error) {
        require(error.info().status == VENICE_ERROR_MALFORMED_RESPONSE, "only the images can be wrong");
    }
}

Outcome decode(std::string_view text, std::string_view sizes) {
    Outcome outcome;
    try {
        GenerateDecoder decoder(text.size());
        feed_in_pieces(decoder, text, sizes);
        auto decoded = decoder.finish();
        for (const auto& image : decoded.images) {
            require(image->complete(), "the images are complete");
            const auto bytes = image->bytes();
            outcome.images.emplace_back(bytes.begin(), bytes.end());
        }
        outcome.json = decoded.json ? venice::print_json(decoded.json.get()) : "";
        read_result(std::move(decoded));
    } catch (const venice::Error& error) {
        outcome = failed(error.info().status);
        outcome.message = error.info().message;
    }
    return outcome;
}

std::optional<std::string> plain_base64(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string_view digits = text;
    for (int padding = 0; padding < 2 && digits.ends_with('='); ++padding) {
        digits.remove_suffix(1);
    }
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::string bytes;
    unsigned bits = 0;
    int count = 0;
    for (const char c : digits) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFF;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(bits >> count & 0xFF);
        }
    }
    return bytes;
}

// Puts the images into the outcome and "" in their places. False: not what it should be.
bool take_images(cJSON* list, Outcome& outcome) {
    for (cJSON* image = list->child; image != nullptr; image = image->next) {
        const auto bytes = cJSON_IsString(image) ? plain_base64(image->valuestring) : std::nullopt;
        if (!bytes) {
            return false;
        }
        outcome.images.push_back(*bytes);
        cJSON_SetValuestring(image, "");
    }
    return true;
}

Outcome plainly_read(std::string_view text) {
    constexpr std::size_t most_images = 64;
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (text.empty()) {
        return failed(VENICE_ERROR_INCOMPLETE_RESPONSE);
    }
    Outcome outcome;
    if (text.front() != '{') {
        outcome.images.emplace_back(text);
        return text.front() == '<' ? failed(VENICE_ERROR_MALFORMED_RESPONSE) : outcome;
    }
    const std::string readable = venice::with_readable_strings(text);
    const venice::Json json = venice::check_json(readable) == venice::JsonFault::none ? venice::parse_json(readable) : nullptr;
    for (cJSON* item = json ? json->child : nullptr; item != nullptr; item = item->next) {
        if (std::string_view(item->string) == "images" && cJSON_IsArray(item) && !take_images(item, outcome)) {
            return failed(VENICE_ERROR_MALFORMED_RESPONSE);
        }
    }
    if (outcome.images.empty() || outcome.images.size() > most_images) {
        return failed(VENICE_ERROR_MALFORMED_RESPONSE);
    }
    outcome.json = venice::print_json(json.get());
    return outcome;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto [sizes, text] = fuzzing::split_line(fuzzing::text_of(data, size));
    const Outcome whole = decode(text, "");
    require(decode(text, sizes) == whole, "the pieces do not matter");
    const Outcome plain = plainly_read(text);
    if (plain.status == VENICE_OK) {
        require(whole == plain, "it comes to what cJSON makes of it");
    } else {
        require(whole.status == VENICE_ERROR_MALFORMED_RESPONSE || whole.status == VENICE_ERROR_INCOMPLETE_RESPONSE, "what is wrong is told as wrong");
    }
    return 0;
}
