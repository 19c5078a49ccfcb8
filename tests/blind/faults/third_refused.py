"""Refused requests that leave something behind, and requests that are written in another legal way."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import Refusal, Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.messages import Object, Reply, Request, bad_request, crash
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, together, token
from tests.mutants.planting import KEY

REFUSED = "refused requests"
WRITTEN = "how requests are written"
CRASHES = "crashes"


def _with_key(request: Request) -> Request:
    return request.with_header("authorization", f"Bearer {KEY}")


def carried_out_first(operation: str) -> ASGIApp:
    """An app that looks at the key after an operation was carried out."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if response.status == 401 and request.operation == operation:
            await forward(_with_key(request))
        return response

    return intercepting(handle)


def _made_without(w: Wire) -> bool:
    text = token()
    refused = w.other(None).post(ORGANIZATIONS, json={"name": text})
    return refused.status_code == 401 and len(w.ids(search=text)) == 1


@fault(REFUSED, "none: without a key nothing happens", _made_without, "a check after the handler")
def a_create_without_a_key_creates() -> ASGIApp:
    """A create without a key is answered with 401, and carried out."""
    return carried_out_first("create")


def _gone_without(w: Wire) -> bool:
    id = w.made()["id"]
    refused = w.other(None).delete(f"{ORGANIZATIONS}/{id}")
    return refused.status_code == 401 and w.get(id).status_code == 404


@fault(REFUSED, "none: without a key nothing happens", _gone_without, "a check after the handler")
def a_delete_without_a_key_deletes() -> ASGIApp:
    """A delete without a key is answered with 401, and carried out."""
    return carried_out_first("delete")


def _changed_without(w: Wire) -> bool:
    id = w.made()["id"]
    refused = w.other(None).put(f"{ORGANIZATIONS}/{id}", json={"name": "Other"})
    return refused.status_code == 401 and w.shown(id)["name"] == "Other"


@fault(REFUSED, "none: without a key nothing happens", _changed_without, "a check after the handler")
def an_update_without_a_key_updates() -> ASGIApp:
    """An update without a key is answered with 401, and carried out."""
    return carried_out_first("update")


def _reserved(w: Wire) -> bool:
    text = token()
    w.create(external_id=text, metadata={"a": 5})
    return w.create(external_id=text).status_code == 400


@fault(REFUSED, "none: a refused create leaves nothing", _reserved, "a lock that is never released")
def a_refused_create_keeps_the_external_id() -> ASGIApp:
    """The external_id of a refused create cannot be used any more."""
    reserved: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" and request.authorized else None
        text = body.get("external_id") if isinstance(body, dict) else None
        if isinstance(text, str) and text in reserved:
            return bad_request("external_id_already_used")
        response = await forward(request)
        if isinstance(text, str) and response.status in (400, 422):
            reserved.add(text)
        return response

    return intercepting(handle)


def _moved(w: Wire) -> bool:
    made = w.made()
    refused = w.update(made["id"], name=5)
    return refused.status_code == 422 and w.shown(made["id"])["updated_at"] != made["updated_at"]


class Leaving(Api):
    """An API in which a refused update leaves something behind."""

    def left(self, known: Organization, refusal: Refusal) -> Organization:
        """The organization after the refusal."""
        raise NotImplementedError

    def update(self, call: Call) -> Response:
        """Refuses, and leaves something."""
        known = self.known(call.path["id"])
        try:
            return super().update(call)
        except Refusal as refusal:
            self.store.update(self.left(known, refusal))
            return self.responses.refused(refusal)


@fault(REFUSED, "none: a refused update changes nothing", _moved, "a row that is touched before it is checked")
def a_refused_update_moves_updated_at() -> ASGIApp:
    """A refused update moves updated_at."""

    class Touching(Leaving):
        def left(self, known: Organization, refusal: Refusal) -> Organization:
            return replace(known, updated_at=self.changes.moved(known.updated_at))

    return app(api=Touching)


def _lost(w: Wire) -> bool:
    one, other = token(), token()
    w.made(external_id=one)
    id = w.made(external_id=other)["id"]
    return w.update(id, external_id=one).status_code == 400 and w.shown(id)["external_id"] is None


