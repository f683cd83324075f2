// SPDX-License-Identifier: MIT
// The headers of requests, with the API key. Requests with the same key share them: they are never changed, and libcurl only reads them.
#pragma once

#include <memory>
#include <string_view>

#include "support/secret.hpp"

struct curl_slist;

namespace venice {

class RequestHeaders {
public:
    // An empty `api_key`: no Authorization header. Throws std::bad_alloc.
    RequestHeaders(std::string_view api_key, bool has_body);

    std::string_view api_key() const { return api_key_.view(); }
    curl_slist* list() const { return list_.get(); }  // stays ours

private:
    struct WipeAndFree {
        void operator()(curl_slist* list) const noexcept;
    };

    void append(const char* line);

    Secret api_key_;
    std::unique_ptr<curl_slist, WipeAndFree> list_;
};

}  // namespace venice
