// SPDX-License-Identifier: MIT
// A few words of which one is chosen, as buttons side by side; aspect ratios have their shape drawn above.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ui/glib_support.hpp"
#include "ui/request_size.hpp"

namespace venice_gimp {

class RadioTiles {
public:
    using ShapeOf = std::function<PixelSize(const std::string& value)>;  // to be drawn above; 0 × 0: nothing. May be empty

    RadioTiles(GtkContainer* place, Action chosen);
    RadioTiles(const RadioTiles&) = delete;
    RadioTiles& operator=(const RadioTiles&) = delete;

    // Hidden if there are no values. `shown_as` gives the words for a value.
    void show(const std::vector<std::string>& values, std::string (*shown_as)(const std::string&), const std::string& chosen, const ShapeOf& shape_of);
    std::string chosen() const;  // empty: there is nothing to choose from

private:
    void add(const std::string& value, const std::string& text, const ShapeOf& shape_of);

    GtkContainer* place_;
    Action action_;
    std::vector<std::string> values_;
    std::vector<GtkToggleButton*> buttons_;
};

}  // namespace venice_gimp
