"""How long the emulator takes: to start, and for a page among few and many organizations."""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from rich.table import Table

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store

ROOT = Path(__file__).parents[1]
KEY = "sk_test_benchmark"
HEADERS = {"Authorization": f"Bearer {KEY}"}
ORDERS = ("asc", "desc", "normal")
SIZES = (10, 10_000, 1_000_000)
REPETITIONS = 30
STARTS = 3
BURST = 500


def table_of_pages() -> Table:
    """Median milliseconds for a page of ten, by order and number of organizations."""
    made = Table("organizations", "to fill", *ORDERS, title="One page of the emulator")
    for size in SIZES:
        with contextlib.closing(Store()) as store:
            filling = seconds(lambda store=store, size=size: store.fill(size))  # type: ignore[misc]
            with serving(Api(store, KEY).app()) as url, httpx.Client(base_url=url, headers=HEADERS) as client:
                times = [f"{1000 * _page(client, order):.1f} ms" for order in ORDERS]
        made.add_row(f"{size:,}", f"{filling:.1f} s", *times)
    return made


def table_of_speed() -> Table:
    """Seconds from the command to the first answer, and requests a second of one client."""
    made = Table("what", "measured", title="Speed of the emulator")
    made.add_row("start to first answer", f"{statistics.median(_start() for _ in range(STARTS)):.2f} s")
    with (
        contextlib.closing(Store()) as store,
        serving(Api(store, KEY).app()) as url,
        httpx.Client(base_url=url, headers=HEADERS) as client,
    ):
        identifier = client.post("/organizations", json={"name": "Read"}).json()["id"]
        reading = _rate(lambda: client.get(f"/organizations/{identifier}"))
        creating = _rate(lambda: client.post("/organizations", json={"name": "Created"}))
    made.add_row("reads", f"{reading:,.0f} a second")
    made.add_row("creates", f"{creating:,.0f} a second")
    return made


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _page(client: httpx.Client, order: str) -> float:
    return statistics.median(
        seconds(lambda: client.get("/organizations", params={"order": order}).raise_for_status())
        for _ in range(REPETITIONS)
    )


def _rate(request: Callable[[], httpx.Response]) -> float:
    return BURST / seconds(lambda: [request().raise_for_status() for _ in range(BURST)])


def _start() -> float:
    command = [sys.executable, "-m", "emulator", "--api-key", KEY]
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:  # noqa: S603 - ours
        assert program.stdout is not None
        url = program.stdout.readline().partition('": "')[2].rstrip('"}\n')
        httpx.get(f"{url}/organizations", headers=HEADERS).raise_for_status()
        took = time.perf_counter() - started
        program.terminate()
    return took
