// SPDX-License-Identifier: MIT
// The program that GIMP starts: a subclass of GimpPlugIn that knows its procedures.
#include <libgimp/gimp.h>

#include <cstring>

#include "i18n.hpp"
#include "procedures/procedures.hpp"

namespace {

GList* query_procedures(GimpPlugIn*) noexcept {
    GList* names = g_list_append(nullptr, g_strdup(venice_gimp::generate_layers_name));
    names = g_list_append(names, g_strdup(venice_gimp::create_image_name));
    return g_list_append(names, g_strdup(venice_gimp::reuse_settings_name));
}

GimpProcedure* create_procedure(GimpPlugIn* plug_in, const gchar* name) noexcept {
    if (std::strcmp(name, venice_gimp::generate_layers_name) == 0) {
        return venice_gimp::new_generate_layers_procedure(plug_in);
    }
    if (std::strcmp(name, venice_gimp::create_image_name) == 0) {
        return venice_gimp::new_create_image_procedure(plug_in);
    }
    if (std::strcmp(name, venice_gimp::reuse_settings_name) == 0) {
        return venice_gimp::new_reuse_settings_procedure(plug_in);
    }
    return nullptr;
}

bool has_own_catalogues() {
    gchar* const folder = g_path_get_dirname(gimp_get_progname());
    gchar* const locale = g_build_filename(folder, "locale", nullptr);
    const bool found = g_file_test(locale, G_FILE_TEST_IS_DIR) != FALSE;
    g_free(locale);
    g_free(folder);
    return found;
}

// GIMP only looks into the folder locale/ beside the program, and warns at each run if it is not there. A system-wide installation has its
// catalogues where those of all programs are.
gboolean set_i18n(GimpPlugIn*, const gchar*, gchar** gettext_domain, gchar**) noexcept {
    if (has_own_catalogues()) {
        *gettext_domain = g_strdup(VENICE_GIMP_DOMAIN);
        return TRUE;
    }
    bindtextdomain(VENICE_GIMP_DOMAIN, VENICE_GIMP_LOCALE_DIR);
    bind_textdomain_codeset(VENICE_GIMP_DOMAIN, "UTF-8");
    return FALSE;
}

void class_init(gpointer plug_in_class, gpointer) noexcept {
    auto* const functions = static_cast<GimpPlugInClass*>(plug_in_class);
    functions->query_procedures = query_procedures;
    functions->create_procedure = create_procedure;
    functions->set_i18n = set_i18n;
}

GType venice_plug_in_type() {
    return g_type_register_static_simple(GIMP_TYPE_PLUG_IN, "VeniceGimp", sizeof(GimpPlugInClass), class_init, sizeof(GimpPlugIn), nullptr,
                                         GTypeFlags{});
}

}  // namespace

GIMP_MAIN(venice_plug_in_type())
