// SPDX-License-Identifier: MIT
// Insertion in small steps.
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "gimp/early_layer.hpp"
#include "gimp/gimp_handles.hpp"
#include "gimp/image_mode.hpp"
#include "gimp/insert_layers.hpp"
#include "gimp/layer_actions.hpp"
#include "gimp/mask_writer.hpp"
#include "gimp/picture_layer.hpp"
#include "i18n.hpp"

namespace venice_gimp {
namespace {

struct NamedGrouping {
    Grouping grouping;
    const char* name;
};

constexpr std::array<NamedGrouping, 3> groupings{{
    {Grouping::automatic, "automatic"},
    {Grouping::always, "always"},
    {Grouping::never, "never"},
}};

struct Place {
    GimpLayer* parent = nullptr;  // null: not in a group
    gint position = 0;            // 0: at the top
};

// Resolved here and now: GIMP's own "-1" means above the layer that is active now, not the one that was.
Place place_above(GimpImage* image, gint32 layer_id) {
    GimpLayer* const layer = gimp_item_id_is_layer(layer_id) ? gimp_layer_get_by_id(layer_id) : nullptr;
    if (layer == nullptr || gimp_item_get_image(GIMP_ITEM(layer)) != image) {
        return {};
    }
    if (gimp_item_is_group(GIMP_ITEM(layer))) {
        return {layer, 0};
    }
    GimpItem* const parent = gimp_item_get_parent(GIMP_ITEM(layer));
    const gint position = gimp_image_get_item_position(image, GIMP_ITEM(layer));
    return {parent != nullptr ? GIMP_LAYER(parent) : nullptr, position > 0 ? position : 0};
}

GimpImage* open_image(gint32 id) {
    GimpImage* const image = gimp_image_id_is_valid(id) ? gimp_image_get_by_id(id) : nullptr;
    if (image == nullptr) {
        throw InsertError(Obstacle::image_closed);
    }
    return image;
}

bool wants_group(GimpImage* image, Grouping grouping, std::size_t count) {
    if (gimp_image_get_base_type(image) == GIMP_INDEXED) {
        return false;  // GIMP has no groups there
    }
    return grouping == Grouping::always || (grouping == Grouping::automatic && count > 1);
}

// GIMP's first drawing of what a group shows takes it 60 to 90 ms, all others less than one.
void prepare_group() {
    const PendingImage image(gimp_image_new(8, 8, GIMP_RGB));
    if (image.get() == nullptr) {
        return;
    }
    gimp_image_undo_disable(image.get());
    PendingLayer group(GIMP_LAYER(gimp_group_layer_new(image.get(), nullptr)), image.get());
    PendingLayer layer(gimp_layer_new(image.get(), nullptr, 8, 8, GIMP_RGBA_IMAGE, 100.0, GIMP_LAYER_MODE_NORMAL), image.get());
    if (group.get() == nullptr || layer.get() == nullptr || !gimp_image_insert_layer(image.get(), group.get(), nullptr, 0)) {
        return;
    }
    if (gimp_image_insert_layer(image.get(), layer.get(), group.release(), 0)) {
        layer.release();
    }
}

}  // namespace

const char* grouping_name(Grouping grouping) {
    for (const NamedGrouping& named : groupings) {
        if (named.grouping == grouping) {
            return named.name;
        }
    }
    return "";
}

std::optional<Grouping> grouping_named(const std::string& name) {
    for (const NamedGrouping& named : groupings) {
        if (name == named.name) {
            return named.grouping;
        }
    }
    return std::nullopt;
}

class Insertion::Work {
public:
    Work(Target target, std::vector<NewLayer> wanted, InsertOptions options)
        : target_(std::move(target)), wanted_(std::move(wanted)), options_(std::move(options)) {
        if (wanted_.empty()) {
            throw InsertError(_("There is nothing to insert."));
        }
    }

