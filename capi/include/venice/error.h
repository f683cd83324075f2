/* SPDX-License-Identifier: MIT */
/**
 * @file error.h
 * What went wrong, with all that is known about it. An error never holds the API key.
 *
 * All functions here may be called from any thread, and accept NULL: they then return NULL, 0 or -1 as said.
 */
#ifndef VENICE_ERROR_H
#define VENICE_ERROR_H

#include <venice/status.h>
#include <venice/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Frees an error. NULL is fine. Since 1.0. */
VENICE_API void venice_error_free(venice_error *error);

/** @return the status that the failing call returned; VENICE_OK for NULL. Since 1.0. */
VENICE_API venice_status venice_error_status(const venice_error *error);

/**
 * @return an English sentence that says what happened, why, and what can be done, without a line break; borrowed; "" for NULL.
 *         Where the server gave a text of its own, it is part of the sentence: show it as plain text. Since 1.0.
 */
VENICE_API const char *venice_error_message(const venice_error *error);

/** @return the HTTP status of the answer, 0 if there was no answer. Since 1.0. */
VENICE_API int32_t venice_error_http_status(const venice_error *error);

/** @return the text that the server gave for people, unchanged; borrowed; NULL if it gave none. Since 1.0. */
VENICE_API const char *venice_error_server_message(const venice_error *error);

/** @return the server's own error code, such as "invalid_request_error"; borrowed; NULL if it gave none. Since 1.0. */
VENICE_API const char *venice_error_server_code(const venice_error *error);

/** @return what identifies the request to the vendor's support (`request_id`, else the header `CF-RAY`); borrowed; NULL if unknown. Since 1.0. */
VENICE_API const char *venice_error_request_id(const venice_error *error);

/** @return how long the server asks to wait before the next try (header `Retry-After`, or what is left of such a wait), in milliseconds; -1 if it did not say. Since 1.0. */
VENICE_API int64_t venice_error_retry_after_ms(const venice_error *error);

/**
 * @return 1 if the request had left when this happened and the server did not say that it was refused: the image may have been made
 *         and charged. There is no way to fetch it afterwards. 0 if surely nothing was charged. Since 1.0.
 */
VENICE_API int32_t venice_error_may_be_charged(const venice_error *error);

/** @return the number of problems with single fields (for INVALID_REQUEST, OUT_OF_RANGE, BAD_REQUEST and others); 0 if none is known. Since 1.0. */
VENICE_API size_t venice_error_problem_count(const venice_error *error);

/** @return the field of problem `index`, by the API's name ("width"), "" for the request as a whole; borrowed; NULL if there is no such problem. Since 1.0. */
VENICE_API const char *venice_error_problem_field(const venice_error *error, size_t index);

/** @return what is wrong with the field, an English sentence; borrowed; NULL if there is no such problem. Since 1.0. */
VENICE_API const char *venice_error_problem_message(const venice_error *error, size_t index);

/**
 * What is wrong with the field, for programs. Codes never change; new ones may come.
 *
 * | code | meaning |
 * |---|---|
 * | required | the field is missing |
 * | unknown_parameter, wrong_type, out_of_range, invalid_text, invalid_json, invalid_argument | as the status of this name |
 * | too_long | more characters than the model takes |
 * | not_a_choice | not in the model's list of values |
 * | not_a_multiple | not a multiple of the model's divisor |
 * | too_many | more entries than the model takes |
 * | not_taken | the model does not take the field: the server would refuse the request |
 * | not_used | the model does not use the field: the server would ignore it in silence |
 * | conflict | does not go together with another field |
 * | other_model | the request is for another model than the one that was given |
 * | no_generator | the model does not make images from text |
 * | offline | the model is offline at the moment |
 *
 * @return the code; borrowed; "" if there is none, as for problems that the server found; NULL if there is no such problem. Since 1.0.
 */
VENICE_API const char *venice_error_problem_code(const venice_error *error, size_t index);

#ifdef __cplusplus
}
#endif

#endif
