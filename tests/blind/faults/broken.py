"""Fields that break a rule: those that crash, those that are accepted, those that are refused by the wrong status."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting, lenient, strict
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.registry import Proof, fault
from tests.blind.wire import domain, verified


def field(name: str, change: Callable[[Any], Any]) -> ASGIApp:
    """An app that mends one field of a body before it looks at it."""
    return lenient(lambda body: {**body, name: change(body[name])} if name in body else body)


def _accepts_field(**body: Any) -> Proof:
    return lambda w: w.create(**body).status_code == 201


@fault("broken", "body.name-type", _accepts_field(name=123), "Jackson coerces scalars to texts")
def name_number_becomes_text() -> ASGIApp:
    """A name that is a number is accepted as its digits."""
    return field("name", lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v)


@fault(
    "broken",
    "body.name-type",
    lambda w: w.update(w.made()["id"], name=None).status_code == 200,
    "null taken for left out; github.com/decentespresso/decaid/issues/556",
)
def name_null_ignored_by_update() -> ASGIApp:
    """A name of null in an update counts as left out."""
    return lenient(lambda body: {k: v for k, v in body.items() if k != "name" or v is not None}, "update")


@fault("broken", "body.name-type", lambda w: w.create(name=None).status_code >= 500, "None has no attribute strip")
def name_null_crashes() -> ASGIApp:
    """A create with a name of null answers 500."""
    return strict(lambda body: crash() if "name" in body and body["name"] is None else None, "create")


@fault("broken", "body.domain-data-type", lambda w: w.create(domain_data=[None]).status_code >= 500, "FACTS: 5xx never")
def domain_data_null_item_crashes() -> ASGIApp:
    """A null within domain_data answers 500."""
    return strict(
        lambda body: crash() if isinstance(body.get("domain_data"), list) and None in body["domain_data"] else None
    )


@fault(
    "broken",
    "body.domain-data-type",
    _accepts_field(domain_data={"domain": "single.example.com", "state": "pending"}),
    "ACCEPT_SINGLE_VALUE_AS_ARRAY",
)
def domain_data_object_becomes_array() -> ASGIApp:
    """A single object for domain_data is accepted as an array of one."""
    return field("domain_data", lambda v: [v] if isinstance(v, dict) else v)


@fault("broken", "body.domains-type", _accepts_field(domains="a.example.com,b.example.com"), "a form reader's lists")
def domains_text_is_split() -> ASGIApp:
    """A text for the deprecated domains is accepted and split at its commas."""
    return field("domains", lambda v: v.split(",") if isinstance(v, str) else v)


@fault(
    "broken",
    "body.domain-data-state",
    _accepts_field(domain_data=[{"domain": "st.example.com", "state": "failed"}]),
    "the enumeration of responses used for requests",
)
def domain_data_takes_states_of_answers() -> ASGIApp:
    """domain_data takes every state that a domain may show, not only pending and verified."""
    states = {"failed": "pending", "unverified": "pending", "legacy_verified": "verified"}

    def mended(given: Any) -> Any:
        if not isinstance(given, list):
            return given
        return [
            {**d, "state": states.get(d["state"], d["state"])}
            if isinstance(d, dict) and isinstance(d.get("state"), str)
            else d
            for d in given
        ]

    return field("domain_data", mended)


@fault(
    "broken",
    "body.domain-data-incomplete",
    _accepts_field(domain_data=[{"domain": "nostate.example.com"}]),
    "a default where the document requires the property",
)
def domain_data_state_defaults_to_pending() -> ASGIApp:
    """An item of domain_data without a state is accepted as pending."""
    return field(
        "domain_data",
        lambda v: [{"state": "pending", **d} if isinstance(d, dict) else d for d in v] if isinstance(v, list) else v,
    )


@fault(
    "broken",
    "body.domain-data-incomplete",
    lambda w: w.update(w.made()["id"], domain_data=[{"state": "verified"}]).status_code >= 500,
    "KeyError: 'domain'",
)
def domain_data_without_domain_crashes() -> ASGIApp:
    """An item of domain_data without a domain answers 500 in an update."""

    def judged(body: dict[str, Any]) -> Reply | None:
        given = body.get("domain_data")
        broken = isinstance(given, list) and any(isinstance(d, dict) and "domain" not in d for d in given)
        return crash() if broken else None

    return strict(judged, "update")


@fault("broken", "body.metadata-type", _accepts_field(metadata=[]), "FACTS: metadata: [] is refused; PHP's arrays")
def metadata_list_accepted() -> ASGIApp:
    """An empty array for metadata counts as empty metadata."""
    return field("metadata", lambda v: {} if v == [] else v)


@fault("broken", "body.metadata-type", _accepts_field(metadata={"seats": 5, "beta": True}), "String(value)")
def metadata_scalars_become_texts() -> ASGIApp:
    """Numbers and booleans in metadata are accepted and made texts."""

    def mended(given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {k: json.dumps(v) if isinstance(v, (bool, int, float)) else v for k, v in given.items()}

    return field("metadata", mended)


@fault("broken", "body.metadata-type", _accepts_field(metadata={"plan": {"tier": "a"}}), "JSON within JSON")
def metadata_objects_become_texts() -> ASGIApp:
    """Objects and arrays in metadata are accepted and written down as JSON texts."""

    def mended(given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {k: json.dumps(v) if isinstance(v, (dict, list)) else v for k, v in given.items()}

    return field("metadata", mended)


@fault("broken", "body.metadata-type", lambda w: w.create(metadata="plan").status_code >= 500, "entries of a text")
def metadata_text_crashes() -> ASGIApp:
    """A text for metadata answers 500."""
    return strict(lambda body: crash() if isinstance(body.get("metadata"), str) else None)


@fault("broken", "body.external-id-type", lambda w: w.create(external_id=42).status_code == 201, "String(value)")
def external_id_number_becomes_text() -> ASGIApp:
    """An external_id that is a number is accepted as its digits."""
    return field("external_id", lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v)


@fault("broken", "body.external-id-characters", _accepts_field(external_id="caf\u00e9"), "an unanchored pattern")
def external_id_beyond_ascii_accepted() -> ASGIApp:
    """An external_id with a character beyond ASCII is accepted, the character replaced."""
    return field("external_id", lambda v: v.encode("ascii", "replace").decode() if isinstance(v, str) else v)


@fault(
    "broken",
    "body.stripe-customer-id-type",
    lambda w: w.update(w.made()["id"], stripe_customer_id=None).status_code == 200,
    "O stripe_customer_id is a string, never null",
)
def stripe_customer_null_accepted() -> ASGIApp:
    """A stripe_customer_id of null is accepted by update and ignored."""
    return lenient(lambda body: {k: v for k, v in body.items() if k != "stripe_customer_id" or v is not None}, "update")


@fault(
    "broken",
    "body.allow-profiles-type",
    _accepts_field(allow_profiles_outside_organization="false"),
    "Boolean('false')",
)
def allow_profiles_takes_texts() -> ASGIApp:
    """A text for allow_profiles_outside_organization is accepted; any but the empty one means true."""
    return field("allow_profiles_outside_organization", lambda v: bool(v) if isinstance(v, str) else v)


@fault("broken", "body.name-missing", lambda w: w.post("{}").status_code == 400, "O 422 of create")
def name_missing_answers_400() -> ASGIApp:
    """A create without a name answers 400 instead of 422."""
    return strict(
        lambda body: reply(400, {"message": "name is required", "code": "bad_request"}) if "name" not in body else None,
        "create",
    )


@fault(
    "broken",
    "body.domain-data-state",
    lambda w: w.update(w.made()["id"], domain_data=[{"domain": domain(), "state": "VERIFIED"}]).status_code == 200,
    "a check without case",
)
def domain_data_state_in_capitals_accepted() -> ASGIApp:
    """A state in capital letters is accepted in domain_data."""
    return field(
        "domain_data",
        lambda v: (
            [
                {**d, "state": d["state"].lower()} if isinstance(d, dict) and isinstance(d.get("state"), str) else d
                for d in v
            ]
            if isinstance(v, list)
            else v
        ),
    )


@fault(
    "broken",
    "update.refusal-changes-nothing",
    lambda w: (
        (id := w.made(domain_data=verified(domain()))["id"])
        and w.update(id, name="New", metadata={"k": 1}).status_code >= 400
        and w.shown(id)["name"] == "New"
    ),
    "fields set one by one before the check",
)
def update_refused_for_metadata_keeps_name() -> ASGIApp:
    """An update that is refused for its metadata has changed the name already."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        body = request.json
        if (
            request.operation == "update"
            and response.status in {400, 422}
            and isinstance(body, dict)
            and isinstance(body.get("name"), str)
            and "metadata" in body
        ):
            await forward(request.with_json({"name": body["name"]}))
        return response

    return intercepting(handle)
