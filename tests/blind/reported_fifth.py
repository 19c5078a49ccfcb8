"""Where the suite's name for a fault of the fifth set is another one than its author's."""

from __future__ import annotations

FIFTH_REPORTED: dict[str, tuple[str, ...]] = {
    "fifth-deleted-external-id-of-an-update-stays-taken": ("update.frees-external-id",),
    "fifth-names-of-one-character-refused": ("body.name-verbatim",),
    "fifth-reserved-metadata-keys-go": ("body.metadata-keys-verbatim",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

FIFTH_OTHERWISE = {
    "fifth-last-pair-is-not-removed": "not noticed: null removes one pair of two",
    "fifth-get-shows-domains-of-1970": "noticed under get.current-state and what reads after a change",
    "fifth-lookup-remembers-misses": "noticed under lookup.current-state, not create.readable-at-once",
}
"""As `OTHERWISE`."""
