"""Requests that are written in another legal way, or in one that nobody expects."""

from __future__ import annotations

import json
import re

from starlette.types import ASGIApp

from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Object, Reply, Request, bad_request, crash
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, token

WRITTEN = "how requests are written"
CRASHES = "crashes"


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
