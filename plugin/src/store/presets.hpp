// SPDX-License-Identifier: MIT
// Named settings. One file for each, so that two GIMPs do not disturb each other.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/dialog_values.hpp"
#include "store/store_thread.hpp"

namespace venice_gimp {

// A name is any text of a line's length, without white space at its ends; "é" is the same name composed or not. File names are made from
// its hash, so no name is a path. To reset the dialog to its defaults, show DialogValues{}.
class Presets {
public:
    Presets(std::shared_ptr<StoreThread> thread, const std::string& folder);

    void list(OnStored<std::vector<std::string>> done) const;  // names in the language's order; corrupt files are set aside
    void load(const std::string& name, OnStored<DialogValues> done) const;
    void save(const std::string& name, const DialogValues& values, OnSaved done) const;           // replaces one of this name
    void rename(const std::string& name, const std::string& new_name, OnSaved done) const;        // EEXIST if there is one of the new name
    void remove(const std::string& name, OnSaved done) const;

private:
    std::shared_ptr<StoreThread> thread_;
    std::string folder_;
};

}  // namespace venice_gimp
