"""A finding as a shell script that shows it again: it creates what the request needs, sends it, looks, and removes.

The script needs sh, curl, $BASE_URL and $WORKOS_API_KEY. It exits 1 when the fault shows, 0 when it does not,
and 2 when that cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scripts import chosen, cursors
from conformance.harness.evidence.scripts.cursors import retraced
from conformance.harness.evidence.scripts.ground.again import with_external_ids_of_its_own
from conformance.harness.evidence.scripts.ground.needs import NoScriptError, needed_for
from conformance.harness.evidence.scripts.library import whole
from conformance.harness.evidence.scripts.look import look
from conformance.harness.evidence.scripts.races import at_once
from conformance.harness.evidence.scripts.sending import captured, sent, sent_before
from conformance.harness.evidence.scripts.shell import PLACEHOLDERS, Substitutions, words
from conformance.harness.evidence.steps import BEARER, breaks_a_rule
from conformance.harness.judges.checks import Check, Kind, is_to_be_refused
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.history import History
from specs.requirements import Requirement


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
    needed = needed_for(decisive, story.checks, story.exchanges, run.history)
    steps = sorted([*needed.steps, *(given.page for given in pages)], key=lambda step: step.started)
    checks = chosen.told(story.checks, steps, decisive)
    if all(check.holds(decisive) for check in checks):
        raise NoScriptError("it shows in a value of the target that no response to the script tells apart")
    substitutions = Substitutions(run.token)
    lines: list[str] = []
    for step in with_external_ids_of_its_own(steps, decisive, checks, run.token):
        lines += sent_before(step, run.redactor, run.base_url, substitutions)
        lines += chosen.kept(step, decisive, checks, substitutions)
        lines += cursors.kept(step, pages, substitutions)
    rivals = [line for rival in needed.rivals for line in sent(rival, run.redactor, run.base_url, substitutions)]
    deciding = ["sleep 2  # a clock may show whole seconds"] * any(check.kind is Kind.LATER for check in checks)
    deciding += [*sent(decisive, run.redactor, run.base_url, substitutions), *captured(decisive, substitutions)]
    deciding += ["tell_made"] * _makes_another(decisive, steps)
    checks = [check for check in checks if not _is_of_the_run(check, decisive, substitutions)]
    if all(check.holds(decisive) for check in checks):
        raise NoScriptError("it shows on an organization that no request of the script creates")
    looking = list(look(checks, decisive, substitutions, run.redactor))
    lines += at_once(rivals, deciding, looking, decisive) if rivals else [*deciding, *looking]
    lines.append("no_fault")
    about = [_plain(run.redactor.text(line)) for line in _about(story)]
    added = [words(f"{name}: {value}", substitutions) for name, value in decisive.headers.items() if _is_added(value)]
    return whole(about, lines, added)


def _makes_another(decisive: Exchange, steps: Sequence[Exchange]) -> bool:
    """Whether an update was answered with an organization that no step has made: the update may have made it."""
    known = [step.response.object.get("id") for step in steps if step.operation == "create" and step.response]
    shown = decisive.response.object.get("id") if decisive.response else None
    return decisive.operation == "update" and isinstance(shown, str) and shown not in known


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


def _plain(text: str) -> str:
    """The text as one line of a comment."""
    line = " ".join(text.split())
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)


AN_ID = re.compile(r"org_[0-9A-Z]{26}")
