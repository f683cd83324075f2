// SPDX-License-Identifier: MIT
#include "procedures/generate_into.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "generation/layer_name.hpp"
#include "i18n.hpp"
#include "procedures/generate_and_wait.hpp"
#include "procedures/procedure_support.hpp"

namespace venice_gimp {
namespace {

GimpValueArray* succeeded(GimpProcedure* procedure, const std::vector<GimpLayer*>& layers) {
    GimpValueArray* values = gimp_procedure_new_return_values(procedure, GIMP_PDB_SUCCESS, nullptr);
    GimpLayer** array = g_new0(GimpLayer*, layers.size() + 1);  // ends with a null pointer
    for (std::size_t index = 0; index < layers.size(); ++index) {
        array[index] = layers[index];
    }
    g_value_take_boxed(gimp_value_array_index(values, 1), static_cast<gconstpointer>(array));
    return values;  // NOLINT(clang-analyzer-unix.Malloc): the value owns the array now
}

void add_line(std::string& text, const std::string& line) {
    if (!line.empty()) {
        text += text.empty() ? line : "\n" + line;
    }
}

}  // namespace

void add_layers_return_value(GimpProcedure* procedure) {
    gimp_procedure_add_core_object_array_return_value(procedure, "layers", _("Layers"), _("The new layers, in the order of their seeds"),
                                                      GIMP_TYPE_LAYER, G_PARAM_READWRITE);
}

GimpValueArray* generate_into(GimpProcedure* procedure, const Target& target, const Settings& settings, InsertOptions options) {
    Generated generated = generate_and_wait(settings);
    options.group_name = short_prompt(settings.prompt);
    Insertion insertion(target, generated.layers, std::move(options));
    insertion.finish();
    generated.kept->settle();
    add_line(generated.remarks, insertion.notice());
    show_remarks(generated);
    return succeeded(procedure, insertion.layers());
}

}  // namespace venice_gimp
