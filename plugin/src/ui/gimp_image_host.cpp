// SPDX-License-Identifier: MIT
#include "ui/gimp_image_host.hpp"

#include <libgimp/gimpui.h>

#include <utility>

#include "gimp/layer_actions.hpp"
#include "gimp/store_folder.hpp"
#include "i18n.hpp"
#include "ui/glib_support.hpp"

namespace venice_gimp {

namespace {

// Short enough that nobody sees it, long enough that most of it is work.
constexpr gint64 step_us = 6000;

GimpImage* find(gint32 image_id) { return image_id > 0 ? gimp_image_get_by_id(image_id) : nullptr; }

}  // namespace

std::vector<OpenImage> GimpImageHost::open_images() {
    const GFreePtr<GimpImage*> images(gimp_get_images());
    std::vector<OpenImage> list;
    for (GimpImage** image = images.get(); image != nullptr && *image != nullptr; ++image) {
        const GFreePtr<char> name(gimp_image_get_name(*image));
        list.push_back({gimp_image_get_id(*image), name ? name.get() : ""});
    }
    return list;
}

bool GimpImageHost::is_open(gint32 image_id) {
    GimpImage* image = find(image_id);
    return image != nullptr && gimp_image_is_valid(image) != FALSE;
}

ImageView GimpImageHost::look_at(gint32 image_id) {
    ImageView view;
    if (!is_open(image_id)) {
        return view;
    }
    GimpImage* image = find(image_id);
    const Target target = target_of(image);
    view.id = image_id;
    view.width = target.canvas.width;
    view.height = target.canvas.height;
    view.has_selection = target.is_selection;
    view.selection = target.bounds;
    view.color_notice = color_notice(image);
    view.obstacle = obstacle_sentence(obstacle_to_target(image));
    return view;
}

Target GimpImageHost::freeze_target(gint32 image_id, TargetKind kind) {
    return is_open(image_id) ? venice_gimp::freeze_target(find(image_id), kind) : Target{};
}

void GimpImageHost::prepare_insertion() {
    if (!std::exchange(is_prepared_, true)) {
        venice_gimp::prepare_insertion();
        scaling_preparation_ = std::jthread(prepare_scaling);
    }
}

std::shared_ptr<EarlyLayer> GimpImageHost::begin_early(const Target& target, Placement placement, std::shared_ptr<const ProgressiveImage> rows,
                                                       const std::string& name) {
    auto layer = std::make_shared<EarlyLayer>(target, placement, std::move(rows), name);
    early_.push_back(layer);
    return layer;
}

void GimpImageHost::write_early() {
    if (!early_stepper_.is_running()) {
        early_stepper_.start_when_idle([this] { step_early(); });
    }
}

// The images in turn; stops when there is nothing left to write, until more arrives.
void GimpImageHost::step_early() {
    early_.remove_if([](const std::weak_ptr<EarlyLayer>& layer) { return layer.expired(); });
    for (std::size_t tried = 0; tried < early_.size(); ++tried) {
        early_.splice(early_.end(), early_, early_.begin());
        if (const std::shared_ptr<EarlyLayer> layer = early_.back().lock(); layer && layer->step(step_us)) {
            return;
        }
    }
    early_stepper_.stop();
}

void GimpImageHost::insert(const Target& target, std::vector<NewLayer> layers, const InsertOptions& options, InsertDone done) {
    Work& work = works_.emplace_back();
    work.insertion = std::make_unique<Insertion>(target, std::move(layers), options);
    work.done = std::move(done);
    stepper_.start_when_idle([this] { step(); });
}

void GimpImageHost::step() {
    Work& work = works_.front();
    InsertOutcome outcome;
    try {
        if (!work.insertion->step(step_us)) {
            return;
        }
        for (GimpLayer* layer : work.insertion->layers()) {
            outcome.layer_ids.push_back(gimp_item_get_id(GIMP_ITEM(layer)));
        }
        outcome.notice = work.insertion->notice();
    } catch (const InsertError& error) {
        outcome.obstacle = error.obstacle();
        outcome.problem = error.what();
    }
    const InsertDone done = std::move(work.done);
    works_.pop_front();
    if (works_.empty()) {
        stepper_.stop();
    }
    done(outcome);
}

bool GimpImageHost::show_alone(const std::vector<gint32>& run_layer_ids, gint32 layer_id) {
    return venice_gimp::show_alone(run_layer_ids, layer_id);
}

bool GimpImageHost::keep_only(const std::vector<gint32>& run_layer_ids, gint32 layer_id) {
    return venice_gimp::keep_only(run_layer_ids, layer_id);
}

std::string GimpImageHost::data_folder() { return store_folder(); }

std::vector<gint32> GimpImageHost::open_as_new_image(const std::vector<NewLayer>& layers) {
    GimpImage* image = create_image(layers);
    if (image == nullptr || gimp_display_new(image) == nullptr) {
        throw InsertError(_("The new image could not be opened."));
    }
    gimp_displays_flush();
    std::vector<gint32> ids;
    const GFreePtr<GimpLayer*> made(gimp_image_get_layers(image));
    for (GimpLayer** layer = made.get(); layer != nullptr && *layer != nullptr; ++layer) {  // null: it was closed at once
        ids.push_back(gimp_item_get_id(GIMP_ITEM(*layer)));
    }
    return ids;
}

void GimpImageHost::convert_to_rgb(gint32 image_id) {
    if (is_open(image_id)) {
        venice_gimp::convert_to_rgb(find(image_id));
        gimp_displays_flush();
    }
}

void GimpImageHost::keep_above(GtkWindow* window, gint32 display_id) {
    GimpDisplay* display = display_id > 0 ? gimp_display_get_by_id(display_id) : gimp_default_display();
    if (display != nullptr && gimp_display_is_valid(display) != FALSE) {
        display_id_ = gimp_display_get_id(display);
        gimp_window_set_transient_for_display(window, display);
    }
}

void GimpImageHost::give_focus_back() {
    GimpDisplay* display = display_id_ > 0 ? gimp_display_get_by_id(display_id_) : nullptr;
    if (display != nullptr && gimp_display_is_valid(display) != FALSE) {
        gimp_display_present(display);
    }
}

}  // namespace venice_gimp
