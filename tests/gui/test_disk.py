# SPDX-License-Identifier: MIT
"""A disk that is full or read-only: what was paid is inserted all the same, and what cannot be kept is told once, with what helps."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from accessible import Role
from dialog import Dialog
from gimp_gui import Gimp
from results_strip import activate, choose, earlier_runs, save_window, select, tile_names, wait_for_tiles, work_in_gimp
from waiting import wait_for

NOT_KEPT = "Images cannot be kept on disk. What is not inserted is lost when this window closes."


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, timeout=30)
    if done.returncode != 0:
        pytest.skip(f"this user cannot mount a file system: {done.stderr.strip()}")


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mount("-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0700", "none", str(folder))
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=30)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    mount("--bind", str(folder), str(folder))
    try:
        mount("-o", "remount,bind,ro", str(folder))
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=30)


def fill(folder: Path, free: int) -> Path:
    """Until only so many kilobytes are left."""
    file = folder / "something-else"
    disk = os.statvfs(folder)
    file.write_bytes(b"x" * (disk.f_bavail * disk.f_frsize - free * 1024))
    return file


def dismiss(dialog: Dialog) -> None:
    before = dialog.notice
    dialog.notice_button("Dismiss").press()
    wait_for(lambda: dialog.notice != before, "the notice is gone")


@pytest.fixture
def disk(gimp, sandbox, image) -> Iterator[Path]:
    """That of the plug-in's files."""
    Dialog.forget_everything(gimp)
    folder = gimp.profile / "venice-gimp"
    with small_disk(folder, 4096):  # two pictures have up to 1.2 MB each
        yield folder


@pytest.fixture
def opened(gimp, disk) -> Iterator[Dialog]:
    dialog = Dialog.open(gimp)
    dialog.wait_for_models()
    dialog.button("Understood").press()
    wait_for(lambda: "prompt-alone" in (disk / "dialog.json").read_text() if (disk / "dialog.json").exists() else False, "it is remembered")
    yield dialog
    dialog.close()


@pytest.mark.parametrize("free", [0, 16], ids=["not even the note", "only the note"])
def test_full_disk_loses_nothing(opened: Dialog, gimp, image, sandbox, disk: Path, free: int) -> None:
    other_file = fill(disk, free)
    opened.describe("a lighthouse")
    opened.generate()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the image is inserted")
    opened.wait_for_notice(NOT_KEPT)
    assert "No space left on device" in opened.notice
    wait_for_tiles(opened, "1 of 1, done, inserted")
    opened.screenshot(f"full-disk-{free}")

    opened.describe("another lighthouse")
    work_in_gimp()
    opened.generate()
    wait_for(lambda: opened.newest_run_says("1 ready"), "a second one waits")
    opened.ask_to_close()
    opened.wait_for_notice("1 paid image is neither inserted nor on disk. If you close now, it is lost.")
    opened.notice_button("Keep Open").press()
    opened.wait_for_notice(NOT_KEPT)
    other_file.unlink()
    opened.notice_button("Try Again").press()
    wait_for(lambda: NOT_KEPT not in opened.notice, "the images are kept")
    if "Settings and earlier prompts cannot be kept on disk." in opened.notice:  # there may have been room for these
        opened.notice_button("Try Again").press()
    wait_for(lambda: not opened.notice, "nothing is left to say")
    wait_for(lambda: len(list(disk.glob("runs/*/0.json"))) == 2 and len(list(disk.glob("runs/*/0.settled"))) == 1, "both are kept")
    assert len(gimp.layers(image)) == 2, "the second one still waits"
    opened.close()

    again = Dialog.open(gimp)
    again.wait_for_models()
    again.wait_for_notice("1 paid image from an earlier session was not inserted.")
    assert {run.name: tile_names(run) for run in earlier_runs(again)} == {
        "Earlier run: a lighthouse": ["1 of 1, done, inserted"], "Earlier run: another lighthouse": ["1 of 1, done"]}
    again.notice_button("Insert").press()
    wait_for(lambda: len(gimp.layers(image)) == 3, "the second layer")
    assert len(sandbox.requests("/image/generate")) == 2, "nothing was paid twice"
    again.close()


def test_full_disk_where_an_image_is_saved(dialog: Dialog, gimp, image, sandbox, tmp_path: Path) -> None:
    dialog.describe("a lighthouse")
    dialog.generate()
    wait_for_tiles(dialog, "1 of 1, done, inserted")
    select(dialog.runs[0], 1)
    with small_disk(tmp_path / "stick", 64):
        fill(tmp_path / "stick", 4)
        choose(dialog, "Save to a File…")
        save_as(tmp_path / "stick" / "saved.png")
        dialog.wait_for_notice("The image could not be saved.")
        assert "No space left on device" in dialog.notice
        dialog.screenshot("full-disk-saving")
        assert not (tmp_path / "stick" / "saved.png").exists(), "no half of it"
        dialog.notice_button("Save Elsewhere…").press()
        save_as(tmp_path / "saved.png")
        wait_for((tmp_path / "saved.png").exists, "the file")


def save_as(path: Path) -> None:
    chooser = wait_for(save_window, "the window that asks where")
    name = wait_for(lambda: next((entry for entry in chooser.all(Role.TEXT) if "lighthouse" in entry.text), None), "the proposed name")
    name.set_text(str(path))
    wait_for(lambda: name.text == str(path), "the path")
    chooser.find(Role.PUSH_BUTTON, "Save").press()
    wait_for(lambda: save_window() is None, "the question is gone")


def test_read_only_profile(desktop, sandbox) -> None:
    with Gimp(desktop, base_url=sandbox.base_url, key=sandbox.key) as gimp:
        image = gimp.open_picture()
        with read_only(gimp.profile):
            dialog = Dialog.open(gimp)
            dialog.wait_for_models()
            dialog.button("Understood").press()
            dialog.wait_for_notice("Settings and earlier prompts cannot be kept on disk.")
            assert "Read-only file system" in dialog.notice
            dialog.screenshot("read-only-profile")
            dismiss(dialog)
            dialog.describe("a lighthouse")
            dialog.generate()
            wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
            dialog.wait_for_notice(NOT_KEPT)
            dismiss(dialog)
            assert not dialog.notice
            activate(dialog.title)
            dialog.describe("a second lighthouse")
            dialog.choose("Style", "Anime")
            dialog.generate()
            wait_for(lambda: len(gimp.layers(image)) == 3, "the second layer")
            dialog.wait_until_done()
            assert not dialog.notice, "it is said once"
            wait_for_tiles(dialog, "1 of 1, done, inserted", run=1)
            dialog.close()
        assert not (gimp.profile / "venice-gimp").exists()
