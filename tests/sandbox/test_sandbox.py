# SPDX-License-Identifier: MIT
"""Tests of the sandbox, all from outside: the server runs as a process of its own."""

from __future__ import annotations

import base64
import gzip
import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any, Iterator

import pytest
from PIL import Image, ImageChops, ImageStat

from .process import SCRIPT, Sandbox, server_python

PROMPT = "A quiet lake between mountains"
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Reply:
    """An answer, be it a success or an error."""

    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def images(self) -> list[bytes]:
        return [base64.b64decode(text, validate=True) for text in self.json["images"]]

    def issue(self) -> dict[str, Any]:
        assert self.status == 400, self.body[:300]
        assert len(self.json["issues"]) == 1, self.json
        return self.json["issues"][0]


def call(sandbox: Sandbox, path: str, body: Any = None, *, method: str | None = None, key: str | None = "", raw: bytes | None = None, **headers: str) -> Reply:
    data = raw if raw is not None else (None if body is None else json.dumps(body).encode())
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if data is not None:
        sent.setdefault("Content-Type", "application/json")
    if key is not None:
        sent["Authorization"] = f"Bearer {key or sandbox.key}"
    request = urllib.request.Request(sandbox.base_url + path, data=data, headers=sent, method=method)
    try:
        with OPENER.open(request, timeout=30) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())


def generate(sandbox: Sandbox, model: str = "z-image-turbo", *, key: str | None = "", **fields: Any) -> Reply:
    body = {"model": model, "prompt": PROMPT, **fields}
    if model in ("z-image-turbo", "venice-sd35", "lustify-v8", "sandbox-deprecated"):
        body.setdefault("width", 64)
        body.setdefault("height", 64)
    return call(sandbox, "/image/generate", body, key=key)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def distance(first: bytes, second: bytes) -> float:
    """Mean difference of two pictures, 0..255."""
    return sum(ImageStat.Stat(ImageChops.difference(opened(first).convert("RGB"), opened(second).convert("RGB"))).mean) / 3


@pytest.fixture(scope="module")
def server() -> Iterator[Sandbox]:
    with Sandbox(delay=0, rate_limit=0, failure_lock=0, balance=1000) as sandbox:
        yield sandbox
        assert sandbox.errors() == ""


@pytest.fixture
def sandbox(server: Sandbox) -> Sandbox:
    server.reset()
    return server


# --- lists -----------------------------------------------------------------------------------------


def test_models_need_no_key(sandbox: Sandbox) -> None:
    reply = call(sandbox, "/models?type=image", key=None)
    assert reply.status == 200
    assert reply.json["object"] == "list" and reply.json["type"] == "image"
    models = {entry["id"]: entry for entry in reply.json["data"]}
    assert len(models) >= 12
    for entry in models.values():
        assert entry["object"] == "model" and entry["type"] == "image" and entry["owned_by"] == "venice.ai"
        assert entry["model_spec"]["privacy"] in ("private", "anonymized")
        assert isinstance(entry["model_spec"]["offline"], bool)
        assert entry["model_spec"]["constraints"]["promptCharacterLimit"] >= 1500
    assert [name for name, entry in models.items() if "default" in entry["model_spec"]["traits"]] == ["z-image-turbo"]
    odd = models["sandbox-odd-strings"]["model_spec"]["constraints"]
    assert "19.5:9" in odd["aspectRatios"] and odd["defaultAspectRatio"] == "auto" and odd["resolutions"] == ["1k", "2k"]
    assert models["sandbox-offline"]["model_spec"]["offline"] is True
    assert models["sandbox-deprecated"]["model_spec"]["deprecation"]["replacementModelId"] == "z-image-turbo"
    assert models["wan-2-7-text-to-image"]["model_spec"]["pricing"]["generation"] == {"usd": 0.0375, "diem": 0.0375}
    quality = models["gpt-image-2"]["model_spec"]["pricing"]
    assert quality["quality"]["1K"]["high"]["usd"] == 0.26 and quality["resolutions"]["1K"]["usd"] == 0.27
    assert models["krea-v2-medium"]["model_spec"]["constraints"]["maxStyleReferences"] == 3
    assert any("futureMember" in entry["model_spec"] for entry in models.values())


def test_models_filter(sandbox: Sandbox) -> None:
    assert call(sandbox, "/models?type=text", key=None).json["data"] == []
    assert call(sandbox, "/models?type=nonsense", key=None).issue()["path"] == ["type"]


def test_styles(sandbox: Sandbox) -> None:
    reply = call(sandbox, "/image/styles", key=None)
    styles = reply.json["data"]
    assert reply.json["object"] == "list" and len(styles) == len(set(styles)) == 76 and "3D Model" in styles
    assert call(sandbox, "/image/styles", key="wrong").status == 401


def test_rate_limits_and_billing(sandbox: Sandbox) -> None:
    data = call(sandbox, "/api_keys/rate_limits").json["data"]
    assert data["accessPermitted"] is True and data["balances"] == {"USD": 1000.0, "DIEM": 0} and data["keyExpiration"] is None
    assert call(sandbox, "/api_keys/rate_limits", key=None).status == 401
    billing = call(sandbox, "/billing/balance")
    assert billing.status == 401 and billing.json == {"error": "Admin API key required"}


