# SPDX-License-Identifier: MIT
"""What is sent of a request with a model, what is left out, which size and price come of it: all checked against what the server then does."""

from __future__ import annotations

import base64
import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from checks import error_of
from contract import complaints
from PIL import Image as Picture
from sandbox.catalog import MODELS
from sandbox.process import Sandbox
from venice import Client, Model, Models, Request, Sizing, Status

GENERATE = "/image/generate"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "api"
GENERATORS = [name for name, model in MODELS.items() if model.generator and not model.offline]

# Values that every model takes, if it takes the field at all.
EVERYTHING: dict[str, Any] = {
    "prompt": "a lake",
    "negative_prompt": "fog",
    "width": 64,
    "height": 64,
    "steps": 5,
    "cfg_scale": 7.25,
    "seed": 7,
    "style_preset": "Anime",
    "lora_strength": 10,
    "safe_mode": False,
    "hide_watermark": True,
    "format": "png",
    "return_binary": True,
    "variants": 1,
    "embed_exif_metadata": True,
    "enable_web_search": True,
    "enhance_prompt": False,
    "disable_prompt_optimization_thinking": True,
}


def picture(format: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    out = io.BytesIO()
    Picture.new("RGB", size, (200, 30, 30)).save(out, format)
    return out.getvalue()


def full_request(model: Model) -> Request:
    """Every field set, with a value of the model's lists, or one that it would refuse if it has none."""
    request = Request(**EVERYTHING)
    for field, otherwise in (("aspect_ratio", "16:9"), ("resolution", "2K"), ("quality", "low")):
        allowed, _ = model.choices(field)
        request[field] = allowed[0] if allowed else otherwise
    request.add_style_reference(picture())
    request.use_model(model)
    return request


@pytest.fixture
def models(client: Client) -> Iterator[Models]:
    with client.list_models() as models:
        yield models


@pytest.mark.parametrize("model_id", GENERATORS)
def test_with_everything_set_the_server_takes_what_is_sent(client: Client, models: Models, sandbox: Sandbox, model_id: str) -> None:
    model = models.find(model_id)
    request = full_request(model)
    body, left_out = request.plan()
    request.check()
    client.generate(request)
    [entry] = sandbox.requests(GENERATE)
    assert entry["json"] == body == request.body
    assert set(body) | set(left_out) == set(request.json) and not set(body) & set(left_out)
    assert all(code in ("not_taken", "not_used") and reason.endswith(".") for code, reason in left_out.values())
    known = MODELS[model_id]
    assert ("width" in body) == known.sized_by_pixels and ("aspect_ratio" in body) == bool(known.ratios)
    assert ("resolution" in body) == bool(known.tiers) and ("quality" in body) == bool(known.qualities)
    assert ("style_references" in body) == (known.style_references > 0)
    assert ("enable_web_search" in body) == known.web_search
    assert "variants" not in body and body["negative_prompt"] == "fog"
    for field, (_, reason) in left_out.items():
        assert field == "variants" or model.unused_reason(field) == reason
    for field in body:
        assert model.unused_reason(field) is None


@pytest.mark.parametrize("model_id", ["venice-sd35", "gpt-image-2", "krea-v2-medium"])
def test_what_the_plan_leaves_out_would_be_refused_or_ignored(client: Client, models: Models, sandbox: Sandbox, model_id: str) -> None:
    """Each field that is left out, sent by a request that is not told the model: a 400, or the very same picture."""
    model = models.find(model_id)
    request = full_request(model)
    body, left_out = request.plan()
    picture_of_plan = client.generate(request)[0].data
    assert left_out.pop("variants")  # left out with any model, and without
    for field, (code, _) in left_out.items():
        sandbox.reset()
        bare = Request(**body)
        bare[field] = request.json[field]
        if code == "not_taken":
            assert error_of(lambda: client.generate(bare)).status == Status.BAD_REQUEST, field
        elif field != "hide_watermark":  # the sandbox draws one on every picture
            assert client.generate(bare)[0].data == picture_of_plan, field


def test_a_problem_with_the_model_costs_nothing(client: Client, models: Models, sandbox: Sandbox) -> None:
    request = Request(prompt="x" * 1501, width=65)
    request.use_model(models.find("venice-sd35"))
    sandbox.reset()
    for action in (lambda: client.generate(request), lambda: client.submit(request)):
        error = error_of(action)
        assert error.status == Status.INVALID_REQUEST
        assert error.problem_codes == [("prompt", "too_long"), ("width", "not_a_multiple")]
    assert sandbox.requests(GENERATE) == []


def test_lengths_are_counted_in_characters(client: Client, models: Models) -> None:
    request = Request(prompt="\U0001f98a" * 1500, width=64, height=64)
    request.use_model(models.find("venice-sd35"))
    client.generate(request)


def test_a_request_is_read_back_from_its_json(client: Client, models: Models) -> None:
    request = full_request(models.find("gpt-image-2"))
    again = Request.from_json(json.dumps(request.json))
    assert again.json == request.json and list(again.json) == list(request.json)
    error = error_of(lambda: Request.from_json('{"seed": 1e12, "width": "wide"}'))
    assert error.problem_codes == [("seed", "wrong_type"), ("width", "wrong_type")]


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_style_references_arrive_as_they_were(client: Client, models: Models, sandbox: Sandbox, tmp_path: Path, format: str) -> None:
    data = picture(format)
    (tmp_path / "style.bin").write_bytes(data)  # the bytes say what it is, not the name
    request = Request(prompt="a lake", return_binary=True)
    request.use_model(models.find("krea-v2-medium"))
    request.add_style_reference(data, 0.25)
    request.add_style_reference(tmp_path / "style.bin")
    client.generate(request)
    [entry] = sandbox.requests(GENERATE)
    first, second = entry["json"]["style_references"]
    head, encoded = first["image"].split(",")
    assert head == f"data:image/{format.lower()};base64" and base64.b64decode(encoded, validate=True) == data
    assert first["strength"] == 0.25 and second == {"image": first["image"]}


def test_more_style_references_than_the_model_takes(client: Client, models: Models, sandbox: Sandbox) -> None:
    model = models.find("krea-v2-medium")
    request = Request(prompt="a lake", return_binary=True)
    request.use_model(model)
    for _ in range(model.number("max_style_references")):
        request.add_style_reference(picture())
    client.generate(request)
    request.add_style_reference(picture())
    assert error_of(lambda: client.generate(request)).problem_codes == [("style_references", "too_many")]
    assert len(sandbox.requests(GENERATE)) == 1


# --- size ------------------------------------------------------------------------------------------


TARGETS = [(1, 1), (64, 64), (600, 400), (512, 2048), (1024, 1024), (1280, 720), (1920, 1080), (2000, 2000), (3000, 4000), (5000, 300)]


def check_fit(model: Model, width: int, height: int) -> None:
    request = Request(prompt="a lake", return_binary=True, format="png")
    request.use_model(model)
    request.fit_size(model, width, height)
    request.check()
    body, left_out = request.plan()
    assert not left_out or set(left_out) == {"return_binary"}
    size = model.output_size(request)
    wanted = math.log(width / height)
    if model.sizing == Sizing.PIXEL:
        assert size == (body["width"], body["height"], True)
        assert abs(math.log(size[0] / size[1]) - wanted) < 0.05 or max(size[:2]) == 1280
    else:
        assert "width" not in body and "resolution" not in body
        numbers = {ratio: math.log(float(ratio.split(":")[0]) / float(ratio.split(":")[1])) for ratio in model.choices("aspect_ratio")[0] if ":" in ratio}
        assert abs(numbers[body["aspect_ratio"]] - wanted) == pytest.approx(min(abs(number - wanted) for number in numbers.values()))
        assert size is not None and not size[2]
    if model.sizing in (Sizing.TIER, Sizing.QUALITY_TIER):
        request.fit_size(model, width, height, sufficient=True)
        assert request.json["resolution"] in model.choices("resolution")[0]
        request.check()


@pytest.mark.parametrize("tier", [-1, 2])
def test_a_tier_that_is_none(models: Models, tier: int) -> None:
    model = models.find(GENERATORS[0])
    error = error_of(lambda: Request._fit_size(Request().handle, model.handle, 64, 64, tier))
    assert error.status == Status.OUT_OF_RANGE and "tier must be 0 (keep) or 1 (sufficient)" in error.message


@pytest.mark.parametrize("model_id", GENERATORS)
def test_the_size_that_comes_is_the_one_that_was_told(client: Client, models: Models, model_id: str) -> None:
    model = models.find(model_id)
    for width, height in TARGETS:
        check_fit(model, width, height)
    request = Request(prompt="a lake", return_binary=True, format="png")
    request.use_model(model)
    request.fit_size(model, 600, 400)
    width, height, exact = model.output_size(request) or (0, 0, False)
    got = client.generate(request)[0].size
    if exact:
        assert got == (width, height)
    else:  # the provider rounds
        assert got == (pytest.approx(width, abs=8), pytest.approx(height, abs=8))


# --- price -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("model_id", GENERATORS)
def test_the_price_is_what_is_charged(client: Client, models: Models, sandbox: Sandbox, model_id: str) -> None:
    model = models.find(model_id)
    tiers, qualities = model.choices("resolution")[0], model.choices("quality")[0]
    for fields in ({}, {"variants": 2}, {"enhance_prompt": True, "variants": 2}, {"resolution": tiers[0]} if tiers else {}, {"quality": qualities[0]} if qualities else {}):
        sandbox.reset(balance=1000)
        request = Request(prompt="a lake", **fields)
        request.use_model(model)
        if model.sizing == Sizing.PIXEL:
            request["width"] = request["height"] = 64
        price = model.price(request)
        client.generate(request)
        assert price is not None and price[0] == pytest.approx(1000 - float(client.get_account().balance("usd") or 0))
        assert (price[1] == -1) == ("enhance_prompt" in fields)  # what a rewrite costs in DIEM is not published
    for tier in tiers or [None]:
        for quality in qualities or [None]:
            chosen = {name: value for name, value in (("resolution", tier), ("quality", quality)) if value}
            assert model.image_price(tier, quality) == model.price(Request(model=model_id, **chosen))


# --- the contract ----------------------------------------------------------------------------------


def contract_schema() -> dict[str, Any]:
    file = SHARED / "venice-image.openapi.json"
    if not file.exists():
        pytest.skip("there is no contract beside the repository")
    document = json.loads(file.read_text(encoding="utf-8"))
    return document["components"]["schemas"]["GenerateImageRequest"]


def test_the_checker_complains() -> None:
    schema = contract_schema()
    good = {"model": "m", "prompt": "p"}
    assert complaints(schema, good) == []
    for wrong in ({"width": 0}, {"width": 1281}, {"width": "1"}, {"cfg_scale": 0}, {"format": "gif"}, {"newer": 1}, {"safe_mode": 1}, {"prompt": ""},
                  {"style_references": [{"strength": 1}]}, {"style_references": [{"image": "a", "strength": 2}]}):
        assert complaints(schema, good | wrong), wrong
    assert complaints(schema, {"model": "m"})


@pytest.mark.parametrize("model_id", GENERATORS)
def test_requests_keep_to_the_contract(models: Models, model_id: str) -> None:
    schema = contract_schema()
    assert complaints(schema, full_request(models.find(model_id)).body) == []


def test_the_bounds_are_those_of_the_contract() -> None:
    """Just inside passes both, just outside fails both."""
    schema = contract_schema()
    inside = {"width": [1, 1280], "height": [1, 1280], "cfg_scale": [0.001, 20.0], "seed": [-999999999, 999999999], "variants": [1, 4], "lora_strength": [0, 100],
              "quality": ["low", "medium", "high"], "format": ["png", "jpeg", "webp"], "prompt": ["x", "x" * 7500], "negative_prompt": ["", "x" * 7500]}
    outside = {"width": [0, 1281], "height": [0, 1281], "cfg_scale": [0.0, 20.1], "seed": [-1000000000, 1000000000], "variants": [0, 5], "lora_strength": [-1, 101],
               "quality": ["High"], "format": ["gif"], "prompt": [""]}
    for field, values in inside.items():
        for value in values:
            request = Request(model="m", prompt="p")
            request[field] = value
            assert request.body[field] == value
            assert complaints(schema, request.body) == []
    for field, values in outside.items():
        for value in values:
            assert complaints(schema, {"model": "m", "prompt": "p", field: value})
            assert error_of(lambda: Request().__setitem__(field, value)).status == Status.OUT_OF_RANGE


def test_the_models_of_the_real_service(client: Client, sandbox: Sandbox) -> None:
    file = SHARED / "models-image.json"
    if not file.exists():
        pytest.skip("there is no recorded list beside the repository")
    entries = json.loads(file.read_text(encoding="utf-8"))
    sandbox.next(path="/models", method="GET", json={"object": "list", "type": "image", "data": entries})
    schema = contract_schema()
    models = client.list_models()
    assert len(models) > 30
    for model in models:
        if "bg-remover" in model.id:
            continue
        request = full_request(model)
        request.check()
        body, left_out = request.plan()
        assert complaints(schema, body) == []
        constraints = model.json["model_spec"]["constraints"]
        assert ("width" in body) == ("aspectRatios" not in constraints)
        assert ("resolution" in body) == ("resolutions" in constraints) and ("quality" in body) == ("qualities" in constraints)
        assert ("style_references" in body) == ("maxStyleReferences" in constraints)
        assert ("steps" in body) == model.id.startswith(("venice-sd35", "lustify", "wai-"))
        assert model.price(request) is not None
        for width, height in TARGETS:
            check_fit(model, width, height)
