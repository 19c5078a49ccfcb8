"""What a failed scenario shows: expected, seen, and the requests that show it."""

import ast
import subprocess
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

import pytest
from hypothesis.errors import FlakyStrategyDefinition

from conformance.harness.api.call import Call, NoResponse, Refusal
from conformance.harness.api.errors import (
    DisagreementError,
    NoResponseError,
    NotRefusedError,
    RefusedError,
    UnusableResponseError,
)
from conformance.harness.api.http import outcome_of
from conformance.harness.api.organization import Organization
from conformance.harness.api.page import Ids
from conformance.harness.evidence.compared import compared
from conformance.harness.evidence.comparison import Comparison
from conformance.harness.evidence.contrast import LONGEST, contrast
from conformance.harness.evidence.evidence import evidence_of, observation_of
from conformance.harness.evidence.failure import cause_of, is_of_the_suite
from conformance.harness.evidence.naming import names_in
from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scene import SCENARIOS, Scene, exchanges_in, scene_of, statement_at
from conformance.harness.evidence.scripts.curl import curl
from conformance.harness.judges.checks import has, lacks
from conformance.harness.judges.finding import Finding, FindingError
from conformance.harness.wire.exchange import Exchange, Response
from reports.verdict.verdict import Evidence

NOTHING_SECRET = Redactor(None)
ORGANIZATION: dict[str, Any] = {
    "id": "org_1",
    "name": "Acme",
    "external_id": None,
    "metadata": {},
    "created_at": "",
    "updated_at": "",
}


def exchange(operation: str = "get", status: int | None = 200, body: bytes = b'{"id": "org_1"}') -> Exchange:
    response = Response(status, {"content-type": "application/json"}, body) if status else None
    headers = {"authorization": "Bearer $WORKOS_API_KEY"}
    return Exchange(operation, "GET", "http://example.com/organizations/org_1", headers, b"", response, "timed out")


def call(operation: str = "get", status: int | None = 200, body: bytes = b'{"id": "org_1"}') -> Call:
    made = exchange(operation, status, body)
    return Call(operation, {}, outcome_of(made), (made,))


def organization(**fields: Any) -> Organization:
    return Organization(ORGANIZATION | fields, call())


A_REFUSAL = "a refusal (a status of 400 to 499)"
REFUSAL = b'{"message": "no such name", "code": "bad", "id": "x"}'
ERRORS = {
    "refused": (
        RefusedError(call("create", 422, REFUSAL), Refusal(422)),
        "status 201",
        'status 422 {"code": "bad", "message": "no such name"}',
    ),
    "refused, with a text that is no Unicode": (
        RefusedError(replace(call("update", 500, b"{}"), arguments={"body": {"name": "\ud83d"}}), Refusal(500)),
        f"status 200, or {A_REFUSAL}",
        "status 500 {}",
    ),
    "not refused": (NotRefusedError(call()), A_REFUSAL, 'status 200 with organization "org_1"'),
    "a list": (NotRefusedError(call("list", 200, b'{"data": [1]}')), A_REFUSAL, "status 200 with a list of 1"),
    "no response": (NoResponseError(call(status=None), NoResponse("timed out")), "status 200", "timed out"),
    "unusable": (
        UnusableResponseError(call(), "the organization has no id"),
        "a response with everything that the contract requires",
        "the organization has no id",
    ),
    "accepted": (DisagreementError(call("create", 201), "accepted"), A_REFUSAL, 'status 201 with organization "org_1"'),
    "declined": (DisagreementError(call("create", 422, b"no"), "refused"), "status 201", 'status 422 "no"'),
    "server error": (DisagreementError(call("create", 500, b""), "failed"), "no failure of the server", "status 500"),
    "hung": (DisagreementError(call("create", None), "timed out"), "a complete response", "timed out"),
}


@pytest.mark.parametrize(("error", "expected", "seen"), ERRORS.values(), ids=ERRORS)
def test_errors_carry_their_evidence(error: AssertionError, expected: str, seen: str) -> None:
    evidence = evidence_of(error, None, [], Scene(), NOTHING_SECRET)
    assert (evidence.expected, evidence.seen) == (expected, seen)
    assert len(evidence.exchanges) == 1


