"""Ids that a careless target may take for the id of another organization.

The suite encodes whatever stands in an id. A target, or a proxy before it, may decode it more than once, read steps
in it, cut it off or ignore its case: then a DELETE for one id would hit another one.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

SEPARATORS = re.compile(r"[/\\]")
ENDS = re.compile(r"[?#;\0]")
STEPS = (".", "..")
TIMES_DECODED = 3


def plain(identifier: str) -> str:
    """An id as a target has it that ignores case and what stands around it."""
    return identifier.strip().casefold()


def aliases(identifier: str) -> set[str]:
    """The plain ids for which it may be taken, itself among them, whole or up to the first end in it."""
    decoded = _decoded(identifier)
    parts = [identifier, decoded, *SEPARATORS.split(decoded)]
    return {plain(form) for part in parts for form in (part, ENDS.split(part)[0])}


def is_path(identifier: str) -> bool:
    """Whether it holds steps to another path; one by itself leads to no organization."""
    parts = SEPARATORS.split(_decoded(identifier))
    return len(parts) > 1 and any(part.strip() in STEPS for part in parts)


def _decoded(identifier: str) -> str:
    for _ in range(TIMES_DECODED):
        identifier = unquote(identifier)
    return identifier
