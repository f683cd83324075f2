// SPDX-License-Identifier: MIT
#include <venice/catalog.h>

#include <algorithm>

#include "api/borrowed_text.hpp"
#include "api/client_access.hpp"
#include "catalog/list_cache.hpp"
#include "catalog/model_check.hpp"
#include "catalog/model_fields.hpp"
#include "catalog/model_size.hpp"
#include "support/text.hpp"

using venice::core_of;
using venice::guarded;
using venice::guarded_make;
using venice::Job;
using venice::ModelInfo;
using venice::required;
using venice::text_or_null;

namespace {

const char* at(const std::vector<std::string>& texts, std::size_t index) { return index < texts.size() ? texts[index].c_str() : nullptr; }

// The first model that the test holds for.
template <typename Test>
venice_model first_model(const std::shared_ptr<const venice::ModelList>& list, Test&& test, const std::string& failure) {
    const auto found = std::find_if(list->begin(), list->end(), test);
    if (found == list->end()) {
        throw venice::Error(VENICE_ERROR_NOT_FOUND, failure);
    }
    return {list, &*found};
}

std::string no_such_model(std::string_view wanted) { return "The list has no model \"" + venice::displayable(wanted, 100) + "\"."; }

bool is_usable(const ModelInfo& model) { return model.generates && !model.offline; }

template <typename List>
std::shared_ptr<const List> cached(venice_client* client, Job::Kind kind, std::optional<List> (*load)(const venice::ListCache&)) {
    const auto cache = core_of(client).list_cache(kind);
    auto list = cache ? load(*cache) : std::nullopt;
    if (!list) {
        throw venice::Error(VENICE_ERROR_NOT_READY, cache ? "The cache folder has no such list yet: fetch it once." : "The client has no option cache_dir.");
    }
    return std::make_shared<const List>(*std::move(list));
}

const venice::Deprecation* deprecation_of(const venice_model* model) {
    return model != nullptr && model->info->deprecation ? &*model->info->deprecation : nullptr;
}

void tell_price(const venice::Price& price, double* usd, double* diem) {
    if (usd != nullptr) {
        *usd = price.usd;
    }
    if (diem != nullptr) {
        *diem = price.diem;
    }
}

}  // namespace

void venice_models_free(venice_models* models) { delete models; }

size_t venice_models_count(const venice_models* models) { return models != nullptr ? models->list->size() : 0; }

venice_status venice_models_get(const venice_models* models, size_t index, venice_model** out, venice_error** error) {
    return guarded_make(out, error, [&]() -> venice_model {
        const auto& list = required(models, "models").list;
        if (index >= list->size()) {
            throw venice::Error(VENICE_ERROR_OUT_OF_RANGE, "The list has " + std::to_string(list->size()) + " models.");
        }
        return {list, &(*list)[index]};
    });
}

venice_status venice_models_find(const venice_models* models, const char* id_or_trait, venice_model** out, venice_error** error) {
    return guarded_make(out, error, [&]() -> venice_model {
        const auto& list = required(models, "models").list;
        const std::string_view wanted = &required(id_or_trait, "id_or_trait");
        const auto by_id = std::find_if(list->begin(), list->end(), [&](const ModelInfo& model) { return model.id == wanted; });
        if (by_id != list->end()) {
            return {list, &*by_id};
        }
        return first_model(list, [&](const ModelInfo& model) { return model.has_trait(wanted); }, no_such_model(wanted));
    });
}

venice_status venice_models_find_trait(const venice_models* models, const char* trait, venice_model** out, venice_error** error) {
    return guarded_make(out, error, [&] {
        const auto& list = required(models, "models").list;
        const std::string_view wanted = &required(trait, "trait");
        return first_model(list, [&](const ModelInfo& model) { return model.has_trait(wanted); }, no_such_model(wanted));
    });
}

venice_status venice_models_default(const venice_models* models, venice_model** out, venice_error** error) {
    return guarded_make(out, error, [&]() -> venice_model {
        const auto& list = required(models, "models").list;
        const auto found = std::find_if(list->begin(), list->end(), [](const ModelInfo& model) { return is_usable(model) && model.has_trait("default"); });
        if (found != list->end()) {
            return {list, &*found};
        }
        return first_model(list, is_usable, "The list has no model that can be used at the moment. Try again later.");
    });
}

venice_status venice_cached_models(venice_client* client, venice_models** out, venice_error** error) {
    return guarded_make(out, error, [&] { return cached<venice::ModelList>(client, Job::Kind::models, venice::cached_models); });
}

