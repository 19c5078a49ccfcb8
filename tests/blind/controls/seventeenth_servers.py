"""What real stacks do otherwise and may."""

from __future__ import annotations

import json
import re

from starlette.types import ASGIApp

from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import on_request, relisted
from tests.blind.parts.messages import Object, Reply, reply, without
from tests.blind.parts.raw import altering
from tests.blind.parts.seventeenth import answering, replying
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, deleted, domain, pending


@control(
    "shapes", "JSON: HTML-safe escapes stand for the same text", lambda w: b"\\u0026" in w.create(name="a & b").content
)
def seventeenth_escapes_like_go() -> ASGIApp:
    """Responses write ampersands and angle brackets as escapes."""

    def escaped(response: Reply) -> Reply:
        body = response.body
        for letter in b"&<>":
            body = body.replace(bytes([letter]), b"\\u%04x" % letter)
        return response.replaced(body=body)

    return replying(lambda _, response: "json" in dict(response.headers).get("content-type", ""), escaped)


@control("shapes", "JSON: objects have no order", lambda w: [*w.made()] == sorted(w.made()))
def seventeenth_keys_are_sorted() -> ASGIApp:
    """Properties come in the order of the alphabet, and white space stands between them."""

    def written(response: Reply) -> Reply:
        return response.replaced(body=json.dumps(response.json, sort_keys=True, indent=2).encode())

    return replying(lambda _, response: "json" in dict(response.headers).get("content-type", ""), written)


@control("shapes", "objects are open", lambda w: "__v" in w.made() and "_id" in w.made())
def seventeenth_mongoose_shows_itself() -> ASGIApp:
    """Organizations carry the properties that Mongoose adds."""
    return showing(lambda shown, _: {"_id": f"{shown['id'][-24:].lower()}", **shown, "__v": 0})


@control("lists", "objects are open", lambda w: "has_more" in w.list().json()["list_metadata"])
def seventeenth_lists_say_more() -> ASGIApp:
    """Lists carry has_more and a count beside the cursors."""

    def more(page: Object) -> Object:
        found = page["list_metadata"]
        return {**page, "list_metadata": {**found, "has_more": found["after"] is not None}, "count": len(page["data"])}

    return relisted(more)


@control(
    "domains",
    "verification_prefix, verification_token and state are optional",
    lambda w: {*w.made(domain_data=pending(domain()))["domains"][0]} >= {"verification_token", "verification_prefix"},
)
def seventeenth_pending_domains_have_tokens() -> ASGIApp:
    """Pending domains carry a prefix and a token for DNS."""
    return showing_domains(
        lambda shown, each: (
            {**shown, "verification_prefix": "superapi-domain", "verification_token": each.id[-10:]}
            if each.state == "pending"
            else shown
        )
    )


@control(
    "domains",
    "state is optional",
    lambda w: "state" not in w.made(domain_data=pending(domain()))["domains"][0],
    may_warn=True,
)
def seventeenth_domains_have_no_state() -> ASGIApp:
    """Domains show neither their state nor their strategy."""
    return showing_domains(lambda shown, _: without(shown, "state", "verification_strategy"))


@control("shapes", "allow_profiles_outside_organization is optional", lambda w: len(w.made()) == 8)
def seventeenth_deprecated_property_is_gone() -> ASGIApp:
    """Organizations do not show allow_profiles_outside_organization."""
    return showing(lambda shown, _: without(shown, "allow_profiles_outside_organization"))


@control("delete", "200 is documented", lambda w: w.delete(w.made()["id"]).content == b"")
def seventeenth_delete_is_done_at_once() -> ASGIApp:
    """A delete answers 200 without a body."""
    return replying(
        lambda request, response: request.operation == "delete" and response.good,
        lambda _: Reply(200, (("x-request-id", "planted-request"),), b""),
    )


@control(
    "paging",
    "an unknown cursor: any documented answer",
    lambda w: (
        w.list(after=deleted(w)["id"], order="desc").json()
        == {"object": "list", "data": [], "list_metadata": {"before": None, "after": None}}
    ),
)
def seventeenth_lost_cursors_show_nothing() -> ASGIApp:
    """A cursor that no organization has leads to an empty page."""
    empty = {"object": "list", "data": [], "list_metadata": {"before": None, "after": None}}
    return replying(
        lambda request, response: (
            request.operation == "list"
            and response.status == 422
            and any(each["code"] == "unknown_cursor" for each in response.json["errors"])
        ),
        lambda _: reply(200, empty),
    )


@control(
    "queries",
    "an unknown query parameter: nothing documented",
    lambda w: w.list(page="2").status_code == 422,
)
def seventeenth_unknown_parameters_are_refused() -> ASGIApp:
    """A list with a parameter that is not documented answers 422."""
    known = re.compile("(limit|order|before|after|search|domains(\\[[0-9]*\\])?)=")
    return answering(
        lambda r: (
            r.operation == "list"
            and any(p and not known.match(p) for p in r.query.replace("%5B", "[").replace("%5D", "]").split("&"))
        ),
        lambda _: reply(422, {"message": "Unknown parameter.", "errors": [{"code": "unknown", "field": "query"}]}),
    )


def _header(head: bytes, body: bytes) -> bytes:
    """The response with names of headers in capitals, cookies and a chunked body."""
    lines = [line for line in head.split(b"\r\n") if line and not line.lower().startswith(b"content-length:")]
    status, *others = lines
    named = [name.upper() + b":" + value for name, _, value in (line.partition(b":") for line in others)]
    extra = [b"SERVER: nginx", b"SET-COOKIE: __cf_bm=a; path=/", b"SET-COOKIE: lb=b", b"VARY: Accept-Encoding, Origin"]
    if not body:
        return b"\r\n".join([status, *named, *extra, b"CONTENT-LENGTH: 0", b"", b""])
    parts = [body[: len(body) // 2], body[len(body) // 2 :]]
    chunks = b"".join(b"%X\r\n%b\r\n" % (len(part), part) for part in parts if part)
    return b"\r\n".join([status, *named, *extra, b"TRANSFER-ENCODING: chunked", b"", b""]) + chunks + b"0\r\n\r\n"


@control(
    "headers",
    "HTTP: names of headers have no case, a body may come in chunks, cookies are free",
    lambda w: w.list().headers.get("transfer-encoding") == "chunked",
    serve=altering(_header),
)
def seventeenth_a_cdn_is_in_front() -> ASGIApp:
    """Responses come in two chunks, with capital header names and cookies of a load balancer."""
    return app()


@control(
    "create",
    "create.idempotency-replay is INFO",
    lambda w: (
        len(
            {
                w.http.post(ORGANIZATIONS, json={"name": "a"}, headers={"Idempotency-Key": "k"}).json()["id"]
                for _ in "ab"
            }
        )
        == 2
    ),
)
def seventeenth_idempotency_is_ignored() -> ASGIApp:
    """An Idempotency-Key has no effect."""
    return on_request(lambda request: request.with_header("idempotency-key", None))
