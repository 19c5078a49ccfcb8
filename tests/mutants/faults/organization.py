"""Organizations that are out of shape, and clocks that do not tell the time."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from emulator.changes import Changes
from emulator.identifiers import now
from tests.mutants.parts.middleware import Reply
from tests.mutants.parts.objects import convert, organizations, pages, put, put_if_present, to_the_second, without
from tests.mutants.parts.replies import Encoded, sometimes
from tests.mutants.planting import mutant, plant

MINUTE = 60_000
DAY = 24 * 60 * MINUTE


class Clock(Changes):
    """A clock that was set when the emulator started. A change is always later than the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.start = now()


def nameless(reply: Reply) -> None:
    """Leaves the name out."""
    body = reply.json
    if body and "name" in body:
        del body["name"]
        reply.json = body


def local(time: str) -> str:
    """The time two hours east, without its zone."""
    return f"{datetime.fromisoformat(time) + timedelta(hours=2):%FT%T}"


def numbers(metadata: dict[str, str]) -> dict[str, object]:
    """Metadata in which what looks like a number is one."""
    return {key: int(value) if value.isdigit() else value for key, value in metadata.items()}


def digits_as_number(value: Any) -> Any:
    """Digits as a number."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def with_booleans(metadata: dict[str, str]) -> dict[str, object]:
    """Metadata in which true and false are booleans."""
    return {key: {"true": True, "false": False}.get(value, value) for key, value in metadata.items()}


def with_dots_nested(metadata: dict[str, str]) -> dict[str, object]:
    """Metadata in which a dot in a key leads into an object."""
    nested: dict[str, object] = {}
    for key, value in metadata.items():
        outer, dot, inner = key.partition(".")
        nested[outer] = {inner: value} if dot else value
    return nested


def with_objects_parsed(metadata: dict[str, str]) -> dict[str, object]:
    """Metadata in which a JSON object is one."""
    return {key: json.loads(value) if is_object(value) else value for key, value in metadata.items()}


def is_object(text: str) -> bool:
    """Whether a text is a JSON object."""
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


# fmt: off
plant("organization-object-missing", "organization.object", "No organization has object.",
      organizations(without("object")))
plant("organization-object-null", "organization.object", "object of every organization is null.",
      organizations(put("object", None)))
plant("organization-object-other-type", "organization.object", "object of every organization is 'Organization'.",
      organizations(put("object", "Organization")))
plant("list-data-of-ids", "organization.object", "data holds ids.",
      pages(convert("data", lambda data: [organization["id"] for organization in data])))

plant("organization-id-missing", "organization.id", "No organization has id.", organizations(without("id")))
plant("organization-id-null", "organization.id", "id of every organization is null.", organizations(put("id", None)))
plant("organization-id-other-type", "organization.id", "id of every organization is 17.", organizations(put("id", 17)))
plant("id-empty", "organization.id", "The id is an empty text.", organizations(put("id", ""), ("get",)))

plant("every-twentieth-get-is-nameless", "organization.name", "Every twentieth get is nameless.",
      sometimes("get", 20, nameless), flaky=True)
plant("organization-name-missing", "organization.name", "No organization has name.", organizations(without("name")))
plant("organization-name-null", "organization.name", "name of every organization is null.",
      organizations(put("name", None)))
plant("organization-name-other-type", "organization.name", "name of every organization is ['Acme'].",
      organizations(put("name", ["Acme"])))

plant("organization-domains-missing", "organization.domains", "No organization has domains.",
      organizations(without("domains")))
plant("organization-domains-null", "organization.domains", "domains of every organization is null.",
      organizations(put("domains", None)))
plant("organization-domains-other-type", "organization.domains", "domains of every organization is {}.",
      organizations(put("domains", {})))
plant("domains-null-when-empty", "organization.domains", "domains is null when it is empty.",
      organizations(convert("domains", lambda value: value or None)))
plant("domains-missing-in-list", "organization.domains", "list leaves domains out.",
      organizations(without("domains"), ("list",)), operation="list")
plant("domains-missing-in-lookup", "organization.domains", "lookup leaves domains out.",
      organizations(without("domains"), ("lookup",)), operation="lookup")
plant("domains-missing-in-update", "organization.domains", "update leaves domains out.",
      organizations(without("domains"), ("update",)), operation="update")

plant("organization-metadata-missing", "organization.metadata", "No organization has metadata.",
      organizations(without("metadata")))
plant("organization-metadata-null", "organization.metadata", "metadata of every organization is null.",
      organizations(put("metadata", None)))
plant("organization-metadata-other-type", "organization.metadata", "metadata of every organization is [].",
      organizations(put("metadata", [])))
plant("metadata-left-out-when-empty", "organization.metadata", "metadata is left out when it is empty.",
      organizations(lambda value: not value["metadata"] and value.pop("metadata")))
plant("metadata-missing-in-list", "organization.metadata", "list leaves metadata out.",
      organizations(without("metadata"), ("list",)), operation="list")
plant("metadata-missing-in-lookup", "organization.metadata", "lookup leaves metadata out.",
      organizations(without("metadata"), ("lookup",)), operation="lookup")
plant("metadata-missing-in-create", "organization.metadata", "create leaves metadata out.",
      organizations(without("metadata"), ("create",)), operation="create")
plant("metadata-numbers", "organization.metadata", "Metadata that look like numbers are shown as numbers.",
      organizations(convert("metadata", numbers)))
plant("metadata-pairs", "organization.metadata", "Metadata are shown as an array of pairs.",
      organizations(convert("metadata", lambda value: [{"key": key, "value": value[key]} for key in value])))
plant("metadata-nested", "organization.metadata", "Each value of metadata is wrapped in an object.",
      organizations(convert("metadata", lambda value: {key: {"value": text} for key, text in value.items()})))

plant("external-id-missing", "organization.external-id", "No organization has external_id.",
      organizations(without("external_id")))
plant("external-id-number", "organization.external-id", "external_id is a number.",
      organizations(put("external_id", 5)))
plant("external-id-left-out-when-null", "organization.external-id", "external_id is left out when it is null.",
      organizations(lambda value: value["external_id"] is None and value.pop("external_id")))
plant("external-id-missing-in-list", "organization.external-id", "list leaves external_id out.",
      organizations(without("external_id"), ("list",)), operation="list")
plant("external-id-missing-in-get", "organization.external-id", "get leaves external_id out.",
      organizations(without("external_id"), ("get",)), operation="get")

plant("stripe-customer-null", "organization.stripe-customer-id", "stripe_customer_id is null until it is set.",
      organizations(lambda value: value.setdefault("stripe_customer_id")))
plant("stripe-customer-number", "organization.stripe-customer-id", "stripe_customer_id is a number.",
      organizations(put_if_present("stripe_customer_id", 5)))

plant("allow-profiles-null", "organization.allow-profiles", "allow_profiles_outside_organization is null.",
      organizations(put("allow_profiles_outside_organization", None)))
plant("allow-profiles-text", "organization.allow-profiles", "allow_profiles_outside_organization is a text.",
      organizations(convert("allow_profiles_outside_organization", str)))
plant("allow-profiles-digit", "organization.allow-profiles", "allow_profiles_outside_organization is 0 or 1.",
      organizations(convert("allow_profiles_outside_organization", int)))

plant("organization-created-at-missing", "organization.created-at", "No organization has created_at.",
      organizations(without("created_at")))
plant("organization-created-at-null", "organization.created-at", "created_at of every organization is null.",
      organizations(put("created_at", None)))
plant("organization-created-at-other-type", "organization.created-at",
      "created_at of every organization is 1767225600.",
      organizations(put("created_at", 1_767_225_600)))
plant("created-at-without-zone", "organization.created-at", "created_at has no zone.",
      organizations(convert("created_at", lambda value: value.removesuffix("Z"))))
plant("created-at-local-time", "organization.created-at", "created_at is local time without a zone.",
      organizations(convert("created_at", local)))
plant("created-at-month-13", "organization.created-at", "The month of created_at is 13.",
      organizations(convert("created_at", lambda value: f"{value[:5]}13{value[7:]}")))
plant("created-at-missing-in-update", "organization.created-at", "update leaves created_at out.",
      organizations(without("created_at"), ("update",)), operation="update")

plant("organization-updated-at-missing", "organization.updated-at", "No organization has updated_at.",
      organizations(without("updated_at")))
plant("organization-updated-at-null", "organization.updated-at", "updated_at of every organization is null.",
      organizations(put("updated_at", None)))
plant("organization-updated-at-other-type", "organization.updated-at",
      "updated_at of every organization is 1767225600000.",
      organizations(put("updated_at", 1_767_225_600_000)))
plant("updated-at-with-space", "organization.updated-at", "updated_at has the form of SQL.",
      organizations(convert("updated_at", lambda value: value.replace("T", " ").removesuffix("Z"))))
plant("updated-at-date-only", "organization.updated-at", "updated_at is a date.",
      organizations(convert("updated_at", lambda value: value[:10])))
plant("updated-at-empty", "organization.updated-at", "updated_at is empty until there was an update.",
      organizations(lambda value: value["updated_at"] == value["created_at"] and put("updated_at", "")(value)))
plant("updated-at-missing-in-list", "organization.updated-at", "list leaves updated_at out.",
      organizations(without("updated_at"), ("list",)), operation="list")
plant("updated-at-missing-in-create", "organization.updated-at", "create leaves updated_at out.",
      organizations(without("updated_at"), ("create",)), operation="create")

plant("times-to-the-second", "organization.timestamp-form", "Times have no fraction of a second.",
      organizations(convert("updated_at", to_the_second)))

plant("external-id-of-digits-is-a-number", "organization.external-id", "An external_id of digits is shown as a number.",
      organizations(convert("external_id", digits_as_number)), occasion="body.external-id-verbatim")
plant("name-of-digits-is-a-number", "organization.name", "A name of digits is shown as a number.",
      organizations(convert("name", digits_as_number)), occasion="body.name-verbatim")
plant("metadata-booleans-shown", "organization.metadata", "The values true and false are shown as booleans.",
      organizations(convert("metadata", with_booleans)), occasion="body.metadata-values-verbatim")
plant("metadata-dotted-keys-nested", "organization.metadata", "A key with a dot is shown as an object in an object.",
      organizations(convert("metadata", with_dots_nested)), occasion="body.metadata-keys-verbatim")
plant("metadata-json-values-parsed", "organization.metadata", "A value that is a JSON object is shown as an object.",
      organizations(convert("metadata", with_objects_parsed)), occasion="body.metadata-values-verbatim")
# fmt: on


@mutant("json-in-an-envelope", "organization.object")
class JsonInAnEnvelope(Encoded):
    """JSON is wrapped in an object."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return f'{{"data": {text}}}'.encode()


