from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest

from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.ownership import proof
from conformance.harness.wire.ownership.journal import Journal, State
from conformance.harness.wire.ownership.owner import Doubt, Ownership

from .client import exchange_of

URL = "http://target"
TOKEN = "abcdefghij"  # noqa: S105 - a run token, which is no secret
BEGAN = 1_800_000_000
BEFORE, SINCE = "2027-01-15T07:00:00Z", "2027-01-15T09:00:00Z"
NAMED = {"name": f"{TOKEN} Zoë & 株式会社"}
WITH_EXTERNAL_ID = {**NAMED, "external_id": f"{TOKEN}-1"}


class Target:
    """What reads of a target show."""

    def __init__(self, **organizations: dict[str, Any]) -> None:
        self.organizations = {id: {"id": id, "created_at": SINCE, **fields} for id, fields in organizations.items()}
        self.others: list[str] = []
        self.asked: list[str] = []
        self.reads: int | None = None
        """The status of every read, if it is always the same."""

    def ask(self, operation: str, query: object = None, **arguments: str) -> Exchange:
        self.asked.append(operation)
        if operation == "list":
            page = {"data": [{"id": id} for id in self.others], "list_metadata": {"before": None, "after": None}}
            return read("list", "/organizations", 200, page)
        if operation == "get":
            status = self.reads or (200 if arguments["id"] in self.organizations else 404)
            return read("get", f"/organizations/{arguments['id']}", status, self.organizations.get(arguments["id"], {}))
        found = [o for o in self.organizations.values() if o.get("external_id") == arguments["external_id"]]
        return read("lookup", "/organizations/external_id/x", 200 if found else 404, (found or [{}])[0])


def read(operation: str, path: str, status: int, value: object) -> Exchange:
    body = json.dumps(value).encode()
    return exchange_of(operation, "GET", path, status, body, date=formatdate(BEGAN, usegmt=True))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with contextlib.closing(Journal(tmp_path / "run.journal", URL, TOKEN)) as journal:
        yield journal


@pytest.fixture
def ownership(journal: Journal) -> Ownership:
    return Ownership(journal)