    bool step(gint64 budget_microseconds) {
        // Not only in a step of its own: before the next step the window draws. But the insertion takes GIMP long enough by itself.
        const gint64 last_to_insert = budget_microseconds / 2;
        const gint64 start = g_get_monotonic_time();
        gint64 passed = 0;
        do {
            if (!advance(passed <= last_to_insert)) {
                break;
            }
            passed = g_get_monotonic_time() - start;
        } while (inserted_.empty() && passed < budget_microseconds);
        return !inserted_.empty();
    }

    const std::vector<GimpLayer*>& layers() const { return inserted_; }
    GimpLayer* group() const { return group_; }
    const std::string& notice() const { return notice_; }

private:
    // One piece of the work: some tiles of a layer or its mask, the next layer, or the insertion itself. False: that is next, and waits for the next step.
    bool advance(bool may_insert) {
        GimpImage* const image = open_image(target_.image_id);
        if (mask_) {
            write_mask_piece();
        } else if (writer_) {
            write_picture_piece();
        } else if (was_resized(image)) {
            start_again_on_whole_canvas(image);
        } else if (was_converted(image)) {
            start_again();
        } else if (pending_.size() < wanted_.size()) {
            start_layer(image);
        } else if (pending_group_.get() == nullptr && wants_group(image, options_.grouping, wanted_.size())) {
            make_group(image);
        } else if (!may_insert) {
            return false;
        } else {
            insert_all(image);
        }
        return true;
    }

    void start_layer(GimpImage* image) {
        if (pending_.empty()) {
            mode_ = mode_of(image);
        }
        const NewLayer& wanted = wanted_[pending_.size()];
        place_ = place_picture(target_.bounds, {wanted.pixels->width, wanted.pixels->height}, options_.placement);
        if (place_.width > GIMP_MAX_IMAGE_SIZE || place_.height > GIMP_MAX_IMAGE_SIZE) {
            throw InsertError(_("The scaled image would be larger than GIMP allows. Choose Fit Inside, or a target less narrow."));
        }
        const Size size{place_.width, place_.height};
        writer_ = wanted.early ? wanted.early->take(image, wanted, size) : nullptr;
        if (!writer_) {
            writer_ = std::make_unique<PictureWriter>(image, wanted.pixels, wanted.name, size);
        }
    }

    bool was_resized(GimpImage* image) const { return Size{gimp_image_get_width(image), gimp_image_get_height(image)} != target_.canvas; }

    // Since the first layer was begun: GIMP takes none of another base type, and the others as they are.
    bool was_converted(GimpImage* image) const { return !pending_.empty() && !is_same(mode_of(image), mode_); }

    // Layers that are written already are for the target that was: all of a run are to lie in the same place.
    void start_again_on_whole_canvas(GimpImage* image) {
        start_again();
        target_.canvas = {gimp_image_get_width(image), gimp_image_get_height(image)};
        target_.bounds = {0, 0, target_.canvas.width, target_.canvas.height};
        target_.mask = nullptr;
        target_.is_selection = false;
        if (options_.placement != Placement::actual) {
            options_.placement = Placement::fit;
        }
        notice_ = _("The image was resized meanwhile: the new layers are placed on the whole canvas.");
    }

    void start_again() {
        pending_.clear();
        pending_group_ = {};
    }

    // NOLINTBEGIN(bugprone-unchecked-optional-access): which of them is there tells how far the work is, and so which of these is called
    void write_picture_piece() {
        if (!writer_->at_end()) {
            writer_->write_piece();
            return;
        }
        finished_.emplace(writer_->take_layer());
        gimp_layer_set_offsets(finished_->get(), place_.x, place_.y);
        const NewLayer& wanted = wanted_[pending_.size()];
        if (!wanted.generation_json.empty()) {
            attach_parasite(GIMP_ITEM(finished_->get()), generation_parasite, wanted.generation_json);
        }
        writer_.reset();
        if (target_.mask && hides_something(*target_.mask, place_)) {
            mask_.emplace(finished_->get(), target_.mask, place_);
        } else {
            end_layer();
        }
    }