@mutant("json-in-a-string", "organization.object")
class JsonInAString(Encoded):
    """JSON is sent as a JSON string."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return ('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"').encode()


@mutant("ids-are-uuids", "organization.id-form")
class IdsAreUuids(Changes):
    """Ids are UUIDs."""

    def organization_id(self, moment: int) -> str:
        return str(uuid.uuid4())


@mutant("clock-stands-still", "organization.clock")
class ClockStandsStill(Clock):
    """Every organization is created at the moment in which the server was started."""

    def now(self) -> int:
        return self.start


@mutant("clock-runs-too-fast", "organization.clock")
class ClockRunsTooFast(Clock):
    """The clock of the server runs ten times too fast."""

    def now(self) -> int:
        return self.start + 10 * (now() - self.start)


@mutant("seconds-taken-for-milliseconds", "organization.clock")
class SecondsTakenForMilliseconds(Clock):
    """Times lie in 1970: the seconds since then are taken for milliseconds."""

    def now(self) -> int:
        return now() // 1000


@mutant("clock-shows-minutes", "organization.clock")
class ClockShowsMinutes(Clock):
    """Times are cut to the minute."""

    def now(self) -> int:
        return now() // MINUTE * MINUTE


@mutant("clock-shows-days", "organization.clock")
class ClockShowsDays(Clock):
    """Times are cut to the day."""

    def now(self) -> int:
        return now() // DAY * DAY
