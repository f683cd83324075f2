# SPDX-License-Identifier: MIT
"""What goes wrong, and what a script is told. In no case may a layer be left behind."""

from __future__ import annotations

from harness import Gimp, create, failure, generate, names, new_image, run, sandbox, sent


def failed(**arguments):
    """The error of a call that must leave the image as it was."""
    image = new_image()
    text = failure(generate, image, **arguments)
    assert names(image.get_layers()) == ["Background"]
    assert image.undo_is_enabled()
    return text


def check_an_unknown_model():
    text = failed(model="no-such-model")
    assert "no-such-model" in text or "odel" in text, text
    return text


def check_a_width_out_of_range_is_not_sent():
    text = failed(width=4096)
    assert "width" in text and "1280" in text, text
    assert sent() == []
    return text


def check_a_negative_width_is_not_sent():
    assert "width" in failed(width=-8)
    assert sent() == []


def check_no_prompt():
    text = failed(prompt="")
    assert "prompt" in text, text
    assert sent() == []
    return text


def check_too_many_variants():
    text = failed(variants=5)
    assert "variants" in text and "4" in text, text
    assert "variants" in failed(variants=0)
    assert sent() == []
    return text


def check_a_seed_out_of_range():
    text = failed(seed=2000000000)
    assert "seed" in text and "999999999" in text, text
    assert sent() == []


def check_an_unknown_format():
    text = failed(format="bmp")
    assert "format" in text and "png" in text, text


def check_an_unknown_style():
    text = failed(style_preset="No Such Style")
    assert len(sent()) == 1
    return text


def check_a_content_violation_is_no_layer():
    text = failed(prompt="forbidden-content")
    assert "content" in text and "charged" in text, text
    return text


def check_a_blurred_image_is_a_layer():
    image = new_image()
    assert len(generate(image, prompt="a nude")) == 1


def check_a_truncated_answer():
    sandbox.next(fault="truncated")
    return failed()


def check_a_broken_image():
    for format in ("png", "jpeg", "webp"):
        sandbox.next(fault="broken-image")
        text = failed(format=format)
        assert "image" in text, text
    return text


def check_something_that_is_no_image():
    sandbox.next(fault="not-an-image")
    return failed()


def check_an_empty_answer():
    sandbox.next(fault="empty")
    return failed()


def check_a_reset_connection():
    sandbox.next(fault="reset")
    return failed()


def check_an_overloaded_server_is_asked_again():
    """It said that it did not make the image, so nothing is paid twice."""
    sandbox.next(status=503, json={"error": "The model is at capacity"})
    assert len(generate(new_image())) == 1
    first, second = sent()
    assert first == second


def check_a_web_page_instead_of_an_answer():
    sandbox.next(status=502, text="<html><body>Bad gateway</body></html>", content_type="text/html")
    return failed()


def check_some_of_several_are_enough():
    image = new_image()
    sandbox.next(status=500, json={"error": "inference failed"}, match={"seed": 11})
    layers = generate(image, variants=3, seed=10)
    assert names(layers) == ["a red fox (seed 10)", "a red fox (seed 12)"]
    assert names(image.get_layers()) == names(layers) + ["Background"]
    assert len(sent()) == 3


def check_none_of_several_is_an_error_told_once():
    sandbox.next(status=500, json={"error": "inference failed"}, times=3)
    text = failed(variants=3)
    assert text.count("inference failed") == 1, text


def check_create_image_fails_without_an_image():
    before = len(Gimp.get_images())
    sandbox.next(status=500, json={"error": "inference failed"})
    assert "inference failed" in failure(create)
    assert len(Gimp.get_images()) == before


def check_the_key_is_in_no_error():
    sandbox.next(status=401, json={"error": "key sandbox-key is not known"})
    assert "sandbox-key" not in failed()


run(globals())
