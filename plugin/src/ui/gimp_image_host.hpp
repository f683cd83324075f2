// SPDX-License-Identifier: MIT
#pragma once

#include <list>
#include <memory>
#include <thread>

#include "ui/glib_support.hpp"
#include "ui/image_host.hpp"

namespace venice_gimp {

// The GIMP that started the plug-in. For the main thread only.
class GimpImageHost : public ImageHost {
public:
    GimpImageHost() = default;
    ~GimpImageHost() override = default;
    GimpImageHost(const GimpImageHost&) = delete;
    GimpImageHost& operator=(const GimpImageHost&) = delete;

    std::vector<OpenImage> open_images() override;
    ImageView look_at(gint32 image_id) override;
    Target freeze_target(gint32 image_id, TargetKind kind) override;
    bool is_open(gint32 image_id) override;
    void prepare_insertion() override;
    std::shared_ptr<EarlyLayer> begin_early(const Target& target, Placement placement, std::shared_ptr<const ProgressiveImage> rows,
                                            const std::string& name) override;
    void write_early() override;
    void insert(const Target& target, std::vector<NewLayer> layers, const InsertOptions& options, InsertDone done) override;
    std::vector<gint32> open_as_new_image(const std::vector<NewLayer>& layers) override;
    bool show_alone(const std::vector<gint32>& run_layer_ids, gint32 layer_id) override;
    bool keep_only(const std::vector<gint32>& run_layer_ids, gint32 layer_id) override;
    std::string data_folder() override;
    void convert_to_rgb(gint32 image_id) override;
    void keep_above(GtkWindow* window, gint32 display_id) override;
    void give_focus_back() override;

private:
    struct Work {
        std::unique_ptr<Insertion> insertion;
        InsertDone done;
    };
    void step();
    void step_early();

    std::list<Work> works_;  // one after the other
    Timer stepper_;
    std::list<std::weak_ptr<EarlyLayer>> early_;
    Timer early_stepper_;
    gint32 display_id_ = 0;
    bool is_prepared_ = false;
    std::jthread scaling_preparation_;
};

}  // namespace venice_gimp
