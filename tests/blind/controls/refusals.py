"""Refusals and responses to deletions that look unusual and are legal."""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp

from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Reply, reply
from tests.blind.registry import control
from tests.blind.wire import Wire

UNKNOWN = "org_01EHZNVPK3SFK441A1RGBFSHRT"


OPEN = "FACTS: objects are open (O)"


@control(
    "refusals", "error.message: a message for people, in no promised words", lambda w: "\u00fc" in w.get(UNKNOWN).text
)
def messages_in_other_language() -> ASGIApp:
    """Messages are in German."""
    return on_response(
        lambda _, response: (
            response
            if response.good or not isinstance(response.json, dict)
            else response.with_json({**response.json, "message": "Daf\u00fcr gibt es nichts, was passt."})
        )
    )


@control("refusals", OPEN, lambda w: "statusCode" in w.get(UNKNOWN).json())
def refusals_with_more_properties() -> ASGIApp:
    """Refusals carry properties that nobody documents."""

    def altered(_: Any, response: Reply) -> Reply:
        if response.good or not isinstance(response.json, dict):
            return response
        more = {"statusCode": response.status, "error": "x", "doc_url": "https://example.com", "params": None}
        return response.with_json({**response.json, **more})

    return on_response(altered)


@control("refusals", "FACTS: real 422 bodies, the second form (R)", lambda w: "code" not in w.post("{}").json())
def unprocessable_in_short_form() -> ASGIApp:
    """A 422 has the form {message, errors: [{field, code}]}."""
    return on_response(
        lambda _, response: (
            response.with_json(
                {
                    "message": "Validation failed",
                    "errors": [{"field": each["field"], "code": each["code"]} for each in response.json["errors"]],
                }
            )
            if response.status == 422
            else response
        )
    )


@control(
    "refusals",
    "O asks for a message alone; the code is SHOULD",
    lambda w: list(w.get(UNKNOWN).json()) == ["message"],
    may_warn=True,
)
def missing_says_message_alone() -> ASGIApp:
    """A 404 holds a message and nothing else."""
    return on_response(
        lambda _, response: response.with_json({"message": "Not Found"}) if response.status == 404 else response
    )


@control(
    "refusals",
    "O asks for a message alone; the list is SHOULD",
    lambda w: list(w.post("{}").json()) == ["message"],
    may_warn=True,
)
def unprocessable_says_message_alone() -> ASGIApp:
    """A 422 holds a message and nothing else."""
    return on_response(
        lambda _, response: response.with_json({"message": "Validation failed"}) if response.status == 422 else response
    )


@control(
    "refusals",
    "body.malformed: refused with 400 or 422 (FACTS)",
    lambda w: w.post("{").status_code == 400,
    may_warn=True,
)
def malformed_answers_400() -> ASGIApp:
    """A body that is no JSON answers 400 with a code of its own."""
    return on_request(
        lambda request: (
            reply(400, {"message": "Bad Request", "code": "invalid_json"})
            if request.operation in {"create", "update"} and request.json is None and request.body.strip() != b"null"
            else request
        )
    )


def _deleted(w: Wire) -> Any:
    return w.delete(w.made()["id"])


def deleting(response: Reply) -> ASGIApp:
    """An app that answers a delete otherwise."""
    return on_response(lambda request, found: response if request.operation == "delete" and found.good else found)


@control("deletion", "O 200 of delete", lambda w: (response := _deleted(w)).status_code == 200 and not response.content)
def delete_answers_200_without_body() -> ASGIApp:
    """A delete answers 200 without a body."""
    return deleting(Reply(200, (("x-request-id", "planted"),), b""))


@control("deletion", "O 200 of delete, no body documented", lambda w: _deleted(w).status_code == 200)
def delete_answers_200_with_json() -> ASGIApp:
    """A delete answers 200 with JSON that says so."""
    return deleting(reply(200, {"object": "organization", "deleted": True}))


@control(
    "deletion",
    "O 202 of delete",
    lambda w: (response := _deleted(w)).status_code == 202 and "json" in response.headers["content-type"],
)
def delete_answers_202_with_json_text() -> ASGIApp:
    """A delete answers 202 with the JSON text "Accepted"."""
    return deleting(reply(202, "Accepted"))
