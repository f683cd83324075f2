// SPDX-License-Identifier: MIT
// The window: brings its parts together. Knows GIMP only as an ImageHost, so that it can be tried without GIMP.
#pragma once

#include <memory>
#include <optional>

#include "generation/session.hpp"
#include "store/dialog_state.hpp"
#include "store/presets.hpp"
#include "ui/account_panel.hpp"
#include "ui/form.hpp"
#include "ui/generate_button.hpp"
#include "ui/image_host.hpp"
#include "ui/image_row.hpp"
#include "ui/key_control.hpp"
#include "ui/notice.hpp"
#include "ui/opening.hpp"
#include "ui/presets_panel.hpp"
#include "ui/run_controller.hpp"
#include "ui/settings_panel.hpp"
#include "ui/shown_balance.hpp"
#include "ui/spending_check.hpp"
#include "ui/window_layout.hpp"

namespace venice_gimp {

class DialogWindow : private ResultsHost {
public:
    DialogWindow(ImageHost& host, std::unique_ptr<Session> session, const std::shared_ptr<StoreThread>& thread, DialogState& memory,
                 const Presets& presets, const KeyStore& keys, Action closed);
    ~DialogWindow() override;
    DialogWindow(const DialogWindow&) = delete;
    DialogWindow& operator=(const DialogWindow&) = delete;

    void open(const Opening& opening);     // the first time
    void present(const Opening& opening);  // again: turns to the image and comes to the front

private:
    void connect_signals();
    void add_menu_actions();
    bool key_pressed(const GdkEventKey& event);
    void escape();
    void show_about();
    void turn_to(const Opening& opening);
    void focus_for(const Opening& opening);
    void give_generate_the_focus();
    void show_values(const DialogValues& values);

    void refresh();         // the button, after any change
    void refresh_target();  // the open images and the size of the chosen one
    void target_changed();
    void say_what_the_image_needs(const ImageView& image);

    void key_changed();
    void load_catalog();
    void show_catalog(const std::variant<std::shared_ptr<const Catalog>, Failure>& answer);

    void generate();  // the press of the button
    void start(const Settings& settings);
    void explain_once();
    void settings_not_kept(const StoreFailure& failure);

    // The runs' way back to the form.
    void generate_again(const Settings& settings) override { start(settings); }
    std::optional<double> price(const Settings& settings) const override { return form_.price(settings); }
    std::string model_name(const std::string& id) override { return form_.model().name_of(id); }
    void offer_seed(std::int64_t seed) override { form_.offer_seed(seed); }
    void show_balance(double usd) override { balance_.show(usd); }
    void ask_for_key(const Remedy& save) override { key_.ask(save); }
    void choose_model() override { form_.model().open(); }
    void edit_prompt() override { form_.focus_prompt(); }
    ChosenImage chosen_image() override;
    bool review_before_inserting() const override { return memory_.values().preferences.review_before_inserting; }
    bool keep_settings_on_layers() const override { return memory_.values().preferences.keep_settings_on_layers; }
    HistoryLimits history_limits() const override { return memory_.values().preferences.history; }
    void use_model(const std::string& id) override;
    void check_balance() override;
    bool can_reuse() const override { return true; }
    void reuse_look(const Settings& settings) override;
    void reuse_all(const Settings& settings) override;
    void show_reused(DialogValues values);

    void ask_to_close(const std::string& question, const std::string& keep_open);
    void close();
    void leave();

    ImageHost& host_;
    std::unique_ptr<Session> session_;
    DialogState& memory_;
    Action closed_;
    GObjectPtr<GtkBuilder> builder_;
    GtkWindow* window_;
    NoticeArea notices_;
    GenerateButton button_;
    Form form_;
    SpendingCheck spending_;
    ShownBalance balance_;
    ImageRow image_;
    KeyControl key_;
    RunController runs_;
    AccountPanel account_;
    PresetsPanel presets_;
    SettingsPanel settings_;
    Panel help_;
    WindowLayout layout_;
    std::string obstacle_;  // why nothing can be made for the image now; empty: it can
    bool generate_waits_for_focus_ = false;
    bool told_of_settings_ = false;
    GtkWidget* focus_before_ = nullptr;  // only compared
    Lifetime lifetime_;
};

}  // namespace venice_gimp
