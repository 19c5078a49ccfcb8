"""Responses whose content type is not that of their body."""

from __future__ import annotations

from tests.mutants.parts.replies import body, labelled, replies, sometimes
from tests.mutants.planting import plant

# fmt: off
plant("every-twentieth-update-is-mislabelled", "answer.content-type", "Every twentieth update is mislabelled.",
      sometimes("update", 20, labelled("text/plain")), flaky=True)
plant("401-as-html", "answer.content-type", "A 401 is a page of HTML.",
      replies(body(b"<h1>No</h1>", "text/html"), 401), occasion="authentication.missing-key")
plant("404-as-html", "answer.content-type", "A 404 is a page of HTML.",
      replies(body(b"<h1>No</h1>", "text/html"), 404), occasion="get.unknown")
plant("422-as-html", "answer.content-type", "A 422 is a page of HTML.",
      replies(body(b"<h1>No</h1>", "text/html"), 422), occasion="list.limit-out-of-bounds")
plant("create-as-text", "answer.content-type", "The response to create is labelled text/plain.",
      replies(labelled("text/plain"), 201, "create"), operation="create")
plant("create-as-html", "answer.content-type", "The response to create is labelled text/html.",
      replies(labelled("text/html; charset=utf-8"), 201, "create"), operation="create")
plant("create-without-type", "answer.content-type", "The response to create has no content type.",
      replies(labelled(None), 201, "create"), operation="create")
plant("get-as-text", "answer.content-type", "The response to get is labelled text/plain.",
      replies(labelled("text/plain"), 200, "get"), operation="get")
plant("get-as-html", "answer.content-type", "The response to get is labelled text/html.",
      replies(labelled("text/html; charset=utf-8"), 200, "get"), operation="get")
plant("get-without-type", "answer.content-type", "The response to get has no content type.",
      replies(labelled(None), 200, "get"), operation="get")
plant("lookup-as-text", "answer.content-type", "The response to lookup is labelled text/plain.",
      replies(labelled("text/plain"), 200, "lookup"), operation="lookup")
plant("lookup-as-html", "answer.content-type", "The response to lookup is labelled text/html.",
      replies(labelled("text/html; charset=utf-8"), 200, "lookup"), operation="lookup")
plant("lookup-without-type", "answer.content-type", "The response to lookup has no content type.",
      replies(labelled(None), 200, "lookup"), operation="lookup")
plant("list-as-text", "answer.content-type", "The response to list is labelled text/plain.",
      replies(labelled("text/plain"), 200, "list"), operation="list")
plant("list-as-html", "answer.content-type", "The response to list is labelled text/html.",
      replies(labelled("text/html; charset=utf-8"), 200, "list"), operation="list")
plant("list-without-type", "answer.content-type", "The response to list has no content type.",
      replies(labelled(None), 200, "list"), operation="list")
plant("update-as-text", "answer.content-type", "The response to update is labelled text/plain.",
      replies(labelled("text/plain"), 200, "update"), operation="update")
plant("update-as-html", "answer.content-type", "The response to update is labelled text/html.",
      replies(labelled("text/html; charset=utf-8"), 200, "update"), operation="update")
plant("update-without-type", "answer.content-type", "The response to update has no content type.",
      replies(labelled(None), 200, "update"), operation="update")
# fmt: on
