/* SPDX-License-Identifier: MIT */
/**
 * @file request.h
 * What to generate: the fields of `POST /image/generate`, by the API's own names.
 *
 * ## Parameters
 *
 * | name | type | range | default of the API |
 * |---|---|---|---|
 * | model | string | id of a model; required | |
 * | prompt | string | 1..32768 characters, the model's limit rules; required | |
 * | negative_prompt | string | up to 32768 characters, the model's limit rules | |
 * | width, height | int, pixels | 1..1280; pixel models only | 1024 |
 * | aspect_ratio | string | one of the model's; ratio models only | the model's |
 * | resolution | string | one of the model's, such as "2K"; tier models only | the model's |
 * | quality | string | low, medium, high; quality tier models only | the model's |
 * | steps | int | 1..the model's limit | the model's |
 * | cfg_scale | double | above 0, up to 20 | the model's |
 * | seed | int | -999999999..999999999; 0 is a seed like any other | random |
 * | variants | int, images | 1..4; each is charged; not with return_binary | 1 |
 * | style_preset | string | one of the style list, in its exact spelling | none |
 * | lora_strength | int, percent | 0..100 | the model's |
 * | safe_mode | bool | | true: adult content is blurred |
 * | hide_watermark | bool | | false |
 * | format | string | png, jpeg, webp | webp |
 * | return_binary | bool | true: the answer is the image itself: one image, no id, timing or seed | false |
 * | embed_exif_metadata | bool | | false |
 * | enable_web_search | bool | may cost extra | false |
 * | enhance_prompt | bool | true: rewrites the prompt, up to 30 s more, $0.04 for each rewrite | false |
 * | disable_prompt_optimization_thinking | bool | | false |
 * | style_references | json | array of objects {"image": base64, data URI or URL, below 8 MB; "strength": 0.1..1}; up to venice_model_max_style_references() | none; strength 0.5 |
 *
 * A parameter that was not set is not sent, so that the server's default holds. The table can be asked for at run time: venice_parameter_at().
 * `inpaint` was removed from the API in May 2025 and cannot be set.
 *
 * ## What is sent
 *
 * The server refuses fields that it does not know, and some that the chosen model does not use; others it ignores in silence. With
 * venice_request_use_model() the request sends only what the model uses; venice_request_plan() tells what that is, and what was left out and why.
 * Whatever is set stays set: with another model it may be sent.
 */
#ifndef VENICE_REQUEST_H
#define VENICE_REQUEST_H

#include <venice/error.h>
#include <venice/status.h>
#include <venice/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Types of parameters, as venice_parameter_type() gives them. */
enum {
    /** 1: text; venice_request_set_string(). */
    VENICE_TYPE_STRING = 1,
    /** 2: whole number; venice_request_set_int(). */
    VENICE_TYPE_INT = 2,
    /** 3: number; venice_request_set_double(). */
    VENICE_TYPE_DOUBLE = 3,
    /** 4: truth value, 0 or 1; venice_request_set_bool(). */
    VENICE_TYPE_BOOL = 4,
    /** 5: any JSON; venice_request_set_json(). */
    VENICE_TYPE_JSON = 5
};

/**
 * Makes an empty request.
 *
 * @param out   receives the request; free it with venice_request_free()
 * @param error may be NULL
 * @return VENICE_OK, INVALID_ARGUMENT (out is NULL), OUT_OF_MEMORY. Any thread. Since 1.0.
 */
VENICE_API venice_status venice_request_new(venice_request **out, venice_error **error);

/** Frees a request. Jobs that were made from it go on: they have a copy. NULL is fine. Any thread. Since 1.0. */
VENICE_API void venice_request_free(venice_request *request);

/**
 * Makes a second request with the same parameters.
 *
 * @param out receives the request; free it with venice_request_free()
 * @return VENICE_OK, INVALID_ARGUMENT, OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_request_copy(const venice_request *request, venice_request **out, venice_error **error);

/**
 * Makes a request from JSON, such as venice_request_json() gives it.
 *
 * @param json a JSON object with the API's fields; each is checked as by venice_request_set_json(), null is as if it were not there. Of two members
 *             of the same name the last counts.
 * @param out  receives the request; free it with venice_request_free()
 * @return VENICE_OK; INVALID_JSON; WRONG_TYPE, OUT_OF_RANGE, UNKNOWN_PARAMETER, INVALID_TEXT, INVALID_ARGUMENT: the first fault; the error lists every
 *         problem with its field; OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_request_new_from_json(const char *json, venice_request **out, venice_error **error);

/**
 * Everything that is set, as a JSON object, whether it will be sent or not: to keep a request, for venice_request_new_from_json(). The key is never in it.
 *
 * @param json receives the text, borrowed until the next call on this request
 * @return VENICE_OK, INVALID_ARGUMENT, OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_request_json(venice_request *request, const char **json, venice_error **error);

/**
 * Sets a text parameter.
 *
 * @param name  a parameter of type string
 * @param value UTF-8; copied. NULL unsets the parameter.
 * @return VENICE_OK, INVALID_ARGUMENT, UNKNOWN_PARAMETER, WRONG_TYPE, OUT_OF_RANGE (too long, empty, not in the list), INVALID_TEXT,
 *         OUT_OF_MEMORY. On failure the request is as it was. Since 1.0.
 */
