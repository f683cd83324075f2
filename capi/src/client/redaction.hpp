// SPDX-License-Identifier: MIT
// Keeps what nobody may read out of the texts of errors: a server or proxy may repeat what it was sent, and libcurl shows URLs of proxies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/exchange.hpp"
#include "support/error.hpp"
#include "support/secret.hpp"

namespace venice {

class Redaction {
public:
    // The request's API key, and the passwords of its proxy or of those in the environment, in each form in which they are sent.
    explicit Redaction(const HttpRequest& request);

    void apply(std::string& text) const;
    void apply(ErrorInfo& error) const;

private:
    void add_proxy(std::string_view url);

    std::vector<Secret> secrets_;
};

}  // namespace venice
