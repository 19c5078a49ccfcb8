"""Answers that look otherwise, and are as good."""

from __future__ import annotations

import json
import re
import socket

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.records import Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing
from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.parts.raw import altering
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, verified


@control(
    "shape",
    "O: objects are open",
    lambda w: "external_organization_ref" in w.made(),
)
def sixteenth_more_properties() -> ASGIApp:
    """Organizations, domains and lists have properties that no document names, null, nested and in camelCase."""

    class More(Responses):
        def organization(self, organization: Organization) -> Object:
            shown = super().organization(organization)
            more = {"external_organization_ref": None, "memberCount": 0, "links": {"self": None}, "Object": "other"}
            domains = [{**each, "verifiedAt": None, "id_": 1} for each in shown["domains"]]
            return {**more, **shown, "domains": domains}

    return relisted_with_total(app(responses=More()))


def relisted_with_total(inner: ASGIApp) -> ASGIApp:
    """An app whose lists say how many organizations there are."""

    def counted(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or not response.good:
            return response
        page = response.json
        metadata = {**page["list_metadata"], "total": None, "has_more": False}
        return response.with_json({**page, "list_metadata": metadata, "url": "/organizations"})

    return on_response(counted, inner)


@control("shape", "RFC 8259: an object is unordered", lambda w: next(iter(w.made())) == "updated_at")
def sixteenth_properties_backwards() -> ASGIApp:
    """The properties of each organization come in the opposite order, metadata pairs too."""
    return showing(lambda shown, _: {**_turned(shown), "metadata": _turned(shown["metadata"])})


def _turned(value: Object) -> Object:
    return dict(reversed(value.items()))


@control("encoding", "RFC 8259: white space and escapes", lambda w: b"\n\t" in w.create().content)
def sixteenth_indented_and_escaped() -> ASGIApp:
    """JSON is indented by tabs, ends in a line break, and has only ASCII, with slashes escaped."""

    class Indented(Responses):
        def json(self, status: int, value: object) -> Response:
            text = json.dumps(value, indent="\t").replace("/", "\\/")
            return self.response(status, f"{text}\n".encode(), "application/json")

    return app(responses=Indented())


@control(
    "headers",
    "RFC 9110: types and parameters in any case",
    lambda w: w.create().headers["content-type"] == 'Application/JSON;Charset="UTF-8"',
)
def sixteenth_content_type_in_capitals() -> ASGIApp:
    """The Content-Type is written in capitals, with a charset in quotes and no space."""
    return on_response(
        lambda _, r: r if r.json is None else r.with_header("content-type", 'Application/JSON;Charset="UTF-8"')
    )


def _reason_missing(w: Wire) -> object:
    return w.list().reason_phrase == "" and "x-frame-options" in w.list().headers


@control(
    "transport",
    "RFC 9112: the reason phrase may be empty, names of headers have any case",
    _reason_missing,
    serve=altering(
        lambda head, body: (
            re.sub(rb"^(HTTP/1\.1 \d+)[^\r]*", rb"\1 ", head).replace(b"\r\n\r\n", b"\r\nX-FRAME-OPTIONS: DENY\r\n\r\n")
            + body
        )
    ),
)
def sixteenth_no_reason_phrase() -> ASGIApp:
    """Status lines have no reason phrase, and one header is in capitals."""
    return app()


def _chunked(head: bytes, body: bytes) -> bytes:
    kept = re.sub(rb"(?i)\r\ncontent-length: \d+", b"", head)
    kept = kept.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n")
    parts = [body[at : at + 7] for at in range(0, len(body), 7)]
    return kept + b"".join(b"%x;part=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\nX-Trailer: 1\r\n\r\n"


@control(
    "transport",
    "RFC 9112: chunks with extensions, and trailers",
    lambda w: w.list().headers.get("transfer-encoding") == "chunked",
    serve=altering(_chunked),
)
def sixteenth_small_chunks() -> ASGIApp:
    """Answers come in chunks of seven bytes, with chunk extensions and a trailer."""
    return app()


@control(
    "transport",
    "RFC 8297: any number of interim answers",
    lambda w: _interim(w),
    serve=altering(
        lambda head, body: b"HTTP/1.1 103 Early Hints\r\nLink: </organizations>; rel=preload\r\n\r\n" + head + body
    ),
)
def sixteenth_early_hints() -> ASGIApp:
    """Every answer follows an interim one, 103."""
    return app()


def _interim(w: Wire) -> bool:
    host, port = w.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /organizations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return connection.recv(65536).startswith(b"HTTP/1.1 103")


@control(
    "transport",
    "RFC 9112: a server may close after any answer",
    lambda w: w.list().headers.get("connection") == "close",
    serve=altering(
        lambda head, body: head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + body, close_at_once=True
    ),
)
def sixteenth_connection_closes() -> ASGIApp:
    """Each connection serves one request, and the answer says so."""
    return app()


@control(
    "headers",
    "HTTP: headers that nobody asked for",
    lambda w: len(w.list().headers.get_list("set-cookie")) == 2,
)
def sixteenth_gateway_headers() -> ASGIApp:
    """Answers carry cookies, caching and tracing headers of a gateway, one of them empty, one very long."""

    def more(_: Request, response: Reply) -> Reply:
        added = (
            ("set-cookie", "__cf_bm=abc; path=/; HttpOnly"),
            ("set-cookie", "region=eu; path=/"),
            ("vary", "Accept-Encoding, Authorization"),
            ("cache-control", "no-store"),
            ("cf-cache-status", ""),
            ("content-security-policy", "default-src 'none';" * 60),
        )
        return response.replaced(headers=(*response.headers, *added))

    return on_response(more)


@control(
    "errors",
    "error.message alone is a MUST; the form of the rest is R",
    lambda w: set(w.create(name=5).json()["errors"][0]) == {"field", "code"},
)
def sixteenth_other_recorded_422() -> ASGIApp:
    """A 422 lists field and code of each fault, without a code of its own."""

    def other(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        faults = [{"field": each["field"], "code": each["code"]} for each in response.json["errors"]]
        return response.with_json({"message": "Validation failed", "errors": faults})

    return on_response(other)


@control(
    "errors",
    "error.message: an object with a message",
    lambda w: w.other(None).get("/organizations").headers.get("www-authenticate", "").startswith("Bearer"),
)
def sixteenth_challenged() -> ASGIApp:
    """A 401 carries a challenge, and its message another text in another language."""

    def challenged(_: Request, response: Reply) -> Reply:
        if response.status != 401:
            return response
        body = {"error": "invalid_token", "message": "Clé API manquante ou invalide", "statusCode": 401}
        return response.with_json(body).with_header("www-authenticate", 'Bearer realm="api", error="invalid_token"')

    return on_response(challenged)


@control("status", "delete.answers: 200 or 202", lambda w: b"deleted" in w.delete(w.made()["id"]).content)
def sixteenth_delete_answers_with_json() -> ASGIApp:
    """A delete answers 200 with a JSON object."""

    class Said(Responses):
        def deleted(self) -> Response:
            return self.json(200, {"object": "organization", "deleted": True})

    return app(responses=Said())


@control(
    "shape",
    "allow_profiles_outside_organization and state are optional",
    lambda w: "state" not in w.made(domain_data=pending(domain()))["domains"][0],
    may_warn=True,
)
def sixteenth_optional_left_out() -> ASGIApp:
    """Organizations show no allow_profiles_outside_organization, domains neither state nor strategy."""

    class Less(Responses):
        def organization(self, organization: Organization) -> Object:
            shown = super().organization(organization)
            domains = [without(each, "state", "verification_strategy") for each in shown["domains"]]
            return {**without(shown, "allow_profiles_outside_organization"), "domains": domains}

    return app(responses=Less())


@control(
    "domains",
    "the order of domains is not documented; token and prefix are optional",
    lambda w: [d["domain"][0] for d in w.made(domain_data=verified(domain("b"), domain("a")))["domains"]] == ["a", "b"],
)
def sixteenth_domains_by_name() -> ASGIApp:
    """Domains are shown by name, each with a prefix and a token."""

    def sorted_by_name(shown: Object) -> Object:
        more = {"verification_prefix": "_workos", "verification_token": "aX3"}
        domains = [{**each, **more} for each in sorted(shown["domains"], key=lambda each: str(each["domain"]))]
        return {**shown, "domains": domains}

    return showing(lambda shown, _: sorted_by_name(shown))


@control(
    "timestamps",
    "RFC 3339: any offset, any number of decimals; Z and three are a SHOULD",
    lambda w: w.made()["created_at"].endswith("000000+00:00"),
    may_warn=True,
)
def sixteenth_nanoseconds_and_an_offset() -> ASGIApp:
    """Timestamps have nine decimals and end in +00:00."""

    class Nine(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).replace("Z", "000000+00:00")

    return app(responses=Nine())
