"""What is said of removal is what a look shows."""

from __future__ import annotations

import contextlib
import html
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from conformance.harness.plugin.reaper import reap
from conformance.harness.plugin.run import Run
from conformance.harness.wire.target import Target
from emulator.changes import Changes
from emulator.validation import Rules
from strategies.violations import body_violations
from tests.conformance.altered import KEY, Alter, Passing, Place, altered

LAG = 0.3


@contextlib.contextmanager
def run_at(place: Place, folder: Path) -> Iterator[Run]:
    run = Run(Target(place.url, KEY, LAG, timeout=5.0), folder)
    try:
        yield run
    finally:
        run.journal._lines.close()
        run._http.close()


def create_some(run: Run, number: int = 3) -> list[str]:
    bodies = [run.drafts.body("plain"), *(run.drafts.full_body("create") for _ in range(number - 1))]
    return [str(run.wire.send("create", body=body).json.get("id")) for body in bodies]


def test_everything_is_removed_and_the_journal_goes(tmp_path: Path) -> None:
    with altered(foreigners=3) as place, run_at(place, tmp_path) as run:
        create_some(run)
        assert run.remove_everything() == []
        assert (run.journal.created, run.journal.removed) == (3, 3)
        assert len(place.everyone()) == 3
    assert list(tmp_path.iterdir()) == []


def does_nothing(passing: Passing) -> None:
    if passing.method == "DELETE":
        passing.answer(202, b"Accepted", "text/plain")


def says_html(passing: Passing) -> None:
    if passing.method == "DELETE":
        passing.answer(200, b"<html>gone</html>", "text/html")


def is_missing(passing: Passing) -> None:
    if passing.method == "DELETE":
        passing.answer(404)


def fails(passing: Passing) -> None:
    if passing.method == "DELETE":
        passing.answer(500)


@pytest.mark.parametrize("delete", [does_nothing, says_html, is_missing, fails])
def test_what_is_still_there_is_said_to_be_left(tmp_path: Path, delete: Alter) -> None:
    with altered(before=delete) as place, run_at(place, tmp_path) as run:
        ids = create_some(run)
        assert run.remove_everything() == ids
        assert run.journal.removed == 0
        deletes = [passing for passing in place.app.passed if passing.method == "DELETE"]
        assert len(deletes) == len(ids) + 1  # once more for the first: it does not help
        assert len(list(tmp_path.iterdir())) == 1
        run.journal._lines.close()
        reaped = reap(run.target, tmp_path)
    assert (sorted(reaped.left), reaped.removed) == (sorted(ids), [])
    assert "nothing was left" not in str(reaped)


@pytest.mark.parametrize("status", [404, 500, 401])
def test_a_target_that_answers_everything_the_same_has_removed_nothing(tmp_path: Path, status: int) -> None:
    broken = threading.Event()

    def always(passing: Passing) -> None:
        if broken.is_set():
            passing.answer(status)

    with altered(before=always) as place, run_at(place, tmp_path) as run:
        ids = create_some(run)
        run.organizations.update(ids[0], {"metadata": {"seen": "yes"}})
        broken.set()
        left = run.remove_everything()
        assert [leftover.partition(" ")[0] for leftover in left] == ids
        broken.clear()
        run.journal._lines.close()
        assert sorted(reap(run.target, tmp_path).removed) == sorted(ids)
        assert place.everyone() == {}
    assert list(tmp_path.iterdir()) == []


def refuses_a_third(passing: Passing) -> None:
    if passing.method == "DELETE" and passing.id.endswith(tuple("0123456789A")):
        passing.answer(403)


def test_one_that_cannot_be_removed_keeps_no_other_one(tmp_path: Path) -> None:
    with altered(before=refuses_a_third) as place, run_at(place, tmp_path) as run:
        create_some(run, 12)
        left = run.remove_everything()
        assert sorted(left) == sorted(place.everyone())
        assert all(identifier.endswith(tuple("0123456789A")) for identifier in left)


STRANGE = ["\ud800", "x" * 100_000, {"an": "object"}, 5, None, "", "a\r\nb", "\0"]


@pytest.mark.parametrize("strange", STRANGE, ids=lambda value: ascii(value)[:12])
def test_a_strange_id_stops_nothing(tmp_path: Path, strange: Any) -> None:
    def alter(passing: Passing) -> None:
        if passing.method == "POST" and b"strange" in passing.content:
            passing.json = {**passing.json, "id": strange}

    with altered(alter) as place, run_at(place, tmp_path) as run:
        run.wire.send("create", body=run.drafts.body("strange"))
        create_some(run)
        run.wire.send("create", body=run.drafts.body("strange", external_id=run.drafts.external_id()))
        left = run.remove_everything()
        assert place.everyone() == {} or len(left) == len(place.everyone()) == 1
        run.journal._lines.close()
        reap(run.target, tmp_path)


@pytest.mark.parametrize(
    "show", [str.upper, html.escape, lambda name: name[:30]], ids=["in capitals", "escaped", "cut off"]
)
def test_a_name_that_is_shown_otherwise_hides_nothing(tmp_path: Path, show: Callable[[str], str]) -> None:
    def rename(value: Any) -> Any:
        return {**value, "name": show(value["name"])} if "name" in value else value

    def alter(passing: Passing) -> None:
        if passing.method != "DELETE" and passing.status < 300:
            value = rename(passing.json)
            passing.json = {**value, "data": [rename(item) for item in value["data"]]} if "data" in value else value

    with altered(alter) as place, run_at(place, tmp_path) as run:
        create_some(run)
        assert run.remove_everything() == []
        assert place.everyone() == {}


