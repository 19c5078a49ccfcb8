"""The verdict for GitHub Actions: a job summary in Markdown, annotations, outputs of the step.

    python -m reports.github verdict.json

It writes to the files that the runner names in GITHUB_STEP_SUMMARY and GITHUB_OUTPUT, and
annotations to its standard output.
"""

import argparse
import html
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from reports import terminal
from reports.terminal import Group, groups
from reports.verdict.verdict import Outcome, Result, Status, UnreadableVerdictError, Verdict, read

TITLE = "Conformance to the Organizations API"
COMMANDS = {Status.FINDING: "error", Status.WARNING: "warning"}
"""What is annotated, by the runner's name for how bad it is."""
SIGNS = {Status.FINDING: "❌", Status.WARNING: "⚠️"}
COLUMNS = {
    Status.MET: "MUST met",
    Status.FINDING: "findings",
    Status.WARNING: "warnings",
    Status.BLOCKED: "blocked",
    Status.DEVIATION: "deviations",
}
RESULT_SIGNS = {Result.MET: "✅", Result.FINDINGS: "❌", Result.NO_JUDGEMENT: "⚠️"}

BREAKS_A_LINE = "%\r\n"
BREAKS_A_TITLE = BREAKS_A_LINE + ":,"
MOST_ANNOTATIONS = 10
"""Of each kind; the runner drops what a step says beyond that."""
LONGEST_SUMMARY = 900_000
"""Bytes; the runner refuses a summary of more than 1 MiB."""


def outputs(verdict: Verdict) -> dict[str, str]:
    """The outputs of the step. Findings are counted by requirement."""
    findings = len(groups(verdict, Status.FINDING)) + len(verdict.outdated)
    return {"result": str(verdict.result), "findings": str(findings)}


# ---- annotations


def annotations(verdict: Verdict) -> Iterator[str]:
    """Workflow commands: what keeps the run from a judgement, then findings and warnings, as many as are taken."""
    if verdict.reason:
        yield command("error", str(verdict.result).capitalize(), verdict.reason)
    for error in verdict.suite_errors[:1]:
        yield command("error", "A bug of the suite", error.test)
    for deviation in verdict.outdated:
        yield command("error", f"{deviation.requirement} is met", "Take it off the list of deviations.")
    for status, name in COMMANDS.items():
        for group in groups(verdict, status)[:MOST_ANNOTATIONS]:
            message = "\n".join([group.first.promise, *_sides(group.first)])
            yield command(name, f"{group.first.requirement} ({group.operations})", message)


def command(name: str, title: str, message: str) -> str:
    """A workflow command of one line, whatever the texts hold."""
    return f"::{name} title={_escaped(title, BREAKS_A_TITLE)}::{_escaped(message, BREAKS_A_LINE)}"


def _escaped(text: str, special: str) -> str:
    return "".join(f"%{ord(sign):02X}" if sign in special else sign for sign in text)


# ---- the summary


def summary(verdict: Verdict) -> str:
    """The job summary in Markdown."""
    text = "\n".join([*_headline(verdict), "", *_table(verdict), "", ""])
    sections = ["\n".join([*_section(group), "", ""]) for status in COMMANDS for group in groups(verdict, status)]
    for number, section in enumerate(sections):
        if len((text + section).encode()) > LONGEST_SUMMARY:
            return f"{text}{len(sections) - number} more are in verdict.json.\n"
        text += section
    return text


def _headline(verdict: Verdict) -> Iterator[str]:
    yield f"## {RESULT_SIGNS[verdict.result]} {TITLE}: {verdict.result}"
    yield ""
    yield f"{terminal.result(verdict)} by {_code(str(verdict.subject))}."
    yield ""
    yield (
        f"{verdict.requests} requests, {verdict.created} organizations created, {verdict.removed} removed, "
        f"{verdict.seconds:.1f} s; profile {verdict.profile}, seed {verdict.seed}."
    )
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


def _table(verdict: Verdict) -> Iterator[str]:
    counts = Counter((outcome.operation, outcome.status) for outcome in verdict.outcomes if _counts(outcome))
    yield f"| operation | {' | '.join(COLUMNS.values())} |"
    yield f"|---|{'---:|' * len(COLUMNS)}"
    for operation in dict.fromkeys(outcome.operation for outcome in verdict.outcomes):
        cells = [str(counts[operation, status] or "") for status in COLUMNS]
        yield f"| {operation} | {' | '.join(cells)} |"


def _counts(outcome: Outcome) -> bool:
    return outcome.level == "MUST" or outcome.status is not Status.MET


def _section(group: Group) -> Iterator[str]:
    first = group.first
    title = f"{SIGNS[first.status]} <code>{first.requirement}</code> ({group.operations})"
    yield f"<details><summary>{title}: {html.escape(first.promise)}</summary>"
    yield ""
    yield from _block("diff", [f"{sign} {line}" for sign, line in zip("-+", _sides(first), strict=True)])
    yield from _block("sh", [exchange.curl for exchange in first.evidence.exchanges[-1:]])
    shown_by = f" Shown by {group.tests} tests." if group.tests > 1 else ""
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


def publish(path: Path) -> int:
    """Publishes the verdict in a file, or that there is none; gives the exit code."""
    try:
        verdict = read(path)
    except UnreadableVerdictError as error:
        reason = f"{error}; the log of the run says why"
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
    return publish(parser.parse_args().verdict)


if __name__ == "__main__":
    sys.exit(main())
