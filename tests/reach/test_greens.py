"""Runs that have to be red, or no judgement at all, as somebody starts them who did not look closely."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from starlette.types import Receive, Scope, Send

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from tests.conformance.suite import ROOT, Result, judge

KEY = "sk_test_reach"
SEARCH = """
[[deviation]]
requirement = "list.search"
reason = "search comes with release 4"
expires = 2999-01-31
"""


def at(url: str) -> tuple[str, ...]:
    return "--base-url", url, "--api-key", KEY


class NeitherSearchesNorForgets:
    """Takes no notice of a search, and goes on to answer for what was deleted."""

    def __init__(self) -> None:
        self._correct = Api(Store(), KEY).app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["method"] == "DELETE":
            await send({"type": "http.response.start", "status": 202, "headers": [(b"x-request-id", b"1")]})
            await send({"type": "http.response.body", "body": b"Accepted"})
            return
        query = scope["query_string"].replace(b"search=", b"other=")
        await self._correct({**scope, "query_string": query}, receive, send)


def test_an_accepted_fault_hides_no_other(tmp_path: Path) -> None:
    deviations = tmp_path / "accepted.toml"
    deviations.write_text(SEARCH)
    with serving(NeitherSearchesNorForgets()) as url:
        result = judge(tmp_path, *at(url), "--deviations", str(deviations))
    assert result.exit_code == 1, result.text
    assert result.having("finding") >= {"delete.gone"}


@pytest.mark.parametrize("address", ["", " "])
def test_an_address_that_is_empty_judges_nothing(address: str, tmp_path: Path) -> None:
    judge(tmp_path, "-k", "get.unknown")
    result = judge(tmp_path, "--base-url", address)
    assert result.exit_code >= 2
    assert "--base-url: is empty" in result.text
    assert (result.verdict["result"], result.verdict["requests"]) == ("no judgement", 0)


def test_an_empty_address_of_the_environment_judges_nothing(tmp_path: Path) -> None:
    with mock.patch.dict(os.environ, PYTEST_BASE_URL=""):
        assert judge(tmp_path).exit_code >= 2


@pytest.mark.parametrize(
    "options",
    [at("http://127.0.0.1:1"), at("nonsense"), ("--lag", "-1"), ("--deviations", "/nowhere.toml"), ("--wait", "-1")],
    ids=["unreachable", "no address", "lag", "deviations", "wait"],
)
def test_no_verdict_of_an_earlier_run_is_left(options: tuple[str, ...], tmp_path: Path) -> None:
    assert judge(tmp_path, "-k", "get.unknown").exit_code == 0
    result = judge(tmp_path, *options)
    assert result.exit_code >= 2
    assert result.verdict["result"] == "no judgement"
    shown = subprocess.run(
        [sys.executable, "-m", "reports", str(tmp_path / "verdict.json")], cwd=ROOT, capture_output=True, text=True
    )
    assert "no judgement" in shown.stdout
    assert result.verdict["reason"][:40] in shown.stdout.replace("\n", " ")


def met(result: Result) -> set[str]:
    """The requirements that a run says are met."""
    return {
        outcome["requirement"]
        for outcome in result.verdict["outcomes"]
        if outcome["status"] == "met" and not outcome["implied"]
    }


def test_what_was_not_selected_is_not_met(tmp_path: Path) -> None:
    result = judge(tmp_path, "-k", "get.unknown")
    assert met(result) == {"get.unknown"}
    assert "1 of 1 MUST met" in result.text


def test_what_an_interrupted_run_did_not_reach_is_not_met(tmp_path: Path) -> None:
    with serving(NeitherSearchesNorForgets()) as url:
        result = judge(tmp_path, *at(url), "-x")
    assert result.exit_code == 1
    outcomes = result.verdict["outcomes"]
    assert not result.verdict["complete"]
    assert "INCOMPLETE" in result.text
    assert [outcome for outcome in outcomes if outcome["status"] == "not tested"]
    assert all(outcome["tests"] for outcome in outcomes if outcome["status"] == "met" and not outcome["implied"])
