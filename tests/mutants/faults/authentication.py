"""Keys that are not checked, not everywhere, not to the end, or under another scheme."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable

from starlette.types import Receive, Scope

from emulator.refusals import Unauthorized
from emulator.responses import Responses
from tests.mutants.parts.middleware import Middleware, Reply, Request, reply_of
from tests.mutants.parts.replies import replies, to_status
from tests.mutants.planting import KEY, plant

BEARER = f"Bearer {KEY}"


def with_the_key(scope: Scope) -> Scope:
    """The request with the right key in the place of whatever it brought."""
    others = [(name, value) for name, value in scope["headers"] if name != b"authorization"]
    return {**scope, "headers": [*others, (b"authorization", BEARER.encode())]}


def letting_in(accepted: Callable[[str], bool], operation: str = "") -> type[Middleware]:
    """Lets in whoever has the key, or what is accepted as an Authorization header, at one operation or at all."""

    class Lenient(Middleware):
        async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
            given = request.headers.get("authorization", "")
            lenient = operation in ("", request.operation) and accepted(given)
            return await super().response(request, with_the_key(scope) if lenient else scope, receive)

    return Lenient


def refused_too_late(operation: str) -> type[Middleware]:
    """Refuses a wrong key after it did what was asked."""

    class Late(Middleware):
        async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
            if request.headers.get("authorization") == BEARER or request.operation != operation:
                return await super().response(request, scope, receive)
            await reply_of(self.app, with_the_key(scope), receive)
            return await reply_of(Responses().refused(Unauthorized()), scope, receive)

    return Late


def anything(given: str) -> bool:
    """No header and any header."""
    return True


def any_bearer(given: str) -> bool:
    """Any key as bearer."""
    return given.startswith("Bearer ")


def basic_word(given: str) -> bool:
    """The key as the word after Basic."""
    return given == f"Basic {KEY}"


def basic_name(given: str) -> bool:
    """The key as the name of Basic authentication."""
    scheme, _, token = given.partition(" ")
    try:
        return scheme.lower() == "basic" and b64decode(token).decode() == f"{KEY}:"
    except ValueError:
        return False


# fmt: off
plant("no-key-needed", "authentication.missing-key", "Without a key everybody is let in.",
      letting_in(lambda given: not given))
plant("no-key-on-create", "authentication.missing-key", "create needs no key.",
      letting_in(anything, "create"), operation="create")
plant("no-key-on-get", "authentication.missing-key", "get needs no key.", letting_in(anything, "get"), operation="get")
plant("no-key-on-lookup", "authentication.missing-key", "lookup needs no key.",
      letting_in(anything, "lookup"), operation="lookup")
plant("no-key-on-list", "authentication.missing-key", "list needs no key.",
      letting_in(anything, "list"), operation="list")
plant("no-key-on-update", "authentication.missing-key", "update needs no key.",
      letting_in(anything, "update"), operation="update")
plant("no-key-on-delete", "authentication.missing-key", "delete needs no key.",
      letting_in(anything, "delete"), operation="delete")
plant("list-200-for-401", "authentication.missing-key", "list answers 200 in the place of 401.",
      replies(to_status(200), 401, "list"), operation="list")
plant("list-400-for-401", "authentication.missing-key", "list answers 400 in the place of 401.",
      replies(to_status(400), 401, "list"), operation="list")
plant("list-403-for-401", "authentication.missing-key", "list answers 403 in the place of 401.",
      replies(to_status(403), 401, "list"), operation="list")
plant("list-404-for-401", "authentication.missing-key", "list answers 404 in the place of 401.",
      replies(to_status(404), 401, "list"), operation="list")
plant("list-500-for-401", "authentication.missing-key", "list answers 500 in the place of 401.",
      replies(to_status(500), 401, "list"), operation="list")
plant("create-403-for-401", "authentication.missing-key", "create answers 403 in the place of 401.",
      replies(to_status(403), 401, "create"), operation="create")
plant("create-422-for-401", "authentication.missing-key", "create answers 422 in the place of 401.",
      replies(to_status(422), 401, "create"), operation="create")
plant("lookup-404-for-401", "authentication.missing-key", "lookup answers 404 in the place of 401.",
      replies(to_status(404), 401, "lookup"), operation="lookup")
plant("delete-403-for-401", "authentication.missing-key", "delete answers 403 in the place of 401.",
      replies(to_status(403), 401, "delete"), operation="delete")
plant("delete-202-for-401", "authentication.missing-key", "delete answers 202 in the place of 401.",
      replies(to_status(202), 401, "delete"), operation="delete")

plant("any-key", "authentication.wrong-key", "Any key will do.", letting_in(any_bearer))
plant("any-key-of-its-form", "authentication.wrong-key", "Any key that begins with sk_test will do.",
      letting_in(lambda given: given.startswith("Bearer sk_test")))
plant("key-by-beginning", "authentication.wrong-key", "What the key begins with will do, from ten characters on.",
      letting_in(lambda given: len(given) > 17 and BEARER.startswith(given)))
plant("longer-key", "authentication.wrong-key", "More than the key will do.",
      letting_in(lambda given: given.startswith(BEARER)))
plant("key-by-length", "authentication.wrong-key", "Any key of the right length will do.",
      letting_in(lambda given: given.startswith("Bearer ") and len(given) == len(BEARER)))
plant("key-without-last-character", "authentication.wrong-key", "The last character of a key does not matter.",
      letting_in(lambda given: given[:-1] == BEARER[:-1]))
plant("key-of-any-case", "authentication.wrong-key", "The case of a key does not matter.",
      letting_in(lambda given: given.lower() == BEARER.lower()))
plant("any-key-on-create", "authentication.wrong-key", "create takes any key.",
      letting_in(any_bearer, "create"), operation="create")
plant("any-key-on-get", "authentication.wrong-key", "get takes any key.",
      letting_in(any_bearer, "get"), operation="get")
plant("any-key-on-lookup", "authentication.wrong-key", "lookup takes any key.",
      letting_in(any_bearer, "lookup"), operation="lookup")
plant("any-key-on-list", "authentication.wrong-key", "list takes any key.",
      letting_in(any_bearer, "list"), operation="list")
plant("any-key-on-update", "authentication.wrong-key", "update takes any key.",
      letting_in(any_bearer, "update"), operation="update")
plant("any-key-on-delete", "authentication.wrong-key", "delete takes any key.",
      letting_in(any_bearer, "delete"), operation="delete")
plant("get-403-for-401", "authentication.wrong-key", "get answers 403 in the place of 401.",
      replies(to_status(403), 401, "get"), operation="get")
plant("get-404-for-401", "authentication.wrong-key", "get answers 404 in the place of 401.",
      replies(to_status(404), 401, "get"), operation="get")
plant("update-404-for-401", "authentication.wrong-key", "update answers 404 in the place of 401.",
      replies(to_status(404), 401, "update"), operation="update")

plant("empty-key", "authentication.other-scheme", "An empty key will do.",
      letting_in(lambda given: given.strip() == "Bearer"))
plant("key-under-basic", "authentication.other-scheme", "The key as the word after Basic will do.",
      letting_in(basic_word))
plant("key-under-true-basic", "authentication.other-scheme", "The key as the name of Basic authentication will do.",
      letting_in(basic_name))
plant("key-without-scheme", "authentication.other-scheme", "The key without a scheme will do.",
      letting_in(lambda given: given == KEY))
plant("key-under-any-scheme", "authentication.other-scheme", "The key under any scheme will do.",
      letting_in(lambda given: given.endswith(f" {KEY}")))
plant("key-under-token", "authentication.other-scheme", "The key under the scheme Token will do.",
      letting_in(lambda given: given == f"Token {KEY}"))
plant("basic-on-create", "authentication.other-scheme", "create takes the key under Basic.",
      letting_in(basic_word, "create"), operation="create")
plant("basic-on-get", "authentication.other-scheme", "get takes the key under Basic.",
      letting_in(basic_word, "get"), operation="get")
plant("basic-on-lookup", "authentication.other-scheme", "lookup takes the key under Basic.",
      letting_in(basic_word, "lookup"), operation="lookup")
plant("basic-on-list", "authentication.other-scheme", "list takes the key under Basic.",
      letting_in(basic_word, "list"), operation="list")
plant("basic-on-update", "authentication.other-scheme", "update takes the key under Basic.",
      letting_in(basic_word, "update"), operation="update")
plant("basic-on-delete", "authentication.other-scheme", "delete takes the key under Basic.",
      letting_in(basic_word, "delete"), operation="delete")

plant("create-refused-too-late", "authentication.refusal-changes-nothing",
      "create does what was asked before it looks at the key.",
      refused_too_late("create"), operation="create")
plant("update-refused-too-late", "authentication.refusal-changes-nothing",
      "update does what was asked before it looks at the key.",
      refused_too_late("update"), operation="update")
plant("delete-refused-too-late", "authentication.refusal-changes-nothing",
      "delete does what was asked before it looks at the key.",
      refused_too_late("delete"), operation="delete")
# fmt: on
