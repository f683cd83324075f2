// SPDX-License-Identifier: MIT
// One run in the strip of results: what was asked for, how far it is, its images as tiles, and what can be done with them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/glib_support.hpp"
#include "ui/image_tile.hpp"
#include "ui/notice.hpp"
#include "ui/run_entry.hpp"

namespace venice_gimp {

enum class ImageCommand {
    cancel,
    insert,
    keep_only,
    enlarge,
    show_alone,
    insert_again,
    more_like_this,
    reuse_look,
    reuse_all,
    copy_prompt,
    copy_seed,
    save,
    details,
    discard,
};

struct RunRowCallbacks {
    Action cancel;                                                  // the whole run
    Action insert;                                                  // all that waits
    std::function<void(ImageCommand, std::size_t index)> perform;  // with one image
    Action selected;                                                // a tile of this row
    std::function<void(std::size_t index)> needs_picture;
    bool can_reuse = false;  // whether a form can be filled from an image
};

class RunRow {
public:
    // On top of the list, or at its end. `name` tells the rows apart for those who cannot see them.
    RunRow(GtkBox* list, bool on_top, const std::string& name, const RunRecord& record, RunRowCallbacks callbacks);
    ~RunRow();
    RunRow(const RunRow&) = delete;
    RunRow& operator=(const RunRow&) = delete;

    void update(const RunEntry& entry);
    void show_picture(std::size_t index, const DecodedImage& thumbnail);
    void set_outcome(const std::string& outcome, bool is_well);
    void set_remedies(const std::vector<Remedy>& remedies);  // beside the outcome
    void unselect();
    void set_visible(bool visible) { gtk_widget_set_visible(row_, visible ? TRUE : FALSE); }

private:
    std::optional<std::size_t> selected() const;
    void add_actions();
    void add_tiles(std::size_t count);
    void perform(ImageCommand command);
    bool key_pressed(const GdkEventKey& event);
    bool button_pressed(const GdkEventButton& event);
    void show_menu();
    void set_status(const std::string& text, const char* icon_name);
    void show_retry(const RunEntry& entry);
    void update_actions();

    GObjectPtr<GtkBuilder> builder_;
    RunRowCallbacks callbacks_;
    GtkWidget* row_;
    GtkLabel* elapsed_;
    GtkLabel* count_;
    GtkFlowBox* grid_;
    GtkWidget* cancel_;
    GtkWidget* actions_;
    GtkWidget* insert_;
    std::vector<std::unique_ptr<ImageTile>> tiles_;
    GObjectPtr<GSimpleActionGroup> group_;
    std::string name_;
    bool can_insert_ = false;
    // What can be done with each image, for the actions.
    struct Possible {
        bool has_picture = false;
        bool has_layer = false;
        bool is_running = false;
        bool is_discarded = false;
    };
    std::vector<Possible> possible_;
    bool has_several_ = false;
};

// As its entry stands now; nothing if it has no row.
void update_row(const RunEntry& entry);

}  // namespace venice_gimp
