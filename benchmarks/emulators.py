"""(5) The emulator among few and many organizations, and beside the npm emulator: requests a second, p99, memory."""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import httpx

from benchmarks.programs import memory, running
from benchmarks.result import Cell, Plot, Result
from benchmarks.targets import KEY, NPM_MISSING, NPM_PROGRAM, Target, emulator, filled, npm_emulator

FEW, MANY = 10, 1_000_000
REQUESTS = 50
"""Of each kind in one round. The npm emulator takes 1,000 requests a minute, these and those of the preparation."""
ROUNDS = 6
"""Against the project's own emulators, which have no limit; few and many in turn."""
PAGE = 100
PAGES = 10
"""The thousandth page is reached by its cursor. Where a thousand pages are too many, the last one counts as it."""

Operation = Callable[[], httpx.Response]


@dataclass(frozen=True)
class Figures:
    """What a target took for each operation: milliseconds of every request."""

    times: dict[str, list[float]]
    memory: float = 0.0

    def with_memory(self, target: Target) -> Figures:
        """The same, with what the target has in memory now."""
        return Figures(self.times, memory(target.process))


def measure() -> Result:
    """The three targets, the project's own in turn."""
    notes = [
        f"Medians over {ROUNDS * REQUESTS} requests of one client on loopback ({REQUESTS} at npm's, which takes 1,000 a"
        " minute); a thousandth page needs a thousand pages, so among few it is the last page.",
        f"From the command to the first answer: {statistics.median(started() for _ in range(5)):.2f} s.",
    ]
    found = own()
    if NPM_PROGRAM.exists():
        with npm_emulator() as npm, prepared(npm, 0) as operations:
            found["npm emulator, 60"] = timed([operations], 1)[0].with_memory(npm)
    else:
        notes.append(NPM_MISSING)
    return table(found, notes)


def table(found: dict[str, Figures], notes: list[str]) -> Result:
    """A row for each operation, and what many cost of few."""
    few, many = [*found.values()][:2]
    names = [*few.times]
    columns = ["operation"] + [f"{target}: {what}" for target in found for what in ("a second", "p99 ms")]
    rows: list[list[Cell]] = []
    for name in names:
        row: list[Cell] = [name]
        for figures in found.values():
            row += [1000 / statistics.median(figures.times[name]), p99(figures.times[name])]
        rows.append([*row, statistics.median(many.times[name]) / statistics.median(few.times[name])])
    memories: list[Cell] = ["memory, MB"]
    for figures in found.values():
        memories += [figures.memory, None]
    rows.append([*memories, None])
    series = {
        target: [1000 / statistics.median(figures.times[name]) for name in names] for target, figures in found.items()
    }
    plot = Plot("One client", "requests a second", names, series)
    columns.append("a million costs, of ten")
    return Result("5-emulators", "Emulators", columns, rows, [plot], notes)


def p99(times: list[float]) -> float:
    """What one request in a hundred takes longer than."""
    return sorted(times)[-1 - len(times) // 100]


def own() -> dict[str, Figures]:
    """The project's emulator with few and with many organizations."""
    filled(MANY)
    with emulator(FEW) as few, emulator(MANY) as many:
        with prepared(few, FEW) as at_few, prepared(many, MANY) as at_many:
            of_few, of_many = timed([at_few, at_many], ROUNDS)
        return {
            f"emulator, {FEW}": of_few.with_memory(few),
            f"emulator, {MANY:,}": of_many.with_memory(many),
        }


def timed(targets: Sequence[Mapping[str, Operation]], rounds: int) -> list[Figures]:
    """Carries out every operation so many times; request by request in turn, so that a busy moment hits each target."""
    figures = [Figures({name: [] for name in operations}) for operations in targets]
    for name in [*targets[0]] * rounds:
        for _ in range(REQUESTS):
            for operations, measured in zip(targets, figures, strict=True):
                measured.times[name].append(milliseconds(operations[name]))
    return figures


def milliseconds(operation: Operation) -> float:
    """What one request takes."""
    began = time.perf_counter()
    response = operation()
    took = 1000 * (time.perf_counter() - began)
    response.raise_for_status()
    return took


@contextlib.contextmanager
def prepared(target: Target, count: int) -> Iterator[dict[str, Operation]]:
    """The operations, on a target with so many organizations and a few that are looked for."""
    with target.client() as client:
        for number in range(10):
            body = {"name": f"Zebra {number}", "external_id": f"zebra-{number}"}
            domains = [{"domain": f"zebra-{number}.com", "state": "verified"}]
            made = client.post("/organizations", json={**body, "domain_data": domains}).raise_for_status().json()
        numbers = iter(range(10**9))
        common = "Organization" if count else "Zebra"
        far = cursor(client, count)

        def listing(**query: str) -> Operation:
            return lambda: client.get("/organizations", params={"limit": "10", "order": "desc", **query})

        yield {
            "create": lambda: client.post("/organizations", json={"name": f"Organization new {next(numbers)}"}),
            "get": lambda: client.get(f"/organizations/{made['id']}"),
            "lookup": lambda: client.get(f"/organizations/external_id/{made['external_id']}"),
            "first page": listing(),
            "page 1,000": listing(after=far),
            "search: many": listing(search=common),
            "search: few": listing(search=f"{common} {max(count - 3, 0)}"),
            "search: none": listing(search=f"{common} of nobody"),
            "search: one letter": listing(search="z"),
            "filter": listing(domains="zebra-3.com,zebra-4.com"),
            "filter and search": listing(domains="zebra-3.com", search="zebra"),
        }


def cursor(client: httpx.Client, count: int) -> str:
    """The id that the thousandth page of ten begins after, or the last but ten where there are not so many."""
    after, query = "", {"limit": str(PAGE), "order": "desc"}
    for _ in range(999 * 10 // PAGE if count else 1):
        page = client.get("/organizations", params={**query, **({"after": after} if after else {})}).json()
        if len(page["data"]) < PAGE:
            return after or str(page["data"][min(9, len(page["data"]) // 2)]["id"])
        after = page["data"][-1]["id"]
    return after


def started() -> float:
    """Seconds from the command to the first answer."""
    began = time.perf_counter()
    with running([sys.executable, "-m", "emulator", "--api-key", KEY]) as (line, _):
        url = line.partition('": "')[2].rstrip('"}\n')
        httpx.get(f"{url}/organizations", headers={"Authorization": f"Bearer {KEY}"}).raise_for_status()
        return time.perf_counter() - began
