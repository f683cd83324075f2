// SPDX-License-Identifier: MIT
#include "client/base_url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "support/error.hpp"
#include "support/text.hpp"

namespace venice {
namespace {

struct CurlUrlDeleter {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};

struct CurlFree {
    void operator()(char* text) const noexcept { curl_free(text); }
};

// A lack of memory is no fault of the URL, and a part that could not be read is not an empty one.
bool is_well(CURLUcode code) {
    if (code == CURLUE_OUT_OF_MEMORY) {
        throw std::bad_alloc();
    }
    return code == CURLUE_OK;
}

// Empty if the URL has no such part.
std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (!is_well(curl_url_get(url, part, &text, 0))) {
        return {};
    }
    const std::unique_ptr<char, CurlFree> owned(text);
    return owned.get();
}

bool is_this_machine(const std::string& host) {
    // libcurl has normalised numbers such as 0x7f.1 to 127.0.0.1 by now. What is no address ("127.") would be looked up as a name.
    in_addr address{};
    const bool is_address = inet_pton(AF_INET, host.c_str(), &address) == 1;
    return host == "localhost" || host == "[::1]" || (is_address && host.starts_with("127."));
}

Error refused(const std::string& why) {
    return field_error(VENICE_ERROR_OUT_OF_RANGE, "base_url",
                       "base_url " + why + " It must be https://HOST/PATH, or http:// to this machine (127.0.0.1, [::1], localhost).");
}

}  // namespace

std::string checked_base_url(std::string_view text) {
    if (!is_valid_utf8(text)) {
        throw field_error(VENICE_ERROR_INVALID_TEXT, "base_url", "base_url must be valid UTF-8.");
    }
    const std::unique_ptr<CURLU, CurlUrlDeleter> url(curl_url());
    if (!url) {
        throw std::bad_alloc();
    }
    const std::string copy(text);
    if (!is_well(curl_url_set(url.get(), CURLUPART_URL, copy.c_str(), 0))) {
        throw refused("is not a URL.");
    }
    const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
    const std::string host = part_of(url.get(), CURLUPART_HOST);
    // libcurl tells an empty query from none only in newer versions; either would swallow the path that is appended.
    const bool ends_the_path = text.find_first_of("?#") != std::string_view::npos;
    if (ends_the_path || !part_of(url.get(), CURLUPART_USER).empty() || !part_of(url.get(), CURLUPART_PASSWORD).empty()) {
        throw refused("must not hold a user, a query or a fragment.");
    }
    if (scheme != "https" && scheme != "http") {
        throw refused("has the scheme " + displayable(scheme, 20) + ".");
    }
    if (scheme == "http" && !is_this_machine(host)) {
        throw refused("is plain http to another machine: the API key could be read on the way.");
    }
    std::string normal = part_of(url.get(), CURLUPART_URL);
    while (normal.ends_with('/')) {
        normal.pop_back();
    }
    return normal;
}

std::string checked_proxy(std::string_view text) {
    // The value itself is not shown: it may hold a password.
    const auto wrong = [] {
        return field_error(VENICE_ERROR_OUT_OF_RANGE, "proxy",
                           "proxy must be a URL such as http://HOST:PORT or socks5h://HOST:PORT, or empty for no proxy at all.");
    };
    if (!is_valid_utf8(text)) {
        throw field_error(VENICE_ERROR_INVALID_TEXT, "proxy", "proxy must be valid UTF-8.");
    }
    if (text.empty()) {
        return {};
    }
    const std::unique_ptr<CURLU, CurlUrlDeleter> url(curl_url());
    if (!url) {
        throw std::bad_alloc();
    }
    const std::string copy(text);
    if (!is_well(curl_url_set(url.get(), CURLUPART_URL, copy.c_str(), CURLU_NON_SUPPORT_SCHEME))) {
        throw wrong();
    }
    const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
    constexpr std::array<std::string_view, 6> schemes{"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
    if (std::find(schemes.begin(), schemes.end(), scheme) == schemes.end() || part_of(url.get(), CURLUPART_HOST).empty()) {
        throw wrong();
    }
    return copy;
}

}  // namespace venice