@fault(REFUSED, "none: a refused update changes nothing", _lost, "released first, then taken")
def a_refused_external_id_clears_the_own_one() -> ASGIApp:
    """An update to an external_id that is taken clears the organization's own."""

    class Clearing(Leaving):
        def left(self, known: Organization, refusal: Refusal) -> Organization:
            taken = isinstance(refusal, Taken) and refusal.field == "external_id"
            return replace(known, external_id=None) if taken else known

    return app(api=Clearing)


def _half_race(w: Wire) -> bool:
    body = {"external_id": token()}
    codes = sorted(response.status_code for response in together(*[lambda: w.create(**body)] * 4))
    return bool(codes[0] == 201 and codes[-1] == 500)


@fault(REFUSED, "none: a taken external_id answers 400", _half_race, "a violated constraint that nobody catches")
def the_loser_of_a_race_crashes() -> ASGIApp:
    """Of creates at once with the same external_id all but one are answered with 500."""
    running: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" else None
        text = body.get("external_id") if isinstance(body, dict) else None
        if not isinstance(text, str):
            return await forward(request)
        if text in running:
            return crash()
        running.add(text)
        try:
            await asyncio.sleep(0.02)
            return await forward(request)
        finally:
            running.discard(text)

    return intercepting(handle)


def _next_fails(w: Wire) -> bool:
    w.create(name=5)
    return w.list().status_code == 400


@fault(REFUSED, "none: each request stands alone", _next_fails, "a body that was not read to its end")
def a_refused_body_spoils_the_connection() -> ASGIApp:
    """After a refused body, the next request on the same connection is answered with 400."""
    spoiled: set[tuple[str, int]] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.client in spoiled:
            spoiled.discard(request.client)
            return bad_request("bad_request_line")
        response = await forward(request)
        if request.method in ("POST", "PUT") and response.status == 422:
            spoiled.add(request.client)
        return response

    return intercepting(handle)


@fault(WRITTEN, "none: JSON is accepted", lambda w: w.post(' \n{"name":"x"}').status_code == 422, "body[0] == '{'")
def a_body_begins_with_a_brace() -> ASGIApp:
    """A body that begins with white space is refused."""
    return on_request(lambda request: request.replaced(body=b"!") if request.body[:1].isspace() else request)


def _escaped_pair(w: Wire) -> bool:
    return bool(w.post('{"name":"a\\ud83d\\ude80"}').json()["name"] != "a\U0001f680")


@fault(WRITTEN, "none: a name comes back", _escaped_pair, "escapes decoded one by one")
def escaped_pairs_of_surrogates_are_lost() -> ASGIApp:
    r"""A character that is written as two escapes, \ud83d\ude80, comes back as two question marks."""
    pair = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
    return on_request(lambda request: request.replaced(body=pair.sub(b"??", request.body)))


def _escaped_slash(w: Wire) -> bool:
    return bool(w.post(r'{"name":"a\/b"}').json()["name"] == r"a\/b")


@fault(WRITTEN, "none: a name comes back", _escaped_slash, "escapes decoded by hand; clients in PHP send this one")
def escaped_slashes_keep_their_backslash() -> ASGIApp:
    r"""A slash that is written as \/ comes back with the backslash."""
    return on_request(lambda request: request.replaced(body=request.body.replace(b"\\/", b"\\\\/")))


def _spaced(w: Wire) -> bool:
    id = w.made()["id"]
    return w.get(f"{id} ").status_code == 200


@fault(WRITTEN, "none: an unknown id is not found", _spaced, "a trim on each parameter")
def ids_are_trimmed() -> ASGIApp:
    """White space around an id in a path is ignored."""
    return on_request(lambda request: request.replaced(path=re.sub("(%20|%09|%0[AaDd])+$", "", request.path)))


def _like(w: Wire) -> bool:
    text = token()
    w.made(external_id=f"{text}-b")
    return w.lookup(f"{text}_b").status_code == 200


