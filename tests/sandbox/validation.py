# SPDX-License-Identifier: MIT
"""Checks a request for POST /image/generate and completes it with the defaults.

Two passes, as on the server: first the schema, which knows no models (wrong types, ranges, unknown
fields: all complaints in one answer), then the rules of the chosen model.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import math
from dataclasses import dataclass, field
from typing import Any, Callable

from PIL import Image

from . import errors
from .catalog import MODELS, RETIRED, STYLES, Model

SEED_LIMIT = 999_999_999
SIDE_LIMIT = 1280
DEFAULT_SIDE = 1024
FORMATS = ("jpeg", "png", "webp")
QUALITIES = ("low", "medium", "high")
STYLE_IMAGE_LIMIT = 8 * 1024 * 1024  # "less than 8 MB", counted on the decoded picture

Issues = list[dict[str, Any]]
Check = Callable[[Any, list[str | int], Issues], Any]


@dataclass(frozen=True)
class StyleReference:
    """A picture whose look is to be taken over; colour is None for a URL, which is not fetched."""

    digest: str
    strength: float
    colour: tuple[int, int, int] | None


@dataclass
class Order:
    """An accepted request with every default filled in."""

    model: Model
    prompt: str
    negative_prompt: str | None
    width: int
    height: int
    aspect_ratio: str | None
    resolution: str | None
    quality: str | None
    steps: int
    cfg_scale: float | None
    seed: int | None  # None: random
    variants: int
    style_preset: str | None
    lora_strength: int | None
    safe_mode: bool
    hide_watermark: bool
    format: str
    return_binary: bool
    embed_exif_metadata: bool
    enhance_prompt: bool
    enable_web_search: bool
    style_references: list[StyleReference] = field(default_factory=list)

    def echo(self, seed: int, prompt: str) -> dict[str, Any]:
        """The request as understood, for ``request.data`` of the answer."""
        data: dict[str, Any] = {
            "model": self.model.id,
            "prompt": prompt,
            "seed": seed,
            "steps": self.steps,
            "format": self.format,
            "variants": self.variants,
            "safe_mode": self.safe_mode,
            "hide_watermark": self.hide_watermark,
            "return_binary": self.return_binary,
            "embed_exif_metadata": self.embed_exif_metadata,
            "enhance_prompt": self.enhance_prompt,
        }
        if self.model.sized_by_pixels:
            data["width"], data["height"] = self.width, self.height
        optional = ("negative_prompt", "aspect_ratio", "resolution", "quality", "cfg_scale", "style_preset", "lora_strength")
        data.update({name: getattr(self, name) for name in optional if getattr(self, name) is not None})
        return data


# --- the schema ------------------------------------------------------------------------------------


def _kind(value: Any) -> str:
    """Name of a JSON value's type in messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _wrong_type(expected: str, value: Any, path: list[str | int], issues: Issues) -> None:
    received = _kind(value)
    issues.append(
        errors.issue("invalid_type", path, f"Expected {expected}, received {received}", expected=expected, received=received)
    )


def boolean() -> Check:
    def check(value: Any, path: list[str | int], issues: Issues) -> Any:
        if not isinstance(value, bool):
            _wrong_type("boolean", value, path, issues)
        return value

    return check


def text(minimum: int = 0, choices: tuple[str, ...] = ()) -> Check:
    def check(value: Any, path: list[str | int], issues: Issues) -> Any:
        if not isinstance(value, str):
            _wrong_type("string", value, path, issues)
        elif len(value) < minimum:
            issues.append(
                errors.issue("too_small", path, f"String must contain at least {minimum} character(s)",
                             minimum=minimum, type="string", inclusive=True, exact=False)
            )
        elif choices and value not in choices:
            expected = " | ".join(f"'{choice}'" for choice in choices)
            issues.append(
                errors.issue("invalid_enum_value", path, f"Invalid enum value. Expected {expected}, received '{value}'",
                             received=value, options=list(choices))
            )
        return value

    return check


def number(
    minimum: float | None = None, maximum: float | None = None, *, above: float | None = None, whole: bool = False
) -> Check:
    """A JSON number.  The server does not tell 5.0 from 5, so a whole float passes as an integer."""

    def check(value: Any, path: list[str | int], issues: Issues) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            _wrong_type("number", value, path, issues)
            return value
        if isinstance(value, float) and not math.isfinite(value):
            issues.append(errors.issue("not_finite", path, "Number must be finite"))
            return value
        if whole and isinstance(value, float):
            if not value.is_integer():
                issues.append(
                    errors.issue("invalid_type", path, "Expected integer, received float", expected="integer", received="float")
                )
                return value
            value = int(value)
        if above is not None and value <= above:
            issues.append(
                errors.issue("too_small", path, f"Number must be greater than {above}",
                             minimum=above, type="number", inclusive=False, exact=False)
            )
        if minimum is not None and value < minimum:
            issues.append(
                errors.issue("too_small", path, f"Number must be greater than or equal to {minimum}",
                             minimum=minimum, type="number", inclusive=True, exact=False)
            )
        if maximum is not None and value > maximum:
            issues.append(
                errors.issue("too_big", path, f"Number must be less than or equal to {maximum}",
                             maximum=maximum, type="number", inclusive=True, exact=False)
            )
        return value

    return check


