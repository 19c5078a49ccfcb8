"""Faults in statuses and in the bodies of errors."""

from __future__ import annotations

from emulator.refusals import InvalidMetadata, NotFound, Refusal, Taken, Unauthorized
from emulator.responses import Responses
from tests.mutants.altering import Change, Object, Spoil, errors, put, replies, without
from tests.mutants.planting import mutant, plant
from tests.mutants.wire_tap import Reply

# ---- One status for another -----------------------------------------------------------------------


def to_status(status: int) -> Spoil:
    """Gives a reply another status."""

    def change(reply: Reply) -> None:
        reply.status = status

    return change


for operation, status, others, requirement in (
    ("create", 201, (200, 202), "answer.status"),
    ("get", 200, (201, 203, 206), "answer.status"),
    ("lookup", 200, (201, 302), "answer.status"),
    ("list", 200, (201, 206), "answer.status"),
    ("update", 200, (201, 202), "answer.status"),
    ("delete", 202, (201, 204, 205), "delete.answers"),
    ("get", 404, (200, 400, 403, 410, 422, 500), "get.unknown"),
    ("lookup", 404, (200, 400, 403, 410, 422, 500), "lookup.unknown"),
    ("update", 404, (200, 400, 403, 410, 422, 500), "update.unknown"),
    ("create", 422, (200, 400, 409, 500), "body.name-missing"),
    ("update", 422, (200, 400, 409, 500), "body.external-id-type"),
    ("list", 422, (200, 400, 404, 500), "list.limit-out-of-bounds"),
    ("create", 400, (201, 409, 422, 500), "create.external-id-taken"),
    ("update", 400, (200, 409, 422, 500), "update.external-id-taken"),
    ("list", 401, (200, 400, 403, 404, 500), "authentication.missing-key"),
    ("create", 401, (403, 422), "authentication.missing-key"),
    ("get", 401, (403, 404), "authentication.wrong-key"),
    ("lookup", 401, (404,), "authentication.missing-key"),
    ("update", 401, (404,), "authentication.wrong-key"),
    ("delete", 401, (403, 202), "authentication.missing-key"),
):
    for other in others:
        fault = f"{operation} answers {other} in the place of {status}."
        part = replies(to_status(other), status, operation)
        plant(f"{operation}-{other}-for-{status}", requirement, fault, part, operation=operation)

for other in (400, 500):
    plant(f"delete-{other}-for-404", "answer.status", f"A delete answers {other} in the place of 404.",
          replies(to_status(other), 404, "delete"), operation="delete")  # fmt: skip
plant("delete-202-for-404", "delete.unknown", "A delete of what is not there succeeds.",
      replies(to_status(202), 404, "delete"), weak="only R shows the 404 of DELETE")  # fmt: skip

# ---- The message ----------------------------------------------------------------------------------

for operation, status, occasion in (
    ("list", 401, "authentication.missing-key"),
    ("get", 404, "get.unknown"),
    ("lookup", 404, "lookup.unknown"),
    ("update", 404, "update.unknown"),
    ("create", 422, "body.name-type"),
    ("update", 422, "body.name-type"),
    ("list", 422, "list.limit-out-of-bounds"),
):
    for label, change in (
        ("without-message", without("message")),
        ("with-null-message", put("message", None)),
        ("with-message-array", put("message", ["no"])),
    ):
        plant(f"{operation}-{status}-{label}", "error.message", f"A {status} of {operation} comes {label}.",
              errors(change, status, (operation,)), operation=operation, beside=occasion)  # fmt: skip
for operation in ("create", "update"):
    plant(f"{operation}-400-without-message", "error.message", f"A 400 of {operation} has no message.",
          errors(without("message"), 400, (operation,)), operation=operation,
          beside=f"{operation}.external-id-taken")  # fmt: skip
plant("delete-404-without-message", "error.message", "A 404 of delete has no message.",
      errors(without("message"), 404, ("delete",)), operation="delete")  # fmt: skip


