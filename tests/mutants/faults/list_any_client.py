"""Lists that are not given to every client."""

from __future__ import annotations

from collections.abc import Callable

from tests.mutants.parts.middleware import Middleware, Reply, Request
from tests.mutants.parts.replies import to_status
from tests.mutants.planting import plant


def refusing(status: int, whom: Callable[[dict[str, str]], bool]) -> type[Middleware]:
    """Answers GETs with this status where the headers are of a certain kind."""

    class Refusing(Middleware):
        def alter(self, request: Request, reply: Reply) -> None:
            if request.method == "GET" and whom(request.headers):
                to_status(status)(reply)

    return Refusing


# fmt: off
plant("curl-is-forbidden", "list.any-client", "What calls itself curl is answered with 403.",
      refusing(403, lambda headers: headers.get("user-agent", "").startswith("curl/")))
plant("only-json-is-acceptable", "list.any-client", "Where Accept does not name application/json the answer is 406.",
      refusing(406, lambda headers: "application/json" not in headers.get("accept", "")))
plant("german-is-not-spoken", "list.any-client", "A request in German is answered with 500.",
      refusing(500, lambda headers: headers.get("accept-language", "").startswith("de")))
# fmt: on
