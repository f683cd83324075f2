# SPDX-License-Identifier: MIT
"""Draws the pictures: landscapes whose scene, colours and shapes follow from the request.

The same prompt, seed, model and style always give the same bytes.  A few words of the prompt choose
the scene or the hour ("city", "dunes", "night", "winter", ...); everything else comes from a hash.
Only Pillow is used; drawing happens at a moderate size and is scaled up for the large tiers.
"""

from __future__ import annotations

import hashlib
import io
import math
import random
import re
from dataclasses import dataclass
from typing import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .validation import Order

Colour = tuple[int, int, int]
Point = tuple[float, float]

# Longest side at which scenes are drawn; larger pictures are enlarged, smaller ones reduced.
DRAWN_SIDE = 1280
SMALLEST_DRAWN_SIDE = 360

EXIF_PROMPT = 8000  # characters; up to five bytes each


def _hex(code: str) -> Colour:
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


@dataclass(frozen=True)
class Palette:
    """Colours of an hour of the day."""

    name: str
    sky: tuple[Colour, Colour, Colour]  # zenith, middle, horizon
    sun: Colour
    cloud: Colour
    far: Colour
    near: Colour
    dark: bool = False  # stars, moon and lit windows


def _palette(name: str, sky: str, sun: str, cloud: str, far: str, near: str, dark: bool = False) -> Palette:
    zenith, middle, horizon = (_hex(code) for code in sky.split())
    return Palette(name, (zenith, middle, horizon), _hex(sun), _hex(cloud), _hex(far), _hex(near), dark)


PALETTES: tuple[Palette, ...] = (
    _palette("sunset", "3b2a6b d1567a ffb562", "fff1c4", "ff9a8b", "a85b86", "241638"),
    _palette("dawn", "5b7fb8 e3a6bd ffdcb8", "fff7dd", "ffe3dc", "a58fb8", "2b3152"),
    _palette("golden", "6a8fb0 f0c27a fff0bd", "fffbe0", "fff0d0", "c79a63", "3a2a24"),
    _palette("day", "2f7fc1 86c5e8 e6f5f2", "fffbe6", "ffffff", "8fb4c4", "1f4a43"),
    _palette("arctic", "4a8fb5 a9d6e5 f3f7f4", "ffffff", "ffffff", "a9c4d6", "2f4a66"),
    _palette("forest", "4f8f8b a9cfae f4eec2", "fffbd8", "f6f6e0", "7fa893", "12352f"),
    _palette("lavender", "4a3f8f a07fc9 f6c6dc", "fff0f2", "f3d3ec", "8f78b8", "271f4d"),
    _palette("autumn", "51739b e0a46f ffe1a3", "fff6d4", "ffe9cf", "c07a4f", "3d1d1a"),
    _palette("dusk", "14213f 4a4a86 e08a7a", "ffe6c8", "9a6f96", "5a5288", "0f1228", True),
    _palette("night", "060b1f 14264f 34568a", "f4f3e4", "40598a", "2b4470", "060c1c", True),
    _palette("aurora", "041420 0b3346 2a6f73", "e6fff2", "2b6670", "1f5560", "03101a", True),
)

# Words that decide; the first one found in the prompt wins.
HOUR_WORDS: dict[str, tuple[str, ...]] = {
    "aurora": ("aurora", "northern", "polar"),
    "night": ("night", "moon", "moonlight", "star", "stars", "midnight"),
    "dusk": ("dusk", "twilight", "evening", "neon"),
    "sunset": ("sunset", "sundown"),
    "dawn": ("dawn", "sunrise", "morning"),
    "arctic": ("winter", "snow", "snowy", "ice", "arctic", "frozen"),
    "autumn": ("autumn", "fall", "october"),
    "golden": ("golden", "summer", "desert"),
    "lavender": ("lavender", "purple", "dream", "dreamy"),
    "forest": ("forest", "jungle", "green", "spring", "misty"),
    "day": ("day", "noon", "blue"),
}
SCENE_WORDS: dict[str, tuple[str, ...]] = {
    "city": ("city", "town", "skyline", "street", "skyscraper", "skyscrapers", "buildings"),
    "dunes": ("dune", "dunes", "desert", "sahara", "sand"),
    "sea": ("sea", "ocean", "wave", "waves", "beach", "boat", "ship", "coast", "sail"),
    "lake": ("lake", "pond", "reflection", "river", "fjord", "water"),
    "hills": ("hill", "hills", "meadow", "field", "fields", "valley", "tuscany", "balloon", "balloons"),
    "mountains": ("mountain", "mountains", "peak", "peaks", "alps", "forest", "trees", "pine", "pines"),
}


# --- small tools -----------------------------------------------------------------------------------


def mix(first: Colour, second: Colour, amount: float) -> Colour:
    """A colour between two others."""
    amount = min(1.0, max(0.0, amount))
    return tuple(round(a + (b - a) * amount) for a, b in zip(first, second))  # type: ignore[return-value]


def gradient(size: tuple[int, int], stops: Sequence[tuple[float, Colour]]) -> Image.Image:
    """A vertical gradient through (position 0..1, colour) stops, eased between them."""
    width, height = size
    column = Image.new("RGB", (1, height))
    pixels = []
    for y in range(height):
        position = y / max(1, height - 1)
        for (start, first), (end, second) in zip(stops, stops[1:]):
            if position <= end or (end, second) == stops[-1]:
                amount = min(1.0, max(0.0, (position - start) / max(1e-6, end - start)))
                pixels.append(mix(first, second, amount * amount * (3 - 2 * amount)))
                break
    column.putdata(pixels)
    return column.resize(size, Image.Resampling.NEAREST)


def ramp(size: tuple[int, int], top: int, bottom: int) -> Image.Image:
    """A vertical ramp of a mask."""
    column = Image.new("L", (1, size[1]))
    last = max(1, size[1] - 1)
    column.putdata([round(top + (bottom - top) * y / last) for y in range(size[1])])
    return column.resize(size, Image.Resampling.NEAREST)


