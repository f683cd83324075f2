// SPDX-License-Identifier: MIT
#pragma once

#include <libgimp/gimp.h>

#include <string>

namespace venice_gimp {

// Where the plug-in keeps its files: beside GIMP's own, so that each version of GIMP has its own and a new profile starts empty.
inline std::string store_folder() {
    return std::string(gimp_directory()) + "/venice-gimp";
}

}  // namespace venice_gimp
