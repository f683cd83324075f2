/* SPDX-License-Identifier: MIT */
/**
 * @file result.h
 * What the service answered: images and what was said about them.
 *
 * Results and images do not change: all functions here may be called from any thread. They accept NULL and then return NULL, 0 or -1 as said.
 */
#ifndef VENICE_RESULT_H
#define VENICE_RESULT_H

#include <venice/error.h>
#include <venice/status.h>
#include <venice/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Frees a result. Images taken from it stay valid. NULL is fine. Since 1.0. */
VENICE_API void venice_result_free(venice_result *result);

/** @return the number of images; 0 for NULL. Since 1.0. */
VENICE_API size_t venice_result_image_count(const venice_result *result);

/**
 * @param index 0 to count - 1
 * @param out   receives the image; free it with venice_image_free(). The bytes are not copied.
 * @return VENICE_OK, INVALID_ARGUMENT, OUT_OF_RANGE, OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_result_image(const venice_result *result, size_t index, venice_image **out, venice_error **error);

/** @return the service's id of the generation; borrowed; NULL if there is none, as in binary answers. Since 1.0. */
VENICE_API const char *venice_result_id(const venice_result *result);

/** @return 1 if safe mode blurred the image. Since 1.0. */
VENICE_API int32_t venice_result_is_blurred(const venice_result *result);

/** @return 1 if the content rules were violated: the image is then a black placeholder, and nothing is charged. Since 1.0. */
VENICE_API int32_t venice_result_is_content_violation(const venice_result *result);

/**
 * How long a stage took on the server, in milliseconds.
 *
 * @param stage "total", "inferenceDuration", "inferencePreprocessingTime" or "inferenceQueueTime"
 * @return the time; -1 if it is not known, as in binary answers. Since 1.0.
 */
VENICE_API double venice_result_timing_ms(const venice_result *result, const char *stage);

/** @return the prompt as enhance_prompt rewrote it, decoded; borrowed; NULL if it was not rewritten. Since 1.0. */
VENICE_API const char *venice_result_enhanced_prompt(const venice_result *result);

/** @return the server's warning that the model will go; borrowed; NULL if there is none. Since 1.0. */
VENICE_API const char *venice_result_deprecation_warning(const venice_result *result);

/** @return when the model will go, as the server wrote it; borrowed; NULL if it did not say (header `x-venice-model-deprecation-date`). Since 1.0. */
VENICE_API const char *venice_result_deprecation_date(const venice_result *result);

/** @return 1 if the server calls the model deprecated, or warns that it will go. Since 1.0. */
VENICE_API int32_t venice_result_is_deprecated(const venice_result *result);

/** @return the id of the model to use instead; borrowed; NULL if the server named none (header `x-venice-deprecated-replacement`). Since 1.0. */
VENICE_API const char *venice_result_deprecation_replacement(const venice_result *result);

/** @return the balance in USD before this request, as the server told; -1 if it did not. Since 1.0. */
VENICE_API double venice_result_balance_usd(const venice_result *result);

/** @return the balance in DIEM before this request, as the server told; -1 if it did not. Since 1.0. */
VENICE_API double venice_result_balance_diem(const venice_result *result);

/** @return how many images may be asked for in the current period, by this key (header `x-ratelimit-limit-requests`); -1 if not told. Since 1.0. */
VENICE_API int64_t venice_result_rate_limit(const venice_result *result);

/** @return how many of them are left; -1 if not told. Since 1.0. */
VENICE_API int64_t venice_result_rate_limit_remaining(const venice_result *result);

/** @return when the period ends, in milliseconds since 1970 (UTC) by the server's clock, whichever unit the server used; -1 if not told. Since 1.0. */
VENICE_API int64_t venice_result_rate_limit_reset_ms(const venice_result *result);

/** @return the request as the server understood it, defaults filled in, as JSON text; borrowed; NULL if it was not told, as in binary answers. Since 1.0. */
VENICE_API const char *venice_result_request_json(const venice_result *result);

/**
 * @param name such as "CF-RAY"
 * @return the value of a response header, the name in any case; the last one if it came several times; borrowed; NULL if there was none. Since 1.0.
 */
VENICE_API const char *venice_result_header(const venice_result *result, const char *name);

/** @return the number of response headers, repeated ones counted each; 0 for NULL. Since 1.0. */
VENICE_API size_t venice_result_header_count(const venice_result *result);

/** @return the name of header `index` as the server wrote it, in the order in which they came; borrowed; NULL if there is no such header. Since 1.0. */
VENICE_API const char *venice_result_header_name_at(const venice_result *result, size_t index);

/** @return the value of header `index`; borrowed; NULL if there is no such header. Since 1.0. */
VENICE_API const char *venice_result_header_value_at(const venice_result *result, size_t index);

/** Frees an image. NULL is fine. Since 1.0. */
VENICE_API void venice_image_free(venice_image *image);

/** @return the image file's bytes; borrowed; NULL for NULL. Since 1.0. */
VENICE_API const uint8_t *venice_image_data(const venice_image *image);

/** @return the number of bytes; 0 for NULL. Since 1.0. */
VENICE_API size_t venice_image_size(const venice_image *image);

/** @return "image/png", "image/jpeg" or "image/webp", read from the bytes (not from what was asked for or what the server says); static; NULL for NULL. Since 1.0. */
VENICE_API const char *venice_image_media_type(const venice_image *image);

/** @return the width in pixels, read from the bytes; 0 for NULL. Since 1.0. */
VENICE_API int32_t venice_image_width(const venice_image *image);

/** @return the height in pixels, read from the bytes; 0 for NULL. Since 1.0. */
VENICE_API int32_t venice_image_height(const venice_image *image);

/**
 * The seed that makes this image again.
 *
 * @param seed receives it; may be NULL
 * @return 1 if it is known, else 0. Of several variants only the first has one: the server keeps the others' to itself. Since 1.0.
 */
VENICE_API int32_t venice_image_seed(const venice_image *image, int64_t *seed);

/**
 * Writes the bytes to a file, whole or not at all: into a new file beside it which then takes its place.
 *
 * @param path in the file system's encoding; an existing file is replaced
 * @return VENICE_OK, INVALID_ARGUMENT, FILE, OUT_OF_MEMORY. Blocks for the disk. Since 1.0.
 */
VENICE_API venice_status venice_image_save(const venice_image *image, const char *path, venice_error **error);

/** Frees the view; the bytes stay with the job and its images. NULL is fine. Since 1.0. */
VENICE_API void venice_image_stream_free(venice_image_stream *stream);

/**
 * @return the start of the image's bytes, borrowed from the view; the same during the whole life of the view, and the same that venice_image_data() gives for this image.
 *         Only venice_image_stream_size() of them may be read. NULL for NULL. Since 1.0.
 */
VENICE_API const uint8_t *venice_image_stream_data(const venice_image_stream *stream);

/** @return how many bytes have arrived. It only grows; what has arrived does not change any more. Any thread; 0 for NULL. Since 1.0. */
VENICE_API size_t venice_image_stream_size(const venice_image_stream *stream);

/**
 * @return 1 once all bytes are there; ask before venice_image_stream_size() to have the final size. It stays 0 if the job fails or is cancelled
 *         in the middle. Since 1.0.
 */
VENICE_API int32_t venice_image_stream_is_complete(const venice_image_stream *stream);

#ifdef __cplusplus
}
#endif

#endif
