"""Peculiarities of real stacks that break no promise."""

from __future__ import annotations

import gzip
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.idempotency import Replays
from emulator.paging import NEWEST, OLDEST, Pages
from emulator.records import Domain, Key, Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import on_request, on_response, relisted
from tests.blind.parts.messages import Object, Reply, Request, reply, unprocessable
from tests.blind.parts.stores import DomainStore, matching
from tests.blind.registry import control
from tests.blind.wire import Wire, deleted, domain, pending, token, verified

KIND = "fourth: peculiarities"


@control(KIND, "RFC 8259, section 7", lambda w: "\\/" in w.create(name="a/b<c>\xe9").text)
def fourth_json_as_php_writes_it() -> ASGIApp:
    """JSON escapes slashes, angle brackets and whatever is not ASCII."""

    def change(_: Request, response: Reply) -> Reply:
        if "json" not in dict(response.headers).get("content-type", ""):
            return response
        text = json.dumps(response.json).replace("/", "\\/").replace("<", "\\u003C").replace(">", "\\u003E")
        return response.replaced(body=text.encode())

    return on_response(change)


@control(KIND, "RFC 8259, section 2", lambda w: w.list().text.endswith("}\n"))
def fourth_json_for_people() -> ASGIApp:
    """JSON is indented, its properties are sorted, and a line feed ends it."""

    def change(_: Request, response: Reply) -> Reply:
        if "json" not in dict(response.headers).get("content-type", ""):
            return response
        text = json.dumps(response.json, indent=2, sort_keys=True, ensure_ascii=False)
        return response.replaced(body=text.encode() + b"\n")

    return on_response(change)


@control(KIND, "objects are open", lambda w: "total" in w.list().json()["list_metadata"])
def fourth_more_properties() -> ASGIApp:
    """Lists have a total and a request id, organizations links and counts."""

    def change(page: Object) -> Object:
        data = [{**each, "_links": {"self": None}, "domains_count": len(each["domains"])} for each in page["data"]]
        return {**page, "data": data, "url": "/organizations", "list_metadata": {**page["list_metadata"], "total": 7}}

    return relisted(change)


def sorted_domains(w: Wire) -> bool:
    made = w.made(domain_data=verified(domain("z"), domain("a")))
    return str(made["domains"][0]["domain"]).startswith("a")


@control(KIND, "no source gives an order of domains", sorted_domains)
def fourth_domains_in_alphabetical_order() -> ASGIApp:
    """Domains are shown in alphabetical order."""
    return showing(
        lambda shown, _: {**shown, "domains": sorted(shown["domains"], key=lambda each: str(each["domain"]))}
    )


def sorted_keys(w: Wire) -> bool:
    return [*w.made(metadata={"long": "a", "b": "c"})["metadata"]] == ["b", "long"]


@control(KIND, "RFC 8259: objects have no order", sorted_keys)
def fourth_metadata_as_jsonb_keeps_it() -> ASGIApp:
    """Metadata keys are shown by length, then by alphabet."""

    def change(shown: Object, _: Organization) -> Object:
        keys = sorted(shown["metadata"], key=lambda key: (len(key), key))
        return {**shown, "metadata": {key: shown["metadata"][key] for key in keys}}

    return showing(change)


def plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold()


def accents(w: Wire) -> bool:
    text = token()
    w.made(name=f"{text}\xe9")
    return bool(w.ids(search=f"{text}e"))


@control(KIND, "search: matched against the name, no source says how exactly", accents)
def fourth_search_ignores_accents() -> ASGIApp:
    """A search takes letters with accents for those without."""
    return matching(lambda text, each: plain(text) in plain(each.name))


def validated(w: Wire) -> bool:
    id = w.made()["id"]
    tag = w.get(id).headers.get("etag", "-")
    return bool(w.http.get(f"/organizations/{id}", headers={"If-None-Match": str(tag)}).status_code == 304)


@control(KIND, "RFC 9110, section 13.1.2", validated)
def fourth_etags_that_hold() -> ASGIApp:
    """GET has ETags of the whole body and answers If-None-Match with 304."""

    def change(request: Request, response: Reply) -> Reply:
        if request.method != "GET" or not response.good:
            return response
        tag = f'W/"{hashlib.sha256(response.body).hexdigest()}"'
        if tag in request.header("if-none-match"):
            return Reply(304, (("etag", tag), ("cache-control", "private, no-cache")), b"")
        return response.with_header("etag", tag).with_header("cache-control", "private, no-cache")

    return on_response(change)


def compressed(w: Wire) -> bool:
    response = w.http.get("/organizations", headers={"Accept-Encoding": "gzip"})
    return bool(response.headers.get("content-encoding") == "gzip")


@control(KIND, "RFC 9110, section 12.5.3", compressed)
def fourth_gzip_for_who_asks() -> ASGIApp:
    """Whoever accepts gzip gets gzip, errors included."""

    def change(request: Request, response: Reply) -> Reply:
        names = [part.strip() for part in request.header("accept-encoding").split(",")]
        if "gzip" not in names or not response.body:
            return response
        packed = response.replaced(body=gzip.compress(response.body))
        return packed.with_header("content-encoding", "gzip").with_header("vary", "Accept-Encoding")

    return on_response(change)


