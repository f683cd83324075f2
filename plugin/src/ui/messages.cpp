// SPDX-License-Identifier: MIT
#include "ui/messages.hpp"

#include <algorithm>
#include <cmath>

#include "i18n.hpp"
#include "ui/glib_support.hpp"
#include "ui/text_format.hpp"

namespace venice_gimp {

namespace {

std::string with_charge(const char* text, const Failure& failure) {
    return std::string(text) + " " + (failure.may_be_charged ? _("The image may still be charged.") : _("Nothing was charged."));
}

constexpr int minute = 60;  // seconds; longer times are told in minutes
constexpr std::int64_t most_seconds = 1'000'000'000;  // a server may say anything

// Rounded up: nobody is to try too early.
int minutes_to_wait(int seconds) { return seconds / minute + (seconds % minute != 0 ? 1 : 0); }

std::string try_again_text(int seconds) {
    if (seconds > minute) {
        const int minutes = minutes_to_wait(seconds);
        return format(P_("Try again in %d minute.", "Try again in %d minutes.", minutes), minutes);
    }
    return format(P_("Try again in %d second.", "Try again in %d seconds.", seconds), seconds);
}

Message rate_limited(const Failure& failure) {
    std::string text = _("Too many requests. Nothing was charged.");
    if (failure.retry_after_ms > 0) {
        const std::int64_t seconds = failure.retry_after_ms / 1000 + (failure.retry_after_ms % 1000 != 0 ? 1 : 0);
        text += " " + try_again_text(static_cast<int>(std::min<std::int64_t>(seconds, most_seconds)));
    }
    return {text, "", {Help::try_again}};
}

Message no_answer(double elapsed_seconds) {
    const int minutes = static_cast<int>(std::lround(elapsed_seconds / minute));
    if (elapsed_seconds < minute) {
        return {_("No answer came. The image may still be charged; it cannot be fetched."), "", {Help::check_balance, Help::generate_again}};
    }
    return {format(P_("No answer after %d minute. The image may still be charged; it cannot be fetched.",
                      "No answer after %d minutes. The image may still be charged; it cannot be fetched.", minutes),
                   minutes),
            "",
            {Help::check_balance, Help::generate_again}};
}

bool is_network_failure(venice_status status) { return status >= VENICE_ERROR_RESOLVE && status <= VENICE_ERROR_TIMEOUT; }

Message network_message(const Failure& failure, double elapsed_seconds) {
    if (failure.may_be_charged) {
        return no_answer(elapsed_seconds);
    }
    return {_("Venice cannot be reached. Nothing was sent or charged."), "", {Help::try_again}};
}

std::string refused_text(std::size_t count) {
    if (count == 1) {
        return _("Venice refused this image because of its content rules. No layer was added; nothing was charged.");
    }
    return format(P_("Venice refused %d image because of its content rules. No layer was added for it; nothing was charged for it.",
                     "Venice refused %d images because of its content rules. No layers were added for them; nothing was charged for them.",
                     count),
                  static_cast<int>(count));
}

// Of what the server said no to.
Message server_message(const Failure& failure, const std::string& model_name) {
    switch (failure.status) {
        case VENICE_ERROR_UNAUTHORIZED:
            return {_("Venice did not accept the API key. Nothing was charged."), failure.server_message, {Help::change_key}};
        case VENICE_ERROR_PAYMENT_REQUIRED:
            return {_("The balance, or the limit of this key, is used up. Nothing was charged."),
                    failure.server_message,
                    {Help::add_credit, Help::check_again}};
        case VENICE_ERROR_FORBIDDEN:
            return {format(_("This key or this region may not use %s. Nothing was charged."), model_name.c_str()),
                    failure.server_message,
                    {Help::choose_model, Help::change_key}};
        case VENICE_ERROR_NOT_FOUND:
            return {format(_("Venice does not know %s, or has retired it. Nothing was charged."), model_name.c_str()),
                    failure.server_message,
                    {Help::choose_model}};
        case VENICE_ERROR_CONTENT_REFUSED:
            return {refused_text(1), failure.server_message, {Help::edit_prompt}};
        case VENICE_ERROR_RATE_LIMITED:
            return rate_limited(failure);
        case VENICE_ERROR_UNAVAILABLE:
            return {format(_("%s is offline at the moment. Nothing was charged."), model_name.c_str()),
                    failure.server_message,
                    {Help::choose_model, Help::try_again}};
        case VENICE_ERROR_BAD_REQUEST:
            return {_("Venice found the request wrong. Nothing was charged."), failure.server_message, {}};
        default:
            return {with_charge(_("Venice could not make the image."), failure),
                    failure.server_message,
                    {failure.may_be_charged ? Help::generate_again : Help::try_again}};
    }
}

Message cancelled_message(const Run& run) {
    std::size_t charged = 0;
    for (const RunImage& image : run.images()) {
        charged += image.state == ImageState::cancelled && image.failure.may_be_charged ? 1U : 0U;
    }
    if (charged == 0) {
        return {_("Cancelled. Nothing was charged for what did not come."), "", {}};
    }
    return {format(P_("Cancelled; %d image may still be charged.", "Cancelled; %d images may still be charged.", charged),
                   static_cast<int>(charged)),
            "",
            {}};
}

Message blurred_message(std::size_t count) {
    if (count == 1) {
        return {_("Safe mode blurred this image."), "", {Help::without_safe_mode}};
    }
    return {format(P_("Safe mode blurred %d image.", "Safe mode blurred %d images.", count), static_cast<int>(count)),
            "",
            {Help::without_safe_mode}};
}

const RunImage* find_state(const Run& run, ImageState state) {
    const auto& images = run.images();
    const auto found = std::find_if(images.begin(), images.end(), [state](const RunImage& image) { return image.state == state; });
    return found != images.end() ? &*found : nullptr;
}

}  // namespace

Message message_for(const Failure& failure, const std::string& model_name, double elapsed_seconds) {
    if (is_network_failure(failure.status)) {
        return network_message(failure, elapsed_seconds);
    }
    if (failure.status >= VENICE_ERROR_HTTP) {
        return server_message(failure, model_name);
    }
    if (failure.status >= VENICE_ERROR_INCOMPLETE_RESPONSE) {
        return {with_charge(_("The answer of Venice could not be understood."), failure), failure.message, {Help::generate_again}};
    }
    return {with_charge(_("The image could not be made."), failure), failure.message, {}};
}

std::size_t count_images(const Run& run, ImageState state) {
    const auto& images = run.images();
    return static_cast<std::size_t>(
        std::count_if(images.begin(), images.end(), [state](const RunImage& image) { return image.state == state; }));
}

std::size_t count_blurred(const Run& run) {
    const auto& images = run.images();
    return static_cast<std::size_t>(std::count_if(images.begin(), images.end(), [](const RunImage& image) {
        return image.state == ImageState::done && image.blurred;
    }));
}

Message message_for(const Run& run, const std::string& model_name) {
    if (const RunImage* failed = find_state(run, ImageState::failed)) {
        return message_for(failed->failure, model_name, run.elapsed_seconds());
    }
    if (const std::size_t blocked = count_images(run, ImageState::blocked); blocked > 0) {
        return {refused_text(blocked), "", {Help::edit_prompt}};
    }
    if (find_state(run, ImageState::cancelled) != nullptr) {
        return cancelled_message(run);
    }
    if (const std::size_t blurred = count_blurred(run); blurred > 0) {
        return blurred_message(blurred);
    }
    return {};
}

Message catalog_message(const Failure& failure) {
    if (is_network_failure(failure.status)) {
        return {_("Venice cannot be reached, so there is no list of models. The id of a model can be typed in."), failure.server_message, {}};
    }
    return {_("The list of models could not be fetched. The id of a model can be typed in."), failure.server_message, {}};
}

Message account_message(const Failure& failure) {
    if (is_network_failure(failure.status)) {
        return {_("Venice cannot be reached. Nothing was sent or charged."), "", {}};
    }
    if (failure.status == VENICE_ERROR_UNAUTHORIZED) {
        return {_("Venice did not accept the API key."), "", {}};
    }
    if (failure.status == VENICE_ERROR_RATE_LIMITED) {
        return {rate_limited(failure).text, "", {}};
    }
    return {_("Balance and limits could not be fetched."), failure.server_message, {}};
}

Message image_closed_message(const std::string& image_name, std::size_t count) {
    return {format(P_("%s was closed. %d image is kept.", "%s was closed. %d images are kept.", count), image_name.c_str(),
                   static_cast<int>(count)),
            "",
            {Help::open_as_new_image, Help::insert_into}};
}

Message floating_selection_message() {
    return {_("Anchor the floating selection (Ctrl+H), then insert."), "", {Help::insert_now, Help::open_as_new_image}};
}

Message retired_message(const std::string& model_name, const Replacement& replacement) {
    const char* old_name = model_name.c_str();
    const char* new_name = replacement.name.c_str();
    if (!replacement.price) {
        return {format(_("%s was retired. Its replacement is %s. Nothing was charged."), old_name, new_name), "", {Help::use_replacement, Help::choose_model}};
    }
    const std::string price = format_price(*replacement.price);
    if (!replacement.old_price) {
        return {format(_("%s was retired. Its replacement, %s, costs %s per image."), old_name, new_name, price.c_str()),
                "",
                {Help::use_replacement, Help::choose_model}};
    }
    return {format(_("%s was retired. Its replacement, %s, costs %s per image instead of %s."), old_name, new_name, price.c_str(),
                   format_price(*replacement.old_price).c_str()),
            "",
            {Help::use_replacement, Help::choose_model}};
}

Message recovered_message(std::size_t count) {
    return {format(P_("%d paid image from an earlier session was not inserted.", "%d paid images from an earlier session were not inserted.",
                      count),
                   static_cast<int>(count)),
            "",
            {}};
}

Message interrupted_message(std::size_t count) {
    return {format(P_("%d image was being made when an earlier session ended. It may have been charged; the same seed makes it again.",
                      "%d images were being made when an earlier session ended. They may have been charged; the same seeds make them again.",
                      count),
                   static_cast<int>(count)),
            "",
            {}};
}

std::string retry_text(int seconds) {
    if (seconds > minute) {
        const int minutes = minutes_to_wait(seconds);
        return format(P_("Too many requests. Trying again in %d minute.", "Too many requests. Trying again in %d minutes.", minutes), minutes);
    }
    return format(P_("Too many requests. Trying again in %d second.", "Too many requests. Trying again in %d seconds.", seconds), seconds);
}

}  // namespace venice_gimp
