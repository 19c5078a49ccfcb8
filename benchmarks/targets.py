"""The servers that benchmarks run against, each a program of its own."""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.programs import ROOT, running
from conformance.harness.wire.transports.limits import retry_after
from emulator.store import Store

KEY = "sk_test_benchmark"
NPM_KEY = "sk_test_default"
"""The only key that the npm emulator knows."""
NPM_FOLDER = ROOT / "tests" / "vendor"
NPM_PROGRAM = NPM_FOLDER / "node_modules" / ".bin" / "workos"
NPM_MISSING = "the npm emulator is not installed: npm ci --prefix tests/vendor (needs Node)"


@dataclass(frozen=True)
class Target:
    """A server that is running."""

    url: str
    key: str
    process: int

    def client(self) -> httpx.Client:
        """A client of it."""
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.key}"}, timeout=60)

    def organizations(self) -> int:
        """How many are there; walks through all. Waits where a run before it has used up the limit of requests."""
        count, query = 0, {"limit": "100", "order": "desc"}
        with self.client() as client:
            while True:
                response = client.get("/organizations", params=query)
                if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
                    time.sleep(max(1.0, retry_after(response)))
                    continue
                page = response.raise_for_status().json()
                count += len(page["data"])
                if not page["data"] or page["list_metadata"]["after"] is None:
                    return count
                query["after"] = page["list_metadata"]["after"]


@contextlib.contextmanager
def emulator(organizations: int = 0) -> Iterator[Target]:
    """This project's emulator, with so many organizations named `Organization 0`, `Organization 1`, ..."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "emulator", "--api-key", KEY]
        if organizations:
            file = Path(folder, "organizations.db")
            shutil.copy(filled(organizations), file)
            command += ["--db", str(file)]
        with running(command) as (line, process):
            yield Target(json.loads(line)["url"], KEY, process)


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


@functools.cache
def filled(organizations: int) -> Path:
    """A database with so many organizations; kept until the benchmarks end, as a million takes half a minute."""
    file = Path(_folder().name, f"{organizations}.db")
    with contextlib.closing(Store(file)) as store:
        store.fill(organizations)
    return file


@contextlib.contextmanager
def npm_emulator() -> Iterator[Target]:
    """The emulator inside the vendor's npm package."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [NPM_PROGRAM, "emulate", "--port", str(port), "--json", "--mode", "ci"]
    with running(command, NPM_FOLDER) as (line, process):
        yield Target(json.loads(line)["url"], NPM_KEY, process)
