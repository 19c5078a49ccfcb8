"""Keys that are not checked, not everywhere, not to the end, or under another scheme."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from emulator.api import Api
from emulator.refusals import Unauthorized
from emulator.responses import Responses
from tests.mutants.planting import KEY, plant
from tests.mutants.wire_tap import Reply, Request, Wire, reply_of

BEARER = f"Bearer {KEY}"
OPERATIONS = ("create", "get", "lookup", "list", "update", "delete")


def letting_in(accepted: Callable[[str], bool]) -> type[Api]:
    """An API that also takes what looks right to it as an Authorization header."""

    class Lenient(Api):
        def authorized(self, headers: Headers) -> bool:
            return super().authorized(headers) or accepted(headers.get("authorization", ""))

    return Lenient


def is_basic(authorization: str) -> bool:
    """Whether the key came as the name of Basic authentication."""
    scheme, _, token = authorization.partition(" ")
    try:
        return scheme.lower() == "basic" and b64decode(token).decode() == f"{KEY}:"
    except ValueError:
        return False


for name, requirement, fault, accepted in (
    ("no-key-needed", "authentication.missing-key", "Without a key everybody is let in.", lambda given: not given),
    ("any-key", "authentication.wrong-key", "Any key will do.", lambda given: given.startswith("Bearer ")),
    ("any-key-of-its-form", "authentication.wrong-key", "Any key that begins with sk_test will do.",
     lambda given: given.startswith("Bearer sk_test")),
    ("key-by-beginning", "authentication.wrong-key", "What the key begins with will do, from ten characters on.",
     lambda given: len(given) > 17 and BEARER.startswith(given)),
    ("longer-key", "authentication.wrong-key", "More than the key will do.", lambda given: given.startswith(BEARER)),
    ("key-by-length", "authentication.wrong-key", "Any key of the right length will do.",
     lambda given: given.startswith("Bearer ") and len(given) == len(BEARER)),
    ("key-without-last-character", "authentication.wrong-key", "The last character of a key does not matter.",
     lambda given: given[:-1] == BEARER[:-1]),
    ("key-of-any-case", "authentication.wrong-key", "The case of a key does not matter.",
     lambda given: given.lower() == BEARER.lower()),
    ("empty-key", "authentication.other-scheme", "An empty key will do.", lambda given: given.strip() == "Bearer"),
    ("key-under-basic", "authentication.other-scheme", "The key as the word after Basic will do.",
     lambda given: given == f"Basic {KEY}"),
    ("key-under-true-basic", "authentication.other-scheme", "The key as the name of Basic authentication will do.",
     is_basic),
    ("key-without-scheme", "authentication.other-scheme", "The key without a scheme will do.",
     lambda given: given == KEY),
    ("key-under-any-scheme", "authentication.other-scheme", "The key under any scheme will do.",
     lambda given: given.endswith(f" {KEY}")),
    ("key-under-token", "authentication.other-scheme", "The key under the scheme Token will do.",
     lambda given: given == f"Token {KEY}"),
):  # fmt: skip
    plant(name, requirement, fault, letting_in(accepted))


def with_the_key(scope: Scope) -> Scope:
    """The request with the right key in the place of whatever it brought."""
    others = [(name, value) for name, value in scope["headers"] if name != b"authorization"]
    return {**scope, "headers": [*others, (b"authorization", BEARER.encode())]}


class Unlocked(Wire):
    """A wire that puts the right key on some requests."""

    open: tuple[str, ...] = ()

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        if request.operation in self.open and self.unlocks(request.headers.get("authorization", "")):
            scope = with_the_key(scope)
        return await super().response(request, scope, receive)

    def unlocks(self, authorization: str) -> bool:
        return True


class UnlockedForKeys(Unlocked):
    """A wire that takes any key."""

    def unlocks(self, authorization: str) -> bool:
        return authorization.startswith("Bearer ")


class UnlockedForBasic(Unlocked):
    """A wire that takes the key under Basic."""

    def unlocks(self, authorization: str) -> bool:
        return authorization == f"Basic {KEY}"


for operation in OPERATIONS:
    for label, requirement, fault, wire in (
        ("no-key", "authentication.missing-key", "needs no key", Unlocked),
        ("any-key", "authentication.wrong-key", "takes any key", UnlockedForKeys),
        ("basic", "authentication.other-scheme", "takes the key under Basic", UnlockedForBasic),
    ):
        plant(f"{label}-on-{operation}", requirement, f"{operation} {fault}.",
              type(f"{wire.__name__}Of{operation}", (wire,), {"open": (operation,)}), operation=operation)  # fmt: skip


class RefusedTooLate(Wire):
    """A wire that refuses the wrong key after it did what was asked."""

    late: tuple[str, ...] = ()

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        if request.headers.get("authorization") == BEARER or request.operation not in self.late:
            return await super().response(request, scope, receive)
        await reply_of(self.app, with_the_key(scope), receive)
        return await reply_of(Responses().refused(Unauthorized()), scope, receive)


for operation in ("create", "update", "delete"):
    plant(f"{operation}-refused-too-late", "authentication.refusal-changes-nothing",
          f"{operation} does what was asked before it looks at the key.",
          type(f"{operation}Late", (RefusedTooLate,), {"late": (operation,)}), operation=operation)  # fmt: skip
