# SPDX-License-Identifier: MIT
"""Whom the library talks to: TLS 1.2 or newer with certificates that hold, which nothing switches off, and no other protocol."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from checks import PNG, error_of, small_request
from raw_server import Connection, RawServer
from sandbox.process import Sandbox
from venice import Client, Status, VeniceError

KEY = "sk-a-key-of-this-test"

pytestmark = pytest.mark.usefixtures("without_proxies")


class Authority:
    """A certificate authority that no system knows, and certificates of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "authority.pem"
        self._openssl("req", "-x509", *self._new_key("authority"), "-days", "2", "-subj", "/CN=authority", "-addext", "basicConstraints=critical,CA:TRUE", "-out", "authority.pem")

    def _new_key(self, name: str) -> list[str]:
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key"]

    def _openssl(self, *arguments: str) -> None:
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def _dates(self, expired: bool) -> list[str]:
        if not expired:
            return ["-days", "2"]
        # Older versions of openssl cannot name the dates, but take a number of days that is negative.
        options = subprocess.run(["openssl", "x509", "-help"], capture_output=True, text=True)
        dates = ["-not_before", "20200101000000Z", "-not_after", "20200201000000Z"]
        return dates if "-not_after" in options.stdout + options.stderr else ["-days", "-1"]

    def certificate(self, name: str, subject_names: str, *, expired: bool = False) -> Path:
        """Signed by the authority; its key has the same name with the suffix .key."""
        self._openssl("req", "-new", *self._new_key(name), "-subj", f"/CN={name}", "-out", f"{name}.csr")
        (self.folder / f"{name}.ext").write_text(f"subjectAltName={subject_names}\n")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial",
                      *self._dates(expired), "-extfile", f"{name}.ext", "-out", f"{name}.pem")
        return self.folder / f"{name}.pem"

    def self_signed(self, name: str, subject_names: str) -> Path:
        self._openssl("req", "-x509", *self._new_key(name), "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName={subject_names}", "-out", f"{name}.pem")
        return self.folder / f"{name}.pem"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def good(authority: Authority) -> Path:
    return authority.certificate("good", "IP:127.0.0.1,DNS:localhost")


