// SPDX-License-Identifier: MIT
// A few lines of text with a placeholder, and a counter when the limit comes near.
#pragma once

#include <string>

#include "ui/glib_support.hpp"

namespace venice_gimp {

class PromptBox {
public:
    // `id` is that of the text view in the .ui file; its scroller, placeholder and counter are named after it.
    PromptBox(GtkBuilder* builder, const std::string& id, int lines, const std::string& initial, Action changed);
    PromptBox(const PromptBox&) = delete;
    PromptBox& operator=(const PromptBox&) = delete;

    std::string text() const;
    bool is_blank() const;
    bool is_too_long() const;
    void set_limit(int characters);  // 0: none is known
    void show(const std::string& text);
    void set_lines(int lines);  // that are in sight at least
    void focus();

private:
    void edited();
    void show_counter();

    GtkTextView* view_;
    GtkScrolledWindow* scroller_;
    GtkTextBuffer* buffer_;
    GtkWidget* placeholder_;
    GtkLabel* counter_;
    Action changed_;
    int limit_ = 0;
};

}  // namespace venice_gimp
