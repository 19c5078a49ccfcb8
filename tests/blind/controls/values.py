"""Values and sizes that need not be accepted, or not be kept as they were sent."""

from __future__ import annotations

import re
import unicodedata

from starlette.types import ASGIApp

from tests.blind.parts.apps import reading
from tests.blind.parts.interception import on_request, strict
from tests.blind.parts.messages import bad_request, pairs, texts, unprocessable
from tests.blind.registry import control


@control("values", "FACTS: accepted or refused with 4xx", lambda w: w.post(b'{"name": "a\\u0000b"}').status_code == 422)
def nul_character_refused() -> ASGIApp:
    """A text with U+0000 is refused."""
    return strict(lambda body: unprocessable() if any("\x00" in text for text in texts(body)) else None)


@control(
    "values",
    "FACTS: accepted or refused with 4xx; control characters of external_id are SHOULD",
    lambda w: w.create(name="a\x07b").status_code == 422,
    may_warn=True,
)
def control_characters_refused() -> ASGIApp:
    """A text with a control character is refused."""
    return strict(
        lambda body: unprocessable() if any(re.search(r"[\x00-\x1f\x7f-\x9f]", t) for t in texts(body)) else None
    )


@control(
    "values",
    "FACTS: a very long name is accepted whole or refused",
    lambda w: w.create(name="n" * 256).status_code == 422,
)
def names_beyond_255_refused() -> ASGIApp:
    """A name of more than 255 characters is refused."""
    return strict(
        lambda body: unprocessable("name") if isinstance(body.get("name"), str) and len(body["name"]) > 255 else None
    )


@control("values", "create.empty-name is INFO", lambda w: w.create(name=" ").status_code == 422)
def blank_names_refused() -> ASGIApp:
    """A name that is empty, or white space alone, is refused."""
    return strict(
        lambda body: unprocessable("name") if isinstance(body.get("name"), str) and not body["name"].strip() else None
    )


@control(
    "values", "FACTS: white space around a name is SHOULD", lambda w: w.made(name=" a ")["name"] == "a", may_warn=True
)
def names_are_trimmed() -> ASGIApp:
    """White space around a name is cut off."""
    return reading(name=lambda v: v.strip() or v)


@control(
    "values",
    "FACTS: normalization of a name that is not in NFC is SHOULD",
    lambda w: w.made(name="Cafe\u0301")["name"] == "Caf\u00e9",
    may_warn=True,
)
def names_are_composed() -> ASGIApp:
    """A name is normalized to NFC."""
    return reading(name=lambda v: unicodedata.normalize("NFC", v))


@control(
    "values",
    "FACTS: that the external_id . or .. is accepted is SHOULD",
    lambda w: w.create(external_id="..").status_code == 422,
    may_warn=True,
)
def external_id_of_dots_refused() -> ASGIApp:
    """The external_ids . and .. are refused."""
    return strict(lambda body: unprocessable("external_id") if body.get("external_id") in (".", "..") else None)


@control(
    "sizes",
    "D against O: 64 is what every source accepts",
    lambda w: w.create(external_id="x" * 65).status_code == 422,
    may_warn=True,
)
def external_ids_up_to_64() -> ASGIApp:
    """An external_id of more than 64 characters is refused."""
    return strict(
        lambda body: (
            unprocessable("external_id")
            if isinstance(body.get("external_id"), str) and len(body["external_id"]) > 64
            else None
        )
    )


@control(
    "sizes",
    "D against O: ten ASCII pairs are what every source accepts",
    lambda w: w.create(metadata={f"k{i}": "v" for i in range(11)}).status_code == 400,
    may_warn=True,
)
def metadata_up_to_ten_pairs() -> ASGIApp:
    """Metadata of more than ten pairs are refused."""
    return strict(lambda body: bad_request("invalid_metadata") if len(pairs(body)) > 10 else None)


@control(
    "sizes",
    "D against O: ASCII is what every source accepts",
    lambda w: w.create(metadata={"k": "\u00e9"}).status_code == 400,
    may_warn=True,
)
def metadata_in_ascii_alone() -> ASGIApp:
    """Metadata with a character beyond ASCII are refused."""
    return strict(lambda body: bad_request("invalid_metadata") if not "".join(texts(pairs(body))).isascii() else None)


@control(
    "sizes",
    "FACTS: bodies beyond 6.4 KB are SHOULD",
    lambda w: w.create(name="n" * 40_000).status_code == 422,
    may_warn=True,
)
def bodies_up_to_32_kilobytes() -> ASGIApp:
    """A body of more than 32 KB is refused."""
    return on_request(lambda request: unprocessable() if len(request.body) > 32_768 else request)
