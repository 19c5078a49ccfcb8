"""Where the suite's name for a fault of the sixteenth set is another one than its author's."""

from __future__ import annotations

SIXTEENTH_REPORTED: dict[str, tuple[str, ...]] = {
    "sixteenth-create-answers-200": ("answer.status",),
    "sixteenth-lookup-finds-late": ("lookup.answers",),
    "sixteenth-missed-lookups-are-cached": ("lookup.current-state",),
    "sixteenth-empty-slugs-collide": ("body.name-nfc",),
    "sixteenth-length-in-characters": ("answer.json",),
    "sixteenth-commas-do-not-separate": ("list.several-domains",),
    "sixteenth-lists-are-cached-by-path": ("list.order",),
    "sixteenth-lookup-finds-the-predecessor": ("lookup.current-state",),
    "sixteenth-listed-domains-are-names": ("domain.object",),
    "sixteenth-tags-are-stripped": ("create.returns-what-was-sent",),
    "sixteenth-unchanged-is-not-found": ("update.accepts-valid-bodies",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

SIXTEENTH_OTHERWISE: dict[str, str] = {
    "sixteenth-clients-without-a-name": "not noticed: every client says what it is",
}
"""As `OTHERWISE`."""
