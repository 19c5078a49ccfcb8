"""Where the suite's name for a fault of the tenth set is another one than its author's."""

from __future__ import annotations

TENTH_REPORTED: dict[str, tuple[str, ...]] = {
    "tenth-suffix-of-external-id-is-cut": ("lookup.percent-encoded",),
    "tenth-update-of-nothing-says-nothing": ("answer.json",),
    "tenth-unchanged-is-not-found": ("update.accepts-valid-bodies",),
    "tenth-known-domains-keep-their-state": ("update.sets-what-was-sent",),
    "tenth-kept-domains-collide": ("answer.status",),
    "tenth-overwritten-pairs-count-twice": ("update.metadata-limit-after-merge",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""
