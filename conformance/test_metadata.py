"""Changing metadata: what an update names is set, what it leaves out stays."""

import pytest

from conformance.conftest import Observe
from conformance.harness.api.errors import RefusedError
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal
from strategies.drafts import Drafts

requirement = pytest.mark.requirement


@requirement("update.metadata-merges")
@pytest.mark.independent("fifth")
def test_metadata_that_is_left_out_stays(organizations: Organizations, fifth: Organization) -> None:
    organizations.update(fifth.id, {"metadata": {}})
    # Ten pairs in the end, which every source allows: who counts "two" twice has eleven.
    others = {f"other{number}": "kept" for number in range(6)}
    organizations.update(fifth.id, {"metadata": {"one": "1", "Two": "zwei", "two": "2", **others}})
    merged = organizations.update(fifth.id, {"metadata": {"two": "2.0", "three": "3"}})
    assert merged.metadata == {"one": "1", "Two": "zwei", "two": "2.0", "three": "3", **others}
    assert organizations.get(fifth.id).metadata == merged.metadata


@requirement("body.metadata-keys-verbatim")
@pytest.mark.parametrize("operation", ["update"])
@pytest.mark.independent("fifth")
def test_keys_that_count_from_zero_stay_an_object(
    organizations: Organizations, fifth: Organization, operation: str
) -> None:
    metadata = {"0": "first", "1": "second"}
    organizations.update(fifth.id, {"metadata": {}})
    assert organizations.update(fifth.id, {"metadata": metadata})["metadata"] == metadata


@requirement("update.metadata-empty")
@pytest.mark.independent("fifth")
def test_empty_metadata_removes_every_pair(organizations: Organizations, drafts: Drafts, fifth: Organization) -> None:
    for others in (drafts.body("without metadata", allow_profiles_outside_organization=True), {}):
        organizations.update(fifth.id, {"metadata": {"one": "1", "two": "2"}})
        assert organizations.update(fifth.id, {"metadata": {}, **others}).metadata == {}
    assert organizations.get(fifth.id).metadata == {}


@requirement("update.metadata-null-key")
@pytest.mark.independent("fifth")
def test_null_removes_a_pair(organizations: Organizations, fifth: Organization) -> None:
    organizations.update(fifth.id, {"metadata": {"one": "1", "two": "2"}})
    left = organizations.update(fifth.id, {"metadata": {"one": None, "three": "3"}}).metadata
    metadata = {name: left[name] for name in ("one", "two", "three") if name in left}
    assert metadata == {"two": "2", "three": "3"}
    assert organizations.update(fifth.id, {"metadata": dict.fromkeys(left)}).metadata == {}


@requirement("update.metadata-limit-after-merge")
@pytest.mark.independent("fifth")
def test_merged_metadata_keeps_its_limit(organizations: Organizations, fifth: Organization) -> None:
    try:
        for value in ("", "again"):  # a pair that takes the place of another one counts once
            organizations.update(fifth.id, {"metadata": {f"a{number}": value for number in range(26)}})
        refusal = expect_refusal(
            organizations.update, fifth.id, {"metadata": {f"b{number}": "" for number in range(26)}}
        )
        assert refusal.code == "invalid_metadata"
    finally:
        organizations.update(fifth.id, {"metadata": {}})


@requirement("update.metadata-null")
@pytest.mark.independent("fifth")
def test_what_null_does_to_metadata(
    organizations: Organizations, wire: Wire, drafts: Drafts, fifth: Organization, observe: Observe
) -> None:
    others = {"domain_data": drafts.domain_data("pending"), "stripe_customer_id": drafts.stripe_customer_id()}
    # Null for the metadata may take away the others as well.
    organizations.update(fifth.id, {"metadata": {"one": "1"}, "external_id": drafts.external_id("null"), **others})
    try:
        asked = wire.undocumented().organizations.update(fifth.id, {"metadata": None})
        observe(f"leaves {asked.metadata}")
    except RefusedError as refusal:
        observe(f"refused with {refusal.status}")
