// SPDX-License-Identifier: MIT
#include "ui/run_messages.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "i18n.hpp"
#include "ui/account_page.hpp"
#include "ui/mnemonics.hpp"
#include "ui/orders_again.hpp"

namespace venice_gimp {

namespace {

bool is_failed(const ImageRecord& image) {
    return image.state == RecordState::failed;
}
bool is_blurred(const ImageRecord& image) {
    return image.state == RecordState::blurred;
}

// A word of the server's text that is the id of a model it knows, other than `id`.
std::string other_model_in(const std::string& text, const std::string& id, ResultsHost& host) {
    constexpr const char* id_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    std::size_t begin = text.find_first_of(id_characters);
    while (begin != std::string::npos) {
        const std::size_t end = std::min(text.find_first_not_of(id_characters, begin), text.size());
        std::string word = text.substr(begin, end - begin);
        while (!word.empty() && word.back() == '.') {
            word.pop_back();
        }
        if (!word.empty() && word != id && host.model_name(word) != word) {
            return word;
        }
        begin = text.find_first_of(id_characters, end);
    }
    return {};
}

}  // namespace

Message RunMessages::message_of(const Run& run) {
    const std::string name = host_.model_name(run.settings().model);
    for (const RunImage& image : run.images()) {
        const bool is_unknown = image.state == ImageState::failed && image.failure.status == VENICE_ERROR_NOT_FOUND;
        const std::string other =
            is_unknown ? other_model_in(image.failure.server_message, run.settings().model, host_) : image.deprecation_replacement;
        if (other.empty()) {
            continue;
        }
        Settings one = run.settings();
        one.variants = 1;
        const std::optional<double> old_price = host_.price(one);
        one.model = other;
        replacement_id_ = other;
        if (is_unknown) {
            return retired_message(name, {other, host_.model_name(other), host_.price(one), old_price});
        }
    }
    return message_for(run, name);
}

void RunMessages::show(const EntryPtr& entry) {
    if (entry->message.text.empty()) {
        return;
    }
    if (!indices_of(*entry, is_failed).empty()) {
        entry->again = orders_for(entry->record, is_failed);
    } else {
        entry->again = without_safe_mode(orders_for(entry->record, is_blurred));
    }
    Notice notice{entry->message.text, entry->message.detail, {}};
    for (const Help help : entry->message.helps) {
        notice.remedies.push_back(remedy(entry, help));
    }
    run_notices_.show(entry, std::move(notice));
}

Remedy RunMessages::remedy(const EntryPtr& entry, Help help) {
    switch (help) {
        case Help::change_key:
            return key_remedy(entry);
        case Help::add_credit:
            return {_("Add Cr_edit…"), [this] { open_account_page(notices_); }};
        case Help::check_again:
            return {_("Check A_gain"), [this] { host_.check_balance(); }};
        case Help::check_balance:
            return {_("Check _Balance"), [this] { host_.check_balance(); }};
        case Help::choose_model:
            return {_("Ch_oose Model…"), [this] {
                        run_notices_.clear();  // its buttons stay with the run, for who thinks better of it
                        host_.choose_model();
                    }};
        case Help::use_replacement:
            return {format(_("_Use %s"), escape_underscores(host_.model_name(replacement_id_)).c_str()),
                    run_notices_.that_settles(entry, [this, id = replacement_id_](const EntryPtr&) { host_.use_model(id); })};
        case Help::edit_prompt:
            return {_("Edit P_rompt"), [this] { host_.edit_prompt(); }};
        case Help::generate_again:
            return again_remedy(entry, _("Generate Aga_in"));
        case Help::without_safe_mode:
            return again_remedy(entry, _("Generate Wit_hout Safe Mode"));
        case Help::insert_now:
            return inserter_.insert_remedy(entry);
        case Help::insert_into:
            return inserter_.insert_into_remedy(entry);
        case Help::open_as_new_image:
            return inserter_.open_as_new_image_remedy(entry);
        case Help::try_again:
        default:
            return {_("_Try Again"), make_again(entry)};
    }
}

Remedy RunMessages::key_remedy(const EntryPtr& entry) {
    Remedy save;
    if (!entry->again.empty()) {
        save = again_remedy(entry, _("Sa_ve and Try Again"));
    }
    return {_("_Change Key…"), [this, save] { host_.ask_for_key(save); }};
}

Remedy RunMessages::again_remedy(const EntryPtr& entry, const std::string& label) {
    return {with_price(label, entry->again, host_), make_again(entry)};
}

Action RunMessages::make_again(const EntryPtr& entry) {
    return run_notices_.that_settles(entry, [this](const EntryPtr& alive) { generate_all(alive->again, host_); });
}

}  // namespace venice_gimp
