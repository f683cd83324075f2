// SPDX-License-Identifier: MIT
#include "store/record_run.hpp"

#include <glib.h>

namespace venice_gimp {
namespace {

RecordState record_state(const RunImage& image) {
    switch (image.state) {
        case ImageState::decoding:
        case ImageState::done:
            return image.blurred ? RecordState::blurred : RecordState::done;
        case ImageState::blocked:
            return RecordState::blocked;
        case ImageState::failed:
            return RecordState::failed;
        case ImageState::cancelled:
            return RecordState::cancelled;
        default:
            return RecordState::waiting;
    }
}

}  // namespace

ImageRecord record_of(const RunImage& image, std::optional<double> price_usd) {
    ImageRecord record;
    record.state = record_state(image);
    record.seed = image.seed;
    record.request_json = image.request_json;
    record.message = image.failure.message;
    record.may_be_charged = image.failure.may_be_charged;
    record.enhanced_prompt = image.enhanced_prompt;
    record.response_headers = image.response_headers;
    record.price_usd = price_usd;
    record.open = has_picture(record);
    return record;
}

RunRecord record_of(const Run& run, const std::string& model_name, std::optional<double> price_usd) {
    RunRecord record;
    record.time = g_get_real_time();
    record.settings = run.settings();
    record.model_name = model_name;
    for (const RunImage& image : run.images()) {
        record.images.push_back(record_of(image, price_usd));
    }
    return record;
}

}  // namespace venice_gimp
