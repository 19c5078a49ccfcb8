"""The suite against an implementation that nobody here wrote, and what it must find there."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROGRAM = HERE / "node_modules" / ".bin" / "workos"
KEY = "sk_test_default"

FAULTS = {
    "a taken external_id is accepted": {"create.external-id-taken", "update.external-id-taken"},
    "an over-long external_id is accepted": {"body.external-id-too-long"},
    "a non-ASCII external_id is accepted": {"body.external-id-characters"},
    "metadata over its limits is accepted": {
        "body.metadata-too-many",
        "body.metadata-long-key",
        "body.metadata-long-value",
    },
    "metadata is replaced, not merged": {"update.metadata-merges"},
    "before answers with the wrong page": {"list.walk-back"},
    "normal is not understood": {"list.order"},
    "a limit out of bounds is accepted": {"list.limit-out-of-bounds"},
    "several domains do not filter": {"list.several-domains"},
    "the deprecated domains are ignored": {"create.deprecated-domains"},
    "stripe_customer_id is null": {"organization.stripe-customer-id"},
    "stripe_customer_id is ignored on update": {"update.stripe-customer-id"},
    "delete answers with an undocumented status": {"answer.status", "delete.answers"},
}

pytestmark = pytest.mark.skipif(
    not PROGRAM.exists(), reason="the vendor's emulator is not installed: npm ci --prefix tests/vendor (needs Node)"
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(PROGRAM), "emulate", "--port", str(port), "--json", "--mode", "ci"]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) as emulator:
        assert emulator.stdout is not None
        yield json.loads(emulator.stdout.readline())["url"]
        emulator.terminate()


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vendor")


@pytest.fixture(scope="module")
def shown(address: str, output: Path) -> str:
    options = ["--base-url", address, "--api-key", KEY, "--output", str(output)]
    command = [sys.executable, "-m", "pytest", "conformance", *options]
    wide = {**os.environ, "COLUMNS": "120"}
    run = subprocess.run(command, cwd=ROOT, env=wide, stdout=subprocess.PIPE, text=True, check=False)
    assert run.returncode == 1
    return run.stdout


@pytest.fixture(scope="module")
def findings(shown: str, output: Path) -> set[str]:
    verdict = json.loads((output / "verdict.json").read_text(encoding="utf-8"))
    return {outcome["requirement"] for outcome in verdict["outcomes"] if outcome["status"] == "finding"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_known_fault_is_found_under_its_own_requirement(findings: set[str], fault: str) -> None:
    assert findings >= FAULTS[fault]


def test_its_findings_are_read_at_one_sitting(shown: str) -> None:
    lines = shown.partition("\nFINDING ")[2].splitlines()
    assert sum(line.startswith("FINDING ") for line in lines) >= 40
    assert len(lines) <= 250
