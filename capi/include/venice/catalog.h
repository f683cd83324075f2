/* SPDX-License-Identifier: MIT */
/**
 * @file catalog.h
 * The models and styles of the service, and what an image costs.
 *
 * Lists and models do not change once fetched (venice_submit_models(), venice_submit_styles() in job.h): all functions here may be called from any
 * thread. They accept NULL and then return NULL, 0 or -1 as said. Ratios, tiers and styles are the server's own texts: use them as they are.
 *
 * ## On disk
 *
 * With the client's option `cache_dir` the lists are kept in that folder. A list that is younger than `cache_max_age_ms` is taken from there; an older
 * one is fetched again and replaced as a whole; if it cannot be fetched, the older one is served, and venice_models_is_stale() says so. A file that is
 * damaged, or of another server, is fetched again. Any number of processes may share the folder. The key is never in it. venice_cached_models() gives
 * what is there at once, without the network.
 */
#ifndef VENICE_CATALOG_H
#define VENICE_CATALOG_H

#include <venice/error.h>
#include <venice/status.h>
#include <venice/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a model wants to be told the size, as venice_model_sizing() gives it. */
enum {
    /** 1: width and height, multiples of venice_model_size_divisor(). */
    VENICE_SIZING_PIXEL = 1,
    /** 2: aspect_ratio. */
    VENICE_SIZING_RATIO = 2,
    /** 3: aspect_ratio and resolution. */
    VENICE_SIZING_TIER = 3,
    /** 4: aspect_ratio, resolution and quality. */
    VENICE_SIZING_QUALITY_TIER = 4
};

/**
 * The list of models that is in the cache folder, however old: no network, no thread, well under a millisecond. For a window that must be there at once; fetch
 * the list too.
 *
 * @param out receives the list; free it with venice_models_free()
 * @return VENICE_OK; NOT_READY if there is none, or no option `cache_dir`; INVALID_ARGUMENT; OUT_OF_MEMORY; FORKED. Since 1.0.
 */
VENICE_API venice_status venice_cached_models(venice_client *client, venice_models **out, venice_error **error);

/** The list of styles that is in the cache folder; free it with venice_styles_free(). As venice_cached_models(). Since 1.0. */
VENICE_API venice_status venice_cached_styles(venice_client *client, venice_styles **out, venice_error **error);

/** @return when the list came from the server, in milliseconds since 1970-01-01 UTC; 0 for NULL. Since 1.0. */
VENICE_API int64_t venice_models_fetched_ms(const venice_models *models);

/** @return 1 if the list is older than the option `cache_max_age_ms`: it was served from the cache because it could not be fetched, or by venice_cached_models(). Since 1.0. */
VENICE_API int32_t venice_models_is_stale(const venice_models *models);

/** Frees the list. Models taken from it stay valid. NULL is fine. Since 1.0. */
VENICE_API void venice_models_free(venice_models *models);

/** @return the number of models; 0 for NULL. Since 1.0. */
VENICE_API size_t venice_models_count(const venice_models *models);

/**
 * @param index 0 to count - 1, in the server's order
 * @param out   receives the model; free it with venice_model_free()
 * @return VENICE_OK, INVALID_ARGUMENT, OUT_OF_RANGE, OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_models_get(const venice_models *models, size_t index, venice_model **out, venice_error **error);

/**
 * Finds a model by its id, or by a trait ("default" is the server's default model).
 *
 * @param id_or_trait an id in its exact spelling; if no model has it, the first model with this trait
 * @param out receives the model; free it with venice_model_free()
 * @return VENICE_OK, INVALID_ARGUMENT, NOT_FOUND, OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_models_find(const venice_models *models, const char *id_or_trait, venice_model **out, venice_error **error);

/**
 * Finds the first model with a trait, such as "default", "fastest", "highest_quality".
 *
 * @param trait a trait in its exact spelling
 * @param out   receives the model; free it with venice_model_free()
 * @return VENICE_OK, INVALID_ARGUMENT, NOT_FOUND, OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_models_find_trait(const venice_models *models, const char *trait, venice_model **out, venice_error **error);

/**
 * The model to begin with: the server's default model; if that cannot be used, the first one that can.
 *
 * @param out receives the model; free it with venice_model_free()
 * @return VENICE_OK, INVALID_ARGUMENT, NOT_FOUND (none can be used), OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_models_default(const venice_models *models, venice_model **out, venice_error **error);

/** Frees a model. NULL is fine. Since 1.0. */
VENICE_API void venice_model_free(venice_model *model);

/** @return the id, for the parameter `model`; borrowed. Since 1.0. */
VENICE_API const char *venice_model_id(const venice_model *model);

/** @return the name for people; the id if it has none; borrowed. Since 1.0. */
VENICE_API const char *venice_model_name(const venice_model *model);

