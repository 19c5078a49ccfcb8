"""Where the suite's name for a fault of the fifth set is another one than its author's."""

from __future__ import annotations

FIFTH_REPORTED: dict[str, tuple[str, ...]] = {
    "fifth-deleted-external-id-of-an-update-stays-taken": ("update.frees-external-id",),
    "fifth-names-of-one-character-refused": ("body.name-verbatim",),
    "fifth-reserved-metadata-keys-go": ("body.metadata-keys-verbatim",),
    "fifth-filtered-page-has-cursor-to-others": ("list.last-page",),
    "fifth-external-ids-are-trimmed": ("update.sets-what-was-sent",),
    "fifth-get-shows-domains-of-1970": ("get.current-state",),
    "fifth-lookup-remembers-misses": ("lookup.current-state",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

FIFTH_OTHERWISE = {
    "fifth-empty-page-echoes-its-cursor": "not noticed: no cursor goes with a filter that nothing matches",
    "fifth-same-create-answers-with-the-first": "noticed under create.ids-differ and create.name-alone",
}
"""As `OTHERWISE`."""
