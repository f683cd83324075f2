// SPDX-License-Identifier: MIT
#include "store/run_record.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "generation/shown_text.hpp"
#include "store/values_json.hpp"

namespace venice_gimp {
namespace {

constexpr std::array<std::string_view, 8> state_names = {"waiting", "interrupted", "done", "blurred", "blocked", "failed", "cancelled", "discarded"};

std::string name_of(RecordState state) {
    return std::string(state_names.at(static_cast<std::size_t>(state)));
}

// One that is unknown comes from a newer version: whatever it is, it has ended.
RecordState state_of(const std::string& name) {
    const auto found = std::find(state_names.begin(), state_names.end(), name);
    return found != state_names.end() ? static_cast<RecordState>(found - state_names.begin()) : RecordState::failed;
}

// Only headers that are known to say something about the image: a list of what is secret would never be complete.
bool is_kept(std::string_view header) {
    constexpr std::array<std::string_view, 6> names = {"cf-ray", "content-length", "content-type", "date", "retry-after", "x-request-id"};
    return header.starts_with("x-venice-") || header.starts_with("x-ratelimit-") ||
           std::find(names.begin(), names.end(), header) != names.end();
}

Json headers_json(const std::map<std::string, std::string>& headers) {
    Json object = new_object();
    for (const auto& [name, value] : headers) {
        if (is_kept(name)) {
            set_member(object.get(), name, text_json(value));
        }
    }
    return object;
}

Json timing_json(const std::map<std::string, double>& timing) {
    Json object = new_object();
    for (const auto& [name, milliseconds] : timing) {
        set_member(object.get(), name, number_json(milliseconds));
    }
    return object;
}

Json json_of(const RecordTarget& target) {
    Json object = new_object();
    set_member(object.get(), "image_name", text_json(target.image_name));
    set_member(object.get(), "image_file", text_json(target.image_file));
    set_member(object.get(), "target", text_json(target.target));
    set_member(object.get(), "placement", text_json(target.placement));
    set_member(object.get(), "group", text_json(target.group));
    set_member(object.get(), "x", number_json(target.x));
    set_member(object.get(), "y", number_json(target.y));
    set_member(object.get(), "width", number_json(target.width));
    set_member(object.get(), "height", number_json(target.height));
    return object;
}

int pixels_member(const cJSON* object, const char* name) {
    constexpr std::int64_t most = 1 << 24;  // far above what GIMP allows
    return static_cast<int>(std::clamp<std::int64_t>(integer_member(object, name).value_or(0), -most, most));
}

RecordTarget target_of(const cJSON* object) {
    RecordTarget target;
    target.image_name = text_member(object, "image_name");
    target.image_file = text_member(object, "image_file");
    target.target = text_member(object, "target");
    target.placement = text_member(object, "placement");
    target.group = text_member(object, "group");
    target.x = pixels_member(object, "x");
    target.y = pixels_member(object, "y");
    target.width = pixels_member(object, "width");
    target.height = pixels_member(object, "height");
    return target;
}

}  // namespace

Json json_of(const ImageRecord& record) {
    Json object = new_object();
    set_member(object.get(), "state", text_json(name_of(record.state)));
    set_member(object.get(), "seed", number_json(static_cast<double>(record.seed)));
    set_member(object.get(), "request", text_json(record.request_json));
    set_member(object.get(), "message", text_json(record.message));
    set_member(object.get(), "may_be_charged", bool_json(record.may_be_charged));
    set_member(object.get(), "enhanced_prompt", text_json(record.enhanced_prompt));
    set_member(object.get(), "headers", headers_json(record.response_headers));
    set_member(object.get(), "timing", timing_json(record.timing_ms));
    if (record.price_usd) {
        set_member(object.get(), "price_usd", number_json(*record.price_usd));
    }
    return object;
}

ImageRecord image_record_of(const cJSON* object) {
    ImageRecord record;
    record.state = state_of(text_member(object, "state"));
    record.seed = integer_member(object, "seed").value_or(0);
    record.request_json = text_member(object, "request");
    record.message = shown_line(text_member(object, "message"), 4 * longest_shown_sentence);  // another hand may have written it
    record.may_be_charged = bool_member(object, "may_be_charged").value_or(false);
    record.enhanced_prompt = shown_text(text_member(object, "enhanced_prompt"), longest_shown_text);
    const cJSON* headers = member(object, "headers");
    for (const cJSON* item = cJSON_IsObject(headers) != 0 ? headers->child : nullptr; item != nullptr; item = item->next) {
        record.response_headers[item->string] = text_member(headers, item->string);
    }
    const cJSON* timing = member(object, "timing");
    for (const cJSON* item = cJSON_IsObject(timing) != 0 ? timing->child : nullptr; item != nullptr; item = item->next) {
        record.timing_ms[item->string] = number_member(timing, item->string).value_or(0);
    }
    record.price_usd = number_member(object, "price_usd");
    return record;
}

Json json_of(const RunRecord& run) {
    Json object = new_object();
    set_member(object.get(), "time", number_json(static_cast<double>(run.time)));
    set_member(object.get(), "settings", json_of(run.settings));
    set_member(object.get(), "model_name", text_json(run.model_name));
    set_member(object.get(), "target", json_of(run.target));
    Json images = new_array();
    for (const ImageRecord& image : run.images) {
        add_item(images.get(), json_of(image));
    }
    set_member(object.get(), "images", std::move(images));
    return object;
}

RunRecord run_record_of(const cJSON* object) {
    RunRecord run;
    run.time = integer_member(object, "time").value_or(0);
    run.settings = settings_of(member(object, "settings"));
    run.model_name = shown_line(text_member(object, "model_name"), longest_shown_name);
    run.target = target_of(member(object, "target"));
    const cJSON* images = member(object, "images");
    for (const cJSON* item = cJSON_IsArray(images) != 0 ? images->child : nullptr; item != nullptr; item = item->next) {
        run.images.push_back(image_record_of(item));
    }
    return run;
}

}  // namespace venice_gimp
