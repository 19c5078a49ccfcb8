"""What an SDK's ``build.py`` works with: where to install, what, and how to run the tools for it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from sdks.environment import for_build
from sdks.errors import SdkError
from sdks.request import Requested

BUILD_SECONDS = 900
"""The longest that one step of an installation may take; the slowest known compiles for two minutes."""

TELLING = ("no matching", "not available", "could not find artifact", "error")
"""What the line has in it with which a package manager or a compiler says why it failed, most telling first."""

NOT_COPIED = (".git", "node_modules", "__pycache__", ".venv", "venv", "target", "obj")


@frozen
class Job:
    """One installation: `requested` goes into the folder `target`, which is empty at first."""

    requested: Requested
    target: Path

    @property
    def source(self) -> Path:
        """The SDK's folder in this repository: driver, lock file, unsupported.json."""
        return self.requested.sdk.folder

    def run(self, *command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
        """Runs a tool in `target` (or `cwd`) and gives its standard output.

        Raises SdkError with the line in which the tool says why it failed, or when it outlasts BUILD_SECONDS.
        """
        words = [str(word) for word in command]
        process = self._start(words, cwd or self.target, {**for_build(os.environ), **(env or {})})
        try:
            out, err = process.communicate(timeout=BUILD_SECONDS)
        except subprocess.TimeoutExpired:
            raise SdkError(f"{self.requested}: {words[0]} did not end within {BUILD_SECONDS} seconds") from None
        finally:
            _end(process)
        if process.returncode:
            why = _telling_line(uncoloured(err) if uncoloured(err).strip() else uncoloured(out))
            raise SdkError(f"{self.requested} could not be installed: {why} (from {Path(words[0]).name})")
        return out

    def check_checkout(self, manifest: str) -> None:
        """Raises SdkError unless the file `manifest` of the checkout, if one is wanted, names the SDK's package."""
        if self.requested.checkout is None:
            return
        package, file = self.requested.sdk.package, self.requested.checkout / manifest
        if not file.is_file() or package not in file.read_text(encoding="utf-8", errors="replace"):
            raise SdkError(f"{self.requested}: this is no checkout of {package}: it has no {manifest} that names it")

    def copy_checkout(self) -> Path:
        """The checkout copied into `target`, so that a build leaves no file behind in it."""
        assert self.requested.checkout is not None
        copy = self.target / "checkout"
        shutil.copytree(self.requested.checkout, copy, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
        return copy

    def _start(self, words: list[str], cwd: Path, env: Mapping[str, str]) -> subprocess.Popen[str]:
        try:
            return subprocess.Popen(  # noqa: S603 - the commands of our own builds
                words,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        except FileNotFoundError:
            raise SdkError(f"{self.requested}: {words[0]} is not installed") from None


def _end(process: subprocess.Popen[str]) -> None:
    """Ends what a tool that was given up has started; does nothing after a tool that ended by itself."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def uncoloured(text: str) -> str:
    """`text` without sequences for colours; Maven writes some, numbers and all, wherever it writes."""
    return _COLOUR.sub("", text)


def _telling_line(text: str) -> str:
    """The line that most likely says why: the first with the first of TELLING that there is, else the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for word in TELLING:
        for line in lines:
            if word in line.lower():
                return line[:500]
    return lines[-1][:500] if lines else "it did not say why"
