from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from conformance.harness.api.call import Call
from conformance.harness.judges.state.memory import Memory

from .client import call_of
from .samples import ID, a_list, an_organization

OTHER = "org_01HXYZ0000000000000000000B"
EVER = 3600.0
LATER = "2026-01-02T03:04:06.000Z"


class Story:
    """A run as the memory sees it, and what it found."""

    def __init__(self, lag: float = 0.0) -> None:
        self.memory = Memory(lag)

    def see(self, call: Call) -> set[str]:
        """The requirements that an undisturbed call breaks."""
        watch = self.memory.on_call(call.operation, call.arguments)
        now = tuple(replace(exchange, started=time.monotonic()) for exchange in call.exchanges)
        found = self.memory.on_outcome(replace(call, exchanges=now), watch)
        return {finding.requirement for finding in found}

    def create(self, **changes: Any) -> set[str]:
        """A creation with a rich body, answered with these changes."""
        return self.see(created(**changes))


def created(given: dict[str, Any] | None = None, key: str | None = None, **changes: Any) -> Call:
    body = {"name": "Acme", "metadata": {"a": "1"}, "external_id": "ext-1"} if given is None else given
    replayed = {"idempotency_key": key} if key else {}
    return call_of("create", {"body": body, **replayed}, 201, shown(changes))


def updated(given: dict[str, Any], status: int = 200, **changes: Any) -> Call:
    return call_of("update", {"id": ID, "body": given}, status, shown({"updated_at": LATER} | changes))


def got(status: int = 200, **changes: Any) -> Call:
    return call_of("get", {"id": ID}, status, shown(changes))


def looked_up(sought: str, status: int = 200, **changes: Any) -> Call:
    return call_of("lookup", {"external_id": sought}, status, shown(changes))


def shown(changes: dict[str, Any]) -> bytes:
    return json.dumps(an_organization(**({"domains": []} | changes))).encode()


def listed(**changes: Any) -> Call:
    page = a_list(an_organization(**({"domains": []} | changes)))
    return call_of("list", {"query": {"limit": 1}}, 200, json.dumps(page).encode())


DELETED = call_of("delete", {"id": ID}, 202, b"Accepted")


@pytest.fixture
def story() -> Story:
    story = Story()
    assert story.create() == set()
    return story


def test_what_agrees_is_no_finding(story: Story) -> None:
    assert story.see(got()) == set()
    assert story.see(looked_up("ext-1")) == set()
    assert story.see(listed()) == set()
    assert story.see(updated({"name": "New"}, name="New")) == set()
    assert story.see(got(name="New", updated_at=LATER)) == set()
    assert story.see(DELETED) == set()
    assert story.see(got(404)) == set()


def test_an_organization_of_others_is_not_judged(story: Story) -> None:
    assert Story().see(got(name="Anything")) == set()


@pytest.mark.parametrize(
    ("call", "requirement"),
    [
        (created(), "create.ids-differ"),
        (created(name="Other"), "create.returns-what-was-sent"),
        (got(name="Stale"), "get.current-state"),
        (got(404), "get.current-state"),
        (looked_up("ext-1", name="Stale"), "lookup.current-state"),
        (looked_up("ext-1", 404), "lookup.current-state"),
        (looked_up("EXT-1"), "lookup.exact"),
        (listed(name="Stale"), "list.current-state"),
        (updated({"name": "New"}), "update.sets-what-was-sent"),
        (updated({"name": "New"}, name="New", external_id=None), "update.keeps-the-rest"),
        (updated({"metadata": {"b": "2"}}, metadata={"b": "2"}), "update.metadata-merges"),
        (updated({"metadata": {}}), "update.metadata-empty"),
        (updated({"external_id": None}), "update.clears-external-id"),
        (updated({"name": "New"}, name="New", created_at=LATER), "update.identity"),
        (updated({"domain_data": [{"domain": "x.example.com", "state": "pending"}]}), "update.replaces-domains"),
        (updated({}, updated_at="2025-01-01T00:00:00.000Z"), "update.moves-updated-at"),
        (call_of("delete", {"id": ID}, 404, b"{}"), "delete.leaves-others-alone"),
    ],
)
def test_a_contradiction_is_found(story: Story, call: Call, requirement: str) -> None:
    assert requirement in story.see(call)


@pytest.mark.parametrize(
    ("call", "requirement"),
    [
        (got(), "delete.gone"),
        (looked_up("ext-1"), "delete.gone"),
        (updated({"name": "New"}, name="New"), "delete.gone"),
        (listed(), "delete.gone-from-lists"),
    ],
)
def test_what_was_deleted_is_gone(story: Story, call: Call, requirement: str) -> None:
    story.see(DELETED)
    assert story.see(call) == {requirement}


def test_what_an_update_gave_to_another_one_is_its_side_effect(story: Story) -> None:
    story.see(created({"name": "Other"}, id=OTHER, name="Other", metadata={}, external_id=None))
    other = shown({"id": OTHER, "name": "Spread", "metadata": {}, "external_id": None, "updated_at": LATER})
    story.see(call_of("update", {"id": OTHER, "body": {"name": "Spread"}}, 200, other))
    assert story.see(got(name="Spread")) == {"update.leaves-others-alone"}
    assert story.see(got(name="Stale")) == {"get.current-state"}


