"""What a run was about, for the report's table of its environment."""

from __future__ import annotations

from reports.verdict.verdict import Verdict


def environment(verdict: Verdict) -> str:
    """The target, the versions and what repeats the run, as a Java properties file."""
    facts = {
        "subject": str(verdict.subject),
        "target": verdict.base_url,
        "result": f"{verdict.result}{': ' * bool(verdict.reason)}{verdict.reason}",
        "profile": verdict.profile,
        "seed": str(verdict.seed),
        "suite version": verdict.suite_version,
        "contract version": verdict.contract_version,
        "requests": str(verdict.requests),
        "created": f"{verdict.created} organizations",
        "removed": f"{verdict.removed} organizations",
    }
    return "".join(f"{_escaped(name)} = {_escaped(value)}\n" for name, value in facts.items())


def _escaped(text: str) -> str:
    """In a properties file a space or colon ends the key, and a backslash begins an escape."""
    return "".join(f"\\{sign}" if sign in "\\ :=" else sign for sign in text)
