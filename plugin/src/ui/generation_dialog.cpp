// SPDX-License-Identifier: MIT
#include "ui/generation_dialog.hpp"

#include <libgimp/gimpui.h>

#include "gimp/store_folder.hpp"
#include "i18n.hpp"
#include "store/key_store.hpp"
#include "store/settings_json.hpp"
#include "ui/dialog_window.hpp"
#include "ui/gimp_image_host.hpp"

namespace venice_gimp {

namespace {

// Exists in GIMP as long as a window is open. Whoever else is asked for a window calls it and leaves.
constexpr const char* present_name = "plug-in-venice-present";

Opening opening_of(const DialogContext& context) {
    Opening opening;
    if (!context.create_new_image && context.image != nullptr) {
        opening.image_id = gimp_image_get_id(context.image);
    }
    if (GimpDisplay* display = gimp_default_display()) {
        opening.display_id = gimp_display_get_id(display);
    }
    opening.timestamp = gimp_user_time();
    opening.values = context.values;
    opening.focus_generate = context.focus_generate;
    return opening;
}

// The window of this GIMP: its disk, its connection, and the procedure by which it is called again.
class OneWindow {
public:
    OneWindow()
        : loop_(g_main_loop_new(nullptr, FALSE), g_main_loop_unref),
          thread_(std::make_shared<StoreThread>()),
          folder_(store_folder()),
          memory_(thread_, folder_),
          presets_(thread_, folder_),
          keys_(thread_, folder_) {}

    ~OneWindow() { gimp_plug_in_remove_temp_procedure(gimp_get_plug_in(), present_name); }
    OneWindow(const OneWindow&) = delete;
    OneWindow& operator=(const OneWindow&) = delete;

    void run(const Opening& opening) {
        offer_presenting();
        memory_.load([this, opening](const std::optional<StoreFailure>& failure) { guarded([&] { open(opening, failure); }); });
        g_main_loop_run(loop_.get());
        window_.reset();
    }

private:
    void open(const Opening& opening, const std::optional<StoreFailure>& failure) {
        if (failure) {
            g_warning("venice-gimp: %s", failure->message.c_str());  // the defaults hold
        }
        std::unique_ptr<Session> session = Session::create(base_url_from_environment(), "venice-gimp");
        session->keep_catalog_in(folder_ + "/catalog");
        window_ = std::make_unique<DialogWindow>(host_, std::move(session), thread_, memory_, presets_, keys_,
                                                 [this] { g_main_loop_quit(loop_.get()); });
        window_->open(opening);
    }

    void offer_presenting() {
        GimpPlugIn* plug_in = gimp_get_plug_in();
        GimpProcedure* procedure = gimp_procedure_new(plug_in, present_name, GIMP_PDB_PROC_TYPE_TEMPORARY, called_again, this, nullptr);
        gimp_procedure_set_documentation(procedure, _("Raises the window of Venice"), nullptr, present_name);
        gimp_procedure_add_int_argument(procedure, "image", "Image", "Id of the image, 0: a new one", 0, G_MAXINT, 0, G_PARAM_READWRITE);
        gimp_procedure_add_int_argument(procedure, "display", "Display", "Id of the display that it was called from", 0, G_MAXINT, 0, G_PARAM_READWRITE);
        gimp_procedure_add_double_argument(procedure, "timestamp", "Time", "Of the user's action", 0.0, G_MAXUINT32, 0.0, G_PARAM_READWRITE);
        gimp_procedure_add_string_argument(procedure, "values", "Values", "What the form is to show, as JSON", "", G_PARAM_READWRITE);
        gimp_procedure_add_boolean_argument(procedure, "focus-generate", "Focus", "Whether Generate gets the focus", FALSE, G_PARAM_READWRITE);
        gimp_plug_in_add_temp_procedure(plug_in, procedure);
        g_object_unref(procedure);
        gimp_plug_in_persistent_enable(plug_in);
        gimp_plug_in_set_pdb_error_handler(plug_in, GIMP_PDB_ERROR_HANDLER_PLUGIN);  // no pop-ups for calls that fail
    }

    // May come from inside any call of libgimp: notes what is wanted, and does it later.
    static GimpValueArray* called_again(GimpProcedure* procedure, GimpProcedureConfig* config, gpointer self) noexcept {
        gint image = 0;
        gint display = 0;
        gdouble timestamp = 0.0;
        gchar* values = nullptr;
        gboolean focus_generate = FALSE;
        g_object_get(config, "image", &image, "display", &display, "timestamp", &timestamp, "values", &values, "focus-generate", &focus_generate,
                     nullptr);
        const GFreePtr<gchar> owned(values);
        guarded([&] {
            Opening opening{image, display, static_cast<guint32>(timestamp), std::nullopt, focus_generate != FALSE};
            if (values != nullptr && *values != '\0') {
                opening.values = dialog_values_from_json(values);
            }
            auto* window = static_cast<OneWindow*>(self);
            window->later_.once(0, [window, opening] {
                if (window->window_) {
                    window->window_->present(opening);
                }
            });
        });
        return gimp_procedure_new_return_values(procedure, GIMP_PDB_SUCCESS, nullptr);
    }

    std::unique_ptr<GMainLoop, void (*)(GMainLoop*)> loop_;
    std::shared_ptr<StoreThread> thread_;
    std::string folder_;
    DialogState memory_;
    Presets presets_;
    KeyStore keys_;
    GimpImageHost host_;
    std::unique_ptr<DialogWindow> window_;
    Timer later_;
};

// Hands the call over to the window that is open. False: there is none.
bool present_open_window(const Opening& opening) {
    GimpProcedure* procedure = gimp_pdb_lookup_procedure(gimp_get_pdb(), present_name);
    if (procedure == nullptr) {
        return false;
    }
    const std::string values = opening.values ? dialog_values_to_json(*opening.values) : "";
    GimpValueArray* result = gimp_procedure_run(procedure, "image", opening.image_id, "display", opening.display_id, "timestamp",
                                                static_cast<gdouble>(opening.timestamp), "values", values.c_str(), "focus-generate",
                                                opening.focus_generate ? TRUE : FALSE, nullptr);
    const bool is_well = g_value_get_enum(gimp_value_array_index(result, 0)) == GIMP_PDB_SUCCESS;
    gimp_value_array_unref(result);
    return is_well;
}

}  // namespace

GimpPDBStatusType run_generation_dialog(const DialogContext& context) {
    try {
        const Opening opening = opening_of(context);
        if (!present_open_window(opening)) {
            gimp_ui_init("venice-gimp");
            OneWindow().run(opening);
        }
    } catch (const std::exception& error) {
        g_message(_("Venice: the window could not be opened: %s"), error.what());
        return GIMP_PDB_EXECUTION_ERROR;
    }
    // Not SUCCESS: GIMP would then store the arguments of the call, which the user has long since changed, in its settings and the image.
    return GIMP_PDB_CANCEL;
}

}  // namespace venice_gimp
