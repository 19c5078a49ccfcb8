"""The catalogue of requirements and its loader."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from specs.contract import SPECS, InvalidSpecificationError, operations
from specs.requirements import Kind, Level, Requirement, Subject, catalogue, excluded, for_violation, load
from strategies.violations import body_violations

HEAD = "subject: server\ngroups:\n"
ENTRY = """
      - id: get.answers
        promise: An organization can be read by its id.
        sources: [S: 'GET /organizations/:id']
"""
GROUP = f"""
  - group: Get
    about: How an organization is read.
    kind: behaviour
    level: MUST
    requirements:
{ENTRY}
"""
EXCLUDED = """
excluded:
  - what: Plain HTTP
    reason: Local servers speak nothing else.
    sources: [D: reference/api-authentication/index.mdx]
"""
FILE = HEAD + GROUP + EXCLUDED
TESTS = Path(__file__).parents[1]


def loaded(tmp_path: Path, *texts: str) -> dict[str, Requirement]:
    files = [tmp_path / f"{number}.yaml" for number, _ in enumerate(texts)]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return dict(load(files).requirements)


def test_a_good_entry_is_taken(tmp_path: Path) -> None:
    (requirement,) = loaded(tmp_path, FILE).values()
    assert (requirement.id, requirement.level, requirement.kind) == ("get.answers", Level.MUST, Kind.BEHAVIOUR)
    assert requirement.operations == ("get",)
    assert (requirement.group.title, requirement.subject) == ("Get", Subject.SERVER)
    assert requirement.sources == ("documentation page, GET /organizations/:id",)


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("kind: shape", "kind", Kind.SHAPE),
        ("level: SHOULD", "level", Level.SHOULD),
        ("operations: [lookup]", "operations", ("lookup",)),
    ],
)
def test_an_entry_may_differ_from_its_group(tmp_path: Path, line: str, field: str, value: object) -> None:
    (requirement,) = loaded(tmp_path, FILE.replace("        promise:", f"        {line}\n        promise:")).values()
    assert getattr(requirement, field) == value


def test_sources_of_the_group_are_added_strongest_first(tmp_path: Path) -> None:
    shared = "    level: MUST\n    sources: [O: /paths, RFC: 8259 section 8.1]\n"
    (requirement,) = loaded(tmp_path, FILE.replace("    level: MUST\n", shared)).values()
    assert [citation.mark for citation in requirement.citations] == ["S", "O", "RFC"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("subject: server", "subject: moon", r"0.yaml: moon is none of server, sdk"),
        ("subject: server", "colour: blue", r"0.yaml: unknown field colour"),
        ("group: Get", "title: Get", r"0.yaml: a group has no title"),
        ("about: How", "colour: How", r"0.yaml: Get: unknown field colour"),
        ("about: How an organization is read.", "about:", r"Get: does not say what it is about"),
        ("id: get.answers", "name: get.answers", r"Get: entry 1: has no id"),
        ("level: MUST", "level: MAY", r"entry 1 \(get.answers\): MAY is none of MUST, SHOULD, INFO"),
        ("kind: behaviour", "kind: manners", r"manners is none of shape"),
        ("kind: behaviour", "", r"has no kind"),
        ("sources: [S: 'GET /organizations/:id']", "", r"has no sources"),
        ("S: 'GET", "X: 'GET", r"a source has none of the marks S, O, D"),
        ("[S: 'GET /organizations/:id']", "[S get]", r"a source has none of the marks S, O, D"),
        ("S: 'GET", "S: 'FETCH", r"FETCH /organizations/:id is no place in S"),
        ("S: 'GET /organizations/:id'", "K: an SDK", r"MUST needs a source that binds"),
        ("promise: An", "note: x\n        promise: An", r"unknown field note"),
        ("id: get.answers", "id: fetch.answers", r"fetch is no operation"),
        (ENTRY, ENTRY + ENTRY, r"get.answers is there twice"),
        (FILE, "- id: get.answers", r"0.yaml: is no mapping"),
        (FILE, "- [", r"0.yaml: while parsing"),
        ("reason: Local", "because: Local", r"what is excluded has what, reason and sources"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in FILE
    with pytest.raises(InvalidSpecificationError, match=complaint):
        loaded(tmp_path, FILE.replace(old, new))


def test_an_id_is_unique_across_files(tmp_path: Path) -> None:
    with pytest.raises(InvalidSpecificationError, match=r"1.yaml: get.answers is there twice"):
        loaded(tmp_path, FILE, FILE)


def test_files_of_several_subjects_are_one_catalogue(tmp_path: Path) -> None:
    sdk = (HEAD + GROUP).replace("subject: server", "subject: sdk").replace("id: get.", "id: sdk.")
    found = loaded(tmp_path, FILE, sdk.replace("    kind:", "    operations: [get]\n    kind:"))
    assert {name: requirement.subject for name, requirement in found.items()} == {
        "get.answers": Subject.SERVER,
        "sdk.answers": Subject.SDK,
    }


def test_the_catalogue_of_a_subject_is_part_of_the_whole() -> None:
    of_subjects = [catalogue(subject) for subject in Subject]
    assert [name for found in of_subjects for name in found] == list(catalogue())
    assert {requirement.subject for requirement in catalogue("server").values()} == {Subject.SERVER}


def test_there_is_no_catalogue_of_another_subject() -> None:
    with pytest.raises(ValueError, match="proxy"):
        catalogue("proxy")


def test_every_operation_and_level_and_kind_is_there() -> None:
    everything = list(catalogue(Subject.SERVER).values())
    assert {name for requirement in everything for name in requirement.operations} == set(operations())
    assert {requirement.level for requirement in everything} == set(Level)
    assert {requirement.kind for requirement in catalogue().values()} == set(Kind)


def test_an_id_begins_with_what_it_is_about() -> None:
    for name, requirement in catalogue().items():
        assert re.fullmatch(r"[a-z]+(\.[a-z]+)?\.[a-z0-9]+(-[a-z0-9]+)*", name)
        assert name.startswith("sdk.") is (requirement.subject is Subject.SDK)


def test_promises_are_sentences_of_their_own() -> None:
    sentences = Counter((r.promise, r.operations, r.subject) for r in catalogue().values())
    assert [sentence for sentence, times in sentences.items() if times > 1] == []
    assert all(requirement.promise.endswith(".") for requirement in catalogue().values())


def test_what_is_excluded_says_why() -> None:
    assert excluded()
    assert all(exclusion.reason.endswith(".") and exclusion.citations for exclusion in excluded())


def test_a_violation_leads_to_its_requirement() -> None:
    assert for_violation("create", "/external_id", "maxLength").id == "body.external-id-too-long"


@pytest.mark.parametrize("operation", ["create", "update"])
def test_every_violation_leads_to_one_requirement(operation: str) -> None:
    for violation in body_violations(operation):
        assert operation in for_violation(operation, violation.place, violation.keyword).operations


def test_a_violation_that_nothing_asks_for_is_an_error() -> None:
    with pytest.raises(LookupError, match="no requirement"):
        for_violation("create", "/name", "maxLength")


def test_ids_that_mutants_and_schemas_name_are_in_the_catalogue() -> None:
    prefixes = {name.partition(".")[0] for name in catalogue()}
    files = [*(TESTS / "mutants").rglob("*.py"), *(TESTS / "controls").rglob("*.py"), *SPECS.glob("schemas/*.json")]
    named = {
        (name, file.name)
        for file in files
        for name in re.findall(r'"([a-z]+\.[a-z0-9.-]+)"', file.read_text(encoding="utf-8"))
        if name.partition(".")[0] in prefixes and not name.endswith(".json")
    }
    assert len(named) > len(catalogue(Subject.SERVER)) / 2
    assert {(name, file) for name, file in named if name not in catalogue()} == set()
