"""Each requirement of fidelity is judged on every call of an SDK."""

import re
from pathlib import Path

import conformance.harness.judges.fidelity as fidelity
from specs.requirements import Kind, catalogue


def test_the_judges_of_fidelity_judge_every_requirement_of_their_kind() -> None:
    files = Path(fidelity.__file__).parent.rglob("*.py")
    judged = {name for file in files for name in re.findall(r'"(sdk\.[a-z.-]+)"', file.read_text(encoding="utf-8"))}
    assert judged <= catalogue("sdk").keys()
    assert {known.id for known in catalogue("sdk").values() if known.kind is Kind.FIDELITY} <= judged
