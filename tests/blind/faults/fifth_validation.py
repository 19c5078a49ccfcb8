"""Bodies and queries that are accepted although they break the contract."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from starlette.types import ASGIApp

from tests.blind.parts.interception import lenient, on_request, on_response, strict
from tests.blind.parts.listing import requery
from tests.blind.parts.messages import Json, Object, Request, crash, pairs, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import domain, token

KIND = "fifth: validation"


def mended(field: str, change: Callable[[Json], Json], *operations: str) -> ASGIApp:
    """An app that mends one field of a body before it looks at it."""
    return lenient(lambda body: {**body, field: change(body[field])} if field in body else body, *operations)


@fault(KIND, "list.limit-type", lambda w: w.list(limit="5abc").status_code == 200, "parseInt")
def fifth_limit_read_up_to_a_letter() -> ASGIApp:
    """A limit is read up to the first character that is no digit."""
    return requery(r"\blimit=(\d+)[^&]*", r"limit=\1")


@fault(KIND, "list.limit-out-of-bounds", lambda w: w.list(limit=0, order="asc").status_code == 200, "limit || 10")
def fifth_limit_of_zero_is_the_default() -> ASGIApp:
    """A limit of 0 counts as none."""
    return requery(r"\blimit=0+(&|$)", r"limit=10\1")


@fault(
    KIND,
    "body.name-type",
    lambda w: w.update(w.made()["id"], name=None).status_code == 200,
    "nulls that a partial update takes for absent",
)
def fifth_update_ignores_null_name() -> ASGIApp:
    """An update with a name of null keeps the name."""
    return lenient(lambda body: {key: v for key, v in body.items() if v is not None or key != "name"}, "update")


@fault(
    KIND,
    "body.domain-data-state",
    lambda w: w.create(domain_data=[{"domain": domain(), "state": "Verified"}]).status_code == 201,
    "an enum that is read in any case",
)
def fifth_states_in_any_case() -> ASGIApp:
    """A state in domain_data may be written with capitals."""
    return mended("domain_data", lambda given: [lowered(item) for item in given] if isinstance(given, list) else given)


def lowered(item: Json) -> Json:
    """An item of domain_data with its state in small letters."""
    stated = isinstance(item, dict) and isinstance(item.get("state"), str)
    return {**item, "state": item["state"].lower()} if stated else item


@fault(
    KIND,
    "body.domain-data-incomplete",
    lambda w: w.update(w.made()["id"], domain_data=[{"domain": domain()}]).status_code == 200,
    "a default in one of two schemas",
)
def fifth_update_takes_domains_without_state_for_pending() -> ASGIApp:
    """An update takes an item of domain_data without a state for pending."""
    return mended(
        "domain_data",
        lambda given: (
            [{"state": "pending", **item} if isinstance(item, dict) else item for item in given]
            if isinstance(given, list)
            else given
        ),
        "update",
    )


@fault(
    KIND,
    "body.domain-data-type",
    lambda w: w.create(domain_data={"domain": domain(), "state": "verified"}).status_code == 201,
    "ACCEPT_SINGLE_VALUE_AS_ARRAY",
)
def fifth_single_domain_data() -> ASGIApp:
    """domain_data may be a single object."""
    return mended("domain_data", lambda given: [given] if isinstance(given, dict) else given)


@fault(
    KIND,
    "body.metadata-type",
    lambda w: w.create(metadata={"a": True}).status_code == 201,
    "coercion of scalars",
)
def fifth_booleans_in_metadata() -> ASGIApp:
    """A boolean in metadata becomes a string."""

    def change(body: Object) -> Object:
        found = pairs(body)
        taken = {key: str(v).lower() if isinstance(v, bool) else v for key, v in found.items()}
        return {**body, "metadata": taken} if found else body

    return lenient(change)


@fault(
    KIND,
    "answer.status",
    lambda w: w.update(w.made()["id"], metadata=["a"]).status_code == 500,
    "items() of something that is no object",
)
def fifth_metadata_that_is_an_array_crashes_an_update() -> ASGIApp:
    """An update with metadata that is an array answers 500."""
    return strict(lambda body: crash() if isinstance(body.get("metadata"), list) else None, "update")


@fault(
    KIND,
    "body.external-id-too-long",
    lambda w: w.update(w.made()["id"], external_id=token() + "a" * 120).status_code == 200,
    "a column that cuts",
)
def fifth_update_cuts_external_ids() -> ASGIApp:
    """An update cuts an external_id off at 128 characters."""
    return mended("external_id", lambda given: given[:128] if isinstance(given, str) else given, "update")


@fault(
    KIND,
    "body.external-id-characters",
    lambda w: w.create(external_id="").status_code == 201,
    "forms that send empty fields",
)
def fifth_empty_external_id_is_none() -> ASGIApp:
    """An empty external_id counts as null."""
    return mended("external_id", lambda given: None if given == "" else given)


@fault(
    KIND,
    "body.metadata-long-key",
    lambda w: w.update(w.made()["id"], metadata={"a" * 41: "b"}).status_code == 422,
    "one handler for every fault of validation",
)
def fifth_update_refuses_metadata_with_422() -> ASGIApp:
    """An update with invalid metadata answers 422."""
    return on_response(
        lambda request, response: (
            unprocessable("metadata")
            if request.operation == "update"
            and response.status == 400
            and response.json.get("code") == "invalid_metadata"
            else response
        )
    )


@fault(
    KIND,
    "body.stripe-customer-id-type",
    lambda w: w.update(w.made()["id"], stripe_customer_id=5).status_code == 200,
    "String(value)",
)
def fifth_numbers_for_stripe_customer_id() -> ASGIApp:
    """A stripe_customer_id that is a number becomes a string."""
    return mended("stripe_customer_id", lambda given: str(given) if type(given) is int else given, "update")


@fault(
    KIND,
    "body.allow-profiles-type",
    lambda w: w.update(w.made()["id"], allow_profiles_outside_organization="true").status_code == 200,
    "toBoolean",
)
def fifth_update_takes_words_for_the_flag() -> ASGIApp:
    """An update takes "true" and "false" for booleans."""
    words = {"true": True, "false": False}
    return mended(
        "allow_profiles_outside_organization",
        lambda given: words.get(given, given) if isinstance(given, str) else given,
        "update",
    )


def rewritten(change: Callable[[Request], bytes], *operations: str) -> ASGIApp:
    """An app that reads another body than was sent."""
    return on_request(
        lambda request: request.replaced(body=change(request)) if request.operation in operations else request
    )


@fault(
    KIND,
    "body.malformed",
    lambda w: w.put(w.made()["id"], b"").status_code == 200,
    "body or {}",
)
def fifth_update_without_a_body() -> ASGIApp:
    """An update with an empty body counts as one that names no field."""
    return rewritten(lambda request: request.body.strip() or b"{}", "update")


@fault(
    KIND,
    "body.not-an-object",
    lambda w: w.post(json.dumps([{"name": "a"}])).status_code == 201,
    "an endpoint for many that takes one",
)
def fifth_create_takes_an_array_of_one() -> ASGIApp:
    """A create takes an array with one object for the object."""

    def change(request: Request) -> bytes:
        body = request.json
        alone = isinstance(body, list) and len(body) == 1
        return json.dumps(body[0]).encode() if alone else request.body

    return rewritten(change, "create")


@fault(
    KIND,
    "body.almost-json",
    lambda w: w.put(w.made()["id"], b'{"name": "a",}').status_code == 200,
    "JSON5",
)
def fifth_update_takes_trailing_commas() -> ASGIApp:
    """An update takes a body with a comma before its last brace."""
    return rewritten(lambda request: re.sub(rb",\s*\}\s*$", b"}", request.body), "update")
