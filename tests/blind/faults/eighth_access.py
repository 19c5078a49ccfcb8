"""Keys that are let in by a mock of a few lines."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS

LIST = ORGANIZATIONS


@fault(
    "authentication",
    "authentication.wrong-key",
    lambda w: w.other("Bearer sk_test_of_somebody_else").get(LIST).status_code == 200,
    "Node mock: if (!auth.startsWith('Bearer sk_')) return 401",
)
def eighth_any_secret_key_will_do() -> ASGIApp:
    """Any key that begins with sk_ is let in."""

    class Lax(Api):
        def authorized(self, headers: Headers) -> bool:
            return super().authorized(headers) or headers.get("authorization", "").startswith("Bearer sk_")

    return app(api=Lax)


@fault(
    "authentication",
    "authentication.comes-first",
    lambda w: w.other(None).post(LIST, content=b'{"name": ').status_code == 400,
    "Express: app.use(express.json()) stands before app.use(authenticate)",
)
def eighth_body_is_parsed_before_the_key() -> ASGIApp:
    """A body that is no JSON answers 400 also where the key is missing."""

    async def handle(request: Request, forward: Forward) -> Reply:
        broken = request.operation in ("create", "update") and request.body and request.json is None
        if broken and request.body.strip() != b"null" and not request.authorized:
            return reply(400, {"message": "Unexpected end of JSON input"})
        return await forward(request)

    return intercepting(handle)
