"""Neighbours of what was missed: odd paths, headers and requests at once, at other operations."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.parts.races import one_at_a_time
from tests.blind.registry import fault
from tests.blind.wire import Wire, together, token

ERRORS = "fourth: errors"
HTTP = "fourth: HTTP"
RACES = "fourth: races"
NONE = "none: not looked up"


def failing(operation: str, condition: Callable[[str], bool]) -> ASGIApp:
    """An app that fails where the last step of an operation's path is of some kind."""
    return on_request(
        lambda request: crash() if request.operation == operation and condition(unquote(request.last)) else request
    )


@fault(ERRORS, NONE, lambda w: w.lookup("a\0").status_code == 500)
def fourth_lookup_with_nul_fails() -> ASGIApp:
    """The lookup of an external_id with U+0000 answers 500."""
    return failing("lookup", lambda last: "\0" in last)


@fault(ERRORS, NONE, lambda w: w.get("org_\0").status_code == 500)
def fourth_get_with_nul_fails() -> ASGIApp:
    """The get of an id with U+0000 answers 500."""
    return failing("get", lambda last: "\0" in last)


@fault(ERRORS, NONE, lambda w: w.update("org_\xe4", name="a").status_code == 500)
def fourth_update_of_other_letters_fails() -> ASGIApp:
    """The update of an id that is not in ASCII answers 500."""
    return failing("update", lambda last: not last.isascii())


@fault(ERRORS, NONE, lambda w: w.lookup("a" * 300).status_code == 500)
def fourth_long_lookup_fails() -> ASGIApp:
    """The lookup of more than 255 characters answers 500."""
    return failing("lookup", lambda last: len(last) > 255)


@fault(ERRORS, NONE, lambda w: w.delete("org_" + "A" * 300).status_code == 500)
def fourth_deletion_of_long_id_fails() -> ASGIApp:
    """The deletion of an id of more than 255 characters answers 500."""
    return failing("delete", lambda last: len(last) > 255)


@fault(ERRORS, NONE, lambda w: w.list(after="a\0").status_code == 500)
def fourth_cursor_with_nul_fails() -> ASGIApp:
    """A cursor with U+0000 answers 500."""
    return on_request(lambda request: crash() if re.search("(after|before)=[^&]*%00", request.query) else request)


@fault(ERRORS, NONE, lambda w: w.list(domains="a\0").status_code == 500)
def fourth_filter_with_nul_fails() -> ASGIApp:
    """A filter by a domain with U+0000 answers 500."""
    return on_request(lambda request: crash() if re.search("domains=[^&]*%00", request.query) else request)


def padded(operation: str) -> ASGIApp:
    """An app that takes no notice of a space behind the last step of an operation's path."""
    return on_request(
        lambda request: (
            request.replaced(path=request.path.removesuffix("%20")) if request.operation == operation else request
        )
    )


def padded_lookup(w: Wire) -> bool:
    taken = token()
    w.made(external_id=taken)
    return w.lookup(f"{taken} ").status_code == 200


@fault(ERRORS, NONE, padded_lookup)
def fourth_external_id_with_space_found() -> ASGIApp:
    """A lookup finds an external_id with a space behind it, although none is like that."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if response.status == 404 and request.operation == "lookup":
            return await forward(request.replaced(path=request.path.removesuffix("%20")))
        return response

    return intercepting(handle)


@fault(ERRORS, NONE, lambda w: w.delete(f"{w.made()['id']} ").status_code == 202)
def fourth_id_with_space_deleted() -> ASGIApp:
    """A deletion takes an id with a space behind it for the id."""
    return padded("delete")


@fault(
    HTTP, NONE, lambda w: w.http.get("/organizations", headers={"Content-Type": "application/json"}).status_code == 400
)
def fourth_get_with_content_type_refused() -> ASGIApp:
    """A GET with Content-Type application/json and no body answers 400."""
    return on_request(
        lambda request: (
            reply(400, {"message": "Body cannot be empty"})
            if request.method == "GET" and request.header("content-type")
            else request
        )
    )


@fault(HTTP, NONE, lambda w: w.post('{"name": "a"}', Content_Type="application/json; charset=utf-8").status_code == 415)
def fourth_charset_refused() -> ASGIApp:
    """A create whose Content-Type has a charset answers 415."""
    return on_request(
        lambda request: (
            reply(415, {"message": "Unsupported Media Type"}) if ";" in request.header("content-type") else request
        )
    )


def some_fail(*calls: Callable[[], int]) -> bool:
    return 500 in together(*calls)


@fault(RACES, NONE, lambda w: some_fail(*[lambda: w.create().status_code] * 4))
def fourth_creates_at_once_fail() -> ASGIApp:
    """Of creates at once, all but the first answer 500."""
    return one_at_a_time(lambda request: request.operation == "create")


@fault(RACES, NONE, lambda w: some_fail(*[lambda: w.list().status_code] * 4))
def fourth_lists_at_once_fail() -> ASGIApp:
    """Of lists at once, all but the first answer 500."""
    return one_at_a_time(lambda request: request.operation == "list")


def updates_fail(w: Wire) -> bool:
    ids = w.many(4)
    return some_fail(*(lambda id=id: w.update(id, name="Other").status_code for id in ids))


@fault(RACES, NONE, updates_fail)
def fourth_updates_of_several_at_once_fail() -> ASGIApp:
    """Of updates of different organizations at once, all but the first answer 500."""
    return one_at_a_time(lambda request: request.operation == "update")
