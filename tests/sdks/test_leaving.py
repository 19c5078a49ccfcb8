"""No driver outlives the program that started it, however that ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.sdks.waiting import has_ended

HOLDS_A_DRIVER = """
import signal, sys, time
from sdks.host import Host
from tests.sdks.conftest import installed
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores it
host = Host(installed(sys.argv[1]))
print(host.pid, flush=True)
time.sleep(3600)
"""


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A program that has started a driver and waits."""
    command = [sys.executable, "-c", HOLDS_A_DRIVER, request.param]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        yield running
        running.kill()


@pytest.mark.parametrize("program", ["faithful", "outlives-its-input"], indirect=True)
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_ends_the_program_ends_its_driver(program: subprocess.Popen[str], sent: signal.Signals) -> None:
    assert program.stdout is not None
    driver = int(program.stdout.readline())
    program.send_signal(sent)
    program.wait()
    assert has_ended(driver)
