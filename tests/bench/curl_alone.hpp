// SPDX-License-Identifier: MIT
// What the programs with libcurl alone share, and the request of those that are the floor for small_venice.
#pragma once

#include <curl/curl.h>

#include <string_view>

#include "measure.hpp"

namespace bench {

constexpr std::string_view body =
    R"({"model":"sandbox-model","prompt":"a red fox in the snow, early light, 35 mm","width":1024,"height":1024,"seed":42,"format":"png","return_binary":true})";

using Easy = std::unique_ptr<CURL, Freed<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Freed<curl_multi_cleanup>>;
using Headers = std::unique_ptr<curl_slist, Freed<curl_slist_free_all>>;

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
    if (curl_easy_setopt(easy, option, value) != CURLE_OK) {
        give_up("libcurl refused an option");
    }
}

inline Headers make_headers() {
    curl_slist* headers = nullptr;
    for (const char* line : {"Accept: application/json, image/png, image/jpeg, image/webp", "Content-Type: application/json", "Expect:",
                             "Authorization: Bearer bench-key"}) {
        headers = curl_slist_append(headers, line);
    }
    return Headers(headers);
}

// `write` gets `user_data`, and so does who asks for CURLINFO_PRIVATE.
inline void prepare(CURL* easy, const std::string& url, curl_slist* headers, curl_write_callback write, void* user_data) {
    set(easy, CURLOPT_URL, url.c_str());
    set(easy, CURLOPT_HTTPHEADER, headers);
    set(easy, CURLOPT_USERAGENT, "bench/1.0");
    set(easy, CURLOPT_ACCEPT_ENCODING, "");
    set(easy, CURLOPT_POSTFIELDS, body.data());
    set(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_WRITEFUNCTION, write);
    set(easy, CURLOPT_WRITEDATA, user_data);
    set(easy, CURLOPT_PRIVATE, user_data);
}

// What `easy` was prepared with; gives up if it failed.
template <typename UserData>
UserData* finished(CURLM* multi, const CURLMsg& message) {
    long code = 0;
    UserData* user_data = nullptr;
    CURL* const easy = message.easy_handle;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user_data);
    if (message.data.result != CURLE_OK || code != 200) {
        give_up("a request failed");
    }
    curl_multi_remove_handle(multi, easy);
    return user_data;
}

}  // namespace bench