venice_status venice_cached_styles(venice_client* client, venice_styles** out, venice_error** error) {
    return guarded_make(out, error, [&] { return cached<venice::StyleList>(client, Job::Kind::styles, venice::cached_styles); });
}

int64_t venice_models_fetched_ms(const venice_models* models) { return models != nullptr ? models->list->fetched_ms : 0; }

int32_t venice_models_is_stale(const venice_models* models) { return models != nullptr && models->list->stale ? 1 : 0; }

void venice_model_free(venice_model* model) { delete model; }

const char* venice_model_id(const venice_model* model) { return model != nullptr ? model->info->id.c_str() : nullptr; }

const char* venice_model_name(const venice_model* model) { return model != nullptr ? model->info->name.c_str() : nullptr; }

const char* venice_model_privacy(const venice_model* model) { return model != nullptr ? model->info->privacy.c_str() : nullptr; }

const char* venice_model_description(const venice_model* model) { return model != nullptr ? model->info->description.c_str() : nullptr; }

const char* venice_model_source(const venice_model* model) { return model != nullptr ? model->info->source.c_str() : nullptr; }

int32_t venice_model_is_beta(const venice_model* model) { return model != nullptr && model->info->beta ? 1 : 0; }

int32_t venice_model_is_uncensored(const venice_model* model) { return model != nullptr && model->info->uncensored ? 1 : 0; }

int32_t venice_model_is_deprecated(const venice_model* model) { return deprecation_of(model) != nullptr ? 1 : 0; }

const char* venice_model_removal_date(const venice_model* model) {
    const venice::Deprecation* deprecation = deprecation_of(model);
    return deprecation != nullptr ? deprecation->removes_at.c_str() : nullptr;
}

const char* venice_model_deprecation_date(const venice_model* model) {
    const venice::Deprecation* deprecation = deprecation_of(model);
    return deprecation != nullptr ? deprecation->starts_at.c_str() : nullptr;
}

const char* venice_model_replacement(const venice_model* model) {
    const venice::Deprecation* deprecation = deprecation_of(model);
    return deprecation != nullptr ? deprecation->replacement.c_str() : nullptr;
}

size_t venice_model_region_count(const venice_model* model) { return model != nullptr ? model->info->regions.size() : 0; }

const char* venice_model_region_at(const venice_model* model, size_t index) { return model != nullptr ? at(model->info->regions, index) : nullptr; }

size_t venice_model_trait_count(const venice_model* model) { return model != nullptr ? model->info->traits.size() : 0; }

const char* venice_model_trait_at(const venice_model* model, size_t index) { return model != nullptr ? at(model->info->traits, index) : nullptr; }

const char* venice_model_unused_reason(const venice_model* model, const char* parameter) {
    const venice::UnusedField* unused = model != nullptr && parameter != nullptr ? venice::unused_field(*model->info, parameter) : nullptr;
    return unused != nullptr ? unused->reason : nullptr;
}

int32_t venice_model_max_style_references(const venice_model* model) { return model != nullptr ? model->info->max_style_references : 0; }

int32_t venice_model_uses_style_strength(const venice_model* model) {
    return model != nullptr && model->info->style_references && model->info->style_reference_strength ? 1 : 0;
}

int32_t venice_model_is_usable(const venice_model* model) {
    return model != nullptr && is_usable(*model->info) ? 1 : 0;
}

int32_t venice_model_is_offline(const venice_model* model) { return model != nullptr && model->info->offline ? 1 : 0; }

int32_t venice_model_has_trait(const venice_model* model, const char* trait) {
    return model != nullptr && trait != nullptr && model->info->has_trait(trait) ? 1 : 0;
}

int32_t venice_model_sizing(const venice_model* model) {
    if (model == nullptr) {
        return 0;
    }
    const ModelInfo& info = *model->info;
    return info.aspect_ratios.empty() ? VENICE_SIZING_PIXEL
           : info.resolutions.empty() ? VENICE_SIZING_RATIO
           : info.qualities.empty()   ? VENICE_SIZING_TIER
                                      : VENICE_SIZING_QUALITY_TIER;
}

int32_t venice_model_size_divisor(const venice_model* model) { return model != nullptr ? model->info->size_divisor : 0; }

size_t venice_model_aspect_ratio_count(const venice_model* model) { return model != nullptr ? model->info->aspect_ratios.size() : 0; }