def test_a_finding_of_a_judge_is_taken_as_it_is() -> None:
    error = FindingError(Finding("get.answers", "get", "this", "that", (exchange(),)))
    evidence = evidence_of(error, None, [], Scene("conformance/test_x.py:1", "a statement"), NOTHING_SECRET)
    assert (evidence.expected, evidence.seen, evidence.check) == ("this", "that", "")


def test_of_organizations_read_one_by_one_the_exchange_is_that_of_the_changed_one() -> None:
    first, second = organization(name="a"), organization(name="b")
    assert Comparison("==", [first, second], [first, organization(name="c")]).values == [second]


COMPARISONS = {
    "equal": (Comparison("==", 201, 422), "422", "201"),
    "in": (Comparison("in", 500, (400, 422)), "400 or 422", "500"),
    "in nothing": (Comparison("in", "a", []), '"a" among them', "none"),
    "not in": (Comparison("not in", "a", ["a"]), 'none of ["a"]', '"a"'),
    "is": (Comparison("is", False, True), "true", "false"),
    "is not": (Comparison("is not", None, None), "anything but null", "null"),
    "greater": (Comparison(">", 1, 2), "more than 2", "1"),
    "in a range": (Comparison("in", 201, range(400, 500)), "400 to 499", "201"),
    "in a text": (Comparison("in", "new", "an old name"), 'a text with "new"', '"an old name"'),
    "at most": (Comparison("<=", 4, 3), "at most 3", "4"),
    "an organization": (Comparison("==", None, organization(id="org_1")), "organization org_1", "not there"),
    "pages": (
        Comparison("==", [Ids(["a"], call("list")), Ids(["b"], call("list"))], [["a"], ["c"]]),
        'page 2: "c"',
        'page 2: "b"',
    ),
    "organizations read one by one": (
        Comparison("==", [organization(name=name) for name in "ab"], [organization(name=name) for name in "ac"]),
        'name: "c"',
        'name: "b"',
    ),
    "subset": (Comparison("<=", {1, 2, 3}, {1, 2}), "2 items, without 3", "3 items, with 3"),
}


@pytest.mark.parametrize(("comparison", "expected", "seen"), COMPARISONS.values(), ids=COMPARISONS)
def test_comparisons_show_both_sides(comparison: Comparison, expected: str, seen: str) -> None:
    evidence = evidence_of(AssertionError(), comparison, [exchange()], Scene(), NOTHING_SECRET)
    assert (evidence.expected, evidence.seen) == (expected, seen)
    assert len(evidence.exchanges) == 1


LONG = "x" * 500
IDS = [f"org_{number:026d}" for number in range(12)]
CONTRASTS: dict[str, tuple[object, object, str, str]] = {
    "strings": (LONG + "a" + LONG, LONG + "b" + LONG, "a", "b"),
    "fields": ({"a": LONG, "b": 1}, {"a": LONG, "b": 2}, 'key "b": 1', 'key "b": 2'),
    "a field too few": ({"a": LONG, "b": 1}, {"a": LONG}, 'key "b": 1', 'key "b": missing'),
    "lists": (IDS, IDS[:-1], f'12 items, with "{IDS[-1]}"', f'11 items, without "{IDS[-1]}"'),
    "order": (IDS, [IDS[1], IDS[0], *IDS[2:]], f'"{IDS[0]}" as item 1', f'"{IDS[1]}" as item 1'),
    "none": ([IDS[0]], [], f'1 item: "{IDS[0]}"', "none"),
    "often": (IDS, [*IDS, IDS[0]], "12 items", f'13 items, "{IDS[0]}" 2 times'),
    "lists of lists": ([IDS[:3]], [IDS[3:6]], f'["{IDS[0]}" and 2 more]', f'["{IDS[3]}" and 2 more]'),
    "metadata": (
        organization(metadata={"a.b": "1", "c": "2"}),
        organization(metadata={"c": "2"}),
        'metadata key "a.b": "1"',
        'metadata key "a.b": missing',
    ),
    "sets": (set(IDS), {*IDS, "more"}, '12 items, without "more"', '13 items, with "more"'),
    "organizations": (organization(), organization(name="Other"), 'name: "Acme"', 'name: "Other"'),
    "in a list": ([organization()], [organization(name="Other")], 'item 1 name: "Acme"', 'item 1 name: "Other"'),
    "control characters": ("a\x1b\r", "a", r'"a\u001b\r"', '"a"'),
}


