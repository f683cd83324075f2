// SPDX-License-Identifier: MIT
// Base64 (RFC 4648, the standard alphabet, padded) decoded piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "response/image_bytes.hpp"

namespace venice {

// Decodes whole groups of four characters until one of them is not in the alphabet or the text ends. Returns how many characters it took, a multiple
// of four. `out` has room for 3/4 of the text and ImageBytes::slack more.
using Base64Groups = std::size_t (*)(std::string_view text, std::uint8_t* out);

std::size_t decode_base64_groups(std::string_view text, std::uint8_t* out);  // by a table: the reference
std::vector<Base64Groups> available_base64_groups();                         // that one, and those for which this processor has the vectors
Base64Groups fastest_base64_groups();                                        // the last of them

class Base64Decoder {
public:
    explicit Base64Decoder(Base64Groups groups = fastest_base64_groups()) : groups_(groups) {}

    // Appends what `text` decodes to, up to the first character that does not belong there. Returns how many characters it took. Pieces may be cut anywhere.
    std::size_t feed(std::string_view text, ImageBytes& out);

    // True if the text ended where base64 may end.
    bool complete() const { return characters_ == 0; }

private:
    bool feed_character(char character, ImageBytes& out);

    Base64Groups groups_;
    std::uint32_t group_ = 0;  // the bits of an unfinished group of four characters
    int characters_ = 0;       // how many of the group there are, padding included
    int padding_ = 0;          // once there is padding, nothing may follow
};

}  // namespace venice
