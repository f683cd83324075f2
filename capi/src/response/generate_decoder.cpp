// SPDX-License-Identifier: MIT
#include "response/generate_decoder.hpp"

#include <algorithm>
#include <charconv>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "support/error.hpp"

namespace venice {
namespace {

// The request's echo holds two prompts of up to 32768 characters, and style references are not echoed in full: this is ample.
constexpr std::size_t largest_rest = std::size_t{16} << 20;

// No member that matters has a longer name.
constexpr std::size_t longest_key = 64;

// The API makes four at most. Each begins at a page of its own, so that many small ones would take far more memory than was received.
constexpr std::size_t most_images = 64;

// Where in an image its memory begins to be touched on a second thread, and with how much to come at least: for less a thread would not pay.
constexpr std::size_t prefaulted_from = std::size_t{2} << 20;

// How far that thread may be ahead of the decoder. At the end of an answer of unknown length that much was touched for nothing, and is given back.
constexpr std::size_t prefaulted_ahead = std::size_t{4} << 20;

Error malformed(const std::string& why) {
    return Error(VENICE_ERROR_MALFORMED_RESPONSE,
                 "The server's answer is not what the API documents: " + why + " The image may have been charged. Try again later.");
}

// What a JSON escape stands for if that is ASCII. `escape`: what follows the backslash, such as "/" or "u002f".
std::optional<char> ascii_of_escape(std::string_view escape) {
    if (escape == "/") {
        return '/';
    }
    unsigned unit = 0;
    const char* end = escape.data() + escape.size();
    const bool is_unit = escape.size() == 5 && escape.front() == 'u' && std::from_chars(escape.data() + 1, end, unit, 16).ptr == end;
    return is_unit && unit < 0x80 ? std::optional(static_cast<char>(unit)) : std::nullopt;
}

// Whether a member's name, as it is written between its quotes, is `name`, which is of letters only: each may be written as itself or as an escape.
bool spells(std::string_view written, std::string_view name) {
    for (const char letter : name) {
        const std::size_t length = written.starts_with('\\') ? 6 : 1;
        const std::string_view character = written.substr(0, length);
        if (character.empty() || (length == 6 ? ascii_of_escape(character.substr(1)) : character.front()) != letter) {
            return false;
        }
        written.remove_prefix(character.size());
    }
    return written.empty();
}

// In all top-level members of this name: RFC 8259 leaves open which of several counts, and every image was paid for, so that all of them are taken.
std::size_t images_listed(const cJSON* answer) {
    std::size_t count = 0;
    for (const cJSON* item = answer->child; item != nullptr; item = item->next) {
        if (cJSON_IsArray(item) && std::string_view(item->string) == "images") {
            count += static_cast<std::size_t>(cJSON_GetArraySize(item));
        }
    }
    return count;
}

}  // namespace

void GenerateDecoder::feed(std::string_view bytes) {
    if (kind_ == Kind::unknown) {
        bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size()));
        if (bytes.empty()) {
            return;
        }
        if (bytes.front() == '<') {
            throw malformed("it is a web page (HTML), as gateways and log-in portals send.");
        }
        kind_ = bytes.front() == '{' ? Kind::json : Kind::binary;
        if (kind_ == Kind::binary) {
            begin_image(bytes_left_);
        }
    }
    if (kind_ == Kind::json) {
        feed_json(bytes);
    } else {
        images_.front()->append(bytes);
    }
    bytes_left_ -= std::min(bytes_left_, bytes.size());
    prefault();
}

// Much of the time of a large answer goes to page faults: to the system, which clears new memory, and may have to get it from its host first.
// A second thread has that done meanwhile. Where it cannot be had, all goes on without it.
void GenerateDecoder::prefault() {
    if (!can_prefault_ || images_.empty() || images_.back()->complete() || (!prefaulter_ && images_.back()->size() < prefaulted_from)) {
        return;
    }
    try {
        const std::span<std::uint8_t> upcoming = images_.back()->upcoming(prefaulted_ahead);
        if (!prefaulter_ && upcoming.size() >= AddressSpace::huge_page) {
            prefaulter_ = Prefaulter::start();
        }
        if (prefaulter_) {
            prefaulter_->follow(upcoming);
        }
    } catch (const std::exception&) {
        can_prefault_ = false;
    }
}

void GenerateDecoder::feed_json(std::string_view text) {
    while (!text.empty()) {
        if (in_image_) {
            text.remove_prefix(feed_image(text));
        } else if (in_string_) {
            text.remove_prefix(feed_string(text));
        } else {
            feed_structure(text.front());
            text.remove_prefix(1);
        }
    }
}

