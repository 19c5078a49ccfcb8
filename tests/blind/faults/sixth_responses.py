"""What intermediaries and frameworks make of any response."""

from __future__ import annotations

from starlette.types import ASGIApp

from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.parts.raw import altering
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, deleted


@fault(
    "responses",
    "answer.status",
    lambda w: w.get(deleted(w)["id"]).status_code == 410,
    "410 says more than 404, its author thought",
)
def sixth_deleted_answers_410() -> ASGIApp:
    """Get of a deleted organization answers 410."""
    gone: set[str] = set()

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation == "delete" and response.good:
            gone.add(request.last)
        if request.operation == "get" and request.last in gone:
            return reply(410, {"message": "Gone"})
        return response

    return on_response(altered)


def _latin(w: Wire) -> object:
    w.made(name="Blind M\u00fcller")
    return b"M\xfcller" in w.list(limit=1).content


@fault("responses", "answer.json", _latin, "a servlet's writer is ISO-8859-1 unless told otherwise")
def sixth_lists_in_latin_1() -> ASGIApp:
    """Lists are written in ISO-8859-1."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "list":
            return response
        return response.replaced(body=response.body.decode().encode("latin-1", "replace"))

    return on_response(altered)


def _short(head: bytes, body: bytes) -> bytes:
    """The response as a server sends it that counts characters where HTTP counts bytes."""
    count = len(body.decode(errors="replace"))
    lines = [
        b"content-length: %d" % count if line.lower().startswith(b"content-length:") else line
        for line in head.split(b"\r\n")
    ]
    return b"\r\n".join(lines) + body[:count]


def _cut(w: Wire) -> object:
    try:
        w.create(name="Z\u00fcrich").json()
    except ValueError:
        return True
    return False


@fault("responses", "answer.complete", _cut, "Content-Length set to the length of a text", serve=altering(_short))
def sixth_length_counts_characters() -> ASGIApp:
    """Content-Length counts characters, so that a body with others than ASCII lacks its end."""
    return app()


@fault(
    "errors",
    "error.message",
    lambda w: isinstance(w.create(name=7).json()["message"], list),
    "the exceptions of a validation library hold a list of messages",
)
def sixth_message_is_list() -> ASGIApp:
    """The message of a 422 is a list of texts."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        value = response.json
        return response.with_json({**value, "message": [each["message"] for each in value["errors"]]})

    return on_response(altered)


@fault(
    "any-client",
    "list.any-client",
    lambda w: w.http.get(ORGANIZATIONS, headers={"Accept-Language": "de-CH,de;q=0.9,en;q=0.8"}).status_code == 500,
    "a locale made from the header as it came",
)
def sixth_languages_with_weights() -> ASGIApp:
    """A list for a client that reads several languages, as every browser does, answers 500."""

    def changed(request: Request) -> Request | Reply:
        weighted = ";q=" in request.header("accept-language").replace(" ", "")
        return crash() if weighted and request.operation == "list" else request

    return on_request(changed)
