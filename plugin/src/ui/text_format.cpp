// SPDX-License-Identifier: MIT
#include "ui/text_format.hpp"

#include <algorithm>
#include <cmath>

#include "i18n.hpp"
#include "ui/glib_support.hpp"

namespace venice_gimp {

namespace {

constexpr double cent_slack = 1e-6;  // 3 × 0.01 is a little more than 0.03

// Translators: an amount of US dollars.
std::string format_cents(double cents) { return format(_("$%.2f"), cents / 100.0); }

// Marks that have a direction and no shape. (Isolates say the same, but GTK 3 does not look past them for the direction of a line.)
constexpr const char* left_to_right_mark = "\u200E";
constexpr const char* right_to_left_mark = "\u200F";

// That of its first letter; none without a letter.
GtkTextDirection direction_of(const std::string& text) {
    for (const char* at = text.c_str(); *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_unichar_isalpha(g_utf8_get_char(at)) == FALSE) {
            continue;
        }
        switch (g_unichar_get_script(g_utf8_get_char(at))) {
            case G_UNICODE_SCRIPT_ARABIC:
            case G_UNICODE_SCRIPT_HEBREW:
            case G_UNICODE_SCRIPT_SYRIAC:
            case G_UNICODE_SCRIPT_THAANA:
            case G_UNICODE_SCRIPT_NKO:
                return GTK_TEXT_DIR_RTL;
            default:
                return GTK_TEXT_DIR_LTR;
        }
    }
    return GTK_TEXT_DIR_NONE;
}

// So that a bracket at its end does not go over to what comes next.
std::string with_own_direction(const std::string& text) {
    const GtkTextDirection direction = direction_of(text);
    if (direction == GTK_TEXT_DIR_NONE) {
        return text;
    }
    const char* mark = direction == GTK_TEXT_DIR_RTL ? right_to_left_mark : left_to_right_mark;
    return mark + text + mark;
}

double megabytes(std::int64_t bytes) { return static_cast<double>(bytes) / 1e6; }

}  // namespace

std::string format_price(double usd) { return format_cents(std::ceil(usd * 100.0 - cent_slack)); }

std::string format_balance(double usd) { return format_cents(std::floor(usd * 100.0 + cent_slack)); }

std::string format_elapsed(double seconds) {
    const int whole = static_cast<int>(std::clamp(seconds, 0.0, 359999.0));
    // Translators: minutes and seconds.
    return format(_("%d:%02d"), whole / 60, whole % 60);
}

std::string format_time(std::int64_t time_us) {
    using Time = std::unique_ptr<GDateTime, void (*)(GDateTime*)>;
    const Time time(g_date_time_new_from_unix_local(time_us / G_USEC_PER_SEC), g_date_time_unref);
    const Time now(g_date_time_new_now_local(), g_date_time_unref);
    if (!time) {
        return "";  // beyond the year 9999: the clock was wrong, or the file is
    }
    const bool is_today = g_date_time_get_year(time.get()) == g_date_time_get_year(now.get()) &&
                          g_date_time_get_day_of_year(time.get()) == g_date_time_get_day_of_year(now.get());
    // Translators: a time, and a day with a time, for g_date_time_format().
    const GFreePtr<char> text(g_date_time_format(time.get(), is_today ? _("%H:%M") : _("%b %e, %H:%M")));
    return text ? text.get() : "";
}

std::string joined(const std::vector<std::string>& parts, bool right_to_left) {
    const auto is_foreign = [right_to_left](const std::string& part) {
        return direction_of(part) == (right_to_left ? GTK_TEXT_DIR_LTR : GTK_TEXT_DIR_RTL);
    };
    const bool is_mixed = std::any_of(parts.begin(), parts.end(), is_foreign);
    const std::string mark = !is_mixed ? "" : right_to_left ? right_to_left_mark : left_to_right_mark;
    std::string text;
    for (const std::string& part : parts) {
        text += text.empty() ? mark : mark + " · " + mark;
        text += is_mixed ? with_own_direction(part) : part;
    }
    return text;
}

std::string joined(const std::vector<std::string>& parts) { return joined(parts, gtk_widget_get_default_direction() == GTK_TEXT_DIR_RTL); }

std::string format_megabytes(std::int64_t received, std::int64_t total) {
    if (total <= 0) {
        return format(_("%.1f MB"), megabytes(received));
    }
    return format(_("%.1f of %.1f MB"), megabytes(received), megabytes(total));
}

}  // namespace venice_gimp
