"""Bodies that are taken although the contract forbids them, or refused in another way."""

from __future__ import annotations

import json

from starlette.types import ASGIApp

from tests.blind.parts.interception import lenient, on_request, on_response
from tests.blind.parts.messages import Json, Object, Reply, Request, crash, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token


def _parses(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _put(w: Wire, **body: Json) -> int:
    return w.update(w.made()["id"], **body).status_code


@fault(
    "malformed",
    "body.malformed",
    lambda w: w.put(w.made()["id"], b'{"name": "New"').status_code == 200,
    "an exception of the parser is caught, and the body then empty",
)
def sixth_malformed_update_is_empty() -> ASGIApp:
    """An update whose body is no JSON is taken for one that names no field."""
    return on_request(
        lambda request: (
            request.replaced(body=b"{}") if request.operation == "update" and not _parses(request.body) else request
        )
    )


def _first_value(request: Request) -> Request:
    try:
        _, end = json.JSONDecoder().raw_decode(request.body.decode())
    except (ValueError, RecursionError):
        return request
    return request.replaced(body=request.body.decode()[:end].encode())


@fault(
    "malformed",
    "body.almost-json",
    lambda w: w.post(b'{"name": "First"} {"name": "Second"}').status_code == 201,
    "Go's json.NewDecoder(body).Decode reads one value and leaves the rest",
)
def sixth_text_behind_json() -> ASGIApp:
    """Text behind the JSON value of a create's body is not looked at."""
    return on_request(lambda request: _first_value(request) if request.operation == "create" else request)


def _several(request: Request, response: Reply) -> Reply:
    fields = {each["field"] for each in response.json["errors"]} if response.status == 422 else set()
    return crash() if len(fields) > 1 and request.operation in ("create", "update") else response


@fault(
    "refusals",
    "body.invalid",
    lambda w: w.create(name=7, external_id=[]).status_code == 500,
    "a formatter of errors that was only tried with one",
)
def sixth_two_faults_at_once_fail() -> ASGIApp:
    """A body with faults in two fields answers 500."""
    return on_response(_several)


@fault(
    "refusals",
    "body.name-missing",
    lambda w: w.post(json.dumps({"external_id": token()})).status_code == 201,
    "a default for importers",
)
def sixth_external_id_stands_in_for_name() -> ASGIApp:
    """A create without a name, but with an external_id, takes this for the name."""

    def named(body: Object) -> Object:
        given = body.get("external_id")
        return {"name": given, **body} if isinstance(given, str) else body

    return lenient(named, "create")


@fault(
    "refusals",
    "body.name-type",
    lambda w: _put(w, name=None) == 200,
    "Optional[str] = None makes a field optional, and nullable",
)
def sixth_update_takes_null_name_for_none() -> ASGIApp:
    """An update takes a name of null for one that is left out."""
    return lenient(lambda body: without(body, "name") if body.get("name", "") is None else body, "update")


def _numbered(body: Object) -> Object:
    given = body.get("domain_data")
    numbered = isinstance(given, dict) and given and all(key.isdigit() for key in given)
    return {**body, "domain_data": list(given.values())} if isinstance(given, dict) and numbered else body


@fault(
    "refusals",
    "body.domain-data-type",
    lambda w: w.create(domain_data={"0": {"domain": domain(), "state": "pending"}}).status_code == 201,
    "Rails takes nested attributes as an array or as a hash of numbers",
)
def sixth_domain_data_as_numbered_object() -> ASGIApp:
    """domain_data may be an object whose keys are numbers."""
    return lenient(_numbered)


def _defaulted(body: Object) -> Object:
    given = body.get("domain_data")
    if not isinstance(given, list):
        return body
    items = [{"state": "pending", **each} if isinstance(each, dict) else each for each in given]
    return {**body, "domain_data": items}


@fault(
    "refusals",
    "body.domain-data-incomplete",
    lambda w: _put(w, domain_data=[{"domain": domain()}]) == 200,
    "a column with a default",
)
def sixth_update_defaults_state() -> ASGIApp:
    """An update takes an item of domain_data without a state, and makes it pending."""
    return lenient(_defaulted, "update")


def _known_state(body: Object) -> Object:
    given = body.get("domain_data")
    if not isinstance(given, list):
        return body
    others = ("failed", "legacy_verified", "unverified")
    items = [{**e, "state": "pending"} if isinstance(e, dict) and e.get("state") in others else e for e in given]
    return {**body, "domain_data": items}


@fault(
    "refusals",
    "body.domain-data-state",
    lambda w: w.create(domain_data=[{"domain": domain(), "state": "failed"}]).status_code == 201,
    "one enumeration for what is sent and what is shown",
)
def sixth_any_documented_state_is_taken() -> ASGIApp:
    """domain_data may have each state that a domain can show."""
    return lenient(_known_state)


def _unpacked(body: Object) -> Object:
    given = body.get("external_id")
    single = isinstance(given, list) and len(given) == 1 and isinstance(given[0], str)
    return {**body, "external_id": given[0]} if isinstance(given, list) and single else body


@fault(
    "refusals",
    "body.external-id-type",
    lambda w: w.create(external_id=[token()]).status_code == 201,
    "String(value) in JavaScript, where a list of one is its item",
)
def sixth_external_id_in_a_list() -> ASGIApp:
    """An external_id may be a list with one text."""
    return lenient(_unpacked)


@fault(
    "refusals",
    "body.external-id-characters",
    lambda w: _put(w, external_id="") == 200,
    "an empty field of a form clears the value",
)
def sixth_update_clears_by_empty_external_id() -> ASGIApp:
    """An update takes an empty external_id for null."""
    return lenient(lambda body: {**body, "external_id": None} if body.get("external_id") == "" else body, "update")
