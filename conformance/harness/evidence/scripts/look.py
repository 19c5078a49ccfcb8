"""The lines of a script that decide."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scripts.shell import Substitutions, words
from conformance.harness.evidence.steps import BEARER, breaks_a_rule
from conformance.harness.judges.checks import NO_RESPONSE, Check, Kind, counts_successes
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.history import says

UNTOLD = (NO_RESPONSE, "401", "429")
"""Statuses that say something of the address, the key or the pace, unless the finding is about them."""


def look(
    checks: Sequence[Check], decisive: Exchange, substitutions: Substitutions, redactor: Redactor
) -> Iterator[str]:
    """The lines that decide."""
    yield ""
    yield "# The check."
    yield from _unless_told_by_status(checks, decisive)
    for check in checks:
        yield _tested(check, [redactor.text(text) for text in check.texts], substitutions)


def _unless_told_by_status(checks: Sequence[Check], decisive: Exchange) -> Iterator[str]:
    """The lines that end the script where the status tells, or where nothing can be told.

    What a request that breaks a rule brought to light is not there where it is refused.
    """
    if any(map(counts_successes, checks)):
        return
    if untold := [status for status in UNTOLD if not _is_expected(status, decisive, checks)]:
        yield f"case $status in {'|'.join(untold)}) cannot_tell ;; esac"
    if not any(check.kind is Kind.STATUS for check in checks):
        if breaks_a_rule(decisive) and decisive.status is not None and decisive.status < 300:
            yield "case $status in 4??) no_fault ;; esac"
        elif all(check.kind is Kind.LACKS for check in checks) and (decisive.status or 0) >= 300:
            yield "case $status in 2??) no_fault ;; esac"
        elif (decisive.status or 0) >= 400:  # what is wrong with one refusal, another one cannot show
            yield f"case $status in {decisive.status}) ;; 4??) no_fault ;; esac"
        if (decisive.status or 0) < 400 or not _is_asked_for(decisive, checks):
            yield f"must_be {str(decisive.status)[:1]}"


def _is_asked_for(decisive: Exchange, checks: Sequence[Check]) -> bool:
    """Whether what is looked for is what the request asks for, so that a response shows it which is no refusal."""
    return all(check.kind is Kind.HAS and says(decisive, check.texts) for check in checks)


def _tested(check: Check, texts: Sequence[str], substitutions: Substitutions) -> str:
    """The line that holds one check."""
    forms = " ".join(words(text, substitutions) for text in texts)
    if check.kind is Kind.STATUS:
        return f'case $status in {"|".join(texts)}) ;; *) fault "status $status" ;; esac'
    if check.kind is Kind.LACKS:
        return f"body_has {forms} && fault {words(f'the response has {texts[0]}', substitutions)}"
    if check.kind is Kind.LACKS_FORM:
        example = texts[0].replace("[0-9]", "0")
        return f"form_in_body {forms} && fault {shlex.quote(f'the response has something like {example}')}"
    complaint = COMPLAINTS[check.kind].format(texts[0] or "the body", texts[-1])
    return f"{FUNCTIONS[check.kind]} {forms} || fault {words(complaint, substitutions)}"


def _is_expected(status: str, decisive: Exchange, checks: Sequence[Check]) -> bool:
    """Whether the finding is about this status; without the key as it should be, it may be about a refusal of it."""
    if status == "401" and decisive.headers.get("authorization") != BEARER:
        return True
    seen = str(decisive.status or NO_RESPONSE)
    return status == seen or any(check.kind is Kind.STATUS and status in check.texts for check in checks)


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
    Kind.SUCCESSES: "successes",
}
"""The functions of the shell that tell."""
COMPLAINTS = {
    Kind.HEADER: "the response has no header {}",
    Kind.HEADER_VALUE: "the header {} is not {}",
    Kind.BEGINS: "the body does not begin with {}",
    Kind.HAS: "the response has no {}",
    Kind.ORDER: "the organizations are in another order than {}, ..., {}",
    Kind.AT_MOST: "there are more than {} organizations on the page",
    Kind.FIELD_IS: "{} is not {}",
    Kind.EACH_HAS: "something in {} has no {}",
    Kind.ALL_DIFFER: "the same value is twice in {}",
    Kind.LATER: "{} is not later than {}",
    Kind.SUCCESSES: "more than {} of them succeeded",
}
"""What a script says where one of them does not hold; of the texts of a check, the first and the last."""
