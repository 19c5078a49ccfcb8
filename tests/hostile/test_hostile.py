"""Every hostile target ends in a right verdict, or in a no-judgement of one line, within bounds."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.hostile.runs import Outcome, Start, faults, forked, judge
from tests.hostile.targets import HARMLESS, TABLE, lowest_exit_code
from tests.mutants.pool import Pool
from tests.mutants.trial import QUIET

FAST = ("--timeout", "1", "--max-time", "20")
"""So that a table of targets that hang takes no longer than a table of others."""
OWN_MEMORY = 220
MOST_MEMORY = OWN_MEMORY + 300
AT_ONCE = 6
SOUND = 40
ONLY_FIRST = (
    "NaN", "doubled keys", "100,000 levels of nesting", "numbers of a million digits", "everything 503",
    "everything 403", "gzip within gzip", "closes within the head", "resets within the body",
    "1 MB beside each organization", "4 MB beside each page", "90 levels beside each organization",
)  # fmt: skip
"""What tells no more after good answers than a row beside it; `python -m tests.hostile` tries all of them."""
ROWS = [(name, sound) for name in TABLE for sound in (0, SOUND) if not (sound and name in ONLY_FIRST)]


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Runs the suite in processes of their own, which need not import it again."""
    pool = Pool(AT_ONCE)
    yield lambda arguments: pool.start(forked, [*QUIET, *arguments]).result()
    pool.close()


@pytest.fixture(scope="module")
def outcomes(start: Start) -> Iterator[dict[tuple[str, int], Future[Outcome]]]:
    """Each row from the first request, and after some good ones; most of them only wait."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            (name, sound): pool.submit(judge, start, TABLE[name], sound, *(() if name in HARMLESS else FAST))
            for name, sound in ROWS
        }
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize(("name", "sound"), ROWS, ids=[f"{name}, after {sound} good ones" for name, sound in ROWS])
def test_a_hostile_target(outcomes: dict[tuple[str, int], Future[Outcome]], name: str, sound: int) -> None:
    outcome = outcomes[name, sound].result()
    assert faults(outcome) == [], outcome.text
    assert outcome.megabytes < MOST_MEMORY
    assert outcome.exit_code >= lowest_exit_code(name, sound), outcome.text
    assert "\n" not in outcome.reason
    if name in HARMLESS:
        assert outcome.exit_code == 0, outcome.text


def test_a_bad_certificate(start: Start, tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=elsewhere",
         "-keyout", certificate, "-out", certificate.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    certificate.write_bytes(certificate.read_bytes() + certificate.with_suffix(".crt").read_bytes())
    outcome = judge(start, TABLE["HTML"], 0, *FAST, certificate=certificate)
    assert faults(outcome) == []
    assert outcome.exit_code >= 2
    assert "certificate" in outcome.reason
