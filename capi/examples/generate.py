#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Generates two images and cancels a third.

    VENICE_API_KEY=… python3 generate.py "a red fox in the snow" FOLDER
"""

import ctypes
import os
import sys
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_void_p
from pathlib import Path

OK, CANCELLED = 0, 22  # venice_status
EVENT_ENDED = 2

library = ctypes.CDLL("libvenice.so.1")


def declare(name, result, *arguments):
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments
    return function


status_name = declare("venice_status_name", c_char_p, c_int32)
error_message = declare("venice_error_message", c_char_p, c_void_p)
error_problem_count = declare("venice_error_problem_count", c_size_t, c_void_p)
error_problem_field = declare("venice_error_problem_field", c_char_p, c_void_p, c_size_t)
error_problem_message = declare("venice_error_problem_message", c_char_p, c_void_p, c_size_t)
error_free = declare("venice_error_free", None, c_void_p)


class VeniceError(Exception):
    """What a venice_error says, with the fields that it blames."""

    def __init__(self, status, error):
        self.status = status
        lines = [f"{status_name(status).decode()}: {error_message(error).decode()}"]
        for i in range(error_problem_count(error)):
            lines.append(f"  {error_problem_field(error, i).decode()}: {error_problem_message(error, i).decode()}")
        error_free(error)
        super().__init__("\n".join(lines))


def fallible(name, *arguments):
    """A function that returns a status and takes an error as its last argument."""
    function = declare(name, c_int32, *arguments, POINTER(c_void_p))

    def call(*values):
        error = c_void_p()
        status = function(*values, byref(error))
        if status != OK:
            raise VeniceError(status, error)

    return call


class Handle:
    """Owns what a function has made, and frees it at the end of `with`."""

    def __init__(self, make, free, *arguments):
        self._free, self._as_parameter_ = free, c_void_p()
        make(*arguments, byref(self._as_parameter_))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._free(self)


HANDLE, OUT = c_void_p, POINTER(c_void_p)

client_new, client_free = fallible("venice_client_new", OUT), declare("venice_client_free", c_int32, HANDLE)
client_set_string = fallible("venice_client_set_string", HANDLE, c_char_p, c_char_p)
client_set_int = fallible("venice_client_set_int", HANDLE, c_char_p, c_int64)
list_models, models_free = fallible("venice_list_models", HANDLE, OUT), declare("venice_models_free", None, HANDLE)
models_default, model_free = fallible("venice_models_default", HANDLE, OUT), declare("venice_model_free", None, HANDLE)
model_name = declare("venice_model_name", c_char_p, HANDLE)
model_price = declare("venice_model_price", c_int32, HANDLE, HANDLE, POINTER(c_double), POINTER(c_double))
request_new, request_free = fallible("venice_request_new", OUT), declare("venice_request_free", None, HANDLE)
request_set_string = fallible("venice_request_set_string", HANDLE, c_char_p, c_char_p)
request_set_int = fallible("venice_request_set_int", HANDLE, c_char_p, c_int64)
request_use_model = fallible("venice_request_use_model", HANDLE, HANDLE)
submit_generate, job_free = fallible("venice_submit_generate", HANDLE, HANDLE, OUT), declare("venice_job_free", None, HANDLE)
job_cancel = fallible("venice_job_cancel", HANDLE)
job_id = declare("venice_job_id", c_int64, HANDLE)
job_phase = declare("venice_job_phase", c_int32, HANDLE)
job_received_bytes = declare("venice_job_received_bytes", c_int64, HANDLE)
phase_name = declare("venice_phase_name", c_char_p, c_int32)
next_event, event_free = fallible("venice_client_next_event", HANDLE, c_int64, OUT), declare("venice_event_free", None, HANDLE)
event_type = declare("venice_event_type", c_int32, HANDLE)
event_job_id = declare("venice_event_job_id", c_int64, HANDLE)
job_result, result_free = fallible("venice_job_result", HANDLE, OUT), declare("venice_result_free", None, HANDLE)
result_image, image_free = fallible("venice_result_image", HANDLE, c_size_t, OUT), declare("venice_image_free", None, HANDLE)
image_save = fallible("venice_image_save", HANDLE, c_char_p)
image_media_type = declare("venice_image_media_type", c_char_p, HANDLE)
image_width = declare("venice_image_width", c_int32, HANDLE)
image_height = declare("venice_image_height", c_int32, HANDLE)
image_seed = declare("venice_image_seed", c_int32, HANDLE, POINTER(c_int64))


def choose_model(client, request):
    """Takes the server's default model, and says what an image costs with it."""
    with Handle(list_models, models_free, client) as models, Handle(models_default, model_free, models) as model:
        request_use_model(request, model)
        usd = c_double()
        known = model_price(model, request, byref(usd), None)
        print(f"{model_name(model).decode()}: {f'${usd.value:.4f} an image' if known else 'price unknown'}")


def wait_for_all(client, jobs):
    """Prints the progress of the jobs until all have ended."""
    running = {job_id(job): (number, job) for number, job in enumerate(jobs, 1)}
    while running:
        with Handle(next_event, event_free, client, -1) as event:
            number, job = running[event_job_id(event)]
            if event_type(event) == EVENT_ENDED:
                del running[event_job_id(event)]
            else:
                print(f"image {number}: {phase_name(job_phase(job)).decode()}, {job_received_bytes(job)} bytes", file=sys.stderr)


def save(job, path, number):
    with Handle(job_result, result_free, job) as result, Handle(result_image, image_free, result, 0) as image:
        image_save(image, os.fsencode(path))
        seed = c_int64()
        image_seed(image, byref(seed))
        media_type = image_media_type(image).decode()
        print(f"image {number}: {path}, {media_type}, {image_width(image)} x {image_height(image)}, seed {seed.value}")


def save_all(jobs, folder):
    """Saves what was made; what was paid for is not lost because another image failed. Returns whether all went well."""
    failed = 0
    for number, job in enumerate(jobs, 1):
        try:
            save(job, folder / f"image-{number}.png", number)
        except VeniceError as error:
            if error.status == CANCELLED:
                print(f"image {number}: cancelled")
            else:
                print(f"image {number}: {error}", file=sys.stderr)
                failed += 1
    return failed == 0


def generate(prompt, folder):
    with Handle(client_new, client_free) as client, Handle(request_new, request_free) as request:
        client_set_string(client, b"api_key", os.environb.get(b"VENICE_API_KEY"))
        client_set_string(client, b"base_url", os.environb.get(b"VENICE_BASE_URL"))  # None is the default
        client_set_int(client, b"max_in_flight", 2)

        request_set_string(request, b"prompt", prompt.encode())
        request_set_string(request, b"format", b"png")
        choose_model(client, request)

        jobs = []
        try:
            for seed in (1, 2, 3):
                request_set_int(request, b"seed", seed)
                jobs.append(Handle(submit_generate, job_free, client, request))
            job_cancel(jobs[2])  # it waits for its turn: nothing was sent, nothing is charged
            wait_for_all(client, jobs)
            return save_all(jobs, folder)
        finally:
            for job in jobs:
                job_free(job)


def main():
    if len(sys.argv) != 3:
        print(f"usage: {sys.argv[0]} PROMPT FOLDER", file=sys.stderr)
        return 2
    try:
        return 0 if generate(sys.argv[1], Path(sys.argv[2])) else 1
    except VeniceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
