"""What known implementations come to, as a page of Markdown.

    python -m reports.implementations [NAME=]VERDICT... > docs/implementations.md

Without a name it is the subject of the verdict, such as an SDK with its version.
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

What the suite says of implementations that anybody can start: an emulator, and released SDKs. Each row is a run of the
default profile; a finding says that the implementation and the documentation differ, not which of the two its users
should wish for. [`docs/sdks.md`](sdks.md) looks closer at what is said of the SDKs.

Made by these commands, the first two in the folder of the checkout, while `npx workos emulate --port 4100` runs:

    WORKOS_API_KEY=sk_test_default pytest conformance --base-url http://localhost:4100 --output reports/out/emulator
    python -m sdks --output reports/out/sdks
    python -m reports.implementations "npm workos 0.14.0, workos emulate=reports/out/emulator/verdict.json" \\
        reports/out/sdks/*/verdict.json > docs/implementations.md
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
    parser = argparse.ArgumentParser(
        prog="python -m reports.implementations",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("verdicts", nargs="+", metavar="[NAME=]VERDICT")
    given = [item.rpartition("=") for item in parser.parse_args(arguments).verdicts]
    try:
        read_ones = [(name, read(Path(path))) for name, _, path in given]
        print(page({name or verdict.subject.title: verdict for name, verdict in read_ones}), end="")
    except UnreadableVerdictError as error:
        print(f"implementations: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
