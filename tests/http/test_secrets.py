# SPDX-License-Identifier: MIT
"""No text of an error ever holds the API key, or the password of a proxy."""

from __future__ import annotations

import base64
import json
from urllib.parse import unquote

import pytest
from checks import error_of, small_request
from raw_server import Connection, RawServer
from venice import Client, Status, VeniceError

KEY = "sk-Secret/Key_0123456789"
PASSWORD = "secret-word"


pytestmark = pytest.mark.usefixtures("without_proxies")


def assert_not_told(error: VeniceError, *secrets: str) -> None:
    """Not even the larger part of it."""
    for secret in secrets:
        for start in range(len(secret) - 5):
            assert secret[start:start + 6] not in error.all_texts(), error.all_texts()


PROXIES = {
    "a port that is none": f"http://user:{PASSWORD}@127.0.0.1:99999",
    "a port that is text": f"http://user:{PASSWORD}@127.0.0.1:port",
    "a scheme that is none": f"ftp://user:{PASSWORD}@127.0.0.1:9",
    "a space": f"http://user:{PASSWORD} more@127.0.0.1:9",
    "a slash": f"http://user:{PASSWORD}/more@127.0.0.1:9",
    "an at sign": f"http://user:{PASSWORD}@more@127.0.0.1:port",
    "no scheme": f"user:{PASSWORD}@127.0.0.1:port",
    "no user": f"http://:{PASSWORD}@127.0.0.1:port",
    "nobody at home": f"http://user:{PASSWORD}@127.0.0.1:9",
    "an unknown name": f"http://user:{PASSWORD}@name.invalid:3128",
    "socks to nobody": f"socks5h://user:{PASSWORD}@127.0.0.1:9",
    "https to nobody": f"https://user:{PASSWORD}@127.0.0.1:9",
    "longer than any message": f"http://{'user' * 60}:{PASSWORD * 30}@127.0.0.1:port",
}


@pytest.mark.parametrize("url", PROXIES.values(), ids=PROXIES.keys())
@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
def test_a_proxys_password_in_the_environment(client: Client, monkeypatch: pytest.MonkeyPatch, variable: str, url: str) -> None:
    monkeypatch.setenv(variable, url)
    client["base_url"] = "https://name.invalid/api/v1"
    error = error_of(lambda: client.generate(small_request()))
    assert_not_told(error, PASSWORD)
    assert not error.may_be_charged


@pytest.mark.parametrize("url", PROXIES.values(), ids=PROXIES.keys())
def test_a_proxys_password_in_the_option(client: Client, url: str) -> None:
    def generate() -> None:
        client["base_url"] = "https://name.invalid/api/v1"
        client["proxy"] = url
        client.generate(small_request())

    assert_not_told(error_of(generate), PASSWORD)


def test_what_is_wrong_with_the_proxys_url_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", PROXIES["a port that is none"])
    client["base_url"] = "https://name.invalid/api/v1"
    error = error_of(lambda: client.generate(small_request()))
    assert error.status == Status.PROXY
    assert "URL of the proxy" in error.message and "Check the proxy settings" in error.message


@pytest.mark.parametrize("echoed", [PASSWORD, "secret%2Dword", base64.b64encode(f"user:{PASSWORD}".encode()).decode()])
def test_a_server_that_repeats_the_proxys_password(client: Client, echoed: str) -> None:
    """As a gateway that shows the whole request may."""
    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        connection.answer(json.dumps({"error": f"Proxy-Authorization: Basic {echoed}."}).encode(), status="500 Wrong")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        client["proxy"] = "http://user:secret%2Dword@127.0.0.1:9"
        error = error_of(lambda: client.generate(small_request()))
    assert error.status == Status.SERVER and "Proxy-Authorization" in error.message
    assert_not_told(error, echoed)


@pytest.mark.parametrize("password", ["x", "pw", "%40%3A"])
def test_a_short_password_is_hidden_with_what_stands_around_it(client: Client, password: str) -> None:
    """Alone it would be found in any word."""
    forms = [f"user:{password}@", f"user:{unquote(password)}@", base64.b64encode(f"user:{unquote(password)}".encode()).decode()]

    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        connection.answer(json.dumps({"error": f"The proxies http://{forms[0]}host and http://{forms[1]}host want: Basic {forms[2]}."}).encode(), status="500 Wrong")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        client["proxy"] = f"http://user:{password}@127.0.0.1:9"
        error = error_of(lambda: client.generate(small_request()))
    assert "The proxies http://***host and http://***host want: Basic ***." in error.message
    assert not [form for form in forms if form in error.all_texts()]


@pytest.mark.parametrize("url", [f"https://user:{PASSWORD}@host/api", f"https://{PASSWORD}:x@host", f"http://u:{PASSWORD}@127.0.0.1:1/", f"{PASSWORD}://host"])
def test_a_password_in_the_base_url_is_refused_and_not_told(client: Client, url: str) -> None:
    error = error_of(lambda: client.__setitem__("base_url", url))
    assert error.status == Status.OUT_OF_RANGE
    assert_not_told(error, PASSWORD)


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in text)


@pytest.mark.parametrize("before", [0, 960, 985, 990, 995, 999])
def test_a_key_that_is_cut_off(client: Client, before: int) -> None:
    """Written so that it is recognised only after the text was decoded, which is then shortened."""
    def answer(connection: Connection, _: int) -> None:
        connection.read_request()
        text = '{"error": "' + "x" * before + escaped(KEY) + '", "code": "' + escaped(KEY) + '"}'
        connection.answer(text.encode(), status="401 Unauthorized")

    with RawServer(answer) as server:
        client["base_url"] = server.base_url
        client["api_key"] = KEY
        error = error_of(lambda: client.generate(small_request()))
    assert error.status == Status.UNAUTHORIZED
    assert_not_told(error, KEY)


def test_a_key_in_options_that_are_none(client: Client) -> None:
    for action in (
        lambda: client.__setitem__("api_key", KEY + "\n"),
        lambda: client.__setitem__("api_key", KEY + " more"),
        lambda: client.__setitem__("user_agent", KEY + "\n"),
        lambda: client.__setitem__("base_url", KEY),
        lambda: client.__setitem__("proxy", KEY + " "),
    ):
        assert_not_told(error_of(action), KEY)
