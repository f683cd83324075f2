// SPDX-License-Identifier: MIT
// What users read when an image does not come as they hoped, and what they can do then. Text only: the dialog adds the actions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generation/session.hpp"

namespace venice_gimp {

enum class Help {
    change_key,
    add_credit,
    check_again,    // balance and limits
    check_balance,  // the same in other words
    try_again,
    generate_again,
    choose_model,
    use_replacement,
    edit_prompt,
    without_safe_mode,
    insert_now,
    insert_into,
    open_as_new_image,
};

struct Message {
    std::string text;
    std::string detail;
    std::vector<Help> helps;
};

// Which model to use instead of one that is retired, and what one image costs with either.
struct Replacement {
    std::string id;
    std::string name;
    std::optional<double> price;
    std::optional<double> old_price;
};

// A failed image or a refused request.
Message message_for(const Failure& failure, const std::string& model_name, double elapsed_seconds);

// What there is to say about the run as a whole; an empty text: nothing, all images are there as they were wanted.
Message message_for(const Run& run, const std::string& model_name);

Message catalog_message(const Failure& failure);
Message account_message(const Failure& failure);  // balance and limits could not be had; no helps
Message image_closed_message(const std::string& image_name, std::size_t count);
Message floating_selection_message();
Message retired_message(const std::string& model_name, const Replacement& replacement);
Message recovered_message(std::size_t count);    // paid images of an earlier session
Message interrupted_message(std::size_t count);  // requests of an earlier session

// "Too many requests. Trying again in 24 seconds."
std::string retry_text(int seconds);

// The images of the run that failed and can be asked for again, and those that were blurred.
std::size_t count_images(const Run& run, ImageState state);
std::size_t count_blurred(const Run& run);

}  // namespace venice_gimp
