# SPDX-License-Identifier: MIT
"""Edit ▸ Undo and Edit ▸ Redo after everything that changes an image: each is one step, there and back.

Without a window GIMP offers no Undo, so scripts' calls are tried here too: the witness makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from gimp_gui import BUILD, Gimp
from waiting import wait_for

HELPER = BUILD / "tests" / "gimp" / "venice-layers-helper"

# All that undoing has to bring back, from top to bottom.
STATE = """[(depth, layer.get_name(), layer.get_visible(), list(layer.get_offsets())[1:], layer.get_width(), layer.get_height(), layer.get_mask() is not None)
 for top in image.get_layers() for depth, layer in [(0, top)] + [(1, child) for child in (top.get_children() if top.is_group() else [])]]"""


class UndoableGimp(Gimp):
    """With the helper that makes the window's deeds callable."""

    def _make_profile(self) -> None:
        super()._make_profile()
        (self.folder / "plug-ins" / HELPER.name).symlink_to(HELPER.resolve())

    def call(self, name: str, **arguments: object) -> list[int]:
        """Runs a procedure without a dialog. Returns the numbers of the layers that it gives."""
        image = arguments.pop("image", None)
        setting = "".join(f", config.set_property({key.replace('_', '-')!r}, {value!r})" for key, value in arguments.items())
        if image is not None:
            setting += f", config.set_property('image', Gimp.Image.get_by_id({image}))"
        text, layers = self.ask(
            f"[[r.index(1) if r.index(0) != Gimp.PDBStatusType.SUCCESS else '', "
            f" [v.get_id() for i in range(1, r.length()) for v in (r.get_core_object_array(i) if 'Array' in str(procedure.get_return_values()[i - 1].value_type) else [])]]"
            f" for procedure in [Gimp.get_pdb().lookup_procedure({name!r})] for config in [procedure.create_config()]"
            f" for r in [(0{setting}, procedure.run(config))[-1]]][0]")
        assert not text, text
        return layers

    def state(self, image: int) -> list[object]:
        base = self.ask(f"str(Gimp.Image.get_by_id({image}).get_base_type().value_nick)")
        return [base, self.ask(" ".join(f"[{STATE} for image in [Gimp.Image.get_by_id({image})]][0]".split()))]

    def entry(self, kind: str) -> str:
        """The text of Edit ▸ Undo or Edit ▸ Redo; empty if there is nothing to undo or redo."""
        entry = self.menu_item("Edit", kind)
        return entry.name if entry.is_sensitive else ""


@pytest.fixture(scope="module")
def gimp(desktop, sandbox_process) -> Iterator[UndoableGimp]:
    with UndoableGimp(desktop, base_url=sandbox_process.base_url, key=sandbox_process.key) as running:
        yield running


def wait_for_step(gimp: UndoableGimp, name: str) -> None:
    """Until the menu tells of the step that was just made: GIMP brings it up to date when displays are flushed, or at the next event."""
    gimp.ask("Gimp.displays_flush()")
    wait_for(lambda: name in gimp.entry("Undo"), f"“{name}” can be undone")


@pytest.fixture
def masked(gimp: UndoableGimp, image: int) -> int:
    """A picture with a selection, which is the one step that can be undone."""
    gimp.ask(f"[image.select_rectangle(Gimp.ChannelOps.REPLACE, 100, 100, 300, 200) for image in [Gimp.Image.get_by_id({image})]][0]")
    wait_for_step(gimp, "Select")
    return image


def assert_one_step(gimp: UndoableGimp, image: int, change: Callable[[], object]) -> None:
    """The change is undone by one step and done again by one step."""
    before, last_step = gimp.state(image), gimp.entry("Undo")
    change()
    after = gimp.state(image)
    assert after != before
    for _ in range(2):
        wait_for(lambda: gimp.entry("Undo") != last_step, "a step more")
        assert gimp.entry("Redo") == ""
        gimp.menu_item("Edit", "Undo").press()
        wait_for(lambda: gimp.state(image) == before, f"one step takes it back to {before}")
        wait_for(lambda: gimp.entry("Undo") == last_step, f"“{last_step}” is the next to be undone")
        gimp.menu_item("Edit", "Redo").press()
        wait_for(lambda: gimp.state(image) == after, f"one step brings back {after}")
        wait_for(lambda: gimp.entry("Redo") == "", "nothing is left to do again")


