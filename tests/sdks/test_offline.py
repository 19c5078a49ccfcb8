"""An SDK that was installed once starts without any network, and without the tools that built it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sdks.cache import installed
from sdks.host import Host
from sdks.request import parse
from sdks.table import FOLDER, SDKS
from tests.sdks.having import requires

CALLS_A_TARGET = """
import sys
from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from sdks.calls import Client, SdkCall
from sdks.host import Host
with serving(Api(Store(), "sk_1").app()) as url, Host.open(sys.argv[1]) as host:
    print(host.call(SdkCall("create", {"name": "A"}, Client(url, "sk_1"))).value["name"])
"""


@pytest.fixture(params=["python", "node", "go"])
def name(request: pytest.FixtureRequest) -> str:
    """An SDK that is installed."""
    requires(request.param)
    Host.open(request.param).close()
    return str(request.param)


def started_again(prefix: list[str], name: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [*prefix, sys.executable, "-c", CALLS_A_TARGET, name]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_second_start_runs_no_tool_of_a_build(name: str, tmp_path: Path) -> None:
    called = tmp_path / "called"
    for tool in ("pip", "npm", "npx", "go", "git", "curl", *(tool.command[0] for tool in SDKS[name].tools)):
        program = tmp_path / tool
        program.write_text(f"#!/bin/sh\necho {tool} >>{called}\nexit 1\n", encoding="utf-8")
        program.chmod(0o755)
    again = started_again([], name, {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"})
    assert (again.returncode, again.stdout, again.stderr) == (0, "A\n", "")
    assert not called.exists()


def test_an_installation_needs_nothing_of_this_copy_of_the_repository(name: str) -> None:
    command = installed(parse(name), print).command
    assert not [word for word in command if str(FOLDER.parent) in word]


def test_a_second_start_needs_no_network(name: str) -> None:
    alone = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if shutil.which("ip") is None or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a network of their own")
    again = started_again(alone, name, dict(os.environ))
    assert (again.returncode, again.stdout, again.stderr) == (0, "A\n", "")
