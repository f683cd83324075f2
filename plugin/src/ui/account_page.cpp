// SPDX-License-Identifier: MIT
#include "ui/account_page.hpp"

#include "i18n.hpp"

namespace venice_gimp {

namespace {

constexpr const char* address = "https://venice.ai/settings/api";

// As gtk_show_uri_on_window() does, but the browser and all that it starts need not know the key. Empty: it opens.
std::string problem_of_opening() {
    GError* raw_error = nullptr;
    const GObjectPtr<GdkAppLaunchContext> context(gdk_display_get_app_launch_context(gdk_display_get_default()));
    g_app_launch_context_unsetenv(G_APP_LAUNCH_CONTEXT(context.get()), "VENICE_API_KEY");
    if (g_app_info_launch_default_for_uri(address, G_APP_LAUNCH_CONTEXT(context.get()), &raw_error) != FALSE) {
        return {};
    }
    const GErrorPtr error(raw_error);
    return error ? error->message : address;
}

}  // namespace

bool open_account_page(NoticeArea& notices) {
    if (problem_of_opening().empty()) {
        return true;
    }
    const auto copy = [&notices] {
        gtk_clipboard_set_text(gtk_clipboard_get(GDK_SELECTION_CLIPBOARD), address, -1);
        notices.clear(Topic::page);
    };
    Notice notice{_("No web browser could be opened. The page has this address:"), address, {{_("_Copy Address"), copy}}};
    notice.is_problem = false;
    notices.show(Topic::page, std::move(notice));
    return false;
}

}  // namespace venice_gimp
