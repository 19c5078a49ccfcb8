"""Responses with a status that nobody documents."""

from __future__ import annotations

from tests.mutants.parts.middleware import Reply, Request
from tests.mutants.parts.replies import fail, replies, sometimes, to_status
from tests.mutants.planting import mutant, plant


def failing(reply: Reply) -> None:
    """Answers 500."""
    reply.status, reply.json = 500, {"message": "Internal error"}
    reply.headers["content-type"] = "application/json"


def unavailable(reply: Reply) -> None:
    """Answers 503."""
    reply.status, reply.body = 503, b"busy"


# fmt: off
plant("every-twentieth-answer-fails", "answer.status", "Every twentieth response fails.",
      sometimes("", 20, fail), flaky=True)
plant("every-twentieth-answer-is-unavailable", "answer.status", "Every twentieth response is unavailable.",
      sometimes("", 20, unavailable), flaky=True)
plant("every-twentieth-create-fails", "answer.status", "Every twentieth create fails.",
      sometimes("create", 20, fail), flaky=True)
plant("every-twentieth-delete-fails", "answer.status", "Every twentieth delete fails.",
      sometimes("delete", 20, fail), flaky=True)
plant("create-200-for-201", "answer.status", "create answers 200 in the place of 201.",
      replies(to_status(200), 201, "create"), operation="create")
plant("create-202-for-201", "answer.status", "create answers 202 in the place of 201.",
      replies(to_status(202), 201, "create"), operation="create")
plant("get-201-for-200", "answer.status", "get answers 201 in the place of 200.",
      replies(to_status(201), 200, "get"), operation="get")
plant("get-203-for-200", "answer.status", "get answers 203 in the place of 200.",
      replies(to_status(203), 200, "get"), operation="get")
plant("get-206-for-200", "answer.status", "get answers 206 in the place of 200.",
      replies(to_status(206), 200, "get"), operation="get")
plant("lookup-201-for-200", "answer.status", "lookup answers 201 in the place of 200.",
      replies(to_status(201), 200, "lookup"), operation="lookup")
plant("lookup-302-for-200", "answer.status", "lookup answers 302 in the place of 200.",
      replies(to_status(302), 200, "lookup"), operation="lookup")
plant("list-201-for-200", "answer.status", "list answers 201 in the place of 200.",
      replies(to_status(201), 200, "list"), operation="list")
plant("list-206-for-200", "answer.status", "list answers 206 in the place of 200.",
      replies(to_status(206), 200, "list"), operation="list")
plant("update-201-for-200", "answer.status", "update answers 201 in the place of 200.",
      replies(to_status(201), 200, "update"), operation="update")
plant("update-202-for-200", "answer.status", "update answers 202 in the place of 200.",
      replies(to_status(202), 200, "update"), operation="update")
plant("delete-400-for-404", "answer.status", "A delete answers 400 in the place of 404.",
      replies(to_status(400), 404, "delete"), operation="delete")
plant("delete-500-for-404", "answer.status", "A delete answers 500 in the place of 404.",
      replies(to_status(500), 404, "delete"), operation="delete")
# fmt: on


@mutant("redirects", "answer.status")
def redirects(request: Request, reply: Reply) -> None:
    """A lookup redirects to the organization."""
    if request.operation == "lookup" and reply.succeeds:
        reply.status = 302
        reply.headers["location"] = f"/organizations/{reply.json['id']}"


@mutant("everything-is-200", "answer.status")
def everything_is_200(request: Request, reply: Reply) -> None:
    """Every response is 200, errors too."""
    reply.status = 200