    void write_mask_piece() {
        if (mask_->at_end()) {
            mask_.reset();
            end_layer();
        } else {
            mask_->write_piece();
        }
    }

    void end_layer() {
        pending_.push_back(std::move(*finished_));
        finished_.reset();
    }
    // NOLINTEND(bugprone-unchecked-optional-access)

    // In it only the first layer shows. Done here already, so that GIMP has nothing but the insertion to do in the end.
    void make_group(GimpImage* image) {
        const char* const name = options_.group_name.empty() ? nullptr : options_.group_name.c_str();
        pending_group_ = PendingLayer(GIMP_LAYER(gimp_group_layer_new(image, name)), image);
        if (pending_group_.get() == nullptr) {
            throw InsertError(Obstacle::other);
        }
        attach_parasite(GIMP_ITEM(pending_group_.get()), group_parasite, "1");
        for (std::size_t index = 1; index < pending_.size(); ++index) {
            gimp_item_set_visible(GIMP_ITEM(pending_[index].get()), FALSE);
        }
    }

    // All or none, and without a return to the main loop: an open undo group swallows the user's own steps. GIMP is told to paint within
    // the same turn, for once it paints (60 to 100 ms at a time where layers are large) it answers no call.
    void insert_all(GimpImage* image) {
        check_no_obstacle(image);
        Place place = place_above(image, target_.active_layer_id);
        std::vector<GimpLayer*> inserted(pending_.size());
        {
            const UndoGroup undo_group(image);
            if (!insert_all_but_first(image, place, inserted) || !insert_layer(image, 0, place, inserted)) {
                remove_again(image, inserted);
                throw InsertError(Obstacle::other);
            }
            replace(image, inserted);
        }
        gimp_displays_flush();
        pending_.clear();
        end(std::move(inserted));
    }

    // From below, so that the first one ends on top. GIMP selects each, and would draw its list of layers anew in between. The first one is
    // left for after that: then the list shows that it is selected.
    bool insert_all_but_first(GimpImage* image, Place& place, std::vector<GimpLayer*>& inserted) {
        if (pending_group_.get() == nullptr && pending_.size() == 1) {
            return true;
        }
        const LayersFreeze freeze(image);
        if (pending_group_.get() != nullptr && !insert_group(image, place)) {
            return false;
        }
        for (std::size_t index = pending_.size(); index-- > 1;) {
            if (!insert_layer(image, index, place, inserted)) {
                return false;
            }
        }
        return true;
    }

    bool insert_layer(GimpImage* image, std::size_t index, const Place& place, std::vector<GimpLayer*>& inserted) {
        if (!gimp_image_insert_layer(image, pending_[index].get(), place.parent, place.position)) {
            return false;
        }
        inserted[index] = pending_[index].release();
        return true;
    }

    // The layers' place is then inside of it.
    bool insert_group(GimpImage* image, Place& place) {
        if (!gimp_image_insert_layer(image, pending_group_.get(), place.parent, place.position)) {
            return false;
        }
        group_ = pending_group_.release();
        place = {group_, 0};
        return true;
    }

    static void check_no_obstacle(GimpImage* image) {
        if (const Obstacle obstacle = obstacle_to_insertion(image); obstacle != Obstacle::none) {
            throw InsertError(obstacle);
        }
    }

    void replace(GimpImage* image, const std::vector<GimpLayer*>& inserted) const {
        if (!options_.replaced_layer_ids.empty()) {
            remove_layers(image, options_.replaced_layer_ids);
            name_again(inserted);
        }
    }

    void end(std::vector<GimpLayer*> inserted) {
        inserted_ = std::move(inserted);
        wanted_.clear();  // pixels are given back by who knows on which thread
    }

