"""Objects as serializers and ORMs of real back ends wrote them."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Changes
from emulator.responses import Responses
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_response, relisted, reshaped
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token, verified


def _text_in_list(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return isinstance(w.listed(id)["metadata"], str)


@fault("metadata", "organization.metadata", _text_in_list, "MariaDB: a JSON column is a text to the driver")
def seventeenth_lists_show_metadata_as_text() -> ASGIApp:
    """Lists show metadata as a text of JSON."""
    return reshaped(lambda shown: {**shown, "metadata": json.dumps(shown["metadata"])}, "list")


ALLOW = "allow_profiles_outside_organization"


@fault(
    "shapes",
    "organization.allow-profiles",
    lambda w: w.made()[ALLOW] == 0 and w.made()[ALLOW] is not False,
    "MySQL: tinyint(1)",
)
def seventeenth_booleans_are_numbers() -> ASGIApp:
    """allow_profiles_outside_organization is shown as 0 or 1."""
    return reshaped(lambda shown: {**shown, ALLOW: int(shown[ALLOW])})


@fault(
    "shapes",
    "organization.stripe-customer-id",
    lambda w: w.made().get("stripe_customer_id", 1) is None,
    "a serializer that writes every column",
)
def seventeenth_stripe_customer_is_null() -> ASGIApp:
    """A stripe_customer_id that was never set is shown as null."""
    return reshaped(lambda shown: {"stripe_customer_id": None, **shown})


@fault("lists", "list.data", lambda w: w.list(search=token()).json()["data"] is None, "Go: a nil slice")
def seventeenth_empty_data_are_null() -> ASGIApp:
    """The data of a list without matches are null."""
    return relisted(lambda page: {**page, "data": page["data"] or None})


@fault(
    "metadata",
    "organization.metadata",
    lambda w: "metadata" not in w.listed(w.made()["id"]),
    "a summary serializer for lists",
)
def seventeenth_lists_leave_metadata_out() -> ASGIApp:
    """Organizations in lists lack their metadata."""
    return reshaped(lambda shown: without(shown, "metadata"), "list")


@fault("external_id", "organization.external-id", lambda w: "external_id" not in w.made(), "Go: omitempty")
def seventeenth_no_external_id_is_left_out() -> ASGIApp:
    """An organization without an external_id lacks the property."""
    return reshaped(lambda shown: shown if shown["external_id"] is not None else without(shown, "external_id"))


def _seconds(w: Wire) -> object:
    made = w.made()
    return w.shown(made["id"])["created_at"] != made["created_at"]


def _whole(moment: str) -> str:
    return re.sub(r"\.\d{3}Z$", ".000Z", moment)


@fault("timestamps", "get.current-state", _seconds, "MySQL: DATETIME without fractions; the create answers from memory")
def seventeenth_fractions_are_lost_when_stored() -> ASGIApp:
    """Only the answer to a create knows the milliseconds of created_at, all others show whole seconds."""
    others = ("get", "lookup", "list", "update")
    return reshaped(lambda shown: {**shown, "created_at": _whole(shown["created_at"])}, *others)


def _shifted(w: Wire) -> object:
    ids = [
        w.made(domain_data=verified(domain()))["id"],
        w.made()["id"],
    ]
    return bool(w.listed(ids[1])["domains"]) and w.listed(ids[0])["domains"][:1] != w.shown(ids[0])["domains"][:1]


@fault("domains", "list.current-state", _shifted, "a data loader whose batch leaves out keys without rows")
def seventeenth_domains_in_lists_shift() -> ASGIApp:
    """In lists the domains slide to the front over organizations without domains."""

    def shifted(page: Object) -> Object:
        found = [each["domains"] for each in page["data"] if each["domains"]]
        found += [[]] * (len(page["data"]) - len(found))
        return {**page, "data": [{**each, "domains": own} for each, own in zip(page["data"], found, strict=True)]}

    return relisted(shifted)


def _cut(w: Wire) -> object:
    id = w.made(domain_data=verified(domain(), domain(), domain()))["id"]
    page = w.list(limit=2).json()["data"]
    return page[0]["id"] == id and len(page[0]["domains"]) == 2


@fault("domains", "list.current-state", _cut, "Sequelize: LIMIT over joined rows (subQuery: false)")
def seventeenth_limit_cuts_domains() -> ASGIApp:
    """The limit of a list bounds the domains of each of its organizations too."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or not response.good:
            return response
        given = re.search("(?:^|&)limit=([0-9]+)", request.query)
        most = int(given[1]) if given else 10
        page = response.json
        return response.with_json(
            {**page, "data": [{**each, "domains": each["domains"][:most]} for each in page["data"]]}
        )

    return on_response(altered)


def _wrong_id(w: Wire) -> object:
    name = domain()
    made = w.made(domain_data=verified(name))
    return w.ids(domains=name) == [made["domains"][0]["id"]]


@fault("domains", "list.domain", _wrong_id, "SQL: SELECT o.*, d.* with two columns called id")
def seventeenth_filter_shows_the_id_of_the_domain() -> ASGIApp:
    """A list filtered by domain gives organizations the id of their first domain."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or not response.good or "domains=" not in request.query:
            return response
        page = response.json
        data = [{**each, "id": each["domains"][0]["id"]} if each["domains"] else each for each in page["data"]]
        return response.with_json({**page, "data": data})

    return on_response(altered)


def _trimmed(w: Wire) -> object:
    found = [w.made()["created_at"] for _ in range(60)]
    return any(not re.search(r"\.\d{3}Z$", moment) for moment in found)


@fault("timestamps", "organization.timestamp-form", _trimmed, ".NET: the format specifier F drops zeros", level=SHOULD)
def seventeenth_fractions_lose_their_zeros() -> ASGIApp:
    """Zeros at the end of a timestamp's fraction are left out."""

    class Short(Responses):
        def timestamp(self, moment: int) -> str:
            return re.sub(r"\.?0*Z$", "Z", super().timestamp(moment)) if moment % 10 == 0 else super().timestamp(moment)

    return app(responses=Short())


@fault(
    "timestamps",
    "organization.timestamp-form",
    lambda w: w.made()["updated_at"].endswith("+00:00"),
    "Python: datetime.isoformat",
    level=SHOULD,
)
def seventeenth_utc_is_an_offset() -> ASGIApp:
    """Timestamps end in +00:00 instead of Z."""

    class Offset(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).replace("Z", "+00:00")

    return app(responses=Offset())


@fault("ids", "organization.id-form", lambda w: len(w.made()["id"]) == 40, "a UUID behind the prefix", level=SHOULD)
def seventeenth_ids_are_uuids() -> ASGIApp:
    """Ids of organizations are org_ and a UUID."""

    class Uuids(Changes):
        def organization_id(self, moment: int) -> str:
            high = moment.to_bytes(6) + uuid.uuid4().bytes[6:]
            return f"org_{uuid.UUID(bytes=high)}"

    return app(changes=Uuids())


def _encoded_entity(w: Wire) -> object:
    found: Any = w.lookup("no such/one").json()
    return found.get("entity_id") == "no%20such%2Fone"


@fault("errors", "error.not-found-entity-id", _encoded_entity, "a handler that reports the raw path", level=SHOULD)
def seventeenth_entity_stays_encoded() -> ASGIApp:
    """The entity_id of a 404 is the percent-encoded one."""

    def altered(request: Request, response: Reply) -> Reply:
        if response.status != 404 or "entity_id" not in (response.json or {}):
            return response
        return response.with_json({**response.json, "entity_id": request.last})

    return on_response(altered)
