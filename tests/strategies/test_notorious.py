"""Notorious values are legal, told apart, explained, and go together into few organizations."""

import json
import unicodedata
from collections import Counter
from typing import Any

import pytest

from specs.contract import Bounds, operations
from strategies.notorious import DOMAINS, PAIRS, TABLE, Fate, Field, Notorious, bodies, notorious
from tests.strategies.schemas import validator

OWN = "zyxwvutsrq 1"
OTHER = "zyxwvutsrq 2"
KINDS_OF_MARKS = "SODRK"

every_value = pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.id)


def body_with(entry: Notorious, value: str) -> dict[str, Any]:
    """The smallest body of create that carries the value."""
    made: dict[Field, dict[str, Any]] = {
        Field.NAME: {"name": value},
        Field.EXTERNAL_ID: {"name": "Acme", "external_id": value},
        Field.METADATA_KEY: {"name": "Acme", "metadata": {value: "text"}},
        Field.METADATA_VALUE: {"name": "Acme", "metadata": {"key": value}},
        Field.DOMAIN: {"name": "Acme", "domain_data": [{"domain": value, "state": "verified"}]},
        Field.SEARCH: {"name": value},
    }
    return made[entry.field]


@every_value
def test_a_value_is_legal_and_what_must_be_kept_is_beyond_dispute(entry: Notorious) -> None:
    # The narrow forms of names and domains are easy to generate: they leave out much that must be kept as well.
    is_narrow = entry.fate is Fate.MUST and entry.field not in (Field.NAME, Field.DOMAIN)
    bounds = Bounds.NARROW if is_narrow else Bounds.DOCUMENTED
    validator("create", bounds).validate(body_with(entry, entry.value(OWN)))


@pytest.mark.parametrize("entry", notorious(Field.SEARCH, Fate.MUST), ids=lambda entry: entry.id)
def test_a_search_that_must_be_literal_is_within_the_query_s_bounds(entry: Notorious) -> None:
    schema = operations(Bounds.NARROW)["list"].query["search"]
    validator_of_the_query = validator("create", Bounds.NARROW).evolve(schema=schema)
    validator_of_the_query.validate(entry.value(OWN))


@pytest.mark.parametrize("entry", notorious(Field.NAME), ids=lambda entry: entry.id)
def test_only_names_in_nfc_must_be_kept(entry: Notorious) -> None:
    if not unicodedata.is_normalized("NFC", entry.value(OWN)):
        assert entry.fate is not Fate.MUST


@every_value
def test_each_value_has_its_reason_and_its_ground(entry: Notorious) -> None:
    assert len(entry.reason) > 10
    assert not entry.reason.endswith(".")
    mark, colon, _ = entry.ground.because.partition(": ")
    if entry.fate is Fate.MUST:
        assert colon
        assert mark in KINDS_OF_MARKS


@every_value
def test_a_value_is_the_caller_s_own_or_the_same_for_all(entry: Notorious) -> None:
    assert entry.value(OWN) == entry.value(OWN)
    assert (entry.value(OWN) != entry.value(OTHER)) is entry.is_own
    assert not any(slot in entry.value(OWN) for slot in ("{digits}", "{hex}", "{word}"))


@every_value
def test_a_value_has_a_form_in_json(entry: Notorious) -> None:
    assert json.loads(json.dumps(entry.value(OWN))) == entry.value(OWN)


def test_ids_tell_values_apart() -> None:
    assert [name for name, times in Counter(entry.id for entry in TABLE).items() if times > 1] == []


@pytest.mark.parametrize("field", Field)
def test_no_value_of_a_field_is_there_twice(field: Field) -> None:
    values = [entry.value(OWN) for entry in notorious(field)]
    assert len(set(values)) == len(values) > 15
    assert notorious(field) == [entry for fate in Fate for entry in notorious(field, fate)]


def test_values_are_told_by_their_fate() -> None:
    assert {entry.fate for entry in notorious(Field.NAME, Fate.SHOULD, Fate.EITHER)} == {Fate.SHOULD, Fate.EITHER}


def test_the_bodies_hold_every_value_that_must_be_kept() -> None:
    made = bodies(OWN)
    held = {
        Field.NAME: [body["name"] for body in made],
        Field.EXTERNAL_ID: [body["external_id"] for body in made if "external_id" in body],
        Field.METADATA_KEY: [key for body in made for key in body.get("metadata", {})],
        Field.METADATA_VALUE: [value for body in made for value in body.get("metadata", {}).values()],
        Field.DOMAIN: [item["domain"] for body in made for item in body.get("domain_data", ())],
    }
    for field, values in held.items():
        assert {entry.value(OWN) for entry in notorious(field, Fate.MUST)} <= set(values)


def test_the_bodies_are_legal_and_the_first_is_full() -> None:
    made = bodies(OWN)
    for body in made:
        validator("create", Bounds.DOCUMENTED).validate(body)
        validator("create", Bounds.NARROW).validate({**body, "name": "Acme", "domain_data": []})
    assert len(made[0]["metadata"]) == PAIRS
    assert len(made[0]["domain_data"]) == DOMAINS
    assert made[0].keys() == {"name", "external_id", "metadata", "domain_data"}


def test_the_bodies_share_nothing_that_must_be_one_organization_s() -> None:
    external_ids = [body["external_id"] for body in bodies(OWN) if "external_id" in body]
    assert len(set(external_ids)) == len(external_ids)
    assert len({json.dumps(body) for body in bodies(OWN)}) == len(bodies(OWN))
