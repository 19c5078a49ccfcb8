"""Keys that are not checked, not everywhere, not to the end, or under another scheme."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable

from starlette.types import Receive, Scope

from emulator.refusals import Refusal, Unauthorized
from emulator.responses import Responses
from emulator.validation import Rules
from tests.mutants.parts.caches import Cache
from tests.mutants.parts.middleware import Middleware, Reply, Request, body_of, receiving, reply_of
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


def looks_up_first(operation: str) -> type[Middleware]:
    """Answers what is wrong with the id or the query before it asks for the key."""

    class LooksUpFirst(Middleware):
        async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
            if request.operation == operation and "authorization" not in request.headers:
                found = await reply_of(self.app, {**with_the_key(scope), "method": "GET"}, receiving(b""))
                if found.status >= 400:
                    return found
            return await super().response(request, scope, receive)

    return LooksUpFirst


def reads_body_first(operation: str) -> type[Middleware]:
    """Answers what is wrong with the body before it asks for the key."""
    rules = Rules()
    return checks_body_first(operation, rules.create if operation == "create" else rules.update)


def parses_body_first(operation: str) -> type[Middleware]:
    """Answers that the body is no JSON before it asks for the key."""
    return checks_body_first(operation, Rules().parsed)


def checks_body_first(operation: str, check: Callable[[bytes], object]) -> type[Middleware]:
    """Checks the body before it asks for the key."""

    class ChecksBodyFirst(Middleware):
        async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
            if request.operation != operation or "authorization" in request.headers:
                return await super().response(request, scope, receive)
            content = await body_of(receive)
            try:
                check(content)
            except Refusal as refusal:
                return await reply_of(Responses().refused(refusal), scope, receiving(b""))
            return await super().response(request, scope, receiving(content))

    return ChecksBodyFirst


def anything(given: str) -> bool:
    """No header and any header."""
    return True


def any_bearer(given: str) -> bool:
    """Any key as bearer."""
    return given.startswith("Bearer ")


def key_alone(given: str) -> bool:
    """The key without a scheme."""
    return given == KEY


def token(given: str) -> bool:
    """The key under the scheme Token."""
    return given == f"Token {KEY}"


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


def before_the_key(operation_: str) -> type[Cache]:
    """A cache of one operation's responses in front of the check of the key, which every write clears."""

    class BeforeTheKey(Cache):
        operation = operation_
        cleared_by = ("create", "update", "delete")
        by_key = False

    return BeforeTheKey


# fmt: off
plant("get-cached-before-the-key", "authentication.missing-key", "What was read once is read without a key.",
      before_the_key("get"), operation="get")
plant("lookup-cached-before-the-key", "authentication.missing-key", "What was looked up once needs no key.",
      before_the_key("lookup"), operation="lookup")
plant("list-cached-before-the-key", "authentication.missing-key", "What was listed once is listed without a key.",
      before_the_key("list"), operation="list")
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
      letting_in(key_alone))
plant("key-under-any-scheme", "authentication.other-scheme", "The key under any scheme will do.",
      letting_in(lambda given: given.endswith(f" {KEY}")))
plant("key-under-token", "authentication.other-scheme", "The key under the scheme Token will do.",
      letting_in(token))
plant("raw-key-on-create", "authentication.other-scheme", "create takes the key without a scheme.",
      letting_in(key_alone, "create"), operation="create")
plant("raw-key-on-get", "authentication.other-scheme", "get takes the key without a scheme.",
      letting_in(key_alone, "get"), operation="get")
plant("raw-key-on-lookup", "authentication.other-scheme", "lookup takes the key without a scheme.",
      letting_in(key_alone, "lookup"), operation="lookup")
plant("raw-key-on-list", "authentication.other-scheme", "list takes the key without a scheme.",
      letting_in(key_alone, "list"), operation="list")
plant("raw-key-on-update", "authentication.other-scheme", "update takes the key without a scheme.",
      letting_in(key_alone, "update"), operation="update")
plant("raw-key-on-delete", "authentication.other-scheme", "delete takes the key without a scheme.",
      letting_in(key_alone, "delete"), operation="delete")
plant("token-on-create", "authentication.other-scheme", "create takes the key under the scheme Token.",
      letting_in(token, "create"), operation="create")
plant("token-on-delete", "authentication.other-scheme", "delete takes the key under the scheme Token.",
      letting_in(token, "delete"), operation="delete")
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

plant("get-looks-up-first", "authentication.comes-first", "Without a key get answers 404 for an unknown id.",
      looks_up_first("get"), operation="get")
plant("lookup-looks-up-first", "authentication.comes-first",
      "Without a key lookup answers 404 for an unknown external_id.",
      looks_up_first("lookup"), operation="lookup")
plant("list-reads-query-first", "authentication.comes-first", "Without a key list answers 422 for a broken query.",
      looks_up_first("list"), operation="list")
plant("update-looks-up-first", "authentication.comes-first", "Without a key update answers 404 for an unknown id.",
      looks_up_first("update"), operation="update")
plant("delete-looks-up-first", "authentication.comes-first", "Without a key delete answers 404 for an unknown id.",
      looks_up_first("delete"), operation="delete")
plant("create-reads-body-first", "authentication.comes-first", "Without a key create answers 422 for a broken body.",
      reads_body_first("create"), operation="create")
plant("update-reads-body-first", "authentication.comes-first", "Without a key update answers 422 for a broken body.",
      reads_body_first("update"), operation="update")
plant("create-parses-body-first", "authentication.comes-first",
      "Without a key create answers 422 for broken JSON only.",
      parses_body_first("create"), operation="create")
# fmt: on
