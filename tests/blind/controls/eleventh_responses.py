"""Responses that look unusual and say the same."""

from __future__ import annotations

import dataclasses
import gzip
import json

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Domain, Organization
from tests.blind.parts.apps import showing, showing_domains
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import on_response, relisted
from tests.blind.parts.messages import Json, Object, Reply, Request, written
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, verified

HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def _escaped(w: Wire) -> object:
    answer = w.create(name="a < b & c")
    return b"a \\u003c b \\u0026 c" in answer.content and answer.json()["name"] == "a < b & c"


@control("responses", "answer.json: JSON may escape any character", _escaped)
def eleventh_html_is_escaped_in_json() -> ASGIApp:
    """The characters <, > and & are written as JSON's escapes."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.json is None:
            return response
        text = response.body.decode()
        for character, escape in HTML.items():
            text = text.replace(character, escape)
        return response.replaced(body=text.encode())

    return on_response(altered)


@control(
    "responses",
    "organization.metadata: the members of a JSON object have no order",
    lambda w: [*w.made(metadata={"longer": "1", "b": "2", "a": "3"})["metadata"]] == ["a", "b", "longer"],
)
def eleventh_metadata_are_sorted() -> ASGIApp:
    """Metadata have the order of JSONB: shorter keys first, then by the alphabet."""

    def change(shown: Object, _: Organization) -> Object:
        metadata = sorted(shown["metadata"].items(), key=lambda pair: (len(pair[0]), pair[0]))
        return {**shown, "metadata": dict(metadata)}

    return showing(change)


def _sorted(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


@control(
    "responses",
    "organization.object: the members of a JSON object have no order",
    lambda w: next(iter(w.made())) == "allow_profiles_outside_organization",
)
def eleventh_members_are_sorted() -> ASGIApp:
    """The members of all objects are sorted by name."""

    def altered(_: Request, response: Reply) -> Reply:
        return response.with_json(_sorted(response.json)) if response.json is not None else response

    return on_response(altered)


@control(
    "responses",
    "answer.json: white space between tokens means nothing",
    lambda w: w.create().text.startswith('{\r\n\t"') and w.create().text.endswith("}\r\n"),
)
def eleventh_json_is_indented() -> ASGIApp:
    """JSON is indented by tabs, and a line ends with CR and LF."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.json is None:
            return response
        text = json.dumps(response.json, ensure_ascii=False, indent="\t").replace("\n", "\r\n")
        return response.replaced(body=f"{text}\r\n".encode())

    return on_response(altered)


@control(
    "responses",
    "organization.object and domain.object: objects are open",
    lambda w: w.made(domain_data=verified(domain()))["domains"][0].get("claimed_by", "") is None,
)
def eleventh_more_properties_everywhere() -> ASGIApp:
    """Organizations and domains have properties that nobody documented, nulls and objects among them."""

    def change(shown: Object, _: Organization) -> Object:
        domains = [{**each, "claimed_by": None, "priority": 1} for each in shown["domains"]]
        links = {"self": {"href": f"/organizations/{shown['id']}"}}
        return {**shown, "domains": domains, "_links": links, "deleted_at": None, "version": 3, "tags": []}

    return showing(change)


@control(
    "responses",
    "list.object: objects are open",
    lambda w: "total_count" in w.list().json()["list_metadata"] and "has_more" in w.list().json(),
)
def eleventh_lists_count() -> ASGIApp:
    """A list also says whether there is more, and list_metadata has a count and a limit."""

    def change(value: Object) -> Object:
        metadata = {**value["list_metadata"], "total_count": None, "limit": len(value["data"])}
        return {**value, "list_metadata": metadata, "has_more": metadata["after"] is not None, "url": "/organizations"}

    return relisted(change)


def _json_delete(w: Wire) -> object:
    answer = w.delete(w.made()["id"])
    return answer.status_code == 200 and answer.json()["deleted"] is True


