// SPDX-License-Identifier: MIT
// The small pictures on the tiles: made of what arrived and kept on disk, or loaded from there.
#pragma once

#include <cstddef>

#include "generation/session.hpp"
#include "store/history.hpp"
#include "ui/glib_support.hpp"
#include "ui/picture_loader.hpp"
#include "ui/run_entry.hpp"

namespace venice_gimp {

class Thumbnails {
public:
    Thumbnails(Session& session, const History& history, PictureLoader& loader) : session_(session), history_(history), loader_(loader) {}
    Thumbnails(const Thumbnails&) = delete;
    Thumbnails& operator=(const Thumbnails&) = delete;

    void make_due(const EntryPtr& entry);                 // of those images that have a thumbnail_source
    void load(const EntryPtr& entry, std::size_t index);  // nothing if it is there or on its way

private:
    void make(const EntryPtr& entry, std::size_t index, Pixels pixels);

    Session& session_;
    const History& history_;
    PictureLoader& loader_;
    Lifetime lifetime_;
};

}  // namespace venice_gimp