const char* venice_model_aspect_ratio_at(const venice_model* model, size_t index) {
    return model != nullptr ? at(model->info->aspect_ratios, index) : nullptr;
}

const char* venice_model_default_aspect_ratio(const venice_model* model) {
    return model != nullptr ? text_or_null(model->info->default_aspect_ratio) : nullptr;
}

size_t venice_model_resolution_count(const venice_model* model) { return model != nullptr ? model->info->resolutions.size() : 0; }

const char* venice_model_resolution_at(const venice_model* model, size_t index) {
    return model != nullptr ? at(model->info->resolutions, index) : nullptr;
}

const char* venice_model_default_resolution(const venice_model* model) {
    return model != nullptr ? text_or_null(model->info->default_resolution) : nullptr;
}

size_t venice_model_quality_count(const venice_model* model) { return model != nullptr ? model->info->qualities.size() : 0; }

const char* venice_model_quality_at(const venice_model* model, size_t index) {
    return model != nullptr ? at(model->info->qualities, index) : nullptr;
}

const char* venice_model_default_quality(const venice_model* model) {
    return model != nullptr ? text_or_null(model->info->default_quality) : nullptr;
}

int32_t venice_model_default_steps(const venice_model* model) { return model != nullptr ? model->info->default_steps : 0; }

int32_t venice_model_max_steps(const venice_model* model) { return model != nullptr ? model->info->max_steps : 0; }

int32_t venice_model_prompt_limit(const venice_model* model) { return model != nullptr ? model->info->prompt_limit : 0; }

const char* venice_model_json(const venice_model* model) { return model != nullptr ? model->info->json.c_str() : nullptr; }

int32_t venice_model_price(const venice_model* model, const venice_request* request, double* usd, double* diem) {
    venice::Price price;
    bool more = false;
    // Comparing texts may need memory; without it the price is as unknown as without an entry.
    guarded(nullptr, [&] {
        const ModelInfo& info = *required(model, "model").info;
        price = venice::price_of(info, request != nullptr ? &request->request : nullptr).value_or(venice::Price{});
        more = request != nullptr && venice::may_cost_more(info, request->request);
    });
    tell_price(price, usd, diem);
    return price.usd < 0 ? 0 : more ? 2 : 1;
}

int32_t venice_model_image_price(const venice_model* model, const char* resolution, const char* quality, double* usd, double* diem) {
    venice::Price price;
    guarded(nullptr, [&] {
        const auto text = [](const char* given) { return std::string(given != nullptr ? given : ""); };
        price = venice::price_of_image(*required(model, "model").info, text(resolution), text(quality)).value_or(venice::Price{});
    });
    tell_price(price, usd, diem);
    return price.usd < 0 ? 0 : 1;
}

venice_status venice_request_fit_size(venice_request* request, const venice_model* model, int32_t width, int32_t height, int32_t tier, venice_error** error) {
    return guarded(error, [&] {
        venice::Request& target = required(request, "request").request;
        const ModelInfo& info = *required(model, "model").info;
        if (tier != VENICE_TIER_KEEP && tier != VENICE_TIER_SUFFICIENT) {
            throw venice::Error(VENICE_ERROR_OUT_OF_RANGE, "tier must be 0 (keep) or 1 (sufficient), not " + std::to_string(tier) + ".");
        }
        venice::fit_size(target, info, width, height, tier == VENICE_TIER_SUFFICIENT);
    });
}

int32_t venice_model_output_size(const venice_model* model, const venice_request* request, int32_t* width, int32_t* height) {
    std::optional<venice::PictureSize> size;
    guarded(nullptr, [&] { size = venice::output_size(*required(model, "model").info, request != nullptr ? &request->request : nullptr); });
    if (width != nullptr) {
        *width = size ? size->width : 0;
    }
    if (height != nullptr) {
        *height = size ? size->height : 0;
    }
    return !size ? 0 : size->exact ? 1 : 2;
}

int64_t venice_styles_fetched_ms(const venice_styles* styles) { return styles != nullptr ? styles->list->fetched_ms : 0; }

int32_t venice_styles_is_stale(const venice_styles* styles) { return styles != nullptr && styles->list->stale ? 1 : 0; }

void venice_styles_free(venice_styles* styles) { delete styles; }

size_t venice_styles_count(const venice_styles* styles) { return styles != nullptr ? styles->list->size() : 0; }

const char* venice_styles_at(const venice_styles* styles, size_t index) { return styles != nullptr ? at(styles->list->items, index) : nullptr; }
