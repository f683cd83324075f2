# SPDX-License-Identifier: MIT
"""The lists of models and styles, and what a request costs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from checks import error_of
from sandbox.catalog import MODELS, STYLES
from sandbox.process import Sandbox
from venice import Client, Model, Models, Request, Sizing, Status

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def models(client: Client) -> Iterator[Models]:
    with client.list_models() as models:
        yield models


def sizing_of(constraints: dict[str, Any]) -> Sizing:
    if not constraints.get("aspectRatios"):
        return Sizing.PIXEL
    if not constraints.get("resolutions"):
        return Sizing.RATIO
    return Sizing.QUALITY_TIER if constraints.get("qualities") else Sizing.TIER


def orders(entry: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, float] | None]]:
    """Each choice of tier, quality and number that the entry allows, with the price of one image."""
    constraints, pricing = entry["model_spec"].get("constraints", {}), entry["model_spec"]["pricing"]
    for tier in [None, *constraints.get("resolutions", [])]:
        for quality in [None, *constraints.get("qualities", [])]:
            for variants in (1, 3):
                fields = {"resolution": tier, "quality": quality, "variants": variants}
                used_tier = tier or constraints.get("defaultResolution")
                if "quality" in pricing:
                    price = pricing["quality"].get(used_tier, {}).get(quality or constraints.get("defaultQuality"))
                elif "resolutions" in pricing:
                    price = pricing["resolutions"].get(used_tier)
                else:
                    price = pricing.get("generation")
                yield {name: value for name, value in fields.items() if value is not None}, price


def check_entry(model: Model, entry: dict[str, Any]) -> None:
    spec, constraints = entry["model_spec"], entry["model_spec"].get("constraints", {})
    assert model.id == entry["id"]
    assert model.name == spec["name"]
    assert model.privacy == spec["privacy"]
    assert model.is_offline == spec.get("offline", False)
    assert model.is_usable == (not model.is_offline and "bg-remover" not in model.id)
    assert all(model.has_trait(trait) for trait in spec["traits"]) and not model.has_trait("no such trait")
    assert model.sizing == sizing_of(constraints)
    assert model.size_divisor == constraints.get("widthHeightDivisor", 1)
    assert model.prompt_limit == constraints.get("promptCharacterLimit", 0)
    steps = constraints.get("steps", {})
    assert model.steps == (steps.get("default", 0), steps.get("max", 0))
    assert model.choices("aspect_ratio") == (constraints.get("aspectRatios", []), constraints.get("defaultAspectRatio"))
    assert model.choices("resolution") == (constraints.get("resolutions", []), constraints.get("defaultResolution"))
    assert model.choices("quality") == (constraints.get("qualities", []), constraints.get("defaultQuality"))
    assert model.text("description") == spec.get("description", "")
    assert model.text("source") == spec.get("modelSource", "")
    assert model.number("is_beta") == spec.get("betaModel", False)
    assert model.number("is_uncensored") == spec.get("uncensored", False)
    assert model.texts("trait") == spec["traits"]
    assert model.texts("region") == spec.get("regionRestrictions", [])
    deprecation = spec.get("deprecation")
    assert model.number("is_deprecated") == (deprecation is not None)
    assert model.text("removal_date") == (deprecation and deprecation["removesAt"])
    assert model.text("deprecation_date") == (deprecation and deprecation["startsAt"])
    assert model.text("replacement") == (deprecation and deprecation.get("replacementModelId", ""))
    assert model.number("max_style_references") == constraints.get("maxStyleReferences", 0)
    assert model.number("uses_style_strength") == constraints.get("supportsStyleReferenceStrength", False)
    assert model.json == entry
    for fields, price in orders(entry):
        asked = model.price(Request(model=model.id, prompt="x", **fields))
        expected = price and (price["usd"] * fields["variants"], price["diem"] * fields["variants"])
        assert asked == pytest.approx(expected) if expected else asked is None, fields


def test_the_list_is_the_servers(client: Client, models: Models, sandbox: Sandbox) -> None:
    [entry] = sandbox.requests("/models")
    assert entry["query"] == {"type": "image"} and entry["method"] == "GET"
    assert "authorization" not in entry["headers"]  # it needs no key, so it gets none
    assert [model.id for model in models] == list(MODELS)


@pytest.mark.parametrize("model_id", list(MODELS))
def test_each_model_and_its_prices(models: Models, model_id: str) -> None:
    check_entry(models.find(model_id), MODELS[model_id].as_json())


def test_without_request_the_price_is_that_of_one_image(models: Models) -> None:
    assert models.find("gpt-image-2").price() == pytest.approx((0.26, 0.26))


def test_finding_models(models: Models) -> None:
    assert models.find("default").id == "z-image-turbo"
    assert models.find("highest_quality").id == "qwen-image"
    assert models.find_trait("fastest").id == models.default().id == "z-image-turbo"
    assert error_of(lambda: models.find_trait("z-image-turbo")).status == Status.NOT_FOUND
    for missing in ("Z-Image-Turbo", "", "no\nsuch"):
        error = error_of(lambda: models.find(missing))
        assert error.status == Status.NOT_FOUND and "\n" not in error.message
    assert error_of(lambda: models[len(models)]).status == Status.OUT_OF_RANGE


def test_the_default_model_can_be_used(client: Client, sandbox: Sandbox) -> None:
    def entry(model_id: str, *, offline: bool, traits: list[str]) -> dict[str, Any]:
        return {"id": model_id, "model_spec": {"offline": offline, "traits": traits}}

    off, on = entry("off", offline=True, traits=["default"]), entry("on", offline=False, traits=[])
    sandbox.next(path="/models", method="GET", json={"data": [off, entry("bria-bg-remover", offline=False, traits=[]), on]})
    assert client.list_models().default().id == "on"
    sandbox.next(path="/models", method="GET", json={"data": [off]})
    assert error_of(client.list_models().default).status == Status.NOT_FOUND


def test_web_search_has_no_published_price(models: Models) -> None:
    from venice import _library

    nano = models.find("nano-banana-pro")
    request = Request(prompt="x", enable_web_search=True)
    assert nano.price(request) == nano.price()
    assert _library.venice_model_price(nano.handle, request.handle, None, None) == 2
    assert _library.venice_model_price(nano.handle, None, None, None) == 1
    assert _library.venice_model_price(models.find("z-image-turbo").handle, request.handle, None, None) == 1  # cannot search


def test_a_model_outlives_its_list(client: Client) -> None:
    models = client.list_models()
    model = models.find("default")
    models.free()
    client.free()
    assert model.id == "z-image-turbo" and model.json["id"] == "z-image-turbo"


def test_what_fits_a_model_is_taken_by_the_server(client: Client, models: Models, sandbox: Sandbox) -> None:
    """The check is no stricter and no laxer than the server, for what both check."""
    cases: list[tuple[str, dict[str, Any]]] = [
        ("z-image-turbo", {"width": 64, "height": 72}),
        ("z-image-turbo", {"width": 65}),
        ("venice-sd35", {"steps": 30, "width": 64, "height": 64}),
        ("venice-sd35", {"steps": 31}),
        ("venice-sd35", {"negative_prompt": "x" * 1501}),
        ("z-image-turbo", {"resolution": "1K"}),
        ("grok-imagine-image", {"resolution": "4K"}),
        ("qwen-image-3", {"width": 64}),
        ("grok-imagine-image-2-0", {"quality": "high"}),
        ("sandbox-offline", {}),
        ("bria-bg-remover", {}),
    ]
    for model_id, fields in cases:
        request = Request(model=model_id, prompt="x", return_binary=True, **fields)
        fits = error_status(lambda: request.check(models.find(model_id)))
        taken = error_status(lambda: client.generate(request))
        assert fits in (Status.OK, Status.INVALID_REQUEST)
        assert (fits == Status.OK) == (taken == Status.OK), (model_id, fields, taken)


def error_status(action: Any) -> Status:
    from venice import VeniceError

    try:
        action()
    except VeniceError as error:
        return error.status
    return Status.OK


def test_a_check_names_the_fields(models: Models) -> None:
    error = error_of(lambda: Request(model="z-image-turbo", width=65, height=63).check(models.find("z-image-turbo")))
    assert error.status == Status.INVALID_REQUEST
    assert sorted(field for field, _ in error.problems) == ["height", "prompt", "width"]


def test_styles(client: Client, sandbox: Sandbox) -> None:
    assert list(client.list_styles()) == list(STYLES)
    assert "authorization" not in sandbox.requests("/image/styles")[0]["headers"]


def test_styles_as_a_bare_array(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(path="/image/styles", method="GET", json=["3D Model", "\u00dcber"])
    assert list(client.list_styles()) == ["3D Model", "\u00dcber"]


def test_lists_as_jobs(client: Client) -> None:
    models, styles = client.submit_models(), client.submit_styles()
    models.wait()
    styles.wait()
    assert len(models.models()) == len(MODELS)
    assert len(list(styles.styles())) == len(STYLES)


def test_entries_that_nobody_knows_are_left_alone(client: Client, sandbox: Sandbox) -> None:
    sandbox.next(path="/models", method="GET", json={"data": [None, 7, {}, {"id": "bare"}, {"id": "odd", "model_spec": []}], "more": 1})
    models = client.list_models()
    assert [model.id for model in models] == ["bare", "odd"]
    assert models[0].name == "bare" and models[0].sizing == Sizing.PIXEL and models[0].price() is None and models[0].privacy == ""
    assert models[0].is_usable


def test_the_list_of_the_real_service(client: Client, sandbox: Sandbox) -> None:
    """With the recorded list, which is not part of this repository."""
    file = ROOT / ".." / "shared" / "api" / "models-image.json"
    if not file.exists():
        pytest.skip("there is no recorded list beside the repository")
    entries = json.loads(file.read_text(encoding="utf-8"))
    sandbox.next(path="/models", method="GET", json={"object": "list", "type": "image", "data": entries})
    models = client.list_models()
    assert len(models) == len(entries) > 30
    for model, entry in zip(models, entries, strict=True):
        check_entry(model, entry)
        assert model.price() is not None, model.id
    assert models.find("default").id == "z-image-turbo"