def record(fields: dict[str, Check], required: tuple[str, ...]) -> Check:
    """A strict object: every member must be known."""

    def check(value: Any, path: list[str | int], issues: Issues) -> Any:
        if not isinstance(value, dict):
            _wrong_type("object", value, path, issues)
            return value
        clean: dict[str, Any] = {}
        for name, inner in fields.items():
            if name in value:
                clean[name] = inner(value[name], path + [name], issues)
            elif name in required:
                issues.append(
                    errors.issue("invalid_type", path + [name], "Required", expected="string", received="undefined")
                )
        unknown = [name for name in value if name not in fields]
        if unknown:
            names = ", ".join(f"'{name}'" for name in unknown)
            issues.append(
                errors.issue("unrecognized_keys", path, f"Unrecognized key(s) in object: {names}", keys=unknown)
            )
        return clean

    return check


def array(inner: Check) -> Check:
    def check(value: Any, path: list[str | int], issues: Issues) -> Any:
        if not isinstance(value, list):
            _wrong_type("array", value, path, issues)
            return value
        return [inner(item, path + [position], issues) for position, item in enumerate(value)]

    return check


def removed(since: str) -> Check:
    """A field that the schema still knows, only to refuse it whatever it holds."""

    def check(value: Any, path: list[str | int], issues: Issues) -> Any:
        issues.append(errors.issue("custom", path, f"This feature was removed in {since}"))
        return value

    return check


# Names, types and ranges of the contract.  The length of prompts is left to the model's limit, which
# may be far above the 7500 characters that the schema names.
SCHEMA: Check = record(
    {
        "model": text(),
        "prompt": text(minimum=1),
        "negative_prompt": text(),
        "width": number(maximum=SIDE_LIMIT, above=0, whole=True),
        "height": number(maximum=SIDE_LIMIT, above=0, whole=True),
        "aspect_ratio": text(),
        "resolution": text(),
        "quality": text(choices=QUALITIES),
        "steps": number(whole=True),
        "cfg_scale": number(maximum=20, above=0),
        "seed": number(-SEED_LIMIT, SEED_LIMIT, whole=True),
        "variants": number(1, 4, whole=True),
        "style_preset": text(),
        "lora_strength": number(0, 100, whole=True),
        "safe_mode": boolean(),
        "hide_watermark": boolean(),
        "format": text(choices=FORMATS),
        "return_binary": boolean(),
        "embed_exif_metadata": boolean(),
        "enable_web_search": boolean(),
        "enhance_prompt": boolean(),
        "disable_prompt_optimization_thinking": boolean(),
        "style_references": array(record({"image": text(), "strength": number(0.1, 1)}, required=("image",))),
        "inpaint": removed("May 2025"),
    },
    required=("model", "prompt"),
)


# --- the rules of the model ------------------------------------------------------------------------


