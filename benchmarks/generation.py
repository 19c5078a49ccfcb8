"""What one generated case costs before anything is sent."""

from __future__ import annotations

import time

from rich.table import Table
from schemathesis import GenerationMode

from conformance.harness.api.call import Call
from conformance.harness.api.http import outcome_of
from conformance.harness.fixtures.generation import AnyCase, Generator
from conformance.harness.fixtures.profile import PROFILES
from conformance.harness.wire.exchange import Exchange, Response

CASES = 100
OPERATIONS = ("create", "list")


def table() -> Table:
    """Milliseconds a case, by operation and by whether the case keeps the contract."""
    made = Table("operation", "cases", "each", title=f"Generation of {CASES} cases")
    for operation in OPERATIONS:
        for mode in GenerationMode:
            made.add_row(operation, mode.value, f"{_milliseconds(operation, mode):.1f} ms")
    return made


def _milliseconds(operation: str, mode: GenerationMode) -> float:
    status = {GenerationMode.POSITIVE: 200, GenerationMode.NEGATIVE: 422}[mode]
    met: list[AnyCase] = []

    def taken(case: AnyCase) -> Call:
        met.append(case)
        response = Response(status, {"content-type": "application/json"}, b"{}")
        exchange = Exchange(operation, "GET", "http://nowhere", {}, b"", response)
        return Call(operation, {}, outcome_of(exchange), (exchange,))

    started = time.perf_counter()
    Generator(PROFILES["thorough"], seed=0).check_each(operation, mode, taken, CASES)
    return 1000 * (time.perf_counter() - started) / len(met)
