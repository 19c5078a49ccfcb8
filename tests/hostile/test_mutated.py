"""Many runs at targets that mix wrong values into what they answer; `make test` has a few of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.test_mutated import check_a_run


@pytest.mark.parametrize("seed", range(100, 130))
def test_wrong_values_are_no_errors_of_the_suite(tmp_path: Path, seed: int) -> None:
    check_a_run(tmp_path, seed, "--profile", "quick" if seed % 3 else "default", "-n", "2" if seed % 5 == 0 else "0")


@pytest.mark.parametrize("seed", range(130, 135))
def test_wrong_values_where_one_may_only_read(tmp_path: Path, seed: int) -> None:
    check_a_run(tmp_path, seed, "--read-only")
