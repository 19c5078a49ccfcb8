"""A finding as a shell script that shows it again: it creates what the request needs, sends it, looks, and removes.

The script needs sh, curl, $BASE_URL and $WORKOS_API_KEY. It exits 1 when the fault shows, 0 when it does not,
and 2 when that cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scripts.shell import Substitutions, words
from conformance.harness.evidence.steps import breaks_a_rule, preparation
from conformance.harness.judges.checks import NO_RESPONSE, Check, Kind
from conformance.harness.judges.shape import organizations_in
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.history import History
from specs.requirements import Requirement

MOST_ORGANIZATIONS = 8
UNTOLD = (NO_RESPONSE, "401", "429")
"""Statuses that say something of the address, the key or the pace, unless the finding is about them."""
IDS = re.compile(r'[{,]\s*"id"\s*:\s*"([^"]*)"')
"""The ids in a body, as the scripts find them."""


class NoScriptError(Exception):
    """No script can show the finding; the text says why."""


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


def script(story: Story, run: Surroundings) -> str:
    """The script. Raises NoScriptError."""
    decisive = decisive_of(story)
    steps = [*preparation(_named(decisive, story.checks, run.history)), decisive]
    if any(one.started + one.seconds > other.started for one, other in pairwise(steps)):
        raise NoScriptError("it shows only while requests are under way at the same time")
    substitutions = Substitutions(run.token)
    lines: list[str] = []
    for step in steps:
        lines += _request(step, run, substitutions)
        if step is not decisive:
            lines.append("must_be 2")
        lines += _captured(step, substitutions)
    lines += _look(story, decisive, substitutions, run.redactor)
    head = [story.title, f"Expected {story.expected}; seen {story.seen}."]
    return (
        HEAD.format(about="\n".join(f"# {_plain(run.redactor.text(line))}" for line in head)) + "\n".join(lines) + TAIL
    )


def decisive_of(story: Story) -> Exchange:
    """The last exchange whose response fails the checks. Raises NoScriptError when none does."""
    if not story.checks:
        raise NoScriptError("no check of a status, a header or a piece of JSON tells it")
    for exchange in reversed(story.exchanges):
        if not all(check.holds(exchange) for check in story.checks):
            return exchange
    raise NoScriptError("it does not show in any one response")


def _named(decisive: Exchange, checks: Sequence[Check], history: History) -> dict[str, list[Exchange]]:
    """The organizations that the request names, with what was written to them."""
    before = history.before(decisive)
    if len(before) > MOST_ORGANIZATIONS:
        raise NoScriptError(f"the request concerns {len(before)} organizations")
    writes = [write for made in before.values() for write in made]
    if not breaks_a_rule(decisive) and any(map(breaks_a_rule, writes)):
        raise NoScriptError("it shows on an organization that was made or changed by what should have been refused")
    by_status = any(check.kind is Kind.STATUS for check in checks)
    if decisive.operation == "list" and not before and not by_status and organizations_in(_json(decisive)):
        raise NoScriptError("it shows in a list, on an organization that the request does not name")
    return before


def _json(exchange: Exchange) -> object:
    return exchange.response.object if exchange.response else {}


def _request(step: Exchange, run: Surroundings, substitutions: Substitutions) -> Iterator[str]:
    """The lines that send one request."""
    if not step.url.startswith(run.base_url):
        raise NoScriptError("the request goes elsewhere")
    path = run.redactor.text(step.url[len(run.base_url) :])
    line = ["request", step.method, words(path, substitutions)]
    for name, value in step.headers.items():
        line += ["--header", words(f"{name}: {run.redactor.text(value)}", substitutions)]
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


def _captured(step: Exchange, substitutions: Substitutions) -> Iterator[str]:
    """The line that keeps the id of what a create made, for later requests and for the removal."""
    if step.operation != "create" or step.response is None:
        return
    identifier = step.response.object.get("id")
    place = _place(step, identifier)
    if not isinstance(identifier, str) or not place:
        if step.status is not None and step.status < 300:
            raise NoScriptError("a response shows no id by which to remove what was created")
        return
    name = substitutions.captured(identifier)
    yield f"{name}=$(keep_id {place})"


def _place(step: Exchange, identifier: object) -> int:
    """Which of the ids in the response is that of the organization, from 1; 0 for none."""
    assert step.response is not None
    found = IDS.findall(step.response.body.decode("utf-8", "replace"))
    return found.index(identifier) + 1 if identifier in found else 0


def _look(story: Story, decisive: Exchange, substitutions: Substitutions, redactor: Redactor) -> Iterator[str]:
    """The lines that decide. What a request that breaks a rule brought to light is not there where it is refused."""
    yield "\n# What decides."
    if untold := [status for status in UNTOLD if not _is_expected(status, decisive, story.checks)]:
        yield f"case $status in {'|'.join(untold)}) cannot_tell ;; esac"
    if not any(check.kind is Kind.STATUS for check in story.checks):
        if breaks_a_rule(decisive) and decisive.status is not None and decisive.status < 300:
            yield "case $status in 4??) no_fault ;; esac"
        yield f"must_be {str(decisive.status)[:1]}"
    for check in story.checks:
        texts = [redactor.text(text) for text in check.texts]
        if check.kind is Kind.STATUS:
            yield f'case $status in {"|".join(texts)}) ;; *) fault "status $status" ;; esac'
        elif check.kind is Kind.HEADER:
            yield f"has_header {texts[0]} || fault {words(f'no header {texts[0]}', substitutions)}"
        else:
            forms = " ".join(words(text, substitutions) for text in texts)
            is_wanted = check.kind is Kind.HAS
            said = words(f"{'no ' * is_wanted}{texts[0]}", substitutions)
            yield f"body_has {forms} {'||' if is_wanted else '&&'} fault {said}"


def _is_expected(status: str, decisive: Exchange, checks: Sequence[Check]) -> bool:
    """Whether the finding is about this status."""
    seen = str(decisive.status or NO_RESPONSE)
    return status == seen or any(check.kind is Kind.STATUS and status in check.texts for check in checks)


def _plain(text: str) -> str:
    """The text as one line of a comment."""
    line = " ".join(text.split())
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)


HEAD = """\
#!/bin/sh
{about}
# Exits 1 when the fault shows, 0 when it does not, 2 when that cannot be told.
# Needs sh, curl, $BASE_URL and $WORKOS_API_KEY; removes what it creates.
set -u
if [ -z "${{BASE_URL:-}}" ] || [ -z "${{WORKOS_API_KEY:-}}" ]; then
    echo "set BASE_URL and WORKOS_API_KEY" >&2
    exit 2
