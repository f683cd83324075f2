// SPDX-License-Identifier: MIT
// Text that must not stay in memory once it is no longer needed: the API key, and what holds it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace venice {

// Overwrites; the compiler cannot leave it out, as it could with memset() before the memory is freed.
inline void wipe(char* text, std::size_t size) noexcept {
    for (volatile char* at = text; size > 0; --size) {
        *at = '\0';
        at = at + 1;
    }
}

// Always on the heap, never in a short-string buffer that a move would leave behind; wiped before it is freed.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text) : Secret({}, text) {}
    Secret(std::string_view prefix, std::string_view text) {
        characters_.reserve(prefix.size() + text.size() + 1);
        characters_.assign(prefix.begin(), prefix.end());
        characters_.insert(characters_.end(), text.begin(), text.end());
        characters_.push_back('\0');
    }
    Secret(const Secret&) = default;
    Secret(Secret&&) noexcept = default;
    Secret& operator=(Secret other) noexcept {
        characters_.swap(other.characters_);
        return *this;
    }
    ~Secret() { wipe(characters_.data(), characters_.size()); }

    bool empty() const { return view().empty(); }
    const char* c_str() const { return characters_.empty() ? "" : characters_.data(); }
    std::string_view view() const { return characters_.empty() ? std::string_view() : std::string_view(characters_.data(), characters_.size() - 1); }

private:
    std::vector<char> characters_;  // with a NUL at the end; empty: ""
};

// For containers, also to look up what is no Secret itself.
struct SecretLess {
    using is_transparent = void;
    bool operator()(const Secret& a, const Secret& b) const { return a.view() < b.view(); }
    bool operator()(const Secret& a, std::string_view b) const { return a.view() < b; }
    bool operator()(std::string_view a, const Secret& b) const { return a < b.view(); }
};

}  // namespace venice
