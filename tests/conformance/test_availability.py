"""Targets that lack an operation: one finding says so, and what builds on it is blocked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from tests.conformance.suite import judge

KEY = "sk_test_lacking"


class Lacking:
    """The API without one of its operations."""

    def __init__(self, method: str, path: str) -> None:
        self._app: ASGIApp = Api(Store(), KEY).app()
        self._method = method
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lacks = scope["method"] == self._method and re.fullmatch(self._path, scope["path"])
        refusal = JSONResponse({"message": "No such route."}, 404, {"X-Request-ID": "1"})
        await (refusal if lacks else self._app)(scope, receive, send)


class IgnoringSearch:
    """The API with lists that ignore what is searched for."""

    def __init__(self) -> None:
        self._app: ASGIApp = Api(Store(), KEY).app()
        self.searches = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_search = b"search=" in scope["query_string"]
        self.searches += is_search
        await self._app({**scope, "query_string": b""} if is_search else scope, receive, send)


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [
        ("create", "POST", "/organizations"),
        ("get", "GET", "/organizations/org_.*"),
        ("lookup", "GET", "/organizations/external_id/.*"),
        ("list", "GET", "/organizations"),
        ("update", "PUT", "/organizations/.*"),
        ("delete", "DELETE", "/organizations/.*"),
    ],
)
def test_an_operation_that_is_missing_is_one_finding(tmp_path: Path, operation: str, method: str, path: str) -> None:
    with serving(Lacking(method, path)) as url:
        result = judge(tmp_path, "--base-url", url, "--api-key", KEY)
    assert result.exit_code == 1, result.text
    assert result.having("finding") - {"answer.status"} == {f"{operation}.answers"}
    assert result.having("blocked")
    assert result.verdict["suite_errors"] == []


def test_a_search_that_finds_what_never_had_the_word_is_not_looked_at_again_until_the_lag_is_over(
    tmp_path: Path,
) -> None:
    server = IgnoringSearch()
    with serving(server) as url:
        result = judge(tmp_path, "--base-url", url, "--api-key", KEY, "-k", "test_search_works", "--lag", "20")
    assert result.having("finding") == {"list.search"}
    assert server.searches < 10  # two attempts, twice each, and the removal; 40 more in 20 seconds of waiting
