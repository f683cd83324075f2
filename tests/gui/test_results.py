# SPDX-License-Identifier: MIT
"""The strip of results: every image from the moment that it is asked for, and what can be done with it."""

from __future__ import annotations

import subprocess

import pytest
from accessible import Role
from desktop import press_keys
from dialog import Dialog
from results_strip import (choose, close_picture, earlier_runs, focused_window, select, tile_names, tiles, wait_for_tiles, work_in_gimp)
from waiting import wait_for

LONG = 600.0  # seconds; no test waits for it


@pytest.fixture
def described(dialog: Dialog) -> Dialog:
    dialog.describe("mountains by a lake")
    dialog.seed.set_text("7")
    return dialog


def generate_while_painting(dialog: Dialog, sandbox, images: int = 1) -> None:
    """The results arrive while the focus is in GIMP's own window."""
    sandbox.next(delay=3, times=images)
    dialog.set_images(images)
    dialog.generate()
    work_in_gimp()
    wait_for(lambda: dialog.newest_run_says(f"{images} ready"), "the images wait")


def test_every_image_says_its_state(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.next(match={"seed": 8}, status=500, json={"error": "Inference processing failed"})
    sandbox.next(match={"seed": 9}, headers={"x-venice-is-content-violation": "true"}, status=200, content_type="image/png",
                 body_base64="iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
    sandbox.next(match={"seed": 10}, delay=LONG)
    described.set_images(4)
    described.generate()
    wait_for_tiles(described, "1 of 4, done", "2 of 4, failed", "3 of 4, refused", "4 of 4, waiting for the image")
    described.screenshot("results-running")
    waiting = tiles(described.runs[0])[3]
    caption = next(widget for widget in waiting.descendants() if widget.name.startswith("Waiting "))
    assert waiting.edges[0] <= caption.edges[0] and caption.edges[2] <= waiting.edges[2], "the caption lies in its tile"
    described.window.find(Role.PUSH_BUTTON, "Cancel Image 4 of 4", hidden=True).press()
    wait_for_tiles(described, "1 of 4, done, inserted", "2 of 4, failed", "3 of 4, refused", "4 of 4, cancelled")
    assert len(gimp.layers(image)) == 2, "only one image came, and it was inserted when the last one had ended"
    described.screenshot("results-states")


def test_blurred_image_is_a_layer_and_its_remedy(described: Dialog, gimp, image, sandbox) -> None:
    described.describe("a nude by a lake")
    described.generate()
    wait_for_tiles(described, "1 of 1, blurred, inserted")
    described.wait_for_notice("Safe mode blurred this image.")
    assert len(gimp.layers(image)) == 2
    described.button("Generate Without Safe Mode · $0.01").press()
    wait_for(lambda: len(gimp.layers(image)) == 3, "the sharp image")
    first, second = (entry["json"] for entry in sandbox.requests("/image/generate", count=2))
    assert second["safe_mode"] is False and second["seed"] == first["seed"]


def test_images_that_arrive_while_painting_wait(described: Dialog, gimp, image, sandbox) -> None:
    generate_while_painting(described, sandbox, images=2)
    assert " GIMP" in focused_window(), "the focus stays where it was"
    assert len(gimp.layers(image)) == 1, "nothing is inserted behind the painter's back"
    wait_for_tiles(described, "1 of 2, done", "2 of 2, done")
    described.screenshot("results-ready")
    described.button("Insert Now").press()
    wait_for(lambda: len(gimp.layers(image)) == 3, "both layers")
    wait_for(lambda: described.newest_run_says("2 layers added"), "what became of it")
    gimp.undo_entry().press()
    wait_for(lambda: len(gimp.layers(image)) == 1, "one undo step takes both away")


def test_two_runs_at_once(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.next(delay=LONG)
    described.generate()
    wait_for(lambda: described.run_count == 1, "the first run")
    described.describe("a second wish")
    described.generate()
    wait_for_tiles(described, "1 of 1, done, inserted")
    wait_for_tiles(described, "1 of 1, waiting for the image", run=1)
    assert len(gimp.layers(image)) == 2
    described.window.find(Role.PUSH_BUTTON, "Cancel Run 1", hidden=True).press()
    wait_for_tiles(described, "1 of 1, cancelled", run=1)


def test_variations_keep_one_in_three_clicks(described: Dialog, gimp, image, sandbox) -> None:
    described.set_images(3)
    described.wait_for_models()
    described.generate_button.press()  # 1
    wait_for(lambda: len(gimp.layers(image)) == 4, "three variations")
    wait_for(lambda: described.newest_run_says("3 layers added"), "what became of it")
    select(described.runs[0], 2)  # 2
    described.screenshot("results-selected")
    described.button("Keep Only This").press()  # 3
    wait_for(lambda: len(gimp.layers(image)) == 2, "one of them stays")
    assert "8" in gimp.layers(image)[0], "it is the second one"
    gimp.undo_entry().press()
    wait_for(lambda: len(gimp.layers(image)) == 4, "one undo step brings the others back")


def test_keep_only_this_before_anything_is_inserted(described: Dialog, gimp, image, sandbox) -> None:
    generate_while_painting(described, sandbox, images=2)
    select(described.runs[0], 1)
    described.button("Keep Only This").press()
    wait_for(lambda: len(gimp.layers(image)) == 2, "only one is inserted")


def test_show_its_layer_alone(described: Dialog, gimp, image, sandbox) -> None:
    described.set_images(2)
    described.generate()
    wait_for_tiles(described, "1 of 2, done, inserted", "2 of 2, done, inserted")
    select(described.runs[0], 2)
    choose(described, "Show Its Layer Alone")
    visible = (f"[layer.get_visible() for layer in Gimp.Image.get_by_id({image}).get_layers()[0].get_children()]")
    wait_for(lambda: gimp.ask(visible) == [False, True], "the second one alone is visible")


def test_details_tell_all_but_the_key(described: Dialog, sandbox) -> None:
    described.generate()
    wait_for_tiles(described, "1 of 1, done, inserted")
    select(described.runs[0], 1)
    choose(described, "Details…")
    from results_strip import APPLICATION, applications_named

    def text() -> str:
        windows = [window for application in applications_named(APPLICATION) for window in application.children() if window.name == "Image Details"]
        return windows[0].find(Role.TEXT, "Image Details").text if windows else ""

    wait_for(text, "the details")
    for word in ("mountains by a lake", '"seed":7', "x-venice-", "$0.01"):
        assert word in text(), word
    assert sandbox.key not in text() and "Bearer" not in text()
    close_picture("Image Details")


def test_more_like_this(described: Dialog, gimp, image, sandbox) -> None:
    described.generate()
    wait_for_tiles(described, "1 of 1, done, inserted")
    select(described.runs[0], 1)
    choose(described, "More Like This")
    wait_for(lambda: len(gimp.layers(image)) == 3, "another one")
    first, second = (entry["json"] for entry in sandbox.requests("/image/generate", count=2))
    assert first["prompt"] == second["prompt"] and first["seed"] != second["seed"]


def test_strip_survives_closing(described: Dialog, gimp, image, sandbox) -> None:
    described.set_images(2)
    described.generate()
    wait_for_tiles(described, "1 of 2, done, inserted", "2 of 2, done, inserted")
    described.close()
    again = Dialog.open(gimp)
    try:
        again.wait_for_models()
        mine = wait_for(lambda: [run for run in earlier_runs(again) if "mountains by a lake" in run.name], "the run of the time before")[0]
        assert tile_names(mine) == ["1 of 2, done, inserted", "2 of 2, done, inserted"]
        again.screenshot("results-history")
        select(mine, 1)
        choose(again, "Insert Again (Free)")
        wait_for(lambda: len(gimp.layers(image)) == 4, "a layer from the history")
        assert len(sandbox.requests("/image/generate")) == 2
        search = again.window.find(Role.TEXT, "Search Results")
        search.set_text("nothing has these words")
        wait_for(lambda: not earlier_runs(again), "nothing is found")
        search.set_text("LAKE")
        wait_for(lambda: earlier_runs(again), "the run is found, whatever the case")
    finally:
        again.close()


def test_too_many_requests_are_tried_again_by_themselves(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.next(status=429, headers={"Retry-After": "100"}, json={"error": "Rate limit exceeded"})
    described.generate()
    wait_for(lambda: described.newest_run_says("Too many requests. Trying again in "), "what is waited for")
    assert tile_names(described.runs[0]) == ["1 of 1, waiting to try again"]
    described.screenshot("results-trying-again")
    described.cancel()
    wait_for_tiles(described, "1 of 1, cancelled")
    described.wait_for_notice("Cancelled. Nothing was charged")


@pytest.mark.parametrize(("phase", "behaviour", "may_be_charged"), [
    ("waiting for the image", {"fault": "silence"}, True),
    ("receiving", {"trickle": 2000}, True),
])
def test_cancel_in_every_phase(described: Dialog, gimp, image, sandbox, phase: str, behaviour: dict, may_be_charged: bool) -> None:
    sandbox.next(**behaviour)
    described.generate()
    wait_for_tiles(described, f"1 of 1, {phase}")
    described.cancel()
    wait_for_tiles(described, "1 of 1, cancelled")
    described.wait_for_notice("may still be charged" if may_be_charged else "Nothing was charged")
    assert len(gimp.layers(image)) == 1


def test_cancel_of_an_image_that_is_queued(described: Dialog, sandbox, gimp, image) -> None:
    for _ in range(4):
        sandbox.next(delay=LONG)
    described.set_images(4)
    described.generate()
    described.describe("one more than may be in flight")
    described.set_images(1)
    described.generate()
    wait_for_tiles(described, "1 of 1, queued")
    described.cancel()
    wait_for_tiles(described, "1 of 1, cancelled")
    described.wait_for_notice("Cancelled. Nothing was charged")
    described.window.find(Role.PUSH_BUTTON, "Cancel Run 1", hidden=True).press()
    described.wait_until_done()
    assert len(sandbox.requests("/image/generate", count=4)) == 4


def test_floating_selection_is_waited_for(described: Dialog, gimp, image, sandbox) -> None:
    floating = (f"[Gimp.Selection.float(image, image.get_selected_drawables(), 5, 5).get_id() "
                f"for image in [Gimp.Image.get_by_id({image})] if image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 50, 50) is not None]")
    gimp.ask(floating)
    described.generate()
    described.wait_for_notice("Anchor the floating selection (Ctrl+H), then insert.")
    gimp.ask(f"Gimp.floating_sel_anchor(Gimp.Image.get_by_id({image}).get_floating_sel())")
    described.button("Insert").press()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")


def square() -> str:
    import base64
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (512, 512), "#806040").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_another_size_than_asked_for(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.next(image_base64=square())
    described.generate()
    described.wait_for_notice("received 512 × 512. 33 % lies outside the target.")
    described.screenshot("results-other-size")
    described.button("Fit Inside").press()
    wait_for(lambda: (800, 800) in gimp.layer_sizes(image), "it lies within the canvas")
    wait_for(lambda: len(gimp.layers(image)) == 2, "instead of the one that overhung")


def test_fit_inside_takes_the_whole_run_in_one_undo_step(described: Dialog, gimp, image, sandbox) -> None:
    def top_level() -> list[str]:
        return gimp.ask(f"[layer.get_name() for layer in Gimp.Image.get_by_id({image}).get_layers()]")

    sandbox.next(image_base64=square(), times=3)
    described.set_images(3)
    described.generate()
    described.wait_for_notice("received 512 × 512. 33 % lies outside the target.")
    overhanging, inside, names = [(1200, 1200)] * 3 + [(1200, 800)], [(800, 800)] * 3 + [(1200, 800)], gimp.layers(image)
    assert gimp.layer_sizes(image) == overhanging and len(top_level()) == 2
    described.button("Fit Inside").press()
    wait_for(lambda: gimp.layer_sizes(image) == inside, "all three lie within the canvas")
    assert gimp.layers(image) == names and len(top_level()) == 2, "in a group as before, and the old one is gone"
    wait_for(lambda: not described.notice, "nothing is left to say")
    gimp.undo_entry().press()
    wait_for(lambda: gimp.layer_sizes(image) == overhanging, "one step brings back what was")
    assert len(top_level()) == 2
    gimp.menu_item("Edit", "Redo").press()
    wait_for(lambda: gimp.layer_sizes(image) == inside, "and one step does it again")
    assert len(sandbox.requests("/image/generate")) == 3, "all of that is free"


def test_image_menu_by_the_secondary_button_is_the_same(described: Dialog, sandbox) -> None:
    described.generate()
    wait_for_tiles(described, "1 of 1, done, inserted")
    tile = tiles(described.runs[0])[0]
    x, y, width, height = tile._do("Component", "GetExtents", "(u)", 0)
    subprocess.run(["xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click", "3"], check=True, timeout=30)
    described.window.find(Role.PUSH_BUTTON, "Copy Seed")
    press_keys("Escape")
