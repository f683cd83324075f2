# SPDX-License-Identifier: MIT
"""From the last byte of an answer to the layer standing in GIMP, beside GIMP's own Open as Layers of the same file; and how long the window's main
loop is away meanwhile. All in the dialog, with everything that it does besides: the image is on disk before it is a layer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from new_files import NewFiles
from nginx import Nginx
from rows import Figure, Row
from setting import Setting, column

SIDE = 4096
FORMATS: dict[str, dict[str, Any]] = {"PNG": {"compress_level": 1}, "JPEG": {"quality": 90}, "WebP": {"quality": 85, "method": 0}}
SPEED = 50e6  # bytes per second, of all streams together
AT_ONCE = 1e12
DELAY = 1.0  # seconds that the server takes: long enough that all is at rest when the bytes come
FILL_LAYER = Path(__file__).with_name("fill_layer.py")
TIME = "__import__('time')"  # inside of expressions that GIMP's Python evaluates


def picture(path: Path, options: dict[str, Any]) -> Path:
    """Soft shapes with some noise, as photographs have: 26 MB as PNG, 7 as JPEG, 5 as WebP."""
    from PIL import Image, ImageChops

    soft = Image.linear_gradient("L").resize((SIDE, SIDE))
    noise = Image.frombytes("L", (SIDE, SIDE), random.Random(1).randbytes(SIDE * SIDE)).point(lambda value: value // 5)
    bands = [ImageChops.add(soft.rotate(angle), noise) for angle in (0, 90, 180)]
    Image.merge("RGB", bands).save(path, path.suffix[1:].upper(), **options)
    return path


class Measurement:
    """What one GIMP does with one file after the other."""

    def __init__(self, gimp: Any, sandbox: Any, dialog_class: Any) -> None:
        self.gimp, self.sandbox, self.dialog_class = gimp, sandbox, dialog_class
        self.threads = ThreadPoolExecutor(max_workers=1)

    def new_image(self) -> int:
        return self.gimp.open_picture(SIDE, SIDE)

    def gimps_own(self, path: Path, count: int) -> dict[str, float]:
        image = self.new_image()
        load = (f"[Gimp.Image.get_by_id({image}).insert_layer(Gimp.file_load_layer(Gimp.RunMode.NONINTERACTIVE, Gimp.Image.get_by_id({image}),"
                f" Gio.File.new_for_path({str(path)!r})), None, 0) for _ in range({count})]")
        seconds = self.gimp.ask(f"(lambda start: ({load}, Gimp.displays_flush(), {TIME}.monotonic() - start))({TIME}.monotonic())[2]")
        self.gimp.close_image(image)
        return {"ms": seconds * 1000}

    def filled(self) -> dict[str, float]:
        """A layer by a plug-in that has all of its pixels."""
        return {"ms": self.gimp.ask(f"__import__('runpy').run_path({str(FILL_LAYER)!r})['seconds']") * 1000}

    def ours(self, path: Path, count: int, speed: float) -> dict[str, float]:
        with self.ready(path, count, speed) as (image, dialog):
            runs = self.runs()
            dialog.generate()
            marked = self.marked(runs, count)
            standing = min(self.wait_for_layers(image, count + 1), marked.result(timeout=120))
            requests = self.sandbox.requests("/image/generate", count=count)
            sent = max(datetime.fromisoformat(request["time"]).timestamp() + request["seconds"] for request in requests)
        return {"ms": max(standing - sent, 0.0005) * 1000}

    def stalls(self, path: Path, count: int) -> dict[str, float]:
        from heartbeat import Heartbeat
        from waiting import wait_for

        with self.ready(path, count, SPEED) as (_, dialog), Heartbeat(dialog) as heartbeat:
            dialog.generate()
            wait_for(lambda: dialog.newest_run_says("layers added"), "the layers", timeout=120)
        return {"ms": max(heartbeat.seconds) * 1000}

    @contextmanager
    def ready(self, path: Path, count: int, speed: float) -> Iterator[tuple[int, Any]]:
        """An image and the dialog, of which all is set, and the server, which will send that file so often."""
        image = self.new_image()
        dialog = self.dialog_class.open(self.gimp)
        dialog.wait_for_models()
        understood = dialog.window.maybe(dialog_role(), "Understood")
        if understood:
            understood.press()
        dialog.describe("a benchmark")
        dialog.set_images(count)
        self.sandbox.reset()
        self.sandbox.next(image_file=str(path), times=count, delay=DELAY, trickle=speed / count)
        yield image, dialog
        dialog.close()
        self.gimp.close_image(image)

    def wait_for_layers(self, image: int, count: int) -> float:
        """When the image has that many, in seconds since 1970."""
        layers = f"Gimp.Image.get_by_id({image}).get_layers()"
        have = f"len({layers})" if count == 2 else f"sum(len(layer.get_children()) if layer.is_group() else 1 for layer in {layers})"
        now = f"({TIME}.sleep(0.005), {have}, {TIME}.time())[1:]"
        return float(self.gimp.ask(f"next(when for found, when in iter(lambda: {now}, None) if found >= {count})"))

    def runs(self) -> set[Path]:
        folder = self.gimp.profile / "venice-gimp" / "runs"
        return set(folder.iterdir()) if folder.exists() else set()

    def marked(self, earlier_runs: set[Path], count: int) -> Future[float]:
        """When the plug-in notes on the disk that GIMP has the last of so many layers, in seconds since 1970: GIMP itself answers a question later, while
        it paints what is new, which its own loading does not wait for either."""
        from waiting import wait_for

        files = NewFiles(wait_for(lambda: self.runs() - earlier_runs, "the folder of the run").pop())
        return self.threads.submit(files.wait_for, count, lambda name: name.endswith(".settled"))


def dialog_role() -> Any:
    from accessible import Role

    return Role.PUSH_BUTTON


def pair(setting: Setting, what: str, ours: Callable[[], dict[str, float]], gimps: Callable[[], dict[str, float]], reach: float) -> Row:
    costs = setting.round_by_round({"ours": ours, "gimp": gimps})
    return Row(what, Figure("Venice", "ms", column(costs["ours"], "ms")), Figure("GIMP", "ms", column(costs["gimp"], "ms")), reach)


def filling(setting: Setting, what: str, measure: Measurement, arrival: dict[str, float]) -> Row:
    """Where this is above 1, layers cannot stand with the last byte."""
    costs = setting.round_by_round({"filled": measure.filled, "arrival": lambda: arrival})
    return Row(what, Figure("GIMP", "ms", column(costs["filled"], "ms")), Figure("arrival", "ms", column(costs["arrival"], "ms")), None)


def rows_of(name: str) -> Callable[[Setting, Nginx], list[Row]]:
    """Of one format: a module by itself, for these take minutes."""

    def rows(setting: Setting, server: Nginx) -> list[Row]:
        measure = Measurement(*setting.gimp)
        path = picture(setting.folder / f"picture.{name.lower()}", FORMATS[name])
        size = f"{path.stat().st_size / 1e6:.0f} MB"
        arrival = {"ms": path.stat().st_size / SPEED * 1000}
        return [
            pair(setting, f"last byte of a {SIDE} × {SIDE} {name} ({size}) to its layer, bytes arriving at 50 MB/s",
                 lambda: measure.ours(path, 1, SPEED), lambda: measure.gimps_own(path, 1), 0.03),
            pair(setting, f"the same, {name}, all bytes at once",
                 lambda: measure.ours(path, 1, AT_ONCE), lambda: measure.gimps_own(path, 1), 0.5),
            filling(setting, f"the same, {name}: GIMP takes all pixels from a plug-in that has them, over the time in which the bytes arrive at 50 MB/s",
                    measure, arrival),
        ]

    return rows


def rows_of_four(setting: Setting, server: Nginx) -> list[Row]:
    measure = Measurement(*setting.gimp)
    path = picture(setting.folder / "picture.png", FORMATS["PNG"])
    at_once = pair(setting, "four PNGs, all bytes at once", lambda: measure.ours(path, 4, AT_ONCE), lambda: measure.gimps_own(path, 4), 0.4)
    gaps = setting.round_by_round({"gaps": lambda: measure.stalls(path, 4)})["gaps"]
    return [at_once, Row("longest gap of the dialog's main loop while four PNGs arrive", Figure("Venice", "ms", column(gaps, "ms")), None, 30)]
