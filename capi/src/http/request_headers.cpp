// SPDX-License-Identifier: MIT
#include "http/request_headers.hpp"

#include <curl/curl.h>

#include <cstring>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "support/text.hpp"

namespace venice {
namespace {

// What this libcurl can undo, but for deflate, a name that servers give to two formats. Empty: nothing.
std::string accepted_encodings() {
    static const int features = curl_version_info(CURLVERSION_NOW)->features;
    std::vector<std::string_view> names;
    for (const auto& [feature, name] : {std::pair{CURL_VERSION_LIBZ, "gzip"}, {CURL_VERSION_BROTLI, "br"}, {CURL_VERSION_ZSTD, "zstd"}}) {
        if ((features & feature) != 0) {
            names.emplace_back(name);
        }
    }
    return joined(names);
}

}  // namespace

void RequestHeaders::WipeAndFree::operator()(curl_slist* list) const noexcept {
    for (curl_slist* line = list; line != nullptr; line = line->next) {
        wipe(line->data, std::strlen(line->data));  // one of them holds the API key
    }
    curl_slist_free_all(list);
}

RequestHeaders::RequestHeaders(std::string_view api_key, bool has_body) : api_key_(api_key) {
    append("Accept: application/json, image/png, image/jpeg, image/webp");
    // libcurl would write its own twice for each request, letter by letter: 2 % of what a small one takes.
    if (const std::string encodings = accepted_encodings(); !encodings.empty()) {
        append(("Accept-Encoding: " + encodings).c_str());
    }
    if (has_body) {
        append("Content-Type: application/json");
        append("Expect:");  // else curl waits a second before it sends large bodies
    }
    if (!api_key.empty()) {
        append(Secret("Authorization: Bearer ", api_key).c_str());
    }
}

void RequestHeaders::append(const char* line) {
    curl_slist* longer = curl_slist_append(list_.get(), line);
    if (longer == nullptr) {
        throw std::bad_alloc();
    }
    static_cast<void>(list_.release());  // it is now part of the longer list, if not the same
    list_.reset(longer);
}

}  // namespace venice
