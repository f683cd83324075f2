# SPDX-License-Identifier: MIT
"""One window beside the image: raised again, turned to another image, remembered, and used by keyboard alone."""

from __future__ import annotations

from accessible import Role
from desktop import press_keys, type_text
from dialog import Dialog
from results_strip import focused_window
from waiting import wait_for


def test_opening_again_raises_the_window_and_turns_to_the_image(dialog: Dialog, gimp, image) -> None:
    dialog.describe("kept while the image changes")
    other = gimp.open_picture(300, 600)
    try:
        again = Dialog.open(gimp)
        assert again.window.process_id == dialog.window.process_id
        wait_for(lambda: int(dialog.shown_in("Size").split(" × ")[1]) > 1000,
                 "the shape of the other image")
        assert dialog.prompt.text == "kept while the image changes"
        Dialog.open_for_new_image(gimp)
        wait_for(lambda: dialog.image.chosen == "New Image", "File ▸ Create chooses a new image")
        assert len(Dialog.windows()) == 1
    finally:
        gimp.close_image(other)


def test_values_are_remembered(dialog: Dialog, gimp, image) -> None:
    dialog.describe("a mill by the river")
    dialog.set_images(2)
    dialog.choose("Style", "Watercolor")
    dialog.choose_model("Venice SD35")
    dialog.close()
    again = Dialog.open(gimp)
    again.wait_for_models()
    assert again.prompt.text == "a mill by the river"
    assert again.shown_in("Style") == "Watercolor"
    assert again.shown_in("Model").startswith("Venice SD35")
    assert again.generate_button.name.startswith("Generate 2 ")
    again.close()


def test_model_by_keyboard_alone(dialog: Dialog) -> None:
    wait_for(lambda: dialog.prompt.has_focus, "the prompt has the focus")
    press_keys("alt+m")
    wait_for(lambda: dialog.window.maybe(Role.TEXT, "Search"), "the list of models")
    type_text("nano banana pro")
    press_keys("Return")
    wait_for(lambda: dialog.shown_in("Model").startswith("Nano Banana Pro"), "the model")
    press_keys("alt+s")
    wait_for(lambda: dialog.window.maybe(Role.TEXT, "Search"), "the list of styles")
    press_keys("Escape")
    wait_for(lambda: not dialog.window.maybe(Role.TEXT, "Search"), "Escape closes the list")
    assert dialog.is_open


def test_favorites_stand_on_top(dialog: Dialog) -> None:
    dialog.open_list("Model")
    star = wait_for(lambda: dialog.window.starting_with(Role.TOGGLE_BUTTON, "Favorite: Qwen Image ·"), "the star")
    star.press()
    press_keys("Escape")
    wait_for(lambda: not dialog.window.maybe(Role.TEXT, "Search"), "the list is closed")
    dialog.open_list("Model")
    assert dialog.listed()[0].name.startswith("Qwen Image ·")
    dialog.screenshot("models")


def test_dear_orders_are_asked_for_first(dialog: Dialog, gimp, image, sandbox) -> None:
    dialog.describe("dear")
    dialog.choose_model("Nano Banana Pro")
    dialog.menu("Settings…")
    dialog.window.find(Role.SPIN_BUTTON, "Ask Above a Price in US Dollars").value = 0.5
    press_keys("Escape")
    dialog.set_images(4)
    dialog.generate()
    dialog.wait_for_notice("4 images cost $0.72.")
    dialog.screenshot("ask")
    assert sandbox.requests("/image/generate") == []
    dialog.notice_button("Generate 4 · $0.72").press()
    wait_for(lambda: len(gimp.layers(image)) == 5, "four layers")
    assert not dialog.notice


def test_models_used_last_and_those_that_will_go(dialog: Dialog, gimp, image) -> None:
    dialog.describe("a windmill")
    dialog.choose_model("Wan 2.7")
    dialog.generate()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    dialog.open_list("Model")
    models = [item.name for item in dialog.listed() if " · " in item.name]  # the result below is an item of a list, too
    assert models[0].startswith("Wan 2.7 ·"), "the model used last stands on top"
    dialog.window.find(Role.TEXT, "Search").set_text("sandbox: deprecated")
    going = wait_for(lambda: dialog.window.starting_with(Role.LIST_ITEM, "Sandbox: deprecated"), "the model that will be removed")
    assert going.is_sensitive
    assert "Will be removed on " in going.name and going.name.endswith("; replaced by Z-Image Turbo")
    press_keys("Escape")


