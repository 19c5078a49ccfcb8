"""What responses say: their fields, their errors, their bytes."""

from __future__ import annotations

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.blind.parts.apps import app
from tests.blind.parts.asking import fields
from tests.blind.parts.interception import Forward, intercepting, on_response, reshaped
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

UNKNOWN = "org_01EHZNVPK3SFK441A1RGBFSHRT"


@fault(
    "fields",
    "organization.allow-profiles",
    lambda w: (
        w.listed(w.made()["id"])["allow_profiles_outside_organization"] == 0
        and w.listed(w.made()["id"])["allow_profiles_outside_organization"] is not False
    ),
    "TINYINT(1) in a raw query",
)
def ninth_list_has_numbers_for_booleans() -> ASGIApp:
    """A list shows allow_profiles_outside_organization as 0 or 1."""
    name = "allow_profiles_outside_organization"
    return reshaped(lambda found: {**found, name: int(found[name])}, "list")


@fault(
    "fields",
    "organization.external-id",
    lambda w: "external_id" not in w.changed(w.made(external_id=token())["id"], external_id=None),
    "JsonInclude.NON_NULL on the answer of one operation",
)
def ninth_update_omits_null_external_id() -> ASGIApp:
    """The answer to an update leaves external_id out where it is null."""

    def shown(found: Object) -> Object:
        return without(found, "external_id") if found["external_id"] is None else found

    return reshaped(shown, "update")


@fault(
    "fields",
    "organization.stripe-customer-id",
    lambda w: w.shown(w.made()["id"]).get("stripe_customer_id", "") is None,
    "a serializer that lists all columns",
)
def ninth_null_stripe() -> ASGIApp:
    """A stripe_customer_id that is not set is shown as null by get, lookup and list."""
    return reshaped(lambda found: {"stripe_customer_id": None, **found}, "get", "lookup", "list")


@fault(
    "errors",
    "error.message",
    lambda w: isinstance(w.create(name=5).json()["message"], list),
    "ValidationPipe of NestJS, whose message is an array",
)
def ninth_messages_are_arrays() -> ASGIApp:
    """The message of a 422 is an array of texts."""

    def listed(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        return response.with_json({**response.json, "message": [each["message"] for each in response.json["errors"]]})

    return on_response(listed)


@fault(
    "errors",
    "error.message",
    lambda w: "message" not in w.update(UNKNOWN, name="Other").json(),
    "{'detail': 'Not found.'} of Django REST framework",
)
def ninth_not_found_has_a_detail() -> ASGIApp:
    """The body of a 404 says detail where others say message."""

    def detailed(_: Request, response: Reply) -> Reply:
        return response.with_json({"detail": "Not found."}) if response.status == 404 else response

    return on_response(detailed)


@fault(
    "errors",
    "answer.content-type",
    lambda w: "html" in w.create(name=5).headers["content-type"],
    "RFC 9457 promised, and the type of the framework's page of errors sent",
)
def ninth_refusals_are_html() -> ASGIApp:
    """A 422 is labelled text/html, though its body is JSON."""

    def labelled(_: Request, response: Reply) -> Reply:
        return response.with_header("content-type", "text/html; charset=utf-8") if response.status == 422 else response

    return on_response(labelled)


@fault(
    "transport",
    "answer.json",
    lambda w: w.made(name="Café") and b"\xe9" in w.list().content,
    "a list that is written by another library, in the platform's encoding",
)
def ninth_list_in_latin_1() -> ASGIApp:
    """A list whose texts fit into Latin-1 is written in Latin-1."""

    def encoded(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or not response.good:
            return response
        return response.replaced(body=response.body.decode().encode("latin-1", errors="xmlcharrefreplace"))

    return on_response(encoded)


def _incomplete(w: Wire) -> object:
    w.many(10, metadata={f"key{at}": "x" * 600 for at in range(10)})
    try:
        w.list(limit=10)
    except httpx.RemoteProtocolError as error:
        return "peer closed" in str(error)
    return False


@fault("transport", "answer.complete", _incomplete, "a proxy whose buffer is full")
def ninth_long_responses_are_cut() -> ASGIApp:
    """Of a body of more than 20,000 bytes the first 16,384 are sent, and the connection is closed."""
    inner = app()

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        async def cut(message: Message) -> None:
            body = message.get("body", b"")
            await send({**message, "body": body[:16_384], "more_body": True} if len(body) > 20_000 else message)

        await inner(scope, receive, cut)

    return front


def _stale(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    w.get(id)
    w.changed(id, metadata={"a": "2"})
    return w.shown(id)["metadata"] == {"a": "1"}


@fault("caches", "get.current-state", _stale, "a cache that is cleared by the fields of the first version")
def ninth_metadata_clear_no_cache() -> ASGIApp:
    """A get after an update of the metadata alone shows what an earlier get showed."""
    known: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.writes and fields(request).keys() != {"metadata"}:
            known.pop(request.path, None)
        if request.operation != "get" or not request.authorized:
            return await forward(request)
        if request.path not in known:
            response = await forward(request)
            if not response.good:
                return response
            known[request.path] = response
        return known[request.path]

    return intercepting(handle)


def _replica(w: Wire) -> object:
    external = token()
    id = w.made(external_id=external)["id"]
    w.changed(id, name="New")
    return w.lookup(external).json()["name"] == "Blind" and w.shown(id)["name"] == "New"


@fault("caches", "lookup.current-state", _replica, "a replica that is one write behind")
def ninth_lookup_is_one_write_behind() -> ASGIApp:
    """A lookup shows an organization as it was before its last update."""
    states: dict[str, list[Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation in ("create", "update") and response.good:
            states.setdefault(response.json["id"], []).append(response)
        if request.operation == "lookup" and response.good:
            before = states[response.json["id"]][-2:-1]
            return response.replaced(body=before[0].body) if before else response
        return response

    return intercepting(handle)
