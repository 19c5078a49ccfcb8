"""Traffic that somebody else recorded, judged without a request."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.recorded.__main__ import judged, main
from conformance.recorded.reading import Recording, read
from reports.verdict.verdict import Status, Verdict, validator
from tests.conformance.suite import ROOT

HAR = Path(__file__).with_name("traffic.har")
"""Thirteen exchanges with the emulator, and one that is no concern of the contract."""
KEY = "sk_test_recorded_2718281828"
PRODUCTION = ROOT.parent / "shared" / "recordings" / "organizations.json"
"""Real traffic, 2020 to 2025; it is no part of the repository."""

FIRST_CREATE, FIRST_PAGE, SECOND_PAGE, READ, UNKNOWN, UPDATE, REFUSED, LIMIT, DELETED = 0, 4, 5, 6, 8, 9, 10, 11, 12


def statuses(verdict: Verdict, *wanted: Status) -> set[str]:
    return {outcome.requirement for outcome in verdict.of(*wanted)}


def test_a_recording_is_judged_like_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(HAR), "--output", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "13 recorded exchanges were judged, 1 are of no operation" in shown
    values = json.loads((tmp_path / "verdict.json").read_text())
    assert list(validator().iter_errors(values)) == []
    assert (values["result"], values["requests"], values["created"]) == ("met", 13, 0)
    met = {outcome["requirement"] for outcome in values["outcomes"] if outcome["status"] == "met"}
    assert met >= {
        "organization.id", "domain.state", "list.cursors", "list.limit", "list.order", "list.after-is-exclusive",
        "list.first-page", "create.returns-what-was-sent", "update.sets-what-was-sent", "get.exact-id", "lookup.exact",
        "list.limit-out-of-bounds", "body.name-type", "error.message",
    }  # fmt: skip
    assert not met & {"delete.gone", "list.walk-back", "authentication.missing-key", "list.search"}


def test_no_request_is_sent() -> None:
    program = (
        "import sys\n"
        "def forbid(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto'): sys.exit('a request')\n"
        "sys.addaudithook(forbid)\n"
        "from conformance.recorded.__main__ import main\n"
        f"sys.exit(main([{str(HAR)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def body(entry: dict[str, Any], change: Callable[[Any], None]) -> None:
    """Changes the body of a recorded response."""
    value = json.loads(entry["response"]["content"]["text"])
    change(value)
    entry["response"]["content"]["text"] = json.dumps(value)


def name_lost(entries: list[Any]) -> None:
    body(entries[FIRST_CREATE], lambda value: value.update(name="Something else"))


def state_ignored(entries: list[Any]) -> None:
    body(entries[FIRST_CREATE], lambda value: value["domains"][0].update(state="pending"))


def change_lost(entries: list[Any]) -> None:
    body(entries[UPDATE], lambda value: value.update(name="Recorded 1"))


def no_metadata(entries: list[Any]) -> None:
    body(entries[READ], lambda value: value.pop("metadata"))


def shown_again(entries: list[Any]) -> None:
    first = json.loads(entries[FIRST_PAGE]["response"]["content"]["text"])["data"]
    body(entries[SECOND_PAGE], lambda value: value.update(data=[first[-1], value["data"][0]]))


def too_long(entries: list[Any]) -> None:
    def add(page: Any) -> None:
        page["data"].append({**page["data"][-1], "id": "org_00000000000000000000000001", "domains": []})

    body(entries[FIRST_PAGE], add)


def oldest_first(entries: list[Any]) -> None:
    body(entries[FIRST_PAGE], lambda value: value["data"].reverse())


def leads_back(entries: list[Any]) -> None:
    body(entries[FIRST_PAGE], lambda value: value["list_metadata"].update(before=value["data"][0]["id"]))


def somebody_else(entries: list[Any]) -> None:
    other = json.loads(entries[FIRST_PAGE]["response"]["content"]["text"])["data"][0]
    entries[READ]["response"]["content"]["text"] = json.dumps(other)


def number_taken(entries: list[Any]) -> None:
    entries[REFUSED]["response"] = copy.deepcopy(entries[FIRST_CREATE]["response"])


def limit_taken(entries: list[Any]) -> None:
    entries[LIMIT]["response"] = copy.deepcopy(entries[FIRST_PAGE]["response"])


def other_status(entries: list[Any]) -> None:
    entries[DELETED]["response"]["status"] = 204


def no_reason(entries: list[Any]) -> None:
    body(entries[UNKNOWN], lambda value: value.pop("message"))


FAULTS: dict[Callable[[list[Any]], None], str] = {
    name_lost: "create.returns-what-was-sent",
    state_ignored: "create.domain-state",
    change_lost: "update.sets-what-was-sent",
    no_metadata: "organization.metadata",
    shown_again: "list.after-is-exclusive",
    too_long: "list.limit",
    oldest_first: "list.order",
    leads_back: "list.first-page",
    somebody_else: "get.exact-id",
    number_taken: "body.name-type",
    limit_taken: "list.limit-out-of-bounds",
    other_status: "answer.status",
    no_reason: "error.message",
}


@pytest.mark.parametrize("spoil", FAULTS, ids=lambda spoil: str(spoil.__name__))
def test_a_fault_that_was_recorded_is_one_finding(spoil: Callable[[list[Any]], None], tmp_path: Path) -> None:
    content = json.loads(HAR.read_text(encoding="utf-8"))
    spoil(content["log"]["entries"])
    file = tmp_path / "spoiled.har"
    file.write_text(json.dumps(content), encoding="utf-8")
    verdict = judged(read(file), file.name)
    assert statuses(verdict, Status.FINDING) == {FAULTS[spoil]}
    [outcome] = verdict.of(Status.FINDING)
    assert outcome.evidence.exchanges
    assert KEY not in json.dumps(verdict.serializable())
    assert main([str(file)]) == 1


def test_nothing_of_the_contract_is_no_judgement(tmp_path: Path) -> None:
    file = tmp_path / "empty.har"
    file.write_text('{"log": {"entries": []}}')
    assert main([str(file)]) == 3


@pytest.mark.parametrize("content", ["", "[1]", "{}", '{"log": {"entries": [{}]}}', "[{}]"])
def test_what_is_no_recording_is_one_line(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "recording"
    file.write_text(content)
    assert main([str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


# ---- The production API over the years -----------------------------------------------------------------------

TIMES_OF_DOMAINS = {"domain.created-at", "domain.updated-at"}
"""Came with the objects of 2025."""
LATER_FIELDS = {"organization.external-id", "organization.metadata"}
"""An update of January 2025 still had neither."""
OWNER_OF_DOMAINS = {"domain.organization-id"}
"""A domain did not say whose it is before 2025."""
TIMES = {"organization.created-at", "organization.updated-at"}
"""Came in 2021: the recordings of May had none, those of August had."""
NAME_OF_CURSORS = {"list.cursors"}
"""A list called its list_metadata listMetadata until 2021."""

HISTORY = {
    2020: TIMES_OF_DOMAINS | LATER_FIELDS | OWNER_OF_DOMAINS | TIMES | NAME_OF_CURSORS,
    2021: TIMES_OF_DOMAINS | LATER_FIELDS | OWNER_OF_DOMAINS | TIMES | NAME_OF_CURSORS,
    2022: TIMES_OF_DOMAINS | LATER_FIELDS | OWNER_OF_DOMAINS,
    2024: TIMES_OF_DOMAINS | LATER_FIELDS | OWNER_OF_DOMAINS,
}
"""What each year's traffic breaks of today's contract."""

needs_recordings = pytest.mark.skipif(not PRODUCTION.exists(), reason="the recordings lie beside the repository")


def recorded_in(year: int, *months: int) -> Verdict:
    """The verdict on the traffic of a year, or of some months of it."""
    recording = read(PRODUCTION)
    kept = [
        (exchange, moment)
        for exchange, moment in recording.exchanges
        if moment is not None and moment.year == year and (not months or moment.month in months)
    ]
    assert kept
    return judged(Recording(kept, 0, []), str(year))


@needs_recordings
def test_the_traffic_of_july_2025_breaks_no_must() -> None:
    verdict = recorded_in(2025, 7)
    assert statuses(verdict, Status.FINDING, Status.WARNING) == set()
    assert len(statuses(verdict, Status.MET)) >= 25


@needs_recordings
def test_an_update_of_january_2025_had_fewer_fields() -> None:
    assert statuses(recorded_in(2025, 1), Status.FINDING) == TIMES_OF_DOMAINS | LATER_FIELDS


@needs_recordings
@pytest.mark.parametrize("year", HISTORY)
def test_the_objects_grew_over_the_years(year: int) -> None:
    assert statuses(recorded_in(year), Status.FINDING) == HISTORY[year]
