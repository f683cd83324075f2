// SPDX-License-Identifier: MIT
// Decodes the answer of POST /image/generate while it arrives, be it JSON or the image itself.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "response/address_space.hpp"
#include "response/base64.hpp"
#include "response/image_bytes.hpp"
#include "response/prefaulter.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace venice {

// Bodies of four 4K images reach 100 MB of base64. So the text is scanned once as it comes: the strings of the top-level array "images" are decoded
// straight into the images' buffers, and only the small rest, with "" in their places, is kept for cJSON.
class GenerateDecoder {
public:
    // `most_bytes`: no longer answer is going to be fed.
    explicit GenerateDecoder(std::size_t most_bytes = std::size_t{64} << 20) : bytes_left_(most_bytes) {}
    GenerateDecoder(const GenerateDecoder&) = delete;
    GenerateDecoder& operator=(const GenerateDecoder&) = delete;

    // Throws Error (MALFORMED_RESPONSE) as soon as the bytes cannot become an answer. Pieces may be cut anywhere.
    void feed(std::string_view bytes);

    // Those that have begun so far; the last one may still be arriving.
    const std::vector<std::shared_ptr<ImageBytes>>& images() const { return images_; }

    struct Decoded {
        std::vector<std::shared_ptr<ImageBytes>> images;
        Json json;  // the answer without its images; null if it was the image itself
    };

    // Call once, after the last byte. Throws Error (INCOMPLETE_RESPONSE, MALFORMED_RESPONSE).
    Decoded finish();

private:
    enum class Kind { unknown, json, binary };

    void feed_json(std::string_view text);
    std::size_t feed_string(std::string_view text);
    std::size_t feed_image(std::string_view text);
    void feed_image_escape(char c);
    Error not_base64() const;
    void begin_image(std::size_t most_bytes);
    void feed_structure(char c);
    void keep(std::string_view text);
    void prefault();

    Kind kind_ = Kind::unknown;
    std::size_t bytes_left_;
    std::vector<std::shared_ptr<ImageBytes>> images_;
    AddressSpace unused_;  // behind the last image, once that is complete: where the next one goes
    std::string rest_;

    // Where the scanner is. Depth 1 is inside the top-level object.
    int depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
    std::string image_escape_;  // of an image's string: what stands behind a backslash, up to "u002f"
    bool expects_key_ = false;  // at depth 1: the next string is a member's name
    bool is_key_ = false;       // the string being read is such a name
    std::string key_;           // as written, with its escapes
    bool in_images_ = false;    // inside the array "images"
    bool in_image_ = false;     // inside one of its strings
    Base64Decoder base64_;

    bool can_prefault_ = true;
    Prefaulter::Owner prefaulter_;  // from the first large image on; last, for it touches the others' memory
};

}  // namespace venice
