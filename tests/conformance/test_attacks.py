"""Targets that lead a run to somebody else's organization by an id, a copy, a redirect or a list: it is left alone."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.harness.plugin.reaper import reap
from conformance.harness.wire.transports.chain import ForeignOrganizationError
from tests.conformance.altered import Passing, Place, altered
from tests.conformance.removing import create_some, run_at

FOREIGNERS = 5


def attack(
    place: Place, folder: Path, prepare: Callable[[Place], None] = lambda place: None, check: bool = True
) -> None:
    """A run that creates, changes and removes, then --reap; nothing of the others may have changed."""
    with run_at(place, folder) as run:
        run.wire.send("list")
        prepare(place)
        before = place.rows()
        for identifier in filter(None, create_some(run, 4)):
            for operation, body in (("update", {"metadata": {"changed": "yes"}}), ("delete", None)):
                try:
                    run.wire.send(operation, path={"id": identifier}, body=body)
                except ForeignOrganizationError:
                    continue
        run.wire.send("create", content=b"[]")
        run.remove_everything()
        run.journal._lines.close()
        reap(run.target, folder)
    after = place.rows()
    if not check:
        return
    assert {identifier: after.get(identifier) for identifier in before} == before


class Lying:
    """Answers creates with other ids, and shows under these what was sent, as if the run had created it there."""

    def __init__(self, lead: Callable[[str], str]) -> None:
        self._lead = lead
        self.foreign: list[str] = []
        self._shown: dict[str, dict[str, Any]] = {}

    def __call__(self, passing: Passing) -> None:
        identifier = unquote(passing.id)
        if passing.method == "POST" and self.foreign:
            false = self._lead(self.foreign[len(self._shown) % FOREIGNERS])
            made = passing.json if passing.status == 201 else {"name": None, "created_at": "2999-01-01T00:00:00.000Z"}
            self._shown[false] = {**made, "id": false}
            passing.answer(201, json.dumps(self._shown[false]).encode())
        elif passing.method == "GET" and identifier in self._shown:
            passing.answer(200, json.dumps(self._shown[identifier]).encode())

    def prepare(self, place: Place) -> None:
        self.foreign = [identifier for identifier, name in place.everyone().items() if name.startswith("Foreign")]


class Careless:
    """Decodes paths once more, follows steps in them, ignores case and cuts ids off, as proxies and databases do."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = unquote(unquote(scope["raw_path"].decode()))
        head, _, identifier = posixpath.normpath(path.replace("\\", "/")).rpartition("/")
        for end in "?#;\0":
            identifier = identifier.partition(end)[0]
        if identifier.lower().startswith("org_"):
            identifier = f"org_{identifier.strip()[4:].upper()}"
        path = f"/organizations/{identifier}" if head.endswith("/organizations") else path
        await self._app({**scope, "path": path, "raw_path": path.encode()}, receive, send)


LEADS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in lower case": str.lower,
    "in capitals": str.upper,
    "a step": lambda foreign: f"x/../{foreign}",
    "an encoded step": lambda foreign: f"x%2F..%2F{foreign}",
    "another path": lambda foreign: f"../organizations/{foreign}",
    "a backslash": lambda foreign: f"x\\..\\{foreign}",
    "a query": lambda foreign: f"{foreign}?x",
    "an encoded query": lambda foreign: f"{foreign}%3Fx",
    "a number sign": lambda foreign: f"{foreign}#x",
    "a semicolon": lambda foreign: f"{foreign};x=1",
    "a zero": lambda foreign: f"{foreign}\0",
    "a space": lambda foreign: f"{foreign} ",
}


@pytest.mark.parametrize("lead", LEADS.values(), ids=list(LEADS))
def test_an_id_that_leads_to_somebody_else(tmp_path: Path, lead: Callable[[str], str]) -> None:
    lying = Lying(lead)
    with altered(lying, foreigners=FOREIGNERS, around=Careless) as place:
        attack(place, tmp_path, lying.prepare)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_somebody_else(tmp_path: Path, status: int) -> None:
    def redirect(passing: Passing) -> None:
        if passing.method in ("PUT", "DELETE"):
            passing.status = status
            passing.headers["location"] = f"/organizations/{next(iter(place.everyone()))}"

    with altered(before=redirect, foreigners=FOREIGNERS) as place:
        attack(place, tmp_path)


class TakesOver:
    """Creates have no effect; somebody gives an organization that was there what they had sent."""

    def __init__(self, fields: tuple[str, ...], status: int) -> None:
        self._fields, self._status = fields, status
        self.place: Place | None = None

    def __call__(self, passing: Passing) -> None:
        if passing.method != "POST" or self.place is None:
            return
        sent = json.loads(passing.content)
        values = {field: sent[field] for field in self._fields if sent and sent.get(field)}
        with self.place.store.transaction():
            for field, value in values.items():
                self.place.store._connection.execute(
                    f"UPDATE organization SET {field} = ? WHERE id = ?",  # noqa: S608 - one of two columns
                    (value, min(self.place.everyone())),
                )
        passing.answer(self._status)


@pytest.mark.parametrize("status", [500, 422, 201])
@pytest.mark.parametrize("fields", [("external_id",), ("name",), ("external_id", "name")], ids="+".join)
def test_somebody_who_has_what_a_create_without_effect_had_sent(
    tmp_path: Path, fields: tuple[str, ...], status: int
) -> None:
    taking_over = TakesOver(fields, status)
    with altered(before=taking_over, foreigners=FOREIGNERS) as place:
        taking_over.place = place
        foreign = place.everyone()
        attack(place, tmp_path, check=False)
        assert set(place.everyone()) == set(foreign)
        assert [passing for passing in place.app.passed if passing.method in ("PUT", "DELETE")] == []


@pytest.mark.parametrize("created_at", [None, "2999-01-01T00:00:00.000Z"], ids=["as it is", "changed"])
def test_lists_that_show_others_as_what_was_created(tmp_path: Path, created_at: str | None) -> None:
    """Creates are not answered and have no effect; every read shows others under the names that were sent."""
    sent: list[dict[str, Any]] = []

    def lose(passing: Passing) -> None:
        if passing.method == "POST":
            sent.extend([json.loads(passing.content)] if passing.content.startswith(b"{") else [])
            passing.answer(500)

    def show(passing: Passing) -> None:
        if passing.method == "GET" and passing.status == 200 and sent:
            value = passing.json
            for item in value.get("data", [value]):
                item |= {name: sent[0].get(name) for name in ("name", "external_id")}
                item["created_at"] = created_at or item["created_at"]
            passing.json = value

    with altered(show, lose, foreigners=FOREIGNERS) as place:
        attack(place, tmp_path)
        assert [passing for passing in place.app.passed if passing.method in ("PUT", "DELETE")] == []
