# SPDX-License-Identifier: MIT
"""The remedy of each message does what it says. (Those of test_errors.py, test_results.py and test_spool.py are not repeated here.)"""

from __future__ import annotations

import pytest
from accessible import Role, applications_named
from desktop import clipboard, press_keys
from dialog import APPLICATION, Dialog
from results_strip import tile_names, wait_for_tiles
from waiting import wait_for

ACCOUNT_PAGE = "https://venice.ai/settings/api"
LONG = 600.0  # seconds; no test waits for it


@pytest.fixture
def described(dialog: Dialog) -> Dialog:
    dialog.describe("a bridge")
    return dialog


def seeds(sandbox, count: int) -> list[int]:
    return [entry["json"]["seed"] for entry in sandbox.requests("/image/generate", count=count)]


def test_balance_used_up_is_mended_by_credit_or_asked_for_again(described: Dialog, desktop, image, sandbox) -> None:
    desktop.take_pages()
    sandbox.next(status=402, json={"error": "Insufficient balance"})
    described.generate()
    described.wait_for_notice("The balance, or the limit of this key, is used up. Nothing was charged.")
    described.notice_button("Add Credit…").press()
    wait_for(lambda: desktop.take_pages() == [ACCOUNT_PAGE], "the page in the browser")
    described.notice_button("Check Again").press()
    wait_for(lambda: any("The key works." in text for text in described.window.texts()), "the account")
    assert any(text.startswith("Balance $") for text in described.window.texts())
    press_keys("Escape")


