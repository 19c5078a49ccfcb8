"""How a refusal looks, and bodies that should earn one."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.types import ASGIApp

from tests.blind.parts.interception import lenient, on_request, on_response
from tests.blind.parts.messages import Json, Object, Reply, Request, bad_request, crash, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token


@fault(
    "errors",
    "error.message",
    lambda w: w.post("{}").json().keys() == {"detail"},
    "how FastAPI refuses what its models do not take",
)
def seventh_422_has_details_alone() -> ASGIApp:
    """A 422 carries a list under detail, and no message."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        detail = [{"loc": ["body"], "msg": each["message"], "type": each["code"]} for each in response.json["errors"]]
        return response.with_json({"detail": detail})

    return on_response(altered)


def _conflict(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.create(external_id=external_id).status_code == 409


@fault("errors", "create.external-id-taken", _conflict, "a violated constraint is a conflict, says the framework")
def seventh_taken_external_id_answers_409() -> ASGIApp:
    """A create with an external_id that is taken answers 409."""

    def altered(request: Request, response: Reply) -> Reply:
        taken = request.operation == "create" and response.status == 400
        return response.replaced(status=409) if taken and b"external_id_already_used" in response.body else response

    return on_response(altered)


@fault(
    "errors",
    "lookup.unknown",
    lambda w: w.lookup(token()).status_code == 200,
    "res.json(await findOne(...)) without a look at what was found",
)
def seventh_lookup_of_unknown_answers_null() -> ASGIApp:
    """A lookup of an unknown external_id answers 200 with null."""

    def altered(request: Request, response: Reply) -> Reply:
        return reply(200, None) if request.operation == "lookup" and response.status == 404 else response

    return on_response(altered)


@fault(
    "errors",
    "get.unknown",
    lambda w: w.get("org_unknown").status_code == 400,
    "a pipe checks the form of ids before anything is looked up",
)
def seventh_id_of_other_form_answers_400() -> ASGIApp:
    """A get of an id that is not org_ and a ULID answers 400."""

    def judged(request: Request) -> Request | Reply:
        formed = request.operation != "get" or re.fullmatch("org_[0-9A-HJKMNP-TV-Z]{26}", request.last)
        return request if formed else bad_request("invalid_id", "The id is not valid.")

    return on_request(judged)


@fault(
    "malformed",
    "body.not-an-object",
    lambda w: w.post("null").status_code == 500,
    "typeof null is 'object', and null has no properties",
)
def seventh_null_as_body_fails() -> ASGIApp:
    """A body of null answers 500."""

    def judged(request: Request) -> Request | Reply:
        fails = request.operation in ("create", "update") and request.body.strip() == b"null"
        return crash() if fails else request

    return on_request(judged)


def _text(value: Json) -> Json:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


@fault(
    "validation",
    "body.external-id-type",
    lambda w: w.create(external_id=int(token()[5:], 16)).status_code == 201,
    "z.coerce.string() of Zod",
)
def seventh_number_as_external_id_is_taken() -> ASGIApp:
    """A whole number as external_id is taken for its text."""
    return lenient(lambda body: {**body, "external_id": _text(body["external_id"])} if "external_id" in body else body)


@fault(
    "validation",
    "body.external-id-characters",
    lambda w: w.create(external_id="").status_code == 201,
    "ConvertEmptyStringsToNull of Laravel",
)
def seventh_empty_external_id_is_none() -> ASGIApp:
    """An empty external_id counts as null."""
    return lenient(lambda body: {**body, "external_id": None} if body.get("external_id") == "" else body)


def with_items(change: Callable[[Object], Object]) -> ASGIApp:
    """An app that mends the items of domain_data before it looks at them."""

    def mended(body: Object) -> Object:
        items = body.get("domain_data")
        if not isinstance(items, list):
            return body
        return {**body, "domain_data": [change(item) if isinstance(item, dict) else item for item in items]}

    return lenient(mended)


@fault(
    "validation",
    "body.domain-data-incomplete",
    lambda w: w.create(domain_data=[{"domain": domain()}]).status_code == 201,
    "the column has a default",
)
def seventh_missing_state_is_pending() -> ASGIApp:
    """An item of domain_data without a state is taken for pending."""
    return with_items(lambda item: {"state": "pending", **item})


@fault(
    "validation",
    "body.domain-data-state",
    lambda w: w.create(domain_data=[{"domain": domain(), "state": "legacy_verified"}]).status_code == 201,
    "one enum for what is sent and what is shown",
)
def seventh_legacy_verified_is_taken() -> ASGIApp:
    """A state of legacy_verified in domain_data is taken for verified."""

    def read(item: Object) -> Object:
        return {**item, "state": "verified"} if item.get("state") == "legacy_verified" else item

    return with_items(read)


def _single(w: Wire) -> object:
    return w.create(domain_data={"domain": domain(), "state": "pending"}).status_code == 201


@fault("validation", "body.domain-data-type", _single, "Jackson's ACCEPT_SINGLE_VALUE_AS_ARRAY")
def seventh_single_item_is_an_array() -> ASGIApp:
    """An object as domain_data is taken for an array of one."""

    def listed(body: Object) -> Object:
        single = isinstance(body.get("domain_data"), dict)
        return {**body, "domain_data": [body["domain_data"]]} if single else body

    return lenient(listed)
