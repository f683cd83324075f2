// SPDX-License-Identifier: MIT
// What the runs need of the window that shows them, so that they know neither its form nor its panels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "generation/session.hpp"
#include "gimp/insert_layers.hpp"
#include "store/history_limits.hpp"
#include "ui/notice.hpp"

namespace venice_gimp {

// Where the form stands now: for what has no target of its own any more.
struct ChosenImage {
    Target target;  // frozen; id 0: a new image
    std::string name;
    InsertOptions options = {};
};

class ResultsHost {
public:
    virtual ~ResultsHost() = default;
    virtual void generate_again(const Settings& settings) = 0;                // as Generate does, for the image that is chosen now
    virtual std::optional<double> price(const Settings& settings) const = 0;  // of all its images, in USD; not set: not known
    virtual std::string model_name(const std::string& id) = 0;                // the id itself if it is not known
    virtual void offer_seed(std::int64_t seed) = 0;
    virtual void show_balance(double usd) = 0;
    virtual void ask_for_key(const Remedy& save) = 0;  // `save`: what saving it says and does besides; without an action just that
    virtual void choose_model() = 0;
    virtual void edit_prompt() = 0;
    virtual ChosenImage chosen_image() = 0;

    virtual bool review_before_inserting() const { return false; }
    virtual HistoryLimits history_limits() const { return {}; }
    virtual bool keep_settings_on_layers() const { return true; }          // else neither names nor parasites tell the prompt
    virtual void use_model(const std::string& /*id*/) { choose_model(); }  // chooses it in the form, and spends nothing
    virtual void check_balance() = 0;                                      // asks for it and tells it

    // Filling the form from an image; where the form cannot do it, it is not offered.
    virtual bool can_reuse() const { return false; }
    virtual void reuse_look(const Settings& /*settings*/) {}  // all but prompt and seed
    virtual void reuse_all(const Settings& /*settings*/) {}
};

}  // namespace venice_gimp
