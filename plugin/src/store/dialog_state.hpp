// SPDX-License-Identifier: MIT
// What the window remembers from one time to the next.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "generation/main_context.hpp"
#include "store/dialog_values.hpp"
#include "store/store_thread.hpp"

namespace venice_gimp {

struct RememberedValues {
    int width = 0;  // of the window, in application pixels; 0: never shown
    int height = 0;
    int pane_position = -1;                           // between form and results; -1: never moved
    std::map<std::string, bool> expanded;             // rows by name
    std::map<std::string, DialogValues> last_values;  // by procedure name
    Preferences preferences;
    std::vector<std::string> favorite_models;  // ids, in the order in which they were added
    std::vector<std::string> recent_models;    // the latest first
    std::vector<std::string> recent_prompts;   // the latest first
    std::set<std::string> shown_once;          // explanations that need not be shown again
};

// All on the main context's thread; only the store's thread touches the disk. A change holds at once and is written half a second later, as
// a change of what the file then has: another GIMP's changes stay.
class DialogState {
public:
    static constexpr std::size_t max_recent_models = 8;
    static constexpr std::size_t max_recent_prompts = 50;

    // `folder` is made when something is written.
    DialogState(std::shared_ptr<StoreThread> thread, const std::string& folder);
    ~DialogState();  // has what was changed written, without waiting
    DialogState(const DialogState&) = delete;
    DialogState& operator=(const DialogState&) = delete;

    // Reads the file. Without one, or with one that is corrupt (it is set aside), the defaults stay and this is no failure. What was changed
    // before the callback holds.
    void load(OnSaved done);

    const RememberedValues& values() const;

    void set_window_size(int width, int height);
    void set_pane_position(int position);
    void set_expanded(const std::string& row, bool expanded);
    void set_last_values(const std::string& procedure, const DialogValues& values);
    void set_preferences(const Preferences& preferences);
    void set_favorite_model(const std::string& id, bool favorite);
    void add_recent_model(const std::string& id);
    void add_recent_prompt(const std::string& prompt);
    void clear_recent_prompts();
    void set_shown_once(const std::string& explanation);

    // Called for every write of which nobody waits for the end. Once is enough for users: a full disk stays full.
    void on_failure(std::function<void(const StoreFailure&)> function);

    void flush(OnSaved done);  // writes now

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace venice_gimp
