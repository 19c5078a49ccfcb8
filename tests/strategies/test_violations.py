"""Each violation breaks its rule and no other, and none of the contract's rules is left out."""

import copy
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from specs.contract import Bounds, operations
from specs.requirements import catalogue, for_violation
from strategies.query_violations import QueryViolation, query_violations
from strategies.violations import Violation, body_violations, broken_rules
from tests.strategies.schemas import RICH, WITH_BODY, schema, validator

NO_RULES = {"title", "description", "deprecated", "default"}
APPLICATORS = {"properties", "items", "propertyNames", "additionalProperties"}

ALL = [pytest.param(name, found, id=f"{name} {found.label}") for name in WITH_BODY for found in body_violations(name)]
every_violation = pytest.mark.parametrize(("operation", "violation"), ALL)
every_query_violation = pytest.mark.parametrize("violation", query_violations(), ids=lambda found: found.label)


def body_rules(node: dict[str, Any], place: str = "") -> Iterator[tuple[str, str]]:
    """Place and keyword of every rule of a schema: what the enumeration has to cover."""
    yield from ((place, keyword) for keyword in node.keys() - NO_RULES - APPLICATORS - {"required", "type"})
    if "enum" not in node:  # a value of another type is outside the enumeration as well: that breaks two rules
        yield place, "type"
    yield from ((f"{place}/{name}", "required") for name in node.get("required", ()))
    yield from ((place, f"{keyword} of key") for keyword in node.get("propertyNames", {}))
    for name, subschema in node.get("properties", {}).items():
        yield from body_rules(subschema, f"{place}/{name}")
    if "items" in node:
        yield from body_rules(node["items"], f"{place}/0")
    if isinstance(node.get("additionalProperties"), dict):
        yield from body_rules(node["additionalProperties"], f"{place}/key")


@pytest.mark.parametrize("operation", WITH_BODY)
def test_the_body_is_rich_and_valid_before_it_is_broken(operation: str) -> None:
    validator(operation, Bounds.NARROW).validate(RICH[operation])
    assert RICH[operation].keys() == schema(operation, Bounds.WIDE)["properties"].keys()


@pytest.mark.parametrize("operation", WITH_BODY)
def test_every_rule_of_the_schema_is_broken(operation: str) -> None:
    enumerated = {violation.rule for violation in body_violations(operation)}
    assert enumerated == set(body_rules(schema(operation, Bounds.WIDE)))


@every_violation
def test_a_violation_breaks_its_rule_and_no_other(operation: str, violation: Violation) -> None:
    body = violation.applied_to(RICH[operation])
    assert broken_rules(operation, body) == {violation.rule}
    errors = validator(operation, Bounds.WIDE).iter_errors(body)
    assert len({tuple(error.absolute_path) for error in errors}) == 1


@pytest.mark.parametrize("operation", WITH_BODY)
def test_rules_are_named_wherever_they_are_broken(operation: str) -> None:
    domains = [{"domain": "example.com", "state": "pending"}, {"domain": 1}]
    body = {"name": "Acme", "metadata": {"any/key": "v" * 601}, "domain_data": domains}
    expected = {("/metadata/key", "maxLength"), ("/domain_data/0/domain", "type"), ("/domain_data/0/state", "required")}
    assert broken_rules(operation, body) == expected


@every_violation
def test_a_violation_changes_nothing_else(operation: str, violation: Violation) -> None:
    rich = copy.deepcopy(RICH[operation])
    body = violation.applied_to(rich)
    assert rich == RICH[operation]
    if violation.place:
        field = violation.place.split("/")[1]
        assert {key: value for key, value in body.items() if key.lower() != field} == {
            key: value for key, value in rich.items() if key != field
        }


@every_violation
def test_a_value_just_within_its_bound_is_valid(operation: str, violation: Violation) -> None:
    if violation.keyword in ("maxLength", "maxProperties", "maxLength of key"):
        body = violation.applied_to(RICH[operation])
        step = violation.place.split("/")[1]
        body[step] = shorter(body[step])
        validator(operation, Bounds.DOCUMENTED).validate(body)


def shorter(value: Any) -> Any:
    """The value with one character or pair less; of a few pairs, the longest text loses the character."""
    if isinstance(value, str):
        return value[1:]
    if len(value) > 2:
        return dict(list(value.items())[1:])
    longest = max([*value.keys(), *value.values()], key=len)
    return {key[key == longest :]: text[text == longest :] for key, text in value.items()}


@every_violation
def test_one_requirement_asks_for_the_refusal(operation: str, violation: Violation) -> None:
    assert operation in for_violation(operation, violation.place, violation.keyword).operations


@pytest.mark.parametrize("operation", WITH_BODY)
def test_labels_tell_violations_apart(operation: str) -> None:
    labels = [violation.label for violation in body_violations(operation)]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("operation", WITH_BODY)
def test_no_violation_is_sent_twice(operation: str) -> None:
    bodies = [repr(violation.applied_to(RICH[operation])) for violation in body_violations(operation)]
    assert len(set(bodies)) == len(bodies)


@every_query_violation
def test_a_query_violation_breaks_its_rule_and_no_other(violation: QueryViolation) -> None:
    parameter = operations(Bounds.WIDE)["list"].query[violation.parameter]
    errors = [error.validator for error in Draft202012Validator(parameter).iter_errors(read(violation.value))]
    assert errors == [violation.keyword]


def read(word: str) -> int | str:
    """The value that a server reads from a query: a whole number where it is written as one."""
    return int(word) if re.fullmatch("-?[0-9]+", word, re.ASCII) else word


def test_every_rule_of_the_query_is_broken() -> None:
    rules = {
        (name, keyword)
        for name, parameter in operations(Bounds.WIDE)["list"].query.items()
        for keyword in parameter.keys() - NO_RULES - APPLICATORS
        if not (keyword == "type" and is_any_word(parameter))
    }
    assert {(violation.parameter, violation.keyword) for violation in query_violations()} == rules


def is_any_word(parameter: dict[str, Any]) -> bool:
    """Every query is made of words, so that a word or a list of words cannot have the wrong type."""
    return parameter["type"] in ("string", "array")


@every_query_violation
def test_one_requirement_asks_for_the_refusal_of_a_query(violation: QueryViolation) -> None:
    assert for_violation("list", violation.parameter, violation.keyword).operations == ("list",)


def test_query_labels_tell_violations_apart() -> None:
    labels = [violation.label for violation in query_violations()]
    assert len(set(labels)) == len(labels)


def test_every_rule_of_the_catalogue_is_met() -> None:
    met = {(name, f"{found.place} {found.keyword}") for name in WITH_BODY for found in body_violations(name)}
    met |= {("list", f"{found.parameter} {found.keyword}") for found in query_violations()}
    for requirement in catalogue().values():
        for rule in requirement.violations:
            for operation in requirement.operations:
                assert any(fnmatchcase(broken, rule) for name, broken in met if name == operation), requirement.id