def test_unknown_route_and_method(sandbox: Sandbox) -> None:
    assert call(sandbox, "/nowhere").status == 404
    reply = call(sandbox, "/image/generate", method="GET")
    assert reply.status == 405 and reply.headers["Allow"] == "POST"


# --- keys ------------------------------------------------------------------------------------------


def test_without_key_402(sandbox: Sandbox) -> None:
    reply = generate(sandbox, key=None)
    assert reply.status == 402 and reply.json["x402Version"] == 2
    assert {"resource", "accepts", "authOptions"} <= set(reply.json)
    assert json.loads(base64.b64decode(reply.headers["PAYMENT-REQUIRED"]))["x402Version"] == 2


def test_unknown_key_401(sandbox: Sandbox) -> None:
    reply = generate(sandbox, key="wrong")
    assert reply.status == 401 and isinstance(reply.json["error"], str)


def test_keys_with_a_problem() -> None:
    with Sandbox(key=["good", "a:inactive", "b:no-plan", "c:forbidden", "d:spent"], delay=0) as sandbox:
        assert sandbox.key == "good"
        assert [generate(sandbox, key=key).status for key in "abcd"] == [401, 401, 403, 402]
        assert generate(sandbox).status == 200


# --- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields, path",
    [
        ({"nonsense": 1}, []),
        ({"prompt": ""}, ["prompt"]),
        ({"prompt": None}, ["prompt"]),
        ({"prompt": 3}, ["prompt"]),
        ({"width": 0}, ["width"]),
        ({"width": 1281}, ["width"]),
        ({"width": 1284}, ["width"]),
        ({"width": 66}, ["width"]),
        ({"height": 64.5}, ["height"]),
        ({"height": "64"}, ["height"]),
        ({"height": True}, ["height"]),
        ({"cfg_scale": 0}, ["cfg_scale"]),
        ({"cfg_scale": 20.5}, ["cfg_scale"]),
        ({"seed": 1_000_000_000}, ["seed"]),
        ({"seed": -1_000_000_000}, ["seed"]),
        ({"seed": 1.5}, ["seed"]),
        ({"seed": None}, ["seed"]),
        ({"variants": 0}, ["variants"]),
        ({"variants": 5}, ["variants"]),
        ({"variants": 2, "return_binary": True}, ["variants"]),
        ({"style_preset": "3d model"}, ["style_preset"]),
        ({"lora_strength": 101}, ["lora_strength"]),
        ({"safe_mode": "true"}, ["safe_mode"]),
        ({"safe_mode": 1}, ["safe_mode"]),
        ({"format": "jpg"}, ["format"]),
        ({"format": "PNG"}, ["format"]),
        ({"quality": "ultra"}, ["quality"]),
        ({"inpaint": {}}, ["inpaint"]),
        ({"inpaint": None}, ["inpaint"]),
        ({"style_references": []}, ["style_references"]),
        ({"style_references": {}}, ["style_references"]),
        ({"resolution": "1K"}, ["resolution"]),
        ({"quality": "high"}, ["quality"]),
        ({"negative_prompt": "x" * 7501}, ["negative_prompt"]),
        ({"prompt": "x" * 7501}, ["prompt"]),
    ],
)
def test_refused_fields(sandbox: Sandbox, fields: dict[str, Any], path: list[str]) -> None:
    reply = generate(sandbox, **fields)
    entry = reply.issue()
    assert entry["path"] == path and entry["code"] and entry["message"]
    node = reply.json["details"]
    for step in path:
        node = node[step]
    assert node["_errors"] == [entry["message"]]
    assert sandbox.state()["balance"] == "1000.00"


def test_several_complaints_at_once(sandbox: Sandbox) -> None:
    reply = call(sandbox, "/image/generate", {"width": "a", "seed": []})
    assert sorted(entry["path"][0] for entry in reply.json["issues"]) == ["model", "prompt", "seed", "width"]


@pytest.mark.parametrize(
    "model, fields, path",
    [
        ("nano-banana-pro", {"resolution": "8K"}, ["resolution"]),
        ("nano-banana-pro", {"resolution": "1k"}, ["resolution"]),
        ("sandbox-odd-strings", {"resolution": "1K"}, ["resolution"]),
        ("grok-imagine-image-2-0", {"quality": "high"}, ["quality"]),
        ("venice-sd35", {"steps": 31}, ["steps"]),
        ("venice-sd35", {"steps": 0}, ["steps"]),
        ("lustify-v8", {"steps": 51}, ["steps"]),
        ("venice-sd35", {"width": 72}, ["width"]),
        ("venice-sd35", {"prompt": "x" * 1501}, ["prompt"]),
        ("krea-v2-medium", {"style_references": [{"image": "!!!"}]}, ["style_references", 0, "image"]),
        ("krea-v2-medium", {"style_references": [{"image": "http://x/y", "strength": 0}]}, ["style_references", 0, "strength"]),
        ("krea-v2-medium", {"style_references": [{"image": "http://x/y"}] * 4}, ["style_references"]),
        ("krea-v2-medium", {"style_references": [{"strength": 1}]}, ["style_references", 0, "image"]),
        ("krea-v2-medium", {"style_references": [{"image": "http://x/y", "weight": 1}]}, ["style_references", 0]),
    ],
)
def test_rules_of_the_model(sandbox: Sandbox, model: str, fields: dict[str, Any], path: list[Any]) -> None:
    assert generate(sandbox, model, **fields).issue()["path"] == path


