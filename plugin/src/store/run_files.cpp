// SPDX-License-Identifier: MIT
#include "store/run_files.hpp"

#include <glib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <random>
#include <set>
#include <string_view>

#include "i18n.hpp"
#include "store/store_failure.hpp"
#include "store/values_json.hpp"

namespace venice_gimp {
namespace {

constexpr std::array<const char*, 4> extensions = {"png", "jpg", "webp", "bin"};
constexpr const char* new_prefix = ".new-";
constexpr const char* trash_prefix = ".trash-";
constexpr int thumbnail_limit = 256;
constexpr std::size_t most_images = 10000;  // of a run; a file name with a larger number is not ours

constexpr std::size_t longest_signature = 12;  // of those below

std::string extension_of(std::span<const std::uint8_t> bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.starts_with("\x89PNG")) {
        return "png";
    }
    if (text.starts_with("\xFF\xD8\xFF")) {
        return "jpg";
    }
    return text.starts_with("RIFF") && text.substr(0, 12).ends_with("WEBP") ? "webp" : "bin";
}

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
    std::uint32_t number = 0;
    for (const std::uint8_t byte : bytes.first(4)) {
        number = (number << 8U) | byte;
    }
    return number;
}

bool is_thumbnail(std::span<const std::uint8_t> png) {
    constexpr std::size_t header_size = 24;  // signature and the beginning of IHDR
    return png.size() > header_size && extension_of(png) == "png" && big_endian(png.subspan(16)) <= thumbnail_limit &&
           big_endian(png.subspan(20)) <= thumbnail_limit;
}

constexpr std::string_view time_shape = "00000000-000000-000000";  // of an id: date, time of day, microseconds

std::string time_part(const std::string& id) { return id.substr(0, time_shape.size()); }

bool has_time(const std::string& id) {
    const auto fits = [](char c, char shape) { return shape == '0' ? g_ascii_isdigit(c) != 0 : c == shape; };
    const std::string time = time_part(id);
    return time.size() == time_shape.size() && std::equal(time.begin(), time.end(), time_shape.begin(), fits);
}

// The next in the order of ids. It need be no time: after 59 seconds comes 60.
std::string counted_up(std::string time) {
    for (auto digit = time.rbegin(); digit != time.rend(); ++digit) {
        if (*digit >= '0' && *digit < '9') {
            ++*digit;
            break;
        }
        *digit = *digit == '9' ? '0' : *digit;
    }
    return time;
}

std::string time_now() {
    struct Unref {
        void operator()(GDateTime* time) const noexcept { g_date_time_unref(time); }
    };
    const std::unique_ptr<GDateTime, Unref> now(g_date_time_new_now_utc());
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d%02d%02d-%02d%02d%02d-%06d", g_date_time_get_year(now.get()),
                  g_date_time_get_month(now.get()), g_date_time_get_day_of_month(now.get()), g_date_time_get_hour(now.get()),
                  g_date_time_get_minute(now.get()), g_date_time_get_second(now.get()), g_date_time_get_microsecond(now.get()));
    return text.data();
}

// Sorts behind all earlier ones, even if the clock was set back since: what is oldest is removed first.
std::string new_id(const std::vector<std::string>& earlier) {
    const auto latest = std::find_if(earlier.rbegin(), earlier.rend(), has_time);
    std::string time = time_now();
    if (latest != earlier.rend() && time_part(*latest) >= time) {
        time = counted_up(time_part(*latest));
    }
    std::array<char, 16> unique{};
    std::snprintf(unique.data(), unique.size(), "-%08x", static_cast<unsigned>(std::random_device()()));
    return time + unique.data();
}

bool is_id(const std::string& name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return g_ascii_isalnum(c) != 0 || c == '-'; });
}

std::string stem(const std::string& run_folder, std::size_t index) {
    return run_folder + "/" + std::to_string(index);
}

std::optional<std::string> image_path(const std::string& stem) {
    for (const char* extension : extensions) {
        std::string path = stem + "." + extension;
        if (exists(path)) {
            return path;
        }
    }
    return std::nullopt;
}

// What is no JSON is set aside if that is possible, and never in the way.
Json read_object(const std::string& path) {
    const std::optional<std::string> text = read_text(path);
    if (!text) {
        return nullptr;
    }
    Json object = parse_object(*text);
    if (!object) {
        try {
            set_aside(path);
        } catch (const StoreException& exception) {
            g_info("venice-gimp: %s", exception.what());
        }
    }
    return object;
}

bool has_bytes(RecordState state) {
    return state == RecordState::done || state == RecordState::blurred;
}

