"""Gateways and frameworks of later years, and the headers and framings that they bring."""

from __future__ import annotations

import gzip
import hashlib
import re
import socket

from starlette.types import ASGIApp

from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.parts.raw import altering
from tests.blind.registry import control
from tests.blind.wire import Wire

HTTP = "RFC 9110 and 9112"


def _with(response: Reply, **headers: str) -> Reply:
    added = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return response.replaced(headers=(*response.headers, *added))


@control("headers", "D: there are rate limits; headers may tell of them", lambda w: "ratelimit" in w.list().headers)
def thirteenth_each_answer_tells_the_rate() -> ASGIApp:
    """Each answer says in headers how many requests are left, and Retry-After comes even where nothing was refused."""
    return on_response(
        lambda _, response: _with(
            response,
            RateLimit='"default";r=5999;t=60',
            RateLimit_Policy='"default";q=6000;w=60',
            X_RateLimit_Remaining="5999",
            X_RateLimit_Reset="1893456000",
        )
    )


def _echoed(w: Wire) -> object:
    return w.http.get("/organizations", headers={"X-Request-ID": "mine-1"}).headers["x-request-id"] == "mine-1"


@control("headers", "answer.request-id: whose it is, nobody says", _echoed)
def thirteenth_a_request_id_is_echoed() -> ASGIApp:
    """The X-Request-ID of a request is that of its answer; without one it is a number in hexadecimal digits."""

    def named(request: Request, response: Reply) -> Reply:
        digest = hashlib.sha256(response.body).hexdigest()[:16]
        return response.with_header("x-request-id", request.header("x-request-id") or digest)

    return on_response(named)


@control("headers", HTTP, lambda w: w.list().headers.get("etag", "").startswith('W/"'))
def thirteenth_every_answer_has_validators() -> ASGIApp:
    """Every answer has a weak ETag, Last-Modified, Vary and a Cache-Control that lets it be kept privately."""

    def validated(_: Request, response: Reply) -> Reply:
        tag = hashlib.sha256(response.body).hexdigest()[:16]
        moment = "Thu, 01 Jan 2026 00:00:00 GMT"
        return _with(
            response,
            ETag=f'W/"{tag}"',
            Last_Modified=moment,
            Vary="Authorization, Accept-Language",
            Cache_Control="private, max-age=0, must-revalidate",
        )

    return on_response(validated)


@control("headers", HTTP, lambda w: len(w.list().headers.get_list("set-cookie")) == 2)
def thirteenth_a_balancer_sets_cookies() -> ASGIApp:
    """Each answer sets two cookies, as a balancer does so that a client comes back to the same server."""
    return on_response(
        lambda _, response: response.replaced(
            headers=(
                *response.headers,
                ("set-cookie", "AWSALB=abc; Path=/; Expires=Fri, 01 Jan 2027 00:00:00 GMT"),
                ("set-cookie", "route=2; HttpOnly; Secure; SameSite=None"),
            )
        )
    )


@control(
    "headers",
    "parameters of a media type are written in any case",
    lambda w: "UTF-8" in w.list().headers["content-type"],
)
def thirteenth_the_charset_is_in_capitals() -> ASGIApp:
    """JSON is labelled Application/JSON;charset="UTF-8"."""

    def labelled(_: Request, response: Reply) -> Reply:
        json = dict(response.headers).get("content-type", "").startswith("application/json")
        return response.with_header("content-type", 'Application/JSON;charset="UTF-8"') if json else response

    return on_response(labelled)


@control("headers", HTTP, lambda w: "sunset" in w.list().headers)
def thirteenth_a_version_is_about_to_end() -> ASGIApp:
    """Each answer names the version of the API, and says that it is deprecated and when it ends."""
    return on_response(
        lambda _, response: _with(
            response,
            API_Version="2026-08-01",
            Deprecation="@1767225600",
            Sunset="Fri, 01 Jan 2027 00:00:00 GMT",
            Link='</v2/organizations>; rel="successor-version"',
        )
    )


