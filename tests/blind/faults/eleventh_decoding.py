"""Bodies that are read so loosely that wrong ones are carried out."""

from __future__ import annotations

import json
from typing import Any

from starlette.types import ASGIApp

from emulator.validation import Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import lenient, on_request
from tests.blind.parts.messages import Json, Object, Reply, Request, pairs, without
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, domain, token

FIELDS = ("name", "domains", "domain_data", "metadata", "external_id", "allow_profiles_outside_organization")
STATES = ("pending", "verified")


@fault(
    "decoding",
    "body.name-missing",
    lambda w: w.post(b'{"Name": "A"}').status_code == 201,
    "encoding/json of Go, which does not mind the case of names",
)
def eleventh_any_case_of_fields() -> ASGIApp:
    """The names of fields in a body are read in any case, so Name stands for name."""

    def folded(body: Object) -> Object:
        return {name.lower() if name.lower() in FIELDS else name: value for name, value in body.items()}

    return lenient(folded)


@fault(
    "decoding",
    "body.almost-json",
    lambda w: w.post(b'{"name": "A"} {"name": "B"}').status_code == 201 and w.post(b'{"name": }').status_code == 422,
    "json.NewDecoder(body).Decode, which reads one value and stops",
)
def eleventh_reads_one_value() -> ASGIApp:
    """What comes behind the first JSON value of a body is not looked at."""

    def first(request: Request) -> Request | Reply:
        try:
            value, _ = json.JSONDecoder().raw_decode(request.body.decode().lstrip())
        except (ValueError, RecursionError):
            return request
        return request.with_json(value) if request.method in ("POST", "PUT") else request

    return on_request(first)


def _null(w: Wire) -> object:
    return w.put(w.made()["id"], b"null").status_code == 200


@fault("decoding", "body.not-an-object", _null, "null leaves a struct of Go as it was")
def eleventh_null_updates_nothing() -> ASGIApp:
    """An update whose body is null answers 200."""

    def emptied(request: Request) -> Request | Reply:
        is_null = request.operation == "update" and request.body.strip() == b"null"
        return request.replaced(body=b"{}") if is_null else request

    return on_request(emptied)


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number_as_name(w: Wire) -> object:
    id = w.made()["id"]
    return w.update(id, name=5).status_code == 200 and w.shown(id)["name"] == "5" and w.create(name=5).is_error


@fault("decoding", "body.name-type", _number_as_name, "a serializer's CharField, which takes numbers too")
def eleventh_update_takes_a_number_for_a_name() -> ASGIApp:
    """An update takes a number for a name and stores its digits."""
    return lenient(lambda body: {**body, "name": str(body["name"])} if _number(body.get("name")) else body, "update")


@fault(
    "decoding",
    "body.allow-profiles-type",
    lambda w: w.create(allow_profiles_outside_organization="yes").status_code == 201,
    "a serializer's BooleanField, which takes yes, no, 1 and 0",
)
def eleventh_words_for_booleans() -> ASGIApp:
    """yes, no, "true" and "false" are taken for allow_profiles_outside_organization."""
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

    def read(body: Object) -> Object:
        given = body.get("allow_profiles_outside_organization")
        if not isinstance(given, str) or given not in words:
            return body
        return {**body, "allow_profiles_outside_organization": words[given]}

    return lenient(read)


def _single(w: Wire) -> object:
    return w.create(domain_data={"domain": domain(), "state": "verified"}).status_code == 201


@fault("decoding", "body.domain-data-type", _single, "ACCEPT_SINGLE_VALUE_AS_ARRAY")
def eleventh_single_domain_data() -> ASGIApp:
    """An object for domain_data is taken for an array of one."""
    return lenient(lambda b: {**b, "domain_data": [b["domain_data"]]} if isinstance(b.get("domain_data"), dict) else b)


def _items(body: Object, change: Any) -> Object:
    given = body.get("domain_data")
    if not isinstance(given, list):
        return body
    changed = [change(each) if isinstance(each, dict) else each for each in given]
    return {**body, "domain_data": [each for each in changed if each != {}]}


def _legacy(w: Wire) -> object:
    made = w.create(domain_data=[{"domain": domain(), "state": "failed"}])
    return made.status_code == 201 and made.json()["domains"][0]["state"] == "pending"


@fault("decoding", "body.domain-data-state", _legacy, "READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE")
def eleventh_unknown_states_are_pending() -> ASGIApp:
    """A state that domain_data cannot have is taken for pending."""

    def read(item: Object) -> Object:
        state = item.get("state")
        return {**item, "state": "pending"} if isinstance(state, str) and state not in STATES else item

    return lenient(lambda body: _items(body, read))


@fault(
    "decoding",
    "body.metadata-type",
    lambda w: w.create(metadata={"a": {"b": 1}}).json().get("metadata") == {"a": '{"b": 1}'},
    "a column of text for values, and JSON.stringify for what is none",
)
def eleventh_writes_nested_metadata() -> ASGIApp:
    """An object or array as a metadata value is stored as its JSON."""

    def read(body: Object) -> Object:
        nested = {key: json.dumps(v) for key, v in pairs(body).items() if isinstance(v, dict | list)}
        return {**body, "metadata": {**pairs(body), **nested}} if nested else body

    return lenient(read)


@fault(
    "decoding",
    "body.external-id-characters",
    lambda w: w.create(external_id="").status_code == 201,
    "external_id or None",
)
def eleventh_empty_external_id_is_none() -> ASGIApp:
    """An empty external_id counts as null."""
    return lenient(lambda body: {**body, "external_id": None} if body.get("external_id") == "" else body)


def _null_name(w: Wire) -> object:
    id = w.made(name="Kept")["id"]
    return w.update(id, name=None).status_code == 200 and w.shown(id)["name"] == "Kept"


@fault("decoding", "body.name-type", _null_name, "*string, which is nil for null and for nothing")
def eleventh_null_name_is_left_out() -> ASGIApp:
    """An update takes a name of null for one that was left out."""
    return lenient(lambda body: without(body, "name") if body.get("name", "") is None else body, "update")


@fault(
    "decoding",
    "body.stripe-customer-id-type",
    lambda w: w.update(w.made()["id"], stripe_customer_id=None).status_code == 200,
    "one type for all texts that may be missing",
)
def eleventh_null_stripe_is_left_out() -> ASGIApp:
    """An update takes a stripe_customer_id of null for one that was left out."""

    def read(body: Object) -> Object:
        return without(body, "stripe_customer_id") if body.get("stripe_customer_id", "") is None else body

    return lenient(read, "update")


def _foreign(w: Wire) -> object:
    external = f"é{token()}"
    id = w.made()["id"]
    at_create = w.http.post(ORGANIZATIONS, json={"name": "A", "external_id": external}).status_code
    return at_create == 422 and w.update(id, external_id=external).status_code == 200


@fault("decoding", "body.external-id-characters", _foreign, "decorators on the class of creates alone")
def eleventh_updates_check_no_external_id() -> ASGIApp:
    """An update takes external_ids that are too long or not ASCII."""

    class Unchecked(Rules):
        def update(self, content: bytes) -> dict[str, Any]:
            body = self.parsed(content)
            if not isinstance(body, dict) or not isinstance(body.get("external_id"), str) or not body["external_id"]:
                return super().update(content)
            read = super().update(json.dumps(without(body, "external_id")).encode())
            return {**read, "external_id": body["external_id"]}

    return app(rules=Unchecked())