VENICE_API venice_status venice_request_set_string(venice_request *request, const char *name, const char *value, venice_error **error);

/**
 * Sets a whole-number parameter.
 *
 * @param name  a parameter of type int
 * @param value in the unit and the range of the table
 * @return VENICE_OK, INVALID_ARGUMENT, UNKNOWN_PARAMETER, WRONG_TYPE, OUT_OF_RANGE, OUT_OF_MEMORY. On failure the request is as it was. Since 1.0.
 */
VENICE_API venice_status venice_request_set_int(venice_request *request, const char *name, int64_t value, venice_error **error);

/**
 * Sets a number parameter.
 *
 * @param name  a parameter of type double
 * @param value finite
 * @return as venice_request_set_int(). Since 1.0.
 */
VENICE_API venice_status venice_request_set_double(venice_request *request, const char *name, double value, venice_error **error);

/**
 * Sets a truth value.
 *
 * @param name  a parameter of type bool
 * @param value 0 is false, everything else is true
 * @return as venice_request_set_int(). Since 1.0.
 */
VENICE_API venice_status venice_request_set_bool(venice_request *request, const char *name, int32_t value, venice_error **error);

/**
 * Sets any field to any JSON value: for fields of the API that are newer than this library, and for parameters of type json.
 * A field that the library knows is checked for type and range as by the other setters.
 *
 * @param name  1..64 characters out of a-z, A-Z, 0-9, '_' and '-'. The API refuses fields that it does not know.
 * @param json  a JSON value as text, such as "true", "[1,2]", "\"text\""; numbers are sent as written. "null" unsets the field.
 * @return VENICE_OK, INVALID_ARGUMENT, INVALID_JSON, INVALID_TEXT (not UTF-8, or "\u0000"), WRONG_TYPE, OUT_OF_RANGE, OUT_OF_MEMORY.
 *         On failure the request is as it was. Since 1.0.
 */
VENICE_API venice_status venice_request_set_json(venice_request *request, const char *name, const char *json, venice_error **error);

/**
 * Unsets a parameter, so that it is not sent. One that is not set, or not known, is fine.
 *
 * @param name  the API's name
 * @return VENICE_OK, INVALID_ARGUMENT, OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_request_unset(venice_request *request, const char *name, venice_error **error);

/**
 * Appends an image to style_references. The library encodes it.
 *
 * @param data     a PNG, JPEG or WebP file in memory; copied
 * @param size     its size in bytes, below 8388608 (8 MB)
 * @param strength 0.1..1, how strongly its style is followed; 0 leaves it to the server (0.5). Some models ignore it: venice_model_uses_style_strength().
 * @return VENICE_OK; INVALID_ARGUMENT; OUT_OF_RANGE: too large, no such file format, or strength; OUT_OF_MEMORY. On failure the request is as it was. Since 1.0.
 */
VENICE_API venice_status venice_request_add_style_reference(venice_request *request, const uint8_t *data, size_t size, double strength, venice_error **error);

/**
 * The same with a file.
 *
 * @param path UTF-8 (on Linux any bytes that name a file)
 * @param strength as there
 * @return as venice_request_add_style_reference(), and FILE if it cannot be read. Since 1.0.
 */
VENICE_API venice_status venice_request_add_style_reference_file(venice_request *request, const char *path, double strength, venice_error **error);

/** @return how many style_references are set; 0 for NULL. Since 1.0. */
VENICE_API size_t venice_request_style_reference_count(const venice_request *request);

/**
 * Chooses the model by its entry in the catalogue: sets the parameter `model`, and from now on sends only what this model uses, and checks the request with the
 * model before it is sent. Setting `model` to another id, unsetting it, and venice_request_clear() end that. A copy keeps it.
 *
 * @param model may be freed at once; NULL: send all that is set again (the parameter `model` stays)
 * @return VENICE_OK, INVALID_ARGUMENT, OUT_OF_RANGE (its id is longer than `model` may be; nothing was changed), OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_request_use_model(venice_request *request, const venice_model *model, venice_error **error);

/** Unsets all parameters, and the model of venice_request_use_model(). @return VENICE_OK, INVALID_ARGUMENT. Since 1.0. */
VENICE_API venice_status venice_request_clear(venice_request *request, venice_error **error);

/**
 * @param name  the API's name
 * @return 1 if the parameter is set, else 0 (also for NULL and unknown names). Since 1.0.
 */
VENICE_API int32_t venice_request_is_set(const venice_request *request, const char *name);

