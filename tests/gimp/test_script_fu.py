# SPDX-License-Identifier: MIT
"""Both procedures from Script-Fu, as a person would write it."""

from __future__ import annotations

import json

COMMON = '#:prompt "a red fox" #:model "z-image-turbo" #:width 64 #:height 48 #:seed 42'


def display(code: str, path) -> str:
    """Script-Fu that writes the value of the code to a file."""
    return f'(script-fu-use-v3)(let* ((port (open-output-file "{path}"))) (write (begin {code}) port) (close-output-port port))'


def run(gimp, sandbox, code: str) -> str:
    sandbox.reset()
    path = gimp.files / "script-fu.out"
    gimp.script_fu(display(code, path)).check()
    return path.read_text()


def test_generate_layers(gimp, sandbox):
    code = f"""
        (let* ((image (gimp-image-new 400 300 RGB))
               (layers (plug-in-venice-generate-layers #:image image #:variants 3 {COMMON}))
               (names (map gimp-item-get-name (vector->list layers)))
               (count (vector-length (gimp-image-get-layers image))))
          (gimp-image-delete image)
          (list names count))"""
    assert run(gimp, sandbox, code) == '(("a red fox (seed 42)" "a red fox (seed 43)" "a red fox (seed 44)") 3)'
    assert sorted(entry["json"]["seed"] for entry in sandbox.requests("/image/generate")) == [42, 43, 44]


def test_create_image(gimp, sandbox):
    code = f"""
        (let* ((image (plug-in-venice-create-image {COMMON}))
               (answer (list (gimp-image-get-width image) (gimp-image-get-height image)
                             (gimp-item-get-name (vector-ref (gimp-image-get-layers image) 0)))))
          (gimp-image-delete image)
          answer)"""
    assert run(gimp, sandbox, code) == '(64 48 "a red fox (seed 42)")'


def test_the_dialect_of_version_2(gimp, sandbox):
    sandbox.reset()
    path = gimp.files / "dialect.out"
    code = f"""
        (let* ((image (car (gimp-image-new 400 300 RGB)))
               (layers (car (plug-in-venice-generate-layers #:image image {COMMON})))
               (port (open-output-file "{path}")))
          (write (vector-length layers) port)
          (close-output-port port)
          (gimp-image-delete image))"""
    gimp.script_fu(code).check()
    assert path.read_text() == "1"


def test_an_error_ends_the_script_with_its_text(gimp, sandbox):
    sandbox.reset()
    finished = gimp.script_fu('(plug-in-venice-create-image #:prompt "a red fox" #:width 4096)')
    assert finished.status == 70, finished.output
    assert "width" in finished.output and "1280" in finished.output, finished.output
    assert sandbox.requests() == []


def test_the_parasite_is_readable(gimp, sandbox):
    code = f"""
        (let* ((image (plug-in-venice-create-image {COMMON}))
               (layer (vector-ref (gimp-image-get-layers image) 0))
               (parasite (gimp-item-get-parasite layer "venice-gimp/generation")))
          (gimp-image-delete image)
          (caddr parasite))"""
    settings = json.loads(json.loads(run(gimp, sandbox, code)))
    assert settings["seed"] == 42 and settings["prompt"] == "a red fox"
