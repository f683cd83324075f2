// SPDX-License-Identifier: MIT
// The row "Size": what will come, on a button that opens the choice in the words of the model: width and height, or ratio, resolution and
// quality. What is chosen there is behind the button, so the row has the same height for every model.
#pragma once

#include "generation/settings.hpp"
#include "generation/venice_handles.hpp"
#include "ui/glib_support.hpp"
#include "ui/radio_tiles.hpp"
#include "ui/request_size.hpp"

namespace venice_gimp {

class SizeRow {
public:
    SizeRow(GtkBuilder* builder, Action changed);
    SizeRow(const SizeRow&) = delete;
    SizeRow& operator=(const SizeRow&) = delete;

    void show(const Settings& settings, bool is_automatic);
    void show_model(const venice_model* model);  // used until the next call; null: not known, then nothing can be chosen
    void suggest_for(PixelSize target);          // what Automatic goes by
    void write_to(Settings& settings) const;     // only what the model uses
    bool is_automatic() const;

    // Of the image that will come, in pixels, about that if the model decides. 0 × 0: not known.
    PixelSize expected() const;

private:
    void refresh();
    void edited();
    void show_pixels();
    void show_ratios();
    PixelSize chosen_pixels() const;
    Settings with_ratio(const std::string& ratio) const;
    std::string ratio() const;
    std::string resolution() const;
    std::string quality() const;
    std::string text() const;

    GtkLabel* text_;
    GtkWidget* button_;
    GObjectPtr<GtkBuilder> builder_;
    GtkToggleButton* automatic_;
    GtkToggleButton* custom_;
    GtkStack* stack_;
    GtkSpinButton* width_;
    GtkSpinButton* height_;
    RadioTiles ratio_tiles_;
    RadioTiles resolution_tiles_;
    RadioTiles quality_tiles_;
    Action changed_;

    const venice_model* model_ = nullptr;
    int sizing_ = 0;
    int divisor_ = 1;
    std::vector<std::string> ratios_;
    std::vector<std::string> resolutions_;
    std::vector<std::string> qualities_;
    std::string default_ratio_;
    std::string default_resolution_;
    std::string default_quality_;
    PixelSize target_;
    Settings fitting_;  // what Automatic asks for
    PixelSize wanted_pixels_{1024, 1024};  // the user's choices; kept for the next model that has them
    std::string wanted_ratio_;
    std::string wanted_resolution_;
    std::string wanted_quality_;
    bool updating_ = false;
};

}  // namespace venice_gimp
