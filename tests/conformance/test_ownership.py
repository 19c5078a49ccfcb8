from __future__ import annotations

import re

import pytest

from conformance.harness.wire.exchange import Response
from conformance.harness.wire.ownership import Ownership

OURS = Response(200, {}, b'{"name": "word here"}')
THEIRS = Response(200, {}, b'{"name": "other"}')


@pytest.fixture
def ownership() -> Ownership:
    return Ownership({"org_1"}, "word")


def test_a_made_up_id_is_sure_and_well_formed(ownership: Ownership) -> None:
    identifier = ownership.unknown_id()
    assert re.fullmatch("org_[0-9A-HJKMNP-TV-Z]{26}", identifier)
    assert ownership.is_sure(identifier)
    assert ownership.unknown_id() != identifier


def test_a_claim_is_not_sure_until_it_is_confirmed(ownership: Ownership) -> None:
    assert ownership.claims("org_1")
    assert not ownership.is_sure("org_1")
    assert ownership.confirm("org_1", OURS)
    assert ownership.is_sure("org_1")


def test_what_does_not_show_the_word_is_not_confirmed(ownership: Ownership) -> None:
    assert not ownership.confirm("org_1", THEIRS)
    assert not ownership.is_sure("org_1")


def test_what_cannot_be_read_is_believed(ownership: Ownership) -> None:
    assert ownership.confirm("org_1", Response(500, {}, b""))


def test_the_word_alone_is_no_claim(ownership: Ownership) -> None:
    assert not ownership.confirm("org_2", OURS)
    assert not ownership.is_sure("org_2")


def test_a_list_that_shows_the_word_is_believed(ownership: Ownership) -> None:
    ownership.believe("org_2")
    assert ownership.is_sure("org_2")
