// SPDX-License-Identifier: MIT
#include "client/client_core.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "catalog/request_plan.hpp"
#include "client/base_url.hpp"
#include "client/certificates.hpp"
#include "support/fork_count.hpp"
#include "support/text.hpp"

namespace venice {
namespace {

constexpr const char* default_base_url = "https://api.venice.ai/api/v1";
constexpr const char* default_user_agent = "libvenice/" VENICE_VERSION;

// The value goes into a header: anything else than printable ASCII could end it and begin another.
void check_header_value(std::string_view name, std::string_view value, bool spaces_allowed) {
    const auto fits = [&](char c) { return (c > ' ' && c < 0x7F) || (c == ' ' && spaces_allowed); };
    if (value.size() > 4096 || !std::all_of(value.begin(), value.end(), fits)) {
        // The value itself is not shown: it may be the key.
        throw field_error(VENICE_ERROR_INVALID_TEXT, std::string(name),
                          std::string(name) + " must be printable ASCII" + (spaces_allowed ? "." : " without spaces.") +
                              " Check for a line break at its end.");
    }
}

const char* path_of(Job::Kind kind) {
    switch (kind) {
        case Job::Kind::models:
            return "/models?type=image";
        case Job::Kind::styles:
            return "/image/styles";
        case Job::Kind::account:
            return "/api_keys/rate_limits";
        case Job::Kind::generate:
            break;
    }
    return "/image/generate";
}

// The lists are public: the key stays at home.
bool needs_key(Job::Kind kind) { return kind == Job::Kind::generate || kind == Job::Kind::account; }

}  // namespace

struct ClientCore::IntOption {
    std::string_view name;
    std::int64_t Options::*value;
    std::int64_t minimum;
    std::int64_t maximum;
};

const ClientCore::IntOption* ClientCore::find_int_option(std::string_view name) {
    static constexpr std::array options{
        IntOption{"connect_timeout_ms", &Options::connect_timeout_ms, 1, 3'600'000},
        IntOption{"total_timeout_ms", &Options::total_timeout_ms, 0, 86'400'000},
        IntOption{"idle_timeout_ms", &Options::idle_timeout_ms, 0, 86'400'000},
        IntOption{"max_response_bytes", &Options::max_response_bytes, 1024, std::int64_t{4} << 30},
        IntOption{"cache_max_age_ms", &Options::cache_max_age_ms, 0, std::int64_t{365} * 86'400'000},
        IntOption{"max_in_flight", &Options::max_in_flight, 1, 256},
        IntOption{"max_retries", &Options::max_retries, 0, 100},
        IntOption{"max_retry_wait_ms", &Options::max_retry_wait_ms, 0, 86'400'000},
    };
    const auto* found = std::find_if(options.begin(), options.end(), [&](const IntOption& option) { return option.name == name; });
    return found == options.end() ? nullptr : found;
}

// Sets the option in `options`; a null value restores the default.
struct ClientCore::StringOption {
    std::string_view name;
    void (*set)(Options& options, const char* value);
};

const ClientCore::StringOption* ClientCore::find_string_option(std::string_view name) {
    static constexpr std::array table{
        StringOption{"api_key",
                     [](Options& options, const char* value) {
                         check_header_value("api_key", value != nullptr ? value : "", false);
                         options.api_key = Secret(value != nullptr ? value : "");
                     }},
        StringOption{"base_url", [](Options& options, const char* value) { options.base_url = value != nullptr ? checked_base_url(value) : default_base_url; }},
        StringOption{"user_agent",
                     [](Options& options, const char* value) {
                         check_header_value("user_agent", value != nullptr ? value : "", true);
                         options.user_agent = value != nullptr ? value : default_user_agent;
                     }},
        StringOption{"proxy",
                     [](Options& options, const char* value) {
                         options.proxy = value != nullptr ? std::optional(checked_proxy(value)) : std::nullopt;
                     }},
        StringOption{"cache_dir", [](Options& options, const char* value) { options.cache_dir = value != nullptr ? value : ""; }},
        StringOption{"ca_file",
                     [](Options& options, const char* value) { options.ca_certificates = value != nullptr ? trusted_certificates(value) : nullptr; }},
    };
    const auto* found = std::find_if(table.begin(), table.end(), [&](const StringOption& option) { return option.name == name; });
    return found == table.end() ? nullptr : found;
}

ClientCore::ClientCore() : forks_before_(fork_count()) {
    options_.base_url = default_base_url;
    options_.user_agent = default_user_agent;
}

void ClientCore::set_string_option(std::string_view name, const char* value) {
    const std::lock_guard lock(mutex_);
    const StringOption* option = find_string_option(name);
    if (option == nullptr) {
        const bool is_int = find_int_option(name) != nullptr;
        const std::string shown = displayable(name, 64);
        throw field_error(is_int ? VENICE_ERROR_WRONG_TYPE : VENICE_ERROR_UNKNOWN_PARAMETER, shown,
                          is_int ? shown + " is a whole number, not text." : "There is no option \"" + shown + "\".");
    }
    option->set(options_, value);
    requests_.clear();
}

void ClientCore::set_int_option(std::string_view name, std::int64_t value) {
    const std::lock_guard lock(mutex_);
    const IntOption* option = find_int_option(name);
    const std::string shown = displayable(name, 64);
    if (option == nullptr) {
        const bool is_string = find_string_option(name) != nullptr;
        throw field_error(is_string ? VENICE_ERROR_WRONG_TYPE : VENICE_ERROR_UNKNOWN_PARAMETER, shown,
                          is_string ? shown + " is text, not a whole number." : "There is no option \"" + shown + "\".");
    }
    if (value < option->minimum || value > option->maximum) {
        throw field_error(VENICE_ERROR_OUT_OF_RANGE, shown,
                          shown + " must be a whole number from " + std::to_string(option->minimum) + " to " +
                              std::to_string(option->maximum) + ", not " + std::to_string(value) + ".");
    }
    options_.*(option->value) = value;
    requests_.clear();
    worker_.set_max_in_flight(static_cast<std::size_t>(options_.max_in_flight));
}

HttpRequest ClientCore::http_request(Job::Kind kind) {
    const std::lock_guard lock(mutex_);
    auto found = requests_.find(kind);
    if (found == requests_.end()) {
        const std::string_view key = needs_key(kind) ? options_.api_key.view() : std::string_view();
        const HttpRequest request{std::make_shared<const HttpSettings>(http_settings(kind)),
                                  std::make_shared<const RequestHeaders>(key, kind == Job::Kind::generate)};
        found = requests_.emplace(kind, request).first;
    }
    return found->second;
}

HttpSettings ClientCore::http_settings(Job::Kind kind) const {
    HttpSettings settings;
    settings.url = options_.base_url + path_of(kind);
    settings.loopback_http = options_.base_url.starts_with("http://");
    settings.user_agent = options_.user_agent;
    settings.proxy = options_.proxy;
    settings.ca_certificates = options_.ca_certificates;
    settings.max_retries = options_.max_retries;
    settings.max_retry_wait_ms = options_.max_retry_wait_ms;
    settings.connect_timeout_ms = options_.connect_timeout_ms;
    settings.total_timeout_ms = options_.total_timeout_ms;
    settings.idle_timeout_ms = options_.idle_timeout_ms;
    settings.max_response_bytes = options_.max_response_bytes;
    return settings;
}

std::shared_ptr<Job> ClientCore::submit_generate(const Request& request, bool announced) {
    auto body = checked_body(request);
    HttpRequest http = http_request(Job::Kind::generate);
    http.body = std::move(body);
    http.images = request.int_value("variants").value_or(1);
    return start(std::make_shared<Job>(Job::Kind::generate, shared_from_this(), std::move(http), announced, request.int_value("seed")));
}

std::shared_ptr<Job> ClientCore::submit_list(Job::Kind kind, bool announced) {
    const auto job = std::make_shared<Job>(kind, shared_from_this(), http_request(kind), announced, std::nullopt);
    if (auto cache = list_cache(kind)) {
        job->use_cache(*std::move(cache));
        job->end_from_cache();
    }
    return job->ended() && !announced ? job : start(job);
}

std::shared_ptr<Job> ClientCore::submit_account(bool announced) {
    return start(std::make_shared<Job>(Job::Kind::account, shared_from_this(), http_request(Job::Kind::account), announced, std::nullopt));
}

std::optional<ListCache> ClientCore::list_cache(Job::Kind kind) const {
    const std::lock_guard lock(mutex_);
    if (options_.cache_dir.empty()) {
        return std::nullopt;
    }
    return ListCache(options_.cache_dir, kind == Job::Kind::models ? "models" : "styles", options_.base_url + path_of(kind), options_.cache_max_age_ms);
}

std::shared_ptr<Job> ClientCore::start(std::shared_ptr<Job> job) {
    worker_.submit(job);
    return job;
}

}  // namespace venice
