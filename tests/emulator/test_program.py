from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest

from emulator.__main__ import main
from emulator.server import listen, serving

from .conftest import Stage

Program: TypeAlias = "subprocess.Popen[str]"
PATIENCE = 30
ROOT = Path(__file__).parents[2]


@pytest.fixture
def start() -> Iterator[Callable[..., Program]]:
    started: list[Program] = []

    def start(*arguments: str) -> Program:
        program = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "emulator", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(program)
        return program

    yield start
    for program in started:
        program.kill()
        program.communicate()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs the program where it cannot start; gives what it says on stderr."""

    def run(*arguments: str) -> str:
        monkeypatch.setattr(signal, "signal", lambda *_: None)
        monkeypatch.setattr(sys, "argv", ["emulator", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert stopped.value.code == 2
        out, err = capsys.readouterr()
        assert out == ""
        return err

    return run


def url(program: Program) -> str:
    assert program.stdout
    line = json.loads(program.stdout.readline())
    assert list(line) == ["url"]
    return str(line["url"])


def stop(program: Program, by: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
    program.send_signal(by)
    out, err = program.communicate(timeout=PATIENCE)
    return program.returncode, out, err


def test_a_restarted_program_has_its_data_still(start: Callable[..., Program], tmp_path: Path) -> None:
    arguments = ("--port", "0", "--api-key", "sk_test_a", "--db", str(tmp_path / "data.db"))
    headers = {"Authorization": "Bearer sk_test_a"}
    program = start(*arguments)
    with httpx.Client(base_url=url(program), headers=headers) as still_connected:
        made = still_connected.post("/organizations", json={"name": "Kept"}).json()
        assert stop(program) == (0, "", "")
    program = start(*arguments)
    response = httpx.get(f"{url(program)}/organizations/{made['id']}", headers=headers)
    assert response.json() == made
    assert stop(program, signal.SIGINT) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--api-key"),
        (["--api-key", ""], "--api-key"),
        (["--api-key", "two words"], "--api-key"),
        (["--api-key", "k", "--port", "70000"], "--port"),
        (["--api-key", "k", "--port", "http"], "--port"),
        (["--api-key", "k", "--db", "/"], "cannot use /"),
        (["--api-key", "k", "--elsewhere"], "--elsewhere"),
    ],
)
def test_a_usage_error_is_one_line(run: Callable[..., str], arguments: list[str], said: str) -> None:
    err = run(*arguments)
    assert said in err
    assert err.count("\n") == 1


def test_a_taken_port_is_one_line(run: Callable[..., str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = run("--api-key", "k", "--port", str(port))
    assert said == f"emulator: cannot listen on port {port}: Address already in use\n"


def test_serving_frees_its_port_when_it_ends(stage: Stage) -> None:
    with serving(stage) as url:
        port = httpx.URL(url).port
        assert port
        with pytest.raises(OSError, match="in use"):
            listen(port)
    listen(port).close()
