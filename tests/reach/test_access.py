"""Targets behind a private authority, and behind a proxy."""

from __future__ import annotations

import contextlib
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import httpx
import pytest

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from tests.conformance.servers import Connection, Received, answering
from tests.conformance.suite import ROOT, judge

KEY = "sk_test_reach"
FEW = ("-k", "get.unknown or create.name-alone")

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that nobody trusts, with its key in the same file."""
    folder = tmp_path_factory.mktemp("certificate")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run(["openssl", "req", *kind, *names, *files], check=True, capture_output=True)
    return folder / "certificate.pem"


@contextlib.contextmanager
def behind_tls(certificate: Path, one_handshake_at_a_time: bool = False) -> Iterator[str]:
    """The emulator behind TLS.

    With one handshake at a time, in the loop that accepts, a connection that says nothing keeps all others waiting.
    """

    def forward(connection: Connection) -> None:
        connection.send(*forwarded(emulator, connection.received))

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    with serving(Api(Store(), KEY).app()) as emulator, answering(forward) as server:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=one_handshake_at_a_time
        )
        yield server.url.replace("http:", "https:")


@pytest.fixture
def secured(certificate: Path) -> Iterator[str]:
    with behind_tls(certificate) as url:
        yield url


def forwarded(url: str, received: Received) -> tuple[int, bytes]:
    """What the server at `url` answers to a request that another one received."""
    path = received.path.partition("//")[2].partition("/")[2] if "//" in received.path else received.path[1:]
    kept = {name: value for name, value in received.headers.items() if name in ("authorization", "content-type")}
    response = httpx.request(received.method, f"{url}/{path}", headers=kept, content=received.body, trust_env=False)
    return response.status_code, response.content


@needs_openssl
def test_a_certificate_that_nobody_vouches_for_is_no_judgement(secured: str, tmp_path: Path) -> None:
    result = judge(tmp_path, "--base-url", secured, "--api-key", KEY, *FEW)
    assert result.exit_code >= 2
    assert "--ca-file" in result.verdict["reason"]


@needs_openssl
def test_an_authority_can_be_trusted(secured: str, certificate: Path, tmp_path: Path) -> None:
    result = judge(tmp_path, "--base-url", secured, "--api-key", KEY, "--ca-file", str(certificate), *FEW)
    assert result.exit_code == 0, result.text


@needs_openssl
def test_the_environment_can_name_the_authorities(secured: str, certificate: Path, tmp_path: Path) -> None:
    with mock.patch.dict(os.environ, SSL_CERT_FILE=str(certificate)):
        result = judge(tmp_path, "--base-url", secured, "--api-key", KEY, *FEW)
    assert result.exit_code == 0, result.text


@needs_openssl
def test_any_certificate_is_taken_with_a_warning(secured: str, tmp_path: Path) -> None:
    result = judge(tmp_path, "--base-url", secured, "--api-key", KEY, "--insecure", *FEW)
    assert result.exit_code == 0, result.text
    assert "warning: --insecure" in result.text


@needs_openssl
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_server_with_one_handshake_at_a_time_is_judged(workers: str, certificate: Path, tmp_path: Path) -> None:
    with behind_tls(certificate, one_handshake_at_a_time=True) as url:
        result = judge(tmp_path, "--base-url", url, "--api-key", KEY, "--insecure", "-n", workers, *FEW)
    assert result.exit_code == 0, result.text


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_proxy_is_gone_through(workers: str, tmp_path: Path) -> None:
    with serving(Api(Store(), KEY).app()) as url:

        def forward(connection: Connection) -> None:
            connection.send(*forwarded(url, connection.received))

        with answering(forward) as proxy:
            way = ("--proxy", proxy.url.replace("//", "//user:sesame-2718281828@"))
            result = judge(tmp_path, "--base-url", url, "--api-key", KEY, *way, "-n", workers, *FEW)
    assert result.exit_code == 0, result.text
    assert len(proxy.received) >= result.verdict["requests"] > 0
    assert all(request.path.startswith(url) for request in proxy.received)
    assert all("proxy-authorization" in request.headers for request in proxy.received)
    assert "sesame-2718281828" not in result.text


def test_proxies_of_the_environment_are_ignored_and_help_says_so(tmp_path: Path) -> None:
    with serving(Api(Store(), KEY).app()) as url, mock.patch.dict(os.environ, HTTP_PROXY="http://127.0.0.1:1"):
        result = judge(tmp_path, "--base-url", url, "--api-key", KEY, *FEW)
    assert result.exit_code == 0, result.text
    helped = subprocess.run(
        [sys.executable, "-m", "pytest", "conformance", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "$HTTP_PROXY and its like are ignored" in " ".join(helped.stdout.split())
    assert "$SSL_CERT_FILE" in helped.stdout
