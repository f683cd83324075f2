# SPDX-License-Identifier: MIT
"""The models and styles that the sandbox offers.

Written by hand.  It is no copy of the vendor's list: a few real models stand for every kind of sizing
and pricing that the API knows, and models whose id begins with ``sandbox-`` carry special cases for
which no real model can be named with certainty (odd strings, offline, deprecated, own format).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

OWNER = "venice.ai"

# Proportions behind the ratio strings.  The strings are opaque for clients; only the server knows what
# they stand for.  "auto" leaves the choice to the provider, who is not bound to answer a square.
RATIOS: dict[str, float] = {
    "auto": 4 / 3,
    "1:1": 1.0,
    "3:2": 3 / 2,
    "2:3": 2 / 3,
    "4:3": 4 / 3,
    "3:4": 3 / 4,
    "4:5": 4 / 5,
    "16:9": 16 / 9,
    "9:16": 9 / 16,
    "21:9": 21 / 9,
    "19.5:9": 19.5 / 9,
}

# Side of the square that has as many pixels as a picture of the tier, whatever its ratio.
TIER_SIDE: dict[str, int] = {"1K": 1024, "2K": 2048, "4K": 4096, "1k": 1024, "2k": 2048}

COMMON_RATIOS = ("1:1", "3:2", "16:9", "21:9", "9:16", "2:3", "3:4", "4:5")
GROK_RATIOS = ("1:1", "16:9", "9:16", "3:4", "3:2", "2:3")


@dataclass(frozen=True)
class Deprecation:
    """A model that still works and is going to be removed (contract: model_spec.deprecation)."""

    starts: str
    removes: str
    replacement: str | None = None

    def as_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "autoRemap": False,
            "date": self.removes,
            "removesAt": self.removes,
            "startsAt": self.starts,
        }
        if self.replacement:
            data["replacementModelId"] = self.replacement
        return data


@dataclass(frozen=True)
class Model:
    """One entry of the list, with what the server alone knows about it below the line."""

    id: str
    name: str
    created: int
    limit: int
    flat: str | None = None
    tiers: dict[str, str] = field(default_factory=dict)
    qualities: dict[str, dict[str, str]] = field(default_factory=dict)
    default_tier: str | None = None
    default_quality: str | None = None
    ratios: tuple[str, ...] = ()
    default_ratio: str | None = None
    divisor: int = 1
    steps: tuple[int, int] = (20, 50)  # default, maximum
    private: bool = False
    uncensored: bool = False
    traits: tuple[str, ...] = ()
    offline: bool = False
    style_references: int = 0
    style_strength: bool = False
    web_search: bool = False
    deprecation: Deprecation | None = None
    description: str | None = None
    source: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)  # members of model_spec no client knows yet
    extra_top: dict[str, Any] = field(default_factory=dict)  # the same beside model_spec
    # -- not in the list
    uses_steps: bool = False  # everywhere else steps is accepted and ignored
    uses_negative: bool = False  # elsewhere the negative prompt is dropped without a word
    refuses_size: bool = False  # width or height is a 400
    generator: bool = True
    own_format: str | None = None  # the provider's bytes, whatever format was asked for
    echoes_request: bool = True  # false: "request" is null in the answer

    @property
    def sized_by_pixels(self) -> bool:
        """A model without aspect ratios takes width and height."""
        return not self.ratios

    def dimensions(self, width: int, height: int, ratio: str | None, tier: str | None) -> tuple[int, int]:
        """Size of the picture for a request whose values have been checked and completed."""
        if self.sized_by_pixels:
            return width, height
        side = TIER_SIDE[tier] if tier else 1024
        proportion = RATIOS[ratio or "1:1"]

        def fitted(value: float) -> int:
            return max(16, round(value / 16) * 16)

        return fitted(side * math.sqrt(proportion)), fitted(side / math.sqrt(proportion))

    def _constraints(self) -> dict[str, Any]:
        data: dict[str, Any] = {"promptCharacterLimit": self.limit}
        if self.tiers:
            data["resolutions"] = list(self.tiers)
            data["defaultResolution"] = self.default_tier
        if self.qualities:
            data["qualities"] = list(next(iter(self.qualities.values())))
            data["defaultQuality"] = self.default_quality
        if self.ratios:
            data["aspectRatios"] = list(self.ratios)
            data["defaultAspectRatio"] = self.default_ratio
        data["steps"] = {"default": self.steps[0], "max": self.steps[1]}
        data["widthHeightDivisor"] = self.divisor
        if self.style_references:
            data["maxStyleReferences"] = self.style_references
            data["supportsStyleReferenceStrength"] = self.style_strength
        return data

    def _pricing(self) -> dict[str, Any]:
        def both(amount: str) -> dict[str, float]:
            return {"usd": float(amount), "diem": float(amount)}

        data: dict[str, Any] = {}
        if self.flat is not None:
            data["generation"] = both(self.flat)
        if self.tiers:
            data["resolutions"] = {tier: both(price) for tier, price in self.tiers.items()}
        if self.qualities:
            data["quality"] = {
                tier: {level: both(price) for level, price in levels.items()}
                for tier, levels in self.qualities.items()
            }
        data["upscale"] = {"2x": both("0.02"), "4x": both("0.08")}
        return data

    def as_json(self) -> dict[str, Any]:
        """The entry as GET /models shows it."""
        spec: dict[str, Any] = {"name": self.name}
        if self.description:
            spec["description"] = self.description
        spec["privacy"] = "private" if self.private else "anonymized"
        if self.uncensored:
            spec["uncensored"] = True  # absent, not false, on all others
        spec["offline"] = self.offline
        spec["traits"] = list(self.traits)
        spec["supportsWebSearch"] = self.web_search
        spec["supportsStyleReferences"] = self.style_references > 0
        if self.source:
            spec["modelSource"] = self.source
        if self.deprecation:
            spec["deprecation"] = self.deprecation.as_json()
        spec["pricing"] = self._pricing()
        spec["constraints"] = self._constraints()
        spec.update(self.extra)
        entry: dict[str, Any] = {
            "id": self.id,
            "type": "image",
            "object": "model",
            "owned_by": OWNER,
            "created": self.created,
            "model_spec": spec,
        }
        entry.update(self.extra_top)
        return entry


_MODELS = (
    # -- sized in pixels, flat price
    Model(
        "z-image-turbo", "Z-Image Turbo", 1764758779, 7500, flat="0.01", divisor=8, steps=(8, 8),
        private=True, traits=("default", "fastest"), uses_negative=True,
        source="https://huggingface.co/Tongyi-MAI/Z-Image-Turbo",
    ),
    Model(
        "venice-sd35", "Venice SD35", 1743099022, 1500, flat="0.01", divisor=16, steps=(25, 30),
        private=True, traits=("eliza-default",), uses_steps=True, uses_negative=True,
        source="https://huggingface.co/stabilityai/stable-diffusion-3.5-large",
    ),
    Model(
        "lustify-v8", "Lustify v8", 1774828800, 1500, flat="0.01", divisor=8, steps=(30, 50),
        private=True, uncensored=True, traits=("most_uncensored",), uses_steps=True, uses_negative=True,
    ),
    Model(
        # Stands in the image list although it cannot draw: clients have to know it by its id.
        "bria-bg-remover", "Background Remover", 1772064000, 1500, flat="0.03", generator=False,
    ),
    # -- sized by ratio, flat price
    Model(
        "qwen-image", "Qwen Image", 1736635129, 2048, flat="0.03", ratios=COMMON_RATIOS,
        default_ratio="1:1", traits=("highest_quality",), refuses_size=True,
        source="https://huggingface.co/Qwen/Qwen-Image",
    ),
    Model(
        "flux-2-max", "Flux 2 Max", 1764086377, 3000, flat="0.09", default_ratio="auto",
        ratios=("auto",) + COMMON_RATIOS,
    ),
    Model(
        # A price with more than two decimals: sums must not be rounded to cents too early.
        "wan-2-7-text-to-image", "Wan 2.7", 1775001600, 3000, flat="0.0375", ratios=COMMON_RATIOS,
        default_ratio="1:1",
    ),
    Model(
        "krea-v2-medium", "Krea v2 Medium", 1779408000, 5000, flat="0.04",
        ratios=("1:1", "3:2", "16:9", "2:3", "9:16"), default_ratio="1:1",
        style_references=3, style_strength=True,
    ),
    Model(
        "luma-uni-1", "Luma Uni-1", 1781654400, 6000, flat="0.05",
        ratios=("1:1", "3:2", "16:9", "9:16", "2:3"), default_ratio="1:1",
        style_references=3, style_strength=False,
    ),
    # -- ratio and resolution tier, price by tier
    Model(
        "nano-banana-pro", "Nano Banana Pro", 1763653951, 32768,
        tiers={"1K": "0.18", "2K": "0.23", "4K": "0.35"}, default_tier="1K", ratios=COMMON_RATIOS,
        default_ratio="1:1", web_search=True,
    ),
    Model(
        "grok-imagine-image", "Grok Imagine", 1775692800, 7500, tiers={"1K": "0.03", "2K": "0.04"},
        default_tier="1K", ratios=GROK_RATIOS, default_ratio="1:1", private=True,
    ),
    Model(
        "qwen-image-3", "Qwen Image 3", 1785888000, 10000, tiers={"1K": "0.04", "2K": "0.04"},
        default_tier="1K", ratios=COMMON_RATIOS, default_ratio="1:1", uncensored=True, refuses_size=True,
    ),
    # -- ratio, tier and quality; both price tables stand in the list and "quality" wins
    Model(
        "gpt-image-2", "GPT Image 2", 1776729600, 10000,
        tiers={"1K": "0.27", "2K": "0.51", "4K": "0.84"}, default_tier="1K",
        qualities={
            "1K": {"low": "0.02", "medium": "0.07", "high": "0.26"},
            "2K": {"low": "0.03", "medium": "0.13", "high": "0.50"},
            "4K": {"low": "0.05", "medium": "0.21", "high": "0.83"},
        },
        default_quality="high", ratios=COMMON_RATIOS, default_ratio="1:1",
    ),
    Model(
        # Only two of the three levels, and the default is not the dearest.
        "grok-imagine-image-2-0", "Grok Imagine 2.0", 1786406400, 7500,
        tiers={"1K": "0.07", "2K": "0.10"}, default_tier="1K",
        qualities={"1K": {"low": "0.05", "medium": "0.07"}, "2K": {"low": "0.07", "medium": "0.10"}},
        default_quality="medium", ratios=GROK_RATIOS, default_ratio="1:1", private=True,
    ),
    # -- special cases without a real name
    Model(
        # Ratio and tier strings that no parser expects, and members that no client knows.
        "sandbox-odd-strings", "Sandbox: odd strings", 1786500000, 4000,
        tiers={"1k": "0.02", "2k": "0.05"}, default_tier="1k",
        ratios=("auto", "1:1", "19.5:9", "16:9", "9:16"), default_ratio="auto",
        description="Ratio \u201c19.5:9\u201d, tiers in lower case \u2013 \u7d75\u3082\u63cf\u3051\u307e\u3059.",
        extra={
            "betaModel": True,
            "supportsOptimizePromptThinking": True,
            "regionRestrictions": ["US", "DE"],
            "futureMember": {"nested": [1, None, {"deep": True}]},
        },
        extra_top={"futureTopLevelMember": ["something", 42]},
    ),
    Model(
        # Some providers answer their own bytes: this one JPEG, and it echoes no request either.
        "sandbox-own-format", "Sandbox: own format", 1786500001, 4000, flat="0.06",
        ratios=COMMON_RATIOS, default_ratio="1:1", own_format="jpeg", echoes_request=False,
    ),
    Model(
        "sandbox-offline", "Sandbox: offline", 1786500002, 4000, flat="0.05", ratios=COMMON_RATIOS,
        default_ratio="1:1", offline=True,
    ),
    Model(
        "sandbox-deprecated", "Sandbox: deprecated", 1700000000, 1500, flat="0.01", divisor=8,
        steps=(20, 50), private=True, uses_negative=True,
        deprecation=Deprecation("2026-06-01T00:00:00.000Z", "2099-01-31T00:00:00.000Z", "z-image-turbo"),
    ),
)

MODELS: dict[str, Model] = {model.id: model for model in _MODELS}

# Ids that are gone: what to use instead, or None.
RETIRED: dict[str, str | None] = {
    "fluently-xl": "z-image-turbo",
    "stable-diffusion-3.5": "venice-sd35",
    "flux-dev": "z-image-turbo",
    "pony-realism": None,
}

# Values of the type parameter of GET /models.
MODEL_TYPES = (
    "asr", "embedding", "image", "music", "text", "tts", "upscale", "inpaint", "video", "all", "code",
)

STYLES: tuple[str, ...] = (
    "3D Model", "Analog Film", "Anime", "Cinematic", "Comic Book", "Craft Clay", "Digital Art", "Enhance",
    "Fantasy Art", "Isometric Style", "Line Art", "Lowpoly", "Neon Punk", "Origami", "Photographic",
    "Pixel Art", "Texture", "Advertising", "Food Photography", "Real Estate", "Abstract", "Cubist",
    "Graffiti", "Hyperrealism", "Impressionist", "Pointillism", "Pop Art", "Psychedelic", "Renaissance",
    "Steampunk", "Surrealist", "Typography", "Watercolor", "Fighting Game", "Retro Arcade", "Retro Game",
    "RPG Fantasy Game", "Strategy Game", "Architectural", "Disco", "Dreamscape", "Dystopian", "Fairy Tale",
    "Gothic", "Grunge", "Horror", "Minimalist", "Monochrome", "Nautical", "Space", "Stained Glass",
    "Techwear Fashion", "Tribal", "Zentangle", "Collage", "Flat Papercut", "Kirigami", "Paper Mache",
    "Paper Quilling", "Papercut Collage", "Papercut Shadow Box", "Stacked Papercut",
    "Thick Layered Papercut", "Alien", "Film Noir", "HDR", "Long Exposure", "Neon Noir", "Silhouette",
    "Tilt-Shift", "Charcoal", "Ukiyo-e", "Woodcut", "Oil Painting", "Pastel Drawing", "Blueprint",
)


def price_of_image(model: Model, tier: str | None, quality: str | None) -> Decimal:
    """Price of one picture; tier and quality have been completed with the model's defaults."""
    if model.qualities:
        return Decimal(model.qualities[tier or ""][quality or ""])
    if model.tiers:
        return Decimal(model.tiers[tier or ""])
    return Decimal(model.flat or "0")