@pytest.mark.parametrize("model", ["qwen-image", "qwen-image-3"])
def test_models_that_refuse_a_size(sandbox: Sandbox, model: str) -> None:
    reply = generate(sandbox, model, width=1024)
    assert reply.status == 400 and "aspect_ratio" in reply.json["details"]  # here details is a string
    assert generate(sandbox, model).status == 200


def test_other_ratio_models_ignore_a_size(sandbox: Sandbox) -> None:
    assert opened(generate(sandbox, "krea-v2-medium", width=64, height=64).images[0]).size == (1024, 1024)


def test_steps_are_ignored_where_they_are_not_used(sandbox: Sandbox) -> None:
    reply = generate(sandbox, steps=500)
    assert reply.status == 200 and reply.json["request"]["data"]["steps"] == 8
    assert generate(sandbox, "venice-sd35", steps=30).json["request"]["data"]["steps"] == 30
    assert generate(sandbox, "venice-sd35").json["request"]["data"]["steps"] == 25


def test_prompt_limit_counts_characters(sandbox: Sandbox) -> None:
    assert generate(sandbox, "venice-sd35", prompt="\u00fc" * 1500).status == 200
    assert generate(sandbox, "venice-sd35", prompt="\U0001f30a" * 1500).status == 200
    assert generate(sandbox, "nano-banana-pro", prompt="x" * 8000).status == 200  # above the schema's 7500


def test_unknown_retired_offline(sandbox: Sandbox) -> None:
    assert generate(sandbox, "no-such-model").status == 404
    retired = generate(sandbox, "fluently-xl")
    assert retired.status == 404 and "z-image-turbo" in retired.json["error"]
    assert generate(sandbox, "pony-realism").status == 404
    offline = generate(sandbox, "sandbox-offline")
    assert offline.status == 503 and offline.json["code"]
    assert generate(sandbox, "bria-bg-remover").status == 400


def test_content_type_size_and_syntax(sandbox: Sandbox) -> None:
    body = json.dumps({"model": "z-image-turbo", "prompt": "x"}).encode()
    assert call(sandbox, "/image/generate", raw=body, Content_Type="text/plain").status == 415
    assert call(sandbox, "/image/generate", raw=body, Content_Type="application/json; charset=utf-8").status == 200
    for broken in (b"", b"{", b'{"seed": NaN}', b'{"prompt": "\xff"}', b"[" * 100_000):
        reply = call(sandbox, "/image/generate", raw=broken)
        assert reply.status == 400 and isinstance(reply.json["details"], str), broken[:20]
    assert call(sandbox, "/image/generate", raw=b"[]").issue()["path"] == []


def test_body_too_large() -> None:
    with Sandbox(options=["--max-body", "100000"]) as sandbox:
        reply = call(sandbox, "/image/generate", raw=b"x" * 3_000_000)
        assert reply.status == 413 and reply.json["error"]["code"] == "payload_too_large"
        assert sandbox.requests()[-1]["body_size"] == 3_000_000


# --- what is drawn ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model, fields, size",
    [
        ("z-image-turbo", {"width": 640, "height": 384}, (640, 384)),
        ("z-image-turbo", {"width": 8, "height": 1280}, (8, 1280)),
        ("z-image-turbo", {"width": 1280, "height": 8, "aspect_ratio": "1:1"}, (1280, 8)),
        ("wan-2-7-text-to-image", {}, (1024, 1024)),
        ("wan-2-7-text-to-image", {"aspect_ratio": "16:9"}, (1360, 768)),
        ("wan-2-7-text-to-image", {"aspect_ratio": "7:5"}, (1024, 1024)),
        ("flux-2-max", {}, (1184, 880)),
        ("nano-banana-pro", {"aspect_ratio": "9:16", "resolution": "2K"}, (1536, 2736)),
        ("sandbox-odd-strings", {"aspect_ratio": "19.5:9", "resolution": "1k"}, (1504, 688)),
    ],
)
def test_sizes(sandbox: Sandbox, model: str, fields: dict[str, Any], size: tuple[int, int]) -> None:
    assert opened(generate(sandbox, model, format="jpeg", **fields).images[0]).size == size


def test_pixel_default_size(sandbox: Sandbox) -> None:
    reply = call(sandbox, "/image/generate", {"model": "z-image-turbo", "prompt": "x"})
    assert opened(reply.images[0]).size == (1024, 1024)
    data = reply.json["request"]["data"]
    assert (data["width"], data["height"], data["format"], data["safe_mode"]) == (1024, 1024, "webp", True)


def test_four_k(sandbox: Sandbox) -> None:
    image = opened(generate(sandbox, "nano-banana-pro", aspect_ratio="16:9", resolution="4K", format="jpeg", return_binary=True).body)
    assert 15_500_000 < image.width * image.height < 17_500_000


@pytest.mark.parametrize("name, kind", [("png", "PNG"), ("jpeg", "JPEG"), ("webp", "WEBP")])
def test_formats(sandbox: Sandbox, name: str, kind: str) -> None:
    assert opened(generate(sandbox, format=name).images[0]).format == kind
    reply = generate(sandbox, format=name, return_binary=True)
    assert opened(reply.body).format == kind and reply.headers["Content-Type"] == f"image/{name}"


