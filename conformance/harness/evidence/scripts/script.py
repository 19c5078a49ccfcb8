"""A finding as a shell script that shows it again: it creates what the request needs, sends it, looks, and removes.

The script needs sh, curl, $BASE_URL and $WORKOS_API_KEY. It exits 1 when the fault shows, 0 when it does not,
and 2 when that cannot be told.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scripts import chosen, cursors
from conformance.harness.evidence.scripts.again import with_external_ids_of_its_own
from conformance.harness.evidence.scripts.cursors import retraced
from conformance.harness.evidence.scripts.library import beginning
from conformance.harness.evidence.scripts.needs import NoScriptError, needed_for
from conformance.harness.evidence.scripts.shell import PLACEHOLDERS, Substitutions, words
from conformance.harness.evidence.steps import BEARER, breaks_a_rule
from conformance.harness.judges.checks import NO_RESPONSE, Check, Kind, is_to_be_refused
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.history import History, says
from specs.requirements import Requirement

UNTOLD = (NO_RESPONSE, "401", "429")
"""Statuses that say something of the address, the key or the pace, unless the finding is about them."""


@dataclass(frozen=True)
class Story:
    """What a script tells."""

    title: str
    expected: str
    seen: str
    exchanges: Sequence[Exchange]
    """Those that show the finding."""
    checks: Sequence[Check]


def title_of(requirement: Requirement, operation: str) -> str:
    """What a script is called in its first line."""
    return f"{requirement.id} ({operation}): {requirement.promise}"


@dataclass(frozen=True)
class Surroundings:
    """What is known of the run when a script is written."""

    base_url: str
    token: str
    """Of the run; a script has one of its own in its place."""
    history: History
    redactor: Redactor
    command: str = ""
    """Judges one requirement again, whose id is to follow."""
    of_sdk: bool = False
    """Whether an SDK made the requests."""


def script(story: Story, run: Surroundings) -> str:
    """The script. Raises NoScriptError."""
    if run.of_sdk:
        raise NoScriptError("an SDK makes the requests")
    pages, decisive = retraced(decisive_of(story), run.history, story.exchanges)
    needed = needed_for(decisive, story.checks, run.history)
    needed = sorted([*needed, *(given.page for given in pages)], key=lambda step: step.started)
    steps = [*with_external_ids_of_its_own(needed, decisive, story.checks, run.token), decisive]
    story = replace(story, checks=chosen.told(story.checks, needed, decisive))
    if all(check.holds(decisive) for check in story.checks):
        raise NoScriptError("it shows in a value of the target that no response to the script tells apart")
    substitutions = Substitutions(run.token)
    lines: list[str] = []
    for step in steps:
        if step is decisive and any(check.kind is Kind.LATER for check in story.checks):
            lines.append("sleep 2  # a clock may show whole seconds")
        lines += _request(step, run, substitutions)
        if step is not decisive and step.method != "GET" and _is_success(step) and not breaks_a_rule(step):
            lines.append("must_be 2")
        lines += _captured(step, decisive, substitutions)
        lines += chosen.kept(step, decisive, story.checks, substitutions)
        lines += cursors.kept(step, pages, substitutions)
    story = replace(
        story, checks=[check for check in story.checks if not _is_of_the_run(check, decisive, substitutions)]
    )
    if all(check.holds(decisive) for check in story.checks):
        raise NoScriptError("it shows on an organization that no request of the script creates")
    lines += _look(story, decisive, substitutions, run.redactor)
    lines += ["no_fault", ""]
    about = [_plain(run.redactor.text(line)) for line in _about(story)]
    added = [words(f"{name}: {value}", substitutions) for name, value in decisive.headers.items() if _is_added(value)]
    return beginning(about, lines, added) + "\n".join(lines)


def _is_of_the_run(check: Check, decisive: Exchange, substitutions: Substitutions) -> bool:
    """Whether a text that is looked for holds an id that only the run has seen."""
    parts = [part for text in check.texts for part in substitutions.parts(text)]
    literal = "\n".join(part for part, is_variable in parts if not is_variable)
    return any(identifier not in decisive.url for identifier in AN_ID.findall(literal))


def _about(story: Story) -> list[str]:
    return [story.title, f"Expected {story.expected}; seen {story.seen}."]


def _is_added(value: str) -> bool:
    """Whether it is the value of a header that --header gave."""
    return value != BEARER and bool(PLACEHOLDERS.fullmatch(value))


def decisive_of(story: Story) -> Exchange:
    """The last exchange whose response fails the checks. Raises NoScriptError when none does.

    Where a refusal should have come, it is one that breaks a rule, if there is one: others may have tidied up.
    """
    if not story.checks:
        raise NoScriptError("no status, header or piece of JSON of one response shows it")
    failing = [each for each in story.exchanges if not all(check.holds(each) for check in story.checks)]
    if not failing:
        raise NoScriptError("it does not show in any one response")
    broken = list(filter(breaks_a_rule, failing)) if is_to_be_refused(story.checks) else []
    return (broken or failing)[-1]


def _request(step: Exchange, run: Surroundings, substitutions: Substitutions) -> Iterator[str]:
    """The lines that send one request."""
    if not step.url.startswith(run.base_url):
        raise NoScriptError("the request goes to another address")
    path = run.redactor.text(step.url[len(run.base_url) :])
    line = ["request", step.method, words(path, substitutions)]
    if step.response is None and step.fault:  # a response that cannot be decoded is none
        line += ["--compressed", "--header", "'accept-encoding: identity'"]
    for name, value in step.headers.items():
        own = f"{run.token}-" * (name == "idempotency-key")  # a target remembers the keys of the run
        line += ["--header", words(f"{name}: {own}{run.redactor.text(value)}", substitutions)]
    body = run.redactor.bytes(step.body)
    sent = substitutions.printed(body) if body and not _is_readable(body) else ""
    if sent:
        yield f'printf {sent} > "$sent"'
        line += ["--data-binary", '@"$sent"']
    elif body:
        line += ["--data-raw", words(body.decode(), substitutions)]
    yield " ".join(line)


def _is_readable(body: bytes) -> bool:
    """Whether the body can stand in a script as it is."""
    try:
        return body.decode().isprintable() and not body.startswith(b"@")
    except UnicodeDecodeError:
        return False


def _captured(step: Exchange, decisive: Exchange, substitutions: Substitutions) -> Iterator[str]:
    """The line that keeps the id of what a create made, for later requests and for the removal.

    Also where none was made: a correct target may make one.
    """
    if step.operation != "create":
        return
    identifier = step.response.object.get("id") if step.response else None
    if isinstance(identifier, str) and identifier:
        name = substitutions.captured(identifier)
        yield f"{name}=$(keep_id)"
        if breaks_a_rule(step) and step is not decisive:
            yield f'[ -n "${name}" ] || no_fault  # a correct target refuses it'
    else:
        yield 'keep_id > "$folder/id"'


def _look(story: Story, decisive: Exchange, substitutions: Substitutions, redactor: Redactor) -> Iterator[str]:
    """The lines that decide. What a request that breaks a rule brought to light is not there where it is refused."""
    yield "\n# What decides."
    if untold := [status for status in UNTOLD if not _is_expected(status, decisive, story.checks)]:
        yield f"case $status in {'|'.join(untold)}) cannot_tell ;; esac"
    if not any(check.kind is Kind.STATUS for check in story.checks):
        if breaks_a_rule(decisive) and decisive.status is not None and decisive.status < 300:
            yield "case $status in 4??) no_fault ;; esac"
        elif all(check.kind is Kind.LACKS for check in story.checks) and (decisive.status or 0) >= 300:
            yield "case $status in 2??) no_fault ;; esac"
        elif (decisive.status or 0) >= 400:  # what is wrong with one refusal, another one cannot show
            yield f"case $status in {decisive.status}) ;; 4??) no_fault ;; esac"
        if (decisive.status or 0) < 400 or not _is_asked_for(decisive, story.checks):
            yield f"must_be {str(decisive.status)[:1]}"
    for check in story.checks:
        yield _tested(check, [redactor.text(text) for text in check.texts], substitutions)


def _is_success(step: Exchange) -> bool:
    return step.status is not None and step.status < 300


def _is_asked_for(decisive: Exchange, checks: Sequence[Check]) -> bool:
    """Whether what is looked for is what the request asks for, so that a response shows it which is no refusal."""
    return all(check.kind is Kind.HAS and says(decisive, check.texts) for check in checks)


def _tested(check: Check, texts: Sequence[str], substitutions: Substitutions) -> str:
    """The line that holds one check."""
    forms = " ".join(words(text, substitutions) for text in texts)
    if check.kind is Kind.STATUS:
        return f'case $status in {"|".join(texts)}) ;; *) fault "status $status" ;; esac'
    if check.kind is Kind.LACKS:
        return f"body_has {forms} && fault {words(texts[0], substitutions)}"
    if check.kind is Kind.LACKS_FORM:
        return f"form_in_body {forms} && fault {shlex.quote(texts[0].replace('[0-9]', '0'))}"
    complaint = COMPLAINTS[check.kind].format(texts[0] or "the body", texts[-1])
    return f"{FUNCTIONS[check.kind]} {forms} || fault {words(complaint, substitutions)}"


def _is_expected(status: str, decisive: Exchange, checks: Sequence[Check]) -> bool:
    """Whether the finding is about this status; without the key as it should be, it may be about a refusal of it."""
    if status == "401" and decisive.headers.get("authorization") != BEARER:
        return True
    seen = str(decisive.status or NO_RESPONSE)
    return status == seen or any(check.kind is Kind.STATUS and status in check.texts for check in checks)


def _plain(text: str) -> str:
    """The text as one line of a comment."""
    line = " ".join(text.split())
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)


AN_ID = re.compile(r"org_[0-9A-Z]{26}")
FUNCTIONS = {
    Kind.HEADER: "has_header",
    Kind.HEADER_VALUE: "header_begins",
    Kind.BEGINS: "body_begins",
    Kind.HAS: "body_has",
    Kind.ORDER: "in_order",
    Kind.AT_MOST: "at_most",
    Kind.FIELD_IS: "field_is",
    Kind.EACH_HAS: "each_has",
    Kind.ALL_DIFFER: "all_differ",
    Kind.LATER: "later",
}
"""The functions of the shell that tell."""
COMPLAINTS = {
    Kind.HEADER: "no header {}",
    Kind.HEADER_VALUE: "the header {} is not {}",
    Kind.BEGINS: "the body does not begin with {}",
    Kind.HAS: "no {}",
    Kind.ORDER: "another order than {}, ..., {}",
    Kind.AT_MOST: "more than {} organizations on the page",
    Kind.FIELD_IS: "{} is not {}",
    Kind.EACH_HAS: "something in {} has no {}",
    Kind.ALL_DIFFER: "the same value twice in {}",
    Kind.LATER: "{} is not later than {}",
}
"""What a script says where one of them does not hold; of the texts of a check, the first and the last."""