// The part of an image's base64 that is in `text`. Returns how much of it was used.
std::size_t GenerateDecoder::feed_image(std::string_view text) {
    if (escaped_) {
        feed_image_escape(text.front());
        return 1;
    }
    const std::size_t used = base64_.feed(text, *images_.back());
    if (used == text.size()) {
        return used;
    }
    if (text[used] == '\\') {
        escaped_ = true;
    } else if (text[used] == '"') {
        if (!base64_.complete()) {
            throw malformed("the base64 of image " + std::to_string(images_.size()) + " ends in the middle.");
        }
        unused_ = images_.back()->finish();
        in_image_ = false;
        keep("\"");
    } else {
        throw not_base64();
    }
    return used + 1;
}

Error GenerateDecoder::not_base64() const { return malformed("image " + std::to_string(images_.size()) + " is not base64."); }

void GenerateDecoder::begin_image(std::size_t most_bytes) {
    if (images_.size() == most_images) {
        throw malformed("it holds far more images than were asked for.");
    }
    base64_ = Base64Decoder();
    if (unused_.size() < most_bytes + ImageBytes::slack) {
        prefaulter_.reset();  // it may be at work in what is given back now
    }
    images_.reserve(images_.size() + 1);  // first: nothing may fail any more that would take the memory away again
    images_.push_back(std::make_shared<ImageBytes>(most_bytes, std::move(unused_)));
}

// JSON may write "/" as "\/", and any character as "\u002f": some encoders do so with "+" and "=".
void GenerateDecoder::feed_image_escape(char c) {
    image_escape_ += c;
    if (image_escape_.front() == 'u' && image_escape_.size() < 5) {
        return;
    }
    const char character = ascii_of_escape(image_escape_).value_or('\\');  // which is not base64's, like any other escape
    if (base64_.feed({&character, 1}, *images_.back()) != 1) {
        throw not_base64();
    }
    image_escape_.clear();
    escaped_ = false;
}

// The part of another string that is in `text`.
std::size_t GenerateDecoder::feed_string(std::string_view text) {
    std::size_t used = 0;
    while (used < text.size() && in_string_) {
        const char c = text[used++];
        if (escaped_) {
            escaped_ = false;
        } else if (c == '\\') {
            escaped_ = true;
        } else if (c == '"') {
            in_string_ = false;
            break;
        }
        if (is_key_ && key_.size() < longest_key) {
            key_ += c;
        }
    }
    keep(text.substr(0, used));
    if (!in_string_) {
        is_key_ = false;
    }
    return used;
}

void GenerateDecoder::feed_structure(char c) {
    switch (c) {
        case '"':
            if (in_images_ && depth_ == 2) {
                in_image_ = true;
                begin_image(bytes_left_ / 4 * 3 + 3);
            } else {
                in_string_ = true;
                is_key_ = depth_ == 1 && expects_key_;
                if (is_key_) {
                    key_.clear();
                }
            }
            break;
        case '{':
        case '[':
            in_images_ = in_images_ || (c == '[' && depth_ == 1 && !expects_key_ && spells(key_, "images"));
            ++depth_;
            expects_key_ = depth_ == 1;
            break;
        case '}':
        case ']':
            --depth_;
            in_images_ = in_images_ && depth_ >= 2;
            break;
        case ':':
            expects_key_ = expects_key_ && depth_ != 1;
            break;
        case ',':
            expects_key_ = depth_ == 1;
            break;
        default:
            break;
    }
    keep({&c, 1});
}

void GenerateDecoder::keep(std::string_view text) {
    if (rest_.size() + text.size() > largest_rest) {
        throw malformed("it holds far more text than an answer with images has.");
    }
    rest_ += text;
}

GenerateDecoder::Decoded GenerateDecoder::finish() {
    if (kind_ == Kind::unknown) {
        throw Error(VENICE_ERROR_INCOMPLETE_RESPONSE, "The server's answer is empty. The image may have been charged. Try again later.");
    }
    prefaulter_.reset();
    unused_ = AddressSpace();

    Decoded decoded;
    if (kind_ == Kind::json) {
        if (in_image_ || in_string_ || depth_ > 0) {
            throw Error(VENICE_ERROR_INCOMPLETE_RESPONSE,
                        "The server's answer ends in the middle. The image may have been charged. Try again later.");
        }
        JsonFault fault = check_json(rest_);
        if (fault == JsonFault::not_utf8 || fault == JsonFault::nul_escape) {
            // The images are there, and paid for: some other text that cannot be read must not cost them.
            rest_ = with_readable_strings(rest_);
            fault = check_json(rest_);
        }
        decoded.json = fault == JsonFault::none ? parse_json(rest_) : nullptr;
        if (!decoded.json) {
            throw malformed("it is not valid JSON.");
        }
        const std::size_t listed = images_listed(decoded.json.get());
        if (listed == 0) {
            throw malformed("it has no images.");
        }
        if (listed != images_.size()) {
            throw malformed("its list of images holds something else than images.");
        }
    }
    if (kind_ == Kind::binary) {
        images_.front()->finish();
    }
    decoded.images = std::move(images_);
    return decoded;
}

}  // namespace venice
