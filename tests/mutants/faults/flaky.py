"""Answers that are right only most of the time: every twentieth, tenth or fifth is wrong."""

from __future__ import annotations

from tests.mutants.altering import Spoil
from tests.mutants.planting import plant
from tests.mutants.wire_tap import Reply, Request, Wire


def sometimes(operation: str, interval: int, change: Spoil) -> type[Wire]:
    """Changes every so manieth success of an operation, or of all where it is empty."""

    class Sometimes(Wire):
        count = 0

        def alter(self, request: Request, reply: Reply) -> None:
            if not reply.succeeds or operation not in ("", request.operation):
                return
            self.count += 1
            if self.count % interval == 0:
                change(reply)

    return Sometimes


def failing(reply: Reply) -> None:
    """Answers 500."""
    reply.status, reply.json = 500, {"message": "Internal error"}
    reply.headers["content-type"] = "application/json"


def unavailable(reply: Reply) -> None:
    """Answers 503."""
    reply.status, reply.body = 503, b"busy"


def empty(reply: Reply) -> None:
    """Leaves no body."""
    reply.body = b""


def cut(reply: Reply) -> None:
    """Leaves half of the body."""
    reply.body = reply.body[: len(reply.body) // 2]


def mislabelled(reply: Reply) -> None:
    """Calls it text."""
    reply.headers["content-type"] = "text/plain"


def gone(reply: Reply) -> None:
    """Answers 404."""
    reply.status, reply.json = 404, {"message": "No such organization."}


def nameless(reply: Reply) -> None:
    """Leaves the name out."""
    body = reply.json
    if body and "name" in body:
        del body["name"]
        reply.json = body


def forgetful(reply: Reply) -> None:
    """Shows metadata as empty where there are some."""
    body = reply.json
    if body and "metadata" in body:
        reply.json = {**body, "metadata": {}}


def older(reply: Reply) -> None:
    """Shows a name that was never given."""
    body = reply.json
    if body and "name" in body:
        reply.json = {**body, "name": "Acme"}


def shorter(reply: Reply) -> None:
    """Loses the last organization of a page."""
    body = reply.json
    reply.json = {**body, "data": body["data"][:-1]}


def shuffled(reply: Reply) -> None:
    """Puts the organizations of a page in reverse."""
    body = reply.json
    reply.json = {**body, "data": body["data"][::-1]}


def doubled(reply: Reply) -> None:
    """Lists the first organization of a page twice."""
    body = reply.json
    reply.json = {**body, "data": [*body["data"][:1], *body["data"]]}


def without_cursors(reply: Reply) -> None:
    """Gives a page no cursors."""
    body = reply.json
    reply.json = {**body, "list_metadata": {"before": None, "after": None}}


def dropped(reply: Reply) -> None:
    """Ends the connection before the answer is complete."""
    reply.announced = len(reply.body) + 10


FAULTS: tuple[tuple[str, str, str, Spoil], ...] = (
    ("", "answer.status", "fails", failing),
    ("", "answer.status", "is-unavailable", unavailable),
    ("", "answer.complete", "breaks-off", dropped),
    ("get", "answer.json", "is-empty", empty),
    ("get", "get.current-state", "is-gone", gone),
    ("get", "organization.name", "is-nameless", nameless),
    ("get", "get.current-state", "has-another-name", older),
    ("lookup", "lookup.current-state", "has-another-name", older),
    ("lookup", "lookup.current-state", "is-gone", gone),
    ("update", "update.sets-what-was-sent", "has-another-name", older),
    ("update", "answer.content-type", "is-mislabelled", mislabelled),
    ("create", "create.returns-what-was-sent", "has-another-name", older),
    ("create", "answer.status", "fails", failing),
    ("delete", "answer.status", "fails", failing),
    ("list", "answer.json", "is-cut", cut),
    ("list", "list.walk-forward", "loses-the-last", shorter),
    ("list", "list.order", "is-in-reverse", shuffled),
    ("list", "list.walk-forward", "doubles-the-first", doubled),
    ("list", "list.walk-forward", "has-no-cursors", without_cursors),
)

INTERVAL = 20
"""One answer in so many is wrong."""

for operation, requirement, label, change in FAULTS:
    subject = operation or "answer"
    fault = f"Every twentieth {subject} {label.replace('-', ' ')}."
    part = sometimes(operation, INTERVAL, change)
    plant(f"every-twentieth-{subject}-{label}", requirement, fault, part, chance=True)
plant("every-tenth-get-forgets-metadata", "get.current-state", "Every tenth get shows no metadata.",
      sometimes("get", 10, forgetful), chance=True)  # fmt: skip
plant("every-fifth-lookup-is-empty", "answer.json", "Every fifth lookup has no body.",
      sometimes("lookup", 5, empty), chance=True)  # fmt: skip
