"""Errors that say less than they should, or say it in another form."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.types import ASGIApp

from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Json, Reply, Request, bad_request, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, token

KIND = "fifth: errors"
UNKNOWN = "org_01H0000000000000000000000A"


def refused(change: Callable[[Request, Reply], Reply], status: int, *operations: str) -> ASGIApp:
    """An app whose refusals with one status look otherwise in some operations."""
    return on_response(
        lambda request, response: (
            change(request, response) if response.status == status and request.operation in operations else response
        )
    )


def rewritten(change: Callable[[Json], Json], status: int, *operations: str) -> ASGIApp:
    """The same for the body alone."""
    return refused(lambda _, response: response.with_json(change(response.json)), status, *operations)


@fault(
    KIND,
    "error.message",
    lambda w: w.lookup(token()).json() == {"error": "not_found"},
    "an exception of its own for one finder",
)
def fifth_lookup_404_has_no_message() -> ASGIApp:
    """The 404 of a lookup has an error in place of a message."""
    return rewritten(lambda _: {"error": "not_found"}, 404, "lookup")


@fault(
    KIND,
    "answer.content-type",
    lambda w: "html" in w.update(UNKNOWN, name="a").headers["content-type"],
    "get_object_or_404",
)
def fifth_update_404_is_a_page() -> ASGIApp:
    """The 404 of an update is a page of HTML."""
    page = b"<!doctype html><title>Not Found</title><h1>Not Found</h1>"
    return refused(
        lambda _, response: response.replaced(body=page).with_header("content-type", "text/html; charset=utf-8"),
        404,
        "update",
    )


@fault(
    KIND,
    "error.message",
    lambda w: isinstance(w.create(domains=5, external_id=5).json()["message"], list),
    "NestJS",
)
def fifth_several_faults_make_a_list_of_messages() -> ASGIApp:
    """The message of a 422 is a list when there are several faults."""
    return rewritten(
        lambda body: (
            {**body, "message": [each["message"] for each in body["errors"]]} if len(body["errors"]) > 1 else body
        ),
        422,
        "create",
        "update",
        "list",
    )


@fault(KIND, "error.message", lambda w: "message" not in w.list(limit=0).json(), "an envelope")
def fifth_list_422_is_wrapped() -> ASGIApp:
    """The 422 of a list has everything within an error."""
    return rewritten(lambda body: {"error": body}, 422, "list")


@fault(
    KIND,
    "get.unknown",
    lambda w: w.get("unknown").status_code == 400 and w.get(UNKNOWN).status_code == 404,
    "ids that are parsed before they are looked for",
)
def fifth_get_of_another_prefix_answers_400() -> ASGIApp:
    """A get with an id that does not begin with org_ answers 400."""
    return refused(
        lambda request, response: response if request.last.startswith("org_") else bad_request("invalid_id"), 404, "get"
    )


@fault(KIND, "lookup.unknown", lambda w: w.lookup(token()).status_code == 200, "null for what is not there")
def fifth_lookup_of_unknown_answers_null() -> ASGIApp:
    """A lookup of an unknown external_id answers 200 with null."""
    return refused(lambda _, response: response.with_json(None).replaced(status=200), 404, "lookup")


@fault(KIND, "body.name-missing", lambda w: w.post(b"{}").status_code == 400, "400 for whatever is missing")
def fifth_missing_name_answers_400() -> ASGIApp:
    """A create without a name answers 400."""
    return refused(
        lambda request, response: (
            bad_request("name_required") if isinstance(request.json, dict) and "name" not in request.json else response
        ),
        422,
        "create",
    )


@fault(
    KIND,
    "body.metadata-too-many",
    lambda w: w.create(metadata={str(n): "a" for n in range(51)}).json()["code"] == "metadata_limit_exceeded",
    "a code for each limit",
)
def fifth_too_many_pairs_have_a_code_of_their_own() -> ASGIApp:
    """A create with more than 50 pairs of metadata answers 400 with the code metadata_limit_exceeded."""

    def change(request: Request, response: Reply) -> Reply:
        metadata = request.json.get("metadata")
        many = isinstance(metadata, dict) and len(metadata) > 50
        return bad_request("metadata_limit_exceeded") if many else response

    return refused(change, 400, "create")


@fault(
    KIND,
    "answer.content-type",
    lambda w: w.list(limit=0).headers["content-type"].startswith("application/problem+json"),
    "RFC 9457",
)
def fifth_422_is_labelled_as_problem() -> ASGIApp:
    """A 422 is labelled application/problem+json."""
    return refused(
        lambda _, response: response.with_header("content-type", "application/problem+json"),
        422,
        "create",
        "update",
        "list",
    )


@fault(
    KIND,
    "error.not-found-entity-id",
    lambda w: w.lookup("a b/c").json()["entity_id"] == quote("a b/c", safe=""),
    "a path as the router has it",
    level="SHOULD",
)
def fifth_entity_id_of_a_lookup_stays_encoded() -> ASGIApp:
    """The entity_id of a lookup's 404 is percent-encoded."""
    return refused(
        lambda request, response: response.with_json({**response.json, "entity_id": request.last}), 404, "lookup"
    )


@fault(
    KIND,
    "error.not-found-code",
    lambda w: w.delete(deleted(w)["id"]).json()["code"] == "not_found",
    "a code by status",
    level="SHOULD",
)
def fifth_delete_404_has_another_code() -> ASGIApp:
    """The 404 of a delete has the code not_found."""
    return rewritten(lambda body: {**body, "code": "not_found"}, 404, "delete")


def texts_only(w: Wire) -> bool:
    return isinstance(w.update(w.made()["id"], name=5).json()["errors"][0], str)


@fault(KIND, "error.lists-each-fault", texts_only, "full_messages", level="SHOULD")
def fifth_update_422_lists_texts() -> ASGIApp:
    """The 422 of an update lists texts."""
    return rewritten(lambda body: {**body, "errors": [each["message"] for each in body["errors"]]}, 422, "update")


def conflict_as_422(w: Wire) -> bool:
    taken = token()
    w.made(external_id=taken)
    return w.create(external_id=taken).status_code == 422


@fault(KIND, "create.external-id-taken", conflict_as_422, "validates :external_id, uniqueness: true")
def fifth_taken_external_id_of_a_create_is_invalid() -> ASGIApp:
    """A create with an external_id that is taken answers 422."""
    return refused(
        lambda _, response: (
            unprocessable("external_id", "has already been taken")
            if response.json.get("code") == "external_id_already_used"
            else response
        ),
        400,
        "create",
    )
