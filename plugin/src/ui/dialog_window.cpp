// SPDX-License-Identifier: MIT
#include "ui/dialog_window.hpp"

#include <gdk/gdkkeysyms.h>

#include "i18n.hpp"

namespace venice_gimp {

namespace {

constexpr const char* remembered_as = "dialog";  // both menu entries open the same window
constexpr const char* prompt_alone = "prompt-alone";

void load_style() {
    const GObjectPtr<GtkCssProvider> provider(gtk_css_provider_new());
    gtk_css_provider_load_from_resource(provider.get(), "/venice-gimp/venice-gimp.css");
    gtk_style_context_add_provider_for_screen(gdk_screen_get_default(), GTK_STYLE_PROVIDER(provider.get()),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

// What a run was made with, as the form shows it: size and seed are then as they were.
DialogValues values_of(const Settings& settings) {
    DialogValues values;
    values.settings = settings;
    values.size_is_automatic = false;
    values.seed_is_fixed = settings.seed.has_value();
    return values;
}

DialogValues last_values(const DialogState& memory) {
    const auto& all = memory.values().last_values;
    const auto known = all.find(remembered_as);
    return known != all.end() ? known->second : DialogValues{};
}

}  // namespace

DialogWindow::DialogWindow(ImageHost& host, std::unique_ptr<Session> session, const std::shared_ptr<StoreThread>& thread,
                           DialogState& memory, const Presets& presets, const KeyStore& keys, Action closed)
    : host_(host),
      session_(std::move(session)),
      memory_(memory),
      closed_(std::move(closed)),
      builder_(load_ui("generation-dialog.ui")),
      window_(get<GtkWindow>(builder_.get(), "window")),
      notices_(get<GtkBox>(builder_.get(), "notices")),
      button_(builder_.get(), [this] { generate(); }),
      form_(builder_.get(), memory, [this] { refresh(); }),
      spending_(notices_, button_, memory,
                {[this](const Settings& settings) { return form_.price(settings); }, [this](const Settings& settings) { start(settings); }}),
      balance_(*session_, button_),
      image_(builder_.get(), host, 0, [this] { target_changed(); }),
      key_(get<GtkBox>(builder_.get(), "notices"), notices_, *session_, keys, get_widget(builder_.get(), "prompt"), [this] { key_changed(); }),
      runs_(get<GtkBox>(builder_.get(), "results_place"), host, *session_, thread, notices_, *this),
      account_(get_widget(builder_.get(), "menu_button"), *session_, key_, notices_, [this](double usd) { balance_.show(usd); }),
      presets_(get_widget(builder_.get(), "menu_button"), presets, [this] { return form_.values(); },
               [this](const DialogValues& values) { show_values(values); }),
      settings_(get_widget(builder_.get(), "menu_button"), memory, [this] { runs_.clear_history(); }, [this] { refresh(); }),
      help_(get_widget(builder_.get(), "menu_button"), "help-popover.ui", "help_page", _("Help")),
      layout_(builder_.get(), memory, [this](bool is_compact) { form_.set_compact(is_compact); }) {
    load_style();
    gtk_window_set_title(window_, _("Generate Layers"));
    connect_signals();
    add_menu_actions();
    memory_.on_failure([this, watcher = lifetime_.watcher()](const StoreFailure& failure) {
        if (!watcher.expired()) {
            settings_not_kept(failure);
        }
    });
}

DialogWindow::~DialogWindow() { gtk_widget_destroy(GTK_WIDGET(window_)); }

void DialogWindow::connect_signals() {
    connect_event(window_, "delete-event", [this](GdkEvent*) {
        close();
        return true;
    });
    connect_event(window_, "key-press-event", [this](GdkEvent* event) { return key_pressed(event->key); });
    connect_event(window_, "focus-in-event", [this](GdkEvent*) {
        refresh_target();
        runs_.refresh_history();
        return false;
    });
}

void DialogWindow::add_menu_actions() {
    const GObjectPtr<GSimpleActionGroup> group(g_simple_action_group_new());
    const auto add = [&group](const char* name, Action action) {
        const GObjectPtr<GSimpleAction> entry(g_simple_action_new(name, nullptr));
        connect(entry.get(), "activate", std::move(action));
        g_action_map_add_action(G_ACTION_MAP(group.get()), G_ACTION(entry.get()));
    };
    add("account", [this] { account_.open(); });
    add("presets", [this] { presets_.open(); });
    add("settings", [this] { settings_.open(); });
    add("reload", [this] { load_catalog(); });
    add("help", [this] { help_.open(); });
    add("about", [this] { show_about(); });
    gtk_widget_insert_action_group(GTK_WIDGET(window_), "window", G_ACTION_GROUP(group.get()));
}

bool DialogWindow::key_pressed(const GdkEventKey& event) {
    const guint modifiers = event.state & gtk_accelerator_get_default_mod_mask();
    const bool is_enter = event.keyval == GDK_KEY_Return || event.keyval == GDK_KEY_KP_Enter || event.keyval == GDK_KEY_ISO_Enter;
    if (modifiers == GDK_CONTROL_MASK && is_enter) {
        button_.press();
        return true;
    }
    if (modifiers == GDK_CONTROL_MASK && (event.keyval == GDK_KEY_w || event.keyval == GDK_KEY_W)) {
        close();
        return true;
    }
    if (modifiers == 0 && event.keyval == GDK_KEY_F1) {
        help_.open();
        return true;
    }
    if (modifiers == 0 && event.keyval == GDK_KEY_Escape) {
        escape();
        return true;
    }
    return false;
}

// Closes what is open in the window, else goes back to the picture. Never the window itself.
void DialogWindow::escape() {
    GtkWidget* focus = gtk_window_get_focus(window_);
    GtkWidget* popover = focus != nullptr ? gtk_widget_get_ancestor(focus, GTK_TYPE_POPOVER) : nullptr;
    if (popover != nullptr) {
        gtk_popover_popdown(GTK_POPOVER(popover));
    } else {
        host_.give_focus_back();
    }
}

void DialogWindow::show_about() {
    gtk_show_about_dialog(window_, "program-name", _("Venice for GIMP"), "version", VENICE_GIMP_VERSION, "comments",
                          _("Images from text, as layers"), "license-type", GTK_LICENSE_MIT_X11, "logo-icon-name", "image-x-generic", nullptr);
}

void DialogWindow::open(const Opening& opening) {
    key_.load();
    if (const std::shared_ptr<const Catalog> kept = session_->kept_catalog()) {
        form_.show_catalog(kept);
    }
    load_catalog();
    show_values(opening.values ? *opening.values : last_values(memory_));
    layout_.place();
    gtk_widget_realize(GTK_WIDGET(window_));
    turn_to(opening);
    gtk_window_present(window_);
    focus_for(opening);
    explain_once();
}

void DialogWindow::present(const Opening& opening) {
    if (opening.values) {
        show_values(*opening.values);
    }
    turn_to(opening);
    gtk_window_present_with_time(window_, opening.timestamp != 0 ? opening.timestamp : GDK_CURRENT_TIME);
    focus_for(opening);
}

void DialogWindow::turn_to(const Opening& opening) {
    host_.keep_above(window_, opening.display_id);
    image_.show(opening.image_id);
    target_changed();
}

void DialogWindow::focus_for(const Opening& opening) {
    generate_waits_for_focus_ = opening.focus_generate;
    if (opening.focus_generate) {
        focus_before_ = gtk_window_get_focus(window_);
        give_generate_the_focus();
    } else {
        form_.focus_prompt();
    }
}

// Once it can be pressed, which key and models decide; unless the user has gone elsewhere meanwhile.
void DialogWindow::give_generate_the_focus() {
    if (generate_waits_for_focus_ && button_.is_usable()) {
        generate_waits_for_focus_ = false;
        if (gtk_window_get_focus(window_) == focus_before_) {
            button_.focus();
        }
    }
}

void DialogWindow::show_values(const DialogValues& values) {
    form_.show(values);
    refresh();
}

void DialogWindow::refresh() {
    if (gtk_widget_in_destruction(GTK_WIDGET(window_)) != FALSE) {
        return;  // widgets that go report a change
    }
    const Settings settings = form_.settings();
    button_.show_order(settings.variants, form_.price(settings));
    std::string problem = obstacle_.empty() ? form_.problem() : obstacle_;
    if (!session_->has_api_key()) {  // one that was typed in works while a keyring does not answer
        problem = key_.is_loading() ? _("The keyring is being asked for the API key.") : _("An API key is needed.");
    }
    button_.set_problem(problem);
    give_generate_the_focus();
}

void DialogWindow::refresh_target() {
    image_.refresh();
    target_changed();
}

void DialogWindow::target_changed() {
    const ImageView image = host_.look_at(image_.image_id());
    obstacle_ = image.obstacle;
    form_.show_image(image);
    say_what_the_image_needs(image);
    refresh();
}

void DialogWindow::say_what_the_image_needs(const ImageView& image) {
    if (image.color_notice.empty()) {
        notices_.clear(Topic::target);
        return;
    }
    const auto convert = [this, id = image.id] {
        host_.convert_to_rgb(id);
        refresh_target();
    };
    Notice notice{image.color_notice, "", {{_("Con_vert Image to RGB"), convert}}};
    notice.is_problem = false;
    notices_.show(Topic::target, std::move(notice));
}

// Said once in a life: what people who know other tools would take for granted otherwise.
void DialogWindow::explain_once() {
    if (memory_.values().shown_once.contains(prompt_alone)) {
        return;
    }
    const auto understood = [this] {
        memory_.set_shown_once(prompt_alone);
        notices_.clear(Topic::hint);
    };
    Notice notice{_("Only the prompt is used; the model does not see the image."), "", {{_("_Understood"), understood}}};
    notice.is_problem = false;
    notice.can_be_dismissed = false;
    notices_.show(Topic::hint, std::move(notice));
}

// Once: a disk that is full or read-only stays so, and what was set holds until the window closes.
void DialogWindow::settings_not_kept(const StoreFailure& failure) {
    if (std::exchange(told_of_settings_, true)) {
        return;
    }
    const auto try_again = [this] {
        told_of_settings_ = false;
        notices_.clear(Topic::memory);
        memory_.flush([this, watcher = lifetime_.watcher()](const std::optional<StoreFailure>& again) {
            if (!watcher.expired() && again) {
                settings_not_kept(*again);
            }
        });
    };
    notices_.show(Topic::memory, {_("Settings and earlier prompts cannot be kept on disk."), failure.message, {{_("_Try Again"), try_again}}});
}

void DialogWindow::key_changed() {
    refresh();
    balance_.key_changed();
}

void DialogWindow::load_catalog() {
    notices_.clear(Topic::catalog);
    form_.show_loading();
    session_->fetch_catalog([this, watcher = lifetime_.watcher()](const std::variant<std::shared_ptr<const Catalog>, Failure>& answer) {
        if (!watcher.expired()) {
            guarded([&] { show_catalog(answer); });
        }
    });
}

void DialogWindow::show_catalog(const std::variant<std::shared_ptr<const Catalog>, Failure>& answer) {
    if (const auto* catalog = std::get_if<std::shared_ptr<const Catalog>>(&answer)) {
        form_.show_catalog(*catalog);
        return;
    }
    if (form_.model().has_list()) {
        return;  // the one that is shown is still of use
    }
    form_.show_no_catalog();
    const Message message = catalog_message(std::get<Failure>(answer));
    notices_.show(Topic::catalog, {message.text, message.detail, {{_("_Try Again"), [this] { load_catalog(); }}}});
}

void DialogWindow::generate() {
    notices_.clear(Topic::spending);
    refresh_target();  // GIMP does not tell of a selection that changed while this window has the focus
    if (!obstacle_.empty()) {
        notices_.show(Topic::spending, {obstacle_, "", {}});
        return;
    }
    spending_.order(form_.settings());
}

void DialogWindow::start(const Settings& settings) {
    refresh_target();
    memory_.set_last_values(remembered_as, form_.values());
    memory_.add_recent_prompt(settings.prompt);
    if (!settings.model.empty()) {
        memory_.add_recent_model(settings.model);
    }
    const ChosenImage chosen = chosen_image();
    runs_.start({settings, chosen.target, chosen.name, chosen.options});
}

ChosenImage DialogWindow::chosen_image() {
    const TargetKind kind = form_.into_selection() ? TargetKind::selection : TargetKind::canvas;
    InsertOptions options;
    options.placement = form_.placement();
    options.grouping = grouping_named(memory_.values().preferences.group).value_or(Grouping::automatic);
    options.group_name = form_.settings().prompt;
    return {host_.freeze_target(image_.image_id(), kind), image_.image_name(), options};
}

// All but prompt and seed.
void DialogWindow::reuse_look(const Settings& settings) {
    DialogValues values = values_of(settings);
    const DialogValues now = form_.values();
    values.settings.prompt = now.settings.prompt;
    values.settings.seed = now.settings.seed;
    values.seed_is_fixed = now.seed_is_fixed;
    show_reused(values);
}

void DialogWindow::reuse_all(const Settings& settings) { show_reused(values_of(settings)); }

void DialogWindow::show_reused(DialogValues values) {
    const DialogValues now = form_.values();
    values.target = now.target;  // where it goes is not part of the look
    values.placement = now.placement;
    show_values(values);
    form_.focus_prompt();
}

void DialogWindow::use_model(const std::string& id) {
    DialogValues values = form_.values();
    values.settings.model = id;
    show_values(values);
}

void DialogWindow::check_balance() { account_.open(); }

void DialogWindow::close() {
    if (runs_.is_busy()) {
        ask_to_close(_("Images are still being made. If you close now, they are lost and may still be charged."), _("_Keep Waiting"));
    } else if (const std::size_t count = runs_.images_only_here(); count > 0) {
        ask_to_close(format(P_("%d paid image is neither inserted nor on disk. If you close now, it is lost.",
                               "%d paid images are neither inserted nor on disk. If you close now, they are lost.", count),
                            static_cast<int>(count)),
                     _("_Keep Open"));
    } else {
        leave();
    }
}

void DialogWindow::leave() {
    layout_.keep();
    memory_.set_last_values(remembered_as, form_.values());
    gtk_widget_hide(GTK_WIDGET(window_));
    closed_();
}

void DialogWindow::ask_to_close(const std::string& question, const std::string& keep_open) {
    Notice notice;
    notice.text = question;
    notice.can_be_dismissed = false;
    notice.remedies = {{_("C_lose Anyway"), [this] { leave(); }}, {keep_open, [this] { notices_.clear(Topic::closing); }}};
    notices_.show(Topic::closing, std::move(notice));
}

}  // namespace venice_gimp
