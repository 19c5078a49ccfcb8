"""What a create has made that was not answered with its id is removed, and nothing in its place."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from conformance.harness.plugin.reaper import reap
from conformance.harness.wire.target import Target
from tests.conformance.altered import KEY, Passing, altered
from tests.conformance.removing import create_some, run_at


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


def test_what_a_killed_run_has_seen_before_is_not_taken_for_what_its_create_made(tmp_path: Path) -> None:
    """What was there may be as young as the run."""

    def alter(passing: Passing) -> None:
        if passing.method == "POST":
            passing.answer(500)

    with altered(before=alter, foreigners=3) as place:
        with run_at(place, tmp_path) as run:
            run.wire.send("create", body=[])
        assert reap(Target(place.url, KEY, 0.0), tmp_path).left == []
        assert len(place.everyone()) == 3


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
