// SPDX-License-Identifier: MIT
#include "catalog/list_cache.hpp"

#include <sys/stat.h>

#include <exception>
#include <filesystem>
#include <new>
#include <span>
#include <system_error>
#include <utility>

#include "response/save_file.hpp"
#include "support/clock.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/read_file.hpp"

namespace venice {
namespace {

constexpr int format_version = 1;

// Far above any list there is; keeps a foreign file from filling the memory.
constexpr std::uintmax_t largest_file = std::uintmax_t{64} << 20;

// FNV-1a, 64 bit: against disks and cut files, not against people.
std::string checksum(std::string_view text) {
    std::uint64_t sum = 0xCBF29CE484222325U;
    for (const char c : text) {
        sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    return std::to_string(sum);
}

// With its parents, whatever the umask is. What is there already stays as it is.
void make_private_folders(const std::filesystem::path& folder) {
    std::error_code problem;
    if (folder.empty() || std::filesystem::exists(folder, problem) || folder == folder.parent_path()) {
        return;
    }
    make_private_folders(folder.parent_path());
    mkdir(folder.c_str(), 0700);
}

template <typename List>
std::optional<List> cached_list(const ListCache& cache, List (*read)(std::string_view)) {
    const auto entry = cache.load();
    if (!entry) {
        return std::nullopt;
    }
    try {
        List list = read(entry->body);
        list.fetched_ms = entry->fetched_ms;
        list.stale = entry->stale;
        return list;
    } catch (const Error&) {
        return std::nullopt;
    }
}

}  // namespace

std::optional<ModelList> cached_models(const ListCache& cache) { return cached_list(cache, read_models); }

std::optional<StyleList> cached_styles(const ListCache& cache) { return cached_list(cache, read_styles); }

ListCache::ListCache(std::string folder, std::string name, std::string source, std::int64_t max_age_ms)
    : folder_(std::move(folder)), name_(std::move(name)), source_(std::move(source)), max_age_ms_(max_age_ms) {}

std::string ListCache::path() const { return (std::filesystem::path(folder_) / ("venice-" + name_ + ".cache")).string(); }

std::optional<ListCache::Entry> ListCache::load() const {
    std::optional<std::string> text;
    try {
        text = read_file(path(), largest_file);
    } catch (const Error&) {
        return std::nullopt;
    }
    if (!text) {
        return std::nullopt;
    }
    const std::size_t end_of_head = text->find('\n');
    if (end_of_head == std::string::npos) {
        return std::nullopt;
    }
    const Json head = parse_json(std::string_view(*text).substr(0, end_of_head));
    Entry entry;
    entry.body = text->substr(end_of_head + 1);
    const double fetched_ms = number_member(head.get(), "fetched_ms").value_or(-1);
    const bool ours = int_member(head.get(), "venice_cache", 0) == format_version && string_member(head.get(), "list") == name_ &&
                      string_member(head.get(), "source") == source_ && string_member(head.get(), "checksum") == checksum(entry.body) &&
                      fetched_ms >= 0 && fetched_ms < 1e15;
    if (!ours) {
        return std::nullopt;
    }
    entry.fetched_ms = static_cast<std::int64_t>(fetched_ms);
    const std::int64_t age_ms = unix_time_ms() - entry.fetched_ms;
    entry.stale = age_ms < 0 || age_ms >= max_age_ms_;  // from the future: somebody set the clock
    return entry;
}

void ListCache::store(std::string_view body, std::int64_t fetched_ms) const {
    const Json head = checked(cJSON_CreateObject());
    add_member(head.get(), "venice_cache", checked(cJSON_CreateNumber(format_version)));
    add_member(head.get(), "list", checked(cJSON_CreateString(name_.c_str())));
    add_member(head.get(), "source", checked(cJSON_CreateString(source_.c_str())));
    add_member(head.get(), "fetched_ms", checked(cJSON_CreateRaw(std::to_string(fetched_ms).c_str())));
    add_member(head.get(), "checksum", checked(cJSON_CreateString(checksum(body).c_str())));
    std::string text = print_json(head.get()) + "\n";
    text += body;
    make_private_folders(folder_);
    try {
        save_file(path(), std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), Access::only_owner);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
        // Seen by the next start, which fetches the list again.
    }
}

}  // namespace venice
