"""The lines of a script that send requests, and keep what it creates."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scripts.ground.needs import NoScriptError
from conformance.harness.evidence.scripts.shell import WRONG_KEYS, Substitutions, words
from conformance.harness.evidence.steps import breaks_a_rule
from conformance.harness.wire.exchange import Exchange

LONGEST_LINE = 110


def sent_before(step: Exchange, redactor: Redactor, base_url: str, substitutions: Substitutions) -> Iterator[str]:
    """The lines that send a request that comes before the one that decides. Raises NoScriptError.

    Those that follow need what it does, but for what a correct target refuses.
    """
    yield from sent(step, redactor, base_url, substitutions)
    is_wrong = breaks_a_rule(step)
    if step.method != "GET" and not is_wrong and step.status is not None and step.status < 300:
        yield "must_be 2"
    for line in captured(step, substitutions):
        yield line
        name, _, is_kept = line.partition("=")
        if is_wrong and is_kept:
            yield f'[ -n "${name}" ] || no_fault  # a correct target refuses it'


def sent(step: Exchange, redactor: Redactor, base_url: str, substitutions: Substitutions) -> Iterator[str]:
    """The lines that send one request."""
    if not step.url.startswith(base_url):
        raise NoScriptError("the request goes to another address")
    path = redactor.text(step.url[len(base_url) :])
    line = ["request", step.method, words(path, substitutions)]
    if step.response is None and step.fault:  # a response that cannot be decoded is none
        line += ["--compressed", "--header", "'accept-encoding: identity'"]
    for name, value in step.headers.items():
        own = f"{substitutions.token}-" * (name == "idempotency-key")  # a target remembers the keys of the run
        shown = words(f"{name}: {own}{redactor.text(value)}", substitutions)
        line += ["--header", f"'{name}: Bearer '{WRONG_KEYS[value]}" if value in WRONG_KEYS else shown]
    data: list[str] = []
    body = redactor.bytes(step.body)
    printed = substitutions.printed(body) if body and not _is_readable(body) else ""
    if printed:
        yield f'printf {printed} > "$sent"'
        data = ["--data-binary", '@"$sent"']
    elif body:
        data = ["--data-raw", words(body.decode(), substitutions)]
    is_long = bool(data) and len(" ".join([*line, *data])) > LONGEST_LINE
    yield " ".join([*line, *["\\\n       "] * is_long, *data])


def _is_readable(body: bytes) -> bool:
    """Whether the body can stand in a script as it is."""
    try:
        return body.decode().isprintable() and not body.startswith(b"@")
    except UnicodeDecodeError:
        return False


def captured(step: Exchange, substitutions: Substitutions) -> Iterator[str]:
    """The line that keeps the id of what a create made, for later requests and for the removal.

    Also where none was made: a correct target may make one.
    """
    if step.operation != "create":
        return
    identifier = step.response.object.get("id") if step.response else None
    if isinstance(identifier, str) and identifier:
        yield f"{substitutions.captured(identifier)}=$(keep_id)"
    else:
        yield 'keep_id > "$folder/id"'
