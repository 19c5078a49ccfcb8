from __future__ import annotations

import pytest

from strategies.drafts import Drafts

TOKEN = "abcdefghij"  # noqa: S105 - a run token, which is no secret


@pytest.fixture
def drafts() -> Drafts:
    return Drafts(TOKEN, lambda: "org_unknown")


def test_values_carry_the_run_token_and_differ(drafts: Drafts) -> None:
    for make in (drafts.external_id, drafts.domain, drafts.stripe_customer_id):
        one, other = make(), make()
        assert one != other
        assert TOKEN in one
    assert drafts.body()["name"].startswith(TOKEN)


def test_what_need_not_be_unique_stays(drafts: Drafts) -> None:
    own = drafts.own({"name": "x", "domains": ["a.b"], "external_id": None})
    assert own["external_id"] is None
    assert TOKEN in own["name"]
    assert TOKEN in own["domains"][0]


@pytest.mark.parametrize("body", [{}, {"name": False}, {"name": "x", "metadata": 5}])
def test_a_broken_body_carries_the_token_in_some_field(drafts: Drafts, body: dict[str, object]) -> None:
    assert TOKEN in repr(drafts.marked(body))


@pytest.mark.parametrize("body", [[], None, "x", 7])
def test_what_is_no_object_stays_as_it_is(drafts: Drafts, body: object) -> None:
    assert drafts.marked(body) == body