def test_own_format(sandbox: Sandbox) -> None:
    reply = generate(sandbox, "sandbox-own-format", format="png")
    assert opened(reply.images[0]).format == "JPEG" and reply.json["request"] is None
    binary = generate(sandbox, "sandbox-own-format", format="png", return_binary=True)
    assert opened(binary.body).format == "JPEG" and binary.headers["Content-Type"] == "image/jpeg"


def test_same_request_same_bytes(sandbox: Sandbox) -> None:
    for kind in ("png", "jpeg", "webp"):
        replies = [generate(sandbox, seed=5, width=256, height=256, format=kind, embed_exif_metadata=True) for _ in range(2)]
        assert replies[0].images == replies[1].images
        assert replies[0].json["id"] != replies[1].json["id"]


def test_prompt_and_seed_change_the_picture(sandbox: Sandbox) -> None:
    def one(prompt: str, seed: int) -> bytes:
        return generate(sandbox, prompt=prompt, seed=seed, width=256, height=256, format="png").images[0]

    pictures = [one("one", 0), one("one", 1), one("two", 0), one("mountains at night", 0), one("mountains at night", 1)]
    for position, first in enumerate(pictures):
        for second in pictures[position + 1 :]:
            assert distance(first, second) > 5


def test_seed_zero_is_literal_and_no_seed_is_random(sandbox: Sandbox) -> None:
    zero = [generate(sandbox, seed=0, format="png") for _ in range(2)]
    assert zero[0].images == zero[1].images and zero[0].json["request"]["data"]["seed"] == 0
    free = [generate(sandbox, format="png") for _ in range(2)]
    seeds = [reply.json["request"]["data"]["seed"] for reply in free]
    assert seeds[0] != seeds[1]
    assert generate(sandbox, seed=seeds[0], format="png").images == free[0].images


def test_variants(sandbox: Sandbox) -> None:
    first, second = (generate(sandbox, seed=3, variants=4, format="png").images for _ in range(2))
    assert len(first) == len(set(first)) == 4
    assert first[0] == second[0] == generate(sandbox, seed=3, format="png").images[0]
    assert not set(first[1:]) & set(second[1:])


def test_answer(sandbox: Sandbox) -> None:
    reply = generate(sandbox, seed=1, negative_prompt="fog", style_preset="3D Model", aspect_ratio="16:9")
    assert reply.json["id"]
    assert set(reply.json["timing"]) == {"inferenceDuration", "inferencePreprocessingTime", "inferenceQueueTime", "total"}
    assert reply.json["request"]["success"] is True
    data = reply.json["request"]["data"]
    assert data["negative_prompt"] == "fog" and data["style_preset"] == "3D Model" and "aspect_ratio" not in data
    assert reply.headers["x-venice-version"] and reply.headers["CF-RAY"]
    assert reply.headers["x-venice-is-blurred"] == reply.headers["x-venice-is-content-violation"] == "false"
    ratio = generate(sandbox, "gpt-image-2", negative_prompt="fog", aspect_ratio="5:5").json["request"]["data"]
    assert (ratio["aspect_ratio"], ratio["resolution"], ratio["quality"]) == ("1:1", "1K", "high")
    assert "negative_prompt" not in ratio and "width" not in ratio


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_exif(sandbox: Sandbox, kind: str) -> None:
    prompt = "Caf\u00e9 am See \U0001f30a"
    exif = opened(generate(sandbox, prompt=prompt, seed=9, format=kind, embed_exif_metadata=True).images[0]).getexif()
    assert exif[0x010E].startswith("Caf")
    comment = exif.get_ifd(0x8769)[0x9286]
    assert comment.startswith(b"UNICODE\0") and prompt in comment[8:].decode("utf-16-be") and "Seed: 9" in comment[8:].decode("utf-16-be")
    assert not opened(generate(sandbox, format=kind).images[0]).getexif()
    longest = generate(sandbox, "nano-banana-pro", prompt="\U0001f30a" * 32768, format=kind, embed_exif_metadata=True)
    assert longest.status == 200 and opened(longest.images[0]).getexif()


def test_safe_mode_blurs(sandbox: Sandbox) -> None:
    fields = {"prompt": "A Nude statue in a city", "seed": 1, "format": "png", "width": 256, "height": 256}
    blurred, sharp = generate(sandbox, **fields), generate(sandbox, safe_mode=False, **fields)
    assert blurred.headers["x-venice-is-blurred"] == "true" and sharp.headers["x-venice-is-blurred"] == "false"

    def edges(data: bytes) -> float:
        image = opened(data).convert("L")
        return ImageStat.Stat(ImageChops.difference(image, ImageChops.offset(image, 1, 0))).mean[0]

    assert edges(blurred.images[0]) < edges(sharp.images[0]) * 0.6


def test_content_violation(sandbox: Sandbox) -> None:
    reply = generate(sandbox, prompt="this is forbidden-content", format="png", enhance_prompt=True)
    assert reply.status == 200 and reply.headers["x-venice-is-content-violation"] == "true"
    assert opened(reply.images[0]).getextrema() == ((0, 0),) * 3
    assert sandbox.state()["balance"] == "1000.00"


