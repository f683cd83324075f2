// SPDX-License-Identifier: MIT
// What can be done with one image of a run: the commands of its tile.
#pragma once

#include <cstddef>

#include "generation/session.hpp"
#include "ui/image_host.hpp"
#include "ui/image_saver.hpp"
#include "ui/picture_loader.hpp"
#include "ui/results_host.hpp"
#include "ui/run_entry.hpp"
#include "ui/run_inserter.hpp"
#include "ui/run_keeper.hpp"
#include "ui/run_notices.hpp"
#include "ui/run_row.hpp"

namespace venice_gimp {

// What the commands work with; everything outlives them.
struct ImageActionParts {
    GtkWidget* place = nullptr;  // a widget of the window
    ImageHost& images;
    Session& session;
    ResultsHost& host;
    NoticeArea& notices;
    RunNotices& run_notices;
    PictureLoader& loader;
    RunKeeper& keeper;
    RunInserter& inserter;
};

class ImageActions {
public:
    explicit ImageActions(const ImageActionParts& parts)
        : parts_(parts), saver_(parts.place, parts.session, parts.run_notices, parts.loader) {}
    ImageActions(const ImageActions&) = delete;
    ImageActions& operator=(const ImageActions&) = delete;

    void perform(const EntryPtr& entry, ImageCommand command, std::size_t index);

private:
    void insert(const EntryPtr& entry, std::size_t index);
    void keep_only(const EntryPtr& entry, std::size_t index);
    void insert_alone(const EntryPtr& entry, const Indices& pending, std::size_t index);
    void show_alone(const EntryPtr& entry, std::size_t index);
    void enlarge(const EntryPtr& entry, std::size_t index);
    void discard(const EntryPtr& entry, std::size_t index);

    ImageActionParts parts_;
    ImageSaver saver_;
};

}  // namespace venice_gimp
