/* SPDX-License-Identifier: MIT */
/*
 * Generates two images and cancels a third.
 *
 *     cc generate.c -o generate $(pkg-config --cflags --libs venice)
 *     VENICE_API_KEY=… ./generate "a red fox in the snow" FOLDER
 */
#include <venice/venice.h>

#include <stdio.h>
#include <stdlib.h>

#define IMAGES 3

/* Leaves the function by its end, where all is freed, when a call fails. */
#define TRY(call)                                  \
    do {                                           \
        if ((status = (call)) != VENICE_OK) {      \
            goto end;                              \
        }                                          \
    } while (0)

/* Prints the error, with the fields that it blames, and frees it. */
static void print_error(const char *what, venice_status status, venice_error *error) {
    size_t i;
    fprintf(stderr, "%s: %s: %s\n", what, venice_status_name(status), venice_error_message(error));
    for (i = 0; i < venice_error_problem_count(error); ++i) {
        fprintf(stderr, "  %s: %s\n", venice_error_problem_field(error, i), venice_error_problem_message(error, i));
    }
    venice_error_free(error);
}

/* Takes the server's default model, and says what an image costs with it. */
static venice_status choose_model(venice_client *client, venice_request *request, venice_error **error) {
    venice_models *models = NULL;
    venice_model *model = NULL;
    double usd = 0;
    venice_status status = VENICE_OK;

    TRY(venice_list_models(client, &models, error));
    TRY(venice_models_default(models, &model, error));
    TRY(venice_request_use_model(request, model, error));
    if (venice_model_price(model, request, &usd, NULL)) {
        printf("%s: $%.4f an image\n", venice_model_name(model), usd);
    } else {
        printf("%s: price unknown\n", venice_model_name(model));
    }

end:
    venice_model_free(model);
    venice_models_free(models);
    return status;
}

static void print_progress(int number, const venice_job *job) {
    fprintf(stderr, "image %d: %s, %lld bytes\n", number, venice_phase_name(venice_job_phase(job)), (long long)venice_job_received_bytes(job));
}

/* Prints the progress of the jobs until all have ended. */
static venice_status wait_for_all(venice_client *client, venice_job *jobs[IMAGES], venice_error **error) {
    venice_event *event = NULL;
    venice_status status = VENICE_OK;
    int i, running = IMAGES;

    while (running > 0) {
        TRY(venice_client_next_event(client, -1, &event, error));
        for (i = 0; i < IMAGES; ++i) {
            if (venice_job_id(jobs[i]) == venice_event_job_id(event) && venice_event_type(event) == VENICE_EVENT_PROGRESS) {
                print_progress(i + 1, jobs[i]);
            }
        }
        running -= venice_event_type(event) == VENICE_EVENT_ENDED;
        venice_event_free(event);
    }

end:
    return status;
}

static venice_status save(const venice_job *job, const char *path, int number, venice_error **error) {
    venice_result *result = NULL;
    venice_image *image = NULL;
    int64_t seed = 0;
    venice_status status = VENICE_OK;

    TRY(venice_job_result(job, &result, error));
    TRY(venice_result_image(result, 0, &image, error));
    TRY(venice_image_save(image, path, error));
    venice_image_seed(image, &seed);
    printf("image %d: %s, %s, %d x %d, seed %lld\n", number, path, venice_image_media_type(image), (int)venice_image_width(image),
           (int)venice_image_height(image), (long long)seed);

end:
    venice_image_free(image);
    venice_result_free(result);
    return status;
}

/* Saves what was made; what was paid for is not lost because another image failed. Returns how many failed. */
static int save_all(venice_job *jobs[IMAGES], const char *folder) {
    int i, failed = 0;
    for (i = 0; i < IMAGES; ++i) {
        char path[4096], what[32];
        venice_error *error = NULL;
        venice_status status;

        snprintf(path, sizeof path, "%s/image-%d.png", folder, i + 1);
        snprintf(what, sizeof what, "image %d", i + 1);
        status = save(jobs[i], path, i + 1, &error);
        if (status == VENICE_ERROR_CANCELLED) {
            printf("image %d: cancelled\n", i + 1);
            venice_error_free(error);
        } else if (status != VENICE_OK) {
            print_error(what, status, error);
            ++failed;
        }
    }
    return failed;
}

int main(int argc, char **argv) {
    venice_client *client = NULL;
    venice_request *request = NULL;
    venice_job *jobs[IMAGES] = {NULL, NULL, NULL};
    venice_error *error = NULL;
    venice_status status = VENICE_OK;
    int i, failed = 0;

    if (argc != 3) {
        fprintf(stderr, "usage: %s PROMPT FOLDER\n", argv[0]);
        return 2;
    }

    TRY(venice_client_new(&client, &error));
    TRY(venice_client_set_string(client, "api_key", getenv("VENICE_API_KEY"), &error));
    TRY(venice_client_set_string(client, "base_url", getenv("VENICE_BASE_URL"), &error)); /* NULL is the default */
    TRY(venice_client_set_int(client, "max_in_flight", 2, &error));

    TRY(venice_request_new(&request, &error));
    TRY(venice_request_set_string(request, "prompt", argv[1], &error));
    TRY(venice_request_set_string(request, "format", "png", &error));
    TRY(choose_model(client, request, &error));

    for (i = 0; i < IMAGES; ++i) {
        TRY(venice_request_set_int(request, "seed", i + 1, &error));
        TRY(venice_submit_generate(client, request, &jobs[i], &error));
    }
    TRY(venice_job_cancel(jobs[2], &error)); /* it waits for its turn: nothing was sent, nothing is charged */

    TRY(wait_for_all(client, jobs, &error));
    failed = save_all(jobs, argv[2]);

end:
    if (status != VENICE_OK) {
        print_error("error", status, error);
    }
    for (i = 0; i < IMAGES; ++i) {
        venice_job_free(jobs[i]);
    }
    venice_request_free(request);
    venice_client_free(client);
    return status == VENICE_OK && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
