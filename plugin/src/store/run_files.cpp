// SPDX-License-Identifier: MIT
#include "store/run_files.hpp"

#include <glib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <set>
#include <string_view>

#include "store/image_files.hpp"
#include "store/run_id.hpp"
#include "store/run_reader.hpp"
#include "store/store_failure.hpp"
#include "store/values_json.hpp"

namespace venice_gimp {
namespace {

constexpr const char* new_prefix = ".new-";
constexpr const char* trash_prefix = ".trash-";

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

}  // namespace

RunFiles::RunFiles(std::string folder) : folder_(std::move(folder)) {}

std::string RunFiles::runs_folder() const {
    return folder_ + "/runs";
}

std::string RunFiles::processes_folder() const {
    return folder_ + "/processes";
}

std::string RunFiles::run_folder(const std::string& run_id) const {
    if (!is_run_id(run_id)) {
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
    const std::string id = new_run_id(run_ids());
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
    return read_run_folder(folder, id, ProcessLock::is_alive(processes_folder(), owner));
}

std::vector<std::string> RunFiles::run_ids() const {
    std::vector<std::string> ids = names_in(runs_folder());
    std::erase_if(ids, [this](const std::string& name) { return !is_run_id(name) || !is_folder(runs_folder() + "/" + name); });
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
