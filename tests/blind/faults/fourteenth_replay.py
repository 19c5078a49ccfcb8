"""A proxy that records what a server says, and plays it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
from starlette.types import ASGIApp

from emulator.records import Organization
from tests.blind.parts.apps import showing
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Object, Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


def _recorder(key: Callable[[Request], Any], *, until_written: bool) -> ASGIApp:
    """Good answers are played back to every later request with the same key; None as key records nothing."""
    tape: dict[Any, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized:
            return await forward(request)
        if until_written and request.writes:
            tape.clear()
        asked = key(request)
        if asked is not None and asked in tape:
            return tape[asked]
        response = await forward(request)
        if asked is not None and response.good:
            tape[asked] = response
        return response

    return intercepting(handle)


def _other_query(w: Wire) -> object:
    w.many(3)
    return len(w.ids(limit=1)) == 1 and len(w.ids(limit=2)) == 1


@fault("caches", "list.answers", _other_query, "VCR: match_requests_on [:method, :path]")
def fourteenth_lists_are_matched_by_path() -> ASGIApp:
    """A list that follows another one with no write in between is answered as the other was, whatever it asks for."""
    return _recorder(lambda request: "list" if request.operation == "list" else None, until_written=True)


def _same_body(w: Wire) -> object:
    name = token()
    return w.made(name=name)["id"] == w.made(name=name)["id"]


@fault("bodies", "create.ids-differ", _same_body, "WireMock: recorded stubs with equalToJson")
def fourteenth_equal_creates_are_played_back() -> ASGIApp:
    """A create with the body of an earlier create makes nothing and answers with the earlier organization."""
    return _recorder(lambda r: r.body if r.operation == "create" and r.json is not None else None, until_written=False)


def _there_and_back(w: Wire) -> object:
    id = w.made()["id"]
    for name in ("First", "Second", "First"):
        w.changed(id, name=name)
    return w.shown(id)["name"] == "Second"


@fault("updates", "update.sets-what-was-sent", _there_and_back, "mitmproxy: server replay of what was seen before")
def fourteenth_equal_updates_are_played_back() -> ASGIApp:
    """An update that repeats the body of an earlier update of the organization is not carried out again."""
    return _recorder(lambda r: (r.path, r.body) if r.operation == "update" and r.body else None, until_written=False)


def _other_case(w: Wire) -> object:
    id = token()
    w.made(external_id=id)
    return w.lookup(id).status_code == 200 and w.lookup(id.upper()).status_code == 200


@fault("lookup", "lookup.exact", _other_case, "a tape whose keys are lower-cased URLs")
def fourteenth_lookups_are_matched_without_case() -> ASGIApp:
    """Once an external_id was looked up, it is found in any other case, until something is written."""
    return _recorder(lambda r: r.path.lower() if r.operation == "lookup" else None, until_written=True)


def _old_page(w: Wire) -> object:
    ids = w.many(3)
    asked = {"after": ids[2], "limit": 1, "order": "desc"}
    assert w.ids(**asked) == [ids[1]]
    w.delete(ids[1])
    return w.ids(**asked) == [ids[1]]


@fault("cursors", "delete.gone-from-lists", _old_page, "pages behind a cursor were held to be immutable")
def fourteenth_pages_behind_cursors_are_recorded() -> ASGIApp:
    """A page behind a cursor is read once, and shown as it was then for ever."""

    def key(request: Request) -> str | None:
        cursor = re.search("(^|&)(after|before)=", request.query)
        return request.query if request.operation == "list" and cursor else None

    return _recorder(key, until_written=False)


def _metadata(change: Callable[[str, str, Organization], Any]) -> ASGIApp:
    def shown(value: Object, organization: Organization) -> Object:
        pairs = {key: change(key, text, organization) for key, text in value["metadata"].items()}
        return {**value, "metadata": pairs}

    return showing(shown)


SECRETS = {"password", "secret", "token", "api_key", "authorization"}


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: "[FILTERED]" in w.made(metadata={"token": "plain", "other": "kept"})["metadata"].values(),
    "VCR: filter_sensitive_data; vcrpy: filter_post_data_parameters",
)
def fourteenth_secrets_are_filtered() -> ASGIApp:
    """The metadata value under a key such as password, secret or token comes back as [FILTERED]."""
    return _metadata(lambda key, text, _: "[FILTERED]" if key.lower() in SECRETS else text)


WORDS = {"yes": True, "on": True, "no": False, "off": False}


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"country": "no"})["metadata"]["country"] is False,
    "a cassette in YAML 1.1",
)
def fourteenth_tapes_are_yaml() -> ASGIApp:
    """A metadata value that is yes, no, on or off comes back as a boolean."""
    return _metadata(lambda _, text, __: WORDS.get(text, text))


def _other_id(w: Wire) -> object:
    other = w.made()["id"]
    made = w.made(metadata={"parent": other})
    return made["metadata"]["parent"] == made["id"]


@fault("metadata", "body.metadata-values-verbatim", _other_id, "a recorder that made the ids in its tapes stable")
def fourteenth_ids_in_values_are_stabilized() -> ASGIApp:
    """A metadata value that is the id of another organization comes back as the organization's own id."""

    def stable(_: str, text: str, organization: Organization) -> str:
        return organization.id if re.fullmatch("org_[0-9A-HJKMNP-TV-Z]{26}", text) else text

    return _metadata(stable)


def _undecodable(w: Wire) -> object:
    try:
        w.http.get("/organizations", params={"limit": 1}, headers={"Accept-Encoding": "gzip"})
    except httpx.DecodingError:
        return True
    return False


@fault("headers", "answer.json", _undecodable, "VCR: decode_compressed_response without its header")
def fourteenth_lists_are_labelled_gzip() -> ASGIApp:
    """To a client that takes gzip, lists are labelled as gzip and sent as they are."""

    def labelled(request: Request, response: Reply) -> Reply:
        takes = "gzip" in request.header("accept-encoding")
        lists = request.operation == "list" and response.good
        return response.with_header("content-encoding", "gzip") if takes and lists else response

    return on_response(labelled)
