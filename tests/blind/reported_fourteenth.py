"""Where the suite's name for a fault of the fourteenth set is another one than its author's."""

from __future__ import annotations

FOURTEENTH_REPORTED: dict[str, tuple[str, ...]] = {
    "fourteenth-browsers-see-a-dashboard": ("answer.content-type",),
    "fourteenth-malformed-is-said-in-plain-text": ("answer.content-type",),
    "fourteenth-entities-are-resolved": ("create.returns-what-was-sent",),
    "fourteenth-unauthorized-delete-is-silent": ("answer.json",),
    "fourteenth-asc-turns-the-first-page-round": ("list.walk-forward",),
    "fourteenth-after-is-always-older": ("list.after-is-exclusive",),
    "fourteenth-page-back-is-the-first": ("list.walk-back",),
    "fourteenth-bodies-are-python": ("body.almost-json",),
    "fourteenth-equal-updates-are-played-back": ("update.keeps-the-rest",),
    "fourteenth-pages-behind-cursors-are-recorded": ("list.current-state",),
    "fourteenth-zero-is-no-name": ("body.name-verbatim",),
    "fourteenth-lookup-has-a-format": ("lookup.current-state",),
    "fourteenth-empty-text-removes-a-key": ("body.metadata-values-verbatim",),
    "fourteenth-names-are-squished": ("create.returns-what-was-sent",),
    "fourteenth-overwritten-pairs-count-twice": ("update.metadata-limit-after-merge",),
    "fourteenth-blanks-are-empty": ("body.external-id-verbatim",),
    "fourteenth-long-steps-are-not-routed": ("lookup.current-state",),
    "fourteenth-lists-are-matched-by-path": ("list.order",),
    "fourteenth-lists-are-labelled-gzip": ("answer.complete",),
    "fourteenth-ids-are-taken-external-ids": ("create.similar-external-ids",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

FOURTEENTH_OTHERWISE: dict[str, str] = {
    "fourteenth-orders-are-numbered": "not noticed: no order is a number",
    "fourteenth-names-are-chomped": "not noticed: a line feed at the end of a name may be refused, so none is sent",
    "fourteenth-inherited-names-are-taken": "not noticed: no create has such an external_id",
    "fourteenth-cursor-that-matches-no-more-starts-anew": "not noticed: no cursor is outside of a filter",
}
"""As `OTHERWISE`."""
