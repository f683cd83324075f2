// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace venice_gimp {

// Overwrites a text that held a key, before it is freed.
void wipe(std::string& secret);

// A key, on its way or kept: wiped before its memory is freed. It lies on the heap, however short: a move leaves nothing behind.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text) { assign(text); }
    Secret(const Secret& other) { assign(other.text_); }
    Secret(Secret&& other) noexcept { text_.swap(other.text_); }
    Secret& operator=(Secret other) noexcept {
        text_.swap(other.text_);
        return *this;
    }
    ~Secret() { wipe(text_); }

    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }

private:
    void assign(std::string_view text) {
        constexpr std::size_t more_than_a_short_string = 64;
        text_.reserve(std::max(text.size(), more_than_a_short_string));
        text_ = text;
    }

    std::string text_;
};

}  // namespace venice_gimp
