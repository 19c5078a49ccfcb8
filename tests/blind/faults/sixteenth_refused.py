"""Bodies that should be refused, and what happens to them instead."""

from __future__ import annotations

import json
import math
import re

from starlette.types import ASGIApp

from tests.blind.parts.interception import lenient, on_request, on_response
from tests.blind.parts.messages import Json, Object, Reply, Request, crash, pairs, without
from tests.blind.parts.sixteenth import broken, items, widened
from tests.blind.registry import fault
from tests.blind.wire import domain


@fault("bodies", "body.malformed", lambda w: w.post(b"").status_code == 500, "Express: req.body is undefined")
def sixteenth_no_body_fails() -> ASGIApp:
    """A create without any body answers 500."""
    return on_request(lambda request: crash() if request.operation == "create" and not request.body else request)


@fault(
    "bodies",
    "body.malformed",
    lambda w: w.put(w.made()["id"], b'{"name": ').status_code == 200,
    "PHP: json_decode(...) ?? []",
)
def sixteenth_broken_update_is_empty() -> ASGIApp:
    """An update whose body is no JSON is taken for one that names no field."""
    return on_request(
        lambda request: (
            request.replaced(body=b"{}") if request.operation == "update" and broken(request.body) else request
        )
    )


@fault(
    "bodies",
    "body.almost-json",
    lambda w: w.post('{"name": "Blind"} {"name": "Other"}').status_code == 201,
    "Go: json.NewDecoder(r.Body).Decode(&body)",
)
def sixteenth_text_behind_the_value() -> ASGIApp:
    """Whatever stands behind the JSON value of a body is not looked at."""

    def read(request: Request) -> Request:
        try:
            text = request.body.decode().lstrip(" \t\r\n")
            _, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            return request
        return request.replaced(body=text[:end].encode())

    return on_request(read)


@fault(
    "bodies",
    "body.almost-json",
    lambda w: w.post('{"name": "Blind", "more": [1, 2,],}').status_code == 201,
    "a parser of JSON5 or YAML",
)
def sixteenth_trailing_commas() -> ASGIApp:
    """A comma behind the last member of an object or an array is taken."""

    def read(request: Request) -> Request:
        mended = COMMAS.sub(lambda found: found[1] or found[2], request.body)
        return request.replaced(body=mended) if broken(request.body) and not broken(mended) else request

    return on_request(read)


COMMAS = re.compile(rb'("(?:[^"\\]|\\.)*")|,(\s*[\]}])', re.S)


@fault(
    "bodies",
    "body.not-an-object",
    lambda w: w.put(w.made()["id"], b"[]").status_code == 200,
    "PHP: an empty array is an empty object",
)
def sixteenth_empty_array_is_an_update() -> ASGIApp:
    """An update whose body is an empty array is taken for one that names no field."""
    return on_request(
        lambda request: (
            request.replaced(body=b"{}") if request.operation == "update" and request.json == [] else request
        )
    )


def _infinite(value: Json) -> bool:
    if isinstance(value, float):
        return math.isinf(value)
    inner = list(value.values()) if isinstance(value, dict) else value
    return isinstance(inner, list) and any(map(_infinite, inner))


@fault(
    "bodies",
    "body.invalid",
    lambda w: w.post('{"name": 1e400}').status_code == 500,
    "FastAPI: the refusal repeats its input, and inf is not JSON compliant",
)
def sixteenth_infinite_numbers_fail() -> ASGIApp:
    """A refused body with a number beyond the doubles answers 500."""
    return on_response(
        lambda request, r: crash() if r.status in (400, 422) and request.writes and _infinite(request.json) else r
    )


def _in_array(response: Reply) -> bool:
    faults = response.json.get("errors", ()) if response.status == 422 else ()
    return any(re.search(r"\.\d+(\.|$)", each["field"]) for each in faults)


@fault(
    "bodies",
    "body.domain-data-type",
    lambda w: w.create(domain_data=[None]).status_code == 500,
    "Python: '.'.join(error.path), where an index is no text",
)
def sixteenth_faults_in_arrays_fail() -> ASGIApp:
    """A body with something wrong inside an array answers 500."""
    return on_response(lambda _, response: crash() if _in_array(response) else response)


@fault(
    "bodies",
    "body.name-missing",
    lambda w: w.post("{}").status_code == 201,
    "Go: the zero value of a string",
)
def sixteenth_missing_name_is_empty() -> ASGIApp:
    """A create without a name makes an organization with an empty one."""
    return lenient(lambda body: {"name": "", **body}, "create")


