"""Promises that are a SHOULD, and what the years made of them."""

from __future__ import annotations

import dataclasses
import re

from starlette.types import ASGIApp

from emulator.responses import Responses
from tests.blind.parts.apps import app, reading
from tests.blind.parts.interception import Forward, intercepting, on_response, strict
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs, reply
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, deleted, token


@fault(
    "should",
    "organization.timestamp-form",
    lambda w: any(not re.search(r"\.\d{3}Z$", w.made()["created_at"]) for _ in range(90)),
    "Go: RFC3339Nano leaves out zeros at the end",
    level=SHOULD,
)
def thirteenth_moments_lose_zeros_at_their_end() -> ASGIApp:
    """Timestamps have no zeros at the end of their fraction, and no fraction of nothing but zeros."""

    class Nano(Responses):
        def timestamp(self, moment: int) -> str:
            return re.sub(r"\.?0+Z$", "Z", super().timestamp(moment))

    return app(responses=Nano())


def _masked(w: Wire) -> object:
    text = token()
    return w.lookup(text).json()["entity_id"] == text[:4] + "..."


def _mask(request: Request, response: Reply) -> Reply:
    if request.operation != "lookup" or response.status != 404:
        return response
    value = response.json
    return response.with_json({**value, "entity_id": value["entity_id"][:4] + "..."})


@fault("should", "error.not-found-entity-id", _masked, "no identifiers of customers in logs of errors", level=SHOULD)
def thirteenth_a_404_shortens_what_was_asked() -> ASGIApp:
    """The entity_id of a lookup in vain is the first four characters of what was asked for, and dots."""
    return on_response(_mask)


def _by_field(_: Request, response: Reply) -> Reply:
    if response.status != 422:
        return response
    value = response.json
    return response.with_json({**value, "errors": {each["field"]: [each["message"]] for each in value["errors"]}})


@fault(
    "should",
    "error.lists-each-fault",
    lambda w: isinstance(w.create(name=1).json()["errors"], dict),
    "Laravel, Rails: texts by field",
    level=SHOULD,
)
def thirteenth_errors_are_kept_by_field() -> ASGIApp:
    """The errors of a 422 are an object of texts by field and have no codes."""
    return on_response(_by_field)


@fault(
    "should",
    "delete.twice",
    lambda w: w.delete(deleted(w)["id"]).status_code == 202 and w.delete("org_" + "0" * 26).status_code == 404,
    "tombstones, so that a retried delete succeeds",
    level=SHOULD,
)
def thirteenth_a_second_delete_succeeds_too() -> ASGIApp:
    """A delete of an organization that was deleted before answers 202."""
    gone: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "delete" or not request.authorized:
            return await forward(request)
        response = await forward(request)
        if response.good:
            gone[request.last] = response
        return gone.get(request.last, response)

    return intercepting(handle)


@fault(
    "should",
    "answer.request-id",
    lambda w: "x-request-id" not in w.delete(w.made()["id"]).headers and "x-request-id" in w.list().headers,
    "deletes became a job of the gateway, which knows no such header",
    level=SHOULD,
)
def thirteenth_a_delete_has_no_request_id() -> ASGIApp:
    """The answer to a delete has no X-Request-ID."""
    return on_response(
        lambda request, response: (
            response.with_header("x-request-id", None) if request.operation == "delete" else response
        )
    )


def _long_in_utf_16(body: Object) -> Reply | None:
    given = [value for value in pairs(body).values() if isinstance(value, str) and len(value) <= 600]
    long = any(len(value.encode("utf-16-le", "surrogatepass")) > 1200 for value in given)
    return bad_request("invalid_metadata") if long else None


@fault(
    "should",
    "create.accepts-documented-bounds",
    lambda w: w.create(metadata={"a": "🎈" * 301}).status_code == 400,
    "JavaScript, Java, C#: length",
    level=SHOULD,
)
def thirteenth_a_balloon_counts_twice() -> ASGIApp:
    """A metadata value of more than 600 UTF-16 code units is refused, though it has no more than 600 characters."""
    return strict(_long_in_utf_16)


def _counted_twice(w: Wire) -> object:
    metadata = {f"k{at}": "x" for at in range(30)}
    return w.update(w.made(metadata=metadata)["id"], metadata=metadata).status_code == 400


@fault(
    "should", "update.accepts-documented-bounds", _counted_twice, "a check of old count plus new count", level=SHOULD
)
def thirteenth_pairs_that_are_there_count_again() -> ASGIApp:
    """An update is refused where the pairs that it sends and those that are there are more than 50 added up."""
    counts: dict[str, int] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "update" and request.authorized else None
        sent = len(pairs(body)) if isinstance(body, dict) else 0
        if sent and sent <= 50 < sent + counts.get(request.last, 0):
            return bad_request("invalid_metadata")
        response = await forward(request)
        if request.operation in ("create", "update") and response.good:
            counts[response.json["id"]] = len(response.json["metadata"])
        return response

    return intercepting(handle)


MOST_ARGUMENTS = 40


@fault(
    "should",
    "body.fifty-full-pairs",
    lambda w: w.create(metadata={f"k{at}": "x" for at in range(50)}).status_code == 403,
    "a firewall that counts arguments",
    level=SHOULD,
)
def thirteenth_more_than_forty_arguments_are_an_attack() -> ASGIApp:
    """A body with 41 to 50 pairs of metadata answers 403."""
    forbidden = reply(403, {"message": "Request blocked."})
    return strict(lambda body: forbidden if MOST_ARGUMENTS < len(pairs(body)) <= 50 else None)


def _emptied(w: Wire) -> object:
    id = w.made(metadata={"a": "1", "b": "2"})["id"]
    return w.changed(id, metadata={"a": None})["metadata"] == {"a": "", "b": "2"}


@fault("should", "update.metadata-null-key", _emptied, "Go: null is the zero value of a string", level=SHOULD)
def thirteenth_null_empties_a_pair() -> ASGIApp:
    """A metadata key that an update sets to null gets the empty text as its value."""
    return reading(
        create=False, metadata=lambda given: {key: "" if value is None else value for key, value in given.items()}
    )


def _one_missing(w: Wire) -> object:
    name = token()
    w.many(4, name=name)
    return len(w.ids(search=name, limit=4)) == 3


@fault(
    "should", "list.full-pages", _one_missing, "limit + 1 became limit when the queries were rewritten", level=SHOULD
)
def thirteenth_a_page_lacks_one() -> ASGIApp:
    """A page holds one organization less than its limit, but for a limit of one."""
    return listing(lambda asked: dataclasses.replace(asked, limit=max(1, asked.limit - 1)))
