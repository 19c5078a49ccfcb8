"""Updates without a transaction, without a lock, or of a shared object."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Object, Reply, Request, crash, pairs
from tests.blind.parts.races import one_at_a_time
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, pending, together, token


def _half(w: Wire) -> object:
    taken = token()
    w.made(external_id=taken)
    id = w.made(name="Before")["id"]
    status = w.update(id, name="After", external_id=taken).status_code
    return status == 400 and w.shown(id)["name"] == "After"


@fault("update", "update.refusal-changes-nothing", _half, "one UPDATE per field, and no transaction around them")
def fifteenth_fields_are_written_one_by_one() -> ASGIApp:
    """An update that is refused for a taken external_id stores its name nevertheless."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        body = request.json if request.operation == "update" and response.status == 400 else None
        code = response.json.get("code") if isinstance(response.json, dict) else None
        if isinstance(body, dict) and "name" in body and code == "external_id_already_used":
            await forward(request.with_json({"name": body["name"]}))
        return response

    return intercepting(handle)


def _fails(w: Wire) -> object:
    taken = token()
    w.made(external_id=taken)
    return w.update(w.made()["id"], external_id=taken).status_code == 500


@fault("errors", "update.external-id-taken", _fails, "IntegrityError that is caught in create() alone")
def fifteenth_unique_violation_fails_update() -> ASGIApp:
    """An update to an external_id of another organization answers 500."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        code = response.json.get("code") if isinstance(response.json, dict) else None
        return crash() if request.operation == "update" and code == "external_id_already_used" else response

    return intercepting(handle)


def _shown_everywhere(w: Wire) -> object:
    first, second = w.made()["id"], w.made()["id"]
    w.changed(first, metadata={"leak": "1"})
    return w.shown(second)["metadata"] == {"leak": "1"}


@fault("metadata", "update.leaves-others-alone", _shown_everywhere, "Python: def __init__(self, metadata={})")
def fifteenth_default_metadata_are_shared() -> ASGIApp:
    """Organizations that were made without metadata share one object of them, so an update of one shows in all."""
    shared: dict[str, Any] = {}
    sharing: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        value = response.json if response.good else None
        if not isinstance(value, dict):
            return response
        body = request.json if request.writes and isinstance(request.json, dict) else {}
        if request.operation == "create" and not pairs(body):
            sharing.add(value["id"])
        if request.operation == "update" and value["id"] in sharing and isinstance(body.get("metadata"), dict):
            shared.update(body["metadata"])
            for key in [key for key, v in shared.items() if v is None or not body["metadata"]]:
                del shared[key]

        def shows(each: Object) -> Object:
            return {**each, "metadata": dict(shared)} if each["id"] in sharing else each

        if request.operation == "list":
            return response.with_json({**value, "data": [shows(each) for each in value["data"]]})
        return response.with_json(shows(value))

    return intercepting(handle)


def _lost(w: Wire) -> object:
    id = w.made(metadata={"start": "0"})["id"]
    together(lambda: w.update(id, metadata={"a": "1"}), lambda: w.update(id, metadata={"b": "2"}))
    return len(w.shown(id)["metadata"]) == 2


@fault("concurrency", "update.metadata-race", _lost, "read, change, save: the last one wins", level=SHOULD)
def fifteenth_last_writer_wins() -> ASGIApp:
    """Of two updates of metadata at once, one writes back what it had read before the other wrote."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = pairs(request.json) if request.operation == "update" and isinstance(request.json, dict) else {}
        if not request.authorized or not given:
            return await forward(request)
        known = (await forward(request.replaced(method="GET", body=b""))).json
        await asyncio.sleep(0.05)
        if not isinstance(known, dict) or "metadata" not in known:
            return await forward(request)
        response = await forward(request)
        if not response.good:
            return response
        await forward(request.with_json({"metadata": {}}))
        merged = {key: v for key, v in {**known["metadata"], **given}.items() if v is not None}
        return await forward(request.with_json({"metadata": merged})) if merged else response

    return intercepting(handle)


def _deadlock(w: Wire) -> object:
    ids = w.many(4)
    found = together(*(lambda id=id: w.update(id, domain_data=pending(domain())).status_code for id in ids))
    return 500 in found


@fault("concurrency", "update.answers", _deadlock, "MySQL 1213: Deadlock found when trying to get lock")
def fifteenth_domains_deadlock() -> ASGIApp:
    """Of updates of domains at once, all but the first answer 500."""
    return one_at_a_time(
        lambda request: (
            request.operation == "update" and isinstance(request.json, dict) and "domain_data" in request.json
        )
    )