def test_what_is_out_of_date_is_no_side_effect(story: Story) -> None:
    story.see(updated({"name": "New"}, name="New"))
    story.see(created({"name": "Acme"}, id=OTHER, metadata={}, external_id=None))
    other = shown({"id": OTHER, "metadata": {}, "external_id": None, "updated_at": LATER})
    story.see(call_of("update", {"id": OTHER, "body": {"name": "Acme"}}, 200, other))
    assert story.see(got(updated_at=LATER)) == {"get.current-state"}


def test_what_is_gone_after_another_one_was_deleted_is_its_side_effect(story: Story) -> None:
    story.see(created({"name": "Other"}, id=OTHER, name="Other", metadata={}, external_id=None))
    story.see(call_of("delete", {"id": OTHER}, 202, b"Accepted"))
    assert story.see(got(404)) == {"delete.leaves-others-alone"}


@pytest.mark.parametrize("query", [{"search": "Acme"}, {"domains": "x.example.com"}])
def test_what_a_filter_hides_is_a_matter_of_filters(story: Story, query: dict[str, Any]) -> None:
    page = json.dumps(a_list(an_organization(domains=[], metadata={}))).encode()
    assert story.see(call_of("list", {"query": query}, 200, page)) == {"list.filtered-organizations-whole"}
    assert story.see(call_of("list", {"query": {"limit": 1}}, 200, page)) == {"list.current-state"}


def test_a_former_external_id_finds_nothing(story: Story) -> None:
    story.see(updated({"external_id": "ext-2"}, external_id="ext-2"))
    assert story.see(looked_up("ext-1", external_id="ext-2")) == {"lookup.after-change"}


def test_a_list_may_lag() -> None:
    story = Story(lag=EVER)
    story.create()
    assert story.see(listed(name="Stale")) == set()
    story.see(DELETED)
    assert story.see(listed()) == set()


@pytest.mark.parametrize("call", [got(name="Stale"), looked_up("ext-1", name="Stale"), listed(name="Stale")])
def test_what_a_write_overlapped_is_not_judged(story: Story, call: Call) -> None:
    read = story.memory.on_call("get", {"id": ID})
    write = story.memory.on_call("update", {"id": ID})
    assert list(story.memory.on_outcome(call, read)) == []
    late = story.memory.on_call("get", {"id": ID})
    list(story.memory.on_outcome(updated({"name": "New"}, name="New"), write))
    assert list(story.memory.on_outcome(call, late)) == []


@pytest.mark.parametrize(
    ("call", "requirement"),
    [
        (got(name="Stale"), "get.current-state"),
        (looked_up("ext-1", name="Stale"), "lookup.current-state"),
        (listed(name="Stale"), "list.current-state"),
    ],
)
def test_what_a_write_of_another_organization_overlapped_is_judged(story: Story, call: Call, requirement: str) -> None:
    write = story.memory.on_call("update", {"id": OTHER})
    assert story.see(call) == {requirement}
    list(story.memory.on_outcome(updated({"name": "New"}, id=OTHER, name="New"), write))


def test_writes_that_overlapped_are_learned_from_the_next_read(story: Story) -> None:
    one, other = story.memory.on_call("update", {"id": ID}), story.memory.on_call("update", {"id": ID})
    for watch in (one, other):
        assert list(story.memory.on_outcome(updated({"name": "New"}, name="New"), watch)) == []
    assert story.see(got(name="Either")) == set()
    assert story.see(got(name="Another")) == {"get.current-state"}


def test_an_external_id_that_several_asked_for_at_once_may_be_with_anybody(story: Story) -> None:
    one, other = story.memory.on_call("update", {"id": ID}), story.memory.on_call("update", {"id": ID})
    for watch in (one, other):
        list(story.memory.on_outcome(updated({"external_id": "race"}, external_id="race"), watch))
    story.see(got(external_id="race"))
    assert story.see(looked_up("race", id=OTHER, external_id="race")) == set()


def test_an_external_id_that_two_have_may_find_either(story: Story) -> None:
    story.create(id=OTHER)
    for holder in (ID, OTHER):
        assert story.see(looked_up("ext-1", id=holder)) == set()


def test_a_failed_write_leaves_its_outcome_open(story: Story) -> None:
    story.see(updated({"name": "New"}, status=500))
    assert story.see(got(name="New")) == set()


def test_a_refused_write_changes_nothing(story: Story) -> None:
    story.see(updated({"name": "New"}, status=422))
    assert story.see(got(name="New")) == {"get.current-state"}


@pytest.mark.parametrize("sent", [{"name": 7}, {"metadata": {"a": "x" * 601}, "name": "x"}, {}])
def test_what_is_made_of_an_invalid_body_is_not_judged(sent: dict[str, Any]) -> None:
    assert Story().see(created(sent, name="whatever")) == set()


def test_a_replayed_creation_is_no_second_use_of_an_id(story: Story) -> None:
    assert story.see(created(key="k")) == set()


def test_what_changed_while_nothing_but_another_one_was_deleted_is_its_side_effect(story: Story) -> None:
    story.see(created({"name": "Other"}, id=OTHER, name="Other", metadata={}, external_id=None))
    story.see(got())
    story.see(call_of("delete", {"id": OTHER}, 202, b"Accepted"))
    assert story.see(got(metadata={})) == {"delete.leaves-others-alone"}
    assert story.see(looked_up("ext-1", metadata={})) == set()


def test_what_was_not_read_before_a_delete_may_never_have_been_shown(story: Story) -> None:
    story.see(created({"name": "Other"}, id=OTHER, name="Other", metadata={}, external_id=None))
    story.see(call_of("delete", {"id": OTHER}, 202, b"Accepted"))
    assert story.see(got(metadata={})) == {"get.current-state"}
