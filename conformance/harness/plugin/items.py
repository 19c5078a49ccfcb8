"""Requirements on pytest's items: one item for each requirement and operation, named after it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from specs.requirements import Requirement, catalogue

ITEM = re.compile(r"/(\d+)")
TYPE = re.compile(r" as (array|boolean|integer|object|string)$")


class Items:
    """Puts requirements on items."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Puts the requirement's id into the name of the item."""
        marker = metafunc.definition.get_closest_marker("requirement")
        if marker is not None and "requirement" in metafunc.fixturenames:
            metafunc.parametrize("requirement", [catalogue()[marker.args[0]]], ids=[marker.args[0]])

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Lets -k select an item by its requirement and operation; refuses one without a requirement."""
        requirement, operation = requirement_of(item)
        item.extra_keyword_matches.update({requirement.id, operation})
        item.user_properties.append(("requirement", requirement.id))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Puts last whatever sums up the exchanges."""
        items.sort(key=lambda item: item.get_closest_marker("run_last") is not None)


def observing(item: pytest.Item) -> Callable[[object], None]:
    """Notes on the item what an INFO probe saw."""
    return lambda seen: item.user_properties.append(("observed", str(seen)))


def requirement_of(item: pytest.Item) -> tuple[Requirement, str]:
    """The requirement that an item checks, and the operation at which.

    Raises pytest.UsageError for an item that names none: a check without a promise.
    """
    marker = item.get_closest_marker("requirement")
    if marker is None or marker.args[0] not in catalogue():
        raise pytest.UsageError(f"{item.nodeid}: names no requirement of the catalogue")
    requirement = catalogue()[marker.args[0]]
    parameters: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    operation = parameters.get("operation", requirement.operations[0])
    if operation not in requirement.operations:
        raise pytest.UsageError(f"{item.nodeid}: {requirement.id} says nothing of {operation}")
    return requirement, operation


def rule_broken_by(item: pytest.Item) -> str:
    """Which rule the requests of an item break, and where; empty for an item that keeps the rules."""
    parameters: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    label = str(getattr(parameters.get("violation"), "label", ""))
    in_place = ITEM.sub(r"[\1]", label).replace("/", ".")
    return TYPE.sub(lambda named: f" as {'an' if named[1][0] in 'aio' else 'a'} {named[1]}", in_place)
