"""Changes that the life-cycle machine asks for."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from conformance.harness.run import Run


def changes(run: Run) -> st.SearchStrategy[dict[str, Any]]:
    """Some fields with new values, each valid by every source."""
    return st.fixed_dictionaries(
        {},
        optional={
            "name": st.sampled_from(["Zoë", "Acme", "株式会社"]).map(lambda name: f"{run.word} {name}"),
            "external_id": st.none() | st.builds(run.external_id),
            "metadata": st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "x", "yy"])),
            "domain_data": st.lists(_domain(run), min_size=1, max_size=2),
            "allow_profiles_outside_organization": st.booleans(),
        },
    )


def _domain(run: Run) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({"domain": st.builds(run.domain), "state": st.sampled_from(["pending", "verified"])})