fi
token=$(od -An -N5 -tx1 /dev/urandom | tr -d ' \\n' | tr 0-9 g-p)
folder=$(mktemp -d) || exit 2
head=$folder/head body=$folder/body sent=$folder/sent
trap remove EXIT
trap 'exit 2' HUP INT TERM

# request METHOD PATH [option of curl]...: sends it; sets $status, 000 without a response.
request() {{
    method=$1 path=$2
    shift 2
    status=$(curl --silent --globoff --path-as-is --max-time 60 --request "$method" --dump-header "$head" \\
        --output "$body" --write-out '%{{http_code}}' "$BASE_URL$path" "$@") || status=000
    echo "$method $path -> $status"
}}

# must_be DIGIT: the status begins with it, or nothing can be told.
must_be() {{
    case $status in "$1"??) ;; *) cannot_tell ;; esac
}}

cannot_tell() {{
    echo "cannot tell: status $status" >&2
    exit 2
}}

# keep_id N: prints the id in the N-th place of a response that succeeded, and notes it for the removal.
keep_id() {{
    case $status in 2??) ;; *) return ;; esac
    tr -d '\\n\\r' < "$body" | tr '{{,' '\\n\\n' | sed -n 's/^ *"id" *: *"\\([^"]*\\)".*/\\1/p' | sed -n "$1p" |
        tee -a "$folder/created"
}}

remove() {{
    [ ! -f "$folder/created" ] || while read -r id; do
        curl --silent --output "$folder/removed" --request DELETE "$BASE_URL/organizations/$id" \\
            --header "authorization: Bearer $WORKOS_API_KEY"
    done < "$folder/created"
    rm -rf "$folder"
}}

# body_has TEXT...: whether one of the texts is in the body, which is looked at without spaces around : and ,
body_has() {{
    compact=$(tr -d '\\n\\r' < "$body" | sed 's/ *\\([:,]\\) */\\1/g')
    for text in "$@"; do
        case $compact in *"$text"*) return 0 ;; esac
    done
    return 1
}}

has_header() {{
    grep -qi "^$1:" "$head"
}}

fault() {{
    echo "the fault shows: $*"
    exit 1
}}

no_fault() {{
    echo "the fault does not show"
    exit 0
}}

"""
TAIL = "\nno_fault\n"