def test_enhanced_prompt(sandbox: Sandbox) -> None:
    prompt = "Gr\u00fcne H\u00fcgel, 100%"
    reply = generate(sandbox, prompt=prompt, seed=4, format="png", enhance_prompt=True)
    header = reply.headers["x-venice-enhanced-prompt"]
    assert header.isascii() and " " not in header
    enhanced = urllib.parse.unquote(header)
    assert enhanced.startswith(prompt) and len(enhanced) > len(prompt)
    assert generate(sandbox, prompt=enhanced, seed=4, format="png").images == reply.images
    assert "x-venice-enhanced-prompt" not in generate(sandbox).headers


def test_style_references(sandbox: Sandbox) -> None:
    def reference(colour: str) -> str:
        out = io.BytesIO()
        Image.new("RGB", (32, 32), colour).save(out, "PNG")
        return base64.b64encode(out.getvalue()).decode()

    def one(*references: dict[str, Any], model: str = "krea-v2-medium") -> bytes:
        reply = generate(sandbox, model, seed=1, style_references=list(references))
        assert reply.status == 200, reply.body
        return reply.images[0]

    red = reference("red")
    plain, uri = one({"image": red}), one({"image": "data:image/png;base64," + red})
    assert plain == uri == one({"image": red, "strength": 0.5})
    assert plain != one({"image": reference("blue")}) != one({"image": red, "strength": 1})
    # luma-uni-1 does not honour the strength
    assert one({"image": red, "strength": 1}, model="luma-uni-1") == one({"image": red, "strength": 0.1}, model="luma-uni-1")
    big = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(8 * 1024 * 1024)).decode()
    assert "8MB" in generate(sandbox, "krea-v2-medium", style_references=[{"image": big}]).issue()["message"]


def test_deprecated_model(sandbox: Sandbox) -> None:
    headers = generate(sandbox, "sandbox-deprecated").headers
    assert headers["x-venice-deprecated"] == "true" and headers["x-venice-deprecated-replacement"] == "z-image-turbo"
    assert headers["x-venice-model-deprecation-date"].startswith("2099") and headers["x-venice-model-deprecation-warning"]
    assert "x-venice-deprecated" not in generate(sandbox).headers


def test_compression_of_json_only(sandbox: Sandbox) -> None:
    body = {"model": "z-image-turbo", "prompt": "x", "width": 64, "height": 64, "seed": 1}
    plain = call(sandbox, "/image/generate", body)
    zipped = call(sandbox, "/image/generate", body, Accept_Encoding="gzip, deflate")
    assert plain.headers["Content-Encoding"] is None and zipped.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(zipped.body))["images"] == plain.json["images"]
    refused = call(sandbox, "/image/generate", body, Accept_Encoding="gzip;q=0")
    assert refused.headers["Content-Encoding"] is None
    brotli = call(sandbox, "/models?type=image", Accept_Encoding="gzip, br")
    assert brotli.headers["Content-Encoding"] in ("br", "gzip")
    binary = call(sandbox, "/image/generate", {**body, "return_binary": True}, Accept_Encoding="gzip, br")
    assert binary.headers["Content-Encoding"] is None and opened(binary.body).size == (64, 64)


# --- money and limits ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model, fields, price",
    [
        ("z-image-turbo", {}, "0.01"),
        ("z-image-turbo", {"variants": 3}, "0.03"),
        ("z-image-turbo", {"variants": 2, "enhance_prompt": True}, "0.06"),
        ("wan-2-7-text-to-image", {}, "0.0375"),
        ("wan-2-7-text-to-image", {"variants": 2}, "0.075"),
        ("nano-banana-pro", {}, "0.18"),
        ("nano-banana-pro", {"resolution": "2K"}, "0.23"),
        ("sandbox-odd-strings", {"resolution": "2k"}, "0.05"),
        ("gpt-image-2", {}, "0.26"),  # by quality, although the tier alone says 0.27
        ("gpt-image-2", {"quality": "low"}, "0.02"),
        ("gpt-image-2", {"quality": "medium", "resolution": "2K"}, "0.13"),
        ("grok-imagine-image-2-0", {}, "0.07"),
    ],
)
def test_prices(sandbox: Sandbox, model: str, fields: dict[str, Any], price: str) -> None:
    first = generate(sandbox, model, **fields)
    assert first.headers["x-venice-balance-usd"] == "1000.00"  # the state before this image
    assert first.headers["x-venice-balance-diem"] == "0"
    assert Decimal(sandbox.state()["balance"]) == Decimal(1000) - Decimal(price)
    assert sandbox.state()["images"] == fields.get("variants", 1)


def test_balance_runs_out(sandbox: Sandbox) -> None:
    sandbox.reset(balance="0.025")
    assert [generate(sandbox).status for _ in range(3)] == [200, 200, 402]
    refused = generate(sandbox)
    assert refused.json["code"] == "INSUFFICIENT_BALANCE" and "x402Version" not in refused.json
    assert sandbox.state()["balance"] == "0.005"


def test_balance_in_parallel(sandbox: Sandbox) -> None:
    sandbox.reset(balance="0.05")
    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(lambda _: generate(sandbox).status, range(12)))
    assert sorted(statuses) == [200] * 5 + [402] * 7
    assert sandbox.state()["balance"] == "0.00"