@pytest.mark.parametrize("middle", [":", "/", "é", "%2F", " ", "..", "\U0001f680"])
def test_ids_of_any_form_are_removed(tmp_path: Path, middle: str) -> None:
    class Changed(Changes):
        def organization_id(self, moment: int) -> str:
            return f"org{middle}{super().organization_id(moment)}"

    with altered(changes=Changed()) as place, run_at(place, tmp_path) as run:
        create_some(run)
        assert run.remove_everything() == []
        assert place.everyone() == {}


def test_a_create_without_an_answer_is_found_again(tmp_path: Path) -> None:
    def alter(passing: Passing) -> None:
        if passing.method == "POST":
            passing.answer(500)

    with altered(alter) as place, run_at(place, tmp_path) as run:
        create_some(run, 4)
        assert len(place.everyone()) == 4
        assert run.remove_everything() == []
        assert place.everyone() == {}


def test_a_refused_create_that_was_made_all_the_same_is_removed(tmp_path: Path) -> None:
    def alter(passing: Passing) -> None:
        if passing.method == "POST":
            passing.answer(422)

    with altered(alter) as place, run_at(place, tmp_path) as run:
        run.wire.send("create", body=run.drafts.full_body("create"))
        assert run.remove_everything() == []
        assert place.everyone() == {}


def test_a_refused_create_is_found_by_its_external_id_under_any_name(tmp_path: Path) -> None:
    def alter(passing: Passing) -> None:
        if passing.method == "POST":
            passing.answer(422)

    with altered(alter, foreigners=2) as place, run_at(place, tmp_path) as run:
        run.wire.send("create", body={"name": "Acme", "external_id": run.drafts.external_id("refused")})
        assert run.remove_everything() == []
        assert len(place.everyone()) == 2


@pytest.mark.parametrize("wrong", ["org_01NOBODY", "nobody's", "\ud800", "a/b"])
def test_what_was_made_under_another_id_than_the_answer_says_is_removed(tmp_path: Path, wrong: str) -> None:
    def alter(passing: Passing) -> None:
        if passing.method == "POST":
            passing.json = {**passing.json, "id": f"{wrong}{len(place.app.passed)}"}

    with altered(alter, foreigners=2) as place, run_at(place, tmp_path) as run:
        create_some(run, 3)
        assert run.remove_everything() == []
        assert len(place.everyone()) == 2


def test_a_copy_of_what_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    """Nobody may be taken for the run because the run's own organization cannot be read."""

    def alter(passing: Passing) -> None:
        if passing.method == "GET" and passing.id in ids:
            passing.answer(404)

    ids: list[str] = []
    with altered(alter) as place, run_at(place, tmp_path) as run:
        body = run.drafts.body("read by nobody")
        ids.append(str(run.wire.send("create", body=body).json["id"]))
        httpx.post(f"{place.url}/organizations", json=body, headers={"Authorization": f"Bearer {KEY}"})
        assert [leftover.partition(" ")[0] for leftover in run.remove_everything()] == ids
        assert len(place.everyone()) == 2


def test_a_create_that_made_nothing_leaves_nothing(tmp_path: Path) -> None:
    def alter(passing: Passing) -> None:
        if passing.method == "POST":
            passing.answer(500)

    with altered(before=alter, foreigners=3) as place, run_at(place, tmp_path) as run:
        create_some(run)
        run.wire.send("create", body=[])
        assert run.remove_everything() == []
    assert list(tmp_path.iterdir()) == []


def test_a_copy_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """A neighbour copies what it sees, but for the external_id, which is unique."""
    with altered() as place, run_at(place, tmp_path) as run:
        ids = create_some(run)
        copies = []
        for identifier in ids:
            shown = run.organizations.get(identifier)
            body = {"name": shown["name"], "metadata": shown["metadata"]}
            headers = {"Authorization": f"Bearer {KEY}"}
            copies.append(httpx.post(f"{place.url}/organizations", json=body, headers=headers).json()["id"])
        left = run.remove_everything()
        assert left == []
        assert sorted(place.everyone()) == sorted(copies)


def test_a_copy_of_what_a_create_without_answer_made_is_left_alone(tmp_path: Path) -> None:
    def alter(passing: Passing) -> None:
        if passing.method == "POST" and b"lost" in passing.content and passing.headers:
            passing.status, passing.body = 500, b"{}"

    with altered(alter) as place, run_at(place, tmp_path) as run:
        body = run.drafts.body("lost")
        run.wire.send("create", body=body)
        httpx.post(f"{place.url}/organizations", json=body, headers={"Authorization": f"Bearer {KEY}"})
        [leftover] = run.remove_everything()
        assert body["name"] in leftover
        assert len(place.everyone()) == 2


class AcceptsEverything(Rules):
    """Makes an organization of whatever comes."""

    def create(self, content: bytes) -> dict[str, Any]:
        try:
            body = json.loads(content)
        except ValueError:
            body = {}
        fields = body if isinstance(body, dict) else {}
        name, external_id = fields.get("name"), fields.get("external_id")
        return {
            "name": "" if name is None else str(name),
            "external_id": external_id if isinstance(external_id, str) else None,
        }


def test_bodies_without_the_token_leave_nothing(tmp_path: Path) -> None:
    with altered(rules=AcceptsEverything(), foreigners=2) as place, run_at(place, tmp_path) as run:
        for violation in body_violations("create"):
            run.wire.send("create", body=violation.applied_to(run.drafts.full_body("create")))
        for content in (b"", b"nonsense", b"[]", b'{"name": 5}', b"{}", b"null"):
            run.wire.send("create", content=content)
        assert len(place.everyone()) > 40
        assert run.remove_everything() == []
        assert len(place.everyone()) == 2
