"""What scripts remove: what they have created themselves, and nothing of others."""

from __future__ import annotations

import pytest

from conformance.harness.evidence.scripts.script import Story
from conformance.harness.judges.checks import has
from tests.conformance.altered import KEY, Passing, altered
from tests.reports.scripts import exit_code
from tests.reports.stories import CREATE, GET, made


def test_a_script_leaves_alone_what_a_create_is_answered_with() -> None:
    """A create that is answered with the id of somebody else, which some scripts have to do again."""
    text = made(Story("A title", "this", "that", [GET], [has("Acme", "name")]), CREATE)
    foreign: list[str] = []

    def lie(passing: Passing) -> None:
        if passing.method == "POST" and foreign:
            passing.json = {**passing.json, "id": foreign[0]}

    with altered(lie, foreigners=1) as place:
        foreign += place.everyone()
        assert exit_code(text, place.url, WORKOS_API_KEY=KEY) == 1
        assert [passing.method for passing in place.app.passed if passing.id == foreign[0]] == ["GET", "GET"]
        assert set(foreign) < set(place.everyone())


def test_a_script_removes_what_it_has_created() -> None:
    text = made(Story("A title", "this", "that", [GET], [has("Acme", "name")]), CREATE)
    with altered(foreigners=1) as place:
        assert exit_code(text, place.url, WORKOS_API_KEY=KEY) == 1
        assert [*place.everyone().values()] == ["Foreign 0"]


@pytest.mark.parametrize("identifier", ["../organizations/org_1", "org_{1,2}", "org_1?x=", "", "..", "org 1"])
def test_a_script_sends_nothing_to_an_id_that_leads_elsewhere(identifier: str) -> None:
    text = made(Story("A title", "this", "that", [GET], [has("Acme", "name")]), CREATE)

    def lead(passing: Passing) -> None:
        if passing.method == "POST":
            passing.json = {**passing.json, "id": identifier}

    with altered(lead) as place:
        exit_code(text, place.url, WORKOS_API_KEY=KEY)
        assert "DELETE" not in [passing.method for passing in place.app.passed]