/** @return "private" or "anonymized", what the vendor says of the prompt's privacy; "" if it says nothing; borrowed. Since 1.0. */
VENICE_API const char *venice_model_privacy(const venice_model *model);

/** @return what the vendor writes about the model; borrowed; "" if nothing. Since 1.0. */
VENICE_API const char *venice_model_description(const venice_model *model);

/** @return a URL about the model's origin; borrowed; "" if none is known. Since 1.0. */
VENICE_API const char *venice_model_source(const venice_model *model);

/** @return 1 if the vendor calls it a beta, or keeps it for beta users. Since 1.0. */
VENICE_API int32_t venice_model_is_beta(const venice_model *model);

/** @return 1 if the vendor says that it is uncensored. Since 1.0. */
VENICE_API int32_t venice_model_is_uncensored(const venice_model *model);

/** @return 1 if the model is going to be removed. Since 1.0. */
VENICE_API int32_t venice_model_is_deprecated(const venice_model *model);

/** @return when the model is removed, as the server says it (ISO 8601, "2025-04-01T00:00:00.000Z"); borrowed; NULL if it is not deprecated, "" if no date is told. Since 1.0. */
VENICE_API const char *venice_model_removal_date(const venice_model *model);

/** @return since when the model is deprecated, in the same form; borrowed; NULL if it is not, "" if no date is told. Since 1.0. */
VENICE_API const char *venice_model_deprecation_date(const venice_model *model);

/** @return the id of the model to use instead; borrowed; NULL if it is not deprecated, "" if none is named. Since 1.0. */
VENICE_API const char *venice_model_replacement(const venice_model *model);

/** @return the number of countries that the model is restricted to; 0 if it is not restricted. Since 1.0. */
VENICE_API size_t venice_model_region_count(const venice_model *model);
/** @return code of country `index`, such as "US"; borrowed; NULL if there is none. Since 1.0. */
VENICE_API const char *venice_model_region_at(const venice_model *model, size_t index);

/** @return the number of traits. Since 1.0. */
VENICE_API size_t venice_model_trait_count(const venice_model *model);
/** @return trait `index`; borrowed; NULL if there is none. Since 1.0. */
VENICE_API const char *venice_model_trait_at(const venice_model *model, size_t index);

/**
 * Whether the model uses a parameter, by the API's name, such as "steps", "width" or "enable_web_search": for showing or greying what a form offers.
 *
 * @param parameter the API's name
 * @return NULL if it uses it, or if nothing is known of that; else why not, an English sentence, static. NULL for NULL. Since 1.0.
 */
VENICE_API const char *venice_model_unused_reason(const venice_model *model, const char *parameter);

/** @return the most images that style_references may have; 0 if it takes none, or the number is not known (then venice_model_unused_reason() is NULL). Since 1.0. */
VENICE_API int32_t venice_model_max_style_references(const venice_model *model);

/** @return 1 if the model minds the strength of style_references. Since 1.0. */
VENICE_API int32_t venice_model_uses_style_strength(const venice_model *model);

/** @return 1 if it makes images from text and is not offline: only such a model can be used. Since 1.0. */
VENICE_API int32_t venice_model_is_usable(const venice_model *model);

/** @return 1 if it is offline at the moment. Since 1.0. */
VENICE_API int32_t venice_model_is_offline(const venice_model *model);

/**
 * @param trait a trait in its exact spelling
 * @return 1 if the model has this trait, such as "default". Since 1.0.
 */
VENICE_API int32_t venice_model_has_trait(const venice_model *model, const char *trait);

/** @return 1 pixel, 2 ratio, 3 tier, 4 quality tier; 0 for NULL. Since 1.0. */
VENICE_API int32_t venice_model_sizing(const venice_model *model);

/** @return what width and height must be multiples of, in pixels; 1 if anything goes; 0 for NULL. Since 1.0. */
VENICE_API int32_t venice_model_size_divisor(const venice_model *model);

/** @return the number of aspect ratios; 0 for pixel models. Since 1.0. */
VENICE_API size_t venice_model_aspect_ratio_count(const venice_model *model);
/** @return aspect ratio `index`; borrowed; NULL if there is none. Since 1.0. */
VENICE_API const char *venice_model_aspect_ratio_at(const venice_model *model, size_t index);
/** @return the ratio used if none is sent; borrowed; NULL if the model has no ratios. Since 1.0. */
VENICE_API const char *venice_model_default_aspect_ratio(const venice_model *model);

/** @return the number of resolutions (tiers); 0 if the model has none. Since 1.0. */
VENICE_API size_t venice_model_resolution_count(const venice_model *model);
/** @return resolution `index`; borrowed; NULL if there is none. Since 1.0. */
VENICE_API const char *venice_model_resolution_at(const venice_model *model, size_t index);
/** @return the resolution used if none is sent; borrowed; NULL if the model has none. Since 1.0. */
VENICE_API const char *venice_model_default_resolution(const venice_model *model);

