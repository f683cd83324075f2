// SPDX-License-Identifier: MIT
#include "store/run_reader.hpp"

#include <glib.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "store/files.hpp"
#include "store/image_files.hpp"
#include "store/json.hpp"
#include "store/store_failure.hpp"
#include "store/values_json.hpp"

namespace venice_gimp {
namespace {

constexpr std::size_t most_images = 10000;  // of a run; a file name with a larger number is not ours

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
        for (const char* extension : image_extensions) {
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

RunRecord read_run_folder(const std::string& folder, const std::string& id, bool owner_is_alive) {
    return RunReader(folder, id, owner_is_alive).read();
}

}  // namespace venice_gimp
