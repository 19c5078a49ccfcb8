"""Whether the programs that an SDK needs are installed, and new enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from sdks.environment import for_build
from sdks.errors import SdkError
from sdks.job import uncoloured
from sdks.table import Sdk, Tool

_NUMBER = re.compile(r"\d+(?:\.\d+)+|\d+")
_SECONDS = 60


def check(sdk: Sdk, *, building: bool) -> None:
    """Raises SdkError, which says what to install, when a tool that `sdk` needs is missing or too old."""
    for tool in sdk.tools:
        if building or not tool.to_build:
            _check(sdk, tool)


def _check(sdk: Sdk, tool: Tool) -> None:
    if shutil.which(tool.command[0]) is None:
        raise SdkError(f"{sdk.name} was not run: there is no {tool.name} here; install {tool.install}")
    version = version_of(tool)
    if version is None:
        raise SdkError(f"{sdk.name} was not run: {' '.join(tool.command)} gives no version; install {tool.install}")
    if version < tool.minimum:
        found = ".".join(map(str, version))
        raise SdkError(f"{sdk.name} was not run: {tool.name} is {found}, which is too old; install {tool.install}")


def version_of(tool: Tool) -> tuple[int, ...] | None:
    """The version that a tool reports; None when it reports none."""
    try:
        # Java writes its version to standard error.
        told = subprocess.run(  # noqa: S603 - a command of the table
            tool.command,
            env=for_build(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    number = _NUMBER.search(uncoloured(told.decode("utf-8", "replace")))
    return tuple(int(part) for part in number.group().split(".")) if number else None
