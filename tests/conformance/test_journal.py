from __future__ import annotations

from pathlib import Path

import pytest

from conformance.harness.wire.journal import Journal, journals

URL = "http://target"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "folder" / "word.journal", URL, "word")


def leftovers(journal: Journal) -> list[list[str]]:
    """What the journals beside this one hold for its target."""
    found = list(journals(journal.path.parent, URL))
    for other in found:
        other.close()
    return [other.left for other in found]


def test_a_journal_of_nothing_is_deleted(journal: Journal) -> None:
    journal.close()
    assert not journal.path.exists()


def test_a_journal_is_deleted_when_all_was_removed(journal: Journal) -> None:
    journal.add("org_1")
    journal.remove("org_1")
    journal.close()
    assert (journal.created, journal.removed, journal.left) == (1, 1, [])
    assert not journal.path.exists()


def test_what_is_left_survives_on_disk(journal: Journal) -> None:
    for identifier in ("org_1", "org_2", "org_3", "org_3"):
        journal.add(identifier)
    journal.remove("org_2")
    assert leftovers(journal) == [["org_1", "org_3"]]
    journal.close()
    assert journal.path.exists()
    assert journal.left == ["org_1", "org_3"]


def test_what_is_still_there_after_all_counts_as_left(journal: Journal) -> None:
    journal.add("org_1")
    journal.remove("org_1")
    journal.restore("org_1")
    assert journal.left == ["org_1"]
    assert leftovers(journal) == [["org_1"]]
    journal.close()


def test_what_was_never_created_cannot_be_removed(journal: Journal) -> None:
    journal.remove("org_foreign")
    journal.close()
    assert ("org_foreign" in journal, journal.removed) == (False, 0)


def test_another_target_has_no_leftovers_here(journal: Journal) -> None:
    journal.add("org_1")
    journal.close()
    assert list(journals(journal.path.parent, "http://elsewhere")) == []


def test_a_line_that_was_cut_off_counts_for_nothing(journal: Journal) -> None:
    journal.add("org_1")
    journal.close()
    with journal.path.open("a") as file:
        file.write('{"created": "org_')
    assert leftovers(journal) == [["org_1"]]


@pytest.mark.parametrize("content", ["", '{"base_u'])
def test_a_journal_without_a_beginning_is_passed_over(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.journal").write_text(content)
    assert list(journals(tmp_path, URL)) == []