bool is_in_flight(RecordState state) {
    return state == RecordState::waiting || state == RecordState::interrupted;
}

bool is_open(const RunRecord& run) {
    return std::any_of(run.images.begin(), run.images.end(), [](const ImageRecord& image) { return image.open; });
}

// One that cannot be removed does not keep the others.
class FirstFailure {
public:
    void guard(const std::function<void()>& step) {
        try {
            step();
        } catch (const StoreException& exception) {
            failure_ = failure_ ? failure_ : std::optional(exception.failure());
        }
    }
    void rethrow() const {
        if (failure_) {
            throw StoreException(*failure_);
        }
    }

private:
    std::optional<StoreFailure> failure_;
};

// A run as its folder has it.
class RunReader {
public:
    RunReader(const std::string& folder, std::string id, bool owner_is_alive) : folder_(folder), names_(as_set(names_in(folder))) {
        run_.id = std::move(id);
        run_.owner_is_alive = owner_is_alive;
    }

    RunRecord read() {
        if (const Json object = read_object(folder_ + "/run.json")) {
            RunRecord kept = run_record_of(object.get());
            kept.id = run_.id;
            kept.owner_is_alive = run_.owner_is_alive;
            run_ = std::move(kept);
        }
        run_.pinned = has("pinned");
        run_.images.resize(std::max(run_.images.size(), images_on_disk()));
        for (std::size_t index = 0; index < run_.images.size(); ++index) {
            read_image(index);
        }
        return std::move(run_);
    }

private:
    static std::set<std::string> as_set(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }
    bool has(const std::string& name) const { return names_.contains(name); }

    // More than run.json tells only if that was lost.
    std::size_t images_on_disk() const {
        std::size_t count = 0;
        for (const std::string& name : names_) {
            gchar* end = nullptr;
            const guint64 index = g_ascii_isdigit(name.front()) != 0 ? g_ascii_strtoull(name.c_str(), &end, 10) : most_images;
            if (index < most_images && end != nullptr && *end == '.' && !name.ends_with(".part")) {
                count = std::max(count, static_cast<std::size_t>(index) + 1);
            }
        }
        return count;
    }

    void read_image(std::size_t index) {
        ImageRecord& image = run_.images[index];
        const std::string name = std::to_string(index);
        const bool had_record = has(name + ".json");
        if (const Json object = had_record ? read_object(folder_ + "/" + name + ".json") : nullptr) {
            image = image_record_of(object.get());
        }
        for (const char* extension : extensions) {
            if (has(name + "." + extension)) {
                image.file_extension = extension;
                image.file_bytes = file_size(folder_ + "/" + name + "." + extension);
            }
        }
        image.has_thumbnail = has(name + ".thumb");
        image.state = state(image, name);
        image.may_be_charged = image.may_be_charged || image.state == RecordState::interrupted;
        image.open = (is_in_flight(image.state) || (has_bytes(image.state) && !image.file_extension.empty())) && !has(name + ".settled");
    }

    RecordState state(const ImageRecord& image, const std::string& name) const {
        if (has(name + ".discarded")) {
            return RecordState::discarded;
        }
        if (!is_in_flight(image.state)) {
            return image.state;
        }
        if (!image.file_extension.empty()) {
            return RecordState::done;  // killed between the bytes and their record
        }
        return run_.owner_is_alive ? image.state : RecordState::interrupted;
    }

    std::string folder_;
    std::set<std::string> names_;
    RunRecord run_;
};

}  // namespace

RunFiles::RunFiles(std::string folder) : folder_(std::move(folder)) {}

std::string RunFiles::runs_folder() const {
    return folder_ + "/runs";
}

std::string RunFiles::processes_folder() const {
    return folder_ + "/processes";
}

std::string RunFiles::run_folder(const std::string& run_id) const {
    if (!is_id(run_id)) {
        throw_errno(run_id, ENOENT);
    }
    return runs_folder() + "/" + run_id;
}

std::string RunFiles::existing_run_folder(const std::string& run_id) const {
    const std::string folder = run_folder(run_id);
    if (!exists(folder)) {
        throw_errno(folder, ENOENT);
    }
    return folder;
}

const std::string& RunFiles::open() {
    if (lock_ && exists(runs_folder()) && ProcessLock::is_alive(processes_folder(), lock_->name())) {
        return lock_->name();
    }
    lock_.reset();
    make_private_folder(folder_);
    make_private_folder(runs_folder());
    make_private_folder(processes_folder());
    return lock_.emplace(processes_folder()).name();
}