@pytest.mark.parametrize(("expected", "seen", "ours", "theirs"), CONTRASTS.values(), ids=CONTRASTS)
def test_only_what_differs_is_shown(expected: object, seen: object, ours: str, theirs: str) -> None:
    shown = contrast(expected, seen)
    assert ours in shown[0]
    assert theirs in shown[1]
    assert max(map(len, shown)) <= LONGEST + 50


def test_what_is_compared_is_named_in_words() -> None:
    scene = Scene("conformance/test_x.py:7", "a == b", True, ("status", "code"))
    both = Comparison("==", (201, None), (400, "invalid_metadata"))
    evidence = evidence_of(AssertionError(), both, [exchange()], scene, NOTHING_SECRET, "metadata of 51 pairs")
    assert evidence.expected == 'status 400, code: "invalid_metadata", for a request with metadata of 51 pairs'
    assert evidence.seen == "status 201, no code"


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("call.status", ("status",)),
        ('(call.status, call.json.get("code"))', ("status", "code")),
        ('sorted(org["domains"])', ("domains",)),
        ("len(winners)", ("number of winners",)),
        ("len(organizations.list(limit=3).ids)", ("number of organizations on the page",)),
        ("[page.ids for page in pages]", ("ids",)),
        ("metadata", ("metadata",)),
        ("pages[-1].cursor(FORWARD[order])", ("forward",)),
        ("page.cursor(other[order])", ("",)),
        ("{refusal.code for refusal in losers}", ("code",)),
        ("f(x)", ("",)),
        ("ids_outside(page)", ("ids outside",)),
        ("set(page.ids) & set(following.ids)", ("organizations in both",)),
        ("missing", ("missing",)),
        ("len(set(met))", ("number of different organizations on all pages",)),
        ("organization.metadata.get(key)", ("metadata value",)),
        ('organization.metadata.get("seats")', ("seats",)),
    ],
)
def test_an_expression_in_words(expression: str, names: tuple[str, ...]) -> None:
    assert names_in(ast.parse(expression, mode="eval").body) == names


def test_a_comparison_that_is_only_part_of_what_was_asserted_is_not_shown() -> None:
    error = AssertionError("assert False\n +  where False = is_sorted([2, 1], reverse='asc' != 'desc')")
    scene = Scene("conformance/test_x.py:7", 'is_sorted(found, reverse=order != "desc")')
    evidence = evidence_of(error, Comparison("!=", "asc", "desc"), [], scene, NOTHING_SECRET)
    assert evidence.expected == "sorted"
    assert evidence.seen == "not so: [2, 1], reverse='asc' != 'desc'"
    assert evidence.check == scene.check


def test_a_plain_assertion_without_words_still_says_something() -> None:
    assert evidence_of(AssertionError(), None, [], Scene(), NOTHING_SECRET) == Evidence(
        "what the requirement says", "it does not hold"
    )


def test_the_exchanges_are_those_of_the_failed_statement() -> None:
    earlier, own, later = exchange(), exchange("create"), exchange("list")
    scene = Scene(exchanges=(earlier, own))
    evidence = evidence_of(AssertionError("x"), None, [own, later], scene, NOTHING_SECRET)
    assert [shown.operation for shown in evidence.exchanges] == [own.operation]
    assert exchanges_in([[organization()], {"found": own}, own, 3]) != []


def test_the_exchanges_are_those_of_what_is_compared_rather_than_of_other_fixtures() -> None:
    compared, other = exchange("update"), exchange("create")
    evidence = evidence_of(AssertionError("x"), None, [compared, other], Scene(compared=(compared,)), NOTHING_SECRET)
    assert [shown.operation for shown in evidence.exchanges] == [compared.operation]


@dataclass(frozen=True)
class Held:
    """A fixture that holds what it asked."""

    outcome: Organization

    def shown(self) -> Organization:
        return self.outcome


@pytest.mark.parametrize(
    ("expression", "is_found"),
    [
        ('held.shown()["name"]', True),
        ('held.outcome["name"]', True),
        ("items[key].json.get('name')", True),
        ("items['no such key'].json", True),
        ("organizations.update(held.outcome.id)", False),
        ("[item for item in items]", False),
    ],
)
def test_what_is_compared_is_found_without_a_request(expression: str, is_found: bool) -> None:
    mine = organization()
    variables = {"held": Held(mine), "items": {"one": mine}, "key": "one", "organizations": object()}
    tree = ast.parse(expression, mode="eval").body
    assert exchanges_in([compared(tree, variables)]) == (list(mine.call.exchanges) if is_found else [])


