"""The table of mutants can be found one's way in."""

from __future__ import annotations

import re
from pathlib import Path

import tests.mutants.faults  # noqa: F401 - plants them
from specs.requirements import catalogue
from tests.mutants.planting import MUTANTS

FAULTS = {file.stem: file.read_text(encoding="utf-8") for file in Path(__file__).with_name("faults").glob("*.py")}


def test_a_search_for_a_mutant_finds_it_in_the_file_of_its_requirement() -> None:
    for mutant in MUTANTS.values():
        planted = re.compile(rf'(plant|mutant)\("{re.escape(mutant.name)}"')
        files = [stem for stem, text in FAULTS.items() if planted.search(text)]
        fitting = [stem for stem in FAULTS if re.sub(r"\W", "_", mutant.requirement).startswith(stem)]
        assert files == [max(fitting, key=len)], mutant.name


def test_what_a_mutant_breaks_is_in_the_catalogue() -> None:
    requirements = {name for mutant in MUTANTS.values() for name in (mutant.requirement, mutant.occasion) if name}
    assert requirements - catalogue().keys() == set()


def test_a_fault_is_said_in_a_sentence() -> None:
    assert [mutant.name for mutant in MUTANTS.values() if not re.fullmatch(r"[\w\"'%*].*\.", mutant.fault)] == []
