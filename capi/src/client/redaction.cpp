// SPDX-License-Identifier: MIT
#include "client/redaction.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "support/base64_encode.hpp"
#include "support/text.hpp"

namespace venice {
namespace {

constexpr std::string_view shown_instead = "***";
constexpr std::string_view cut_mark = "…";

// By itself a shorter password would be found in words that are not it, and what is then missing there would tell it.
constexpr std::size_t shortest_password = 4;

// So much of a secret at the end of a text that was cut off is taken for its beginning.
constexpr std::size_t shortest_beginning = 4;

std::string base64_of(std::string_view text) {
    return base64_encoded(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void hide(std::string& text, std::string_view secret) {
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + shown_instead.size())) {
        text.replace(at, secret.size(), shown_instead);
    }
}

// What displayable() has left of a secret.
void hide_beginning(std::string& text, std::string_view secret) {
    for (std::size_t cut = text.find(cut_mark); cut != std::string::npos; cut = text.find(cut_mark, cut + cut_mark.size())) {
        for (std::size_t length = std::min(secret.size(), cut); length >= shortest_beginning; --length) {
            if (std::string_view(text).substr(cut - length, length) == secret.substr(0, length)) {
                text.replace(cut - length, length, shown_instead);
                cut = cut - length + shown_instead.size();
                break;
            }
        }
    }
}

}  // namespace

Redaction::Redaction(const HttpRequest& request) {
    if (const std::string_view key = request.headers->api_key(); !key.empty()) {
        secrets_.emplace_back(key);
    }
    if (const auto& proxy = request.settings->proxy) {
        add_proxy(*proxy);
        return;
    }
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"}) {  // those that libcurl looks at
        const char* url = std::getenv(name);
        add_proxy(url != nullptr ? url : "");
    }
}

// By hand: what libcurl cannot read as a URL has a password, too.
void Redaction::add_proxy(std::string_view url) {
    const std::size_t scheme_end = url.find("://");
    const std::string_view rest = scheme_end == std::string_view::npos ? url : url.substr(scheme_end + 3);
    const std::string_view user_info = rest.substr(0, std::min(rest.rfind('@'), rest.size()));
    const std::size_t colon = user_info.find(':');
    if (rest.size() == user_info.size() || colon == std::string_view::npos) {
        return;
    }
    const std::string_view password = user_info.substr(colon + 1);
    if (password.empty()) {
        return;
    }
    secrets_.emplace_back(user_info, "@");
    secrets_.emplace_back(percent_decoded(user_info), "@");
    secrets_.emplace_back(base64_of(percent_decoded(user_info)));  // the header Proxy-Authorization
    if (password.size() >= shortest_password) {
        secrets_.emplace_back(password);
        secrets_.emplace_back(percent_decoded(password));
    }
}

void Redaction::apply(std::string& text) const {
    for (const Secret& secret : secrets_) {
        hide(text, secret.view());
        hide_beginning(text, secret.view());
    }
}

void Redaction::apply(ErrorInfo& error) const {
    for (std::string* text : {&error.message, &error.server_message, &error.server_code, &error.request_id}) {
        apply(*text);
    }
    for (Problem& problem : error.problems) {
        apply(problem.field);
        apply(problem.message);
    }
}

}  // namespace venice
