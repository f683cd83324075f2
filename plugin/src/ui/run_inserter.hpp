// SPDX-License-Identifier: MIT
// Brings the images of runs into GIMP: as layers, early ones while they arrive, or as a new image; and says why that did not work.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/image_host.hpp"
#include "ui/picture_loader.hpp"
#include "ui/results_host.hpp"
#include "ui/run_entry.hpp"
#include "ui/run_keeper.hpp"
#include "ui/run_notices.hpp"

namespace venice_gimp {

class RunInserter {
public:
    // `place` is a widget of the window that must be active, for layers to come by themselves.
    // `ended` is called after each insertion, whatever came of it.
    RunInserter(GtkWidget* place, ImageHost& images, ResultsHost& host, RunNotices& notices, PictureLoader& loader, RunKeeper& keeper,
                std::function<void(const EntryPtr&)> ended);
    RunInserter(const RunInserter&) = delete;
    RunInserter& operator=(const RunInserter&) = delete;

    void write_early(const EntryPtr& entry, const RunImage& image, std::size_t index);
    void insert_if_expected(const EntryPtr& entry);  // a run that has arrived

    void insert(const EntryPtr& entry, const Indices& indices, const Target& target, const InsertOptions& options);
    void insert_pending(const EntryPtr& entry);
    void open_as_new_image(const EntryPtr& entry, const Indices& indices);

    Remedy insert_remedy(const EntryPtr& entry);
    Remedy insert_into_remedy(const EntryPtr& entry);
    Remedy open_as_new_image_remedy(const EntryPtr& entry);

private:
    bool can_insert_at_once() const;
    void insert_into(const EntryPtr& entry, const Indices& indices, const Target& target, const InsertOptions& options);
    void insertion_ended(const EntryPtr& entry, const Indices& indices, const InsertOutcome& outcome, bool replaces);
    void inserted(const EntryPtr& entry, const Indices& indices, const std::vector<gint32>& layer_ids, const std::string& outcome);
    void not_inserted(const EntryPtr& entry, const Indices& indices, const InsertOutcome& outcome);
    std::vector<Remedy> remedies(const EntryPtr& entry, const Message& message);
    void offer_images_for(const EntryPtr& entry, const Indices& indices);
    std::vector<NewLayer> layers_of(const RunEntry& entry, const Indices& indices) const;
    std::string name_of_layer(const RunEntry& entry, std::size_t index) const;
    std::optional<Notice> size_notice(const EntryPtr& entry);
    Remedy fit_remedy(const EntryPtr& entry);
    void fit_inside(const EntryPtr& entry);

    GtkWidget* place_;
    ImageHost& images_;
    ResultsHost& host_;
    RunNotices& notices_;
    PictureLoader& loader_;
    RunKeeper& keeper_;
    std::function<void(const EntryPtr&)> ended_;
    Lifetime lifetime_;
};

}  // namespace venice_gimp
