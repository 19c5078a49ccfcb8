"""What becomes of metadata: their keys, their values, and their limits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp

from tests.blind.parts.apps import keys, reading, showing, values
from tests.blind.parts.interception import lenient, on_response, strict
from tests.blind.parts.messages import Json, Object, Reply, Request, bad_request, crash, pairs, texts, unprocessable
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire


def kept_otherwise(metadata: dict[str, str]) -> Proof:
    """Shows where a create takes these metadata, and a get shows others."""
    return lambda w: w.shown(w.made(metadata=metadata)["id"])["metadata"] != metadata


def refusing(broken: Callable[[Object], object], refusal: Reply) -> ASGIApp:
    """An app that refuses some metadata."""
    return strict(lambda body: refusal if broken(pairs(body)) else None)


@fault(
    "metadata",
    "organization.metadata",
    lambda w: w.made()["metadata"] == [],
    "an empty array of PHP is written as an array of JSON",
)
def seventh_empty_metadata_are_an_array() -> ASGIApp:
    """Empty metadata are shown as an empty array."""
    return showing(lambda shown, _: {**shown, "metadata": shown["metadata"] or []})


def _counted(metadata: Object) -> Json:
    return list(metadata.values()) if [*metadata] == [str(at) for at in range(len(metadata))] else metadata


@fault(
    "metadata",
    "organization.metadata",
    lambda w: w.made(metadata={"0": "a", "1": "b"})["metadata"] == ["a", "b"],
    "PHP knows no difference between a list and an array with the keys 0, 1, 2",
)
def seventh_counted_keys_make_an_array() -> ASGIApp:
    """Metadata whose keys are 0, 1 and so on are shown as an array."""
    return showing(lambda shown, _: {**shown, "metadata": _counted(shown["metadata"]) if shown["metadata"] else {}})


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.create(metadata={"hasOwnProperty": "yes"}).status_code == 500,
    "metadata.hasOwnProperty(key) where the key shadows the method",
)
def seventh_key_shadows_method() -> ASGIApp:
    """Metadata with the key hasOwnProperty answer 500."""
    return refusing(lambda metadata: "hasOwnProperty" in metadata, crash())


@fault(
    "metadata limits",
    "body.ten-full-pairs",
    lambda w: w.create(metadata={"k" * 40: "v"}).status_code == 400,
    "key.length >= 40",
)
def seventh_key_of_40_is_refused() -> ASGIApp:
    """A metadata key of 40 characters answers 400."""
    return refusing(lambda metadata: any(len(key) >= 40 for key in metadata), bad_request("invalid_metadata"))


@fault(
    "metadata limits",
    "body.metadata-values-verbatim",
    lambda w: w.create(metadata={"note": "v" * 550}).status_code == 400,
    "Stripe's metadata end at 500 characters, and its rules were copied",
)
def seventh_value_over_500_is_refused() -> ASGIApp:
    """A metadata value of more than 500 characters answers 400."""
    return refusing(
        lambda metadata: any(isinstance(value, str) and len(value) > 500 for value in metadata.values()),
        bad_request("invalid_metadata"),
    )


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.create(metadata={"seats[eu]": "4"}).status_code == 400,
    "Stripe allows no square brackets in keys",
)
def seventh_brackets_in_keys_are_refused() -> ASGIApp:
    """A metadata key with a square bracket answers 400."""
    return refusing(lambda metadata: any(set(key) & set("[]") for key in metadata), bad_request("invalid_metadata"))


def _snake(key: str) -> str:
    return re.sub("(?<=[a-z0-9])[A-Z]", lambda found: f"_{found.group().lower()}", key)


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    kept_otherwise({"billingPlan": "gold"}),
    "a converter of names that goes down into every object of a body",
)
def seventh_keys_become_snake_case() -> ASGIApp:
    """Metadata keys in camel case are kept in snake case."""
    return reading(metadata=keys(_snake))


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    kept_otherwise({"line_1": "Main Street"}),
    "snake to camel and back again loses the underscore before a digit",
)
def seventh_underscore_before_digit_goes() -> ASGIApp:
    """An underscore before a digit disappears from metadata keys."""
    return reading(metadata=keys(lambda key: re.sub("(?<=[a-z])_(?=[0-9])", "", key)))


def _parsed(value: str) -> Json:
    try:
        return json.loads(value) if value[:1] in ("{", "[") else value
    except ValueError:
        return value


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    kept_otherwise({"settings": '{"beta": true}'}),
    "a reader of JSON columns that parses texts as well",
)
def seventh_json_in_values_is_parsed() -> ASGIApp:
    """A metadata value that is the text of an object or an array of JSON is shown as that object or array."""

    def change(shown: Object, _: object) -> Object:
        return {**shown, "metadata": {key: _parsed(value) for key, value in shown["metadata"].items()}}

    return showing(change)


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    kept_otherwise({"indent": "  two"}),
    "TrimStrings of Laravel goes through the whole body",
)
def seventh_values_are_trimmed() -> ASGIApp:
    """White space around metadata values is cut off."""
    return reading(metadata=values(str.strip))


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    kept_otherwise({"trial": "0", "plan": "gold"}),
    "array_filter of PHP without a callback",
)
def seventh_value_zero_goes() -> ASGIApp:
    """A pair of metadata whose value is "0" is dropped."""
    return reading(metadata=values(lambda value: None if value == "0" else value))


@fault(
    "metadata",
    "answer.status",
    lambda w: w.create(metadata={"blob": "a\0b"}).status_code == 500,
    "PostgreSQL: \\u0000 cannot be converted to text, in a jsonb column",
)
def seventh_nul_in_value_fails() -> ASGIApp:
    """A U+0000 in a metadata value answers 500."""
    return refusing(lambda metadata: any("\0" in text for text in texts(metadata)), crash())


@fault(
    "metadata",
    "body.metadata-long-key",
    lambda w: w.create(metadata={"k" * 41: "v"}).status_code == 422,
    "one validator for the whole body, and one status for what it finds",
)
def seventh_invalid_metadata_answer_422() -> ASGIApp:
    """Metadata beyond their limits answer 422."""

    def altered(_: Request, response: Reply) -> Reply:
        invalid = response.status == 400 and response.json.get("code") == "invalid_metadata"
        return unprocessable("metadata") if invalid else response

    return on_response(altered)


def with_metadata(change: Callable[[Any], Any]) -> ASGIApp:
    """An app that mends metadata before it looks at them."""
    return lenient(lambda body: {**body, "metadata": change(body["metadata"])} if "metadata" in body else body)


@fault(
    "metadata",
    "body.metadata-type",
    lambda w: w.create(metadata=[]).status_code == 201,
    "is_array() of PHP holds for both",
)
def seventh_empty_array_is_empty_metadata() -> ASGIApp:
    """An empty array is taken for empty metadata."""
    return with_metadata(lambda metadata: {} if metadata == [] else metadata)


def _changed_to_empty(w: Wire) -> object:
    id = w.made(metadata={"a": "1", "b": "2"})["id"]
    return w.changed(id, metadata={"a": ""})["metadata"] == {"b": "2"}


@fault("metadata", "update.sets-what-was-sent", _changed_to_empty, "an empty text unsets a key in Stripe's API")
def seventh_empty_value_removes_key() -> ASGIApp:
    """A metadata key that an update sets to the empty text goes."""

    def unset(body: Object) -> Object:
        cleared = {key: None if value == "" else value for key, value in pairs(body).items()}
        return {**body, "metadata": cleared} if cleared else body

    return lenient(unset, "update")