/**
 * The body that would be sent: a JSON object with the parameters that are set, in the order of the table, without those that are left out
 * (venice_request_plan()).
 *
 * @param json receives the text, borrowed until the next call on this request
 * @return VENICE_OK, INVALID_ARGUMENT, OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_request_body(venice_request *request, const char **json, venice_error **error);

/**
 * Checks the request as a whole, as submitting it does: what is required is there, and what is there fits together and fits the model. Lengths are counted in
 * characters (code points).
 *
 * A field that the model does not use is a problem here if the server would refuse it, or would make another size than asked for; except with the model of
 * venice_request_use_model(): then it is left out instead.
 *
 * @param model the catalogue's entry of the model; NULL: that of venice_request_use_model(), or, without one, only what holds for every model
 * @param error lists every problem found with its field, a stable code (venice_error_problem_code()) and a sentence
 * @return VENICE_OK, INVALID_REQUEST, INVALID_ARGUMENT, OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_request_check(const venice_request *request, const venice_model *model, venice_error **error);

/**
 * What submitting the request sends, and what it does not send although it is set. A request with problems (venice_request_check()) has a plan too, but is
 * not sent.
 *
 * @param out receives the plan; free it with venice_plan_free(). Later changes of the request do not change it.
 * @return VENICE_OK, INVALID_ARGUMENT, OUT_OF_MEMORY. Since 1.0.
 */
VENICE_API venice_status venice_request_plan(const venice_request *request, venice_plan **out, venice_error **error);

/** Frees a plan. NULL is fine. Since 1.0. */
VENICE_API void venice_plan_free(venice_plan *plan);

/** @return the body that is sent, as JSON; borrowed; NULL for NULL. Since 1.0. */
VENICE_API const char *venice_plan_body(const venice_plan *plan);

/** @return the number of fields that are set and not sent; 0 for NULL. Since 1.0. */
VENICE_API size_t venice_plan_left_out_count(const venice_plan *plan);

/** @return the name of field `index` that is left out; borrowed; NULL if there is none. Since 1.0. */
VENICE_API const char *venice_plan_left_out_field(const venice_plan *plan, size_t index);

/** @return "not_taken" (the server would refuse it) or "not_used" (the server would ignore it in silence); borrowed; NULL if there is none. Since 1.0. */
VENICE_API const char *venice_plan_left_out_code(const venice_plan *plan, size_t index);

/** @return why it is left out, an English sentence; borrowed; NULL if there is none. Since 1.0. */
VENICE_API const char *venice_plan_left_out_reason(const venice_plan *plan, size_t index);

/** @return the number of parameters in the table. Any thread. Since 1.0. */
VENICE_API size_t venice_parameter_count(void);

/** @return parameter `index` of the table, 0 to count - 1; static; NULL if there is none. Any thread. Since 1.0. */
VENICE_API const venice_parameter *venice_parameter_at(size_t index);

/**
 * @param name the API's name, such as "width"
 * @return the parameter of this name; static; NULL if there is none. Any thread. Since 1.0.
 */
VENICE_API const venice_parameter *venice_parameter_find(const char *name);

/** @return the API's name; static; NULL for NULL. Since 1.0. */
VENICE_API const char *venice_parameter_name(const venice_parameter *parameter);

/** @return 1 string, 2 int, 3 double, 4 bool, 5 json; 0 for NULL. Since 1.0. */
VENICE_API int32_t venice_parameter_type(const venice_parameter *parameter);

/** @return a sentence in English about what the parameter does; static; NULL for NULL. Since 1.0. */
VENICE_API const char *venice_parameter_summary(const venice_parameter *parameter);

/** @return the unit of the value and its bounds: "px", "characters", "%", "images", or "" for none; static; NULL for NULL. Since 1.0. */
VENICE_API const char *venice_parameter_unit(const venice_parameter *parameter);

/** @return the default that the API has when the parameter is not sent, as JSON text ("1024", "true", "\"webp\""); static; NULL if it has none or the model decides. Since 1.0. */
VENICE_API const char *venice_parameter_default(const venice_parameter *parameter);

/**
 * The bounds of a number, or of a text's length in characters (code points).
 *
 * @param minimum receives the lowest value allowed (for cfg_scale: the bound itself is not allowed); may be NULL
 * @param maximum receives the highest value allowed; may be NULL
 * @return 1 if the parameter has bounds, else 0 (and both are 0). Since 1.0.
 */
VENICE_API int32_t venice_parameter_bounds(const venice_parameter *parameter, double *minimum, double *maximum);

/** @return the number of values that a string may have, 0 if it is free. Since 1.0. */
VENICE_API size_t venice_parameter_choice_count(const venice_parameter *parameter);

/** @return allowed value `index`; static; NULL if there is none. Since 1.0. */
VENICE_API const char *venice_parameter_choice_at(const venice_parameter *parameter, size_t index);

#ifdef __cplusplus
}
#endif

#endif
