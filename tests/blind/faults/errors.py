"""Bodies of refusals."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp

from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Json, Reply, Request, reply, without
from tests.blind.registry import fault
from tests.blind.wire import token

MESSAGE = "error.message"


def refusing(status: int, change: Callable[[Request, Reply], Reply]) -> ASGIApp:
    """An app whose refusals of one status look otherwise."""
    return on_response(lambda request, response: change(request, response) if response.status == status else response)


def refusing_with(status: int, change: Callable[[Json], Json]) -> ASGIApp:
    """An app whose refusals of one status have another body."""
    return refusing(status, lambda _, response: response.with_json(change(response.json)))


@fault("errors", MESSAGE, lambda w: w.get("org_unknown").text.startswith("<"), "a framework's own page")
def missing_answers_with_page() -> ASGIApp:
    """A 404 is a page in HTML."""
    return refusing(
        404,
        lambda _, response: response.replaced(body=b"<html><body><h1>404 Not Found</h1></body></html>").with_header(
            "content-type", "text/html"
        ),
    )


@fault("errors", MESSAGE, lambda w: w.lookup(token()).content == b"", "a status without a body")
def missing_lookup_answers_empty() -> ASGIApp:
    """The 404 of a lookup has no body."""
    return refusing(
        404, lambda request, response: response.replaced(body=b"") if request.operation == "lookup" else response
    )


@fault("errors", MESSAGE, lambda w: isinstance(w.post("{}").json(), list), "the list of a validator as it is")
def unprocessable_is_list() -> ASGIApp:
    """A 422 is an array of errors."""
    return refusing_with(422, lambda value: value["errors"])


@fault("errors", MESSAGE, lambda w: isinstance(w.post("{}").json()["message"], list), "NestJS with class-validator")
def unprocessable_message_is_list() -> ASGIApp:
    """The message of a 422 is an array of texts."""
    return refusing_with(422, lambda value: {**value, "message": [each["message"] for each in value["errors"]]})


@fault("errors", MESSAGE, lambda w: "message" not in w.list(limit=0).json(), "FastAPI's detail")
def query_refusal_says_detail() -> ASGIApp:
    """The 422 of a list says `detail` and no message."""
    return refusing(
        422,
        lambda request, response: (
            response.with_json({**without(response.json, "message"), "detail": response.json["errors"]})
            if request.operation == "list"
            else response
        ),
    )


@fault(
    "errors",
    MESSAGE,
    lambda w: w.other(None).get("/organizations").json() == {"error": "unauthorized"},
    "the form of OAuth",
)
def unauthorized_says_error() -> ASGIApp:
    """A 401 says `error` and no message."""
    return refusing_with(401, lambda _: {"error": "unauthorized"})


@fault(
    "errors", MESSAGE, lambda w: w.create(metadata={"k" * 41: "v"}).json()["message"] is None, "a missing translation"
)
def bad_request_message_is_null() -> ASGIApp:
    """The message of a 400 is null."""
    return refusing_with(400, lambda value: {**value, "message": None})


@fault(
    "errors",
    "body.metadata-long-value",
    lambda w: w.create(metadata={"k": "v" * 601}).status_code == 422,
    "O 400 with the code invalid_metadata",
)
def metadata_refused_with_422() -> ASGIApp:
    """Metadata beyond their limits answer 422 instead of 400."""
    return refusing(
        400,
        lambda _, response: (
            reply(422, {"message": "Validation failed.", "errors": [{"field": "metadata", "code": "too_long"}]})
            if b"invalid_metadata" in response.body
            else response
        ),
    )


@fault(
    "errors",
    "body.metadata-too-many",
    lambda w: w.create(metadata={f"k{i}": "v" for i in range(51)}).json()["code"] != "invalid_metadata",
    "O code of 400",
)
def metadata_refused_with_other_code() -> ASGIApp:
    """Metadata beyond their limits answer 400 with the code metadata_limit_exceeded."""
    return refusing_with(
        400, lambda value: {**value, "code": value["code"].replace("invalid_metadata", "metadata_limit_exceeded")}
    )


@fault("errors", "list.limit-out-of-bounds", lambda w: w.list(limit=101).status_code == 400, "O 422 of list")
def query_refused_with_400() -> ASGIApp:
    """A list that breaks a rule answers 400 instead of 422."""
    return refusing(
        422, lambda request, response: response.replaced(status=400) if request.operation == "list" else response
    )


@fault("errors", "get.unknown", lambda w: w.get("org_unknown").status_code == 200, "errors in the body alone")
def missing_answers_200_with_error() -> ASGIApp:
    """A get of an unknown id answers 200 with an error in its body."""
    return refusing(
        404, lambda request, response: response.replaced(status=200) if request.operation == "get" else response
    )
