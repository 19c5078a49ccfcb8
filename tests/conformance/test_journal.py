from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conformance.harness.wire.ownership.journal import Journal, State, journals

URL = "http://target"
BODY = b'{"name": "word \xff"}'


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "folder" / "word.journal", URL, "word")


def add(journal: Journal, *identifiers: str) -> None:
    for identifier in identifiers:
        journal.claim(journal.intend(BODY), identifier)


def leftovers(journal: Journal) -> list[list[str]]:
    """What is left in the journals beside this one, once its run is no more."""
    journal._lines.close()
    found = journals(journal.path.parent, URL).idle
    for other in found:
        other._lines.close()
    return [[claim.id for claim in other.left] for other in found]


def test_a_journal_of_nothing_is_deleted(journal: Journal) -> None:
    journal.close()
    assert not journal.path.exists()


def test_a_journal_is_deleted_when_all_was_removed(journal: Journal) -> None:
    add(journal, "org_1")
    journal.remove("org_1")
    journal.close()
    assert (journal.created, journal.removed, journal.left) == (1, 1, [])
    assert not journal.path.exists()


def test_a_journal_is_kept_while_nobody_knows_what_a_create_made(journal: Journal) -> None:
    journal.intend(BODY)
    journal.close()
    assert journal.path.exists()


def test_a_journal_is_not_kept_for_what_was_refused_or_has_made_nothing(journal: Journal) -> None:
    journal.refuse(journal.intend(BODY))
    journal.settle(journal.intend(BODY))
    journal.close()
    assert not journal.path.exists()


def test_what_is_left_survives_on_disk(journal: Journal) -> None:
    add(journal, "org_1", "org_2", "org_3")
    journal.remove("org_2")
    journal.remove("org_3")
    journal.restore("org_3")
    assert leftovers(journal) == [["org_1", "org_3"]]


def test_everything_that_a_run_knew_survives_on_disk(journal: Journal) -> None:
    journal.begin(5.0, saw_all=True, seen=["org_0"])
    for _ in range(4):
        journal.intend(BODY)
    journal.claim(journal.creates[0], "org_\ud800", was_there=True)
    journal.update("org_\ud800", b"{}")
    journal.confirm("org_\ud800", "then")
    journal.delete("org_\ud800")
    journal.claim(journal.creates[1], "org_2")
    journal.disown(journal.claims["org_2"])
    journal.refuse(journal.creates[2])
    journal._lines.close()
    [found] = journals(journal.path.parent, URL).idle
    assert (found.begun, found.creates, found.claims) == (journal.begun, journal.creates, journal.claims)
    assert [create.state for create in found.creates] == [State.CLAIMED, State.OPEN, State.REFUSED, State.OPEN]
    assert found.creates[0].contents == [BODY, b"{}"]
    found.close()


def test_what_was_never_created_cannot_be_removed(journal: Journal) -> None:
    journal.remove("org_foreign")
    journal.close()
    assert ("org_foreign" in journal.claims, journal.removed) == (False, 0)


def test_another_target_has_no_leftovers_here(journal: Journal) -> None:
    add(journal, "org_1")
    journal.close()
    assert journals(journal.path.parent, "http://elsewhere").idle == []


def test_a_line_that_was_cut_off_counts_for_nothing(journal: Journal) -> None:
    add(journal, "org_1")
    with journal.path.open("a") as file:
        file.write('{"event": "created", "created": "org_')
    assert leftovers(journal) == [["org_1"]]


@pytest.mark.parametrize("content", ["", '{"base_u', '{"base_url": "http://target"}\n', "[]\n"])
def test_a_journal_without_a_beginning_is_passed_over(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.journal").write_text(content)
    assert journals(tmp_path, URL).idle == []


def test_the_journal_of_a_run_that_lives_is_in_use(journal: Journal) -> None:
    add(journal, "org_1")
    program = (
        "import sys; from pathlib import Path; from conformance.harness.wire.ownership.journal import journals;"
        "found = journals(Path(sys.argv[1]), sys.argv[2]); print(found.idle, *found.in_use)"
    )
    command = [sys.executable, "-c", program, str(journal.path.parent), URL]
    seen = subprocess.run(command, capture_output=True, text=True, check=True)
    assert seen.stdout.startswith("[] process ")
    assert leftovers(journal) == [["org_1"]]


def test_one_session_s_journals_are_told_from_those_of_others(tmp_path: Path) -> None:
    for session in ("one", "two"):
        journal = Journal(tmp_path / f"{session}.journal", URL, session, session)
        journal.intend(BODY)
        journal.close()
    [found] = journals(tmp_path, URL, "two").idle
    assert found.token == "two"  # noqa: S105
    found.close()
