"""The place in a scenario where a test failed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from conformance.harness.evidence.scene import ATTEMPTS, statement_at

ASSERTION = "def test_it():\n    assert one == two\n"


@pytest.mark.parametrize(
    ("failures", "statement"),
    [
        pytest.param(1, "one == two", id="once"),
        pytest.param(ATTEMPTS, "", id="always"),
    ],
)
def test_a_parser_that_fails_by_itself_ends_no_run(
    failures: int, statement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, parse = [SystemError("AST constructor recursion depth mismatch")] * failures, ast.parse

    def flaky(source: str) -> ast.Module:
        if left:
            raise left.pop()
        return parse(source)

    path = tmp_path / "test_it.py"
    path.write_text(ASSERTION, encoding="utf-8")
    monkeypatch.setattr("conformance.harness.evidence.scene.ast.parse", flaky)
    assert statement_at(path, 2)[0] == statement