def noise(rng: random.Random, size: tuple[int, int], cells: tuple[float, float], octaves: int = 4) -> Image.Image:
    """Cloudy noise: random grids of growing fineness, smoothly enlarged and laid over each other."""
    total = Image.new("L", size, 128)
    for octave in range(octaves):
        across = max(2, round(cells[0] * 2**octave))
        down = max(2, round(cells[1] * 2**octave))
        grid = Image.frombytes("L", (across, down), rng.randbytes(across * down))
        layer = grid.resize(size, Image.Resampling.BICUBIC)
        total = layer if octave == 0 else Image.blend(total, layer, 0.36 / (1 + octave * 0.35))
    return total


def fractal_line(rng: random.Random, steps: int, roughness: float) -> list[float]:
    """Heights between about -1 and 1 by midpoint displacement."""
    points = [rng.uniform(-0.6, 0.6), rng.uniform(-0.6, 0.6)]
    spread = 1.0
    while len(points) < steps:
        finer = [points[0]]
        for left, right in zip(points, points[1:]):
            finer += [(left + right) / 2 + rng.uniform(-spread, spread) * 0.5, right]
        points = finer
        spread *= roughness
    return points


def smooth_line(rng: random.Random, steps: int, waves: float) -> list[float]:
    """Heights between -1 and 1: a few sine waves of random phase."""
    parts = [(waves * factor, rng.uniform(0, math.tau), weight)
             for factor, weight in ((0.5, 0.55), (1.1, 0.3), (2.3, 0.15))]
    return [sum(weight * math.sin(math.tau * count * i / (steps - 1) + phase) for count, phase, weight in parts)
            for i in range(steps)]


