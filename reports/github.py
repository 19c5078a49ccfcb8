"""The verdict for GitHub Actions: a job summary in Markdown, annotations, outputs of the step.

    python -m reports.github verdict.json

It writes to the files that the runner names in GITHUB_STEP_SUMMARY and GITHUB_OUTPUT, and
annotations to its standard output.
"""

import argparse
import html
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from reports.summary import Entry, Summary
from reports.verdict.verdict import Outcome, Result, Status, UnreadableVerdictError, Verdict, read

TITLE = "Conformance to the Organizations API"
COMMANDS = {Status.FINDING: "error", Status.WARNING: "warning"}
"""What is annotated, by the runner's name for how bad it is."""
SIGNS = {Status.FINDING: "❌", Status.WARNING: "⚠️"}
RESULT_SIGNS = {Result.MET: "✅", Result.FINDINGS: "❌", Result.NO_JUDGEMENT: "⚠️"}

BREAKS_A_LINE = "%\r\n"
BREAKS_A_TITLE = BREAKS_A_LINE + ":,"
MOST_ANNOTATIONS = 10
"""Of each kind; the runner drops what a step says beyond that, so the last one says how many more there are."""
LONGEST_SUMMARY = 900_000
"""Bytes; the runner refuses a summary of more than 1 MiB."""


def outputs(verdict: Verdict) -> dict[str, str]:
    """The outputs of the step. Findings are counted by requirement."""
    return {"result": str(verdict.result), "findings": str(Summary(verdict).findings)}


# ---- annotations


def annotations(verdict: Verdict) -> Iterator[str]:
    """Workflow commands: what keeps the run from a judgement, findings and warnings, as many as the runner shows."""
    summary = Summary(verdict)
    yield from _bounded("error", [*_errors(verdict), *_annotated(summary, Status.FINDING)])
    yield from _bounded("warning", list(_annotated(summary, Status.WARNING)))


def _errors(verdict: Verdict) -> Iterator[str]:
    if verdict.reason:
        yield command("error", str(verdict.result).capitalize(), verdict.reason)
    for error in verdict.suite_errors[:1]:
        yield command("error", "A bug of the suite", error.test)
    for deviation in verdict.outdated:
        yield command("error", f"{deviation.requirement} is met", "Take it off the list of deviations.")


def _annotated(summary: Summary, status: Status) -> Iterator[str]:
    """The requirements of a status, those of the worst group first."""
    for _, entries in summary.groups(status):
        for entry in entries:
            message = "\n".join([entry.first.promise, *_sides(entry.first)])
            yield command(COMMANDS[status], f"{entry.id} ({entry.operations})", message)


def _bounded(name: str, commands: list[str]) -> list[str]:
    if len(commands) <= MOST_ANNOTATIONS:
        return commands
    kept = commands[: MOST_ANNOTATIONS - 1]
    more = f"{len(commands) - len(kept)} more {name}s are in the job summary."
    return [*kept, command(name, "More than the runner shows", more)]


def command(name: str, title: str, message: str) -> str:
    """A workflow command of one line, whatever the texts hold."""
    return f"::{name} title={_escaped(title, BREAKS_A_TITLE)}::{_escaped(message, BREAKS_A_LINE)}"


def _escaped(text: str, special: str) -> str:
    return "".join(f"%{ord(sign):02X}" if sign in special else sign for sign in text)


# ---- the summary


def summary(verdict: Verdict) -> str:
    """The job summary in Markdown."""
    made = Summary(verdict)
    text = "\n".join([*_headline(made), "", *_table(made), *_blocked(made), *_accepted(made), "", ""])
    entries = [entry for status in COMMANDS for _, members in made.groups(status) for entry in members]
    sections = ["\n".join([*_section(entry), "", ""]) for entry in entries]
    for number, section in enumerate(sections):
        if len((text + section).encode()) > LONGEST_SUMMARY:
            return f"{text}{len(sections) - number} more are in verdict.json.\n"
        text += section
    return text


def _headline(made: Summary) -> Iterator[str]:
    verdict = made.verdict
    yield f"## {RESULT_SIGNS[verdict.result]} {TITLE}: {verdict.result}"
    yield ""
    yield f"{made.line}: {_code(str(verdict.subject))}."
    yield ""
    yield (
        f"{verdict.requests} requests, {verdict.created} organizations created, {verdict.removed} removed, "
        f"{verdict.seconds:.1f} s; profile {verdict.profile}, seed {verdict.seed}."
    )
    if made.is_partial:
        yield "\nPart of the tests was selected: only what they check is counted."
    yield from _remarks(verdict)


