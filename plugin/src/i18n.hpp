// SPDX-License-Identifier: MIT
// Translation of what users read. The domain is named in each call, so that it works in every thread and in the unit tests, whatever
// the program's own text domain is.
#pragma once

#include <libintl.h>

#define VENICE_GIMP_DOMAIN "venice-gimp"

namespace venice_gimp {

[[gnu::format_arg(1)]] inline const char* translate(const char* text) {
    return dgettext(VENICE_GIMP_DOMAIN, text);
}

[[gnu::format_arg(1), gnu::format_arg(2)]] inline const char* translate_plural(const char* one, const char* many, unsigned long count) {
    return dngettext(VENICE_GIMP_DOMAIN, one, many, count);
}

}  // namespace venice_gimp

// The short names that xgettext looks for: _("…"), ngettext-like P_("…", "…", n), and N_("…") for texts that are translated later.
#define _(text) ::venice_gimp::translate(text)
#define P_(one, many, count) ::venice_gimp::translate_plural(one, many, static_cast<unsigned long>(count))
#define N_(text) text
