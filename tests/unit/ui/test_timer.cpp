// SPDX-License-Identifier: MIT
// What goes first in the main loop.
#include <gdk/gdk.h>
#include <glib.h>

#include <string>

#include "cmocka.hpp"
#include "ui/glib_support.hpp"

namespace {

using venice_gimp::Timer;

constexpr int several = 5;

// Goes on at once each time, as drawing does that cannot keep up.
struct Busy {
    std::string* order;
    int left = several;
};

gboolean go_on(gpointer data) {
    auto* busy = static_cast<Busy*>(data);
    *busy->order += 'd';
    return --busy->left > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

std::string order_beside(int priority) {
    std::string order;
    Busy busy{&order};
    Timer timer;
    timer.start_when_idle([&] {
        order += 'w';
        timer.stop();
    });
    g_idle_add_full(priority, go_on, &busy, nullptr);
    g_usleep(5000);  // both are due
    while (order.size() <= several) {
        g_main_context_iteration(nullptr, TRUE);
    }
    return order;
}

void drawing_goes_before_work_for_idle_time(void**) {
    assert_string_equal(order_beside(GDK_PRIORITY_REDRAW).c_str(), "dddddw");
}

void events_go_before_work_for_idle_time(void**) {
    assert_string_equal(order_beside(GDK_PRIORITY_EVENTS).c_str(), "dddddw");
}

void work_for_idle_time_is_done_again_and_again_until_it_is_stopped(void**) {
    Timer timer;
    int times = 0;
    timer.start_when_idle([&] {
        if (++times == several) {
            timer.stop();
        }
    });
    while (times < several) {
        g_main_context_iteration(nullptr, TRUE);
    }
    g_usleep(5000);
    while (g_main_context_iteration(nullptr, FALSE)) {
    }
    assert_int_equal(times, several);
}

}  // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(drawing_goes_before_work_for_idle_time),
        cmocka_unit_test(events_go_before_work_for_idle_time),
        cmocka_unit_test(work_for_idle_time_is_done_again_and_again_until_it_is_stopped),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
