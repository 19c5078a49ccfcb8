"""Texts that storage, sanitizers and serializers of real back ends turned into others."""

from __future__ import annotations

import html
import re
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Changes
from tests.blind.parts.apps import app, keys, reading, values
from tests.blind.parts.interception import lenient, reshaped
from tests.blind.parts.messages import Object
from tests.blind.parts.seventeenth import paired
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z")


def _metadata(w: Wire, **pairs: str) -> object:
    return w.made(metadata=pairs)["metadata"]


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: w.create(metadata={"note": ""}).status_code == 400,
    "Laravel: ConvertEmptyStringsToNull in front of the validator",
)
def seventeenth_empty_value_is_null() -> ASGIApp:
    """A create takes an empty metadata value for null and refuses it."""
    return lenient(paired(lambda v: None if v == "" else v), "create")


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: _metadata(w, since="2024-03-01T10:20:30Z") == {"since": "03/01/2024 10:20:30"},
    "Json.NET: DateParseHandling reads texts that look like dates",
)
def seventeenth_dates_in_metadata_are_read() -> ASGIApp:
    """A metadata value that looks like a moment comes back in an American form."""
    return reading(metadata=values(lambda v: DATE.sub(r"\2/\3/\1 \4", v) if DATE.fullmatch(v) else v))


def _number(text: str) -> str:
    return format(float(text), ".15g") if re.fullmatch(r"-?\d{1,20}(\.\d{1,9})?", text, re.A) else text


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: _metadata(w, plan="1.50") == {"plan": "1.5"},
    "JavaScript: values of a key-value store parsed as JSON on the way out",
)
def seventeenth_numbers_in_metadata_are_read() -> ASGIApp:
    """A metadata value of digits is read as a number and written as one again."""
    return reading(metadata=values(_number))


@fault(
    "names",
    "body.name-verbatim",
    lambda w: w.made(name="Smith & Sons")["name"] == "Smith &amp; Sons",
    "express-validator: escape() on a field that is no HTML",
)
def seventeenth_names_are_escaped() -> ASGIApp:
    """A name is stored with the entities of HTML."""
    return reading(name=html.escape)


@fault(
    "names",
    "body.name-nfc",
    lambda w: w.made(name="Rocket 🚀 Labs")["name"] == "Rocket ",
    "MySQL: utf8 of three bytes without strict mode",
)
def seventeenth_names_end_at_an_emoji() -> ASGIApp:
    """A name is cut off at its first character beyond U+FFFF."""
    return reading(name=lambda name: re.split("[\U00010000-\U0010ffff]", name)[0])


@fault(
    "external_id",
    "body.external-id-verbatim",
    lambda w: w.made(external_id=(given := f" {token()} "))["external_id"] != given,
    "Laravel: TrimStrings; ASP.NET: a model binder that trims",
)
def seventeenth_external_ids_are_trimmed() -> ASGIApp:
    """White space around an external_id is cut off."""
    return reading(external_id=lambda given: given.strip() or given)


@fault(
    "external_id",
    "body.external-id-verbatim",
    lambda w: w.made(external_id="0")["external_id"] is None,
    'PHP: empty("0")',
)
def seventeenth_zero_is_no_external_id() -> ASGIApp:
    """An external_id of one zero counts as none."""
    return reading(external_id=lambda given: None if given == "0" else given)


def _text_of_null(w: Wire) -> object:
    id = w.made(external_id=token())["id"]
    return w.changed(id, external_id=None)["external_id"] == "null"


@fault("external_id", "update.clears-external-id", _text_of_null, "JavaScript: String(body.external_id)")
def seventeenth_null_becomes_a_text() -> ASGIApp:
    """An update with an external_id of null stores the text null."""
    return lenient(
        lambda body: {**body, "external_id": "null"} if body.get("external_id", 1) is None else body, "update"
    )


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: _metadata(w, billingPlan="a") == {"billing_plan": "a"},
    "humps, djangorestframework-camel-case: keys of users are converted with those of the API",
)
def seventeenth_keys_lose_their_humps() -> ASGIApp:
    """Metadata keys in camel case are stored in snake case."""
    return reading(metadata=keys(lambda key: re.sub("(?<=[a-z0-9])[A-Z]", lambda found: f"_{found[0].lower()}", key)))


def _nested(w: Wire) -> object:
    id = w.made()["id"]
    return w.changed(id, metadata={"app.tier": "a"})["metadata"] == {"app": {"tier": "a"}}


@fault("metadata", "body.metadata-keys-verbatim", _nested, "MongoDB: $set with metadata.<key> as path")
def seventeenth_updates_nest_keys_with_dots() -> ASGIApp:
    """An update takes a metadata key with a dot for a path into an object."""

    class Paths(Changes):
        def merged(self, known: Any, given: Any) -> Any:
            found: Object = dict(known)
            for key, value in given.items():
                start, dot, rest = key.partition(".")
                found[start] = {rest: value} if dot else value
            return {key: value for key, value in found.items() if value is not None}

    return app(changes=Paths())


@fault(
    "metadata",
    "organization.metadata",
    lambda w: w.made()["metadata"] == [],
    "PHP: json_encode of an empty array",
)
def seventeenth_no_metadata_are_an_array() -> ASGIApp:
    """Empty metadata are shown as an empty array."""
    return reshaped(lambda shown: {**shown, "metadata": shown["metadata"] or []})


@fault(
    "metadata",
    "organization.metadata",
    lambda w: _metadata(w, **{"0": "a", "1": "b"}) == ["a", "b"],
    "PHP: json_encode of an array whose keys count from zero",
)
def seventeenth_keys_that_count_make_an_array() -> ASGIApp:
    """Metadata whose keys count up from 0 are shown as an array."""

    def listed(pairs: Object) -> Any:
        return [*pairs.values()] if pairs and [*pairs] == [str(at) for at in range(len(pairs))] else pairs

    return reshaped(lambda shown: {**shown, "metadata": listed(shown["metadata"])})


@fault(
    "names",
    "organization.name",
    lambda w: w.made(name="4711")["name"] == 4711,
    "PHP: JSON_NUMERIC_CHECK",
)
def seventeenth_texts_of_digits_are_numbers() -> ASGIApp:
    """A name or an external_id of digits is shown as a number."""

    def number(text: Any) -> Any:
        return int(text) if isinstance(text, str) and re.fullmatch("0|[1-9][0-9]{0,14}", text) else text

    return reshaped(lambda shown: {**shown, **{name: number(shown[name]) for name in ("name", "external_id")}})