@fault(WRITTEN, "none: a lookup goes by external_id", _like, "LIKE for =")
def a_lookup_knows_wildcards() -> ASGIApp:
    """In a lookup, _ is any character and % any text."""

    class Like(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            found = super().by_external_id(external_id)
            if found is not None or not {*external_id} & {"_", "%"}:
                return found
            pattern = re.escape(external_id).replace("_", ".").replace("%", ".*")
            rows = self._connection.execute("SELECT external_id FROM organization WHERE external_id IS NOT NULL")
            names = [row["external_id"] for row in rows.fetchall() if re.fullmatch(pattern, row["external_id"])]
            return super().by_external_id(names[0]) if names else None

    return app(Like())


def _empty_json(w: Wire) -> bool:
    id = w.made()["id"]
    headers = {"Content-Type": "application/json"}
    return w.http.delete(f"{ORGANIZATIONS}/{id}", headers=headers).status_code == 400


@fault(WRITTEN, "none: a delete is carried out", _empty_json, "FST_ERR_CTP_EMPTY_JSON_BODY")
def json_without_a_body_is_refused() -> ASGIApp:
    """A delete or a get that names application/json as its type, without a body, is answered with 400."""
    return on_request(
        lambda request: (
            bad_request("empty_body")
            if request.method in ("GET", "DELETE") and request.header("content-type").startswith("application/json")
            else request
        )
    )


def _cut(w: Wire) -> bool:
    response = w.get("org_\u00e9\u00e9")
    return response.status_code == 404 and not response.text.endswith("}")


@fault(CRASHES, "none: errors are JSON", _cut, "a length in characters for one in bytes")
def errors_are_cut_short() -> ASGIApp:
    """An error is cut off by as many bytes as its text has more bytes than characters."""

    def cut(_: Request, response: Reply) -> Reply:
        length = len(response.body.decode(errors="replace"))
        return response.replaced(body=response.body[:length]) if response.status >= 400 else response

    return on_response(cut)


def _no_text(w: Wire) -> bool:
    return w.http.get(f"{ORGANIZATIONS}/external_id/%FF").status_code == 500


@fault(CRASHES, "none: no crash", _no_text, "strict decoding of paths")
def bytes_that_are_no_text_crash_lookups() -> ASGIApp:
    """A lookup with %FF, which is no UTF-8, is answered with 500."""
    return on_request(
        lambda request: crash() if request.operation == "lookup" and re.search("%[Ff][EeFf]", request.path) else request
    )


def _deep(w: Wire) -> bool:
    return w.post('{"name":"x","metadata":{"a":' + "[" * 300 + "]" * 300 + "}}").status_code == 500


@fault(CRASHES, "none: no crash", _deep, "a recursive validator")
def deep_values_crash() -> ASGIApp:
    """A body of more than 200 levels is answered with 500."""
    deep = re.compile(rb"\[{200}|(\{[^{}\[\]]*){200}")
    return on_request(lambda request: crash() if request.writes and deep.search(request.body) else request)


def _infinite(w: Wire) -> bool:
    return w.post('{"name":"x","metadata":{"a":1e999}}').status_code == 500


@fault(CRASHES, "none: no crash", _infinite, "a number that has no form in JSON once it was read")
def infinite_numbers_crash() -> ASGIApp:
    """A number beyond all bounds, like 1e999, is answered with 500."""
    return on_request(lambda request: crash() if request.writes and "Infinity" in json.dumps(request.json) else request)


def _two_hundred_digits(w: Wire) -> bool:
    return w.post('{"name":' + "9" * 200 + "}").status_code == 500


@fault(CRASHES, "none: no crash", _two_hundred_digits, "BigDecimal")
def long_numbers_crash() -> ASGIApp:
    """A number of more than 100 digits is answered with 500."""
    return on_request(lambda request: crash() if re.search(rb":\s*\d{100}", request.body) else request)


def _empty_key(w: Wire) -> bool:
    pairs: Object = w.made(metadata={"": "v"})["metadata"]
    return pairs == {}


@fault(WRITTEN, "none: pairs come back", _empty_key, "`if key`")
def a_pair_without_a_key_is_dropped() -> ASGIApp:
    """A pair of metadata whose key is the empty text is dropped."""

    def dropped(request: Request) -> Request:
        body: Object = request.json if request.writes and isinstance(request.json, dict) else {}
        pairs = body.get("metadata")
        if not isinstance(pairs, dict) or not isinstance(pairs.get(""), str):
            return request
        return request.with_json({**body, "metadata": {key: v for key, v in pairs.items() if key}})

    return on_request(dropped)
