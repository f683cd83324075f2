// SPDX-License-Identifier: MIT
// The headers of an answer, a line each, and what is read from them.
#include <cmath>
#include <string>

#include "fuzzing.hpp"
#include "response/headers.hpp"
#include "response/server_state.hpp"

using fuzzing::require;

namespace {

constexpr std::int64_t now_ms = 1'790'000'000'000;

void require_text(const char* text) { require(venice::is_valid_utf8(text), "headers are UTF-8"); }

void require_sane(const venice::ServerState& state) {
    for (const auto& balance : {state.balance_usd, state.balance_diem}) {
        require(!balance || std::isfinite(*balance), "a balance is a number");
    }
    for (const auto& count : {state.limit_requests, state.remaining_requests, state.reset_requests_ms}) {
        require(count.value_or(0) >= 0, "counts and times are no negative numbers");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = fuzzing::text_of(data, size);
    venice::Headers headers;
    while (!rest.empty()) {
        const auto [line, others] = fuzzing::split_line(rest);
        headers.add_line(rest.substr(0, rest.size() - others.size()));
        rest = others;
    }
    for (std::size_t index = 0; index < headers.count(); ++index) {
        require_text(headers.name_at(index));
        require_text(headers.value_at(index));
        require(headers.find(headers.name_at(index)) != nullptr, "what is there is found");
        static_cast<void>(venice::percent_decoded(headers.value_at(index)));
    }
    require_sane(venice::read_server_state(headers));
    require(venice::retry_after_ms(headers, now_ms).value_or(0) >= 0, "a wait is a wait");
    require(venice::until_reset_ms(headers, now_ms).value_or(1) > 0, "a wait is a wait");
    return 0;
}
