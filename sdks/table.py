"""The eight SDKs: their packages, the releases that are pinned, and what each one needs to run."""

from __future__ import annotations

import functools
import json
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

FOLDER = Path(__file__).parent


@frozen
class Tool:
    """A program of a toolchain: how to ask it for its version, and the oldest one that will do."""

    name: str
    command: tuple[str, ...]
    minimum: tuple[int, ...]
    install: str
    """What to install where it is missing or too old."""
    to_build: bool = False
    """Whether only the installation needs it, not the driver that it makes."""


@frozen
class Sdk:
    """One SDK. The driver, the lock file and the build are in the folder that has its name."""

    name: str
    package: str
    registry: str
    version: str | None
    """The release that is pinned. None: no registry that has it was within reach, so only a checkout runs."""
    tools: tuple[Tool, ...]
    environment: str = ""
    """What an installation depends on besides the files of its folder."""

    @property
    def folder(self) -> Path:
        """Where the driver, the lock file and the build are."""
        return FOLDER / self.name

    @functools.cached_property
    def unsupported(self) -> Mapping[str, str]:
        """What the pinned release cannot express: the protocol's names of capabilities, each with the reason."""
        found: dict[str, str] = json.loads((self.folder / "unsupported.json").read_text(encoding="utf-8"))
        return found


_ROWS = (
    Sdk(
        name="node",
        package="@workos-inc/node",
        registry="npm",
        version="11.0.0",
        tools=(
            Tool("npm", ("npm", "--version"), (10,), "Node.js 20 or newer with npm", to_build=True),
            # On Linux for x64 the lock file brings a Node of its own.
            *(
                ()
                if (sys.platform, platform.machine()) == ("linux", "x86_64")
                else (Tool("node", ("node", "--version"), (22, 11), "Node.js 22.11 or newer"),)
            ),
        ),
    ),
    Sdk(
        name="python",
        package="workos",
        registry="PyPI",
        version="10.8.0",
        tools=(),
        # A virtual environment belongs to the interpreter that made it.
        environment=f"{sys.base_prefix} {platform.python_version()}",
    ),
    Sdk(
        name="ruby",
        package="workos",
        registry="RubyGems",
        version=None,
        tools=(Tool("ruby", ("ruby", "--version"), (3, 1), "Ruby 3.3 or newer"),),
    ),
    Sdk(
        name="go",
        package="github.com/workos/workos-go",
        registry="Go modules",
        version="9.6.0",
        tools=(Tool("go", ("go", "version"), (1, 23), "Go 1.23 or newer", to_build=True),),
    ),
    Sdk(
        name="php",
        package="workos/workos-php",
        registry="Packagist",
        version=None,
        tools=(Tool("php", ("php", "--version"), (8, 2), "PHP 8.2 or newer with curl and mbstring"),),
    ),
    Sdk(
        name="java",
        package="com.workos:workos",
        registry="Maven Central",
        version="7.2.0",
        tools=(
            Tool("java", ("java", "-version"), (17,), "a JDK, 17 or newer"),
            Tool("mvn", ("mvn", "--version"), (3, 8), "Maven 3.8 or newer", to_build=True),
        ),
    ),
    Sdk(
        name="dotnet",
        package="WorkOS.net",
        registry="NuGet",
        version=None,
        tools=(Tool("dotnet", ("dotnet", "--version"), (8,), "the .NET SDK, 8 or newer"),),
    ),
    Sdk(
        name="rust",
        package="workos",
        registry="Cargo",
        version="3.5.0",
        tools=(Tool("cargo", ("cargo", "--version"), (1, 85), "Rust 1.85 or newer with cargo", to_build=True),),
    ),
)

SDKS: Mapping[str, Sdk] = {row.name: row for row in _ROWS}
"""By name, in the order of the documentation page."""
