"""What a run was about, for the report's table of its environment."""

from __future__ import annotations

from reports.verdict.verdict import Verdict


def environment(verdict: Verdict) -> str:
    """The target, the versions and what repeats the run, as a Java properties file.

    Allure shows eight facts and hides the others, so that a server is not named twice.
    """
    target = {} if str(verdict.subject) == verdict.base_url else {"target": verdict.base_url}
    facts = {
        "subject": str(verdict.subject),
        **target,
        "result": f"{verdict.result}{': ' * bool(verdict.reason)}{verdict.reason}",
        "profile": verdict.profile,
        "seed": str(verdict.seed),
        "suite version": verdict.suite_version,
        "contract version": verdict.contract_version,
        "requests": str(verdict.requests),
        "organizations": f"{verdict.created} created, {verdict.removed} removed",
    }
    return "".join(f"{_escaped(name)} = {_escaped(value)}\n" for name, value in facts.items())


def _escaped(text: str) -> str:
    """In a properties file a space or colon ends the key, and a backslash begins an escape."""
    return "".join(f"\\{sign}" if sign in "\\ :=" else sign for sign in text)
