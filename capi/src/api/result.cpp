// SPDX-License-Identifier: MIT
#include <venice/result.h>

#include "api/borrowed_text.hpp"
#include "api/guard.hpp"
#include "response/save_file.hpp"
#include "support/text.hpp"

using venice::guarded;
using venice::guarded_make;
using venice::required;
using venice::text_or_null;

namespace {

const char* header_or_null(const venice_result* result, const char* name) {
    return result != nullptr && name != nullptr ? result->result->headers.find(name) : nullptr;
}

}  // namespace

void venice_result_free(venice_result* result) { delete result; }

size_t venice_result_image_count(const venice_result* result) { return result != nullptr ? result->result->images.size() : 0; }

venice_status venice_result_image(const venice_result* result, size_t index, venice_image** out, venice_error** error) {
    return guarded_make(out, error, [&]() -> venice_image {
        const auto& source = required(result, "result").result;
        if (index >= source->images.size()) {
            throw venice::Error(VENICE_ERROR_OUT_OF_RANGE, "The result has " + std::to_string(source->images.size()) + " images.");
        }
        return {source->images[index]};
    });
}

const char* venice_result_id(const venice_result* result) { return result != nullptr ? text_or_null(result->result->id) : nullptr; }

int32_t venice_result_is_blurred(const venice_result* result) {
    return result != nullptr && result->result->headers.is_true("x-venice-is-blurred") ? 1 : 0;
}

int32_t venice_result_is_content_violation(const venice_result* result) {
    return result != nullptr && result->result->headers.is_true("x-venice-is-content-violation") ? 1 : 0;
}

double venice_result_timing_ms(const venice_result* result, const char* stage) {
    if (result == nullptr || stage == nullptr) {
        return -1;
    }
    const auto found = result->result->timing_ms.find(std::string_view(stage));
    return found == result->result->timing_ms.end() ? -1 : found->second;
}

const char* venice_result_enhanced_prompt(const venice_result* result) {
    return result != nullptr ? text_or_null(result->result->enhanced_prompt) : nullptr;
}

const char* venice_result_deprecation_warning(const venice_result* result) {
    return header_or_null(result, "x-venice-model-deprecation-warning");
}

const char* venice_result_deprecation_date(const venice_result* result) { return header_or_null(result, "x-venice-model-deprecation-date"); }

int32_t venice_result_is_deprecated(const venice_result* result) {
    return result != nullptr && (result->result->headers.is_true("x-venice-deprecated") || venice_result_deprecation_warning(result) != nullptr) ? 1 : 0;
}

const char* venice_result_deprecation_replacement(const venice_result* result) { return header_or_null(result, "x-venice-deprecated-replacement"); }

double venice_result_balance_usd(const venice_result* result) { return result != nullptr ? result->result->server.balance_usd.value_or(-1) : -1; }

double venice_result_balance_diem(const venice_result* result) { return result != nullptr ? result->result->server.balance_diem.value_or(-1) : -1; }

int64_t venice_result_rate_limit(const venice_result* result) { return result != nullptr ? result->result->server.limit_requests.value_or(-1) : -1; }

int64_t venice_result_rate_limit_remaining(const venice_result* result) {
    return result != nullptr ? result->result->server.remaining_requests.value_or(-1) : -1;
}

int64_t venice_result_rate_limit_reset_ms(const venice_result* result) {
    return result != nullptr ? result->result->server.reset_requests_ms.value_or(-1) : -1;
}

const char* venice_result_request_json(const venice_result* result) {
    return result != nullptr ? text_or_null(result->result->request_json) : nullptr;
}

const char* venice_result_header(const venice_result* result, const char* name) { return header_or_null(result, name); }

size_t venice_result_header_count(const venice_result* result) { return result != nullptr ? result->result->headers.count() : 0; }

const char* venice_result_header_name_at(const venice_result* result, size_t index) {
    return index < venice_result_header_count(result) ? result->result->headers.name_at(index) : nullptr;
}

const char* venice_result_header_value_at(const venice_result* result, size_t index) {
    return index < venice_result_header_count(result) ? result->result->headers.value_at(index) : nullptr;
}

void venice_image_free(venice_image* image) { delete image; }

const uint8_t* venice_image_data(const venice_image* image) { return image != nullptr ? image->image.bytes->data() : nullptr; }

size_t venice_image_size(const venice_image* image) { return image != nullptr ? image->image.bytes->size() : 0; }

const char* venice_image_media_type(const venice_image* image) { return image != nullptr ? image->image.info.media_type : nullptr; }

int32_t venice_image_width(const venice_image* image) { return image != nullptr ? image->image.info.width : 0; }

int32_t venice_image_height(const venice_image* image) { return image != nullptr ? image->image.info.height : 0; }

int32_t venice_image_seed(const venice_image* image, int64_t* seed) {
    const bool known = image != nullptr && image->image.seed.has_value();
    if (seed != nullptr) {
        *seed = known ? *image->image.seed : 0;
    }
    return known ? 1 : 0;
}

venice_status venice_image_save(const venice_image* image, const char* path, venice_error** error) {
    return guarded(error, [&] { venice::save_file(&required(path, "path"), required(image, "image").image.bytes->bytes()); });
}

void venice_image_stream_free(venice_image_stream* stream) { delete stream; }

const uint8_t* venice_image_stream_data(const venice_image_stream* stream) { return stream != nullptr ? stream->bytes->data() : nullptr; }

size_t venice_image_stream_size(const venice_image_stream* stream) { return stream != nullptr ? stream->bytes->size() : 0; }

int32_t venice_image_stream_is_complete(const venice_image_stream* stream) { return stream != nullptr && stream->bytes->complete() ? 1 : 0; }
