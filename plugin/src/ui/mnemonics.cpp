// SPDX-License-Identifier: MIT
#include "ui/mnemonics.hpp"

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

// A label without what marks its mnemonic: "__" is an underscore, a single one stands before the letter.
struct Unmarked {
    std::string text;
    std::size_t wish = std::string::npos;  // where the marked letter begins, in bytes
};

Unmarked unmarked(const std::string& label) {
    Unmarked result;
    bool is_marked = false;
    for (const char character : label) {
        if (character == '_' && !is_marked) {
            is_marked = true;
            continue;
        }
        if (is_marked && character != '_' && result.wish == std::string::npos) {
            result.wish = result.text.size();
        }
        is_marked = false;
        result.text += character;
    }
    return result;
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

std::string escape_underscores(const std::string& text) {
    std::string escaped;
    for (const char character : text) {
        escaped.append(character == '_' ? 2 : 1, character);
    }
    return escaped;
}

void take_mnemonic(const std::string& label, Letters& taken) {
    const Unmarked plain = unmarked(label);
    if (plain.wish != std::string::npos) {
        taken.insert(g_unichar_tolower(g_utf8_get_char(plain.text.c_str() + plain.wish)));
    }
}

std::string without_mnemonic(const std::string& label) { return unmarked(label).text; }

std::string with_free_mnemonic(const std::string& label, Letters& taken) {
    const auto [plain, wish] = unmarked(label);
    std::vector<std::size_t> candidates;
    if (wish != std::string::npos) {
        candidates.push_back(wish);
    }
    for (const bool only_first : {true, false}) {
        const std::vector<std::size_t> more = letters_of(plain, only_first);
        candidates.insert(candidates.end(), more.begin(), more.end());
    }
    for (const std::size_t at : candidates) {
        if (taken.insert(g_unichar_tolower(g_utf8_get_char(plain.c_str() + at))).second) {
            return escape_underscores(plain.substr(0, at)) + "_" + escape_underscores(plain.substr(at));
        }
    }
    return escape_underscores(plain);
}

}  // namespace venice_gimp