def test_presets(dialog: Dialog) -> None:
    dialog.describe("first")
    dialog.choose("Style", "Anime")
    dialog.menu("Presets…")
    dialog.window.find(Role.TEXT, "Preset Name").set_text("Comic")
    dialog.button("Save Preset").press()
    dialog.window.find(Role.LIST_ITEM, "Comic")
    dialog.screenshot("presets")
    dialog.button("Reset to Defaults").press()
    wait_for(lambda: dialog.prompt.text == "", "the defaults")
    assert dialog.shown_in("Style") == "None"
    dialog.menu("Presets…")
    dialog.window.find(Role.LIST_ITEM, "Comic").focus()
    press_keys("Return")
    wait_for(lambda: dialog.prompt.text == "first" and dialog.shown_in("Style") == "Anime", "the preset")


def save_presets(dialog: Dialog, *names: str) -> None:
    """Each with its name as the prompt. The panel stays open."""
    for name in names:
        dialog.describe(name)
        dialog.menu("Presets…")
        dialog.window.find(Role.TEXT, "Preset Name").set_text(name)
        dialog.button("Save Preset").press()
        dialog.window.find(Role.LIST_ITEM, name)
        if name != names[-1]:
            dialog.window.find(Role.TEXT, "Preset Name").focus()
            press_keys("Escape")
            wait_for(lambda: not dialog.window.maybe(Role.TEXT, "Preset Name"), "the presets are closed")


def select_preset(dialog: Dialog, name: str) -> None:
    """Without loading it, as the arrow keys do."""
    presets = dialog.window.find(Role.LIST_BOX, "Presets")
    names = [row.name for row in presets.children()]
    assert presets._do("Selection", "SelectChild", "(i)", names.index(name))
    wait_for(lambda: dialog.button("Delete").is_sensitive, "it can be deleted")


def preset_names(dialog: Dialog) -> list[str]:
    return [row.name for row in dialog.window.find(Role.LIST_BOX, "Presets").all(Role.LIST_ITEM)]


def test_a_preset_gets_another_name(dialog: Dialog) -> None:
    save_presets(dialog, "Comic", "Oil")
    select_preset(dialog, "Comic")
    dialog.button("Rename…").press()
    name = dialog.window.find(Role.TEXT, "Preset Name")
    wait_for(lambda: name.text == "Comic" and name.has_focus, "its name can be changed")
    name.set_text("Oil")
    dialog.button("Save Preset").press()
    wait_for(lambda: "There is already a preset of this name." in dialog.window.texts(), "it says so")
    assert preset_names(dialog) == ["Comic", "Oil"], "neither was lost"
    dialog.screenshot("preset-name-taken")
    select_preset(dialog, "Comic")
    dialog.button("Rename…").press()
    wait_for(lambda: name.text == "Comic", "once more")
    name.set_text("Manga")
    dialog.button("Save Preset").press()
    wait_for(lambda: preset_names(dialog) == ["Manga", "Oil"], "the new name")
    assert "There is already a preset of this name." not in dialog.window.texts()
    dialog.window.find(Role.LIST_ITEM, "Manga").focus()
    press_keys("Return")
    wait_for(lambda: dialog.prompt.text == "Comic", "it has what was saved under the old name")


def test_a_preset_is_deleted(dialog: Dialog, gimp) -> None:
    save_presets(dialog, "Comic", "Oil")
    assert not dialog.button("Delete").is_sensitive and not dialog.button("Rename…").is_sensitive, "none is chosen"
    select_preset(dialog, "Comic")
    dialog.button("Delete").press()
    wait_for(lambda: preset_names(dialog) == ["Oil"], "it is gone")
    select_preset(dialog, "Oil")
    dialog.button("Delete").press()
    wait_for(lambda: preset_names(dialog) == [] and not dialog.button("Delete").is_sensitive, "that one, too")
    dialog.screenshot("no-presets")
    dialog.window.find(Role.TEXT, "Preset Name").focus()
    press_keys("Escape")
    assert dialog.prompt.text == "Oil", "the form is left alone"
    dialog.close()
    again = Dialog.open(gimp)
    try:
        again.wait_for_models()
        again.menu("Presets…")
        again.window.find(Role.TEXT, "Preset Name")
        assert preset_names(again) == []
        again.window.find(Role.TEXT, "Preset Name").focus()
        press_keys("Escape")
    finally:
        again.close()


