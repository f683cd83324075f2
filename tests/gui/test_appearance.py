# SPDX-License-Identifier: MIT
"""The window in GIMP's light and dark theme: it follows, and the pictures are kept to be looked at."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from accessible import Role, applications_named
from desktop import fill_screen, move_window, resize_window, screenshot
from dialog import APPLICATION, Dialog
from gimp_gui import SCREENSHOTS, Gimp, locale_environment
from waiting import wait_for


def brightness(picture: Path, region: str) -> float:
    """Mean of a region ("WxH+X+Y") of a picture, 0 to 1."""
    command = ["convert", str(picture), "-crop", region, "-colorspace", "Gray", "-format", "%[fx:mean]", "info:"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout)


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
            assert any("0,01" in widget.name for widget in window.all(Role.PUSH_BUTTON)), "prices as the language writes them"
        dialog.screenshot(f"dialog-{locale[:2]}")


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
