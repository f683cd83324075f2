// SPDX-License-Identifier: MIT
// Where new layers go and how they get there.
#pragma once

#include <libgimp/gimp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "decoding/decoded_image.hpp"
#include "gimp/geometry.hpp"

namespace venice_gimp {

// The selection's values within its bounds, outside of which they are zero. Immutable: any number of targets share one.
struct SelectionMask {
    Rectangle bounds;
    std::vector<std::uint16_t> values;  // row by row, 65535: selected
};

// Where to insert, frozen when Generate is pressed. Ids, not objects: the image may be closed meanwhile.
struct Target {
    gint32 image_id = 0;
    Rectangle bounds;  // of the selection, else the canvas
    bool is_selection = false;
    std::shared_ptr<const SelectionMask> mask;  // as it was then; null: none, or selected everywhere within the canvas
    Size canvas;                                // as it was then
    gint32 active_layer_id = 0;                 // the new layers go above it; 0: at the top
};

// Without the mask: quick, for previews. Kind selection means the selection if there is one, else the canvas.
Target target_of(GimpImage* image, TargetKind kind = TargetKind::selection);

// With the mask: what insertion wants. Reads all of the selection: call it when Generate is pressed, not more often.
Target freeze_target(GimpImage* image, TargetKind kind = TargetKind::selection);

// What keeps new layers from an image. The last two pass: wait, and offer the insertion again.
enum class Obstacle {
    none,
    image_closed,
    quick_mask,          // only before generating: the selection is not readable then
    floating_selection,  // only before inserting
    other,               // GIMP refused, or memory was short
};

// What the user is to do about it; empty for none.
std::string obstacle_sentence(Obstacle obstacle);

// What speaks against freezing a target: a Quick Mask. And against inserting: a floating selection.
Obstacle obstacle_to_target(GimpImage* image);
Obstacle obstacle_to_insertion(GimpImage* image);

// Both of them; throws InsertError. For scripts, which insert at once: worth asking before images are paid for.
void check_can_insert(GimpImage* image);

// Thrown with a sentence for the user; the image is as it was.
class InsertError : public std::runtime_error {
public:
    explicit InsertError(const std::string& sentence) : std::runtime_error(sentence) {}
    explicit InsertError(Obstacle obstacle) : std::runtime_error(obstacle_sentence(obstacle)), obstacle_(obstacle) {}
    Obstacle obstacle() const noexcept { return obstacle_; }

private:
    Obstacle obstacle_ = Obstacle::other;
};

// What the image's mode does to colours: empty for RGB, else a sentence to show beforehand.
std::string color_notice(GimpImage* image);

// The remedy for that notice, an undo step of its own. Throws InsertError.
void convert_to_rgb(GimpImage* image);

// Whether several layers get a group.
enum class Grouping {
    automatic,  // two or more
    always,     // a single one too
    never,
};

const char* grouping_name(Grouping grouping);
std::optional<Grouping> grouping_named(const std::string& name);

struct InsertOptions {
    Placement placement = Placement::cover;
    Grouping grouping = Grouping::automatic;
    std::string group_name;  // the prompt
    std::vector<gint32> replaced_layer_ids = {};  // go in the same undo step, as remove_layers() does it
};

class EarlyLayer;

struct NewLayer {
    std::shared_ptr<const DecodedImage> pixels;
    std::string name;             // prompt and seed
    std::string generation_json;  // for the parasite; empty: none
    std::shared_ptr<EarlyLayer> early = {};  // what is written of it already, if anything is
};

// Insertion in small steps, so that a main loop stays alive: pixels are scaled and written to layers that are in no image yet, and at the end
// all of them enter it in one undo step, the first one on top. Destroying it before that leaves no trace. Everything is on the main thread.
class Insertion {
public:
    // Quick. The order of the layers is that of their seeds.
    Insertion(Target target, std::vector<NewLayer> layers, InsertOptions options);
    ~Insertion();
    Insertion(const Insertion&) = delete;
    Insertion& operator=(const Insertion&) = delete;

    // Works until the time is used up, at least for one piece. True once the layers are in the image, the first one selected; GIMP then paints
    // them and answers late for some hundred milliseconds. Throws InsertError; then it is over, except for Obstacle::floating_selection:
    // everything is kept, and step() may be called again once it is anchored.
    bool step(gint64 budget_microseconds);

    // All of it at once.
    void finish();

    const std::vector<GimpLayer*>& layers() const;   // in the order given; empty until step() returned true
    GimpLayer* group() const;                        // null: none
    const std::string& notice() const;               // what is to be told besides, such as that the canvas was resized; may be empty

private:
    class Work;
    std::unique_ptr<Work> work_;
};

// Loads what the first insertion needs, so that it does not stall then.
void prepare_insertion();

// GEGL's operations and babl's conversions for the first scaling, which take 50 ms: after prepare_insertion(), on any thread.
void prepare_scaling() noexcept;

// A new RGB image of the size of the first layer and with the colour profile of its picture, as File ▸ Open makes it; with the layers,
// without undo history or a display. Throws InsertError.
GimpImage* create_image(const std::vector<NewLayer>& layers);

}  // namespace venice_gimp