std::string RunFiles::add(const RunRecord& run) {
    const std::string& owner = open();
    const std::string id = new_id(run_ids());
    // The process's name is in that of the unfinished folder, so that another process knows whether it is rubbish.
    const std::string unfinished = runs_folder() + "/" + new_prefix + owner;
    remove_tree(unfinished);
    try {
        make_private_folder(unfinished);
        write_file(unfinished + "/owner", owner);
        write_file(unfinished + "/run.json", print_json(json_of(run).get()));
        if (std::rename(unfinished.c_str(), run_folder(id).c_str()) != 0) {
            throw_errno(run_folder(id), errno);
        }
    } catch (const StoreException&) {
        remove_tree(unfinished);
        throw;
    }
    sync_folder(runs_folder());
    return id;
}

void RunFiles::put_image(const ImageReference& image, const ImageRecord& record, std::span<const std::uint8_t> bytes) {
    const std::string path = stem(existing_run_folder(image.run_id), image.index);
    if (!bytes.empty()) {
        write_image(image, path + "." + extension_of(bytes), bytes);
        remove_file(path + ".discarded");  // discarded while it was on its way: what is paid stays until somebody has seen it
    }
    parts_.erase({image.run_id, image.index});
    write_file(path + ".json", print_json(json_of(record).get()));
}

void RunFiles::put_part(const ImageReference& image, std::span<const std::uint8_t> arrived) {
    if (arrived.size() < longest_signature) {
        return;  // its name is not known yet
    }
    Part& part = parts_[{image.run_id, image.index}];
    if (part.start != arrived.data()) {
        const std::string path = stem(existing_run_folder(image.run_id), image.index);
        part = {};
        part.start = arrived.data();
        part.file = std::make_unique<NewFile>(path + "." + extension_of(arrived));
    }
    if (!part.file || arrived.size() <= part.size) {
        return;
    }
    try {
        part.file->write(arrived.subspan(part.size));
    } catch (...) {
        part.file.reset();
        throw;
    }
    part.file->start_syncing();
    part.size = arrived.size();
}

void RunFiles::write_image(const ImageReference& image, const std::string& path, std::span<const std::uint8_t> bytes) {
    const auto found = parts_.find({image.run_id, image.index});
    if (found == parts_.end() || !found->second.file || found->second.start != bytes.data()) {
        parts_.erase({image.run_id, image.index});
        write_file(path, bytes);
        return;
    }
    const Part part = std::move(found->second);
    parts_.erase(found);
    part.file->write(bytes.subspan(part.size));
    part.file->move_into_place();
}

void RunFiles::put_thumbnail(const ImageReference& image, std::span<const std::uint8_t> png) {
    const std::string path = stem(existing_run_folder(image.run_id), image.index) + ".thumb";
    if (!is_thumbnail(png)) {
        throw_errno(path, EINVAL);
    }
    write_file(path, png);
}

void RunFiles::settle(std::span<const ImageReference> images) {
    for (const ImageReference& image : images) {
        write_mark(stem(existing_run_folder(image.run_id), image.index) + ".settled");
    }
}

void RunFiles::discard(std::span<const ImageReference> images) {
    std::set<std::string> runs;
    for (const ImageReference& image : images) {
        const std::string path = stem(existing_run_folder(image.run_id), image.index);
        write_mark(path + ".discarded");  // first: from here on nobody is offered half of it
        while (const std::optional<std::string> file = image_path(path)) {
            remove_file(*file);
        }
        remove_file(path + ".thumb");
        remove_file(path + ".json");
        runs.insert(image.run_id);
    }
    for (const std::string& id : runs) {
        const RunRecord run = read_run(id);
        if (std::all_of(run.images.begin(), run.images.end(), [](const ImageRecord& image) { return image.state == RecordState::discarded; })) {
            delete_run(id);
        }
    }
}

void RunFiles::set_pinned(const std::string& run_id, bool pinned) {
    const std::string mark = existing_run_folder(run_id) + "/pinned";
    if (pinned) {
        write_mark(mark);
    } else {
        remove_file(mark);
    }
}

RunRecord RunFiles::read_run(const std::string& id) const {
    const std::string folder = run_folder(id);
    const std::string owner = read_text(folder + "/owner").value_or("");
    return RunReader(folder, id, ProcessLock::is_alive(processes_folder(), owner)).read();
}

std::vector<std::string> RunFiles::run_ids() const {
    std::vector<std::string> ids = names_in(runs_folder());
    std::erase_if(ids, [this](const std::string& name) { return !is_id(name) || !is_folder(runs_folder() + "/" + name); });
    return ids;
}