def renamed(name: str) -> Change:
    """Gives the message another name."""

    def change(body: Object) -> None:
        body[name] = body.pop("message")

    return change


for name in ("error", "detail"):
    plant(
        f"message-called-{name}", "error.message", f"The message of a 404 is called {name}.", errors(renamed(name), 404)
    )


def body(content: bytes, media_type: str = "application/json") -> Spoil:
    """Gives a reply another body."""

    def change(reply: Reply) -> None:
        reply.body = content
        reply.headers["content-type"] = media_type

    return change


for status, occasion in (
    (401, "authentication.missing-key"),
    (404, "get.unknown"),
    (422, "list.limit-out-of-bounds"),
):
    for label, content, requirement in (
        ("empty", b"", "answer.json"),
        ("array", b'[{"message": "no"}]', "error.message"),
        ("string", b'"no"', "error.message"),
        ("null", b"null", "error.message"),
        ("empty-object", b"{}", "error.message"),
        ("text", b"no", "answer.json"),
    ):
        fault = f"The body of a {status} is {content!r}."
        plant(f"{status}-body-{label}", requirement, fault, replies(body(content), status), beside=occasion)
    plant(f"{status}-as-html", "answer.content-type", f"A {status} is a page of HTML.",
          replies(body(b"<h1>No</h1>", "text/html"), status), beside=occasion)  # fmt: skip
plant(
    "400-body-empty",
    "answer.json",
    "The body of a 400 is empty.",
    replies(body(b""), 400),
    beside="create.external-id-taken",
)

# ---- Codes ----------------------------------------------------------------------------------------


class Refusing(Responses):
    """Answers that change the bodies of some refusals."""

    def refused(self, refusal: Refusal) -> object:  # type: ignore[override]
        return self.json(refusal.status, {**refusal.body(), **self.instead(refusal)})

    def instead(self, refusal: Refusal) -> Object:
        return {}


@mutant("create.external-id-taken")
class TakenWithoutCode(Refusing):
    """The refusal of an external_id that is taken has a code that says nothing."""

    def instead(self, refusal: Refusal) -> Object:
        return {"code": "bad_request"} if isinstance(refusal, Taken) else {}


@mutant("update.external-id-taken")
class TakenCodeOfTheOtherField(Refusing):
    """An external_id that is taken is refused as a stripe_customer_id."""

    def instead(self, refusal: Refusal) -> Object:
        return {"code": "stripe_customer_id_already_used"} if isinstance(refusal, Taken) else {}


@mutant("update.stripe-customer-id-taken")
class StripeTakenCodeOfTheOtherField(Refusing):
    """A stripe_customer_id that is taken is refused as an external_id."""

    def instead(self, refusal: Refusal) -> Object:
        return {"code": "external_id_already_used"} if isinstance(refusal, Taken) else {}


@mutant("body.metadata-too-many")
class MetadataWithoutCode(Refusing):
    """The refusal of bad metadata has a code that says nothing."""

    def instead(self, refusal: Refusal) -> Object:
        return {"code": "invalid_request_parameters"} if isinstance(refusal, InvalidMetadata) else {}


@mutant("error.not-found-code", weak="only R shows the code of a 404")
class NotFoundWithoutCode(Refusing):
    """A 404 has a code that says nothing."""

    def instead(self, refusal: Refusal) -> Object:
        return {"code": "not_found"} if isinstance(refusal, NotFound) else {}


@mutant("error.message")
class MessageIsAnObject(Refusing):
    """The message of a 401 is an object."""

    def instead(self, refusal: Refusal) -> Object:
        return {"message": {"en": "Unauthorized"}} if isinstance(refusal, Unauthorized) else {}


for name, change in (("errors-missing", without("errors")), ("errors-empty", put("errors", [])),
                     ("errors-of-texts", put("errors", ["name"]))):  # fmt: skip
    plant(name, "error.lists-each-fault", "A 422 does not list its faults with codes.", errors(change, 422),
          weak="only R shows the list")  # fmt: skip
