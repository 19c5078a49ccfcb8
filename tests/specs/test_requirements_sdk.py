"""What an SDK promises: well-formed entries, each of which something judges."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import conformance.harness.judges.fidelity as fidelity
from specs.contract import SPECS, operations, read_yaml

ENTRIES: list[dict[str, Any]] = read_yaml(SPECS / "requirements-sdk.yaml")
GROUPS = {"request", "value", "error", "retry", "redirect", "options", "isolation", "iterate", "docs"}
BINDING = set("SODC")
SOURCES = BINDING | set("HRK")

every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])


@every_entry
def test_an_entry_is_well_formed(entry: dict[str, Any]) -> None:
    assert entry.keys() == {"id", "level", "kind", "operations", "promise", "sources"}
    assert re.fullmatch(r"sdk\.([a-z]+)\.[a-z]+(-[a-z]+)*", entry["id"])
    assert entry["id"].split(".")[1] in GROUPS
    assert entry["level"] in ("MUST", "SHOULD", "INFO")
    assert entry["kind"] in ("fidelity", "behaviour")
    assert set(entry["operations"]) <= set(operations())
    assert entry["promise"].endswith(".")


@every_entry
def test_the_level_follows_from_the_sources(entry: dict[str, Any]) -> None:
    marks = {source.partition(" ")[0] for source in entry["sources"]}
    assert marks <= SOURCES
    assert entry["level"] != "MUST" or marks & BINDING


def test_ids_and_promises_tell_entries_apart() -> None:
    for field in ("id", "promise"):
        assert [text for text, times in Counter(entry[field] for entry in ENTRIES).items() if times > 1] == []


def test_the_judges_of_fidelity_judge_every_promise_of_their_kind() -> None:
    files = Path(fidelity.__file__).parent.glob("*.py")
    judged = {name for file in files for name in re.findall(r'"(sdk\.[a-z.-]+)"', file.read_text(encoding="utf-8"))}
    known = {entry["id"]: entry["kind"] for entry in ENTRIES}
    assert judged == {name for name, kind in known.items() if kind == "fidelity"}