/** @return the number of qualities; 0 if the model has none. Since 1.0. */
VENICE_API size_t venice_model_quality_count(const venice_model *model);
/** @return quality `index`; borrowed; NULL if there is none. Since 1.0. */
VENICE_API const char *venice_model_quality_at(const venice_model *model, size_t index);
/** @return the quality used if none is sent; borrowed; NULL if the model has none. Since 1.0. */
VENICE_API const char *venice_model_default_quality(const venice_model *model);

/** @return the number of steps used if none is sent; 0 if unknown. Since 1.0. */
VENICE_API int32_t venice_model_default_steps(const venice_model *model);
/** @return the highest number of steps; 0 if unknown. Since 1.0. */
VENICE_API int32_t venice_model_max_steps(const venice_model *model);

/** @return the longest prompt, in characters (code points); 0 if unknown. Since 1.0. */
VENICE_API int32_t venice_model_prompt_limit(const venice_model *model);

/** @return the whole entry of the server's list as JSON text; borrowed. Since 1.0. */
VENICE_API const char *venice_model_json(const venice_model *model);

/**
 * What a request costs with a model: price of one image at the request's (or the model's default) tier and quality, times `variants`, and with `enhance_prompt`
 * $0.04 for the rewrite (which has no published price in DIEM).
 *
 * @param request may be NULL: then one image with the model's defaults
 * @param usd     receives US dollars; may be NULL
 * @param diem    receives DIEM, -1 if that is not known; may be NULL
 * @return 1 if the price is known; 2 if it may be more, because web search has no published price; 0 if it is not known, and both are -1: never a guess. Since 1.0.
 */
VENICE_API int32_t venice_model_price(const venice_model *model, const venice_request *request, double *usd, double *diem);

/**
 * What one image costs at a tier and quality: for the entries of a form.
 *
 * @param resolution one of venice_model_resolution_at(); NULL: the model's default
 * @param quality    one of venice_model_quality_at(); NULL: the model's default
 * @param usd        receives US dollars, -1 if unknown; may be NULL
 * @param diem       receives DIEM, -1 if unknown; may be NULL
 * @return 1 if the price is known, else 0. Since 1.0.
 */
VENICE_API int32_t venice_model_image_price(const venice_model *model, const char *resolution, const char *quality, double *usd, double *diem);

/** How venice_request_fit_size() chooses the resolution. */
enum {
    /** 0: leaves it as it is; nothing gets dearer. */
    VENICE_TIER_KEEP = 0,
    /** 1: the smallest that covers the wanted size in both directions; the largest, if none does. */
    VENICE_TIER_SUFFICIENT = 1
};

/**
 * Sets what gives a picture nearest to a wanted size: for pixel models width and height with the wanted shape, in multiples of the divisor, a megapixel
 * at least as far as 1280 pixels a side allow; for the others the nearest aspect_ratio, by proportion, of those that are numbers. Size fields that the
 * model does not use are unset.
 *
 * @param width  in pixels, 1 or more
 * @param height in pixels, 1 or more
 * @param tier   0 keeps the resolution, 1 chooses the smallest sufficient; for models without resolutions it does nothing
 * @return VENICE_OK, INVALID_ARGUMENT, OUT_OF_RANGE, OUT_OF_MEMORY. On failure the request is as it was. Since 1.0.
 */
VENICE_API venice_status venice_request_fit_size(venice_request *request, const venice_model *model, int32_t width, int32_t height, int32_t tier, venice_error **error);

/**
 * The size that will come out.
 *
 * @param request may be NULL: then the model's defaults
 * @param width   receives pixels; may be NULL
 * @param height  receives pixels; may be NULL
 * @return 1 if it is exact, 2 if it is approximate: the provider rounds, and may have its own idea of "2K"; 0 if it cannot be known, as with the ratio "auto":
 *         then both are 0. Since 1.0.
 */
VENICE_API int32_t venice_model_output_size(const venice_model *model, const venice_request *request, int32_t *width, int32_t *height);

/** @return when the list came from the server, in milliseconds since 1970-01-01 UTC; 0 for NULL. Since 1.0. */
VENICE_API int64_t venice_styles_fetched_ms(const venice_styles *styles);

/** @return as venice_models_is_stale(). Since 1.0. */
VENICE_API int32_t venice_styles_is_stale(const venice_styles *styles);

/** Frees the list. NULL is fine. Since 1.0. */
VENICE_API void venice_styles_free(venice_styles *styles);

/** @return the number of styles; 0 for NULL. Since 1.0. */
VENICE_API size_t venice_styles_count(const venice_styles *styles);

/** @return style `index`, for the parameter `style_preset`; borrowed; NULL if there is none. Since 1.0. */
VENICE_API const char *venice_styles_at(const venice_styles *styles, size_t index);

#ifdef __cplusplus
}
#endif

#endif
