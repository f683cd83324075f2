// SPDX-License-Identifier: MIT
// The place for messages: inside the window, never a box of their own, each with what helps as a button.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ui/glib_support.hpp"

namespace venice_gimp {

struct Remedy {
    std::string label;  // with the mnemonic that it should have; a notice takes another if that is not free, a run none
    Action action;
};

struct Notice {
    std::string text;
    std::string detail;  // the server's own words, shown as plain text
    std::vector<Remedy> remedies;
    bool is_problem = true;
    bool can_be_dismissed = true;
    Action gone = {};  // dismissed, cleared or replaced; may be empty
};

// Buttons that do what helps, instead of those that are in the box.
void fill_with_remedies(GtkBox* box, const std::vector<Remedy>& remedies);

// The most pressing first: only one is shown at a time, the others wait behind it.
enum class Topic { closing, page, spending, run, recovered, interrupted, storage, memory, key, catalog, target, hint };

class NoticeArea {
public:
    explicit NoticeArea(GtkBox* box);
    NoticeArea(const NoticeArea&) = delete;
    NoticeArea& operator=(const NoticeArea&) = delete;

    void show(Topic topic, Notice notice);
    void clear(Topic topic);

private:
    void rebuild();
    void underline(GtkWidget* buttons, const std::vector<Remedy>& remedies);
    void fit_width(GtkWidget* buttons);
    void fill(GtkBuilder* builder, Topic topic, const Notice& notice);

    GtkBox* box_;
    GtkWidget* shown_ = nullptr;
    std::map<Topic, Notice> notices_;
};

}  // namespace venice_gimp
