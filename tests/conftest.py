"""A share of the planted faults, for those who cannot wait for all of them."""

from __future__ import annotations

import pytest

SHARED = (
    "test_a_mutant_is_noticed",
    "test_a_lie_is_found",
    "test_a_blind_fault_is_noticed",
    "test_a_blind_control_is_no_finding",
    "test_what_is_planted_shows_where_it_is_planted_alone",
    "test_a_control_crashes_at_no_body",
    "test_a_planted_release_differs_as_it_says",
    "test_a_planted_release_is_noticed",
    "test_a_peculiar_release_passes",
)
"""The tests of which `--every` takes a share."""
CONTROL = "test_a_control_is_no_finding"
"""There are few of these controls, and each is of another kind: of them it takes ten times the share."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every", type=int, default=1, metavar="N", help="try every Nth planted fault only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out: set[pytest.Item] = set()
    every = config.getoption("--every")
    shares = dict.fromkeys(SHARED, every) | {CONTROL: max(1, every // 10)}
    for name, share in shares.items():
        planted = [item for item in items if getattr(item, "originalname", "") == name]
        left_out |= {*planted} - {*planted[::share]}
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]
