// SPDX-License-Identifier: MIT
#include "ui/mnemonics.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace venice_gimp {

namespace {

void collect(GtkWidget* widget, gpointer data) {
    if (GTK_IS_LABEL(widget)) {
        const guint key = gtk_label_get_mnemonic_keyval(GTK_LABEL(widget));
        if (key != GDK_KEY_VoidSymbol) {
            static_cast<Letters*>(data)->insert(g_unichar_tolower(gdk_keyval_to_unicode(key)));
        }
    } else if (GTK_IS_CONTAINER(widget) && !GTK_IS_POPOVER(widget)) {
        gtk_container_forall(GTK_CONTAINER(widget), collect, data);  // all: what an expander is called is no child of it
    }
}

// Where letters begin, in bytes.
std::vector<std::size_t> letters_of(const std::string& text, bool only_first) {
    std::vector<std::size_t> found;
    bool is_within_word = false;
    for (const char* at = text.c_str(); *at != '\0'; at = g_utf8_next_char(at)) {
        const bool is_letter = g_unichar_isalpha(g_utf8_get_char(at)) != FALSE;
        if (is_letter && !(only_first && is_within_word)) {
            found.push_back(static_cast<std::size_t>(at - text.c_str()));
        }
        is_within_word = is_letter;
    }
    return found;
}

}  // namespace

Letters mnemonics_in(GtkWidget* widget) {
    Letters letters;
    collect(widget, &letters);
    return letters;
}

void take_mnemonic(const std::string& label, Letters& taken) {
    if (const std::size_t mark = label.find('_'); mark != std::string::npos) {
        taken.insert(g_unichar_tolower(g_utf8_get_char(label.c_str() + mark + 1)));
    }
}

std::string without_mnemonic(std::string label) {
    label.erase(std::remove(label.begin(), label.end(), '_'), label.end());
    return label;
}

std::string with_free_mnemonic(const std::string& label, Letters& taken) {
    const std::string plain = without_mnemonic(label);
    std::vector<std::size_t> candidates;
    if (const std::size_t wish = label.find('_'); wish != std::string::npos && wish < plain.size()) {
        candidates.push_back(wish);
    }
    for (const bool only_first : {true, false}) {
        const std::vector<std::size_t> more = letters_of(plain, only_first);
        candidates.insert(candidates.end(), more.begin(), more.end());
    }
    for (const std::size_t at : candidates) {
        if (taken.insert(g_unichar_tolower(g_utf8_get_char(plain.c_str() + at))).second) {
            return plain.substr(0, at) + "_" + plain.substr(at);
        }
    }
    return plain;
}

}  // namespace venice_gimp
