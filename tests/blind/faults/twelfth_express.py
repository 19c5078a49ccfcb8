"""A team with Node: Express, Nest or Fastify in front of MongoDB."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Organization
from tests.blind.parts.apps import reading, showing
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import on_request, on_response, reshaped
from tests.blind.parts.messages import Object, Reply, Request, reply, unprocessable
from tests.blind.parts.stores import matching
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _still_pending(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    return w.changed(id, domain_data=verified(name))["domains"][0]["state"] == "pending"


@fault("domains", "update.replaces-domains", _still_pending, "MongoDB: only domains not yet in the array are pushed")
def twelfth_known_domains_keep_their_state() -> ASGIApp:
    """A domain that an organization already has keeps its state when an update gives it another one."""

    def kept(made: Organization, known: Organization, _: Body) -> Organization:
        had = {each.domain: each for each in known.domains}
        return dataclasses.replace(made, domains=tuple(had.get(each.domain, each) for each in made.domains))

    return updating(kept)


@fault(
    "content types",
    "create.accepts-valid-bodies",
    lambda w: w.post('{"name": "Capitals"}', Content_Type="Application/JSON").status_code == 422,
    "Node: if (req.headers['content-type'].startsWith('application/json'))",
)
def twelfth_content_type_in_capitals_is_unread() -> ASGIApp:
    """A body is not read when its Content-Type is written with capital letters."""

    def read(request: Request) -> Request:
        given = request.header("content-type")
        return request.replaced(body=b"") if given.lower() != given and "json" in given.lower() else request

    return on_request(read)


def _negated(text: str, found: Organization) -> bool:
    words = text.casefold().split()
    excluded = [word[1:] for word in words if word.startswith("-") and len(word) > 1]
    wanted = " ".join(word for word in words if word[1:] not in excluded) if excluded else text.casefold()
    name = found.name.casefold()
    return wanted in name and not any(each in name for each in excluded)


def _minus(w: Wire) -> object:
    name = f"-{token()}"
    id = w.made(name=f"Terra {name}")["id"]
    return id not in w.ids(search=name)


@fault(
    "search", "list.search-special-characters", _minus, "MongoDB: $text takes -word as a word that must not be there"
)
def twelfth_hyphen_excludes() -> ASGIApp:
    """A word of a search with a hyphen in front of it leaves out the names that have it."""
    return matching(_negated)


def _dollars(w: Wire) -> object:
    return w.made(name="Ca$$h")["name"] == "Ca$h"


@fault("names", "create.returns-what-was-sent", _dollars, "JavaScript: text.replace('{name}', name)")
def twelfth_two_dollars_become_one() -> ASGIApp:
    """Two dollar signs in a row in a name come back as one."""
    return reading(name=lambda name: name.replace("$$", "$"))


@fault(
    "errors",
    "error.message",
    lambda w: isinstance(w.create(name=1).json()["message"], list),
    "NestJS: the ValidationPipe's message is a list",
)
def twelfth_message_is_a_list() -> ASGIApp:
    """The message of a 422 is a list of texts."""

    def listed(_: Request, response: Reply) -> Reply:
        value = response.json
        return response.with_json({**value, "message": [value["message"]]}) if response.status == 422 else response

    return on_response(listed)


def _delete_with_type(w: Wire) -> object:
    path = f"/organizations/{w.made()['id']}"
    return w.http.delete(path, headers={"Content-Type": "application/json"}).status_code == 400


@fault("content types", "delete.answers", _delete_with_type, "Fastify: FST_ERR_CTP_EMPTY_JSON_BODY")
def twelfth_delete_wants_its_body() -> ASGIApp:
    """A delete with a Content-Type of JSON and no body answers 400."""

    def judged(request: Request) -> Request | Reply:
        announced = request.operation == "delete" and "json" in request.header("content-type")
        if announced and not request.body:
            return reply(400, {"message": "Body cannot be empty when content-type is set to 'application/json'"})
        return request

    return on_request(judged)


def _limit_as_text(request: Request) -> Request | Reply:
    given = parameter(request, "limit")
    return unprocessable("limit") if given.isdigit() and given > "100" else request


@fault("limit", "list.accepts-valid-queries", lambda w: w.list(limit=20).status_code == 422, "JavaScript: '20' > '100'")
def twelfth_limit_is_compared_as_text() -> ASGIApp:
    """A limit is compared with 100 as a text, so that 20 is refused as too large."""
    return on_request(_limit_as_text)


def _not_modified(w: Wire) -> object:
    id = w.made(name="Before")["id"]
    tag = w.get(id).headers.get("etag", '"none"')
    w.changed(id, name="Behind")
    found = w.http.get(f"/organizations/{id}", headers={"If-None-Match": tag})
    return found.status_code == 304


@fault("caches", "get.current-state", _not_modified, "A hand-made ETag of the length of the body")
def twelfth_etag_is_the_length() -> ASGIApp:
    """A conditional get answers 304 after a change that left the length of the answer as it was."""

    def tagged(request: Request, response: Reply) -> Reply:
        if request.operation != "get" or response.status != 200:
            return response
        tag = f'W/"{len(response.body):x}"'
        if request.header("if-none-match") == tag:
            return Reply(304, (("etag", tag),), b"")
        return response.with_header("ETag", tag)

    return on_response(tagged)


def _cleared_alone(w: Wire) -> object:
    made = w.made(metadata={"plan": "gold"})
    return w.changed(made["id"], metadata={})["metadata"] != {}


@fault("metadata", "update.metadata-empty", _cleared_alone, "lodash: if (isEmpty(compact(body))) return organization")
def twelfth_empty_metadata_alone_is_nothing() -> ASGIApp:
    """An update whose only field is empty metadata counts as one without any field."""

    def emptied(request: Request) -> Request:
        return request.with_json({}) if request.operation == "update" and request.json == {"metadata": {}} else request

    return on_request(emptied)


def _older(w: Wire) -> object:
    id = w.made()["id"]
    w.update(id, name="Old", created_at="2020-01-02T03:04:05.678Z")
    return w.shown(id)["created_at"].startswith("2020")


@fault("timestamps", "update.identity", _older, "Mongoose: Object.assign(organization, req.body)")
def twelfth_created_at_can_be_written() -> ASGIApp:
    """A created_at in the body of an update becomes the organization's."""
    written: dict[str, str] = {}

    def seen(request: Request, response: Reply) -> Reply:
        body = request.json if request.operation == "update" and response.good else None
        if isinstance(body, dict) and isinstance(body.get("created_at"), str):
            written[request.last] = body["created_at"]
        return response

    def shown(organization: Object) -> Object:
        return {**organization, "created_at": written.get(organization["id"], organization["created_at"])}

    return reshaped(shown, inner=on_response(seen))


def _structured(text: str) -> Any:
    try:
        return json.loads(text) if text.startswith(("{", "[")) else text
    except ValueError:
        return text


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"theme": '{"dark":1}'})["metadata"]["theme"] == {"dark": 1},
    "A JSON column whose driver parses texts that look like JSON",
)
def twelfth_json_in_metadata_is_parsed() -> ASGIApp:
    """A metadata value that is the text of a JSON object comes back as that object."""

    def parsed(shown: Object, _: Organization) -> Object:
        return {**shown, "metadata": {key: _structured(value) for key, value in shown["metadata"].items()}}

    return showing(parsed)


def _like_an_id(w: Wire) -> object:
    external_id = f"org_{token()}"
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("lookup", "lookup.answers", _like_an_id, "A finder for both: id.startsWith('org_') ? byId : byExternalId")
def twelfth_lookup_of_org_is_by_id() -> ASGIApp:
    """A lookup of an external_id that begins with org_ looks for an organization with that id."""

    def turned(request: Request) -> Request:
        by_id = request.operation == "lookup" and request.last.startswith("org_")
        return request.replaced(path=f"/organizations/{request.last}") if by_id else request

    return on_request(turned)
