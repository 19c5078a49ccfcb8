"""The emulator in a process of its own: it ends with whoever started it, and not before."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from emulator.process import ROOT, emulator_process

from .programs import LONGEST_WAIT

KEY = "sk_test_process"
HEADERS = {"Authorization": f"Bearer {KEY}"}
STARTER = f"""
import signal
from emulator.process import emulator_process

with emulator_process("{KEY}") as url:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print(url, flush=True)
    signal.pause()
"""


@pytest.fixture
def starter() -> Iterator[subprocess.Popen[str]]:
    """A program that has started the emulator and waits, in a process group of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True, cwd=ROOT, process_group=0
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def url_of(starter: subprocess.Popen[str]) -> str:
    assert starter.stdout
    return starter.stdout.readline().strip()


def status(url: str) -> int:
    return httpx.get(f"{url}/organizations", headers=HEADERS, timeout=LONGEST_WAIT).status_code


def refuses(url: str) -> bool:
    """Whether nobody listens there."""
    there = httpx.URL(url)
    try:
        socket.create_connection((there.host, there.port or 0)).close()
    except ConnectionRefusedError:
        return True
    return False


def test_it_answers_from_the_first_moment_and_is_gone_afterwards() -> None:
    with emulator_process(KEY) as url:
        assert status(url) == 200
    assert refuses(url)


def test_it_needs_no_import_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    with emulator_process(KEY) as url:
        assert status(url) == 200


def test_it_ends_with_a_program_that_is_killed(starter: subprocess.Popen[str]) -> None:
    url = url_of(starter)
    assert status(url) == 200
    starter.kill()
    until = time.monotonic() + LONGEST_WAIT
    while not refuses(url) and time.monotonic() < until:
        time.sleep(0.01)
    assert refuses(url)


def test_ctrl_c_leaves_it_to_the_program_that_started_it(starter: subprocess.Popen[str]) -> None:
    url = url_of(starter)
    assert status(url) == 200
    os.killpg(starter.pid, signal.SIGINT)
    for _ in range(20):  # a server that ends answers for a moment still
        assert status(url) == 200
        time.sleep(0.05)
