"""Judges recorded traffic.

    python -m conformance.recorded FILE [--since DATE] [--output FOLDER] [--strict-levels]

FILE is a HAR (version 1.2), or a JSON list of exchanges, each with `recorded` (an HTTP date), `request`
(method, path, body) and `response` (status, headers, body). No request is sent. The verdict and the exit
codes are those of a run: what the recording does not show is not tested.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from conformance.harness.evidence.evidence import of_finding, recorded
from conformance.harness.evidence.redaction import Redactor
from conformance.recorded.judging import Judgement
from conformance.recorded.reading import Recording, UnreadableRecordingError, read
from reports import terminal
from reports.verdict import gate, subject
from reports.verdict.verdict import Evidence, Status, Verdict, outcomes_of
from specs.contract import document
from specs.requirements import Level, Subject, catalogue

UNREADABLE = 2
NOT_SHOWN = "the recording does not show it"


def main(arguments: Sequence[str] | None = None) -> int:
    """Judges what the command line names, prints the verdict, gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m conformance.recorded", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file", type=Path, help="HAR, or a JSON list of exchanges")
    parser.add_argument("--since", type=_day, metavar="DATE", help="judge what was recorded on this day and later")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="where to write verdict.json")
    parser.add_argument("--strict-levels", action="store_true", help="a SHOULD that is not met fails, too")
    options = parser.parse_args(arguments)
    try:
        recording = since(read(options.file), options.since)
    except UnreadableRecordingError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    verdict = judged(recording, str(options.file), options.strict_levels)
    terminal.show(Console(), verdict)
    print(f"{verdict.requests} recorded exchanges were judged, {recording.others} are of no operation or not whole")
    if options.output:
        verdict.write(options.output / "verdict.json")
    return gate.exit_code(verdict)


def since(recording: Recording, moment: datetime | None) -> Recording:
    """What was recorded at the moment and later; of what has no date nothing is known."""
    if moment is None:
        return recording
    kept = [(exchange, at) for exchange, at in recording.exchanges if at is not None and at >= moment]
    return Recording(kept, recording.others + len(recording.exchanges) - len(kept), recording.secrets)


def judged(recording: Recording, name: str, strict_levels: bool = False) -> Verdict:
    """The verdict on a recording."""
    exchanges = [exchange for exchange, _ in recording.exchanges]
    judgement = Judgement(exchanges)
    redactor = Redactor(None, recording.secrets)
    outcomes = outcomes_of(catalogue(Subject.SERVER).values())
    for pair in judgement.looked_at & outcomes.keys():
        outcomes[pair].weigh(Status.MET, name, Evidence())
    for found in judgement.findings:
        pair = found.requirement, found.operation
        status = _status(catalogue()[found.requirement].level, strict_levels)
        outcomes[pair].weigh(status, name, recorded(of_finding(found), redactor))
    for outcome in outcomes.values():
        outcome.note = NOT_SHOWN if outcome.status is Status.NOT_TESTED else outcome.note
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    verdict = Verdict(
        subject.server(f"recording {name}"), "", "default", 0, list(outcomes.values()),
        contract_version=str(document()["info"]["version"]),
        options={"recording": name, "strict_levels": strict_levels},
        started=now,
        finished=now,
        requests=len(exchanges),
    )  # fmt: skip
    gate.conclude(verdict)
    return verdict


def _status(level: Level, strict_levels: bool) -> Status:
    if level is Level.INFO:
        return Status.OBSERVED
    return Status.WARNING if level is Level.SHOULD and not strict_levels else Status.FINDING


def _day(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2025-07-01") from None


if __name__ == "__main__":
    sys.exit(main())