def _remarks(verdict: Verdict) -> Iterator[str]:
    if verdict.reason:
        yield f"\n{str(verdict.result).capitalize()}: {_text(verdict.reason)}"
    if not verdict.complete:
        yield "\nThe run was interrupted: nothing is said of the tests that were left."
    if verdict.left:
        yield f"\nNot removed: {', '.join(map(_code, verdict.left))}"
    for error in verdict.suite_errors:
        yield f"\nA bug of the suite, which says nothing of the target: {_code(error.test)}"
    for deviation in verdict.outdated:
        yield f"\n{_code(deviation.requirement)} is met: take it off the list of deviations."


def _table(made: Summary) -> Iterator[str]:
    """The findings by group, the worst first."""
    groups = made.groups(Status.FINDING)
    if groups:
        yield "| group | findings | of | requirements |"
        yield "|---|---:|---:|---|"
    for title, entries in groups:
        names = ", ".join(_code(entry.id) for entry in entries)
        yield f"| {title} | {len(entries)} | {made.judged_in(title)} | {names} |"


def _blocked(made: Summary) -> Iterator[str]:
    """What could not be judged, under the findings because of which."""
    causes = made.blocked()
    if causes:
        yield "\n### Blocked"
        yield "\nNothing can be said of these until the finding named first is gone.\n"
    for cause, names in causes.items():
        yield f"- {_text(cause)}: {', '.join(map(_code, names))}"


def _accepted(made: Summary) -> Iterator[str]:
    """The deviations that were met, with their reasons and dates."""
    entries = made.of(Status.DEVIATION)
    if entries:
        yield "\n### Accepted deviations\n"
    for entry in entries:
        yield f"- {_code(entry.id)} ({entry.operations}): {_text(entry.first.note)}"


def _section(entry: Entry) -> Iterator[str]:
    first = entry.first
    title = f"{SIGNS[first.status]} <code>{first.requirement}</code> ({entry.operations})"
    yield f"<details><summary>{title}: {html.escape(first.promise)}</summary>"
    yield ""
    yield from _block("diff", [f"{sign} {line}" for sign, line in zip("-+", _sides(first), strict=True)])
    yield from _block("sh", first.evidence.script.splitlines() or first.evidence.again)
    shown_by = f" Shown by {entry.tests} tests." if entry.tests > 1 else ""
    yield f"Source: {_text('; '.join(first.sources))}.{shown_by}"
    yield ""
    yield "</details>"


def _block(language: str, lines: list[str]) -> Iterator[str]:
    """A fenced block that nothing in the lines can end."""
    text = "\n".join(lines)
    fence = "```"
    while fence in text:
        fence += "`"
    if text:
        yield from (f"{fence}{language}", text, fence, "")


def _sides(outcome: Outcome) -> list[str]:
    return [f"expected {outcome.evidence.expected}", f"seen {outcome.evidence.seen}"]


def _text(text: str) -> str:
    """Plain text in Markdown."""
    marked = "".join(f"\\{sign}" if sign in "\\`*_[]|#" else sign for sign in html.escape(text, quote=False))
    return " ".join(marked.split())


def _code(text: str) -> str:
    return f"`{text.replace('`', ' ')}`"


# ---- the program


def publish(path: Path, reason: str = "") -> int:
    """Publishes the verdict in a file, or that there is none and for which reason; gives the exit code."""
    try:
        verdict = read(path)
    except UnreadableVerdictError as error:
        reason = reason or f"{error}; the log of the run says why"
        print(command("error", "No judgement", reason))
        result = Result.NO_JUDGEMENT
        _append("GITHUB_STEP_SUMMARY", f"## {RESULT_SIGNS[result]} {TITLE}: {result}\n\n{_text(reason)}\n")
        _append("GITHUB_OUTPUT", f"result={result}\nfindings=0\n")
        return 2
    for annotation in annotations(verdict):
        print(annotation)
    _append("GITHUB_STEP_SUMMARY", summary(verdict))
    _append("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in outputs(verdict).items()))
    return 0


def _append(variable: str, text: str) -> None:
    """Appends to the file that the runner names; outside of a runner to nothing."""
    if os.environ.get(variable):
        with Path(os.environ[variable]).open("a", encoding="utf-8") as file:
            file.write(text)


def main() -> int:
    """Runs the program; gives its exit code."""
    parser = argparse.ArgumentParser(prog="python -m reports.github", description="Publishes a verdict on GitHub.")
    parser.add_argument("verdict", type=Path)
    parser.add_argument("--reason", default="", help="why there is no verdict, where that is known")
    options = parser.parse_args()
    return publish(options.verdict, options.reason)


if __name__ == "__main__":
    sys.exit(main())