    // GIMP gave them a number, as the layers that they replace had their names.
    void name_again(const std::vector<GimpLayer*>& inserted) const {
        for (std::size_t index = 0; index < inserted.size(); ++index) {
            gimp_item_set_name(GIMP_ITEM(inserted[index]), wanted_[index].name.c_str());
        }
        if (group_ != nullptr && !options_.group_name.empty()) {
            gimp_item_set_name(GIMP_ITEM(group_), options_.group_name.c_str());
        }
    }

    void remove_again(GimpImage* image, const std::vector<GimpLayer*>& inserted) {
        for (GimpLayer* layer : inserted) {
            if (layer != nullptr) {
                gimp_image_remove_layer(image, layer);
            }
        }
        if (group_ != nullptr) {
            gimp_image_remove_layer(image, std::exchange(group_, nullptr));
        }
    }

    Target target_;
    std::vector<NewLayer> wanted_;
    InsertOptions options_;
    Rectangle place_;                        // of the layer that is being made
    std::unique_ptr<PictureWriter> writer_;  // first its picture,
    std::optional<PendingLayer> finished_;   // which is then here,
    std::optional<MaskWriter> mask_;         // then its mask
    std::vector<PendingLayer> pending_;
    PendingLayer pending_group_;  // if they get one
    ImageMode mode_;              // of the image that they are made for
    std::vector<GimpLayer*> inserted_;
    GimpLayer* group_ = nullptr;
    std::string notice_;
};

Insertion::Insertion(Target target, std::vector<NewLayer> layers, InsertOptions options)
    : work_(std::make_unique<Work>(std::move(target), std::move(layers), std::move(options))) {}

Insertion::~Insertion() = default;

bool Insertion::step(gint64 budget_microseconds) {
    return work_->step(budget_microseconds);
}

void Insertion::finish() {
    while (!step(G_USEC_PER_SEC)) {
    }
}

const std::vector<GimpLayer*>& Insertion::layers() const {
    return work_->layers();
}

GimpLayer* Insertion::group() const {
    return work_->group();
}

const std::string& Insertion::notice() const {
    return work_->notice();
}

void prepare_insertion() {
    prepare_gegl();
    prepare_group();
}

void prepare_scaling() noexcept {
    const GeglRectangle area{0, 0, 8, 8};
    for (const char* const encoding : {"R'G'B' u8", "R'G'B'A u8"}) {
        const Babl* const format = babl_format(encoding);
        const ObjectHandle<GeglBuffer> source(gegl_buffer_new(&area, format));
        const ObjectHandle<GeglNode> graph(gegl_node_new());
        GeglNode* const input = gegl_node_new_child(graph.get(), "operation", "gegl:buffer-source", "buffer", source.get(), nullptr);
        GeglNode* const scaled = gegl_node_new_child(graph.get(), "operation", "gegl:scale-ratio", "x", 2.0, "y", 2.0, nullptr);
        gegl_node_link(input, scaled);
        std::array<std::byte, std::size_t{8} * 8 * 4> pixels;
        gegl_node_blit(scaled, 1.0, &area, format, pixels.data(), GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
    }
}

GimpImage* create_image(const std::vector<NewLayer>& layers) {
    if (layers.empty()) {
        throw InsertError(_("There is nothing to make an image of."));
    }
    const DecodedImage& first = *layers.front().pixels;
    PendingImage image(gimp_image_new(first.width, first.height, GIMP_RGB));
    if (image.get() == nullptr) {
        throw InsertError(_("GIMP could not make an image."));
    }
    gimp_image_undo_disable(image.get());
    adopt_profile(image.get(), first);
    Insertion(target_of(image.get(), TargetKind::canvas), layers, {Placement::actual, Grouping::never, {}}).finish();
    gimp_image_undo_enable(image.get());
    return image.release();
}

}  // namespace venice_gimp