class Canvas:
    """A picture under construction; shapes are masks drawn at twice the size, so that edges are smooth."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.size = (width, height)
        self.image = Image.new("RGB", self.size)
        self.unit = math.sqrt(width * height)  # measure for things that keep their form in any ratio

    def mask(self, draw: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
        """What draw() draws, in coordinates of the doubled size."""
        big = Image.new("L", (self.width * 2, self.height * 2))
        draw(ImageDraw.Draw(big))
        small = Image.new("L", self.size)
        box = big.getbbox()
        if box:  # only the part with something in it is worth reducing
            left, top, right, bottom = box[0] // 2, box[1] // 2, -(-box[2] // 2), -(-box[3] // 2)
            small.paste(big.reduce(2, (left * 2, top * 2, right * 2, bottom * 2)), (left, top))
        return small

    def below(self, line: Sequence[Point]) -> Image.Image:
        """Mask of everything below a line from left to right."""
        points = [(x * 2, y * 2) for x, y in line]
        points += [(self.width * 2 + 4, self.height * 2 + 4), (-4, self.height * 2 + 4)]
        return self.mask(lambda draw: draw.polygon(points, fill=255))

    def fill(self, mask: Image.Image, paint: Image.Image | Colour) -> None:
        box = mask.getbbox()
        if box:
            self.image.paste(paint if isinstance(paint, tuple) else paint.crop(box), box, mask.crop(box))

    def light(self, mask: Image.Image, colour: Colour) -> None:
        """Adds light, as slide projectors do on one screen."""
        box = mask.getbbox()
        if box:
            part = self.image.crop(box)
            lit = ImageChops.screen(part, Image.new("RGB", part.size, colour))
            self.image.paste(lit, box, mask.crop(box))

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float, power: float = 2.0) -> None:
        """Light around a point."""
        # Pillow's gradient reaches 255 in the corners, so 180 at the middle of each edge.
        disc = Image.radial_gradient("L").point([round(255 * strength * max(0.0, 1 - v / 180) ** power) for v in range(256)])
        side = max(2, round(radius * 2))
        mask = Image.new("L", self.size)
        mask.paste(disc.resize((side, side), Image.Resampling.BICUBIC), (round(centre[0] - radius), round(centre[1] - radius)))
        self.light(mask, colour)

    def line_from(self, heights: Sequence[float], base: float, amplitude: float) -> list[Point]:
        last = len(heights) - 1
        return [(self.width * i / last, base - amplitude * value) for i, value in enumerate(heights)]


# --- the sky ---------------------------------------------------------------------------------------


def draw_sky(canvas: Canvas, rng: random.Random, palette: Palette, horizon: float) -> Point:
    """Gradient, stars or sun, clouds.  Returns where the sun or the moon stands."""
    width, height = canvas.size
    zenith, middle, low = palette.sky
    end = horizon / height
    canvas.image = gradient(canvas.size, [(0, zenith), (end * 0.6, middle), (end, low), (1.001, low)])

    sun = (width * rng.uniform(0.2, 0.8), horizon * (rng.uniform(0.25, 0.5) if palette.dark else rng.uniform(0.45, 0.82)))
    radius = canvas.unit * rng.uniform(0.035, 0.065)

    if palette.dark:
        draw_stars(canvas, rng, horizon)
    if palette.name == "aurora":
        draw_aurora(canvas, rng, horizon)
    canvas.glow(sun, radius * 14, palette.sun, 0.55, 2.2)
    canvas.glow(sun, radius * 4.5, palette.sun, 0.75, 2.0)

    x, y = sun[0] * 2, sun[1] * 2
    disc = canvas.mask(lambda draw: draw.ellipse((x - radius * 2, y - radius * 2, x + radius * 2, y + radius * 2), fill=255))
    if palette.dark and rng.random() < 0.5:  # a crescent: the disc without a shifted disc
        shift = radius * rng.uniform(0.7, 1.1) * rng.choice((-1, 1))
        shadow = canvas.mask(lambda draw: draw.ellipse(
            (x - radius * 2 + shift, y - radius * 2.1 - radius * 0.4, x + radius * 2 + shift, y + radius * 2.1 - radius * 0.4), fill=255))
        disc = ImageChops.subtract(disc, shadow)
    canvas.fill(disc, palette.sun)

    # Clouds: stretched noise above a threshold, stronger towards the middle of the sky.
    cover = rng.uniform(118, 150)
    small = (max(8, width // 3), max(8, height // 3))
    cloudy = noise(rng, small, (rng.uniform(1.5, 2.6) * width / canvas.unit, rng.uniform(4, 7) * height / canvas.unit), 5)
    cloudy = cloudy.point([round(min(1.0, max(0.0, (v - cover) / 70)) ** 0.9 * 205) for v in range(256)])
    cloudy = ImageChops.multiply(cloudy, ramp(small, 235, 60)).resize(canvas.size, Image.Resampling.BICUBIC)
    lit = gradient(canvas.size, [(0, mix(palette.cloud, palette.sky[0], 0.25)), (end, mix(palette.cloud, palette.sun, 0.5)), (1.001, palette.sun)])
    canvas.fill(cloudy, lit)
    return sun


def draw_stars(canvas: Canvas, rng: random.Random, horizon: float) -> None:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        for _ in range(int(260 * horizon / canvas.height) + 40):
            x, y = rng.random() * canvas.width * 2, rng.random() ** 1.4 * horizon * 2
            size = canvas.unit / 1000 * rng.uniform(0.5, 2.2) ** 1.5
            pen.ellipse((x - size, y - size, x + size, y + size), fill=int(rng.uniform(70, 255)))

    canvas.fill(canvas.mask(draw), (255, 252, 240))


def draw_aurora(canvas: Canvas, rng: random.Random, horizon: float) -> None:
    """Curtains of light: columns of random brightness, each shifted along a wave."""
    width = canvas.width
    tall = max(8, round(horizon * 0.7))
    for colour in ((88, 255, 170), (120, 140, 255)):
        columns = noise(rng, (width, 1), (rng.uniform(5, 9), 1), 4).resize((width, tall), Image.Resampling.NEAREST)
        rise, fall = round(tall * 0.72), tall - round(tall * 0.72)
        shade = ramp((width, tall), 0, 0)
        shade.paste(ramp((width, rise), 0, 255), (0, 0))
        shade.paste(ramp((width, fall), 255, 0), (0, rise))
        curtain = ImageChops.multiply(columns, shade)
        mask = Image.new("L", canvas.size)
        wave = smooth_line(rng, max(2, width // 2 + 1), rng.uniform(1.2, 2.4))
        top = horizon * rng.uniform(0.02, 0.12)
        for x in range(0, width, 2):
            mask.paste(curtain.crop((x, 0, x + 2, tall)), (x, round(top + horizon * 0.12 * wave[min(x // 2, len(wave) - 1)])))
        mask = mask.filter(ImageFilter.GaussianBlur(canvas.unit / 180)).point([round(v * 0.8) for v in range(256)])
        canvas.light(mask, colour)


# --- things in the landscape -----------------------------------------------------------------------


def draw_ridge(canvas: Canvas, line: list[Point], top: Colour, bottom: Colour, depth: float) -> None:
    """A ridge that dissolves into mist towards its foot."""
    high = min(y for _, y in line) / canvas.height
    canvas.fill(canvas.below(line), gradient(canvas.size, [(0, top), (max(0.0, high), top), (min(1.0, high + depth), bottom), (1.001, bottom)]))


def draw_pines(canvas: Canvas, rng: random.Random, line: list[Point], colour: Colour, size: float) -> None:
    """Firs of three tiers along a line."""

    def draw(pen: ImageDraw.ImageDraw) -> None:
        x = -size
        while x < canvas.width + size:
            tall = size * rng.uniform(0.5, 1.25)
            index = min(len(line) - 1, max(0, round(x / canvas.width * (len(line) - 1))))
            foot = line[index][1] + size * 0.15
            for tier in range(4):
                share = tier / 4
                half = tall * (0.09 + 0.16 * share)
                peak = foot - tall * (1 - share * 0.8)
                edge = foot - tall * (0.66 - share * 0.8)
                pen.polygon([(x * 2, peak * 2), ((x + half) * 2, edge * 2), ((x - half) * 2, edge * 2)], fill=255)
            pen.rectangle(((x - tall * 0.02) * 2, (foot - tall * 0.2) * 2, (x + tall * 0.02) * 2, foot * 2), fill=255)
            x += size * rng.uniform(0.12, 0.5) * (1 if rng.random() < 0.85 else 4)

    canvas.fill(canvas.mask(draw), colour)


def draw_round_trees(canvas: Canvas, rng: random.Random, line: list[Point], colour: Colour, size: float, count: int) -> None:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        for _ in range(count):
            index = int(rng.random() * (len(line) - 1))
            x, y = line[index]
            tall = size * rng.uniform(0.5, 1.1)
            pen.rectangle(((x - tall * 0.04) * 2, (y - tall * 0.5) * 2, (x + tall * 0.04) * 2, (y + 2) * 2), fill=255)
            for _ in range(6):
                dx, dy, r = tall * rng.uniform(-0.2, 0.2), tall * rng.uniform(-0.85, -0.5), tall * rng.uniform(0.14, 0.24)
                pen.ellipse(((x + dx - r) * 2, (y + dy - r) * 2, (x + dx + r) * 2, (y + dy + r) * 2), fill=255)

    canvas.fill(canvas.mask(draw), colour)


def draw_birds(canvas: Canvas, rng: random.Random, horizon: float, colour: Colour) -> None:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        cx, cy = canvas.width * rng.uniform(0.25, 0.75), horizon * rng.uniform(0.25, 0.55)
        for _ in range(int(rng.uniform(4, 9))):
            x, y = cx + canvas.unit * rng.uniform(-0.14, 0.14), cy + canvas.unit * rng.uniform(-0.06, 0.06)
            span = canvas.unit * rng.uniform(0.008, 0.017)
            tilt = rng.uniform(-0.25, 0.25)
            wing = [(-1, -0.35 + tilt), (-0.55, -0.6 + tilt / 2), (0, 0), (0.55, -0.6 - tilt / 2), (1, -0.35 - tilt)]
            pen.line([((x + dx * span) * 2, (y + dy * span) * 2) for dx, dy in wing], fill=230, width=max(1, round(canvas.unit / 400)), joint="curve")

    canvas.fill(canvas.mask(draw), colour)


def draw_balloons(canvas: Canvas, rng: random.Random, horizon: float) -> None:
    hues = [_hex(code) for code in ("e4572e", "f3a712", "2e86ab", "a23b72", "f4f1de", "3d9970")]
    for _ in range(int(rng.uniform(1, 4))):
        x, y, r = canvas.width * rng.uniform(0.12, 0.88), horizon * rng.uniform(0.2, 0.62), canvas.unit * rng.uniform(0.018, 0.05)
        first, second = rng.sample(hues, 2)

        def body(pen: ImageDraw.ImageDraw, share: float = 1.0) -> None:
            pen.ellipse(((x - r * share) * 2, (y - r) * 2, (x + r * share) * 2, (y + r) * 2), fill=255)
            pen.polygon([((x - r * 0.9 * share) * 2, (y + r * 0.45) * 2), ((x + r * 0.9 * share) * 2, (y + r * 0.45) * 2),
                         ((x + r * 0.2 * share) * 2, (y + r * 1.5) * 2), ((x - r * 0.2 * share) * 2, (y + r * 1.5) * 2)], fill=255)

        for share, colour in ((1.0, first), (0.72, second), (0.4, first), (0.13, second)):
            canvas.fill(canvas.mask(lambda pen: body(pen, share)), colour)
        canvas.fill(
            canvas.mask(lambda pen: pen.rectangle(((x - r * 0.17) * 2, (y + r * 1.7) * 2, (x + r * 0.17) * 2, (y + r * 1.95) * 2), fill=255)),
            (70, 45, 35),
        )


def draw_boat(canvas: Canvas, rng: random.Random, horizon: float, colour: Colour, sail: Colour) -> None:
    x, y = canvas.width * rng.uniform(0.2, 0.8), horizon + (canvas.height - horizon) * rng.uniform(0.05, 0.14)
    s = canvas.unit * rng.uniform(0.03, 0.055)

    def polygon(points: Sequence[Point]) -> Image.Image:
        return canvas.mask(lambda pen: pen.polygon([((x + dx * s) * 2, (y + dy * s) * 2) for dx, dy in points], fill=255))

    canvas.fill(polygon([(0.06, -1.9), (0.06, -0.2), (0.85, -0.2)]), sail)
    canvas.fill(polygon([(-0.04, -1.7), (-0.04, -0.2), (-0.6, -0.2)]), mix(sail, colour, 0.2))
    canvas.fill(polygon([(-0.8, -0.12), (0.95, -0.12), (0.65, 0.22), (-0.6, 0.22)]), colour)


def reflect(canvas: Canvas, rng: random.Random, horizon: float, palette: Palette, sun: Point) -> None:
    """Still water: the upper part mirrored, darkened with depth, shifted row by row, with glitter."""
    width, height = canvas.size
    top = round(horizon)
    depth = height - top
    if depth < 2 or top < 2:
        return
    mirrored = canvas.image.crop((0, max(0, top - round(depth * 1.25)), width, top)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mirrored = mirrored.resize((width, depth), Image.Resampling.BICUBIC).filter(ImageFilter.BoxBlur((canvas.unit / 500)))
    tint = gradient((width, depth), [(0, mix(palette.sky[2], palette.far, 0.3)), (1, mix(palette.sky[0], palette.near, 0.55))])
    mirrored = Image.blend(mirrored, tint, 0.34)
    water = mirrored.copy()
    phases = [rng.uniform(0, math.tau) for _ in range(3)]
    for row in range(depth):
        near = row / depth
        shift = (math.sin(row * 0.9 / (0.4 + near) * 720 / canvas.unit + phases[0])
                 + 0.7 * math.sin(row * 0.31 / (0.4 + near) * 720 / canvas.unit + phases[1])) * canvas.unit * 0.0035 * (0.25 + near)
        water.paste(mirrored.crop((0, row, width, row + 1)), (round(shift), row))
    canvas.image.paste(water, (0, top))
    draw_glitter(canvas, rng, horizon, palette.sun, sun[0], 0.75)
    line = ramp((width, max(1, height // 160)), 120, 0)
    mist = Image.new("L", canvas.size)
    mist.paste(line, (0, top))
    canvas.fill(mist, palette.sky[2])


def draw_glitter(canvas: Canvas, rng: random.Random, horizon: float, colour: Colour, x: float, strength: float) -> None:
    """The path of light below the sun."""
    depth = canvas.height - horizon

    def draw(pen: ImageDraw.ImageDraw) -> None:
        for _ in range(170):
            near = rng.random() ** 1.4
            y = horizon + depth * near
            spread = canvas.unit * (0.02 + 0.11 * near)
            centre = x + rng.gauss(0, 0.5) * spread
            half = canvas.unit * rng.uniform(0.004, 0.02) * (0.4 + near)
            thick = canvas.unit / 1000 * (0.5 + 2.2 * near)
            pen.ellipse(((centre - half) * 2, (y - thick) * 2, (centre + half) * 2, (y + thick) * 2),
                        fill=int(255 * strength * rng.uniform(0.3, 1) * (1 - 0.55 * near)))

    canvas.fill(canvas.mask(draw), colour)


# --- scenes ----------------------------------------------------------------------------------------


def draw_peaks(canvas: Canvas, rng: random.Random, palette: Palette, sun: Point, horizon: float, *, snow: bool) -> None:
    """A high range: pointed peaks, their far sides in shadow, snow down to a ragged line."""
    haze = palette.sky[2]
    steps = 512
    width = canvas.width
    reach = min(canvas.unit, horizon * 1.6)
    count = max(2, round(width / canvas.unit * rng.uniform(2.6, 4)))
    peaks = [
        ((i + rng.uniform(0.15, 0.85)) / count * width, reach * rng.uniform(0.13, 0.34), rng.uniform(0.65, 0.95), rng.uniform(0.65, 0.95))
        for i in range(-1, count + 1)
    ]
    rough = fractal_line(rng, steps + 1, 0.58)
    heights: list[float] = []
    owners: list[int] = []
    for i in range(steps + 1):
        x = width * i / steps
        slopes = [h - abs(x - cx) * (left if x < cx else right) for cx, h, left, right in peaks]
        owners.append(max(range(len(slopes)), key=slopes.__getitem__))
        heights.append(max(max(slopes), reach * 0.02) + rough[i] * reach * 0.02)
    foot = horizon * 0.99
    line = [(width * i / steps, foot - value) for i, value in enumerate(heights)]
    lit = mix(mix(palette.far, haze, 0.3), palette.sun, 0.12)
    shade = mix(mix(palette.far, haze, 0.22), palette.near, 0.3)
    draw_ridge(canvas, line, lit, mix(lit, haze, 0.7), 0.34)

    # The side away from the sun, bounded by an edge that winds down from each peak.
    faces: list[list[Point]] = []
    caps: list[list[Point]] = []
    for number, (cx, high, left, right) in enumerate(peaks):
        own = [i for i, owner in enumerate(owners) if owner == number]
        if not own:
            continue
        away = 1 if cx >= sun[0] else -1
        side = [i for i in own if (width * i / steps - cx) * away >= 0]
        if away < 0:
            side.reverse()
        edge = [(cx + away * high * (0.30 * t + 0.05 * math.sin(t * 17 + number) * t) - away * 0.1 * high * math.sin(t * 5), foot - high * (1 - t))
                for t in (step / 14 for step in range(1, 15))]
        if side:
            faces.append([line[i] for i in side] + [(line[side[-1]][0], foot)] + edge[::-1])
        # Snow: from the ridge down to a zigzag that hangs lower in the middle of the mountain.
        level = high * rng.uniform(0.58, 0.7)
        top = [i for i in own if heights[i] > level]
        if top:
            first, last = line[top[0]][0], line[top[-1]][0]
            teeth = max(3, round((last - first) / canvas.unit * 40))
            lower = [(first + (last - first) * t / teeth,
                      foot - level - high * (rng.uniform(-0.02, 0.05) if t % 2 else rng.uniform(-0.14, -0.03)) * min(1, 4 * (t / teeth) * (1 - t / teeth) + 0.1))
                     for t in range(teeth, -1, -1)]
            caps.append([line[i] for i in top] + lower)

    def draw(shapes: list[list[Point]]) -> Callable[[ImageDraw.ImageDraw], None]:
        def pen_all(pen: ImageDraw.ImageDraw) -> None:
            for shape in shapes:
                pen.polygon([(x * 2, y * 2) for x, y in shape], fill=255)

        return pen_all

    body = canvas.below(line)
    shadows = ImageChops.multiply(canvas.mask(draw(faces)), body)
    high = min(y for _, y in line) / canvas.height
    canvas.fill(shadows, gradient(canvas.size, [(0, shade), (max(0.0, high), shade), (min(1.0, high + 0.34), mix(lit, haze, 0.7)), (1.001, haze)]))
    if snow:
        white = mix((255, 255, 255), palette.sun, 0.25) if not palette.dark else mix(palette.sun, palette.far, 0.45)
        covered = ImageChops.multiply(canvas.mask(draw(caps)), body)
        canvas.fill(covered, mix(white, haze, 0.12))
        canvas.fill(ImageChops.multiply(covered, shadows), mix(white, shade, 0.5))


def draw_ranges(canvas: Canvas, rng: random.Random, palette: Palette, horizon: float, layers: int) -> list[Point]:
    """Hilly ranges one behind the other, paler with distance.  Returns the nearest line."""
    haze = palette.sky[2]
    line: list[Point] = []
    roughness = rng.uniform(0.5, 0.55)
    for layer in range(layers):
        near = (layer + 1) / layers
        base = horizon - (1 - near) * horizon * 0.12 + near * 0.01 * horizon
        height = horizon * (0.24 - 0.12 * near) * rng.uniform(0.85, 1.2)
        line = canvas.line_from(fractal_line(rng, 257, roughness), base - height * 0.3, height)
        colour = mix(mix(palette.far, haze, 0.25), palette.near, near**1.35 * 0.9)
        draw_ridge(canvas, line, colour, mix(colour, haze, 0.6 - 0.35 * near), 0.26)
    return line


def scene_mountains(canvas: Canvas, rng: random.Random, palette: Palette) -> None:
    horizon = canvas.height * rng.uniform(0.7, 0.78)
    sun = draw_sky(canvas, rng, palette, horizon)
    draw_birds(canvas, rng, horizon, mix(palette.near, palette.far, 0.3))
    draw_peaks(canvas, rng, palette, sun, horizon * 0.95, snow=rng.random() < 0.75 or palette.name == "arctic")
    draw_ranges(canvas, rng, palette, horizon, 3)
    for layer in range(3):
        colour = mix(mix(palette.far, palette.near, 0.55 + 0.22 * layer), (0, 0, 0), 0.05 * layer)
        base = canvas.height * (0.79 + 0.08 * layer)
        line = canvas.line_from(fractal_line(rng, 129, 0.5), base, canvas.height * 0.05)
        draw_pines(canvas, rng, line, colour, canvas.unit * (0.045 + 0.045 * layer))
        draw_ridge(canvas, line, colour, mix(colour, palette.sky[2], 0.28 - 0.12 * layer), 0.16)


def scene_lake(canvas: Canvas, rng: random.Random, palette: Palette) -> None:
    horizon = canvas.height * rng.uniform(0.54, 0.64)
    sun = draw_sky(canvas, rng, palette, horizon)
    if rng.random() < 0.8:
        draw_peaks(canvas, rng, palette, sun, horizon, snow=rng.random() < 0.75 or palette.name == "arctic")
    near = draw_ranges(canvas, rng, palette, horizon, 2)
    shore = [(x, max(y, horizon - canvas.unit * 0.012)) for x, y in near]
    draw_pines(canvas, rng, shore, mix(palette.near, palette.far, 0.12), canvas.unit * 0.045)
    reflect(canvas, rng, horizon, palette, sun)
    draw_birds(canvas, rng, horizon, mix(palette.near, palette.far, 0.3))
    # A bank with trees in a lower corner leads into the picture.
    side = rng.choice((-1, 1))
    heights = [max(0.0, 1 - 1.9 * (i / 128 if side < 0 else 1 - i / 128)) ** 1.3 for i in range(129)]
    bumps = fractal_line(rng, 129, 0.5)
    bank = [(x, y - bump * canvas.unit * 0.006) for (x, y), bump in
            zip(canvas.line_from(heights, canvas.height * 1.02, canvas.height * 0.14), bumps)]
    colour = mix(palette.near, (0, 0, 0), 0.25)
    draw_pines(canvas, rng, [(x, y if y < canvas.height else y + canvas.height) for x, y in bank], colour, canvas.unit * 0.17)
    canvas.fill(canvas.below(bank), colour)


def scene_sea(canvas: Canvas, rng: random.Random, palette: Palette) -> None:
    horizon = canvas.height * rng.uniform(0.5, 0.6)
    sun = draw_sky(canvas, rng, palette, horizon)
    if rng.random() < 0.6:
        island = canvas.line_from([max(-0.05, v * (1 - abs(i / 64 - 1))) for i, v in enumerate(fractal_line(rng, 129, 0.52))],
                                  horizon, canvas.height * 0.12)
        draw_ridge(canvas, island, mix(palette.far, palette.sky[2], 0.25), mix(palette.far, palette.sky[2], 0.6), 0.15)
    deep = mix(mix(palette.sky[0], palette.near, 0.45), (8, 60, 80), 0.25)
    shallow = mix(palette.sky[2], palette.sky[1], 0.55)
    flat = Image.new("L", canvas.size)
    flat.paste(255, (0, round(horizon), canvas.width, canvas.height))
    canvas.fill(flat, gradient(canvas.size, [(0, shallow), (horizon / canvas.height, shallow), (1, deep)]))
    draw_birds(canvas, rng, horizon, mix(palette.near, palette.far, 0.3))
    boat_after = int(rng.uniform(0, 3))
    layers = 8
    for layer in range(layers):
        near = (layer + 1) / layers
        base = horizon + (canvas.height - horizon) * (near**1.5 * 0.92 + 0.04)
        amplitude = canvas.unit * (0.004 + 0.026 * near)
        waves = [abs(v) ** 0.8 * (1 if v > 0 else -1) for v in smooth_line(rng, 257, rng.uniform(4.5, 7.5) * (1.6 - near) * canvas.width / canvas.unit)]
        line = canvas.line_from(waves, base, amplitude)
        colour = mix(shallow, deep, near**0.8)
        draw_ridge(canvas, line, mix(colour, palette.sky[2], 0.32), mix(colour, deep, 0.5), 0.05 + 0.1 * near)
        crest = [(x * 2, y * 2 + 2) for x, y in line]
        foam = canvas.mask(lambda pen: pen.line(crest, fill=round(70 + 120 * near), width=max(1, round(canvas.unit / 420 * (0.5 + near))), joint="curve"))
        canvas.fill(foam, mix((255, 255, 255), palette.sky[2], 0.35))
        if layer == 0:
            draw_glitter(canvas, rng, horizon, palette.sun, sun[0], 0.9)
        if layer == boat_after:
            draw_boat(canvas, rng, horizon, mix(palette.near, (90, 40, 25), 0.4), mix((255, 255, 255), palette.sun, 0.5))
    draw_glitter(canvas, rng, horizon, palette.sun, sun[0], 0.55)


def scene_dunes(canvas: Canvas, rng: random.Random, palette: Palette) -> None:
    horizon = canvas.height * rng.uniform(0.52, 0.62)
    sun = draw_sky(canvas, rng, palette, horizon)
    draw_birds(canvas, rng, horizon, mix(palette.near, palette.far, 0.3))
    sand = mix(mix((226, 164, 98), palette.far, 0.35), palette.near, 0.45 if palette.dark else 0.0)
    shade = mix(mix((120, 62, 52), palette.near, 0.5), palette.near, 0.35 if palette.dark else 0.0)
    layers = 6
    for layer in range(layers):
        near = (layer + 1) / layers
        base = horizon + (canvas.height - horizon) * near**1.25 * 0.85
        height = canvas.height * (0.03 + 0.07 * near) * rng.uniform(0.8, 1.3)
        # Crests are sharper than hollows: the wave's absolute value, turned over.
        crest = [1 - 1.6 * abs(v) for v in smooth_line(rng, 257, rng.uniform(0.9, 1.8))]
        line = canvas.line_from(crest, base, height)
        lit = mix(sand, palette.sky[2], 0.6 * (1 - near))
        draw_ridge(canvas, line, mix(lit, palette.sun, 0.25), mix(lit, shade, 0.35 + 0.3 * near), 0.1 + 0.18 * near)
        # Lee sides: below each crest a face that falls away from the sun.
        away = 1 if sun[0] < canvas.width / 2 else -1
        faces: list[list[Point]] = []
        for i in range(2, len(line) - 2):
            if line[i][1] < line[i - 1][1] and line[i][1] <= line[i + 1][1] and crest[i] > 0.25:
                x, y = line[i]
                reach = canvas.width * rng.uniform(0.1, 0.22)
                face = [(x, y)]
                for step in range(1, 33):
                    share = step / 32
                    px = x + away * reach * share
                    index = min(len(line) - 1, max(0, round(px / canvas.width * (len(line) - 1))))
                    face.append((px, line[index][1]))
                for step in range(32, 0, -1):
                    share = step / 32
                    face.append((x + away * reach * (share * 0.75 - 0.1 * math.sin(share * math.pi)), y + height * 2.4 * share**0.9))
                faces.append(face)
        if faces:
            def draw(pen: ImageDraw.ImageDraw) -> None:
                for face in faces:
                    pen.polygon([(px * 2, py * 2) for px, py in face], fill=150)

            mask = ImageChops.multiply(canvas.mask(draw), canvas.below(line))
            canvas.fill(mask, mix(shade, palette.sky[2], 0.5 * (1 - near)))


def scene_hills(canvas: Canvas, rng: random.Random, palette: Palette) -> None:
    horizon = canvas.height * rng.uniform(0.56, 0.66)
    draw_sky(canvas, rng, palette, horizon)
    draw_ranges(canvas, rng, palette, horizon, 3)
    if not palette.dark:
        draw_balloons(canvas, rng, horizon)
    grass = rng.choice(((122, 158, 74), (150, 150, 70), (96, 150, 100), (170, 140, 80)))
    layers = 6
    for layer in range(layers):
        near = (layer + 1) / layers
        base = horizon + (canvas.height - horizon) * (near**1.3 * 0.86 - 0.02)
        line = canvas.line_from(smooth_line(rng, 257, rng.uniform(0.8, 1.9)), base, canvas.height * (0.025 + 0.04 * near))
        colour = mix(mix(mix(grass, palette.far, 0.35), palette.sky[2], 0.55 * (1 - near)), palette.near, 0.1 + 0.5 * near * (1.3 if palette.dark else 0.75))
        draw_round_trees(canvas, rng, line, mix(colour, palette.near, 0.55), canvas.unit * (0.02 + 0.075 * near), int(rng.uniform(3, 12 - layer)))
        draw_ridge(canvas, line, mix(colour, palette.sun, 0.28 * (0.4 if palette.dark else 1)), mix(colour, palette.near, 0.35), 0.2)
        if layer >= 2 and rng.random() < 0.6:  # rows of a field follow the form of the hill
            def rows(pen: ImageDraw.ImageDraw) -> None:
                for row in range(1, 12):
                    drop = canvas.height * 0.012 * row * (0.6 + near)
                    pen.line([(x * 2, (y + drop * (1 + 0.35 * x / canvas.width)) * 2) for x, y in line],
                             fill=70, width=max(1, round(canvas.unit / 300 * near)))

            canvas.fill(canvas.mask(rows), mix(colour, palette.near, 0.6))


def scene_city(canvas: Canvas, rng: random.Random, palette: Palette) -> None:
    horizon = canvas.height * rng.uniform(0.66, 0.74)
    sun = draw_sky(canvas, rng, palette, horizon)
    layers = 3
    for layer in range(layers):
        near = (layer + 1) / layers
        colour = mix(mix(palette.far, palette.sky[2], 0.3), palette.near, near**1.1 * 0.95)
        lights: list[tuple[float, float, float, float, int]] = []
        unit = canvas.unit

        def towers(pen: ImageDraw.ImageDraw) -> None:
            x = -unit * 0.05
            while x < canvas.width:
                wide = unit * rng.uniform(0.03, 0.085)
                middle = 1 - abs((x + wide / 2) / canvas.width - 0.5) * 1.1
                tall = horizon * rng.uniform(0.16, 0.62) * (1.05 - 0.45 * near) * middle + unit * 0.03
                top = horizon - tall
                pen.rectangle((x * 2, top * 2, (x + wide) * 2, canvas.height * 2), fill=255)
                kind = rng.random()
                if kind < 0.25:  # a stepped top with a mast
                    pen.rectangle(((x + wide * 0.2) * 2, (top - wide * 0.35) * 2, (x + wide * 0.8) * 2, top * 2), fill=255)
                    pen.rectangle(((x + wide * 0.48) * 2, (top - wide) * 2, (x + wide * 0.52) * 2, top * 2), fill=255)
                elif kind < 0.4:
                    pen.polygon([(x * 2, top * 2), ((x + wide / 2) * 2, (top - wide * 0.7) * 2), ((x + wide) * 2, top * 2)], fill=255)
                elif kind < 0.5:
                    pen.pieslice((x * 2, (top - wide / 2) * 2, (x + wide) * 2, (top + wide / 2) * 2), 180, 360, fill=255)
                cell = unit * 0.0095
                y = top + cell
                while y < horizon - cell:
                    wx = x + cell * 0.7
                    while wx < x + wide - cell:
                        if rng.random() < (0.42 if palette.dark else 0.16):
                            lights.append((wx, y, wx + cell * 0.5, y + cell * 0.6, int(rng.uniform(90, 255) * (0.4 + 0.6 * near))))
                        wx += cell
                    y += cell * 1.3
                x += wide * rng.uniform(0.85, 1.35)

        mask = canvas.mask(towers)
        canvas.fill(mask, gradient(canvas.size, [(0, colour), (0.3, colour), (horizon / canvas.height, mix(colour, palette.sky[2], 0.42 - 0.25 * near)), (1.001, colour)]))

        def windows(pen: ImageDraw.ImageDraw) -> None:
            for left, top, right, bottom, level in lights:
                pen.rectangle((left * 2, top * 2, right * 2, bottom * 2), fill=level)

        canvas.fill(canvas.mask(windows), (255, 214, 140) if palette.dark else mix(palette.sun, colour, 0.3))
    reflect(canvas, rng, horizon, palette, sun)


SCENES: dict[str, Callable[[Canvas, random.Random, Palette], None]] = {
    "mountains": scene_mountains,
    "lake": scene_lake,
    "sea": scene_sea,
    "dunes": scene_dunes,
    "hills": scene_hills,
    "city": scene_city,
}


# --- from the request to bytes ---------------------------------------------------------------------


def _chosen(words: set[str], table: dict[str, tuple[str, ...]]) -> str | None:
    return next((name for name, triggers in table.items() if words.intersection(triggers)), None)


def _jittered(palette: Palette, rng: random.Random) -> Palette:
    """Slightly other colours, so that two seeds differ even in the same scene and hour."""
    shift = [rng.uniform(-12, 12) for _ in range(3)]

    def moved(colour: Colour) -> Colour:
        return tuple(min(255, max(0, round(c + d))) for c, d in zip(colour, shift))  # type: ignore[return-value]

    zenith, middle, low = palette.sky
    return Palette(palette.name, (moved(zenith), moved(middle), moved(low)), palette.sun, palette.cloud, moved(palette.far), moved(palette.near), palette.dark)


def _grain(image: Image.Image, rng: random.Random) -> Image.Image:
    """Faint grain.  It hides the steps of gradients, and gives lossless files a realistic size."""
    tile = Image.frombytes("L", (256, 256), rng.randbytes(65536)).point([v // 52 for v in range(256)])
    sheet = Image.new("L", image.size)
    for x in range(0, image.width, 256):
        for y in range(0, image.height, 256):
            sheet.paste(tile, (x, y))
    return ImageChops.add(image, Image.merge("RGB", (sheet, sheet, sheet)), 1, -2)


def _styled(image: Image.Image, style: str | None) -> Image.Image:
    """A hint of the style, for those styles where that is easy."""
    if style in ("Monochrome", "Film Noir", "Charcoal", "Silhouette"):
        return image.convert("L").convert("RGB")
    if style in ("Pixel Art", "Retro Game", "Retro Arcade", "Lowpoly"):
        cell = max(2, max(image.size) // 120)
        small = image.resize((max(1, image.width // cell), max(1, image.height // cell)), Image.Resampling.BOX)
        return small.quantize(24).convert("RGB").resize(image.size, Image.Resampling.NEAREST)
    if style in ("Watercolor", "Oil Painting", "Impressionist"):
        return image.filter(ImageFilter.ModeFilter(9)).filter(ImageFilter.SMOOTH_MORE)
    return image


def picture(order: Order, prompt: str, seed: int, *, blurred: bool = False, black: bool = False) -> Image.Image:
    """The picture for an accepted request; prompt is the one that is really drawn."""
    target = (order.width, order.height)
    if black:
        return Image.new("RGB", target)
    key = "\0".join(
        [prompt, str(seed), order.model.id, order.negative_prompt or "", order.style_preset or ""]
        + [f"{reference.digest}@{reference.strength}" for reference in order.style_references]
    )
    rng = random.Random(int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest(), "big"))
    words = set(re.findall(r"\w+", prompt.lower()))
    scene = SCENES[_chosen(words, SCENE_WORDS) or sorted(SCENES)[int(rng.random() * len(SCENES))]]
    hour = _chosen(words, HOUR_WORDS) or PALETTES[int(rng.random() * len(PALETTES))].name
    palette = _jittered(next(entry for entry in PALETTES if entry.name == hour), rng)

    longest = max(target)
    scale = min(DRAWN_SIDE, max(SMALLEST_DRAWN_SIDE, longest)) / longest
    canvas = Canvas(max(16, round(target[0] * scale)), max(16, round(target[1] * scale)))
    scene(canvas, rng, palette)
    image = _styled(canvas.image, order.style_preset)
    for reference in order.style_references:
        if reference.colour:
            image = Image.blend(image, Image.new("RGB", image.size, reference.colour), 0.4 * reference.strength)
    if blurred:
        image = image.filter(ImageFilter.GaussianBlur(max(image.size) / 14))
    if image.size != target:
        image = image.resize(target, Image.Resampling.BICUBIC if scale < 1 else Image.Resampling.LANCZOS)
    return _grain(image, rng)


def exif_for(order: Order, prompt: str, seed: int) -> bytes:
    """Generation data as EXIF: an ASCII description for everyone, the exact text as user comment.
    Very long prompts are cut, because JPEG holds no more than 64 KiB of EXIF."""
    exif = Image.Exif()
    prompt = prompt[:EXIF_PROMPT]
    exif[0x010E] = prompt.encode("ascii", "replace").decode()  # ImageDescription
    exif[0x0131] = "Venice.ai (sandbox)"  # Software
    comment = f"{prompt}\nModel: {order.model.id}, Seed: {seed}, Steps: {order.steps}, Size: {order.width}x{order.height}"
    exif[0x8769] = {0x9286: b"UNICODE\0" + comment.encode("utf-16-be", "replace")}  # UserComment
    return exif.tobytes()


def encoded(image: Image.Image, kind: str, exif: bytes | None) -> bytes:
    """The picture as a file: real PNG, JPEG or WebP."""
    out = io.BytesIO()
    more = {"exif": exif} if exif else {}
    if kind == "png":
        image.save(out, "PNG", compress_level=1, **more)
    elif kind == "jpeg":
        image.save(out, "JPEG", quality=90, **more)
    else:
        image.save(out, "WEBP", quality=85, method=1, **more)
    return out.getvalue()


def content_type(data: bytes) -> str:
    """Media type told from the bytes, as the server does for binary answers."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "application/octet-stream"
