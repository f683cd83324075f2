/* SPDX-License-Identifier: MIT */
/**
 * @file types.h
 * The opaque handles.
 */
#ifndef VENICE_TYPES_H
#define VENICE_TYPES_H

#include <stddef.h>
#include <stdint.h>

/* Only for the declarations: a binding does not need it. */
#if defined(__GNUC__)
#define VENICE_API __attribute__((visibility("default")))
#else
#define VENICE_API
#endif

/** What went wrong. Immutable; made by failing calls; free it with venice_error_free(). */
typedef struct venice_error venice_error;
/** A request. Used by one thread at a time; may be freed from any. */
typedef struct venice_request venice_request;
/** One parameter of the table in request.h: static and immutable, never freed. */
typedef struct venice_parameter venice_parameter;
/** A client. Any thread, any time; only freeing it must be the last call on it. */
typedef struct venice_client venice_client;
/** A piece of work. Any thread, any time. Freeing it does not cancel it. */
typedef struct venice_job venice_job;
/** Something that happened to a job. Immutable. */
typedef struct venice_event venice_event;
/** The answer to one request. Immutable. */
typedef struct venice_result venice_result;
/** One image of a result or a job. Immutable. It keeps what it needs alive: the result or job may be freed before it. */
typedef struct venice_image venice_image;
/** The bytes of an image while they arrive: a view that grows. Any thread. */
typedef struct venice_image_stream venice_image_stream;
/** A list of models. Immutable. */
typedef struct venice_models venice_models;
/** One model. It keeps what it needs alive: the list may be freed before it. */
typedef struct venice_model venice_model;
/** A list of style names. Immutable. */
typedef struct venice_styles venice_styles;
/** What a request will send, and what not. Immutable. */
typedef struct venice_plan venice_plan;
/** Balances and limits of a key. Immutable. */
typedef struct venice_account venice_account;

#endif
