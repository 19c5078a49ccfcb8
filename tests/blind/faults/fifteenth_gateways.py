"""Firewalls, gateways and caches in front of a service that is right by itself."""

from __future__ import annotations

import re
from urllib.parse import unquote

from starlette.types import ASGIApp

from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Reply, Request, bad_request, not_found, reply, texts
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import ORGANIZATIONS, Wire, token

FORBIDDEN = reply(403, {"message": "Forbidden"})


@fault(
    "bodies",
    "create.accepts-valid-bodies",
    lambda w: w.post('{"name": "Zoë"}'.encode()).status_code >= 400,
    "Lambda adapters that ignore isBase64Encoded: apollo-server 2599, MionKit/mion 269",
)
def fifteenth_binary_bodies_stay_base64() -> ASGIApp:
    """A body with bytes beyond ASCII reaches the parser of JSON in base64, and is refused."""

    def read(request: Request) -> Request | Reply:
        if request.operation in ("create", "update") and not request.body.isascii():
            return bad_request("bad_request", "Unexpected token in JSON at position 0")
        return request

    return on_request(read)


def _plus(w: Wire) -> object:
    name = token()
    id = w.made(name=f"{name}+x")["id"]
    return id not in w.ids(search=f"{name}+x")


@fault("search", "list.search-special-characters", _plus, "aws/serverless-java-container 146")
def fifteenth_query_is_decoded_twice() -> ASGIApp:
    """The query of a list is percent-decoded twice."""
    return on_request(
        lambda request: request.replaced(query=unquote(request.query)) if request.operation == "list" else request
    )


def _percent(w: Wire) -> object:
    external_id = f"{token()}%41"
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("decoding", "lookup.percent-encoded", _percent, "a proxy that decodes the path, before a framework that does")
def fifteenth_path_is_decoded_twice() -> ASGIApp:
    """The external_id of a lookup is percent-decoded twice."""

    def read(request: Request) -> Request:
        once = re.sub("%25(?=[0-9A-Fa-f]{2})", "%", request.path)
        return request.replaced(path=once) if request.operation == "lookup" else request

    return on_request(read)


def _slashes(w: Wire) -> object:
    external_id = f"{token()}//x"
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("decoding", "lookup.percent-encoded", _slashes, "nginx: merge_slashes looks at the decoded path")
def fifteenth_slashes_are_merged() -> ASGIApp:
    """Several slashes in a row within an external_id of a lookup become one."""
    return on_request(
        lambda request: (
            request.replaced(path=re.sub("(%2[Ff])(%2[Ff])+", "%2F", request.path))
            if request.operation == "lookup"
            else request
        )
    )


def _semicolon(w: Wire) -> object:
    start = token()
    w.made(external_id=f"{start};v=1")
    return w.http.get(f"{ORGANIZATIONS}/external_id/{start};v=1").status_code == 404


@fault("decoding", "lookup.percent-encoded", _semicolon, "Spring MVC: matrix variables are cut off path variables")
def fifteenth_matrix_variables_are_cut_off() -> ASGIApp:
    """Of an external_id with a semicolon that is not percent-encoded, a lookup takes what comes before."""
    return on_request(
        lambda request: (
            request.replaced(path=request.path.partition(";")[0]) if request.operation == "lookup" else request
        )
    )


def _percent_sign(w: Wire) -> object:
    external_id = f"{token()} 100%"
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 400


@fault("decoding", "lookup.percent-encoded", _percent_sign, "Spring Security: StrictHttpFirewall refuses %25")
def fifteenth_firewall_refuses_percent_signs() -> ASGIApp:
    """A lookup by an external_id with a percent sign answers 400."""
    refused = bad_request("bad_request", "The request was rejected because the URL contained a malicious String")
    return on_request(lambda request: refused if request.operation == "lookup" and "%25" in request.path else request)


