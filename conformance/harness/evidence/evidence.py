"""From what a test raised to the evidence of a finding: expected, seen, exchanges."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from hypothesis.errors import Flaky

from conformance.harness.api.errors import CallError, DisagreementError, NotExpressibleError
from conformance.harness.evidence.comparison import Comparison
from conformance.harness.evidence.contrast import short
from conformance.harness.evidence.naming import IN_BOTH
from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scene import Scene, exchanges_in
from conformance.harness.evidence.scripts.curl import curl
from conformance.harness.evidence.scripts.ground.needs import NoScriptError
from conformance.harness.evidence.scripts.script import Story, Surroundings, decisive_of, script
from conformance.harness.fixtures.population import BACKWARD, FORWARD
from conformance.harness.judges.checks import Check, status
from conformance.harness.judges.failures import checks_by, expected_by, seen_by
from conformance.harness.judges.finding import BlockedError, Finding, FindingError
from conformance.harness.judges.wording import REFUSAL, success
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.transports.chain import ForeignOrganizationError
from reports.verdict.verdict import Evidence, ExchangeRecord

LONGEST_BODY = 4000
"""Characters of a body that are kept."""
LONGEST_READ = 64 * 1024
"""Bytes of a body that are looked at."""
EXCHANGES_SHOWN = 3
DEFAULT_LIMIT = 10
"""Of a page without a limit (source: O, the parameter limit of a list)."""
DEFAULT_ORDER = "desc"
"""Of a list without an order (source: O, the parameter order of a list)."""


@dataclass(frozen=True)
class Observation:
    """What is to be shown, as it came over the wire."""

    expected: str
    seen: str
    exchanges: Sequence[Exchange] = ()
    check: str = ""
    checks: Sequence[Check] = ()
    """What would hold of the exchange that decides."""


def evidence_of(
    error: BaseException,
    comparison: Comparison | None,
    recent: Sequence[Exchange],
    scene: Scene,
    redactor: Redactor,
    rule: str = "",
) -> Evidence:
    """What a failed test shows, for people; the arguments are those of `observation_of`."""
    return recorded(observation_of(error, comparison, recent, scene, rule), redactor)


def observation_of(
    error: BaseException, comparison: Comparison | None, recent: Sequence[Exchange], scene: Scene, rule: str = ""
) -> Observation:
    """What a failed test shows: the one way from whatever was raised into the verdict.

    `comparison` is the one that did not hold, if it was one; `recent` are the exchanges that the
    test made, in order; `scene` is the place in the scenario where it failed; `rule` says which rule
    the request breaks and where, if it breaks one.
    """
    told = told_by(error)
    if told is None:
        told = _observed(error, comparison, recent, scene)
    elif not isinstance(error, (FindingError, BlockedError, DisagreementError)):
        told = replace(told, check=scene.check)
    if rule and not isinstance(error, BlockedError):
        told = replace(told, expected=f"{told.expected}, for a request with {rule}")
    return told


def _observed(
    error: BaseException, comparison: Comparison | None, recent: Sequence[Exchange], scene: Scene
) -> Observation:
    """What a plain assertion shows."""
    is_compared = comparison is not None and (scene.compares or not scene.statement)
    carried = exchanges_in(comparison.values) if comparison is not None and is_compared else []
    exchanges = carried or _made_here(scene.exchanges, recent) or scene.compared or recent or scene.exchanges
    check, checks = scene.check, list[Check]()
    if comparison is not None and is_compared:
        names = _as_on_the_wire(scene.names, exchanges)
        (expected, seen), checks = comparison.sides(names), comparison.checks(names)
    else:
        expected, seen = explained(error)
    exchanges = sorted(exchanges, key=lambda exchange: exchange.started)
    is_of_the_last = scene.names == (IN_BOTH,)
    if comparison is not None and not is_of_the_last and _are_of_several_pages(checks, exchanges, comparison.right):
        checks = []
    return Observation(expected, seen, exchanges[-EXCHANGES_SHOWN:], check, checks)


def _as_on_the_wire(names: Sequence[str], exchanges: Sequence[Exchange]) -> list[str]:
    """The names, with what a list calls its cursors in the place of where they lead to, which its order decides."""
    query = parse_qs(urlsplit(exchanges[-1].url).query) if exchanges else {}
    order = query.get("order", [DEFAULT_ORDER])[0]
    cursors = {"forward": FORWARD.get(order, "forward"), "backward": BACKWARD.get(order, "backward")}
    return [cursors.get(name, name) for name in names]


def _are_of_several_pages(checks: Sequence[Check], exchanges: Sequence[Exchange], expected: object) -> bool:
    """Whether the checks say which organizations are listed, and several lists together do that.

    They may have to do it where only one was sent: it has no room for all of them.
    """
    are_of_ids = any(text.startswith('"id":') for check in checks for text in check.texts)
    lists = {exchange.url for exchange in exchanges if exchange.operation == "list"}
    wanted = len(expected) if isinstance(expected, (list, set, frozenset)) else 0
    return are_of_ids and (len(lists) > 1 or any(wanted > _limit_of(url) for url in lists))


def _limit_of(url: str) -> int:
    """How many organizations a list may hold."""
    limit = parse_qs(urlsplit(url).query).get("limit", [""])[0]
    return int(limit) if limit.isdecimal() else DEFAULT_LIMIT


def recorded(shown: Observation, redactor: Redactor) -> Evidence:
    """An observation as a verdict keeps it."""
    records = tuple(record(exchange, redactor) for exchange in shown.exchanges)
    return Evidence(redactor.text(shown.expected), redactor.text(shown.seen), records, redactor.text(shown.check))


def scripted(shown: Observation, title: str, surroundings: Surroundings) -> Evidence:
    """An observation as a verdict keeps it, with the script that shows it again, or why there is none.

    `title` begins with the id of the requirement.
    """
    story = Story(title, shown.expected, shown.seen, shown.exchanges, shown.checks)
    try:
        place = list(map(id, shown.exchanges)).index(id(decisive_of(story)))
        shown = replace(shown, exchanges=shown.exchanges[: place + 1])  # the last one is the one that shows it
        text, reason = script(story, surroundings), ""
    except NoScriptError as error:
        text, reason = "", str(error)
    kept = recorded(shown, surroundings.redactor)
    if surroundings.of_sdk:  # the address is that of the recording proxy, which ends with the run
        kept = replace(kept, exchanges=tuple(replace(exchange, curl="") for exchange in kept.exchanges))
    command = f"{surroundings.command} {title.partition(' ')[0]}" if surroundings.command and not text else ""
    return replace(kept, script=text, no_script=reason, command=command)


@functools.singledispatch
def told_by(error: BaseException) -> Observation | None:
    """What an error says by itself, None for a plain assertion."""
    return None


@told_by.register
def _(error: FindingError) -> Observation:
    return of_finding(error.finding)


@told_by.register
def _(error: BlockedError) -> Observation:
    return of_finding(error.finding)


@told_by.register
def _(error: CallError) -> Observation:
    return Observation(expected_by(error), seen_by(error), error.call.exchanges[-1:], "", list(checks_by(error)))


@told_by.register
def _(error: DisagreementError) -> Observation:
    seen = error.call.status
    if seen is None:
        expected, check = "a complete response", status("[1-9]??")
    elif seen >= 500:
        expected, check = "no failure of the server", status("[1-4]??")
    elif seen < 400:
        expected, check = f"a refusal ({REFUSAL})", status("4??")
    else:
        expected, check = success(error.call.operation), status("2??")
    return Observation(expected, seen_by(error), error.call.exchanges[-1:], "", [check])


@told_by.register
def _(error: ForeignOrganizationError) -> Observation:
    return Observation("organizations that this run created", f"{error}, which it did not create")


@told_by.register
def _(error: NotExpressibleError) -> Observation:
    return Observation("", "")


def record(exchange: Exchange, redactor: Redactor) -> ExchangeRecord:
    """The exchange as a verdict keeps it: redacted, bodies as text, cut to a few thousand characters."""
    response = exchange.response
    return ExchangeRecord(
        operation=exchange.operation,
        method=exchange.method,
        url=redactor.text(exchange.url),
        seconds=round(exchange.seconds, 4),
        request_headers=redactor.values(dict(exchange.headers)),
        request_body=_body(exchange.body, redactor),
        status=exchange.status,
        response_headers=redactor.values(dict(response.headers)) if response else {},
        response_body=_body(response.body, redactor) if response else "",
        fault=redactor.text(exchange.fault),
        curl=curl(exchange, redactor),
    )


def of_finding(finding: Finding) -> Observation:
    """What a judge's finding shows."""
    return Observation(finding.expected, finding.seen, finding.exchanges, "", finding.checks)