def any_case(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=verified(name))
    return bool(w.ids(domains=name.upper()))


@control(KIND, "RFC 4343: domains ignore case", any_case)
def fourth_filter_in_any_case() -> ASGIApp:
    """A filter by domain takes no notice of case."""

    class Folding(DomainStore):
        def has(self, organization: Organization, domain: str) -> bool:
            return domain.casefold() in {each.domain.casefold() for each in organization.domains}

    return app(Folding())


def made_twice(w: Wire) -> bool:
    key = {"Idempotency-Key": token()}
    first, second = (w.http.post("/organizations", json={"name": "a"}, headers=key) for _ in range(2))
    return bool(first.json()["id"] != second.json()["id"])


@control(KIND, "FACTS: whether Idempotency-Key is honoured is open", made_twice)
def fourth_no_idempotency() -> ASGIApp:
    """Idempotency-Key means nothing."""

    class Forgetful(Replays):
        def remember(self, key: str | None, body: Mapping[str, object], organization: Organization) -> None:
            pass

    return app(replays=Forgetful())


@control(KIND, "O lists 200 and 202 for DELETE", lambda w: w.delete(w.made()["id"]).status_code == 200)
def fourth_deletion_answers_200_with_nothing() -> ASGIApp:
    """DELETE answers 200 without a body or a Content-Type."""
    return on_response(
        lambda request, response: (
            Reply(200, (("x-request-id", "planted"),), b"")
            if request.operation == "delete" and response.good
            else response
        )
    )


def gone_cursor(w: Wire) -> bool:
    return w.list(after=deleted(w)["id"], order="desc").status_code == 200


@control(KIND, "FACTS: what an unknown cursor shows is open", gone_cursor)
def fourth_unknown_cursors_end_the_list() -> ASGIApp:
    """A page from an unknown cursor is empty."""

    class Lenient(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            if self.store.by_id(cursor):
                return super().key(listing, cursor)
            forward = cursor == self.onwards_from(listing)
            return NEWEST if forward == self.oldest_first(listing) else OLDEST

    return app(pages=Lenient)


@control(KIND, "O asks for a message only", lambda w: [*w.get("org_x").json()] == ["message"], may_warn=True)
def fourth_nothing_but_a_message_in_404() -> ASGIApp:
    """A 404 has a message and nothing else, and no request id."""

    def change(_: Request, response: Reply) -> Reply:
        if response.status != 404:
            return response
        return response.with_json({"message": "Not Found"}).with_header("x-request-id", None)

    return on_response(change)


@control(
    KIND,
    "D: an older guide has 64 characters",
    lambda w: w.create(external_id="a" * 65).status_code == 422,
    may_warn=True,
)
def fourth_external_ids_up_to_64() -> ASGIApp:
    """An external_id of more than 64 characters is refused."""

    def change(request: Request) -> Request | Reply:
        body = request.json
        given = body.get("external_id") if request.operation in ("create", "update") and isinstance(body, dict) else ""
        long = isinstance(given, str) and len(given) > 64
        return reply(422, {"message": "external_id is too long"}) if long else request

    return on_request(change)


def challenge(w: Wire) -> bool:
    id = w.made(domain_data=pending(domain()))["id"]
    return "verification_token" in w.shown(id)["domains"][0]


@control(KIND, "S shows such a domain", challenge, may_warn=True)
def fourth_pending_domains_wait_for_dns() -> ASGIApp:
    """Pending domains have a prefix, a token and the strategy dns."""

    def change(shown: Object, each: Domain) -> Object:
        if each.state != "pending":
            return shown
        dns = {"verification_prefix": "app-domain-verification-x1", "verification_token": each.id[-24:]}
        return {**shown, **dns, "verification_strategy": "dns"}

    return showing_domains(change)


def moved(w: Wire) -> bool:
    made = w.made()
    return bool(w.changed(made["id"])["updated_at"] != made["updated_at"])


@control(KIND, "no source says what an empty update does to updated_at", moved)
def fourth_empty_update_moves_updated_at() -> ASGIApp:
    """An update without a field moves updated_at."""

    class Touching(Api):
        def update(self, call: Call) -> Response:
            response = super().update(call)
            if call.content.strip() != b"{}":
                return response
            known = self.known(call.path["id"])
            touched = replace(known, updated_at=self.changes.moved(known.updated_at))
            self.store.update(touched)
            return self.responses.found(touched)

    return app(api=Touching)


@control(KIND, "no source says what an empty parameter means", lambda w: w.list(search="").status_code == 422)
def fourth_empty_search_refused() -> ASGIApp:
    """An empty search is refused."""

    def change(request: Request) -> Request | Reply:
        asked = parse_qs(request.query, keep_blank_values=True) if request.operation == "list" else {}
        return unprocessable("search", "must be a string") if asked.get("search") == [""] else request

    return on_request(change)
