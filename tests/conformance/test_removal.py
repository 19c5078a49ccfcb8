"""What is said of removal is what a look shows."""

from __future__ import annotations

import asyncio
import dataclasses
import html
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.harness.plugin.reaper import reap
from conformance.harness.wire.ownership import requests
from conformance.harness.wire.together import allowed
from emulator.api import Api, Call
from emulator.changes import Changes
from strategies.violations import body_violations
from tests.conformance.altered import Alter, Passing, altered
from tests.conformance.removing import AcceptsEverything, create_some, run_at

LONGEST_ALONE = 3.0
"""Seconds that a list waits for another one that is asked for at the same time: less than a run waits for it."""


def test_everything_is_removed_and_the_journal_goes(tmp_path: Path) -> None:
    with altered(foreigners=3) as place, run_at(place, tmp_path) as run:
        create_some(run)
        assert run.remove_everything() == []
        assert (run.journal.created, run.journal.removed) == (3, 3)
        assert len(place.everyone()) == 3
    assert list(tmp_path.iterdir()) == []


class RefusesEverything:
    """From its first request on, or from its second delete on; after some requests it takes them again."""

    def __init__(self, status: int, begins_with: str, times: float) -> None:
        self._status, self._begins_with, self._times = status, begins_with, times
        self._deletes = 0
        self.is_near = False

    def __call__(self, passing: Passing) -> None:
        self._deletes += passing.method == "DELETE"
        has_begun = self._begins_with == "look" or self._deletes > 1
        if self.is_near and has_begun and self._times > 0:
            self._times -= 1
            passing.answer(self._status)


@pytest.mark.parametrize("status", [401, 403, 429])
@pytest.mark.parametrize("begins_with", ["look", "delete"])
@pytest.mark.parametrize("times", [1, 3])
def test_a_target_that_refuses_everything_for_a_while_is_waited_for(
    tmp_path: Path, status: int, begins_with: str, times: int
) -> None:
    gateway = RefusesEverything(status, begins_with, times)
    with altered(before=gateway, foreigners=2) as place, run_at(place, tmp_path) as run:
        create_some(run, 4)
        gateway.is_near = True
        run.limits.end("the target has begun to refuse everything")
        assert run.remove_everything() == []
        assert len(place.everyone()) == 2


def test_a_target_that_refuses_everything_for_good_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "LONGEST_WAIT", 1.0)
    gateway = RefusesEverything(403, "look", float("inf"))
    with altered(before=gateway) as place, run_at(place, tmp_path) as run:
        ids = create_some(run, 4)
        gateway.is_near = True
        assert [leftover.partition(" ")[0] for leftover in run.remove_everything()] == ids


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


@pytest.mark.parametrize("name", ["", "Acme", "Acme\0Inc"])
def test_what_a_search_cannot_find_is_not_said_to_be_gone(tmp_path: Path, name: str) -> None:
    """A search for the run's token that does not show an organization without it says nothing of it."""
    with altered(before=does_nothing, rules=AcceptsEverything(), foreigners=2) as place, run_at(place, tmp_path) as run:
        created = run.organizations.create({"name": name, "external_id": run.drafts.external_id("created")})
        renamed = run.organizations.create(run.drafts.body("renamed"))
        run.wire.send("update", path={"id": renamed.id}, body={"name": name})
        for organization in (created, renamed):
            run.organizations.delete(organization.id)
        left = [leftover.partition(" ")[0] for leftover in run.remove_everything()]
        assert sorted(left) == sorted([created.id, renamed.id])
        assert run.journal.removed == 0


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


def test_bodies_without_the_token_leave_nothing(tmp_path: Path) -> None:
    with altered(rules=AcceptsEverything(), foreigners=2) as place, run_at(place, tmp_path) as run:
        for violation in body_violations("create"):
            run.wire.send("create", body=violation.applied_to(run.drafts.full_body("create")))
        for content in (b"", b"nonsense", b"[]", b'{"name": 5}', b"{}", b"null"):
            run.wire.send("create", content=content)
        assert len(place.everyone()) > 40
        assert run.remove_everything() == []
        assert len(place.everyone()) == 2


@pytest.mark.parametrize("under", ["the id that was asked for", "an id of its own"])
def test_what_an_update_of_nobody_makes_is_removed(tmp_path: Path, under: str) -> None:
    class MakesWhatIsMissing(Api):
        def update(self, call: Call) -> Response:
            id = call.path["id"]
            if self.store.by_id(id) is not None:
                return super().update(call)
            made = self.changes.created(json.loads(call.content))
            made = dataclasses.replace(made, id=id) if under == "the id that was asked for" else made
            self.store.insert(made)
            return self.responses.found(made)

    with altered(api=MakesWhatIsMissing, foreigners=2) as place, run_at(place, tmp_path) as run:
        deleted = create_some(run)[0]
        run.wire.send("delete", path={"id": deleted})
        run.wire.send("get", path={"id": deleted})
        for identifier in (deleted, run.drafts.unknown_id()):
            run.wire.send("update", path={"id": identifier}, body=run.drafts.body("made by an update"))
        assert len(place.everyone()) == 2 + 2 + 2
        assert run.remove_everything() == []
        assert len(place.everyone()) == 2


class PairsOfLists:
    """Answers no list before another one has been asked for, or after some seconds, which are counted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._other: asyncio.Event | None = None
        self.is_on = False
        self.alone = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.is_on and scope["path"] == "/organizations" and scope["method"] == "GET":
            await self._pair()
        await self._app(scope, receive, send)

    async def _pair(self) -> None:
        if self._other is not None:
            self._other.set()
            self._other = None
            return
        self._other = arrived = asyncio.Event()
        try:
            await asyncio.wait_for(arrived.wait(), LONGEST_ALONE)
        except TimeoutError:
            self.alone += 1
            self._other = None


def test_search_and_newest_organizations_are_asked_for_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before and after the deletes, where a search cannot find all that is left."""
    monkeypatch.setattr(allowed, "calls", 2)
    pairs: list[PairsOfLists] = []

    def paired(app: ASGIApp) -> ASGIApp:
        pairs.append(PairsOfLists(app))
        return pairs[0]

    with altered(around=paired) as place, run_at(place, tmp_path) as run:
        run.organizations.create({"name": "Acme", "external_id": run.drafts.external_id("created")})
        pairs[0].is_on = True
        assert run.remove_everything() == []
        lists = [passing for passing in place.app.passed if (passing.method, passing.id) == ("GET", "organizations")]
        assert (len(lists), pairs[0].alone) == (1 + 2 + 2, 0)
