"""Which tests a profile and --read-only leave of all that were collected."""

from __future__ import annotations

import re

import pytest

from conformance.harness.plugin.items import requirement_of
from specs.contract import operations
from specs.requirements import catalogue
from specs.suggestion import did_you_mean

WORD = re.compile(r"[\w.-]+")
"""A word of a -k expression."""


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drops what the options leave out, and tells pytest of it.

    What judges existing organizations is no loss without --read-only: other tests ask the same of the
    run's own. So nobody is told of that.
    """
    if config.option.read_only:
        _keep(config, items, [item for item in items if _only_reads(item)])
    else:
        items[:] = [item for item in items if not _is(item, "existing")]
    if config.option.profile == "quick":
        _keep(config, items, _first_of_each(items))


def why_empty(config: pytest.Config) -> str:
    """Why a run with -k has no test, with what may have been meant."""
    expression: str = config.option.keyword
    known = [*catalogue(), *operations()]
    words = [word for word in WORD.findall(expression) if word not in ("and", "or", "not")]
    mistyped = [word for word in words if not any(word.lower() in name for name in known)]
    meant = "".join(did_you_mean(word, known) for word in mistyped[:1])
    return f"-k {expression}: matches no requirement{meant}"


def _keep(config: pytest.Config, items: list[pytest.Item], kept: list[pytest.Item]) -> None:
    chosen = set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = kept


def _first_of_each(items: list[pytest.Item]) -> list[pytest.Item]:
    """One test of each promise at each operation."""
    first: dict[tuple[str, str], pytest.Item] = {}
    for item in items:
        requirement, operation = requirement_of(item)
        first.setdefault((requirement.id, operation), item)
    return list(first.values())


def _only_reads(item: pytest.Item) -> bool:
    _, operation = requirement_of(item)
    return operations()[operation].method == "GET" and (_is(item, "reads") or _is(item, "existing"))


def _is(item: pytest.Item, marker: str) -> bool:
    return item.get_closest_marker(marker) is not None
