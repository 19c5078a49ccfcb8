from __future__ import annotations

import os
import subprocess
from typing import Any

import pytest

from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scripts.curl import curl
from conformance.harness.wire.exchange import Exchange, NotJsonError, Response

from .client import KEY, client_to
from .servers import Received, answering, send

TEXTS = {
    "unicode": "Zoë 株式会社 🦆",
    "quotes": """it's "quoted" `here` $HOME $(id) \\ \\n !!""",
    "control characters": "a\ttab\nline\r\x01\x7f\x1b[31m",
    "percent signs": "100% %41 %s %00",
    "at the beginning": "@/etc/hostname",
    "glob": "[1-3]{a,b}*?",
}


def repeated(exchange: Exchange) -> None:
    """Runs the curl line of an exchange as a person would."""
    subprocess.run(
        ["bash", "-c", curl(exchange, Redactor(None))],
        env={"PATH": os.environ["PATH"], "WORKOS_API_KEY": KEY, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=True,
        timeout=20,
    )


def essence(request: Received) -> tuple[str, str, dict[str, str], bytes]:
    named = ("authorization", "content-type", "idempotency-key")
    return request.method, request.path, {name: request.headers.get(name, "") for name in named}, request.body


def assert_repeatable(method: str, path: str, operation: str, **request: Any) -> None:
    with answering(send()) as server, client_to(server.url) as client:
        repeated(client.send(method, path, operation, **request))
    first, again = server.received
    assert essence(again) == essence(first)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_curl_repeats_a_json_body(text: str) -> None:
    assert_repeatable("POST", "/organizations", "create", json={"name": text}, headers={"idempotency-key": "one 'key'"})


@pytest.mark.parametrize("body", [b"@file", b"\xff\xfe", b"a\0b%\\", b"\0\x80'\"\n", "é\u2028".encode()], ids=repr)
def test_curl_repeats_any_body(body: bytes) -> None:
    headers = {"content-type": "application/json"}
    assert_repeatable("POST", "/organizations", "create", content=body, headers=headers)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_curl_repeats_a_query(text: str) -> None:
    assert_repeatable("GET", "/organizations", "list", params={"search": text})


@pytest.mark.parametrize("query", ["domains[]=a&domains[]=b", "domains[0]=a", "x={a,b}"])
def test_curl_repeats_a_query_in_brackets(query: str) -> None:
    assert_repeatable("GET", f"/organizations?{query}", "list")


@pytest.mark.parametrize("segment", ["%2E%2E", "%2e", "a%2Fb", "%00", "it's"])
def test_curl_repeats_a_path(segment: str) -> None:
    assert_repeatable("GET", f"/organizations/external_id/{segment}", "lookup")


def test_an_answer_is_one_json_value() -> None:
    assert Response(200, {}, b'{"a": [1, null]}').json == {"a": [1, None]}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"{", "Expecting"),
        (b"{} {}", "Extra"),
        (b'{"a": NaN}', "NaN"),
        (b"[-Infinity]", "Infinity"),
        (b'"\xff"', "UTF-8"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b"[" * 100_000, "nesting"),
        (b"[" * 102 + b"]" * 102, "nesting"),
        (b'{"a":' * 102 + b"1" + b"}" * 102, "nesting"),
        (b"[" + b"0," * 100_000 + b"0]", "more than 100000 values"),
        (b"1" * 1_000_000, "digits"),
    ],
    ids=lambda value: f"{value[:20]!r}{len(value)}",
)
def test_what_is_no_json_value_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(NotJsonError, match=reason):
        _ = Response(200, {}, body).json
    assert Response(200, {}, body).object == {}


def test_the_media_type_is_without_parameters() -> None:
    assert Response(200, {"content-type": " Application/JSON ; charset=utf-8"}, b"").media_type == "application/json"
