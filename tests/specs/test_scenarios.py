"""Where requirements are checked: a real collection of the suite, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from specs.contract import SPECS
from specs.listing import listing, main, markdown
from specs.requirements import Subject, catalogue
from specs.scenarios import Scenario, UncollectedError, scenarios


@pytest.fixture(scope="module")
def checked() -> Mapping[str, Sequence[Scenario]]:
    return scenarios()


def test_every_requirement_has_a_scenario(checked: Mapping[str, Sequence[Scenario]]) -> None:
    without = [f"{name} ({known.level})" for name, known in catalogue().items() if name not in checked]
    assert not without, "\n".join([f"{len(without)} requirements without a scenario:", *without])


def test_every_scenario_names_a_requirement(checked: Mapping[str, Sequence[Scenario]]) -> None:
    assert checked
    assert checked.keys() - catalogue().keys() == set()


def test_a_scenario_is_where_it_is_said_to_be(checked: Mapping[str, Sequence[Scenario]]) -> None:
    for places in checked.values():
        for scenario in places:
            text = (SPECS.parent / scenario.file).read_text(encoding="utf-8")
            below = "\n".join(text.splitlines()[scenario.line - 1 :])
            assert below.startswith(("@", "def ")), scenario
            assert below.partition("def ")[2].startswith(f"{scenario.name}("), scenario


def test_a_suite_that_cannot_be_collected_says_why(tmp_path: Path) -> None:
    (tmp_path / "test_broken.py").write_text("import no_such_module_anywhere\n", encoding="utf-8")
    with pytest.raises(UncollectedError, match="no_such_module_anywhere"):
        scenarios(tmp_path)


def test_the_listing_names_every_requirement_and_its_places() -> None:
    places = {"get.answers": [Scenario("conformance/test_get.py", 7, "test_it")]}
    lines = list(listing(places))
    at = lines.index("  get.answers  MUST")
    assert lines[at + 1] == "    An organization can be read by its id."
    assert lines[at + 2].startswith("    source: documentation page, GET /organizations/:id")
    assert "    conformance/test_get.py:7 test_it" in lines[at : lines.index("", at)]
    assert lines.count("    no scenario") == len(catalogue()) - 1
    assert "Not tested\n" in lines


def test_the_table_counts_every_requirement_once() -> None:
    *_, total = rows = list(markdown())
    cells = [[int(cell or 0) for cell in row.split("|")[3:6]] for row in (row.replace(" ", "") for row in rows[2:])]
    assert [sum(column) for column in zip(*cells[:-1], strict=True)] == cells[-1]
    assert sum(cells[-1]) == len(catalogue(Subject.SERVER))
    assert total.startswith("| **all** |")


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--markdown"])
    assert capsys.readouterr().out.splitlines() == list(markdown())


def test_the_command_prints_one_requirement_and_notices_a_slip(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list.walk-forward"])
    said = capsys.readouterr().out
    assert "source: guide, reference/pagination/index.mdx" in said
    assert "list.walk-back" not in said
    with pytest.raises(SystemExit):
        main(["list.walk-forwards"])
    assert "is no requirement; did you mean list.walk-forward?" in capsys.readouterr().err
