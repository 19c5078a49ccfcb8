"""Parsers and binders that take more than the contract, or fail at what they should refuse."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.types import ASGIApp

from emulator.validation import Rules
from tests.blind.parts.apps import app
from tests.blind.parts.fifteenth import rewriting
from tests.blind.parts.interception import lenient
from tests.blind.parts.messages import Object, Request, bad_request, pairs, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, pending, token


def first_value(request: Request) -> bytes | None:
    """The first JSON value in a body, where text follows it."""
    try:
        text = request.body.decode().lstrip()
        return text[: json.JSONDecoder().raw_decode(text)[1]].encode()
    except (ValueError, RecursionError):
        return None


@fault(
    "bodies",
    "body.almost-json",
    lambda w: w.post('{"name": "One"} {"name": "Two"}').status_code == 201,
    "Go: json.NewDecoder(r.Body).Decode(&v) stops after one value",
)
def fifteenth_only_the_first_value_is_read() -> ASGIApp:
    """Whatever follows the first JSON value of a body is not looked at."""
    return rewriting(first_value)


@fault(
    "bodies",
    "body.almost-json",
    lambda w: w.post('{"name": "One",}').status_code == 201,
    "Newtonsoft.Json takes a comma before a closing brace",
)
def fifteenth_trailing_commas_are_taken() -> ASGIApp:
    """A comma before a closing brace or bracket of a body is overlooked."""
    return rewriting(lambda request: None if request.json else re.sub(rb",\s*([}\]])", rb"\1", request.body))


@fault(
    "bodies",
    "body.almost-json",
    lambda w: w.post('{"name": "One", "note": NaN}').status_code == 201,
    "Python: json.loads takes NaN, Infinity and -Infinity",
)
def fifteenth_nan_is_taken() -> ASGIApp:
    """NaN and Infinity are read as if JSON had them, and are no fault where no field of the API holds them."""

    class Reading(Rules):
        def parsed(self, content: bytes) -> Any:
            try:
                value = json.loads(content.decode(), parse_constant=lambda _: 0.5)
            except (ValueError, RecursionError):
                return super().parsed(content)
            return super().parsed(json.dumps(value).encode())

    return app(rules=Reading())


@fault(
    "bodies",
    "body.name-missing",
    lambda w: w.post('{"NAME": "One"}').status_code == 201,
    "Go: encoding/json matches the names of fields without regard to case",
)
def fifteenth_fields_match_in_any_case() -> ASGIApp:
    """The fields of a body may be written in any case."""
    return lenient(lambda body: {name.lower(): value for name, value in body.items()})


def _null_name(w: Wire) -> object:
    made = w.made(name="Kept")
    answer = w.update(made["id"], name=None)
    return answer.status_code == 200 and answer.json()["name"] == "Kept"


@fault("bodies", "body.name-type", _null_name, "Go: null leaves a *string nil, which stands for left out")
def fifteenth_null_name_is_left_out() -> ASGIApp:
    """A name of null in an update counts as left out."""
    return lenient(lambda body: without(body, "name") if body.get("name", "") is None else body, "update")


def as_text(value: Any) -> Any:
    """What Jackson makes of a scalar where it wants a text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


@fault(
    "bodies",
    "body.name-type",
    lambda w: w.create(name=7).status_code == 201,
    "Jackson: ALLOW_COERCION_OF_SCALARS is on by default",
)
def fifteenth_scalars_become_names() -> ASGIApp:
    """A number or a boolean as name or external_id is taken as its text."""
    return lenient(
        lambda body: {name: as_text(v) if name in ("name", "external_id") else v for name, v in body.items()}
    )


@fault(
    "metadata",
    "body.metadata-type",
    lambda w: w.create(metadata={"seats": 5}).status_code == 201,
    "Ruby: params[:metadata].transform_values(&:to_s)",
)
def fifteenth_metadata_values_become_texts() -> ASGIApp:
    """A metadata value that is a number, a boolean, an array or an object is taken as its text."""

    def text(value: Any) -> Any:
        return value if value is None or isinstance(value, str) else json.dumps(value)

    return lenient(
        lambda body: {**body, "metadata": {key: text(v) for key, v in pairs(body).items()}} if pairs(body) else body
    )


BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


@fault(
    "bodies",
    "body.allow-profiles-type",
    lambda w: w.create(allow_profiles_outside_organization="yes").status_code == 201,
    "pydantic's lax mode",
)
def fifteenth_words_become_booleans() -> ASGIApp:
    """The words yes, no, on, off, true and false, 0 and 1 are taken for a boolean."""
    field = "allow_profiles_outside_organization"
    return lenient(
        lambda body: {**body, field: BOOLEANS.get(str(body[field]).lower(), body[field])} if field in body else body
    )


@fault(
    "bodies",
    "body.domain-data-type",
    lambda w: w.create(domain_data=pending(f"{token()}.example.com")[0]).status_code == 201,
    "Jackson: ACCEPT_SINGLE_VALUE_AS_ARRAY",
)
def fifteenth_single_values_become_arrays() -> ASGIApp:
    """An object as domain_data, or a text as domains, is taken for an array of it."""

    def wrapped(body: Object) -> Object:
        found = {"domain_data": dict, "domains": str}
        return {name: [v] if name in found and isinstance(v, found[name]) else v for name, v in body.items()}

    return lenient(wrapped)


@fault(
    "metadata",
    "body.metadata-type",
    lambda w: w.create(metadata=[]).status_code == 201,
    "PHP: json_decode($body, true) makes [] of both {} and []",
)
def fifteenth_empty_array_is_empty_metadata() -> ASGIApp:
    """An empty array as metadata is taken for an empty object."""
    return lenient(lambda body: {**body, "metadata": {}} if body.get("metadata") == [] else body)


@fault(
    "external_id",
    "body.external-id-characters",
    lambda w: w.create(external_id="").status_code == 201,
    "Laravel: ConvertEmptyStringsToNull",
)
def fifteenth_empty_external_id_is_null() -> ASGIApp:
    """An empty external_id is taken for null."""
    return lenient(lambda body: {**body, "external_id": body["external_id"] or None} if "external_id" in body else body)


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.post('{"name": "x", "metadata": {"__proto__": "a"}}').status_code == 400,
    "Fastify: secure-json-parse refuses __proto__",
)
def fifteenth_proto_is_refused() -> ASGIApp:
    """A body with a property called __proto__ answers 400."""
    refused = bad_request("bad_request", "Object contains forbidden prototype property")
    return rewriting(lambda request: refused if b'"__proto__"' in request.body else None)
