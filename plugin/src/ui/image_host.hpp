// SPDX-License-Identifier: MIT
// What the window needs of GIMP, so that everything else in this folder is GTK alone.
#pragma once

#include <gtk/gtk.h>

#include <functional>
#include <string>
#include <vector>

#include "gimp/early_layer.hpp"
#include "gimp/insert_layers.hpp"

namespace venice_gimp {

struct OpenImage {
    gint32 id = 0;
    std::string name;
    bool operator==(const OpenImage&) const = default;
};

// What the form says about an image, read again whenever the window gets the focus.
struct ImageView {
    gint32 id = 0;  // 0: a new image, which has no size yet
    int width = 0;
    int height = 0;
    bool has_selection = false;
    Rectangle selection;      // its bounds
    std::string color_notice;  // what the image's mode does to colours; empty: nothing
    std::string obstacle;      // why nothing can be made for it now, as a sentence; empty: it can
};

struct InsertOutcome {
    std::vector<gint32> layer_ids;          // in the order given; empty if it failed
    std::string notice;                     // what is to be told besides
    Obstacle obstacle = Obstacle::none;     // why it failed
    std::string problem;                    // the same as a sentence
};
using InsertDone = std::function<void(const InsertOutcome&)>;

class ImageHost {
public:
    virtual ~ImageHost() = default;
    virtual std::vector<OpenImage> open_images() = 0;
    virtual ImageView look_at(gint32 image_id) = 0;                          // an empty one if the image is gone
    virtual Target freeze_target(gint32 image_id, TargetKind kind = TargetKind::selection) = 0;  // with the selection's values: when Generate is pressed
    virtual bool is_open(gint32 image_id) = 0;

    // What the first insertion of a session would wait for, best while a request is out; what takes long of it goes to a thread of its own.
    // Later calls do nothing.
    virtual void prepare_insertion() = 0;

    // A layer that is written while its picture arrives, for a NewLayer of insert(). Call write_early() whenever there are more rows.
    virtual std::shared_ptr<EarlyLayer> begin_early(const Target& target, Placement placement, std::shared_ptr<const ProgressiveImage> rows,
                                                    const std::string& name) = 0;
    virtual void write_early() = 0;

    // Between the turns of the main loop; `done` comes later, once.
    virtual void insert(const Target& target, std::vector<NewLayer> layers, const InsertOptions& options, InsertDone done) = 0;
    virtual std::vector<gint32> open_as_new_image(const std::vector<NewLayer>& layers) = 0;  // ids of the layers; throws InsertError
    virtual bool show_alone(const std::vector<gint32>& run_layer_ids, gint32 layer_id) = 0;  // false: the layer is gone
    virtual bool keep_only(const std::vector<gint32>& run_layer_ids, gint32 layer_id) = 0;   // the same
    virtual void convert_to_rgb(gint32 image_id) = 0;

    virtual std::string data_folder() = 0;                              // for the plug-in's own files
    virtual void keep_above(GtkWindow* window, gint32 display_id) = 0;  // 0: the display that the plug-in was called from
    virtual void give_focus_back() = 0;                                 // to the window of that display
};

}  // namespace venice_gimp