def test_rate_limit() -> None:
    with Sandbox(rate_limit=5, delay=0) as sandbox:
        first = generate(sandbox, variants=3)
        assert first.headers["x-ratelimit-limit-requests"] == "5" and first.headers["x-ratelimit-remaining-requests"] == "2"
        assert 0 < int(first.headers["x-ratelimit-reset-requests"]) - time.time() < 62
        refused = generate(sandbox, variants=3)
        assert refused.status == 429 and 1 <= int(refused.headers["Retry-After"]) <= 60
        assert generate(sandbox, variants=2).status == 200
        assert generate(sandbox).headers["x-ratelimit-remaining-requests"] == "0"
        assert Decimal(sandbox.state()["balance"]) == Decimal("9.95")


def test_rate_limit_default_and_milliseconds() -> None:
    with Sandbox(delay=0, options=["--reset-milliseconds"]) as sandbox:
        headers = generate(sandbox).headers
        assert headers["x-ratelimit-limit-requests"] == "20" and int(headers["x-ratelimit-reset-requests"]) > 1e12


def test_failures_lock_the_key() -> None:
    with Sandbox(failure_lock=3, delay=0) as sandbox:
        assert [generate(sandbox, seed="x").status for _ in range(4)] == [400] * 4
        locked = generate(sandbox)
        assert locked.status == 429 and 1 <= int(locked.headers["Retry-After"]) <= 30


def test_delay_and_parallel_requests() -> None:
    with Sandbox(delay=0.6) as sandbox:
        begin = time.monotonic()
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda seed: generate(sandbox, seed=seed), range(4)))
        assert 0.6 <= time.monotonic() - begin < 2.2 and all(reply.status == 200 for reply in replies)
        assert replies[0].json["timing"]["total"] >= 600


# --- control ---------------------------------------------------------------------------------------


def raw_exchange(sandbox: Sandbox, body: dict[str, Any], until_end: bool = True) -> bytes:
    """Everything that comes over the wire, to see it without a library's opinion."""
    address = urllib.parse.urlsplit(sandbox.base_url)
    data = json.dumps({"model": "z-image-turbo", "prompt": "x", "width": 64, "height": 64, **body}).encode()
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(
            f"POST /api/v1/image/generate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sandbox.key}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data
        )
        received = b""
        while until_end:
            piece = connection.recv(65536)
            if not piece:
                break
            received += piece
        return received


def test_literal_answers(sandbox: Sandbox) -> None:
    sandbox.next(status=429, headers={"Retry-After": "7"}, json={"error": "slow down"})
    sandbox.next(status=502, text="<html>Bad gateway</html>", content_type="text/html")
    sandbox.next(body_base64=base64.b64encode(b"\0\1\2").decode(), content_type="image/png")
    first, second, third = (generate(sandbox) for _ in range(3))
    assert first.status == 429 and first.headers["Retry-After"] == "7" and first.json == {"error": "slow down"}
    assert second.status == 502 and second.headers["Content-Type"] == "text/html" and second.body.startswith(b"<html>")
    assert third.status == 200 and third.body == b"\0\1\2"
    assert generate(sandbox).status == 200
    assert sandbox.state()["balance"] == "999.99"


def test_matching_and_times(sandbox: Sandbox) -> None:
    sandbox.next(path="/models", status=500, json={"error": "x", "request_id": "1"}, times=2)
    sandbox.next(match={"seed": 7}, status=503, json={"error": "full"}, times=0)
    assert generate(sandbox, seed=1).status == 200
    assert [call(sandbox, "/models?type=image").status for _ in range(3)] == [500, 500, 200]
    assert [generate(sandbox, seed=7).status for _ in range(3)] == [503] * 3
    assert len(sandbox.state()["pending"]) == 1
    sandbox.reset()
    assert generate(sandbox, seed=7).status == 200 and sandbox.state()["pending"] == []


def test_control_refuses_nonsense(sandbox: Sandbox) -> None:
    for wrong in ({"fault": "none such"}, {"dealy": 3}, {"delay": "long"}, {"image_base64": "*"}, {"image_file": "/none/such"}):
        with pytest.raises(ValueError, match="error"):
            sandbox.next(**wrong)
    assert "truncated" in sandbox.state()["known_faults"]


def test_fault_truncated(sandbox: Sandbox) -> None:
    sandbox.next(fault="truncated")
    head, _, body = raw_exchange(sandbox, {}).partition(b"\r\n\r\n")
    announced = int(next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")).split(b":")[1])
    assert b" 200 " in head and len(body) == announced // 2
    entry = sandbox.requests()[-1]
    assert entry["complete"] is False and entry["client_gone"] is False and entry["bytes_sent"] == announced // 2
    assert sandbox.state()["balance"] == "999.99"


def test_fault_reset(sandbox: Sandbox) -> None:
    sandbox.next(fault="reset")
    with pytest.raises(ConnectionResetError):
        raw_exchange(sandbox, {})
    entry = sandbox.requests(count=1)[-1]
    assert entry["status"] is None and entry["client_gone"] is False
    assert sandbox.state()["balance"] == "1000.00"
    sandbox.next(fault="reset", charge=True)
    with pytest.raises(ConnectionResetError):
        raw_exchange(sandbox, {})
    assert sandbox.state()["balance"] == "999.99"


def test_fault_silence(sandbox: Sandbox) -> None:
    sandbox.next(fault="silence")
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(sandbox.base_url).netloc, timeout=0.5)
    connection.request("POST", "/api/v1/image/generate", b"{}", {"Content-Type": "application/json", "Authorization": f"Bearer {sandbox.key}"})
    with pytest.raises(TimeoutError):
        connection.getresponse()
    assert sandbox.state()["in_flight"] == ["/image/generate"] and sandbox.requests() == []
    connection.close()
    entry = sandbox.requests(count=1)[0]
    assert entry["client_gone"] is True and entry["status"] is None and entry["bytes_sent"] == 0