def parse_json(body: bytes) -> Any:
    """JSON as the server reads it: UTF-8, and without the NaN and Infinity that Python would allow."""

    def refuse(name: str) -> Any:
        raise ValueError(f"unexpected token {name}")

    try:
        return json.loads(body.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise errors.malformed_json(str(error)) from None


def _find_model(name: str) -> Model:
    if name in RETIRED:
        raise errors.retired_model(name, RETIRED[name])
    model = MODELS.get(name)
    if model is None:
        raise errors.unknown_model(name)
    if not model.generator:
        raise errors.invalid_text(
            "Invalid request parameters", f"The model {name} does not generate images; use /image/background-remove"
        )
    if model.offline:
        raise errors.model_offline(name)
    return model


def _style_reference(entry: dict[str, Any], position: int, model: Model, issues: Issues) -> StyleReference | None:
    """Checks one reference picture: a URL, a data URI or plain base64 of a picture below 8 MB."""
    given = entry["image"]
    path: list[str | int] = ["style_references", position, "image"]
    strength = entry.get("strength", 0.5) if model.style_strength else 0.5
    if given.startswith(("http://", "https://")):
        return StyleReference(hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest(), strength, None)
    encoded = given
    if given.startswith("data:"):
        head, comma, encoded = given.partition(",")
        if not comma or not head.startswith("data:image/") or not head.endswith(";base64"):
            issues.append(errors.issue("custom", path, "Data URIs must be of the form data:image/...;base64,..."))
            return None
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        issues.append(errors.issue("custom", path, "Image must be base64, a data URI or an http(s) URL"))
        return None
    if len(data) >= STYLE_IMAGE_LIMIT:
        issues.append(errors.issue("custom", path, "Style reference image must be less than 8MB"))
        return None
    try:
        with Image.open(io.BytesIO(data)) as picture:
            colour = picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    except Exception:  # Pillow raises many kinds for damaged data
        issues.append(errors.issue("custom", path, "The image could not be read"))
        return None
    return StyleReference(hashlib.sha256(data).hexdigest(), strength, colour)


def _check_against_model(model: Model, given: dict[str, Any], issues: Issues) -> list[StyleReference]:
    for name in ("prompt", "negative_prompt"):
        length = len(given.get(name, ""))
        if length > model.limit:
            issues.append(
                errors.issue("too_big", [name],
                             f"{name} must be at most {model.limit} characters for {model.id}; it has {length}",
                             maximum=model.limit, type="string", inclusive=True, exact=False)
            )
    if model.sized_by_pixels:
        for name in ("width", "height"):
            if given.get(name, DEFAULT_SIDE) % model.divisor:
                issues.append(
                    errors.issue("not_multiple_of", [name], f"{name} must be divisible by {model.divisor} for {model.id}",
                                 multipleOf=model.divisor)
                )
    # A ratio outside the list is no error; order_from() replaces it.  Resolution and quality are
    # checked, and a model without such a list has no value that it would allow.
    if "resolution" in given and given["resolution"] not in model.tiers:
        allowed = ", ".join(model.tiers) or "none"
        issues.append(
            errors.issue("custom", ["resolution"], f"Resolution {given['resolution']} is not supported by {model.id}. Supported: {allowed}")
        )
    if "quality" in given:
        levels: list[str] = list(next(iter(model.qualities.values()), {}))
        if given["quality"] not in levels:
            allowed = ", ".join(levels) or "none"
            issues.append(
                errors.issue("custom", ["quality"], f"Quality {given['quality']} is not supported by {model.id}. Supported: {allowed}")
            )
    if model.uses_steps and "steps" in given:
        maximum = model.steps[1]
        if given["steps"] > maximum:
            issues.append(
                errors.issue("too_big", ["steps"], f"steps must be at most {maximum} for {model.id}",
                             maximum=maximum, type="number", inclusive=True, exact=False)
            )
        elif given["steps"] < 1:
            issues.append(
                errors.issue("too_small", ["steps"], "steps must be at least 1",
                             minimum=1, type="number", inclusive=True, exact=False)
            )
    if "style_preset" in given and given["style_preset"] not in STYLES:
        issues.append(errors.issue("custom", ["style_preset"], f"Unknown style: {given['style_preset']}"))
    if "variants" in given and given.get("return_binary"):
        issues.append(errors.issue("custom", ["variants"], "variants is only supported when return_binary is false"))
    references = given.get("style_references", [])
    if "style_references" in given and not model.style_references:
        issues.append(errors.issue("custom", ["style_references"], f"{model.id} does not support style references"))
        return []
    if len(references) > model.style_references:
        issues.append(
            errors.issue("too_big", ["style_references"], f"{model.id} takes at most {model.style_references} style references",
                         maximum=model.style_references, type="array", inclusive=True, exact=False)
        )
        return []
    checked = [_style_reference(entry, position, model, issues) for position, entry in enumerate(references)]
    return [reference for reference in checked if reference is not None]


def order_from(body: Any) -> Order:
    """Checks a parsed request body; raises ApiError with the first layer's complaints."""
    issues: Issues = []
    given = SCHEMA(body, [], issues)
    if issues:
        raise errors.invalid_fields(issues)
    model = _find_model(given["model"])
    if model.refuses_size and ("width" in given or "height" in given):
        raise errors.invalid_text(
            "Invalid request parameters", f"width and height are not supported by {model.id}; use aspect_ratio"
        )
    references = _check_against_model(model, given, issues)
    if issues:
        raise errors.invalid_fields(issues)

    ratio = given.get("aspect_ratio")
    if ratio not in model.ratios:
        ratio = model.default_ratio  # silently, and None for models that are sized in pixels
    tier = given.get("resolution", model.default_tier)
    width, height = model.dimensions(given.get("width", DEFAULT_SIDE), given.get("height", DEFAULT_SIDE), ratio, tier)
    steps = given["steps"] if model.uses_steps and "steps" in given else model.steps[0]
    return Order(
        model=model,
        prompt=given["prompt"],
        negative_prompt=given.get("negative_prompt") if model.uses_negative else None,
        width=width,
        height=height,
        aspect_ratio=ratio,
        resolution=tier,
        quality=given.get("quality", model.default_quality),
        steps=steps,
        cfg_scale=given.get("cfg_scale"),
        seed=given.get("seed"),
        variants=given.get("variants", 1),
        style_preset=given.get("style_preset"),
        lora_strength=given.get("lora_strength"),
        safe_mode=given.get("safe_mode", True),
        hide_watermark=given.get("hide_watermark", False),
        format=given.get("format", "webp"),
        return_binary=given.get("return_binary", False),
        embed_exif_metadata=given.get("embed_exif_metadata", False),
        enhance_prompt=given.get("enhance_prompt", False),
        enable_web_search=given.get("enable_web_search", False),
        style_references=references,
    )