def create(ownership: Ownership, target: Target, id: str, body: object = NAMED, status: int = 201) -> None:
    """A create that is answered with this id."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    ownership.prepare(target.ask)
    ownership.on_request(httpx.Request("POST", URL, content=content, extensions={"operation": "create"}))
    answer = json.dumps({"id": id}).encode()
    ownership.on_response(exchange_of("create", "POST", "/organizations", status, answer, content))


def doubt(ownership: Ownership, target: Target, id: str) -> Doubt | None:
    refusal = ownership.refusal(id, target.ask)
    return refusal.doubt if refusal else None


def test_an_unknown_id_is_well_formed_and_may_be_changed(ownership: Ownership) -> None:
    identifier = ownership.unknown_id()
    assert re.fullmatch("org_[0-9A-HJKMNP-TV-Z]{26}", identifier)
    assert doubt(ownership, Target(), identifier) is None
    assert ownership.unknown_id() != identifier


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (NAMED, NAMED),
        (NAMED, {"name": f"{TOKEN.upper()} ZOË & 株式会社"}),
        (NAMED, {"name": f"{TOKEN} Zoë &amp; 株式会社"}),
        (NAMED, {"name": f"{TOKEN} ZoÃ« &"}),
        (NAMED, {"name": f"{TOKEN} Zoe\u0308"}),
        (WITH_EXTERNAL_ID, {"external_id": f"{TOKEN}-1"}),
        ({"name": 5, "metadata": {"a": f"{TOKEN} 1"}}, {"metadata": {"a": f"{TOKEN} 1"}}),
        ({"domains": [f"{TOKEN}b.example.com"]}, {"domains": [{"domain": f"{TOKEN}b.example.com"}]}),
        (f'{{"external_id": "{TOKEN}-7", "name": "Zo\xeb"}}'.encode("latin-1"), {"external_id": f"{TOKEN}-7"}),
        ({"name": 5}, {"name": "5", "external_id": None, "metadata": {}, "domains": []}),
        (b"[]", {"name": None}),
    ],
)
def test_what_shows_what_the_run_has_sent_is_its_own(ownership: Ownership, sent: object, shown: dict[str, Any]) -> None:
    target = Target(org_1=shown)
    create(ownership, target, "org_1", sent)
    assert doubt(ownership, target, "org_1") is None
    asked = len(target.asked)
    assert doubt(ownership, target, "org_1") is None
    assert len(target.asked) == asked


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (NAMED, {"name": "Acme"}),
        (NAMED, {"name": f"{TOKEN} another one"}),
        (WITH_EXTERNAL_ID, {"external_id": f"{TOKEN}-2"}),
        (NAMED, {"external_id": f"{TOKEN}-1"}),
        ({"name": 5}, {"name": "Acme"}),
        ({"name": 5}, {"name": 5, "external_id": "theirs"}),
        (b"[]", {"name": "Acme"}),
    ],
)
def test_what_shows_something_else_is_left_alone(ownership: Ownership, sent: object, shown: dict[str, Any]) -> None:
    target = Target(org_1=shown)
    create(ownership, target, "org_1", sent)
    assert doubt(ownership, target, "org_1") is Doubt.OTHER_CONTENT


def naming(name: str) -> bytes:
    return json.dumps({"name": name}).encode()


def only_ascii(name: str) -> str:
    return name.encode("ascii", "ignore").decode()


@pytest.mark.parametrize("changed", [str.upper, str.lower, str.title, str.casefold, str.swapcase, only_ascii])
def test_no_letter_hides_a_name_in_another_case(changed: Callable[[str], str]) -> None:
    names = [f"{TOKEN} {char}" for char in map(chr, range(0x20000)) if changed(char) != char]
    hidden = [name for name in names if not proof.shows(naming(name), TOKEN, {"name": changed(name)})]
    assert names
    assert hidden == []


def test_the_token_alone_is_no_claim(ownership: Ownership) -> None:
    assert doubt(ownership, Target(org_2=NAMED), "org_2") is Doubt.NOT_CREATED


def test_what_was_there_before_the_create_is_left_alone(ownership: Ownership) -> None:
    target = Target(org_1=NAMED)
    target.others = ["org_1"]
    for exchange in (target.ask("list"),):
        ownership.on_response(exchange)
    content = json.dumps(NAMED).encode()
    ownership.prepare(target.ask)
    ownership.on_request(httpx.Request("POST", URL, content=content, extensions={"operation": "create"}))
    answer = exchange_of("create", "POST", "/organizations", 201, b'{"id": "org_1"}', content)
    ownership.on_response(later(answer))
    assert doubt(ownership, target, "org_1") is Doubt.WAS_THERE


def later(exchange: Exchange) -> Exchange:
    return Exchange(**{**exchange.__dict__, "started": exchange.started + 1})


@pytest.mark.parametrize("status", [500, 404, 204])
def test_what_cannot_be_read_is_left_alone(ownership: Ownership, status: int) -> None:
    target = Target(org_1=NAMED)
    create(ownership, target, "org_1")
    target.reads = status
    assert doubt(ownership, target, "org_1") is Doubt.UNREADABLE


def test_what_a_read_does_not_show_a_lookup_may(ownership: Ownership) -> None:
    target = Target(org_1=WITH_EXTERNAL_ID)
    target.reads = 500
    create(ownership, target, "org_1", WITH_EXTERNAL_ID)
    assert doubt(ownership, target, "org_1") is None


def test_what_is_older_than_the_run_is_left_alone(ownership: Ownership) -> None:
    target = Target(org_1={**NAMED, "created_at": BEFORE})
    create(ownership, target, "org_1")
    assert doubt(ownership, target, "org_1") is Doubt.OLDER


def test_a_clock_that_goes_wrong_is_outweighed_by_an_external_id_where_everything_was_seen(
    ownership: Ownership,
) -> None:
    target = Target(org_1={**WITH_EXTERNAL_ID, "created_at": BEFORE})
    create(ownership, target, "org_1", WITH_EXTERNAL_ID)
    assert doubt(ownership, target, "org_1") is None


@pytest.mark.parametrize("moment", [None, 5, "yesterday", "10000-01-01T00:00:00Z"])
def test_without_a_time_it_takes_that_everything_was_seen(ownership: Ownership, moment: object) -> None:
    target = Target(org_1={**NAMED, "created_at": moment})
    create(ownership, target, "org_1")
    assert doubt(ownership, target, "org_1") is None


def test_an_id_that_was_deleted_has_to_be_shown_again(ownership: Ownership) -> None:
    target = Target(org_1=NAMED)
    create(ownership, target, "org_1")
    assert doubt(ownership, target, "org_1") is None
    ownership.on_response(exchange_of("delete", "DELETE", "/organizations/org_1", 202, b""))
    target.organizations["org_1"] = {"id": "org_1", "name": "somebody else's", "created_at": SINCE}
    assert doubt(ownership, target, "org_1") is Doubt.OTHER_CONTENT


def test_an_id_that_nobody_has_any_more_may_be_changed(ownership: Ownership) -> None:
    target = Target(org_1=NAMED)
    create(ownership, target, "org_1")
    target.organizations.clear()
    ownership.on_response(exchange_of("delete", "DELETE", "/organizations/org_1", 202, b""))
    assert doubt(ownership, target, "org_1") is None


def test_what_was_renamed_is_still_the_run_s_own_after_a_restart(ownership: Ownership, journal: Journal) -> None:
    target = Target(org_1=NAMED)
    create(ownership, target, "org_1")
    assert doubt(ownership, target, "org_1") is None
    target.organizations["org_1"]["name"] = "renamed"
    assert doubt(Ownership(journal), target, "org_1") is None
    target.organizations["org_1"]["created_at"] = "2027-01-15T10:00:00Z"
    assert doubt(Ownership(journal), target, "org_1") is Doubt.OTHER_CONTENT


@pytest.mark.parametrize("identifier", ["org:1", "a/b", "..", "%2E", "ä ?#", "\ud800"])
def test_an_id_of_any_form_is_the_run_s_own(ownership: Ownership, identifier: str) -> None:
    target = Target(**{identifier: NAMED})
    create(ownership, target, identifier)
    assert doubt(ownership, target, identifier) is None


@pytest.mark.parametrize(
    ("status", "answer", "state"),
    [(422, {}, State.REFUSED), (500, {}, State.OPEN), (201, {}, State.OPEN), (201, {"id": 5}, State.OPEN)],
)
def test_a_create_without_an_id_stays_open_unless_it_was_refused(
    ownership: Ownership, journal: Journal, status: int, answer: object, state: State
) -> None:
    ownership.on_request(httpx.Request("POST", URL, content=b"{}", extensions={"operation": "create"}))
    ownership.on_response(exchange_of("create", "POST", "/organizations", status, json.dumps(answer).encode(), b"{}"))
    assert [create.state for create in journal.creates] == [state]


def test_creates_at_once_are_told_apart(ownership: Ownership, journal: Journal) -> None:
    numbers = range(8)
    ready = threading.Barrier(len(numbers))

    def send(number: int) -> None:
        content = b'{"name": "%d"}' % number
        ownership.on_request(httpx.Request("POST", URL, content=content, extensions={"operation": "create"}))
        ready.wait()
        ownership.on_response(
            exchange_of("create", "POST", "/organizations", 201, b'{"id": "org_%d"}' % number, content)
        )

    threads = [threading.Thread(target=send, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = {claim.id: claim.create.contents for claim in journal.claims.values()}
    assert sent == {f"org_{number}": [b'{"name": "%d"}' % number] for number in numbers}
