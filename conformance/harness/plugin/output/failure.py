"""What the report of a failed test says: on demand the terminal shows it, and JUnit XML carries it."""

from __future__ import annotations

from _pytest._code.code import ReprEntryNative, ReprExceptionInfo, ReprFileLocation, ReprTraceback

from reports.verdict.verdict import Evidence


def shown_failure(title: str, evidence: Evidence, place: tuple[str, int], traceback: str = "") -> ReprExceptionInfo:
    """A failure as pytest keeps it, so that xdist can send it and JUnit has a message and a text.

    The message is the requirement with what was expected and seen; the text adds the request that shows it, and the
    script, or why there is none. `title` is the requirement in one line, `place` file and line of the test.
    """
    message = "\n".join([title, f"expected {evidence.expected}", f"seen {evidence.seen}"])
    script = evidence.script or (f"no script: {evidence.no_script}" if evidence.no_script else "")
    parts = [message, *evidence.again, script, traceback]
    text = "\n\n".join(part.rstrip() for part in parts if part)
    return ReprExceptionInfo(
        reprtraceback=ReprTraceback([ReprEntryNative([f"{text}\n"])], None, "native"),
        reprcrash=ReprFileLocation(*place, message),
    )
