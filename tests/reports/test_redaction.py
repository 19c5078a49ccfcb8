"""Secrets, in whatever form a target echoes them, and texts that only look like it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conformance.harness.evidence.redaction import REDACTED, SHORTEST, Redactor, credential_in, secrets_in
from conformance.harness.wire.exchange import PLACEHOLDER

KEY = "sk_test_a-B/c+d.e~f_g41h=="
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+=~"
"""What a bearer token is made of: RFC 6750, section 2.1."""
PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789_"

keys = st.text(SIGNS, min_size=SHORTEST, max_size=60)
around = st.text(st.characters(codec="utf-8", exclude_categories=["L", "N"]), max_size=20)

FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "JSON": lambda key: json.dumps(key).strip('"'),
    "JSON, all escaped": lambda key: "".join(f"\\u{ord(sign):04x}" for sign in key),
    "JSON, in capitals": lambda key: "".join(f"\\u{ord(sign):04X}" for sign in key),
    "JSON in JSON": lambda key: "".join(f"\\\\u{ord(sign):04x}" for sign in key),
    "JSON, slashes escaped": lambda key: key.replace("/", "\\/"),
    "percent-encoded": lambda key: quote(key, safe=""),
    "percent-encoded twice": lambda key: quote(quote(key, safe=""), safe=""),
    "every character percent-encoded": lambda key: "".join(f"%{ord(sign):02x}" for sign in key),
    "HTML": lambda key: "".join(f"&#x{ord(sign):x};" for sign in key),
    "HTML, decimal": lambda key: "".join(f"&#{ord(sign)};" for sign in key),
    "without its last letter": lambda key: key[:-1] if len(key) > SHORTEST else key,
    "its beginning": lambda key: key[:SHORTEST],
    "masked at the end": lambda key: key[: max(SHORTEST, len(key) // 2)] + "*" * 10,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@given(key=keys, before=around, after=around)
@example(key=KEY, before='{"message":"Bearer ', after='"}')
def test_no_form_of_a_key_is_left(form: Callable[[str], str], key: str, before: str, after: str) -> None:
    text = f"{before}{form(key)}{after}"
    shown = Redactor(key).text(text)
    assert PLACEHOLDER in shown
    assert key[:SHORTEST].lower() not in shown.replace(PLACEHOLDER, "\0").lower()
    assert form(key)[:SHORTEST] not in shown.replace(PLACEHOLDER, "\0")


@given(key=keys, data=st.data())
def test_some_characters_escaped_and_some_not(key: str, data: st.DataObject) -> None:
    ways = ["{}", "%{:02x}", "%{:02X}", "\\u{:04x}", "&#{};"]
    chosen = data.draw(st.lists(st.sampled_from(ways), min_size=len(key), max_size=len(key)))
    signs = [way.format(sign if way == "{}" else ord(sign)) for way, sign in zip(chosen, key, strict=True)]
    assert Redactor(key).text("".join(["<", *signs, ">"])) == f"<{PLACEHOLDER}>"


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode], ids=["base64", "URL-safe base64"])
@given(key=keys, before=st.binary(max_size=40), after=st.binary(max_size=40))
@example(key=KEY, before=b"", after=b":")
@example(key=KEY, before=b"", after=b"")
def test_no_base64_of_a_key_is_left(encode: Callable[[bytes], bytes], key: str, before: bytes, after: bytes) -> None:
    encoded = encode(before + key.encode() + after).decode()
    shown = Redactor(key).text(f"Basic {encoded}")
    assert PLACEHOLDER in shown
    left = shown.partition(PLACEHOLDER)[0].removeprefix("Basic ")
    assert len(left) <= (8 * len(before) + 5) // 6 + 1  # nothing of the key stands before it
    assert base64.b64encode(key.encode()).decode()[:10] not in shown


@given(key=keys, text=st.text(PLAIN + ' "{}:,', max_size=300))
def test_nothing_else_is_touched(key: str, text: str) -> None:
    shown = Redactor(key).text(text)
    assert shown == text or key[:SHORTEST].lower() in text.lower() or key[8:20].lower() in text.lower()


@given(key=keys, text=st.text(max_size=200))
@example(key="a" * 30, text="a" * 7)
def test_what_is_redacted_once_stays(key: str, text: str) -> None:
    redactor = Redactor(key)
    once = redactor.text(f"{text}{key}{text}")
    assert redactor.text(once) == once


@given(key=keys, content=st.binary(max_size=50))
def test_bytes_are_kept_but_for_the_key(key: str, content: bytes) -> None:
    shown = Redactor(key).bytes(b"\xff\x00" + key.encode() + b"\xfe")
    assert shown == b"\xff\x00" + PLACEHOLDER.encode() + b"\xfe"
    assert Redactor("not-in-there" * 5).bytes(content) == content


@pytest.mark.parametrize("key", ["dev", "key", "name", "a"])
def test_a_short_key_leaves_a_report_readable(key: str) -> None:
    redactor = Redactor(key)
    for text in (
        json.dumps({"key": "a value", "name": "Dev & key", "dev": {"a": "the name of a key"}}),
        json.dumps({"key": "a value"}, indent=1).replace(":", " :"),
        "development of a key, a name and their keys",
        "bearer of the name",
        'metadata key "a.b": sent "1", came back missing',
        "http://example.com/organizations?search=key+dev",
    ):
        assert redactor.text(text) == text


@pytest.mark.parametrize("key", ["dev", "key1", "a.b"])
def test_a_short_key_is_taken_out_where_it_stands_as_a_credential(key: str) -> None:
    redactor = Redactor(key)
    basic = base64.b64encode(f"{key}:".encode()).decode()
    forms = {
        key: PLACEHOLDER,
        f"Bearer {key}": f"Bearer {PLACEHOLDER}",
        f"called with bearer {key.upper()}.": f"called with bearer {PLACEHOLDER}.",
        f"Basic {basic}": f"Basic {PLACEHOLDER}",
        f'{{"key_used": "{key}"}}': f'{{"key_used": "{PLACEHOLDER}"}}',
        f"the key '{key}' is wrong": f"the key '{PLACEHOLDER}' is wrong",
        f'"Bearer%20{key}"': f'"Bearer%20{PLACEHOLDER}"',
    }
    assert {text: redactor.text(text) for text in forms} == forms


def test_names_of_headers_and_nested_values_are_looked_at_too() -> None:
    shown = Redactor(KEY).values({f"x-{KEY.lower()}": [KEY, (KEY, 1, None)]})
    assert shown == {f"x-{PLACEHOLDER}": [PLACEHOLDER, (PLACEHOLDER, 1, None)]}


def test_other_secrets_have_a_mark_of_their_own() -> None:
    redactor = Redactor(KEY, ["a gateway's key", *secrets_in("https://user:pass%20word@example.com/api")])
    text = (
        f"{KEY}, a gateway's key, https://user:pass%20word@example.com, " + base64.b64encode(b"user:pass word").decode()
    )
    shown = redactor.text(text)
    # The last character of base64 is made of the end of the secret and of what follows it.
    assert shown == f"{PLACEHOLDER}, {REDACTED}, https://{REDACTED}@example.com, {REDACTED}Q="


def test_the_scheme_of_a_header_is_no_secret() -> None:
    assert credential_in(" Basic dXNlcjpwYXNz") == "dXNlcjpwYXNz"
    assert credential_in(" a-token") == "a-token"
    assert credential_in("k=v; other words") == "k=v; other words"


def test_without_secrets_nothing_changes() -> None:
    assert Redactor(None).text(KEY) == KEY
    assert Redactor("", [""]).text(KEY) == KEY