@contextmanager
def tls_server(certificate: Path, change: Callable[[ssl.SSLContext], None] = lambda _: None) -> Iterator[tuple[RawServer, list[bytes]]]:
    """A server with the certificate, and the requests that reached it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    change(context)
    seen: list[bytes] = []

    def answer(connection: Connection, _: int) -> None:
        try:
            connection.sock = context.wrap_socket(connection.sock, server_side=True)
        except OSError:
            return  # the client did not like what it saw
        while request := connection.read_request():
            seen.append(request)
            connection.answer(PNG, content_type="image/png")

    with RawServer(answer) as server:
        yield server, seen


def only_versions(lowest: ssl.TLSVersion, highest: ssl.TLSVersion) -> Callable[[ssl.SSLContext], None]:
    def change(context: ssl.SSLContext) -> None:
        context.set_ciphers("ALL:@SECLEVEL=0")  # else openssl has no cipher for the old ones
        context.minimum_version = lowest
        context.maximum_version = highest

    return change


def client_for(server: RawServer, **options: str) -> Client:
    return Client(base_url=f"https://127.0.0.1:{server.port}/api/v1", api_key=KEY, **options)


def assert_refused(error: VeniceError, *words: str) -> None:
    """As a failure of the encryption that says what is wrong, what to do, and that nothing was charged."""
    assert (error.status, error.http_status, error.may_be_charged) == (Status.TLS, 0, False), error.message
    assert "The encrypted connection could not be set up or verified (127.0.0.1" in error.message
    assert "Nothing was charged." in error.message and "Check the clock and the network" in error.message
    assert any(word in error.message.lower() for word in words), error.message
    assert KEY not in error.all_texts()


# --- certificates

def test_a_good_certificate_of_an_authority_that_was_added(authority: Authority, good: Path) -> None:
    with tls_server(good) as (server, seen):
        assert client_for(server, ca_file=str(authority.file)).generate(small_request())[0].size == (2, 3)
        assert len(seen) == 1 and b"Authorization: Bearer " + KEY.encode() in seen[0]


def test_an_authority_that_is_no_longer_added(authority: Authority, good: Path) -> None:
    with tls_server(good) as (server, seen), client_for(server, ca_file=str(authority.file)) as client:
        assert client.generate(small_request())[0].size == (2, 3)
        client["ca_file"] = None
        assert_refused(error_of(lambda: client.generate(small_request())), "issuer", "unable to get", "self-signed", "self signed", "unknown")
        assert len(seen) == 1


def test_an_unknown_authority(good: Path) -> None:
    with tls_server(good) as (server, seen):
        assert_refused(error_of(lambda: client_for(server).generate(small_request())), "issuer", "unable to get", "self-signed", "self signed", "unknown")
        assert seen == []


def test_a_self_signed_certificate(authority: Authority) -> None:
    with tls_server(authority.self_signed("self", "IP:127.0.0.1")) as (server, seen):
        for options in ({}, {"ca_file": str(authority.file)}):
            assert_refused(error_of(lambda: client_for(server, **options).generate(small_request())), "self-signed", "self signed", "issuer")
        assert seen == []


def test_an_expired_certificate(authority: Authority) -> None:
    with tls_server(authority.certificate("expired", "IP:127.0.0.1", expired=True)) as (server, seen):
        assert_refused(error_of(lambda: client_for(server, ca_file=str(authority.file)).generate(small_request())), "expired")
        assert seen == []


@pytest.mark.parametrize("names", ["DNS:example.org", "IP:127.0.0.2", "DNS:127.0.0.1.example.org"])
def test_a_certificate_for_another_name(authority: Authority, names: str) -> None:
    certificate = authority.certificate("other-" + str(abs(hash(names))), names)
    with tls_server(certificate) as (server, seen):
        assert_refused(error_of(lambda: client_for(server, ca_file=str(authority.file)).generate(small_request())), "match", "name", "127.0.0.1")
        assert seen == []


@pytest.mark.parametrize("list_name", ["models", "styles", "account"])
def test_the_lists_and_the_account_are_as_strict(good: Path, list_name: str) -> None:
    with tls_server(good) as (server, seen):
        client = client_for(server)
        action = {"models": client.list_models, "styles": client.list_styles, "account": client.get_account}[list_name]
        assert error_of(action).status == Status.TLS
        assert seen == []


# --- versions

@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_new_versions_of_tls(authority: Authority, good: Path, version: ssl.TLSVersion) -> None:
    with tls_server(good, only_versions(version, version)) as (server, _):
        assert len(client_for(server, ca_file=str(authority.file)).generate(small_request())) == 1


def accepts_old_versions(server: RawServer) -> bool:
    """Whether this Python's openssl can speak them at all: else a refusal would say nothing about the library."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    only_versions(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)(context)
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection, context.wrap_socket(connection) as encrypted:
        return encrypted.version() in ("TLSv1", "TLSv1.1")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of Python's, for speaking them at all
def test_old_versions_of_tls(authority: Authority, good: Path) -> None:
    with tls_server(good, only_versions(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)) as (server, seen):
        assert accepts_old_versions(server)
        assert_refused(error_of(lambda: client_for(server, ca_file=str(authority.file)).generate(small_request())), "protocol", "version")
        assert seen == []


# --- what a program's surroundings could change

IN_A_PROCESS = """
import sys
sys.path.insert(0, sys.argv[1])
from checks import error_of, small_request
from venice import Client
client = Client(base_url=sys.argv[2], api_key="k")
print(error_of(lambda: client.generate(small_request())).status.name)
"""


def status_in_a_process(base_url: str, **environment: str) -> str:
    command = [sys.executable, "-c", IN_A_PROCESS, str(Path(__file__).parent), base_url]
    return subprocess.run(command, env=os.environ | environment, check=True, capture_output=True, text=True, timeout=120).stdout.strip()


def test_the_environment_adds_no_authority(authority: Authority, good: Path, tmp_path: Path) -> None:
    """The system's authorities and `ca_file`: no variable of curl's or openssl's adds another one, or switches anything off."""
    bundle = str(authority.file)
    folder = tmp_path / "hashed"
    folder.mkdir()
    hashed = subprocess.run(["openssl", "x509", "-hash", "-noout", "-in", bundle], check=True, capture_output=True, text=True).stdout.strip()
    (folder / f"{hashed}.0").write_bytes(authority.file.read_bytes())
    home = tmp_path / "home"
    home.mkdir()
    (home / ".curlrc").write_text(f"insecure\ncacert = {bundle}\n")
    with tls_server(good) as (server, seen):
        url = f"https://127.0.0.1:{server.port}/api/v1"
        assert status_in_a_process(url, SSL_CERT_FILE=bundle, SSL_CERT_DIR=str(folder), CURL_CA_BUNDLE=bundle, REQUESTS_CA_BUNDLE=bundle,
                                   CURL_INSECURE="1", PYTHONHTTPSVERIFY="0", NODE_TLS_REJECT_UNAUTHORIZED="0", GIT_SSL_NO_VERIFY="1",
                                   HOME=str(home), CURL_HOME=str(home)) == "TLS"
        assert seen == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_environment_allows_no_old_version(authority: Authority, good: Path, tmp_path: Path) -> None:
    settings = tmp_path / "openssl.cnf"
    settings.write_text("openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n")
    with tls_server(good, only_versions(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)) as (server, seen):
        assert status_in_a_process(f"https://127.0.0.1:{server.port}/api/v1", OPENSSL_CONF=str(settings)) == "TLS"
        assert seen == []


