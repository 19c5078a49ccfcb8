"""The catalogue of requirements and its loader."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from specs.contract import InvalidSpecificationError, operations
from specs.requirements import Kind, Level, catalogue, for_violation

ENTRY = """
- id: get.answers
  level: MUST
  kind: behaviour
  promise: An organization can be read by its id.
  sources: [S get]
"""


def loaded(tmp_path: Path, text: str) -> int:
    file = tmp_path / "requirements.yaml"
    file.write_text(text, encoding="utf-8")
    return len(catalogue(file))


def test_a_good_entry_is_taken(tmp_path: Path) -> None:
    assert loaded(tmp_path, ENTRY) == 1


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("id: get.answers", "name: get.answers", r"entry 1: has no id"),
        ("level: MUST", "level: MAY", r"entry 1 \(get.answers\): MAY is none of MUST, SHOULD, INFO"),
        ("kind: behaviour", "kind: manners", r"manners is none of shape"),
        ("  sources: [S get]", "", r"has no sources"),
        ("[S get]", "[X get]", r"a source begins with none of SODRK"),
        ("[S get]", "[R get]", r"MUST needs S, O or D"),
        ("promise: An", "note: x\n  promise: An", r"unknown field note"),
        ("id: get.answers", "id: fetch.answers", r"fetch is no operation"),
        (ENTRY, ENTRY + ENTRY, r"get.answers is there twice"),
        (ENTRY, "id: get.answers", r"not a list"),
        (ENTRY, "- [", r"requirements.yaml"),
    ],
)
def test_a_bad_entry_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    with pytest.raises(InvalidSpecificationError, match=complaint):
        loaded(tmp_path, ENTRY.replace(old, new))


def test_every_operation_and_level_and_kind_is_there() -> None:
    everything = list(catalogue().values())
    assert {name for requirement in everything for name in requirement.operations} == set(operations())
    assert {requirement.level for requirement in everything} == set(Level)
    assert {requirement.kind for requirement in everything} == set(Kind)


def test_promises_are_sentences_of_their_own() -> None:
    sentences = Counter((r.promise, r.operations) for r in catalogue().values())
    assert [sentence for sentence, times in sentences.items() if times > 1] == []
    assert all(requirement.promise.endswith(".") for requirement in catalogue().values())


def test_a_violation_leads_to_its_requirement() -> None:
    assert for_violation("create", "/external_id", "maxLength").id == "body.external-id-too-long"


def test_a_violation_that_nothing_asks_for_is_an_error() -> None:
    with pytest.raises(LookupError, match="no requirement"):
        for_violation("create", "/name", "maxLength")