def test_fault_malformed_and_empty(sandbox: Sandbox) -> None:
    sandbox.next(fault="malformed")
    reply = generate(sandbox)
    assert reply.status == 200 and len(reply.body) == int(reply.headers["Content-Length"])
    with pytest.raises(ValueError):
        reply.json
    sandbox.next(fault="empty")
    reply = generate(sandbox)
    assert reply.status == 200 and reply.body == b"" and reply.headers["Content-Length"] == "0"


def test_faults_of_pictures(sandbox: Sandbox) -> None:
    sandbox.next(fault="bad-base64")
    text = generate(sandbox).json["images"][0]
    assert len(text) % 4 == 0
    with pytest.raises(ValueError):
        base64.b64decode(text, validate=True)
    sandbox.next(fault="not-an-image", times=2)
    assert generate(sandbox).images[0].startswith(b"This text")
    binary = generate(sandbox, return_binary=True)
    assert binary.headers["Content-Type"] == "image/png" and binary.body.startswith(b"This text")
    sandbox.next(fault="broken-image", times=2)
    for data in (generate(sandbox, format="png").images[0], generate(sandbox, format="png", return_binary=True).body):
        assert data.startswith(b"\x89PNG")
        with pytest.raises(OSError):
            opened(data)


def test_fault_huge(sandbox: Sandbox) -> None:
    sandbox.next(fault="huge", bytes=30_000_000, times=2)
    reply = generate(sandbox)
    assert abs(len(reply.body) - 30_000_000) < 10 and len(reply.images[0]) > 20_000_000
    binary = generate(sandbox, return_binary=True, format="png")
    assert abs(len(binary.body) - 30_000_000) < 10 and opened(binary.body).size == (64, 64)


def test_delay_trickle_chunked(sandbox: Sandbox) -> None:
    begin = time.monotonic()
    sandbox.next(delay=0.5)
    assert generate(sandbox).status == 200 and time.monotonic() - begin >= 0.5
    size = len(generate(sandbox, seed=1, return_binary=True).body)
    sandbox.next(trickle=size * 2)
    begin = time.monotonic()
    assert len(generate(sandbox, seed=1, return_binary=True).body) == size
    assert 0.4 < time.monotonic() - begin < 3
    sandbox.next(chunked=True)
    reply = generate(sandbox)
    assert reply.status == 200 and reply.headers["Content-Length"] is None and opened(reply.images[0])


def test_own_picture(sandbox: Sandbox) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (10, 20), "red").save(out, "JPEG", exif=exif)
    sandbox.next(image_base64=base64.b64encode(out.getvalue()).decode(), times=2)
    assert generate(sandbox, format="png", variants=2).images == [out.getvalue()] * 2
    binary = generate(sandbox, format="png", return_binary=True)
    assert binary.body == out.getvalue() and binary.headers["Content-Type"] == "image/jpeg"


def test_without_control() -> None:
    with Sandbox(options=["--no-control"], delay=0) as sandbox:
        with pytest.raises(ValueError, match="404"):
            sandbox.state()
        assert generate(sandbox).status == 200 and len(sandbox.requests(count=1)) == 1


def test_only_addresses_of_this_machine() -> None:
    with Sandbox(host="127.1.2.3", delay=0) as sandbox:
        assert sandbox.base_url.startswith("http://127.1.2.3:") and generate(sandbox).status == 200
    with pytest.raises(RuntimeError, match="not this machine alone: 0.0.0.0"):
        Sandbox(host="0.0.0.0").start()


# --- log and process -------------------------------------------------------------------------------


def test_log(sandbox: Sandbox) -> None:
    reply = generate(sandbox, seed=11, prompt="Ein See \u2028 im Norden")
    call(sandbox, "/models?type=image", key=None)
    call(sandbox, "/image/styles", key="not-a-key")
    first, second, third = sandbox.requests()
    assert (first["method"], first["path"], first["status"]) == ("POST", "/image/generate", 200)
    assert first["json"]["seed"] == 11 and first["json"]["prompt"] == "Ein See \u2028 im Norden"
    assert first["bytes_sent"] == len(reply.body) and first["complete"] is True and first["client_gone"] is False
    assert first["headers"]["authorization"] == "Bearer <known key>" and first["key_known"] is True
    assert second["query"] == {"type": "image"} and "authorization" not in second["headers"] and second["key_known"] is False
    assert third["headers"]["authorization"] == "Bearer <unknown key>" and third["status"] == 401
    text = sandbox.log.read_text(encoding="utf-8")
    assert sandbox.key not in text and "not-a-key" not in text
    assert sandbox.requests("/models") == [second]


