"""Keys, statuses and bodies that are wrong in one case only."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, Handle, intercepting, lenient, on_request, on_response
from tests.blind.parts.messages import Reply, Request, bad_request, crash, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token
from tests.mutants.planting import KEY

KEYS = "keys"
RESPONSES = "responses"
CLIENTS = "what clients send"


def _same_connection(w: Wire) -> bool:
    w.list()
    return w.http.get("/organizations", headers={"Authorization": "Bearer wrong"}).status_code == 200


@fault(KEYS, "none: a wrong key is refused", _same_connection, "a login of the connection, as with NTLM")
def a_connection_stays_logged_in() -> ASGIApp:
    """Once a request had the right key, all later ones on its connection are let in."""
    known: set[tuple[str, int]] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized:
            known.add(request.client)
        elif request.client in known:
            request = request.with_header("authorization", f"Bearer {KEY}")
        return await forward(request)

    return intercepting(handle)


def _from_the_cache(w: Wire) -> bool:
    id = w.made()["id"]
    w.get(id)
    return w.other(None).get(f"/organizations/{id}").status_code == 200


@fault(KEYS, "none: without a key nothing is shown", _from_the_cache, "a shared cache that ignores Authorization")
def a_cache_answers_before_the_key_is_looked_at() -> ASGIApp:
    """What was read with the key and not changed since can be read without it."""
    kept: dict[tuple[str, str], Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        place = request.path, request.query
        if request.method != "GET":
            kept.clear()
        elif not request.authorized and place in kept:
            return kept[place]
        response = await forward(request)
        if request.method == "GET" and response.good:
            kept[place] = response
        return response

    return intercepting(handle)


def _capitals(w: Wire) -> bool:
    return w.other(f"Bearer {KEY.upper()}").get("/organizations").status_code == 200


@fault(KEYS, "none: a wrong key is refused", _capitals, "a collation without case")
def the_case_of_a_key_does_not_matter() -> ASGIApp:
    """The key is accepted in any case."""
    return intercepting(_letting_in(lambda given: given.lower() == f"bearer {KEY}".lower()))


def _second_word(w: Wire) -> bool:
    return w.other(f"Bearer wrong {KEY}").get("/organizations").status_code == 200


@fault(KEYS, "none: a wrong key is refused", _second_word, "a search for the key in the header")
def the_key_may_stand_anywhere() -> ASGIApp:
    """A header Authorization is right that has the key at its end."""
    return intercepting(_letting_in(lambda given: given.endswith(KEY)))


def _longer(w: Wire) -> bool:
    return w.other(f"Bearer {KEY}_old").get("/organizations").status_code == 200


@fault(KEYS, "none: a wrong key is refused", _longer, "a comparison of the first characters")
def a_longer_key_is_the_key() -> ASGIApp:
    """What begins with the key is accepted."""
    return intercepting(_letting_in(lambda given: given.startswith(f"Bearer {KEY}")))


def _letting_in(accepts: Callable[[str], bool]) -> Handle:
    async def handle(request: Request, forward: Forward) -> Reply:
        if accepts(request.header("authorization")):
            request = request.with_header("authorization", f"Bearer {KEY}")
        return await forward(request)

    return handle


def _accepted_only(w: Wire) -> bool:
    return w.create(domain_data=pending(domain())).status_code == 202


@fault(RESPONSES, "none: a create answers 201", _accepted_only, "work that is left to a queue")
def pending_domains_are_accepted() -> ASGIApp:
    """A create with a pending domain is answered with 202."""
    return on_response(
        lambda request, response: (
            response.replaced(status=202)
            if request.operation == "create" and response.status == 201 and b'"pending"' in response.body
            else response
        )
    )


def _redirect(w: Wire) -> bool:
    text = token()
    w.made(external_id=text)
    return w.lookup(text).status_code == 307


@fault(RESPONSES, "none: a lookup answers 200", _redirect, "one canonical address for each thing")
def a_lookup_redirects() -> ASGIApp:
    """A lookup redirects to the organization's own address."""
    return on_response(
        lambda request, response: (
            reply(307, {"message": "See there."}).with_header("location", f"/organizations/{response.json['id']}")
            if request.operation == "lookup" and response.good
            else response
        )
    )


def _two_messages(w: Wire) -> bool:
    message = w.create(name=5, external_id=7).json()["message"]
    return isinstance(message, list)


