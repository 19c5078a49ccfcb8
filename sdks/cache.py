"""Installed SDKs, kept between runs: built once for each release and lock file, then started without any network."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import frozen

from sdks import toolchain
from sdks.errors import SdkError
from sdks.job import NOT_COPIED, Job
from sdks.request import Requested

STAMP = "installed.json"
"""Written last: a folder without it is the rest of an installation that was broken off."""


@frozen
class Installed:
    """A driver that can be started."""

    requested: Requested
    command: tuple[str, ...]
    folder: Path


def installed(requested: Requested, progress: Callable[[str], None]) -> Installed:
    """The driver for `requested`, installed now if it is not yet.

    `progress` gets a line when an installation begins and one when it has ended. Raises SdkError when the
    toolchain is missing or the SDK cannot be had.
    """
    toolchain.check(requested.sdk, building=False)
    folder = root() / _folder_name(requested)
    command = _stamped(folder)
    if command is None:
        with _only_one(requested.sdk.name):
            command = _stamped(folder) or _install(requested, folder, progress)
    return Installed(requested, command, folder)


def root() -> Path:
    """Where installations are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "organizations-conformance" / "sdks"


def _install(requested: Requested, folder: Path, progress: Callable[[str], None]) -> tuple[str, ...]:
    toolchain.check(requested.sdk, building=True)
    _remove_older(requested, folder)
    folder.mkdir(parents=True)
    progress(f"{requested}: installing, once")
    began = time.monotonic()
    try:
        # A folder named as its SDK, so that what belongs together lies together: sdks.python.build and so on.
        build = importlib.import_module(f"sdks.{requested.sdk.name}.build").build
        command = [str(word) for word in build(Job(requested, folder))]
        partial = folder / f"{STAMP}.partial"
        partial.write_text(json.dumps({"command": command}), encoding="utf-8")
        partial.replace(folder / STAMP)
    except SdkError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    progress(f"{requested}: installed in {time.monotonic() - began:.0f} s")
    return tuple(command)


def _stamped(folder: Path) -> tuple[str, ...] | None:
    try:
        return tuple(json.loads((folder / STAMP).read_text(encoding="utf-8"))["command"])
    except FileNotFoundError:
        return None


def _remove_older(requested: Requested, folder: Path) -> None:
    """Removes what a broken-off installation left, and what earlier states of the same checkout built."""
    shutil.rmtree(folder, ignore_errors=True)
    if requested.checkout:
        for older in folder.parent.glob(f"{_label(requested)}-*"):
            if older.is_dir():
                shutil.rmtree(older, ignore_errors=True)


def _folder_name(requested: Requested) -> str:
    digest = hashlib.sha256()
    digest.update(f"{requested} {requested.sdk.environment}".encode())
    for file in _files(requested.sdk.folder):
        digest.update(f"{file.relative_to(requested.sdk.folder)}".encode() + b"\0" + file.read_bytes())
    if requested.checkout:
        for file in _files(requested.checkout):
            state = file.lstat()
            digest.update(f"{file.relative_to(requested.checkout)} {state.st_size} {state.st_mtime_ns}".encode())
    return f"{_label(requested)}-{digest.hexdigest()[:16]}"


def _label(requested: Requested) -> str:
    if requested.checkout:
        return f"{requested.sdk.name}-checkout-{hashlib.sha256(bytes(requested.checkout)).hexdigest()[:8]}"
    return f"{requested.sdk.name}-{requested.version}"


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            if entry.name not in NOT_COPIED:
                yield from _files(entry)
        else:
            yield entry


@contextlib.contextmanager
def _only_one(name: str) -> Iterator[None]:
    """Lets one process at a time install the SDK of that name."""
    root().mkdir(parents=True, exist_ok=True)
    with (root() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
