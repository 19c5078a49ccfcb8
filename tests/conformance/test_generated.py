"""Cases of Schemathesis: another process draws them, and Schemathesis judges where a response is not what is due."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterator

import pytest

from conformance.harness.api.call import Call
from conformance.harness.api.errors import DisagreementError
from conformance.harness.fixtures.cases.generated import PROPERTIES, Case, Generator, Property, generating
from conformance.harness.fixtures.cases.profile import PROFILES
from strategies.violations import body_violations
from tests.conformance.client import call_of

PROFILE = PROFILES["default"]
SEED = 7


@pytest.fixture(scope="module")
def generator() -> Iterator[Generator]:
    with generating(PROFILE, SEED) as generator:
        yield generator


@pytest.fixture(scope="module")
def another() -> Iterator[Generator]:
    """With the same seed."""
    with generating(PROFILE, SEED) as generator:
        yield generator


class Target:
    """Answers with a status that the case decides, and remembers what was sent."""

    def __init__(self, operation: str, status: Callable[[Case], int]) -> None:
        self._operation = operation
        self._status = status
        self.cases: list[Case] = []

    def send(self, case: Case) -> Call:
        self.cases.append(case)
        arguments = {"id": "org_1", "body": case.body, "external_id": "1"}
        return call_of(self._operation, arguments, self._status(case), b'{"message": ""}')


@pytest.mark.parametrize("shown", PROPERTIES, ids=str)
def test_cases_are_the_same_for_the_same_seed(generator: Generator, another: Generator, shown: Property) -> None:
    target = Target(shown.operation, lambda _: 200 if shown.valid else 422)
    for each in (generator, another):
        if shown.valid:
            each.check_valid(shown.operation, target.send)
        else:
            each.check_invalid(shown.operation, target.send, frozenset())
    count = shown.examples(PROFILE)
    assert target.cases[:count] == target.cases[count:]


def test_a_smaller_case_is_looked_for_and_no_earlier_one_is_sent_again(generator: Generator) -> None:
    target = Target("update", lambda case: 422 if len(json.dumps(case.body)) > 40 else 200)
    with pytest.raises(DisagreementError) as raised:
        generator.check_valid("update", target.send)
    failing = [case for case in target.cases if len(json.dumps(case.body)) > 40]
    assert len(json.dumps(raised.value.call.arguments["body"])) == min(len(json.dumps(case.body)) for case in failing)
    assert len(failing) > 1
    first = target.cases[0]
    assert target.cases.count(first) == 1 or first in failing


def test_what_fails_once_and_never_again_is_a_fault(generator: Generator) -> None:
    target = Target("update", lambda _: 422 if len(target.cases) == 1 else 200)
    with pytest.raises(DisagreementError) as raised:
        generator.check_valid("update", target.send)
    assert raised.value.call.status == 422


def test_what_cannot_be_sent_ends_the_search_and_not_the_next_one(generator: Generator) -> None:
    class BrokenError(Exception):
        pass

    def send(case: Case) -> Call:
        if target.cases:
            raise BrokenError
        return target.send(case)

    target = Target("update", lambda _: 500)
    with pytest.raises(BrokenError):
        generator.check_valid("update", send)
    with pytest.raises(DisagreementError):
        generator.check_valid("update", target.send)


def test_what_schemathesis_takes_is_no_fault(generator: Generator) -> None:
    generator.check_valid("update", Target("update", lambda _: 409).send)


def test_where_one_status_is_due_no_other_will_do(generator: Generator) -> None:
    generator.check_valid("lookup", Target("lookup", lambda _: 404).send, status=404)
    with pytest.raises(DisagreementError, match="200, not 404"):
        generator.check_valid("lookup", Target("lookup", lambda _: 200).send, status=404)


def test_an_invalid_body_that_is_taken_is_a_fault_unless_its_rule_is_tolerated(generator: Generator) -> None:
    with pytest.raises(DisagreementError):
        generator.check_invalid("update", Target("update", lambda _: 200).send, frozenset())
    tolerated = frozenset(violation.rule for violation in body_violations("update"))
    target = Target("update", lambda case: 200 if case.content is None else 422)
    generator.check_invalid("update", target.send, tolerated)
    assert not any(case.broken_rules("update") <= tolerated for case in target.cases if case.content is None)


def test_a_process_that_has_failed_is_an_error_of_the_suite() -> None:
    here, there = multiprocessing.Pipe()
    there.close()
    with pytest.raises(EOFError):
        Generator(here).check_valid("list", Target("list", lambda _: 200).send)
