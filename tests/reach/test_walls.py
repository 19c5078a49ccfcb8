"""Addresses at which there is nothing to judge, and targets that shut their door in the middle of a run."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from starlette.responses import JSONResponse, Response

from emulator.api import Api
from emulator.listening import LOOPBACK
from emulator.server import serving
from emulator.store import Store
from tests.conformance.suite import Result, finish, judge, start
from tests.reach.gateways import Gateway, Keyed, Shut

KEY = "sk_test_reach"
ENOUGH = 200
"""Requests after which a run is well under way."""

FORBIDDEN = JSONResponse({"message": "Rate limit exceeded"}, 403)
WALLS = {
    "404": (JSONResponse({"message": "Not Found"}, 404), "another path"),
    "500": (JSONResponse({"message": "oops"}, 500), "fails altogether"),
    "503": (Response("no upstream", 503), "--wait"),
    "301": (Response(None, 301, {"location": "https://elsewhere.example/v2/organizations"}), "elsewhere.example/v2"),
    "403": (JSONResponse({"message": "Missing gateway key"}, 403), "--header"),
    "429": (JSONResponse({"message": "Slow down"}, 429, {"retry-after": "3600"}), "too many requests"),
}


def emulator() -> Api:
    return Api(Store(), KEY)


def at(url: str) -> tuple[str, ...]:
    return "--base-url", url, "--api-key", KEY


def assert_no_judgement(result: Result, hint: str) -> None:
    assert result.exit_code >= 2, result.text
    [reason] = [line for line in result.text.splitlines() if "no judgement" in line]
    assert hint in reason
    assert KEY not in result.text
    assert result.verdict["result"] == "no judgement"
    assert hint in result.verdict["reason"]


@pytest.mark.parametrize("name", WALLS)
def test_one_answer_to_everything_is_no_judgement(name: str, tmp_path: Path) -> None:
    response, hint = WALLS[name]
    with serving(response) as url:
        result = judge(tmp_path, *at(url))
    assert_no_judgement(result, hint)
    assert result.verdict["requests"] == 0


def test_a_target_without_list_and_lookup_is_judged(tmp_path: Path) -> None:
    app = emulator().app()

    async def without(scope, receive, send):  # type: ignore[no-untyped-def]
        missing = scope["method"] == "GET"
        await (JSONResponse({"message": "Not Found"}, 404) if missing else app)(scope, receive, send)

    with serving(without) as url:
        result = judge(tmp_path, *at(url), "-k", "test_create")
    assert result.exit_code == 1
    assert "get.answers" in result.having("finding")


def test_a_target_that_is_still_starting_is_waited_for(tmp_path: Path) -> None:
    gateway = Gateway(emulator().app(), Response("starting", 503), reopens_after=9)
    with serving(gateway) as url:
        assert_no_judgement(judge(tmp_path, *at(url), "-k", "get.unknown"), "--wait")
        gateway.requests = 0
        result = judge(tmp_path, *at(url), "-k", "get.unknown", "--wait", "60")
    assert result.exit_code == 0, result.text


def test_a_port_on_which_nobody_listens_yet_is_waited_for(tmp_path: Path) -> None:
    with serving(emulator().app()) as url:
        port = int(url.rpartition(":")[2])
    program = start(tmp_path, *at(url), "-k", "get.unknown", "--wait", "60")
    threading.Event().wait(2)
    with serving(emulator().app(), port, LOOPBACK):
        result = finish(program, tmp_path)
    assert result.exit_code == 0, result.text


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_target_that_begins_to_refuse_everything_is_not_judged(workers: str, tmp_path: Path) -> None:
    gateway = Gateway(emulator().app(), FORBIDDEN, lets_through=ENOUGH)
    with serving(gateway) as url:
        result = judge(tmp_path, *at(url), "-n", workers)
    assert result.exit_code == 3, result.text
    assert "403 to every request" in result.verdict["reason"]
    assert result.having("finding") == result.having("blocked") == set()
    assert result.verdict["suite_errors"] == []
    assert gateway.requests < 2 * ENOUGH  # it stopped


@pytest.mark.parametrize("workers", ["0", "2"])
def test_what_was_created_is_removed_once_a_target_takes_requests_again(workers: str, tmp_path: Path) -> None:
    store = Store()
    with serving(Shut(Api(store, KEY).app(), FORBIDDEN, ENOUGH, seconds=10)) as url:
        result = judge(tmp_path, *at(url), "-n", workers)
    assert result.exit_code == 3, result.text
    assert result.verdict["left"] == []
    assert result.verdict["created"] == result.verdict["removed"] > 0
    with store.transaction():
        assert [*store._connection.execute("SELECT id FROM organization")] == []
    assert list(tmp_path.glob("*.journal")) == []


def test_a_target_that_answers_429_for_ten_seconds_is_judged(tmp_path: Path) -> None:
    with serving(Shut(emulator().app(), JSONResponse({"message": "Slow down"}, 429), ENOUGH, seconds=10)) as url:
        result = judge(tmp_path, *at(url))
    assert result.exit_code == 0, result.text


def test_one_operation_that_refuses_everything_is_judged(tmp_path: Path) -> None:
    app = emulator().app()

    async def locked(scope, receive, send):  # type: ignore[no-untyped-def]
        await (FORBIDDEN if scope["method"] == "PUT" else app)(scope, receive, send)

    with serving(locked) as url:
        result = judge(tmp_path, *at(url), "-k", "test_bodies or test_update")
    assert result.exit_code == 1, result.text
    assert result.having("finding") >= {"update.answers"}


def test_a_header_opens_a_gateway_and_is_never_shown(tmp_path: Path) -> None:
    secret = "sesame-3141592653"  # noqa: S105
    app = emulator().app()

    async def echoing(scope, receive, send):  # type: ignore[no-untyped-def]
        sent = {name.decode(): value.decode() for name, value in scope["headers"]}
        echo = JSONResponse({"object": "list", "data": [], "echo": sent}, 200)
        await (echo if scope["path"] == "/organizations" and scope["method"] == "GET" else app)(scope, receive, send)

    with serving(Keyed(echoing, "X-Gateway-Key", secret)) as url:
        result = judge(
            tmp_path,
            *at(url),
            "--header",
            f"X-Gateway-Key: {secret}",
            "--header",
            "X-Other: 1",
            "-k",
            "test_authentication",
        )
    assert "authentication.missing-key" in result.having("finding")
    shown = result.text + json.dumps(result.verdict)
    assert secret not in shown
    assert "x-gateway-key" in shown


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--ca-file", "/nowhere/ca.pem"), "--ca-file: /nowhere/ca.pem: No such file"),
        (("--ca-file", __file__), "no certificates"),
        (("--proxy", "proxy.example.com"), "--proxy: has to be a URL"),
        (("--proxy", "socks5://127.0.0.1:1"), "--proxy: has to be a URL"),
        (("--header", "no colon"), "--header: has to be a name"),
        (("--header", "Authorization: Bearer x"), "--header: Authorization is set by the suite"),
        (("--header", "X-Key: a\r\nb"), "--header: has to be a name"),
        (("--wait", "-1"), "--wait: cannot be negative"),
    ],
)
def test_an_option_of_the_network_that_cannot_be_used_is_one_line(
    options: tuple[str, ...], complaint: str, tmp_path: Path
) -> None:
    result = judge(tmp_path, *at("http://127.0.0.1:1"), *options)
    assert result.exit_code >= 2
    assert len([line for line in result.text.splitlines() if complaint in line]) == 1
    assert "Traceback" not in result.text
