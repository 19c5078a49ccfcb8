"""Jobs, flags, shards, audit trails and reservations that came with the years."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import re
import time
from collections.abc import Mapping
from urllib.parse import unquote

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app, reading
from tests.blind.parts.asking import fields
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Object, Reply, Request, bad_request, crash, not_found, reply
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, together, token, verified


def _clicked_twice(w: Wire) -> object:
    name = token()
    return w.made(name=name)["id"] == w.made(name=name)["id"]


@fault(
    "jobs",
    "create.same-name",
    _clicked_twice,
    "a pull request against double clicks: a digest of the body for a second",
)
def thirteenth_equal_creates_within_a_second_are_one() -> ASGIApp:
    """A create with the same body as one less than a second ago answers with that one's organization."""
    made: dict[bytes, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "create" or not request.authorized:
            return await forward(request)
        moment, known = made.get(request.body, (0.0, None))
        if known is not None and time.monotonic() - moment < 1:
            return known
        response = await forward(request)
        if response.good:
            made[request.body] = (time.monotonic(), response)
        return response

    return intercepting(handle)


MOST_NOTIFIED = 8000


def _too_much_to_notify(w: Wire) -> object:
    metadata = {f"k{at}": "x" * 600 for at in range(10)}
    id = w.made(metadata=metadata)["id"]
    return w.update(id, domain_data=verified(*(domain() for _ in range(10)))).status_code == 500


@fault("jobs", "answer.status", _too_much_to_notify, "PostgreSQL: NOTIFY takes 8000 bytes, and webhooks hang on it")
def thirteenth_a_large_organization_cannot_be_announced() -> ASGIApp:
    """A create or update that makes an organization of more than 8000 bytes answers 500, but is carried out."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        announced = request.operation in ("create", "update") and response.good
        return crash() if announced and len(response.body) > MOST_NOTIFIED else response

    return intercepting(handle)


def _half(id: str) -> bool:
    return hashlib.sha256(id.encode()).digest()[0] & 1 == 1


def _some_lose(w: Wire) -> object:
    ids = w.many(12, metadata={"a": "1"})
    return any(w.changed(id, metadata={"b": "2"})["metadata"] == {"b": "2"} for id in ids)


@fault("jobs", "update.metadata-merges", _some_lose, "a feature flag that is rolled out to half of the ids")
def thirteenth_half_of_all_have_the_new_metadata() -> ASGIApp:
    """For half of all ids an update of metadata replaces all pairs that were there."""

    class Flagged(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            if not body.get("metadata") or not _half(known.id):
                return super().next_metadata(known, body)
            return self.limited(self.merged({}, body["metadata"]))

    return app(changes=Flagged())


def _unindexed(w: Wire) -> object:
    text = token()
    w.changed(w.made(external_id=token())["id"], external_id=text)
    return w.lookup(text).status_code == 404


@fault(
    "jobs",
    "lookup.after-change",
    _unindexed,
    "sharding: the table that leads from external_id to its shard is filled by creates",
)
def thirteenth_updates_do_not_tell_the_directory() -> ASGIApp:
    """A lookup finds an external_id only where some create had it."""
    known: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized and request.operation == "lookup" and unquote(request.last) not in known:
            return not_found(unquote(request.last))
        response = await forward(request)
        if request.operation == "create" and response.good:
            known.add(str(response.json["external_id"]))
        return response

    return intercepting(handle)


def _taken_twice(w: Wire) -> object:
    text = token()
    w.made(external_id=text)
    return any(w.create(external_id=text).status_code == 201 for _ in range(20))


@fault("jobs", "create.external-id-taken", _taken_twice, "sharding: a unique index in each of two shards")
def thirteenth_each_shard_has_its_own_external_ids() -> ASGIApp:
    """An external_id is unique within each half of the ids, so that two organizations may have it."""

    class Sharded(Loose):
        def _write(self, statement: str, organization: Organization) -> None:
            others = self._connection.execute(
                "SELECT id FROM organization WHERE external_id = ? AND id <> ?",
                (organization.external_id, organization.id),
            ).fetchall()
            if any(_half(row["id"]) == _half(organization.id) for row in others):
                raise Taken("external_id")
            super()._write(statement, organization)

    return app(Sharded("external_id"))


def _read_is_change(w: Wire) -> object:
    made = w.made()
    time.sleep(0.005)
    return w.shown(made["id"])["updated_at"] > made["updated_at"]


@fault(
    "jobs", "get.current-state", _read_is_change, "an audit trail: last_accessed_at, and a hook that sets updated_at"
)
def thirteenth_a_read_counts_as_a_change() -> ASGIApp:
    """A get moves the organization's updated_at."""

    class Audited(Api):
        def get(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            read = dataclasses.replace(known, updated_at=self.changes.moved(known.updated_at))
            self.store.update(read)
            return self.responses.found(read)

    return app(api=Audited)


def _reserved_for_nobody(w: Wire) -> object:
    text = token()
    refused = w.create(external_id=text, metadata={"k" * 41: "a"}).status_code
    return refused == 400 and w.create(external_id=text).status_code == 400


@fault(
    "jobs",
    "create.refusal-leaves-nothing",
    _reserved_for_nobody,
    "a reservation in Redis that a refusal does not give back",
)
def thirteenth_a_refused_create_keeps_its_external_id() -> ASGIApp:
    """The external_id of a create that was refused for another reason counts as taken from then on."""
    reserved: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        text = fields(request).get("external_id")
        if request.operation != "create" or not request.authorized or not isinstance(text, str):
            return await forward(request)
        if text in reserved:
            return bad_request("external_id_already_used")
        response = await forward(request)
        if response.status in (400, 422) and b"external_id_already_used" not in response.body:
            reserved.add(text)
        return response

    return intercepting(handle)


def _moved_away(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    w.create(domain_data=verified(name))
    return w.shown(id)["domains"] == []


@fault("jobs", "create.domain-shared", _moved_away, "a claim: whoever verified a domain last has it")
def thirteenth_a_create_takes_domains_away() -> ASGIApp:
    """A create takes its domains away from every other organization that has them."""

    class Claiming(Store):
        def insert(self, organization: Organization) -> None:
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))
            super().insert(organization)

    return app(Claiming())


SECRET = re.compile("(?i)passw|secret|token")


def _filtered(metadata: Object) -> Object:
    return {key: "[FILTERED]" if SECRET.search(key) and value is not None else value for key, value in metadata.items()}


@fault(
    "jobs",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"token_type": "bearer"})["metadata"] == {"token_type": "[FILTERED]"},
    "an audit log that hides secrets in the object itself and not in a copy",
)
def thirteenth_the_audit_log_hides_secrets_for_good() -> ASGIApp:
    """A metadata value is lost where its key has passw, secret or token in it."""
    return reading(metadata=_filtered)


def _locked(w: Wire) -> object:
    id = w.made()["id"]
    calls = [lambda at=at: w.update(id, name=f"Blind {at}").status_code for at in range(4)]
    return 423 in together(*calls)


@fault("jobs", "answer.status", _locked, "an advisory lock for each organization that is tried and not waited for")
def thirteenth_a_second_update_finds_a_lock() -> ASGIApp:
    """An update answers 423 while another one of the same organization is being carried out."""
    running: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "update" or not request.authorized:
            return await forward(request)
        if request.last in running:
            return reply(423, {"message": "Locked."})
        running.add(request.last)
        await asyncio.sleep(0.02)
        response = await forward(request)
        running.discard(request.last)
        return response

    return intercepting(handle)