@control("headers", HTTP, lambda w: "content-security-policy" in w.list().headers)
def thirteenth_security_was_hardened() -> ASGIApp:
    """Each answer has a dozen headers that are meant for browsers, one of them long."""
    policy = "default-src 'none'; frame-ancestors 'none'; " + " ".join(f"https://{at}.example.com" for at in range(60))
    return on_response(
        lambda _, response: _with(
            response,
            Content_Security_Policy=policy,
            Strict_Transport_Security="max-age=63072000; includeSubDomains; preload",
            X_Content_Type_Options="nosniff",
            X_Frame_Options="DENY",
            Referrer_Policy="no-referrer",
            Cross_Origin_Resource_Policy="same-origin",
            Server="",
            Via="1.1 gateway, 1.1 mesh",
            Alt_Svc='h3=":443"; ma=86400',
            Access_Control_Allow_Origin="*",
        )
    )


def _packed(request: Request, response: Reply) -> Reply:
    if "gzip" not in request.header("accept-encoding") or not response.body:
        return response
    packed = response.with_header("content-encoding", "gzip").replaced(body=gzip.compress(response.body))
    return _with(packed, Vary="Accept-Encoding")


@control("headers", HTTP, lambda w: w.list().headers.get("content-encoding") == "gzip")
def thirteenth_answers_are_compressed() -> ASGIApp:
    """Every answer with a body is compressed with gzip where the client accepts it, the smallest ones too."""
    return on_response(_packed)


def _raw(w: Wire, path: str = "/organizations") -> bytes:
    host, port = w.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        lines = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {w.key}\r\nConnection: close\r\n\r\n"
        connection.sendall(lines.encode())
        data = b""
        while more := connection.recv(65536):
            data += more
    return data


def _chunked(head: bytes, body: bytes) -> bytes:
    if not body:
        return head + body
    plain = re.sub(rb"(?i)\r\ncontent-length: *[0-9]+", b"", head)
    framed = plain.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\nTrailer: Server-Timing\r\n\r\n")
    parts = [body[at : at + 7] for at in range(0, len(body), 7)]
    chunks = b"".join(b'%x;note="x"\r\n%b\r\n' % (len(part), part) for part in parts)
    return framed + chunks + b"0\r\nServer-Timing: db;dur=2\r\n\r\n"


@control("framing", HTTP, lambda w: b"\r\nTrailer: " in _raw(w), serve=altering(_chunked))
def thirteenth_answers_come_in_chunks_of_seven_bytes() -> ASGIApp:
    """Answers come in chunks of seven bytes with extensions, so that characters are torn, and end with a trailer."""
    return app()


def _hinted(head: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 103 Early Hints\r\nLink: </organizations>; rel=preload\r\n\r\n" + head + body


@control("framing", HTTP, lambda w: _raw(w).startswith(b"HTTP/1.1 103"), serve=altering(_hinted))
def thirteenth_hints_come_early() -> ASGIApp:
    """Each answer comes after an interim answer with the status 103."""
    return app()


def _unnamed(head: bytes, body: bytes) -> bytes:
    status, _, fields = head.partition(b"\r\n")
    lines = [line.partition(b":") for line in fields.strip().split(b"\r\n")]
    loud = [b"%b:\t%b  " % (name.upper(), value.strip()) for name, _, value in lines]
    return b"\r\n".join([b" ".join(status.split(b" ")[:2]) + b" ", *loud]) + b"\r\n\r\n" + body


@control("framing", HTTP, lambda w: _raw(w).startswith(b"HTTP/1.1 200 \r\n"), serve=altering(_unnamed))
def thirteenth_statuses_have_no_reason() -> ASGIApp:
    """Status lines have no reason, names of headers are in capitals, and white space surrounds their values."""
    return app()


EVERY = 60


@control(
    "limits",
    "O: 429 is documented for each operation; a run waits when told to",
    lambda w: any(w.list(limit=1).status_code == 429 for _ in range(EVERY + 1)),
)
def thirteenth_every_sixtieth_request_has_to_wait() -> ASGIApp:
    """Every sixtieth request answers 429 with a Retry-After of one second."""
    count = [0]

    async def handle(request: Request, forward: Forward) -> Reply:
        count[0] += request.authorized
        if request.authorized and count[0] % EVERY == 0:
            return _with(reply(429, {"message": "Too many requests."}), Retry_After="1")
        return await forward(request)

    return intercepting(handle)