@fault(
    "bodies",
    "body.name-type",
    lambda w: w.create(name=12).status_code == 201,
    "NestJS: enableImplicitConversion",
)
def sixteenth_numbers_are_names() -> ASGIApp:
    """A number or a boolean is taken as a name, as its text."""
    return lenient(lambda body: {**body, "name": json.dumps(body["name"])} if _plain(body.get("name")) else body)


def _plain(value: Json) -> bool:
    return isinstance(value, bool | int | float)


@fault(
    "bodies",
    "body.name-type",
    lambda w: w.update(w.made()["id"], name=None).status_code == 200,
    "SQL: name = COALESCE(:name, name)",
)
def sixteenth_null_name_stays() -> ASGIApp:
    """An update with a name of null is taken, and keeps the name."""
    return lenient(lambda body: without(body, "name") if body.get("name", "") is None else body, "update")


BOOLEANS: Object = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False}
ALLOW = "allow_profiles_outside_organization"


@fault(
    "bodies",
    "body.allow-profiles-type",
    lambda w: w.create(**{ALLOW: "yes"}).status_code == 201,
    "pydantic: bool in its lax mode",
)
def sixteenth_words_are_booleans() -> ASGIApp:
    """An allow_profiles_outside_organization of "true", "yes", 1, "false", "no", 0 and so on is taken."""

    def mended(body: Object) -> Object:
        given = body.get(ALLOW)
        known = isinstance(given, str | int) and str(given).lower() in BOOLEANS
        return {**body, ALLOW: BOOLEANS[str(given).lower()]} if known else body

    return lenient(mended)


@fault(
    "bodies",
    "body.domains-type",
    lambda w: w.create(domains=domain()).status_code == 201,
    "Jackson: ACCEPT_SINGLE_VALUE_AS_ARRAY",
)
def sixteenth_one_domain_without_array() -> ASGIApp:
    """Deprecated domains that are a single text are taken as an array of it."""
    return lenient(
        lambda body: {**body, "domains": [body["domains"]]} if isinstance(body.get("domains"), str) else body
    )


@fault(
    "bodies",
    "body.domain-data-incomplete",
    lambda w: w.create(domain_data=[{"domain": domain()}]).status_code == 201,
    "the column has a default",
)
def sixteenth_missing_state_is_pending() -> ASGIApp:
    """An item of domain_data without a state is taken as pending."""

    def mended(body: Object) -> Object:
        found = [
            {"state": "pending", **each} if isinstance(each, dict) else each for each in items(body, "domain_data")
        ]
        return {**body, "domain_data": found} if found else body

    return lenient(mended)


ANSWERS_ALONE = ("failed", "legacy_verified", "unverified")


@fault(
    "bodies",
    "body.domain-data-state",
    lambda w: w.create(domain_data=[{"domain": domain(), "state": "failed"}]).status_code == 201,
    "one enum for requests and answers",
)
def sixteenth_states_of_answers_are_taken() -> ASGIApp:
    """A state of domain_data that only answers may have is taken."""

    def out(body: Object) -> Object:
        found = [
            {**each, "state": "pending"} if isinstance(each, dict) and each.get("state") in ANSWERS_ALONE else each
            for each in items(body, "domain_data")
        ]
        return {**body, "domain_data": found} if found else body

    def back(given: Object, sent: Object) -> Object:
        return {**given, "domain_data": sent["domain_data"]} if items(sent, "domain_data") else given

    return widened(out, back)


@fault(
    "bodies",
    "body.metadata-type",
    lambda w: w.create(metadata={"a": {"b": 1}}).status_code == 201,
    "the column is JSONB, and the type Record<string, any>",
)
def sixteenth_nested_metadata() -> ASGIApp:
    """A metadata value that is an object or an array is taken."""

    def nested(body: Object) -> Object:
        return {key: v for key, v in pairs(body).items() if isinstance(v, dict | list)}

    def out(body: Object) -> Object:
        return {**body, "metadata": {**pairs(body), **dict.fromkeys(nested(body), "")}} if nested(body) else body

    def back(given: Object, sent: Object) -> Object:
        return {**given, "metadata": {**given["metadata"], **nested(sent)}} if nested(sent) else given

    return widened(out, back)


@fault(
    "bodies",
    "body.metadata-type",
    lambda w: w.create(metadata=[]).status_code == 201,
    "PHP: [] is both",
)
def sixteenth_empty_array_is_metadata() -> ASGIApp:
    """Metadata that are an empty array are taken as empty metadata."""
    return lenient(lambda body: {**body, "metadata": {}} if body.get("metadata") == [] else body)