@pytest.mark.parametrize("name", ["verify", "insecure", "ssl_verify", "verify_peer", "tls_min_version", "follow_redirects", "ca_path"])
def test_there_is_no_option_that_switches_it_off(client: Client, name: str) -> None:
    for value in ("0", 0):
        assert error_of(lambda value=value: client.__setitem__(name, value)).status == Status.UNKNOWN_PARAMETER


# --- protocols

@pytest.mark.parametrize("url", [
    "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://127.0.0.1/", "ldap://127.0.0.1/", "smb://127.0.0.1/", "ws://127.0.0.1/",
    "scp://127.0.0.1/", "telnet://127.0.0.1/", "HTTPX://127.0.0.1/", "javascript:alert(1)", "127.0.0.1", "//127.0.0.1/", "",
])
def test_no_other_protocol(client: Client, url: str) -> None:
    assert error_of(lambda: client.__setitem__("base_url", url)).status == Status.OUT_OF_RANGE


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "[::1]", "localhost", "0x7f.1", "2130706433", "127.1"])
def test_plain_http_to_this_machine(client: Client, host: str) -> None:
    client["base_url"] = f"http://{host}:9/api"


@pytest.mark.parametrize("host", [
    "192.168.0.1", "10.0.0.1", "0.0.0.0", "[::]", "[::ffff:127.0.0.1]", "[fe80::1]", "8.8.8.8", "128.0.0.1", "126.255.255.255",
    # Names: whatever they resolve to today. Also those that look as if they were this machine.
    "example.org", "LOCALHOST", "localhost.example.org", "sub.localhost", "localhost.", "localhost.localdomain", "ip6-localhost", "127.0.0.1.example.org", "127.", "127.0.0.1.nip.io", "lvh.me",
    "localhost@example.org", "127.0.0.1@example.org", "127.0.0.1%2eexample.org",
])
def test_plain_http_to_no_other_machine(client: Client, host: str) -> None:
    error = error_of(lambda: client.__setitem__("base_url", f"http://{host}/api"))
    assert error.status == Status.OUT_OF_RANGE and "https://" in error.message


def test_a_name_that_resolves_to_this_machine_is_no_such(client: Client) -> None:
    """The machine's own name does, mostly; what it resolves to can change at any time."""
    error = error_of(lambda: client.__setitem__("base_url", f"http://{os.uname().nodename}.example/api"))
    assert error.status == Status.OUT_OF_RANGE and "plain http to another machine" in error.message


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"])
@pytest.mark.parametrize("scheme", ["http", "https", "file"])
def test_redirects_are_not_followed(client: Client, status: str, scheme: str) -> None:
    with RawServer(lambda connection, _: connection.wait_until_closed()) as other:
        target = {"file": "file:///etc/passwd"}.get(scheme, f"{scheme}://127.0.0.1:{other.port}/api/v1/image/generate")

        def answer(connection: Connection, _: int) -> None:
            connection.read_request()
            connection.answer(b"", f"Location: {target}", status=status)

        with RawServer(answer) as server:
            client["base_url"] = server.base_url
            error = error_of(lambda: client.generate(small_request()))
            assert (error.status, error.may_be_charged, server.connection_count) == (Status.REDIRECT, False, 1)
        assert other.connection_count == 0


def test_the_key_goes_to_no_list(client: Client, sandbox: Sandbox) -> None:
    """Models and styles are public."""
    client.list_models()
    client.list_styles()
    assert [entry["path"] for entry in sandbox.requests()] == ["/models", "/image/styles"]
    assert not any("authorization" in {name.lower() for name in entry.get("headers", {})} for entry in sandbox.requests())
