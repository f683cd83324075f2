// SPDX-License-Identifier: MIT
// The pictures of runs, from memory or from disk; nothing of it waits on the main loop. All callbacks come later, from the main context,
// unless the loader is gone by then.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "decoding/thumbnail.hpp"
#include "store/history.hpp"
#include "ui/glib_support.hpp"
#include "ui/run_entry.hpp"

namespace venice_gimp {

class PictureLoader {
public:
    using Failed = std::function<void(const std::string& reason)>;

    PictureLoader(Session& session, const History& history) : session_(session), history_(history) {}
    PictureLoader(const PictureLoader&) = delete;
    PictureLoader& operator=(const PictureLoader&) = delete;

    // Puts the pixels of these images into the entry.
    void with_pixels(const EntryPtr& entry, std::vector<std::size_t> indices, std::function<void()> done, const Failed& failed);
    // The file's bytes, as they came.
    void with_file(const EntryPtr& entry, std::size_t index, std::function<void(const FileBytes&)> done, Failed failed);
    // The picture, no larger than the side, as the screen wants it.
    void with_screen_picture(const EntryPtr& entry, std::size_t index, int longest_side, std::function<void(ScreenPicture)> done, const Failed& failed);
    // A thumbnail of an earlier session, decoded.
    void with_thumbnail(const EntryPtr& entry, std::size_t index, const std::function<void(Pixels)>& done);
    // Giving back so much memory takes its time, too.
    void give_back(std::vector<Pixels> not_needed);

private:
    void decode(const FileBytes& file, std::function<void(Pixels)> done, Failed failed);

    Session& session_;
    const History& history_;
    Lifetime lifetime_;
};

}  // namespace venice_gimp
