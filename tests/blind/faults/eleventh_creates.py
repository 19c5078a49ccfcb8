"""Creates that make or answer something else than was asked."""

from __future__ import annotations

import dataclasses
import time
from urllib.parse import quote

from starlette.types import ASGIApp

from tests.blind.parts.asking import asked, fields
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import Forward, intercepting, on_response, strict
from tests.blind.parts.messages import Reply, Request, crash, not_found
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def _dropped(w: Wire) -> object:
    made = w.made(metadata={"plan": "gold"}, domain_data=verified(domain()))
    return made["metadata"] == {} == w.shown(made["id"])["metadata"]


@fault("creates", "create.returns-what-was-sent", _dropped, "save() a second time, with the domains, of an old entity")
def eleventh_domains_cost_the_metadata() -> ASGIApp:
    """A create with domains loses the metadata."""
    return creating(lambda made, _: dataclasses.replace(made, metadata={}) if made.domains else made)


@fault(
    "creates",
    "answer.status",
    lambda w: w.create(external_id=token()).status_code == 200 and w.create().status_code == 201,
    "find-or-create for integrations",
)
def eleventh_external_id_creates_answer_200() -> ASGIApp:
    """A create with an external_id answers 200."""

    def altered(request: Request, response: Reply) -> Reply:
        given = request.operation == "create" and response.good and fields(request).get("external_id")
        return response.replaced(status=200) if given else response

    return on_response(altered)


def _upserted(w: Wire) -> object:
    external = token()
    first = w.made(name="Old", external_id=external)["id"]
    second = w.create(name="New", external_id=external)
    return second.status_code == 201 and w.shown(first)["name"] == "New"


@fault("creates", "create.external-id-taken", _upserted, "INSERT ... ON CONFLICT (external_id) DO UPDATE")
def eleventh_create_overwrites() -> ASGIApp:
    """A create with the external_id of another organization changes that one and answers 201."""

    async def handle(request: Request, forward: Forward) -> Reply:
        external = fields(request).get("external_id")
        if request.operation == "create" and request.authorized and isinstance(external, str) and external:
            known = await forward(asked(request, "GET", f"/organizations/external_id/{quote(external, safe='')}"))
            if known.good:
                changed = await forward(request.replaced(method="PUT", path=f"/organizations/{known.json['id']}"))
                return changed.replaced(status=201) if changed.good else changed
        return await forward(request)

    return intercepting(handle)


def _ignored(w: Wire) -> object:
    made = w.made(allow_profiles_outside_organization=True)
    return made["allow_profiles_outside_organization"] is False


@fault("creates", "create.returns-what-was-sent", _ignored, "a list of columns of the INSERT that nobody extended")
def eleventh_create_ignores_allow_profiles() -> ASGIApp:
    """A create takes no notice of allow_profiles_outside_organization."""
    return creating(lambda made, _: dataclasses.replace(made, allow_profiles=False))


@fault(
    "creates",
    "answer.status",
    lambda w: w.create(domain_data=verified(*[domain()] * 2)).status_code == 500,
    "a unique index over organization and domain",
)
def eleventh_same_domain_twice_crashes() -> ASGIApp:
    """A body that gives a domain twice answers 500."""

    def doubled(body: object) -> Reply | None:
        given = body.get("domain_data") if isinstance(body, dict) else None
        names = [each.get("domain") for each in given if isinstance(each, dict)] if isinstance(given, list) else []
        texts = [name for name in names if isinstance(name, str)]
        return crash() if len(texts) > len(set(texts)) else None

    return strict(doubled)


def _too_soon(w: Wire) -> object:
    external = token()
    w.made(external_id=external)
    at_once = w.lookup(external).status_code
    time.sleep(0.5)
    return at_once == 404 and w.lookup(external).status_code == 200


@fault("creates", "create.readable-at-once", _too_soon, "lookups that read a replica")
def eleventh_lookup_lags() -> ASGIApp:
    """A lookup finds a new organization 400 milliseconds after its create."""
    made: dict[str, float] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "lookup" and time.monotonic() < made.get(request.last, 0.0):
            return not_found(request.last)
        response = await forward(request)
        if request.operation == "create" and response.good:
            made[str(response.json["external_id"])] = time.monotonic() + 0.4
        return response

    return intercepting(handle)


def _once(w: Wire) -> object:
    name = token()
    return w.made(name=name)["id"] == w.made(name=name)["id"] != w.made(name=token())["id"]


@fault("creates", "create.same-name", _once, "protection of a form against a second click")
def eleventh_repeated_creates_count_once() -> ASGIApp:
    """A create with the body of one of the last two seconds answers with the organization that this one made."""
    made: dict[bytes, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "create" or not request.authorized:
            return await forward(request)
        moment, known = made.get(request.body, (0.0, None))
        if known is not None and time.monotonic() - moment < 2:
            return known
        response = await forward(request)
        if response.good:
            made[request.body] = time.monotonic(), response
        return response

    return intercepting(handle)
