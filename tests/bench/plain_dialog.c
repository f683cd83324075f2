/* SPDX-License-Identifier: MIT
   The plainest plug-in with a dialog: what GIMP itself makes of a procedure with one number. The peer for starting and opening ours. */
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#define PROCEDURE "bench-plain-dialog"

typedef struct {
    GimpPlugIn parent;
} Plain;
typedef struct {
    GimpPlugInClass parent;
} PlainClass;

GType plain_get_type(void);
G_DEFINE_TYPE(Plain, plain, GIMP_TYPE_PLUG_IN)

static GimpValueArray *run(GimpProcedure *procedure, GimpRunMode mode, GimpImage *image, GimpDrawable **drawables, GimpProcedureConfig *config,
                           gpointer data) {
    (void)mode, (void)image, (void)drawables, (void)data;
    gimp_ui_init("plain-dialog");
    GtkWidget *dialog = gimp_procedure_dialog_new(procedure, config, "Plain Dialog");
    gimp_procedure_dialog_fill(GIMP_PROCEDURE_DIALOG(dialog), NULL);
    gimp_procedure_dialog_run(GIMP_PROCEDURE_DIALOG(dialog));
    gtk_widget_destroy(dialog);
    return gimp_procedure_new_return_values(procedure, GIMP_PDB_SUCCESS, NULL);
}

static GList *query_procedures(GimpPlugIn *plug_in) {
    (void)plug_in;
    return g_list_append(NULL, g_strdup(PROCEDURE));
}

static GimpProcedure *create_procedure(GimpPlugIn *plug_in, const gchar *name) {
    GimpProcedure *procedure = gimp_image_procedure_new(plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run, NULL, NULL);
    gimp_procedure_set_image_types(procedure, "*");
    gimp_procedure_set_sensitivity_mask(procedure, GIMP_PROCEDURE_SENSITIVE_ALWAYS);
    gimp_procedure_set_menu_label(procedure, "Plain Dialog...");
    gimp_procedure_add_menu_path(procedure, "<Image>/Filters/Plain");
    gimp_procedure_add_int_argument(procedure, "number", "Number", "A number", 0, 9, 1, G_PARAM_READWRITE);
    return procedure;
}

static void plain_class_init(PlainClass *plain_class) {
    GimpPlugInClass *functions = GIMP_PLUG_IN_CLASS(plain_class);
    functions->query_procedures = query_procedures;
    functions->create_procedure = create_procedure;
}

static void plain_init(Plain *plain) { (void)plain; }

GIMP_MAIN(plain_get_type())