SMALL = {"model": "z-image-turbo", "width": 64, "height": 48, "prompt": "a red fox"}


@pytest.mark.parametrize("more", [
    {"seed": 1},
    {"seed": 1, "placement": "cover"},
    {"seed": 1, "variants": 3, "group": "automatic", "placement": "cover"},
    {"seed": 1, "variants": 3, "group": "never", "placement": "fit"},
], ids=["one layer", "one with a mask", "a group of three with masks", "three without a group"])
def test_a_scripts_layers(gimp, sandbox, masked, more) -> None:
    assert_one_step(gimp, masked, lambda: gimp.call("plug-in-venice-generate-layers", image=masked, **SMALL, **more))
    count = more.get("variants", 1) + (more.get("group") == "automatic")
    assert len(gimp.state(masked)[1]) == 1 + count
    assert any(entry[-1] for entry in gimp.state(masked)[1]) == (more.get("placement") == "cover")


def test_a_new_image_has_nothing_to_undo(gimp, sandbox, image) -> None:
    before = set(gimp.images())
    gimp.call("plug-in-venice-create-image", variants=2, **SMALL)
    (created,) = set(gimp.images()) - before
    display = gimp.ask(f"Gimp.Display.new(Gimp.Image.get_by_id({created})).get_id()")
    try:
        assert len(gimp.layers(created)) == 2
        wait_for(lambda: gimp.ask(f"Gimp.Display.get_by_id({display}).present() or 1"), "its window")
        wait_for(lambda: gimp.entry("Undo") == "" and gimp.entry("Redo") == "", "nothing to undo")
        assert gimp.ask(f"Gimp.Image.get_by_id({created}).undo_is_enabled()")
        # and from here on there is
        assert_one_step(gimp, created, lambda: gimp.call("plug-in-venice-generate-layers", image=created, **SMALL))
    finally:
        gimp.ask(f"Gimp.Display.get_by_id({display}).delete()")


def ids(layers: list[int]) -> str:
    return " ".join(str(layer) for layer in layers)


@pytest.mark.parametrize("deed", ["keep-only", "show-alone"])
@pytest.mark.parametrize("group", ["automatic", "never"])
def test_a_deed_with_the_layers_of_a_run(gimp, masked, deed, group) -> None:
    layers = gimp.call("test-venice-insert", image_id=masked, count=3, group=group)
    assert len(layers) == 3
    wait_for_step(gimp, "test-venice-insert")
    assert_one_step(gimp, masked, lambda: gimp.call(f"test-venice-{deed}", layer_ids=ids(layers), layer_id=layers[1]))
    names = [entry[1] for entry in gimp.state(masked)[1]]
    assert ("New 1" in names) == (deed == "show-alone") and "New 2" in names


def test_converting_to_rgb(gimp, image) -> None:
    gimp.ask(f"Gimp.Image.get_by_id({image}).convert_grayscale()")
    wait_for_step(gimp, "Grayscale")
    assert_one_step(gimp, image, lambda: gimp.call("test-venice-convert-to-rgb", image_id=image))
    assert gimp.state(image)[0] == "rgb"


def test_an_insertion_that_was_cancelled_is_no_step(gimp, masked) -> None:
    before, last_step = gimp.state(masked), gimp.entry("Undo")
    for steps in (0, 3, 9):
        assert gimp.call("test-venice-insert", image_id=masked, count=3, steps=steps, meanwhile="cancel") == []
    assert gimp.state(masked) == before
    assert gimp.entry("Undo") == last_step


def test_a_real_quick_mask_is_seen(gimp, sandbox, image) -> None:
    """GIMP has no procedure for its Quick Mask, so this too needs a window."""
    toggle = gimp.menu_item("Select", "Toggle Quick Mask")
    toggle.press()
    wait_for(lambda: toggle.is_checked, "the Quick Mask")
    with pytest.raises(AssertionError, match=r"Leave Quick Mask \(Shift\+Q\) first"):
        gimp.call("plug-in-venice-generate-layers", image=image, **SMALL)
    assert sandbox.requests("/image/generate") == []
    gimp.menu_item("Select", "Toggle Quick Mask").press()
    wait_for(lambda: not toggle.is_checked, "no Quick Mask")
    gimp.call("plug-in-venice-generate-layers", image=image, **SMALL)
    assert len(gimp.layers(image)) == 2