@pytest.mark.parametrize(
    ("query", "name"), [("?order=desc", "after"), ("", "after"), ("?limit=2&order=normal", "before")]
)
def test_a_cursor_is_called_what_the_list_calls_it(query: str, name: str) -> None:
    page = replace(exchange("list"), url=f"http://example.com/organizations{query}")
    scene = Scene("conformance/test_x.py:1", "second.forward is None", True, ("forward",), (page,))
    observed = observation_of(AssertionError("x"), Comparison("is", "org_1", None), [page], scene)
    assert (observed.expected, observed.seen) == (f"{name}: null", f'{name}: "org_1"')
    assert observed.checks == [has(None, name)]


def test_a_key_that_is_not_there_is_named() -> None:
    assert Comparison("in", "id", {"one": "1", "two": "2"}).sides() == ('the key "id"', 'the keys "one", "two"')
    assert Comparison("in", "id", {}).sides() == ('the key "id"', "no key")


def test_what_must_not_be_null_is_asked_for_by_its_name() -> None:
    assert Comparison("is not", None, None).checks(["after"]) == [lacks(None, "after")]
    assert Comparison("is not", None, None).checks([""]) == []


def test_the_scene_is_the_innermost_scenario() -> None:
    path = SCENARIOS / "test_get.py"
    source = path.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(source, 1) if "unknown_id()).status == 404" in text)
    assert statement_at(path, line) == (source[line - 1].strip().removeprefix("assert "), ("status",))
    assert scene_of(traceback_here()) == Scene()


def traceback_here() -> TracebackType | None:
    try:
        raise AssertionError
    except AssertionError as error:
        return error.__traceback__


def test_bugs_of_the_suite_are_told_from_faults_of_the_target() -> None:
    assert is_of_the_suite(KeyError("name"))
    assert is_of_the_suite(pytest.fail.Exception("ScopeMismatch"))
    assert not is_of_the_suite(AssertionError())
    group = BaseExceptionGroup("flaky", [ValueError(), AssertionError("the cause")])
    assert str(cause_of(group)) == "the cause"


BODIES = [b'{"a":"it\'s"}', b'{"n":"Zo\xeb1f"}', "Zoë\n\x1b\t'\\1".encode(), b"a\x00b\\n%s", b"@/etc/hosts"]


@pytest.mark.parametrize("body", BODIES, ids=["quote", "not UTF-8", "control characters", "null byte", "at sign"])
def test_a_curl_line_sends_the_very_bytes(body: bytes) -> None:
    line = curl(Exchange("create", "POST", "http://example.com/", {}, body, None), NOTHING_SECRET)
    assert line.isprintable()
    stand_in = 'curl() { for word; do last=$word; done; if [ "$last" = @- ]; then cat; else printf %s "$last"; fi; }'
    sent = subprocess.run(["bash", "-c", f"{stand_in}; {line}"], capture_output=True, check=True)
    assert sent.stdout == body


def test_a_target_that_changes_its_mind_is_said_to() -> None:
    evidence = evidence_of(FlakyStrategyDefinition(""), None, [exchange()], Scene(), NOTHING_SECRET)
    assert (evidence.expected, evidence.seen) == (
        "the same response to the same requests",
        "another one the next time",
    )
    assert len(evidence.exchanges) == 1


@pytest.mark.parametrize(("query", "is_told"), [("?limit=1", False), ("?limit=2", True), ("", True)])
def test_a_page_is_not_asked_for_more_than_it_may_hold(query: str, is_told: bool) -> None:
    page = replace(exchange("list"), url=f"http://example.com/organizations{query}")
    shown = Ids(["a"], Call("list", {}, outcome_of(page), (page,)))
    met = Comparison("==", shown, ["a", "b"])
    scene = Scene("conformance/test_x.py:1", "met == ids", compares=True, names=("ids",))
    observed = observation_of(AssertionError("x"), met, [page], scene)
    assert bool(observed.checks) is is_told
