"""What known implementations come to, as a page of Markdown.

python -m reports.implementations NAME=VERDICT... > docs/implementations.md
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from reports.summary import Summary
from reports.verdict.verdict import Status, UnreadableVerdictError, Verdict, read

ABOUT = """\
# Implementations

What the suite says of implementations that anybody can start. Each row is a run of the default profile; a finding
says that the implementation and the documentation differ, not which of the two its users should wish for.
Made by `python -m reports.implementations`.
"""


def page(verdicts: dict[str, Verdict]) -> str:
    """The page; `verdicts` by what the implementation is called."""
    return "\n".join([ABOUT, *_table(verdicts), *_details(verdicts)]) + "\n"


def _table(verdicts: dict[str, Verdict]) -> Iterator[str]:
    yield "| implementation | day | suite | contract | result | MUST met | findings | warnings | blocked |"
    yield "|---|---|---|---|---|--:|--:|--:|--:|"
    for name, verdict in verdicts.items():
        made = Summary(verdict)
        counts = [made.findings, len(made.of(Status.WARNING)), len(made.of(Status.BLOCKED))]
        facts = [name, verdict.started[:10], verdict.suite_version, verdict.contract_version, verdict.result]
        yield f"| {' | '.join(map(str, [*facts, f'{made.must_met} of {len(made.must)}', *counts]))} |"


def _details(verdicts: dict[str, Verdict]) -> Iterator[str]:
    """The findings of each, by group."""
    for name, verdict in verdicts.items():
        groups = Summary(verdict).groups(Status.FINDING)
        if groups:
            yield f"\n## {name}\n"
        for title, entries in groups:
            yield f"- {title}: {', '.join(f'`{entry.id}`' for entry in entries)}"


def main(arguments: Sequence[str]) -> int:
    """Prints the page; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m reports.implementations", description=__doc__)
    parser.add_argument("verdicts", nargs="+", metavar="NAME=VERDICT")
    given = dict(item.rpartition("=")[::2] for item in parser.parse_args(arguments).verdicts)
    try:
        print(page({name: read(Path(path)) for name, path in given.items()}), end="")
    except UnreadableVerdictError as error:
        print(f"implementations: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
