"""Whatever is planted shows over a real socket, and does not show in the faithful release."""

from __future__ import annotations

from dataclasses import replace

import pytest

from specs.requirements import Subject, catalogue
from tests.blind.sdks import FAULTS, PECULIARITIES
from tests.blind.sdks.planted import Planted
from tests.blind.sdks.reported import OTHERWISE, REPORTED
from tests.blind.sdks.scripted import log_of
from tests.blind.sdks.sets import entered, sets
from tests.mutants.sdks.release import Release

PLANTED: dict[str, type[Planted]] = {**FAULTS, **PECULIARITIES}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_release_differs_as_it_says(name: str) -> None:
    proof = PLANTED[name].proof
    planted, faithful = log_of(PLANTED[name], proof), log_of(Release, replace(proof, requests=0))
    assert (proof.shows, proof.lacks) != ("", "")
    assert not proof.shows or proof.shows in planted, planted
    assert not proof.shows or proof.shows not in faithful, faithful
    assert not proof.lacks or proof.lacks in faithful, faithful
    assert not proof.lacks or proof.lacks not in planted, planted


def test_what_a_fault_breaks_is_in_the_catalogue() -> None:
    assert {fault.requirement for fault in FAULTS.values()} - catalogue(Subject.SDK).keys() == set()


def test_what_is_reported_otherwise_was_measured_and_is_in_the_catalogue() -> None:
    assert {*REPORTED, *OTHERWISE} - {*entered()} == set()
    assert {each for names in REPORTED.values() for each in names} - catalogue(Subject.SDK).keys() == set()


def test_the_sets_share_no_release_and_leave_none_out() -> None:
    assert sorted(name for each, names in sets().items() if each != "all" for name in names) == sorted(PLANTED)


def test_everything_planted_is_said_in_a_sentence() -> None:
    assert [name for name, value in PLANTED.items() if not (value.__doc__ or "").endswith(".")] == []