def test_log_of_large_bodies(sandbox: Sandbox) -> None:
    call(sandbox, "/image/generate", {"model": "z-image-turbo", "prompt": "x" * 400_000})
    entry = sandbox.requests()[0]
    assert "json" not in entry and entry["body_size"] > 400_000 and entry["status"] == 400


def test_log_of_a_client_that_goes_away(sandbox: Sandbox) -> None:
    sandbox.next(delay=20)
    raw_exchange(sandbox, {}, until_end=False)
    entry = sandbox.requests(count=1)[0]
    assert entry["client_gone"] is True and entry["complete"] is False and entry["status"] is None
    assert entry["seconds"] < 5 and entry["json"]["prompt"] == "x"
    # and in the middle of an answer
    sandbox.next(fault="huge", bytes=500_000_000)
    raw = json.dumps({"model": "z-image-turbo", "prompt": "x", "width": 64, "height": 64}).encode()
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(sandbox.base_url).netloc, timeout=10)
    connection.request("POST", "/api/v1/image/generate", raw, {"Content-Type": "application/json", "Authorization": f"Bearer {sandbox.key}"})
    answer = connection.getresponse()
    answer.read(1000)
    answer.close()
    connection.close()
    entry = sandbox.requests(count=2)[1]
    assert entry["client_gone"] is True and entry["status"] == 200 and 0 < entry["bytes_sent"] < 500_000_000


def test_keep_alive(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(sandbox.base_url).netloc, timeout=10)
    for _ in range(3):
        connection.request("GET", "/api/v1/image/styles")
        answer = connection.getresponse()
        assert answer.status == 200 and answer.read()
    connection.close()


def gone(pid: int, seconds: float = 5) -> bool:
    """Whether a process has ended, or ends soon."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_by_signal(number: signal.Signals) -> None:
    process = subprocess.Popen([server_python(), str(SCRIPT)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline().startswith("http://127.0.0.1:")
    process.send_signal(number)
    output, error = process.communicate(timeout=5)
    assert process.returncode == 0 and output == "" and error == ""


def test_ends_although_an_answer_is_outstanding() -> None:
    with Sandbox() as sandbox:
        sandbox.next(fault="silence")
        thread = threading.Thread(target=lambda: raw_exchange(sandbox, {}))
        thread.start()
        while not sandbox.state()["in_flight"]:
            time.sleep(0.02)
        begin = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - begin < 5
        thread.join(5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_ends_with_its_parent(number: signal.Signals) -> None:
    code = (
        "import subprocess, sys, time\n"
        f"p = subprocess.Popen([{server_python()!r}, {str(SCRIPT)!r}], stdout=subprocess.PIPE, text=True)\n"
        "print(p.pid, p.stdout.readline().strip(), flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid, url = parent.stdout.readline().split()
    assert url.startswith("http://127.0.0.1:") and not gone(int(pid), 0.7)
    parent.send_signal(number)
    parent.wait()
    assert gone(int(pid))
    parent.stdout.close()


def test_survives_the_thread_that_started_it() -> None:
    """Linux reports a parent's death when the starting thread ends; that alone must not stop it."""
    sandbox = Sandbox(delay=0)
    thread = threading.Thread(target=sandbox.start)
    thread.start()
    thread.join()
    try:
        time.sleep(1.2)
        assert generate(sandbox).status == 200
    finally:
        sandbox.stop()


def test_only_loopback() -> None:
    with Sandbox() as sandbox:
        assert urllib.parse.urlsplit(sandbox.base_url).hostname == "127.0.0.1" and sandbox.base_url.endswith("/api/v1")


# --- answers past any HTTP library -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "start", "end"),
    [
        ({"after": "nothing"}, b"", b""),
        ({"after": "nothing", "then": "reset"}, b"<reset>", b"<reset>"),
        ({"after": "status-line"}, b"HTTP/1.1 200 Sandbox\r\n", b"Sandbox\r\n"),
        ({"after": "headers", "framing": "chunks"}, b"HTTP/1.1 200", b"Transfer-Encoding: chunked\r\n"),
        ({"after": "head", "framing": "chunks"}, b"HTTP/1.1 200", b"Transfer-Encoding: chunked\r\n\r\n"),
        ({"after": "bytes", "bytes": 4}, b"HTTP/1.1 200", b"\r\n\r\n\x89PNG"),
        ({"after": "all"}, b"HTTP/1.1 200", b"IEND\xaeB`\x82"),
        ({"after": "all", "framing": "chunks"}, b"HTTP/1.1 200", b"\r\n0\r\n\r\n"),
        ({"after": "all", "framing": "bad-chunks"}, b"HTTP/1.1 200", b"no number\r\n\r\n"),
    ],
)
def test_an_answer_on_the_wire(sandbox: Sandbox, options: dict[str, Any], start: bytes, end: bytes) -> None:
    sandbox.next(fault="wire", charge=True, **options)
    try:
        received = raw_exchange(sandbox, {"format": "png", "return_binary": True})
    except ConnectionResetError:
        received = b"<reset>"
    assert received.startswith(start) and received.endswith(end), received[-200:]
    assert (start == end == b"") == (received == b"")
    assert sandbox.state()["images"] == 1  # it was made, and paid for


def test_a_fault_of_an_unknown_kind_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(Exception, match="after is one of"):
        sandbox.next(fault="wire", after="lunch")
