"""Bugs that issue trackers and questions of programmers tell of again and again."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Changes
from emulator.paging import Pages
from emulator.records import Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.fifteenth import rewriting
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, crash, not_found, pairs, unprocessable
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, together, token


@fault(
    "status",
    "update.answers",
    lambda w: w.update(w.made()["id"], name="x").status_code == 204,
    "gravitee-io/issues 6821, TangoGroup/churchmetrics-api 14",
)
def fifteenth_update_answers_204() -> ASGIApp:
    """An update answers 204 without a body."""

    def emptied(request: Request, response: Reply) -> Reply:
        if request.operation != "update" or not response.good:
            return response
        return response.replaced(status=204, body=b"").with_header("content-type", None)

    return on_response(emptied)


def _unchanged(w: Wire) -> object:
    made = w.made(name="Same")
    return w.update(made["id"], name="Same").status_code == 404


@fault("update", "update.answers", _unchanged, "MySQL: affectedRows counts rows that changed, and 0 was taken for none")
def fifteenth_unchanged_rows_are_not_found() -> ASGIApp:
    """An update whose name, external_id and metadata are what the organization has already answers 404."""

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json
        if not request.authorized or request.operation != "update" or not isinstance(body, dict) or not body:
            return await forward(request)
        known = (await forward(request.replaced(method="GET", body=b""))).json or {}
        plain = set(body) <= {"name", "external_id", "metadata"}
        same = plain and all(
            {**known.get("metadata", {}), **pairs(body)} == known.get("metadata") and bool(pairs(body))
            if name == "metadata"
            else known.get(name) == value
            for name, value in body.items()
        )
        return not_found(request.last) if same and "id" in known else await forward(request)

    return intercepting(handle)


def _other_moment(w: Wire) -> object:
    id = w.made()["id"]
    return w.changed(id, name="x")["updated_at"] != w.shown(id)["updated_at"]


@fault(
    "timestamps", "get.current-state", _other_moment, "kernelci/kernelci-api 111: the moment is taken again on the way"
)
def fifteenth_answer_has_its_own_moment() -> ASGIApp:
    """The updated_at in the answer to an update is seven milliseconds later than the one that is stored."""

    def later(request: Request, response: Reply) -> Reply:
        if request.operation != "update" or not response.good:
            return response
        moment = datetime.fromisoformat(response.json["updated_at"]) + timedelta(milliseconds=7)
        text = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return response.with_json({**response.json, "updated_at": text})

    return on_response(later)


def _crossed(w: Wire) -> object:
    names = [token() for _ in range(4)]
    found = together(*(lambda name=name: w.made(name=name)["name"] for name in names))
    return found != names


@fault(
    "concurrency", "create.returns-what-was-sent", _crossed, "GopherSecurity/gopher-mcp 248: one shared current request"
)
def fifteenth_answers_of_creates_are_crossed() -> ASGIApp:
    """Of creates at once each is answered with the organization that was made last."""
    current: list[Reply] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "create" or not response.good:
            return response
        current[:] = [response]
        await asyncio.sleep(0.02)
        return current[0]

    return intercepting(handle)


def _aborted(w: Wire) -> object:
    taken = token()
    w.made(external_id=taken)
    w.create(external_id=taken)
    return [w.list().status_code for _ in range(2)] == [500, 200]


@fault(
    "errors",
    "list.answers",
    _aborted,
    "PostgreSQL: current transaction is aborted, commands ignored until end of transaction block",
)
def fifteenth_transaction_stays_aborted() -> ASGIApp:
    """The request that follows a refusal for a taken external_id answers 500."""
    aborted: list[bool] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if aborted and request.authorized:
            aborted.clear()
            return crash()
        response = await forward(request)
        if isinstance(response.json, dict) and response.json.get("code") == "external_id_already_used":
            aborted.append(True)
        return response

    return intercepting(handle)


def _null_shown(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata={"a": None, "b": "2"})["metadata"] == {"a": None, "b": "2"}


@fault("metadata", "organization.metadata", _null_shown, "{ ...old, ...new } keeps what was set to null")
def fifteenth_null_values_are_kept() -> ASGIApp:
    """A metadata key that an update sets to null is shown with null."""

    class Spreading(Changes):
        def merged(self, known: Any, given: Any) -> Any:
            return {**known, **given}

    return app(changes=Spreading())


def _no_third_page(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.cursors(search=name, limit=1, order="desc", after=ids[2])[1] is None


@fault(
    "cursors",
    "list.middle-page",
    _no_third_page,
    "tektoncd/results 379: no token on the second page of a filtered list",
)
def fifteenth_filtered_walks_end_early() -> ASGIApp:
    """Behind a cursor a list with a search or domains has no cursor onwards."""

    class Short(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            filtered = listing.search or listing.domains
            if filtered and self.onwards_from(listing) is not None:
                return None
            return super().cursor_onwards(listing, page)

    return app(pages=Short)


def _too_many(w: Wire) -> object:
    id = w.made(metadata={f"a{number}": "x" for number in range(30)})["id"]
    return w.update(id, metadata={f"b{number}": "x" for number in range(30)}).status_code == 200


@fault("metadata", "update.metadata-limit-after-merge", _too_many, "a validator sees the body alone", level=SHOULD)
def fifteenth_merged_metadata_have_no_limit() -> ASGIApp:
    """An update may bring the metadata of an organization beyond 50 pairs."""

    class Unlimited(Changes):
        def limited(self, metadata: Any) -> Any:
            return metadata

    return app(changes=Unlimited())


@fault(
    "bodies",
    "create.null-lists",
    lambda w: w.create(domains=None).status_code == 422,
    "zod: .optional() takes undefined and not null",
    level=SHOULD,
)
def fifteenth_null_is_not_optional() -> ASGIApp:
    """A create or update with null for domains or domain_data answers 422."""

    def judged(request: Request) -> Reply | None:
        body = request.json if isinstance(request.json, dict) else {}
        found = [name for name in ("domains", "domain_data") if body.get(name, "") is None]
        return unprocessable(found[0], "expected array, received null") if found else None

    return rewriting(judged)


@fault(
    "bodies",
    "body.not-utf-8",
    lambda w: w.post(b'{"name": "Zo\xeb"}').status_code == 201,
    "Node: Buffer.toString() puts U+FFFD where bytes are no UTF-8",
    level=SHOULD,
)
def fifteenth_broken_bytes_are_replaced() -> ASGIApp:
    """Bytes of a body that are not UTF-8 become U+FFFD."""
    return rewriting(lambda request: request.body.decode(errors="replace").encode())


@fault(
    "domains",
    "create.deprecated-domains-state",
    lambda w: w.made(domains=[domain()])["domains"][0]["state"] == "pending",
    "domains mapped to domain_data with its default",
    level=SHOULD,
)
def fifteenth_deprecated_domains_are_pending() -> ASGIApp:
    """A domain made through the deprecated domains is pending."""

    class Mapped(Changes):
        def plain_domain(self, domain: str, moment: int) -> Any:
            return self.stated_domain(domain, "pending", moment)

    return app(changes=Mapped())
