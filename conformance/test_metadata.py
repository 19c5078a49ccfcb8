"""Changing metadata: what an update names is set, what it leaves out stays."""

import pytest

from conformance.conftest import Observe
from conformance.harness.api.errors import RefusedError
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal

requirement = pytest.mark.requirement


@requirement("update.metadata-merges")
def test_metadata_that_is_left_out_stays(organizations: Organizations, subject: Organization) -> None:
    organizations.update(subject.id, {"metadata": {}})
    organizations.update(subject.id, {"metadata": {"one": "1", "Two": "zwei", "two": "2"}})
    merged = organizations.update(subject.id, {"metadata": {"two": "II", "three": "3"}})
    assert merged.metadata == {"one": "1", "Two": "zwei", "two": "II", "three": "3"}
    assert organizations.get(subject.id).metadata == merged.metadata


@requirement("body.metadata-keys-verbatim")
@pytest.mark.parametrize("operation", ["update"])
def test_keys_that_count_from_zero_stay_an_object(
    organizations: Organizations, subject: Organization, operation: str
) -> None:
    metadata = {"0": "first", "1": "second"}
    organizations.update(subject.id, {"metadata": {}})
    assert organizations.update(subject.id, {"metadata": metadata})["metadata"] == metadata
    assert organizations.get(subject.id)["metadata"] == metadata


@requirement("update.metadata-empty")
def test_empty_metadata_removes_every_pair(organizations: Organizations, subject: Organization) -> None:
    for others in ({"allow_profiles_outside_organization": True}, {}):
        organizations.update(subject.id, {"metadata": {"one": "1", "two": "2"}})
        assert organizations.update(subject.id, {"metadata": {}, **others}).metadata == {}
    assert organizations.get(subject.id).metadata == {}


@requirement("update.metadata-null-key")
def test_null_removes_a_pair(organizations: Organizations, subject: Organization) -> None:
    organizations.update(subject.id, {"metadata": {"one": "1", "two": "2"}})
    left = organizations.update(subject.id, {"metadata": {"one": None}}).metadata
    metadata = {name: left[name] for name in ("one", "two") if name in left}
    assert metadata == {"two": "2"}


@requirement("update.metadata-limit-after-merge")
def test_merged_metadata_keeps_its_limit(organizations: Organizations, subject: Organization) -> None:
    try:
        organizations.update(subject.id, {"metadata": {f"a{number}": "" for number in range(26)}})
        refusal = expect_refusal(
            organizations.update, subject.id, {"metadata": {f"b{number}": "" for number in range(26)}}
        )
        assert refusal.code == "invalid_metadata"
    finally:
        organizations.update(subject.id, {"metadata": {}})


@requirement("update.metadata-null")
def test_what_null_does_to_metadata(
    organizations: Organizations, wire: Wire, subject: Organization, observe: Observe
) -> None:
    organizations.update(subject.id, {"metadata": {"one": "1"}})
    try:
        asked = wire.undocumented().organizations.update(subject.id, {"metadata": None})
        observe(f"leaves {asked.metadata}")
    except RefusedError as refusal:
        observe(f"refused with {refusal.status}")
