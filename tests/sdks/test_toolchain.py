"""Whether what an SDK needs is installed: over programs that report a version."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from sdks import toolchain
from sdks.errors import SdkError
from sdks.table import SDKS, Sdk, Tool


def a_program(folder: Path, name: str, prints: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{prints}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sdk:
    """An SDK that needs `tool` 17 or newer, and `make-tool` to be built; only tmp_path is searched for them."""
    monkeypatch.setenv("PATH", str(tmp_path))
    tool = Tool("tool", ("tool", "-v"), (17,), "Tool 17 or newer")
    return evolve(SDKS["java"], tools=(tool, Tool("make-tool", ("make-tool",), (2, 1), "a maker", to_build=True)))


@pytest.mark.parametrize(
    ("prints", "version"),
    [
        ("echo 'openjdk version \"17.0.15\" 2025-04-15' >&2", (17, 0, 15)),
        ("echo go version go1.26.8 linux/amd64", (1, 26, 8)),
        ("echo v22.11.0", (22, 11, 0)),
        ("printf '\\033[1mApache Maven 3.8.7\\033[m\\n'", (3, 8, 7)),
        ("echo 11", (11,)),
        ("echo none", None),
        ("exit 1", None),
    ],
)
def test_versions_are_found_in_what_tools_print(
    tmp_path: Path, sdk: Sdk, prints: str, version: tuple[int, ...] | None
) -> None:
    a_program(tmp_path, "tool", prints)
    assert toolchain.version_of(sdk.tools[0]) == version


def test_tools_that_are_new_enough_will_do(tmp_path: Path, sdk: Sdk) -> None:
    a_program(tmp_path, "tool", "echo 17.0.1")
    a_program(tmp_path, "make-tool", "echo 2.1")
    toolchain.check(sdk, building=True)


def test_a_tool_of_the_build_is_needed_only_then(tmp_path: Path, sdk: Sdk) -> None:
    a_program(tmp_path, "tool", "echo 17.0.1")
    toolchain.check(sdk, building=False)
    with pytest.raises(SdkError, match="there is no make-tool here; install a maker"):
        toolchain.check(sdk, building=True)


@pytest.mark.parametrize(
    ("prints", "message"),
    [
        (None, "there is no tool here; install Tool 17 or newer"),
        ("echo 16.9.9", "tool is 16.9.9, which is too old; install Tool 17 or newer"),
        ("echo none", "tool -v gives no version; install Tool 17 or newer"),
    ],
)
def test_a_tool_that_will_not_do_is_named_in_one_line(
    tmp_path: Path, sdk: Sdk, prints: str | None, message: str
) -> None:
    if prints:
        a_program(tmp_path, "tool", prints)
    with pytest.raises(SdkError, match=f"^java was not run: {message}$"):
        toolchain.check(sdk, building=False)
