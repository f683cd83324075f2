// SPDX-License-Identifier: MIT
// The rows that describe what is wanted: from values into widgets and back.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "generation/session.hpp"
#include "store/dialog_state.hpp"
#include "ui/glib_support.hpp"
#include "ui/image_host.hpp"
#include "ui/model_row.hpp"
#include "ui/more_options.hpp"
#include "ui/place_preview.hpp"
#include "ui/place_row.hpp"
#include "ui/prompt_box.hpp"
#include "ui/seed_row.hpp"
#include "ui/size_row.hpp"
#include "ui/style_row.hpp"

namespace venice_gimp {

class Form {
public:
    Form(GtkBuilder* builder, DialogState& memory, Action changed);
    Form(const Form&) = delete;
    Form& operator=(const Form&) = delete;

    void show(const DialogValues& values);
    DialogValues values() const;
    Settings settings() const { return values().settings; }
    std::string problem() const;                                  // why nothing can be generated yet; empty: it can
    std::optional<double> price(const Settings& settings) const;  // of all its images, in USD; not set: not known

    void show_image(const ImageView& image);
    bool into_selection() const { return place_.is_selection(); }
    Placement placement() const { return placement_named(place_.placement()).value_or(Placement::cover); }

    void show_loading();
    void show_catalog(std::shared_ptr<const Catalog> catalog);
    void show_no_catalog();
    void set_compact(bool is_compact);  // where there is little room, the rows have it
    void focus_prompt() { prompt_.focus(); }
    void offer_seed(std::int64_t seed) { seed_.offer(seed); }
    ModelRow& model() { return model_; }

private:
    void edited();
    void model_changed();
    void negative_offered();
    void refresh_place();
    void keep_unfolded(GtkBuilder* builder, const char* expander);
    std::vector<Choice> earlier_prompts() const;
    int image_count() const;

    DialogValues base_;  // what has no row here stays as it came
    DialogState& memory_;
    Action changed_;
    ImageView image_;
    GtkWidget* negative_expander_;
    std::array<GtkToggleButton*, 4> images_;
    PromptBox prompt_;
    PromptBox negative_;
    StyleRow style_;
    PlaceRow place_;
    SizeRow size_;
    SeedRow seed_;
    MoreOptions more_;
    ModelRow model_;
    PlacePreview preview_;
    ChoiceButton earlier_;
    bool updating_ = false;
};

}  // namespace venice_gimp
