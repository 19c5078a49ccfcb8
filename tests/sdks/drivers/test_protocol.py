"""What a driver does with lines that the host would never send, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from sdks import protocol
from sdks.environment import for_driver
from tests.sdks.drivers.conftest import DRIVEN, driver

pytestmark = pytest.mark.parametrize("name", DRIVEN)

CALL = {
    "cmd": "call",
    "seq": 7,
    "op": "get",
    "args": {"id": "org_1"},
    "client": {"base_url": "http://127.0.0.1:9", "api_key": "sk_test_1", "max_retries": 0},
    "opts": {},
    "limits": {"items": 1, "ms": 1000},
}


def run(name: str, *commands: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """Gives a driver those lines and then the end of its input: its replies, and the status with which it ended."""
    installed = driver(name)
    done = subprocess.run(
        installed.command,
        cwd=installed.folder,
        input="".join(f"{json.dumps(command)}\n" for command in commands).encode(),
        stdout=subprocess.PIPE,
        env=for_driver(os.environ) | {"LC_ALL": "POSIX"},
        timeout=60,
        check=False,
    )
    return [protocol.decode(line) for line in done.stdout.splitlines()], done.returncode


def test_start_is_answered_before_the_end(name: str) -> None:
    (started,), status = run(name, dict(protocol.START))
    assert (started["type"], started["sdk"], status) == ("started", name, 0)


def test_stop_ends_it(name: str) -> None:
    assert run(name, {"cmd": "stop"}, dict(protocol.START)) == ([], 0)


@pytest.mark.parametrize(
    "broken",
    [CALL | {"op": "rename"}, CALL | {"args": {"id": "org_1", "colour": "red"}}, CALL | {"opts": {"colour": "red"}}],
    ids=["operation", "argument", "option"],
)
def test_what_it_does_not_know_is_its_own_error(name: str, broken: dict[str, Any]) -> None:
    (started, reply), _ = answered(name, broken)
    assert started["type"] == "started"
    assert (reply["type"], reply["seq"]) == ("harness_error", 7)


def test_half_a_surrogate_pair_in_an_argument_has_a_reply(name: str) -> None:
    (_, reply), _ = answered(name, CALL | {"args": {"id": "org_\ud83d"}})
    assert reply["seq"] == 7


def answered(name: str, command: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """As `run`, with the input kept open until the command has its reply."""
    installed = driver(name)
    process = subprocess.Popen(
        installed.command,
        cwd=installed.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=for_driver(os.environ),
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        replies = []
        for given in (protocol.START, command):
            process.stdin.write(json.dumps(given).encode() + b"\n")
            process.stdin.flush()
            replies.append(protocol.decode(process.stdout.readline()))
        process.stdin.close()
        return replies, process.wait(60)
