// SPDX-License-Identifier: MIT
// The balance beside the button: asked for once per key, then as every image tells it.
#pragma once

#include "generation/session.hpp"
#include "ui/generate_button.hpp"
#include "ui/glib_support.hpp"

namespace venice_gimp {

class ShownBalance {
public:
    ShownBalance(Session& session, GenerateButton& button) : session_(session), button_(button) {}
    ShownBalance(const ShownBalance&) = delete;
    ShownBalance& operator=(const ShownBalance&) = delete;

    void key_changed();
    void show(double usd);  // as an image or the account told it

private:
    void ask();

    Session& session_;
    GenerateButton& button_;
    int question_ = 0;
    Lifetime lifetime_;
};

}  // namespace venice_gimp
