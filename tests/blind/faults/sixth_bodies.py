"""Values that are taken and come back as something else, or are not taken."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from starlette.types import ASGIApp

from tests.blind.parts.apps import reading, values
from tests.blind.parts.interception import lenient, on_request, reshaped, strict
from tests.blind.parts.messages import Json, Reply, Request, bad_request, crash, pairs, without
from tests.blind.registry import fault
from tests.blind.wire import domain, verified

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def _rewritten(text: str) -> str:
    """A moment in the form of another library; any other text as it is."""
    if not MOMENT.fullmatch(text):
        return text
    try:
        return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError):
        return text


@fault(
    "values",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"at": "2026-01-05T10:00:00+02:00"})["metadata"] == {"at": "2026-01-05T08:00:00Z"},
    "Json.NET parses texts that look like a moment unless it is told not to",
)
def sixth_moments_in_metadata_are_rewritten() -> ASGIApp:
    """A metadata value that is a moment in RFC 3339 is written anew, in UTC and without decimals."""
    return reading(metadata=values(_rewritten))


@fault(
    "values",
    "body.name-verbatim",
    lambda w: w.changed(w.made()["id"], name="null")["name"] == "Blind",
    "a form's library sends null as a text, so the text was taken for null",
)
def sixth_update_to_the_name_null_is_ignored() -> ASGIApp:
    """An update to the name "null" or "undefined" leaves the name as it was."""
    return lenient(lambda body: without(body, "name") if body.get("name") in ("null", "undefined") else body, "update")


@fault(
    "values",
    "body.name-nfc",
    lambda w: w.made(name="\u00bd Pint \u2122 \u00b2")["name"] != "\u00bd Pint \u2122 \u00b2",
    "NFKC where NFC was meant",
)
def sixth_name_in_nfkc() -> ASGIApp:
    """Names are kept in normalization form KC, which writes other characters for some of form C."""
    return reading(name=lambda name: unicodedata.normalize("NFKC", name))


@fault(
    "values",
    "body.name-control-characters",
    lambda w: (made := w.create(name="Be\0hind")).status_code == 201 and made.json()["name"] == "Be",
    "a text of C ends at U+0000",
)
def sixth_name_ends_at_nul() -> ASGIApp:
    """A name ends where U+0000 stands."""
    return reading(name=lambda name: name.partition("\0")[0])


@fault(
    "values",
    "body.name-long",
    lambda w: len(w.changed(w.made()["id"], name="n" * 300)["name"]) == 255,
    "VARCHAR(255), which only the create's validation knows",
)
def sixth_update_cuts_long_name() -> ASGIApp:
    """An update cuts a name off behind 255 characters; a create takes it whole."""
    return reading(create=False, name=lambda name: name[:255])


def _shortened(name: str) -> str:
    return name if len(name) <= 100 else f"{name[:99]}\u2026"


@fault(
    "values",
    "list.current-state",
    lambda w: w.listed(w.made(name="n" * 150)["id"])["name"].endswith("\u2026"),
    "the list of a user interface",
)
def sixth_lists_shorten_names() -> ASGIApp:
    """A list shows at most 100 characters of a name."""
    return reshaped(lambda shown: {**shown, "name": _shortened(shown["name"])}, "list")


def _as_number(text: str) -> str:
    """A number as a language has it that knows 53 bits of it."""
    return str(int(float(text))) if re.fullmatch("[1-9][0-9]{15,17}", text) else text


@fault(
    "values",
    "body.external-id-verbatim",
    lambda w: w.made(external_id="9007199254740993")["external_id"] == "9007199254740992",
    "JavaScript's numbers",
)
def sixth_large_number_loses_digits() -> ASGIApp:
    """An external_id that is a number of 16 to 18 digits loses its last digits."""
    return reading(external_id=_as_number)


@fault(
    "values",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"address": "1 Road\r\nTown"})["metadata"] == {"address": "1 Road\nTown"},
    "line ends of texts are made alike",
)
def sixth_metadata_line_ends() -> ASGIApp:
    """CR LF in a metadata value becomes LF."""
    return reading(metadata=values(lambda value: value.replace("\r\n", "\n")))


@fault(
    "values",
    "body.ten-full-pairs",
    lambda w: (
        w.update(w.made()["id"], metadata={str(n).ljust(40, "k"): "v" * 600 for n in range(10)}).status_code == 500
    ),
    "changes go into a log whose column has 4 KB",
)
def sixth_update_of_4_kb_metadata_fails() -> ASGIApp:
    """An update with more than 4 KB of metadata answers 500."""
    return strict(lambda body: crash() if sum(len(k) + len(str(v)) for k, v in pairs(body).items()) > 4096 else None)


def _sniffed(request: Request) -> Request | Reply:
    indented = request.body[:1].isspace() and isinstance(request.json, dict)
    return bad_request("invalid_json") if request.operation == "update" and indented else request


@fault(
    "values",
    "body.json-escapes",
    lambda w: w.put(w.made()["id"], b'\r\n  {"name": "New"}').status_code == 400,
    "a gateway that knows JSON by its first byte",
)
def sixth_json_must_begin_with_brace() -> ASGIApp:
    """An update whose JSON has white space before its first brace is refused."""
    return on_request(_sniffed)


def _bare(given: Json) -> Json:
    return [{**each, "domain": each["domain"].removeprefix("www.")} for each in given]


@fault(
    "values",
    "body.domain-names-verbatim",
    lambda w: (
        w.changed(w.made()["id"], domain_data=verified(f"www.{domain()}"))["domains"][0]["domain"].count(".") == 2
    ),
    "people paste the address of their page",
)
def sixth_domain_loses_www() -> ASGIApp:
    """A domain that begins with www. is kept without it."""
    return reading(domain_data=_bare)


@fault(
    "values",
    "body.ten-domains",
    lambda w: (
        len(w.listed(w.made(domain_data=verified(*[domain() for _ in range(10)]))["id"])["domains"]) == 5  # of ten
    ),
    "a lateral join with a limit, to keep lists small",
)
def sixth_lists_show_five_domains() -> ASGIApp:
    """A list shows at most five domains of an organization."""
    return reshaped(lambda shown: {**shown, "domains": shown["domains"][:5]}, "list")
