"""What the gate says of planted releases, where it is something else than their author expected."""

from __future__ import annotations

REPORTED: dict[str, tuple[str, ...]] = {
    "raises-foreign-errors-when-cut-off": ("sdk.error.own-class",),
}
"""Requirements under which a fault is reported, only such as it breaks by their sentence in the catalogue.

That of an incomplete response asks for an error, whichever it is; whose it is is what the other one is about.
"""

OTHERWISE: dict[str, str] = {}
"""Faults of the sets that were measured which the gate misses, or reports under what they do not break, and why."""