def _made_here(found: Sequence[Exchange], recent: Sequence[Exchange]) -> list[Exchange]:
    """Those of the exchanges that the test itself made, in order."""
    wanted = {id(exchange) for exchange in found}
    return [exchange for exchange in recent if id(exchange) in wanted]


def explained(error: BaseException) -> tuple[str, str]:
    """Expected and seen of an assertion that compares nothing.

    It says so itself, or pytest says of its outermost call ``where False = is_sorted([2, 1], reverse=True)``:
    the words of the function are what was expected, its arguments what was seen.
    """
    if isinstance(error, Flaky):
        return "the same response to the same requests", "another one the next time"
    message, _, rest = str(error).partition("\nassert ")
    found = CALLED.search(str(error))
    if found:
        arguments = SHOWN_OBJECT.sub(r"\1", found["arguments"])
        return found["function"].removeprefix("is_").replace("_", " "), short(f"not so: {arguments}")
    said = short(message.removeprefix("assert ")) if rest or not message.startswith("assert ") else ""
    return "what the requirement says", said or "it does not hold"


SHOWN_OBJECT = re.compile(r"<(\w+)>")
"""How pytest shows an organization."""
CALLED = re.compile(r"where (?:False|None) = (?P<function>\w+)\((?P<arguments>.*)\)$", re.MULTILINE)


def _body(body: bytes, redactor: Redactor) -> str:
    text = redactor.text(_text(body[:LONGEST_READ]))
    return text if len(text) <= LONGEST_BODY else f"{text[:LONGEST_BODY]}... ({len(body)} bytes)"


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