def _dotted(w: Wire) -> object:
    external_id = f"{token()}.example.com"
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("decoding", "lookup.answers", _dotted, "Spring's suffix patterns, Rails' (.:format)")
def fifteenth_external_ids_lose_their_ending() -> ASGIApp:
    """A lookup takes what follows the last dot of an external_id for a file extension, and drops it."""
    return on_request(
        lambda request: (
            request.replaced(path=re.sub(r"(?<=[^/.])\.[A-Za-z0-9]+$", "", request.path))
            if request.operation == "lookup"
            else request
        )
    )


def _two_dots(w: Wire) -> object:
    made = w.create(external_id="..")
    found = w.http.get(f"{ORGANIZATIONS}/external_id/%2E%2E").status_code
    if made.status_code == 201:
        w.delete(made.json()["id"])
    return made.status_code == 201 and found == 404


@fault("decoding", "lookup.dot-segments", _two_dots, "Envoy: normalize_path; Go: path.Clean in ServeMux")
def fifteenth_dot_segments_are_resolved() -> ASGIApp:
    """An external_id of dots in a lookup is resolved as a step of the path, percent-encoded or not."""
    dots = re.compile(r"/external_id/(\.|%2e){1,2}$", re.IGNORECASE)
    return on_request(
        lambda request: not_found("") if request.operation == "lookup" and dots.search(request.path) else request
    )


@fault(
    "bodies",
    "create.accepts-valid-bodies",
    lambda w: w.create(name="Tags <script> and more").status_code == 403,
    "AWS WAF: CrossSiteScripting_BODY",
)
def fifteenth_firewall_sees_scripts() -> ASGIApp:
    """A body with the text <script> answers 403."""
    return on_request(
        lambda request: FORBIDDEN if any("<script" in text.lower() for text in texts(request.json)) else request
    )


@fault(
    "search",
    "list.search-special-characters",
    lambda w: w.list(search="O'Neil -- or").status_code == 403,
    "ModSecurity: rule 942100 in the arguments of a query",
)
def fifteenth_firewall_sees_sql() -> ASGIApp:
    """A list whose query has an apostrophe or two hyphens in a row answers 403."""
    return on_request(
        lambda request: (
            FORBIDDEN if request.operation == "list" and re.search("'|--", unquote(request.query)) else request
        )
    )


@fault(
    "headers",
    "list.any-client",
    lambda w: w.http.get(ORGANIZATIONS, headers={"User-Agent": ""}).status_code == 403,
    "AWS WAF: NoUserAgent_HEADER",
)
def fifteenth_no_user_agent_is_forbidden() -> ASGIApp:
    """A request without a User-Agent, or with an empty one, answers 403."""
    return on_request(lambda request: request if request.header("user-agent") else FORBIDDEN)


def _many_full_pairs(w: Wire) -> object:
    full = {f"{number:02}".ljust(40, "k"): "v" * 600 for number in range(20)}
    return w.create(metadata=full).status_code == 403


@fault("bodies", "body.fifty-full-pairs", _many_full_pairs, "AWS WAF: SizeRestrictions_BODY, 8 KB", level=SHOULD)
def fifteenth_firewall_stops_at_8_kilobytes() -> ASGIApp:
    """A body of more than 8,192 bytes answers 403."""
    return on_request(lambda request: FORBIDDEN if len(request.body) > 8192 else request)


def _chunked(w: Wire) -> object:
    chunks = iter([b'{"name": ', b'"Chunked"}'])
    headers = {"Content-Type": "application/json"}
    return w.http.post(ORGANIZATIONS, content=chunks, headers=headers).status_code != 201


@fault("bodies", "create.accepts-valid-bodies", _chunked, "WSGI: no CONTENT_LENGTH, so the input counts as empty")
def fifteenth_chunked_bodies_are_empty() -> ASGIApp:
    """The body of a request that comes in chunks, without a Content-Length, is taken for empty."""
    return on_request(lambda request: request.replaced(body=b"") if request.header("transfer-encoding") else request)
