// SPDX-License-Identifier: MIT
#include "store/presets.hpp"

#include <glib.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "store/files.hpp"
#include "store/settings_json.hpp"
#include "store/values_json.hpp"

namespace venice_gimp {
namespace {

using Text = std::unique_ptr<char, decltype(&g_free)>;

struct Preset {
    std::string name;
    DialogValues values;
};

std::string normal_name(const std::string& name) {
    const Text valid(g_utf8_make_valid(name.data(), static_cast<gssize>(name.size())), g_free);
    const Text normal(g_utf8_normalize(g_strstrip(valid.get()), -1, G_NORMALIZE_NFC), g_free);
    if (*normal == '\0') {
        throw_errno(name, EINVAL);
    }
    return normal.get();
}

std::string path_of(const std::string& folder, const std::string& name) {
    const Text hash(g_compute_checksum_for_string(G_CHECKSUM_SHA256, name.c_str(), -1), g_free);
    return folder + "/" + hash.get() + ".json";
}

std::optional<Preset> read_preset(const std::string& path) {
    const std::optional<std::string> text = read_text(path);
    if (!text) {
        return std::nullopt;
    }
    const Json object = parse_object(*text);
    const std::string name = text_member(object.get(), "name");
    if (name.empty()) {
        set_aside(path);
        return std::nullopt;
    }
    return Preset{name, dialog_values_of(member(object.get(), "values"))};
}

Preset required_preset(const std::string& folder, const std::string& name) {
    std::optional<Preset> preset = read_preset(path_of(folder, name));
    if (!preset) {
        throw_errno(name, ENOENT);
    }
    return std::move(*preset);
}

void write_preset(const std::string& folder, const Preset& preset) {
    const Json object = new_object();
    set_member(object.get(), "name", text_json(preset.name));
    set_member(object.get(), "values", json_of(preset.values));
    write_file(path_of(folder, preset.name), print_json(object.get()));
}

// One process at a time.
FileLock locked(const std::string& folder) {
    make_private_folder(folder);
    return FileLock(folder + "/lock");
}

std::vector<std::string> list_names(const std::string& folder) {
    std::vector<std::string> names;
    for (const std::string& file : names_in(folder)) {
        if (!file.ends_with(".json")) {
            continue;
        }
        try {
            if (const std::optional<Preset> preset = read_preset(folder + "/" + file)) {
                names.push_back(preset->name);
            }
        } catch (const StoreException& exception) {
            g_warning("venice-gimp: %s", exception.what());  // the others are listed all the same
        }
    }
    std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) { return g_utf8_collate(a.c_str(), b.c_str()) < 0; });
    return names;
}

void rename_preset(const std::string& folder, const std::string& name, const std::string& new_name) {
    const FileLock lock = locked(folder);
    Preset preset = required_preset(folder, name);
    if (name == new_name) {
        return;
    }
    if (exists(path_of(folder, new_name))) {
        throw_errno(new_name, EEXIST);
    }
    preset.name = new_name;
    write_preset(folder, preset);
    remove_file(path_of(folder, name));
}

}  // namespace

Presets::Presets(std::shared_ptr<StoreThread> thread, const std::string& folder) : thread_(std::move(thread)), folder_(folder + "/presets") {}

void Presets::list(OnStored<std::vector<std::string>> done) const {
    thread_->load<std::vector<std::string>>([folder = folder_] { return list_names(folder); }, std::move(done));
}

void Presets::load(const std::string& name, OnStored<DialogValues> done) const {
    thread_->load<DialogValues>([folder = folder_, name] { return required_preset(folder, normal_name(name)).values; }, std::move(done));
}

void Presets::save(const std::string& name, const DialogValues& values, OnSaved done) const {
    thread_->save(
        [folder = folder_, name, values] {
            const Preset preset{normal_name(name), values};
            const FileLock lock = locked(folder);
            write_preset(folder, preset);
        },
        std::move(done));
}

void Presets::rename(const std::string& name, const std::string& new_name, OnSaved done) const {
    thread_->save([folder = folder_, name, new_name] { rename_preset(folder, normal_name(name), normal_name(new_name)); }, std::move(done));
}

void Presets::remove(const std::string& name, OnSaved done) const {
    thread_->save(
        [folder = folder_, name] {
            const FileLock lock = locked(folder);
            remove_file(path_of(folder, normal_name(name)));
        },
        std::move(done));
}

}  // namespace venice_gimp
