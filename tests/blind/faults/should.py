"""Faults that break a SHOULD: what operations do."""

from __future__ import annotations

import asyncio
import dataclasses
import unicodedata
from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.refusals import NotFound
from tests.blind.parts.apps import app, reading
from tests.blind.parts.interception import Forward, intercepting, on_request, strict
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs, unprocessable
from tests.blind.parts.stores import matching
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, together, token, verified

UNKNOWN = "org_01EHZNVPK3SFK441A1RGBFSHRT"


@fault(
    "should",
    "create.accepts-documented-bounds",
    lambda w: w.create(external_id="x" * 100).status_code == 422,
    "O",
    level=SHOULD,
)
def external_id_beyond_64_refused() -> ASGIApp:
    """An external_id of more than 64 characters is refused by create."""
    return strict(
        lambda body: (
            unprocessable("external_id")
            if isinstance(body.get("external_id"), str) and len(body["external_id"]) > 64
            else None
        ),
        "create",
    )


@fault(
    "should",
    "create.accepts-documented-bounds",
    lambda w: w.create(metadata={f"k{i}": "v" for i in range(30)}).status_code == 400,
    "O",
    level=SHOULD,
)
def metadata_beyond_ten_pairs_refused() -> ASGIApp:
    """More than ten pairs of metadata are refused."""
    return strict(lambda body: bad_request("invalid_metadata") if len(pairs(body)) > 10 else None)


@fault(
    "should",
    "update.accepts-documented-bounds",
    lambda w: w.update(w.made()["id"], metadata={"k": "caf\u00e9"}).status_code == 400,
    "O",
    level=SHOULD,
)
def metadata_beyond_ascii_refused_by_update() -> ASGIApp:
    """Metadata with characters beyond ASCII are refused by update."""

    def judged(body: Object) -> Reply | None:
        metadata = body.get("metadata")
        return bad_request("invalid_metadata") if isinstance(metadata, dict) and not str(metadata).isascii() else None

    return strict(judged, "update")


@fault("should", "create.null-lists", lambda w: w.create(domains=None).status_code == 422, "R", level=SHOULD)
def null_domains_refused() -> ASGIApp:
    """null for domains or domain_data is refused."""
    return strict(
        lambda body: (
            unprocessable("domains")
            if any(name in body and body[name] is None for name in ("domains", "domain_data"))
            else None
        ),
        "create",
    )


@fault(
    "should",
    "lookup.control-characters",
    lambda w: w.made(external_id="a\tb") and w.lookup("a\tb").status_code == 404,
    "O pattern",
    level=SHOULD,
)
def lookup_loses_control_characters() -> ASGIApp:
    """A lookup drops control characters from what was asked for."""

    class Dropping(Api):
        def known_outside(self, external_id: str) -> Organization:
            return super().known_outside("".join(c for c in external_id if c >= " " and c != "\x7f"))

    return app(api=Dropping)


@fault(
    "should",
    "list.search-later-word",
    lambda w: w.made(name=f"First {(t := token())}")["id"] not in w.ids(search=t),
    "O, K",
    level=SHOULD,
)
def search_only_at_beginning() -> ASGIApp:
    """A search finds only names that begin with it."""
    return matching(lambda search, each: each.name.casefold().startswith(search.casefold()))


@fault(
    "should",
    "update.metadata-null-key",
    lambda w: w.changed(w.made(metadata={"a": "1", "b": "2"})["id"], metadata={"a": None})["metadata"] != {"b": "2"},
    "D metadata",
    level=SHOULD,
)
def metadata_null_key_stays() -> ASGIApp:
    """A metadata key that an update sets to null keeps its value."""

    class Staying(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return super().merged(known, {key: value for key, value in given.items() if value is not None})

    return app(changes=Staying())


@fault(
    "should",
    "update.no-domains",
    lambda w: w.changed(w.made(domain_data=verified(domain()))["id"], domain_data=[])["domains"] != [],
    "R",
    level=SHOULD,
)
def empty_domain_data_keeps_domains() -> ASGIApp:
    """An empty domain_data in an update removes nothing."""

    class Keeping(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            return super().replaced_domains(known, body, moment) or known.domains

    return app(changes=Keeping())


@fault("should", "delete.unknown", lambda w: w.delete(UNKNOWN).status_code == 202, "R", level=SHOULD)
def delete_unknown_answers_202() -> ASGIApp:
    """A delete of an unknown id answers 202."""

    class Lax(Api):
        def delete(self, call: Call) -> Response:
            try:
                return super().delete(call)
            except NotFound:
                return self.responses.deleted()

    return app(api=Lax)


@fault(
    "should",
    "none: FACTS, Questions decided: white space around a name stays (SHOULD)",
    lambda w: w.made(name=" padded ")["name"] != " padded ",
    "K",
    level=SHOULD,
)
def name_trimmed() -> ASGIApp:
    """White space around a name is cut off."""
    return reading(name=lambda v: v.strip() or v)


@fault(
    "should",
    "none: FACTS, Questions decided: a name that is not in NFC comes back as sent (SHOULD)",
    lambda w: w.made(name="Cafe\u0301")["name"] != "Cafe\u0301",
    "FACTS",
    level=SHOULD,
)
def name_composed() -> ASGIApp:
    """A name that is not in NFC is normalized to it."""
    return reading(name=lambda v: unicodedata.normalize("NFC", v))


@fault(
    "should",
    "none: FACTS, Questions decided: a body that is not UTF-8 is refused (SHOULD)",
    lambda w: w.post(b'{"name": "Caf\xe9"}').status_code == 201,
    "RFC 8259",
    level=SHOULD,
)
def undecodable_body_accepted() -> ASGIApp:
    """A body that is not UTF-8 is accepted, its broken bytes replaced."""
    return on_request(
        lambda request: (
            request.replaced(body=request.body.decode(errors="replace").encode())
            if request.operation in {"create", "update"}
            else request
        )
    )


@fault(
    "should",
    "none: FACTS, Questions decided: a page is as long as its limit while more follows (SHOULD)",
    lambda w: w.many(6) and len(w.ids(limit=6)) == 4,
    "O an upper bound",
    level=SHOULD,
)
def page_of_four_at_most() -> ASGIApp:
    """No page holds more than four organizations, whatever the limit says; cursors lead on."""
    return listing(lambda asked: dataclasses.replace(asked, limit=min(asked.limit, 4)))


def _overwritten(w: Wire) -> object:
    id = w.made()["id"]
    together(lambda: w.update(id, metadata={"a": "1"}), lambda: w.update(id, metadata={"b": "2"}))
    return len(w.shown(id)["metadata"]) != 2


@fault(
    "should",
    "none: FACTS, Questions decided: two updates at once both keep their metadata keys (SHOULD)",
    _overwritten,
    "a lost update",
    level=SHOULD,
)
def updates_at_once_lose_metadata() -> ASGIApp:
    """Of two updates of metadata at once the second writes over what the first one merged."""

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json
        if (
            request.operation != "update"
            or not request.authorized
            or not isinstance(body, dict)
            or not body.get("metadata")
        ):
            return await forward(request)
        before = (await forward(request.replaced(method="GET", body=b""))).json
        await asyncio.sleep(0.05)
        response = await forward(request)
        if response.status == 200 and isinstance(before, dict) and "metadata" in before:
            merged = {k: v for k, v in {**before["metadata"], **body["metadata"]}.items() if v is not None}
            await forward(request.with_json({"metadata": {}}))
            response = await forward(request.with_json({"metadata": merged}))
        return response

    return intercepting(handle)
