"""A share of the table, for those who cannot wait for all of it."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every", type=int, default=1, metavar="N", help="try every Nth mutant only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mutants = [item for item in items if getattr(item, "originalname", "") == "test_a_mutant_is_noticed"]
    kept = set(mutants[:: config.getoption("--every")])
    left_out = [item for item in mutants if item not in kept]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
