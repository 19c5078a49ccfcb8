from __future__ import annotations

import re
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from emulator.__main__ import main
from emulator.listening import listen
from emulator.server import serving

from .conftest import Stage
from .programs import LONGEST_WAIT, Program, stop, url


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
        (["--api-key", "k", "--host", "256.0.0.1"], "cannot listen on 256.0.0.1"),
        (["--api-key", "k", "--host", "a" * 70 + ".invalid"], "cannot listen on aaa"),
        (["--api-key", "k", "--fd", "one"], "--fd"),
        (["--api-key", "k", "--fd", "99999"], "cannot listen on file descriptor 99999: Bad file descriptor"),
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
    assert said == f"emulator: cannot listen on 127.0.0.1 port {port}: Address already in use\n"


def test_help_says_what_the_program_is(start: Callable[..., Program]) -> None:
    out, err = (program := start("--help")).communicate(timeout=LONGEST_WAIT)
    assert (program.returncode, err) == (0, "")
    for said in (
        "WorkOS Organizations API",
        "--host",
        "--port N",
        "--api-key KEY",
        "--db FILE",
        "--log",
        '{"url": ...}',
    ):
        assert said in out


def test_a_log_has_a_line_for_each_request_and_never_the_key(start: Callable[..., Program]) -> None:
    program = start("--api-key", "sk_test/a", "--log")
    with httpx.Client(base_url=url(program), headers={"Authorization": "Bearer sk_test/a"}) as client:
        client.post("/organizations", json={"name": "secret"})
        client.get("/organizations?search=sk_test/a&domains=sk_test%2Fa")
        client.get("/organizations/%0A%1B", headers={"Authorization": "Bearer wrong"})
    code, out, err = stop(program)
    assert (code, out) == (0, "")
    assert "sk_test" not in err
    assert "secret" not in err
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    lines = [re.fullmatch(rf"{moment} (.*) \d+\.\d ms", line) for line in err.splitlines()]
    assert [line and line[1] for line in lines] == [
        "POST /organizations 201",
        "GET /organizations?search=[key]&domains=[key] 200",
        "GET /organizations/%0A%1B 401",
    ]


@pytest.mark.parametrize("host", ["127.0.0.2", "localhost", "::1"])
def test_the_host_is_the_one_that_was_asked_for(start: Callable[..., Program], host: str) -> None:
    program = start("--api-key", "k", "--host", host)
    address = httpx.URL(url(program))
    assert address.host == {"localhost": "127.0.0.1"}.get(host, host)
    assert httpx.get(address.join("/organizations"), headers={"Authorization": "Bearer k"}).status_code == 200
    assert stop(program) == (0, "", "")


def test_serving_frees_its_port_when_it_ends(stage: Stage) -> None:
    with serving(stage) as url:
        port = httpx.URL(url).port
        assert port
        with pytest.raises(OSError, match="in use"):
            listen(port)
    listen(port).close()