@fault(RESPONSES, "none: message is a string", _two_messages, "class-validator in NestJS")
def several_faults_make_a_list_of_messages() -> ASGIApp:
    """Where a body breaks two rules or more, `message` is a list."""

    def listed(_: Request, response: Reply) -> Reply:
        value = response.json if response.status == 422 else {}
        if len(value.get("errors", ())) < 2:
            return response
        return response.with_json({**value, "message": [error["message"] for error in value["errors"]]})

    return on_response(listed)


def _broken_json(w: Wire) -> bool:
    response = w.lookup('a"b')
    try:
        response.json()
    except ValueError:
        return response.status_code == 404
    return False


@fault(RESPONSES, "none: errors are JSON", _broken_json, "JSON made by concatenation")
def a_quote_breaks_the_error() -> ASGIApp:
    """The body of a 404 is not JSON when what was not found has a double quote."""
    return on_response(
        lambda _, response: (
            response.replaced(body=response.body.replace(b'\\"', b'"')) if response.status == 404 else response
        )
    )


@fault(
    RESPONSES,
    "none: an unknown id is not found",
    lambda w: w.get("org_unknown").status_code == 400,
    "a parser of ULIDs",
)
def an_id_must_be_a_ulid() -> ASGIApp:
    """A get of an id that has not the form of one is answered with 400."""
    form = re.compile("org_[0-9A-HJKMNP-TV-Z]{26}")
    return on_request(
        lambda request: (
            bad_request("invalid_id") if request.operation == "get" and not form.fullmatch(request.last) else request
        )
    )


@fault(
    RESPONSES, "none: no crash", lambda w: w.get("org_" + "A" * 300).status_code == 500, "a column that is too short"
)
def a_long_id_crashes() -> ASGIApp:
    """An id of more than 255 characters is answered with 500."""
    return on_request(
        lambda request: (
            crash() if request.operation in ("get", "update", "delete") and len(request.last) > 255 else request
        )
    )


def _with_charset(w: Wire) -> bool:
    return w.post('{"name":"x"}', Content_Type="application/json; charset=utf-8").status_code == 415


@fault(CLIENTS, "none: JSON is accepted", _with_charset, "== on a header that has parameters")
def a_charset_is_an_unsupported_type() -> ASGIApp:
    """A body of application/json; charset=utf-8 is answered with 415."""
    return on_request(
        lambda request: (
            reply(415, {"message": "Unsupported Media Type"}) if ";" in request.header("content-type") else request
        )
    )


@fault(CLIENTS, "none: name is required", lambda w: w.post('{"Name":"x"}').status_code == 201, "encoding/json in Go")
def names_of_fields_are_read_in_any_case() -> ASGIApp:
    """Fields of a body may be written in any case."""
    return lenient(lambda body: {name.lower(): value for name, value in body.items()})


def _accept_all(w: Wire) -> bool:
    return w.http.get("/organizations", headers={"Accept": "*/*"}).status_code == 406


@fault(CLIENTS, "none: lists are answered with 200", _accept_all, "negotiation by an equal sign")
def json_must_be_asked_for() -> ASGIApp:
    """Where Accept does not name application/json, the answer is 406."""
    return on_request(
        lambda request: (
            reply(406, {"message": "Not Acceptable"})
            if "json" not in request.header("accept") and request.method == "GET"
            else request
        )
    )


def _curl(w: Wire) -> bool:
    return w.http.get("/organizations", headers={"User-Agent": "curl/8.5.0"}).status_code == 403


@fault(CLIENTS, "none: curl is documented", _curl, "a guard against robots")
def curl_is_a_robot() -> ASGIApp:
    """Requests of curl are answered with 403."""
    return on_request(
        lambda request: (
            reply(403, {"message": "Forbidden"}) if request.header("user-agent").startswith("curl/") else request
        )
    )


def _accepted_language(w: Wire) -> bool:
    response = w.http.get("/organizations/org_x", headers={"Accept-Language": "de"})
    return response.status_code == 500


@fault(CLIENTS, "none: no crash", _accepted_language, "translations that are missing")
def another_language_crashes_errors() -> ASGIApp:
    """An error in any language but English is answered with 500."""
    return on_response(
        lambda request, response: (
            crash() if response.status >= 400 and request.header("accept-language")[:2] not in ("", "en") else response
        )
    )


def _letters_behind(w: Wire) -> bool:
    return w.list(limit="5abc").status_code == 200


@fault(CLIENTS, "none: limit is an integer", _letters_behind, "parseInt")
def a_limit_may_have_letters_behind() -> ASGIApp:
    """Of a limit, what follows its digits is ignored."""
    return on_request(
        lambda request: (
            request.replaced(query=re.sub(r"(?<![a-z])(limit=\d+)[^&]*", r"\1", request.query))
            if request.operation == "list"
            else request
        )
    )
