from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.harness.wire.exchange import Response
from conformance.harness.wire.journal import Journal
from conformance.harness.wire.ownership import Ownership

from .client import exchange_of

URL = "http://target"
TOKEN = "abcdefghij"  # noqa: S105 - a run token, which is no secret
OURS = Response(200, {}, b'{"name": "ABCDEFGHIJ here"}')
THEIRS = Response(200, {}, b'{"name": "other"}')


@pytest.fixture
def ownership(tmp_path: Path) -> Iterator[Ownership]:
    with contextlib.closing(Journal(tmp_path / "run.journal", URL, TOKEN)) as journal:
        journal.add("org_1")
        yield Ownership(journal, TOKEN, URL)


def never() -> Response:
    raise AssertionError("was read")


def test_an_unknown_id_is_well_formed_and_may_be_changed(ownership: Ownership) -> None:
    identifier = ownership.unknown_id()
    assert re.fullmatch("org_[0-9A-HJKMNP-TV-Z]{26}", identifier)
    assert ownership.may_change(identifier, never)
    assert ownership.unknown_id() != identifier


def test_what_the_run_created_may_be_changed_once_it_was_seen(ownership: Ownership) -> None:
    assert ownership.may_change("org_1", lambda: OURS)
    assert ownership.may_change("org_1", never)


def test_what_does_not_show_the_token_may_not_be_changed(ownership: Ownership) -> None:
    assert not ownership.may_change("org_1", lambda: THEIRS)


def test_the_token_alone_is_no_claim(ownership: Ownership) -> None:
    assert not ownership.may_change("org_2", lambda: OURS)


@pytest.mark.parametrize("identifier", ["org:1", "a/b", "..", "%2E", "ä ?#"])
def test_an_id_of_any_form_is_the_run_s_own(ownership: Ownership, identifier: str) -> None:
    body = b'{"id": "%s"}' % identifier.encode()
    ownership.on_response(exchange_of("create", "POST", "/organizations", 201, body))
    assert ownership.may_change(identifier, lambda: OURS)