def test_more_than_the_balance_is_offered_as_fewer_images(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.reset(balance="0.03")
    described.menu("Account…")
    wait_for(lambda: any(text.startswith("Balance $0.03") for text in described.window.texts()), "the balance")
    press_keys("Escape")
    described.set_images(4)
    described.generate_button.press()
    described.wait_for_notice("4 images cost $0.04; the balance is $0.03.")
    described.screenshot("balance-too-low")
    assert sandbox.requests("/image/generate") == []
    described.notice_button("Generate 3 · $0.03").press()
    wait_for(lambda: len(gimp.layers(image)) == 4, "as many as the balance takes")
    assert not described.notice
    assert len(sandbox.requests("/image/generate", count=3)) == 3


def test_offline_model_is_left_for_another_one(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.next(status=503, headers={"Retry-After": "600"}, json={"error": "The model is at capacity"})
    described.generate()
    described.wait_for_notice("Z-Image Turbo is offline at the moment. Nothing was charged.")
    described.notice_button("Choose Model…").press()
    search = described.window.find(Role.TEXT, "Search")
    search.set_text("Venice SD35")
    search.press()
    wait_for(lambda: described.shown_in("Model").startswith("Venice SD35"), "the model")
    assert not described.notice, "what was said of the other model is gone"
    described.generate()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    assert [entry["json"]["model"] for entry in sandbox.requests("/image/generate", count=2)] == ["z-image-turbo", "venice-sd35"]


def test_retired_model_is_replaced_when_the_user_says_so(described: Dialog, gimp, image, sandbox) -> None:
    described.choose_model("Venice SD35")
    sandbox.next(status=404, json={"error": "The model venice-sd35 has been retired. Please use qwen-image instead."})
    described.generate()
    described.wait_for_notice("Venice SD35 was retired. Its replacement, Qwen Image, costs $0.03 per image instead of $0.01.")
    described.screenshot("retired")
    assert described.shown_in("Model").startswith("Venice SD35"), "never by itself"
    described.notice_button("Use Qwen Image").press()
    wait_for(lambda: described.shown_in("Model").startswith("Qwen Image ·"), "the replacement")
    wait_for(lambda: not described.notice, "the notice is gone")
    assert len(sandbox.requests("/image/generate", count=1)) == 1, "nothing is spent by that"
    described.generate()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    assert sandbox.requests("/image/generate", count=2)[1]["json"]["model"] == "qwen-image"


def model_with_name(model_id: str, name: str, usd: float, **more: object) -> dict[str, object]:
    return {"id": model_id, "type": "image", "model_spec": {
        "name": name, "privacy": "private", "offline": False, "constraints": {"promptCharacterLimit": 1500, "widthHeightDivisor": 8},
        "pricing": {"generation": {"usd": usd}}, **more}}


def test_underscores_of_names_stay_underscores(gimp, image, sandbox) -> None:
    models = [model_with_name("z-image-turbo", "Old_One", 0.01, traits=["default"]), model_with_name("new_one", "_New__One_", 0.02)]
    sandbox.next(path="/models", times=0, status=200, json={"object": "list", "type": "image", "data": models})
    Dialog.forget_everything(gimp)
    dialog = Dialog.open(gimp)
    try:
        dialog.wait_for_models()
        dialog.button("Understood").press()
        dialog.describe("a bridge")
        sandbox.next(status=404, json={"error": "The model z-image-turbo has been retired. Please use new_one instead."})
        dialog.generate()
        dialog.wait_for_notice("Old_One was retired. Its replacement, _New__One_, costs $0.02 per image instead of $0.01.")
        button = dialog.notice_button("Use _New__One_")
        assert button.mnemonic.lower() == "<alt>u", "the one that was meant"
        dialog.screenshot("underscores")
        button.press()
        wait_for(lambda: dialog.shown_in("Model").startswith("_New__One_ ·"), "the replacement")
    finally:
        dialog.close()
        Dialog.forget_everything(gimp)  # the lists are kept


def test_address_of_the_page_where_there_is_no_browser(gimp, desktop, image, sandbox) -> None:
    with desktop.without_browser():
        Dialog.forget_everything(gimp)
        dialog = Dialog.open(gimp)
        dialog.wait_for_models()
        dialog.button("Understood").press()
        dialog.describe("a bridge")
        sandbox.next(status=402, json={"error": "Insufficient balance"})
        dialog.generate()
        dialog.wait_for_notice("The balance, or the limit of this key, is used up.")
        dialog.notice_button("Add Credit…").press()
        dialog.wait_for_notice(f"No web browser could be opened. The page has this address: {ACCOUNT_PAGE}")
        dialog.screenshot("no-browser")
        dialog.notice_button("Copy Address").press()
        wait_for(lambda: clipboard() == ACCOUNT_PAGE, "the address in the clipboard")
        dialog.wait_for_notice("The balance, or the limit of this key, is used up.")
        dialog.menu("Account…")
        dialog.button("Get a Key or Add Credit…").press()
        dialog.wait_for_notice(f"No web browser could be opened. The page has this address: {ACCOUNT_PAGE}")
        wait_for(lambda: not dialog.window.maybe(Role.PUSH_BUTTON, "Get a Key or Add Credit…"), "nothing lies over it")
        dialog.close()


def test_no_answer_may_be_charged_and_is_asked_for_again_with_the_same_seed(described: Dialog, gimp, image, sandbox) -> None:
    sandbox.next(fault="reset", charge=True)
    described.generate()
    described.wait_for_notice("The image may still be charged; it cannot be fetched.")
    described.notice_button("Check Balance").press()
    wait_for(lambda: any("The key works." in text for text in described.window.texts()), "the account")
    press_keys("Escape")
    described.notice_button("Generate Again · $0.01").press()
    wait_for(lambda: len(gimp.layers(image)) == 2, "the layer")
    first, second = seeds(sandbox, 2)
    assert first == second


def test_what_cancelling_means_is_said_beforehand(described: Dialog, image, sandbox) -> None:
    sandbox.next(delay=LONG)
    described.generate()
    wait_for_tiles(described, "1 of 1, waiting for the image")
    number = described.runs[0].name.split()[1]
    cancel = described.window.find(Role.PUSH_BUTTON, f"Cancel Run {number}")
    assert cancel.description == "Stop waiting. Images already being made may still be charged."
    cancel.press()
    described.wait_for_notice("Cancelled; 1 image may still be charged.")


def test_image_of_a_closed_picture_goes_into_another_one(described: Dialog, gimp, image, sandbox) -> None:
    other = gimp.open_picture(600, 400)
    try:
        sandbox.next(delay=8)
        described.generate()
        wait_for_tiles(described, "1 of 1, waiting for the image")
        gimp.close_image(image)
        wait_for(lambda: image not in gimp.images(), "the picture is closed")
        described.wait_for_notice("was closed. 1 image is kept.")
        described.notice_button("Insert Into…").press()
        name = gimp.ask(f"Gimp.Image.get_by_id({other}).get_name()")
        wait_for(lambda: [item for application in applications_named(APPLICATION) for item in application.all(Role.MENU_ITEM, name)],
                 "the open pictures")[0].press()
        wait_for(lambda: len(gimp.layers(other)) == 2, "the layer")
        wait_for(lambda: not described.notice, "the notice is gone")
        assert tile_names(described.runs[0]) == ["1 of 1, done, inserted"]
        assert len(sandbox.requests("/image/generate")) == 1
    finally:
        gimp.close_image(other)