std::vector<RunRecord> RunFiles::list() const {
    std::vector<RunRecord> runs;
    const std::vector<std::string> ids = run_ids();
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
        try {
            RunRecord run = read_run(*id);
            if (!run.images.empty()) {
                runs.push_back(std::move(run));
            }
        } catch (const StoreException& exception) {
            g_warning("venice-gimp: %s", exception.what());  // the others are shown all the same
        }
    }
    return runs;
}

Bytes RunFiles::read_file(const ImageReference& image) const {
    const std::string path = stem(existing_run_folder(image.run_id), image.index);
    const std::optional<std::string> file = image_path(path);
    std::optional<Bytes> bytes = file ? venice_gimp::read_file(*file) : std::nullopt;
    if (!bytes) {
        throw_errno(path, ENOENT);
    }
    return std::move(*bytes);
}

Bytes RunFiles::read_thumbnail(const ImageReference& image) const {
    const std::string path = stem(existing_run_folder(image.run_id), image.index) + ".thumb";
    std::optional<Bytes> bytes = venice_gimp::read_file(path);
    if (!bytes) {
        throw_errno(path, ENOENT);
    }
    return std::move(*bytes);
}

std::vector<RunRecord> RunFiles::adopt() {
    if (names_in(runs_folder()).empty()) {
        return {};  // nothing needs to be made for nothing
    }
    const std::string& owner = open();
    const FileLock lock(folder_ + "/adopt.lock");
    remove_rubbish();
    std::vector<RunRecord> adopted;
    for (RunRecord& run : list()) {
        if (is_open(run) && !run.owner_is_alive) {
            take_over(run, owner);
            adopted.push_back(std::move(run));
        }
    }
    return adopted;
}

void RunFiles::take_over(RunRecord& run, const std::string& owner) const {
    const std::string folder = run_folder(run.id);
    for (std::size_t index = 0; index < run.images.size(); ++index) {
        // Written down, or it would be in flight again under an owner that lives.
        if (run.images[index].state == RecordState::interrupted) {
            write_file(stem(folder, index) + ".json", print_json(json_of(run.images[index]).get()));
        }
    }
    for (const std::string& name : names_in(folder)) {
        if (name.ends_with(part_suffix)) {
            remove_file(folder + "/" + name);
        }
    }
    write_file(folder + "/owner", owner);
    run.owner_is_alive = true;
}

void RunFiles::remove_rubbish() const {
    for (const std::string& name : names_in(runs_folder())) {
        const bool is_left_over = name.starts_with(new_prefix) &&
                                  !ProcessLock::is_alive(processes_folder(), name.substr(std::string_view(new_prefix).size()));
        if (is_left_over || name.starts_with(trash_prefix)) {
            remove_tree(runs_folder() + "/" + name);
        }
    }
    ProcessLock::remove_stale(processes_folder());
}

// Out of sight first, so that no reader meets half a run. One that is gone already was removed by another process.
void RunFiles::delete_run(const std::string& id) const {
    const std::string trash = runs_folder() + "/" + trash_prefix + id;
    if (std::rename(run_folder(id).c_str(), trash.c_str()) != 0) {
        if (errno == ENOENT) {
            return;
        }
        throw_errno(run_folder(id), errno);
    }
    remove_tree(trash);
}

void RunFiles::remove_run(const std::string& run_id) {
    const RunRecord run = read_run(run_id);
    const bool in_flight = std::any_of(run.images.begin(), run.images.end(), [](const ImageRecord& image) {
        return image.open && image.state == RecordState::waiting;
    });
    if (in_flight) {
        throw_errno(run_folder(run_id), EBUSY);
    }
    delete_run(run_id);
}

void RunFiles::clear() {
    FirstFailure failure;
    failure.guard([this] { remove_rubbish(); });
    for (const std::string& id : run_ids()) {
        failure.guard([&] {
            if (!is_open(read_run(id))) {
                delete_run(id);
            }
        });
    }
    failure.rethrow();
}

void RunFiles::prune(const HistoryLimits& limits) {
    const std::vector<RunRecord> runs = list();  // the latest first
    std::size_t count = runs.size();
    std::uint64_t bytes = 0;
    std::vector<std::uint64_t> sizes;
    for (const RunRecord& run : runs) {
        sizes.push_back(folder_size(run_folder(run.id)));
        bytes += sizes.back();
    }
    FirstFailure failure;
    for (std::size_t i = runs.size(); i-- > 0 && (count > limits.runs || bytes > limits.bytes);) {
        if (!runs[i].pinned && !is_open(runs[i])) {
            failure.guard([&] {
                delete_run(runs[i].id);
                --count;
                bytes -= sizes[i];
            });
        }
    }
    failure.rethrow();
}

}  // namespace venice_gimp
