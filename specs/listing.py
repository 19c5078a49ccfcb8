"""The catalogue for people: each requirement with its scenarios, and what is checked as a table."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from specs.requirements import Level, Requirement, Subject, catalogue, excluded
from specs.scenarios import Scenario, scenarios
from specs.suggestion import did_you_mean


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the catalogue as the options ask."""
    parser = argparse.ArgumentParser(prog="python -m specs.requirements", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="print these requirements alone")
    parser.add_argument("--markdown", action="store_true", help="print what is checked, by group, as a table")
    options = parser.parse_args(arguments)
    if unknown := [identifier for identifier in options.ids if identifier not in catalogue()]:
        parser.error(f"{unknown[0]} is no requirement{did_you_mean(unknown[0], catalogue())}")
    if options.markdown:
        lines = markdown()
    elif options.ids:
        lines = (line for identifier in options.ids for line in _described(catalogue()[identifier], scenarios()))
    else:
        lines = listing(scenarios())
    print("\n".join(lines))


def listing(checked: Mapping[str, Sequence[Scenario]]) -> Iterator[str]:
    """Each requirement by group: id, level and sentence, its sources, then the scenarios that check it."""
    for title, requirements in _by_group(list(catalogue().values())):
        yield f"{title}\n"
        for known in requirements:
            yield from _described(known, checked)
    yield "Not tested\n"
    for exclusion in excluded():
        yield f"  {exclusion.what}"
        yield f"    {exclusion.reason}"
        yield from (f"    {citation}" for citation in exclusion.citations)
        yield ""


def _described(known: Requirement, checked: Mapping[str, Sequence[Scenario]]) -> Iterator[str]:
    yield f"  {known.id}  {known.level}"
    yield f"    {known.promise}"
    yield from (f"    source: {source}" for source in known.sources)
    places = [f"{scenario} {scenario.name}" for scenario in checked.get(known.id, ())]
    yield from (f"    {place}" for place in places or ["no scenario"])
    yield ""


def markdown(subject: Subject = Subject.SERVER) -> Iterator[str]:
    """What is checked of a subject as a table of Markdown: a row for each group, with its counts by level."""
    yield "| what is checked | | " + " | ".join(Level) + " |"
    yield "|---|---|" + "--:|" * len(Level)
    requirements = list(catalogue(subject).values())
    for title, members in _by_group(requirements):
        yield f"| {title} | {members[0].group.about} | {_counts(members)} |"
    yield f"| **all** | | {_counts(requirements)} |"


def _by_group(requirements: Sequence[Requirement]) -> Iterator[tuple[str, list[Requirement]]]:
    for group, members in groupby(requirements, key=lambda known: known.group):
        yield group.title, list(members)


def _counts(requirements: Sequence[Requirement]) -> str:
    counts = Counter(known.level for known in requirements)
    return " | ".join(str(counts[level] or "") for level in Level)
