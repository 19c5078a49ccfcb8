"""Errors that are out of shape."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from emulator.refusals import NotFound, Refusal, Unauthorized
from tests.mutants.parts.objects import Change, Object, Refusing, errors, put, without
from tests.mutants.parts.replies import body, replies
from tests.mutants.planting import mutant, plant


def message_renamed(name: str) -> Change:
    """Gives the message another name."""

    def change(error: Object) -> None:
        error[name] = error.pop("message")

    return change


# fmt: off
plant("list-401-without-message", "error.message", "A 401 of list comes without-message.",
      errors(without("message"), 401, ("list",)), operation="list", occasion="authentication.missing-key")
plant("list-401-with-null-message", "error.message", "A 401 of list comes with-null-message.",
      errors(put("message", None), 401, ("list",)), operation="list", occasion="authentication.missing-key")
plant("list-401-with-message-array", "error.message", "A 401 of list comes with-message-array.",
      errors(put("message", ["no"]), 401, ("list",)), operation="list", occasion="authentication.missing-key")
plant("get-404-without-message", "error.message", "A 404 of get comes without-message.",
      errors(without("message"), 404, ("get",)), operation="get", occasion="get.unknown")
plant("get-404-with-null-message", "error.message", "A 404 of get comes with-null-message.",
      errors(put("message", None), 404, ("get",)), operation="get", occasion="get.unknown")
plant("get-404-with-message-array", "error.message", "A 404 of get comes with-message-array.",
      errors(put("message", ["no"]), 404, ("get",)), operation="get", occasion="get.unknown")
plant("lookup-404-without-message", "error.message", "A 404 of lookup comes without-message.",
      errors(without("message"), 404, ("lookup",)), operation="lookup", occasion="lookup.unknown")
plant("lookup-404-with-null-message", "error.message", "A 404 of lookup comes with-null-message.",
      errors(put("message", None), 404, ("lookup",)), operation="lookup", occasion="lookup.unknown")
plant("lookup-404-with-message-array", "error.message", "A 404 of lookup comes with-message-array.",
      errors(put("message", ["no"]), 404, ("lookup",)), operation="lookup", occasion="lookup.unknown")
plant("update-404-without-message", "error.message", "A 404 of update comes without-message.",
      errors(without("message"), 404, ("update",)), operation="update", occasion="update.unknown")
plant("update-404-with-null-message", "error.message", "A 404 of update comes with-null-message.",
      errors(put("message", None), 404, ("update",)), operation="update", occasion="update.unknown")
plant("update-404-with-message-array", "error.message", "A 404 of update comes with-message-array.",
      errors(put("message", ["no"]), 404, ("update",)), operation="update", occasion="update.unknown")
plant("create-422-without-message", "error.message", "A 422 of create comes without-message.",
      errors(without("message"), 422, ("create",)), operation="create", occasion="body.name-type")
plant("create-422-with-null-message", "error.message", "A 422 of create comes with-null-message.",
      errors(put("message", None), 422, ("create",)), operation="create", occasion="body.name-type")
plant("create-422-with-message-array", "error.message", "A 422 of create comes with-message-array.",
      errors(put("message", ["no"]), 422, ("create",)), operation="create", occasion="body.name-type")
plant("update-422-without-message", "error.message", "A 422 of update comes without-message.",
      errors(without("message"), 422, ("update",)), operation="update", occasion="body.name-type")
plant("update-422-with-null-message", "error.message", "A 422 of update comes with-null-message.",
      errors(put("message", None), 422, ("update",)), operation="update", occasion="body.name-type")
plant("update-422-with-message-array", "error.message", "A 422 of update comes with-message-array.",
      errors(put("message", ["no"]), 422, ("update",)), operation="update", occasion="body.name-type")
plant("list-422-without-message", "error.message", "A 422 of list comes without-message.",
      errors(without("message"), 422, ("list",)), operation="list", occasion="list.limit-out-of-bounds")
plant("list-422-with-null-message", "error.message", "A 422 of list comes with-null-message.",
      errors(put("message", None), 422, ("list",)), operation="list", occasion="list.limit-out-of-bounds")
plant("list-422-with-message-array", "error.message", "A 422 of list comes with-message-array.",
      errors(put("message", ["no"]), 422, ("list",)), operation="list", occasion="list.limit-out-of-bounds")
plant("create-400-without-message", "error.message", "A 400 of create has no message.",
      errors(without("message"), 400, ("create",)), operation="create", occasion="create.external-id-taken")
plant("update-400-without-message", "error.message", "A 400 of update has no message.",
      errors(without("message"), 400, ("update",)), operation="update", occasion="update.external-id-taken")
plant("delete-404-without-message", "error.message", "A 404 of delete has no message.",
      errors(without("message"), 404, ("delete",)), operation="delete")
plant("message-called-error", "error.message", "The message of a 404 is called error.",
      errors(message_renamed("error"), 404))
plant("message-called-detail", "error.message", "The message of a 404 is called detail.",
      errors(message_renamed("detail"), 404))
plant("401-body-array", "error.message", "The body of a 401 is b'[{\"message\": \"no\"}]'.",
      replies(body(b'[{"message": "no"}]'), 401), occasion="authentication.missing-key")
plant("401-body-string", "error.message", "The body of a 401 is b'\"no\"'.",
      replies(body(b'"no"'), 401), occasion="authentication.missing-key")
plant("401-body-null", "error.message", "The body of a 401 is b'null'.",
      replies(body(b"null"), 401), occasion="authentication.missing-key")
plant("401-body-empty-object", "error.message", "The body of a 401 is b'{}'.",
      replies(body(b"{}"), 401), occasion="authentication.missing-key")
plant("404-body-array", "error.message", "The body of a 404 is b'[{\"message\": \"no\"}]'.",
      replies(body(b'[{"message": "no"}]'), 404), occasion="get.unknown")
plant("404-body-string", "error.message", "The body of a 404 is b'\"no\"'.",
      replies(body(b'"no"'), 404), occasion="get.unknown")
plant("404-body-null", "error.message", "The body of a 404 is b'null'.",
      replies(body(b"null"), 404), occasion="get.unknown")
plant("404-body-empty-object", "error.message", "The body of a 404 is b'{}'.",
      replies(body(b"{}"), 404), occasion="get.unknown")
plant("422-body-array", "error.message", "The body of a 422 is b'[{\"message\": \"no\"}]'.",
      replies(body(b'[{"message": "no"}]'), 422), occasion="list.limit-out-of-bounds")
plant("422-body-string", "error.message", "The body of a 422 is b'\"no\"'.",
      replies(body(b'"no"'), 422), occasion="list.limit-out-of-bounds")
plant("422-body-null", "error.message", "The body of a 422 is b'null'.",
      replies(body(b"null"), 422), occasion="list.limit-out-of-bounds")
plant("422-body-empty-object", "error.message", "The body of a 422 is b'{}'.",
      replies(body(b"{}"), 422), occasion="list.limit-out-of-bounds")

plant("bad-request-without-code", "error.bad-request-code", "A 400 has no code.", errors(without("code"), 400))

plant("422-without-errors", "error.lists-each-fault", "A 422 does not list its faults with codes.",
      errors(without("errors"), 422))
plant("422-with-empty-errors", "error.lists-each-fault", "A 422 does not list its faults with codes.",
      errors(put("errors", []), 422))
plant("422-with-errors-of-texts", "error.lists-each-fault", "A 422 does not list its faults with codes.",
      errors(put("errors", ["name"]), 422))

plant("not-found-without-entity-id", "error.not-found-code", "A 404 does not name what was asked for.",
      errors(without("entity_id"), 404))
# fmt: on


@mutant("401-with-message-object", "error.message")
class MessageObjectOf401(Refusing):
    """The message of a 401 is an object."""

    def instead(self, refusal: Refusal) -> Object:
        return {"message": {"en": "Unauthorized"}} if isinstance(refusal, Unauthorized) else {}


@mutant("not-found-without-code", "error.not-found-code")
class NotFoundWithoutCode(Refusing):
    """A 404 has a code that says nothing."""

    def instead(self, refusal: Refusal) -> Object:
        return {"code": "not_found"} if isinstance(refusal, NotFound) else {}


class NamingEntities(Refusing):
    """Responses that write the identifier of a 404 in another way."""

    def instead(self, refusal: Refusal) -> Object:
        return {"entity_id": self.written(refusal.entity_id)} if isinstance(refusal, NotFound) else {}

    def written(self, identifier: str) -> str:
        """The identifier in another way."""
        return identifier


@mutant("entity-id-not-decoded", "error.not-found-entity-id")
class EntityIdNotDecoded(NamingEntities):
    """The entity_id of a 404 is percent-encoded as in the path."""

    def written(self, identifier: str) -> str:
        return quote(identifier, safe="")


@mutant("entity-id-in-small-letters", "error.not-found-entity-id")
class EntityIdInSmallLetters(NamingEntities):
    """The entity_id of a 404 is in small letters."""

    def written(self, identifier: str) -> str:
        return identifier.lower()


@mutant("entity-id-ends-at-slash", "error.not-found-entity-id")
class EntityIdEndsAtSlash(NamingEntities):
    """The entity_id of a 404 begins behind the last slash."""

    def written(self, identifier: str) -> str:
        return identifier.rpartition("/")[2]


@mutant("entity-id-with-entities", "error.not-found-entity-id")
class EntityIdWithEntities(NamingEntities):
    """The entity_id of a 404 has HTML entities."""

    def written(self, identifier: str) -> str:
        return escape(identifier)