@control("responses", "delete.answers: 200 is documented", _json_delete)
def eleventh_delete_answers_in_json() -> ASGIApp:
    """A delete answers 200 with an object that says what was deleted."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "delete" or not response.good:
            return response
        headers = (*response.with_header("content-type", None).headers, ("content-type", "application/json"))
        shown = {"id": request.last, "object": "organization", "deleted": True}
        return Reply(200, headers, written(shown))

    return on_response(altered)


def _bare_delete(w: Wire) -> object:
    answer = w.delete(w.made()["id"])
    return answer.status_code == 202 and answer.content == b"" and "content-type" not in answer.headers


@control("responses", "delete.answers: no body is documented", _bare_delete)
def eleventh_delete_answers_with_nothing() -> ASGIApp:
    """A delete answers 202 without a body and without a content type."""

    def altered(request: Request, response: Reply) -> Reply:
        bare = request.operation == "delete" and response.good
        return response.replaced(body=b"").with_header("content-type", None) if bare else response

    return on_response(altered)


def _headers(w: Wire) -> object:
    headers = w.list().headers
    return headers.get("etag") == 'W/"1"' and len(headers.get_list("set-cookie")) == 2


@control("responses", "answer.complete: other headers are free", _headers)
def eleventh_many_headers() -> ASGIApp:
    """Responses have cookies, an ETag, limits of rates, and headers of a cache and of browsers' security."""
    more = (
        ("set-cookie", "route=a; Path=/; HttpOnly"),
        ("set-cookie", "session=; Max-Age=0"),
        ("etag", 'W/"1"'),
        ("cache-control", "private, max-age=0"),
        ("vary", "Authorization, Accept-Encoding"),
        ("x-ratelimit-limit", "6000"),
        ("x-ratelimit-remaining", "5999"),
        ("strict-transport-security", "max-age=63072000"),
        ("access-control-allow-origin", "*"),
        ("via", "1.1 gateway"),
        ("age", "0"),
    )
    return on_response(lambda _, response: response.replaced(headers=(*response.headers, *more)))


@control(
    "responses",
    "answer.complete: a client that accepts gzip may be given it",
    lambda w: w.list(limit=1).headers.get("content-encoding") == "gzip",
)
def eleventh_gzip() -> ASGIApp:
    """All bodies are compressed where the client accepts gzip, errors and short ones too."""

    def altered(request: Request, response: Reply) -> Reply:
        if "gzip" not in request.header("accept-encoding") or not response.body:
            return response
        packed = response.replaced(body=gzip.compress(response.body))
        return packed.with_header("content-encoding", "gzip").with_header("vary", "accept-encoding")

    return on_response(altered)


@control(
    "responses",
    "domain.verification-token, domain.verification-prefix and domain.verification-strategy: strings and dns",
    lambda w: w.made(domain_data=pending(domain()))["domains"][0]["verification_strategy"] == "dns",
)
def eleventh_pending_domains_wait_for_dns() -> ASGIApp:
    """A pending domain shows the strategy dns, with a token and a prefix."""

    def change(shown: Object, each: Domain) -> Object:
        if each.state != "pending":
            return shown
        proof = {"verification_token": each.id[-12:], "verification_prefix": f"acme-{each.id[-6:].lower()}"}
        return {**shown, "verification_strategy": "dns", **proof}

    return showing_domains(change)


def _kept(w: Wire) -> object:
    name = domain()
    made = w.made(domain_data=verified(name))
    return w.changed(made["id"], domain_data=verified(name, domain()))["domains"][0] == made["domains"][0]


@control("responses", "update.replaces-domains: nothing says that a domain that stays is a new one", _kept)
def eleventh_domains_that_stay_keep_their_id() -> ASGIApp:
    """A domain that an update names again with its state keeps its id and its times."""

    def change(new: Organization, known: Organization, _: Body) -> Organization:
        there = {(each.domain, each.state, each.strategy): each for each in known.domains}
        domains = (there.get((each.domain, each.state, each.strategy), each) for each in new.domains)
        return dataclasses.replace(new, domains=tuple(domains))

    return updating(change)
