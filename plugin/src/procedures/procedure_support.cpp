// SPDX-License-Identifier: MIT
#include "procedures/procedure_support.hpp"

#include <exception>

#include "i18n.hpp"
#include "store/settings_json.hpp"
#include "ui/generation_dialog.hpp"

namespace venice_gimp {

void set_authors(GimpProcedure* procedure) {
    gimp_procedure_set_attribution(procedure, "The Venice for GIMP authors", "The Venice for GIMP authors, MIT licence", "2026");
}

GimpValueArray* run_guarded(GimpProcedure* procedure, const std::function<GimpValueArray*()>& run) noexcept {
    try {
        return run();
    } catch (const std::exception& exception) {
        return failed(procedure, exception.what());
    } catch (...) {
        return failed(procedure, "unexpected exception");
    }
}

namespace {

// What a call says that it wants; not set: the form shows what it showed the last time.
std::optional<DialogValues> dialog_values_of(const Settings& settings) {
    if (settings_to_json(settings) == settings_to_json(Settings{})) {
        return std::nullopt;
    }
    DialogValues values;
    values.settings = settings;
    values.size_is_automatic = !settings.width && settings.aspect_ratio.empty() && settings.resolution.empty();
    values.seed_is_fixed = settings.seed.has_value();
    return values;
}

}  // namespace

GimpValueArray* run_interactively(GimpProcedure* procedure, GimpRunMode run_mode, GimpImage* image, const Settings& initial,
                                  bool create_new_image) {
    DialogContext context;
    context.image = image;
    context.create_new_image = create_new_image;
    context.values = dialog_values_of(initial);
    context.focus_generate = run_mode == GIMP_RUN_WITH_LAST_VALS;
    const GimpPDBStatusType status = run_generation_dialog(context);
    if (status == GIMP_PDB_EXECUTION_ERROR) {
        return failed(procedure, _("The window could not be opened. Without a display, call the procedure non-interactively."));
    }
    return gimp_procedure_new_return_values(procedure, status, nullptr);
}

GimpValueArray* failed(GimpProcedure* procedure, const std::string& sentence) {
    GError* error = g_error_new_literal(GIMP_PLUG_IN_ERROR, 0, sentence.c_str());
    return gimp_procedure_new_return_values(procedure, GIMP_PDB_EXECUTION_ERROR, error);  // takes the error
}

void show_remarks(const Generated& generated) {
    std::string text = generated.remarks;
    if (const std::string& problem = generated.kept->problem(); !problem.empty()) {
        text += text.empty() ? problem : "\n" + problem;
    }
    if (!text.empty()) {
        gimp_message(text.c_str());
    }
}

}  // namespace venice_gimp
