# SPDX-License-Identifier: MIT
"""The window in GIMP's light and dark theme: it follows, and the pictures are kept to be looked at."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from accessible import Role, applications_named
from desktop import close_window, fill_screen, move_window, press_keys, resize_window, screenshot, window_size
from dialog import APPLICATION, Dialog
from gimp_gui import SCREENSHOTS, Gimp, locale_environment
from waiting import wait_for


def brightness(picture: Path, region: str) -> float:
    """Mean of a region ("WxH+X+Y") of a picture, 0 to 1."""
    command = ["convert", str(picture), "-crop", region, "-colorspace", "Gray", "-format", "%[fx:mean]", "info:"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout)


def darkest(picture: Path, region: str) -> float:
    """Of a region of a picture, 0 to 1: what is written on a light ground is dark."""
    command = ["convert", str(picture), "-crop", region, "-colorspace", "Gray", "-format", "%[fx:minima]", "info:"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout)


def wait_for_size(title: str, size: tuple[int, int]) -> None:
    try:
        wait_for(lambda: window_size(title) == size, f"a window of {size}")
    except AssertionError as error:
        raise AssertionError(f"{error}; it has {window_size(title)}") from None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_follows_the_theme(desktop, sandbox, scheme: str) -> None:
    with Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key, scheme=scheme) as gimp:
        image = gimp.open_picture()
        fill_screen(" GIMP$")
        dialog = Dialog.open(gimp)
        dialog.wait_for_models()
        dialog.describe("mountains by a lake at sunset")
        dialog.seed.set_text("7")
        dialog.set_images(2)
        dialog.generate()
        wait_for(lambda: len(gimp.layers(image)) == 3, "the layers")
        dialog.wait_until_done()
        wait_for(lambda: dialog.newest_run_says("2 layers added"), "what became of it")
        move_window(dialog.title, 24, 110)
        screenshot(SCREENSHOTS / f"desktop-{scheme}.png")
        margin = brightness(dialog.screenshot(f"dialog-{scheme}"), "6x200+2+40")
        assert margin < 0.4 if scheme == "dark" else margin > 0.6
        dialog.close()



@pytest.mark.parametrize(("locale", "item", "title", "prompt", "texts"), [
    ("ar_EG", "توليد طبقات…", "توليد طبقات", "الوصف", ("الصورة:", "النموذج:")),
    ("de_DE", "Ebenen erzeugen …", "Ebenen erzeugen", "Prompt", ("Bild:", "Modell:")),
])
def test_in_another_language(desktop, sandbox, tmp_path, locale, item, title, prompt, texts) -> None:
    with Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key, environment=locale_environment(locale, tmp_path)) as gimp:
        gimp.open_picture()
        gimp.venice_menu_item(item).press()
        window = wait_for(lambda: next((window for application in applications_named(APPLICATION) for window in application.children()
                                        if window.name == title), None), f"window “{title}”")
        dialog = Dialog(gimp, window, title)
        window.find(Role.TEXT, prompt)
        wait_for(lambda: set(texts) <= set(window.texts()), "the texts of the language")
        wait_for(lambda: any("Z-Image Turbo" in widget.name for widget in window.all(Role.TOGGLE_BUTTON)), "the models")
        if locale == "de_DE":
            resize_window(title, 400, 480)
            wait_for_size(title, (400, 480))
            assert any("0,01" in widget.name for widget in window.all(Role.PUSH_BUTTON)), "prices as the language writes them"
        picture = dialog.screenshot(f"dialog-{locale[:2]}")
        folded = window.find(Role.TOGGLE_BUTTON, {"ar_EG": "الوصف السلبي", "de_DE": "Negativer Prompt"}[locale])
        left, top, right, bottom = folded.edges
        first_half, second_half = (darkest(picture, f"{(right - left) // 2}x{bottom - top}+{x}+{top}") for x in (left, (left + right) // 2))
        assert (second_half < first_half - 0.3) if locale == "ar_EG" else (first_half < second_half - 0.3), "the title stands where a line begins"


def test_names_from_the_server_in_a_window_from_right_to_left(desktop, sandbox, tmp_path) -> None:
    """Name, price and privacy follow each other as the window reads, and each reads in its own direction."""
    with Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key, environment=locale_environment("ar_EG", tmp_path)) as gimp:
        gimp.open_picture()
        gimp.venice_menu_item("توليد طبقات…").press()
        title = "توليد طبقات"
        window = wait_for(lambda: next((window for application in applications_named(APPLICATION) for window in application.children()
                                        if window.name == title), None), f"window “{title}”")
        model = wait_for(lambda: next((widget for widget in window.all(Role.TOGGLE_BUTTON) if "Z-Image Turbo" in widget.name), None), "the model")
        model.press()
        label = wait_for(lambda: next((widget for widget in window.all(Role.LABEL) if "Z-Image Turbo" in widget.name), None), "the list")
        text = label.text
        wait_for(lambda: label.character_edges(text.index("Z"))[0] > 0, "the list has its place")
        first, last, dollar, private = (label.character_edges(text.index(part)) for part in ("Z", "Turbo", "$", "خاص"))
        assert first[1] <= last[0], "the name reads from left to right"
        assert dollar[1] <= first[0], "the price comes after the name: to its left"
        assert private[1] <= dollar[0], "and privacy after the price"
        Dialog(gimp, window, title).screenshot("models-ar")
        press_keys("Escape")
        window.find(Role.TEXT, "الوصف").set_text("a bridge")
        sandbox.next(status=503, headers={"Retry-After": "600"}, json={"error": "The model is at capacity"})
        wait_for(lambda: [button for button in window.all(Role.PUSH_BUTTON) if "$0.01" in button.name and button.is_sensitive], "the button")[0].press()
        said = wait_for(lambda: next((widget for widget in window.all(Role.LABEL) if "غير متصل" in widget.name), None), "what went wrong")
        name, rest = (said.character_edges(said.text.index(part)) for part in ("Z", "غير"))
        assert rest[1] <= name[0], "a sentence that begins with a name goes on to its left"
        Dialog(gimp, window, title).screenshot("names-ar")
        close_window(title, window.process_id)
        wait_for(lambda: not applications_named(APPLICATION), "the window is closed")


def test_the_seed_can_be_read_in_the_narrowest_window(gimp, image, sandbox) -> None:
    Dialog.forget_everything(gimp)
    dialog = Dialog.open(gimp)
    try:
        dialog.wait_for_models()
        resize_window(dialog.title, 400, 640)
        wait_for_size(dialog.title, (400, 640))
        left, _, right, _ = wait_for(lambda: dialog.seed, "the seed").edges
        text = dialog.seed.text
        assert text == "New Each Time"
        assert left <= dialog.seed.character_edges(0)[0] and dialog.seed.character_edges(len(text) - 1)[1] <= right, "all of it is in sight"
        dialog.screenshot("dialog-narrowest")
    finally:
        resize_window(dialog.title, 480, 740)  # it is remembered
        dialog.close()


def rows_in_sight(dialog: Dialog) -> list[str]:
    """The rows of the form that are seen whole, between the prompt and the notice, or else the button."""
    alerts = dialog.window.all(Role.ALERT)
    below = alerts[0] if alerts else dialog.generate_button
    _, _, _, top = dialog.prompt.edges
    _, bottom, _, _ = below.edges
    rows = dialog.window.all(Role.TOGGLE_BUTTON)
    return [row.name for row in rows if row.edges[1] >= top and row.edges[3] <= bottom]


def assert_nothing_overlaps(dialog: Dialog, size: tuple[int, int]) -> None:
    (notice,) = dialog.window.all(Role.ALERT)
    generate, results = dialog.generate_button, dialog.window.find(Role.TEXT, "Search Results")
    column = [dialog.image, dialog.prompt, notice, generate, results]
    for above, below in zip(column, column[1:]):
        assert above.edges[3] <= below.edges[1], f"“{above.name}” {above.edges} lies over “{below.name}” {below.edges}"
    for widget in [*column, *notice.all(Role.PUSH_BUTTON)]:
        left, top, right, bottom = widget.edges
        assert 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1], f"“{widget.name}” {widget.edges} is within {size}"


def test_smallest_size_has_rows_beside_a_notice(gimp, image, sandbox) -> None:
    size = (400, 480)
    Dialog.forget_everything(gimp)
    dialog = Dialog.open(gimp)
    try:
        dialog.wait_for_models()
        dialog.wait_for_notice("the model does not see the image")
        resize_window(dialog.title, *size)
        wait_for_size(dialog.title, size)
        wait_for(lambda: len(rows_in_sight(dialog)) >= 2, "rows of the form are in sight")
        assert_nothing_overlaps(dialog, size)
        dialog.screenshot("dialog-smallest-notice")
        dialog.button("Understood").press()
        wait_for(lambda: not dialog.notice, "no notice")
        wait_for(lambda: len(rows_in_sight(dialog)) >= 3, "more rows are in sight")
        dialog.screenshot("dialog-smallest")
        sandbox.next(status=400, json={"error": "The server may tell what it does not like in a sentence that goes on and on. " * 4})
        dialog.describe("a long story")
        dialog.generate()
        dialog.wait_for_notice("goes on and on")
        wait_for(lambda: rows_in_sight(dialog), "a row is in sight with the longest notice, too")
        assert window_size(dialog.title) == size, "the window did not grow"
        assert_nothing_overlaps(dialog, size)
        dialog.screenshot("dialog-smallest-error")
    finally:
        resize_window(dialog.title, 480, 740)  # it is remembered
        dialog.close()


def test_double_scale_and_wide(desktop, sandbox) -> None:
    with Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key, environment={"GDK_SCALE": "2"}) as gimp:
        gimp.open_picture()
        dialog = Dialog.open(gimp)
        dialog.wait_for_models()
        dialog.screenshot("dialog-scale-2")
        dialog.close()
    with Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key) as gimp:
        gimp.open_picture()
        dialog = Dialog.open(gimp)
        dialog.wait_for_models()
        resize_window(dialog.title, 900, 600)
        results = dialog.window.find(Role.LIST, "Results")
        prompt = dialog.prompt
        wait_for(lambda: results.position[0] > prompt.position[0] + 300, "the results stand beside the form")
        dialog.screenshot("dialog-wide")
        resize_window(dialog.title, 400, 480)
        wait_for(lambda: results.position[1] > prompt.position[1] + 100, "the results stand below the form")
        dialog.screenshot("dialog-small")
        dialog.close()
