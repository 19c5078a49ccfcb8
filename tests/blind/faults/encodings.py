"""Content types, encodings, and what goes wrong on the way to the socket."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
from starlette.types import ASGIApp

from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Reply, Request, reply, unprocessable
from tests.blind.registry import fault

JSON = "application/json; charset=utf-8"


def _failing(call: Callable[[], httpx.Response]) -> bool:
    """Whether a response cannot be read as JSON."""
    try:
        call().json()
    except (ValueError, httpx.HTTPError):
        return True
    return False


@fault(
    "encodings", "answer.content-type", lambda w: "json" not in w.list().headers["content-type"], "a text serializer"
)
def list_labelled_as_text() -> ASGIApp:
    """Lists are labelled text/html."""
    return on_response(
        lambda request, response: (
            response.with_header("content-type", "text/html; charset=utf-8")
            if request.operation == "list" and response.good
            else response
        )
    )


@fault(
    "encodings",
    "answer.content-type",
    lambda w: "content-type" not in w.get("org_unknown").headers,
    "an error handler of its own",
)
def missing_answer_has_no_label() -> ASGIApp:
    """A 404 has no Content-Type."""
    return on_response(
        lambda _, response: response.with_header("content-type", None) if response.status == 404 else response
    )


@fault(
    "encodings",
    "answer.json",
    lambda w: w.get(w.made()["id"]).content.startswith(b"\xef\xbb\xbf"),
    "Encoding.UTF8 of .NET writes a mark",
)
def answer_begins_with_byte_order_mark() -> ASGIApp:
    """The response to a get begins with a byte order mark."""
    return on_response(
        lambda request, response: (
            response.replaced(body=b"\xef\xbb\xbf" + response.body)
            if request.operation == "get" and response.good
            else response
        )
    )


@fault("encodings", "answer.json", lambda w: b"\xe9" in w.create(name="Caf\u00e9").content, "getBytes() of old Java")
def answer_in_latin_1() -> ASGIApp:
    """A response whose characters all fit into Latin-1 is written in it, though labelled UTF-8."""

    def altered(_: Request, response: Reply) -> Reply:
        try:
            return response.replaced(body=response.body.decode().encode("latin-1"))
        except UnicodeError:
            return response

    return on_response(altered)


@fault(
    "encodings",
    "answer.json",
    lambda w: _failing(lambda: w.create(name="\u0141\u00f3d\u017a")),
    "Content-Length counted in characters",
)
def answer_cut_by_count_of_characters() -> ASGIApp:
    """Content-Length counts characters: a response with others than ASCII loses its last bytes."""
    return on_response(lambda _, response: response.replaced(body=response.body[: len(response.body.decode())]))


@fault("encodings", "answer.json", lambda w: _failing(lambda: w.get("org_unknown")), "str() in place of json.dumps()")
def missing_answer_is_python() -> ASGIApp:
    """A 404 is written as Python writes a dictionary, in single quotes."""
    return on_response(
        lambda _, response: response.replaced(body=str(response.json).encode()) if response.status == 404 else response
    )


@fault(
    "encodings",
    "organization.object",
    lambda w: isinstance(w.update(w.made()["id"], name="New").json(), str),
    "serialized twice",
)
def update_answer_is_json_in_text() -> ASGIApp:
    """The response to an update is a JSON text that holds the organization as JSON."""
    return on_response(
        lambda request, response: (
            response.with_json(response.body.decode()) if request.operation == "update" and response.good else response
        )
    )


@fault(
    "encodings", "answer.complete", lambda w: w.many(4) and _failing(lambda: w.list()), "a proxy that adds the label"
)
def long_answer_labelled_gzip() -> ASGIApp:
    """A response of more than 1,000 bytes is labelled gzip without being compressed."""
    return on_response(
        lambda request, response: (
            response.with_header("content-encoding", "gzip")
            if len(response.body) > 1000 and "gzip" in request.header("accept-encoding")
            else response
        )
    )


@fault(
    "encodings",
    "create.returns-what-was-sent",
    lambda w: w.made(name="Caf\u00e9")["name"] != "Caf\u00e9",
    "a body read in the platform's charset",
)
def body_read_as_latin_1() -> ASGIApp:
    """Bodies in UTF-8 are read as Latin-1."""
    return on_request(
        lambda request: request.replaced(body=request.body.decode("latin-1").encode()) if request.body else request
    )


@fault(
    "encodings",
    "create.returns-what-was-sent",
    lambda w: w.post(b'{"name": "\\ud83c\\udfe2 Tower"}').json().get("name") != "\U0001f3e2 Tower",
    "a reader that decodes each escape by itself",
)
def escaped_pair_becomes_two_characters() -> ASGIApp:
    """A character beyond the basic plane that is sent as two escapes is read as two broken characters."""

    def read(request: Request) -> Request:
        pairs = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
        return request.replaced(body=pairs.sub(rb"\\ufffd\\ufffd", request.body))

    return on_request(read)


@fault(
    "encodings",
    "create.returns-what-was-sent",
    lambda w: w.made(name="\U0001f3e2 Tower")["name"] != "\U0001f3e2 Tower",
    "'\\u%04x' of a code point beyond the basic plane",
)
def answer_escapes_five_digits() -> ASGIApp:
    """Responses escape a character beyond the basic plane with five digits, which reads as another one."""

    def altered(_: Request, response: Reply) -> Reply:
        text = response.body.decode()
        return response.replaced(body=re.sub("[\U00010000-\U0010ffff]", lambda m: f"\\u{ord(m[0]):04x}", text).encode())

    return on_response(altered)


@fault(
    "encodings",
    "create.accepts-valid-bodies",
    lambda w: w.post('{"name": "Blind"}', Content_Type=JSON).status_code != 201,
    "a comparison of the whole header",
)
def content_type_with_charset_refused() -> ASGIApp:
    """A body labelled application/json; charset=utf-8 is refused with 415."""
    return on_request(
        lambda request: (
            reply(415, {"message": "Unsupported Media Type"})
            if request.body and ";" in request.header("content-type")
            else request
        )
    )


def _chunks() -> Iterator[bytes]:
    yield b'{"name": '
    yield b'"Blind"}'


@fault(
    "encodings",
    "create.accepts-valid-bodies",
    lambda w: (
        w.http.post("/organizations", content=_chunks(), headers={"Content-Type": "application/json"}).status_code
        != 201
    ),
    "a gateway that reads Content-Length bytes",
)
def chunked_body_is_empty() -> ASGIApp:
    """A body that comes in chunks, without Content-Length, is taken for empty."""
    return on_request(
        lambda request: (
            unprocessable() if request.writes and "chunked" in request.header("transfer-encoding") else request
        )
    )


@fault(
    "encodings",
    "answer.json",
    lambda w: _failing(lambda: w.get(w.made(metadata={"note": "a\tb\nc"})["id"])),
    "JSON put together from texts",
)
def control_characters_not_escaped() -> ASGIApp:
    """Tabs and line breaks within texts of a response are written as they are, which is no JSON."""
    return on_response(
        lambda _, response: response.replaced(body=response.body.replace(b"\\n", b"\n").replace(b"\\t", b"\t"))
    )
