// SPDX-License-Identifier: MIT
// Underlined letters of buttons that come and go: whatever the language and the other buttons, no letter stands twice. Labels are as GTK takes them:
// "_" stands before the letter, "__" is an underscore.
#pragma once

#include <gtk/gtk.h>

#include <set>
#include <string>

namespace venice_gimp {

using Letters = std::set<gunichar>;  // lower case

// Letters underlined in a widget, shown or not, and in all within it; but in no popover or menu.
Letters mnemonics_in(GtkWidget* widget);

// The label with its own underlined letter if that is free, else another one of its letters, the first of a word if possible; without any if
// none is free. What is chosen is taken then.
std::string with_free_mnemonic(const std::string& label, Letters& taken);

// Adds the label's underlined letter.
void take_mnemonic(const std::string& label, Letters& taken);

std::string without_mnemonic(const std::string& label);

// For text from elsewhere in a label that has a mnemonic: an underscore stays one.
std::string escape_underscores(const std::string& text);

}  // namespace venice_gimp