def test_headings_of_the_list_of_models_are_heard(dialog: Dialog) -> None:
    def headings() -> list[tuple[str, str]]:
        return [(item.name.split(" ·")[0], item.description) for item in dialog.listed() if item.description]

    dialog.open_list("Model")
    assert headings() == [], "without favorites there is one part only"
    wait_for(lambda: dialog.window.starting_with(Role.TOGGLE_BUTTON, "Favorite: Qwen Image ·"), "the star").press()
    press_keys("Escape")
    wait_for(lambda: not dialog.window.maybe(Role.TEXT, "Search"), "the list is closed")
    search = dialog.open_list("Model")
    wait_for(lambda: headings()[:1] == [("Qwen Image", "Favorites")], "the heading of the favorites")
    assert [heading for _, heading in headings()].count("All Models") == 1, "said once, with the first below it"
    search.set_text("venice sd35")
    wait_for(lambda: headings() == [("Venice SD35", "All Models")], "with the first that is found")
    press_keys("Escape")


def test_earlier_prompts(dialog: Dialog, gimp, image) -> None:
    dialog.describe("an orchard")
    dialog.generate()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    dialog.describe("")
    dialog.window.find(Role.TOGGLE_BUTTON, "Earlier Prompts").press()
    dialog.window.find(Role.LIST_ITEM, "an orchard")
    dialog.window.find(Role.TEXT, "Search").press()
    wait_for(lambda: dialog.prompt.text == "an orchard", "the earlier prompt")


def test_place_follows_the_selection(dialog: Dialog, gimp, image, sandbox) -> None:
    selection = dialog.window.find(Role.RADIO_BUTTON, "Into the Selection")
    assert not selection.is_sensitive and selection.description == "Nothing is selected in the image."
    gimp.ask(f"Gimp.Image.get_by_id({image}).select_rectangle(Gimp.ChannelOps.REPLACE, 100, 100, 200, 400)")
    Dialog.open(gimp)
    wait_for(lambda: selection.is_checked, "the selection is the target")
    width, height = (int(side) for side in dialog.shown_in("Size").removeprefix("Automatic · ").split(" × "))
    assert height > 1.8 * width, "Automatic takes the shape of the selection"
    dialog.screenshot("selection")
    dialog.window.find(Role.RADIO_BUTTON, "Onto the Canvas").press()
    wait_for(lambda: dialog.shown_in("Size") == "Automatic · 1248 × 832", "the shape of the canvas")


def test_selection_that_changes_while_the_window_has_the_focus(dialog: Dialog, gimp, image, sandbox) -> None:
    """GIMP does not tell of it, and no focus comes: the press of Generate must look again."""
    wait_for(lambda: dialog.shown_in("Size") == "Automatic · 1248 × 832", "the shape of the canvas")
    dialog.describe("a tower")
    wait_for(lambda: dialog.prompt.has_focus and focused_window() == dialog.title, "the window has the focus")
    gimp.ask(f"Gimp.Image.get_by_id({image}).select_rectangle(Gimp.ChannelOps.REPLACE, 100, 100, 200, 400)")
    assert dialog.shown_in("Size") == "Automatic · 1248 × 832", "else this test tests nothing"
    press_keys("ctrl+Return")
    [entry] = sandbox.requests("/image/generate", count=1, timeout=60)
    assert entry["json"]["height"] == 2 * entry["json"]["width"], "the shape of the selection"
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    assert gimp.layer_sizes(image)[0] == (200, 400)


def test_quick_mask_that_comes_while_the_window_has_the_focus(dialog: Dialog, gimp, image, sandbox) -> None:
    dialog.describe("a tower")
    wait_for(lambda: dialog.generate_button.is_sensitive, "Generate can be pressed")
    toggle = gimp.menu_item("Select", "Toggle Quick Mask")
    toggle.press()
    wait_for(lambda: toggle.is_checked, "the Quick Mask")
    dialog.generate_button.press()
    dialog.wait_for_notice("Leave Quick Mask (Shift+Q) first.")
    assert sandbox.requests("/image/generate") == [] and dialog.run_count == 0
    gimp.menu_item("Select", "Toggle Quick Mask").press()
    wait_for(lambda: not toggle.is_checked, "no Quick Mask")
