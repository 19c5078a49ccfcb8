"""Where the suite's name for a fault of the fifteenth set is another one than its author's."""

from __future__ import annotations

FIFTEENTH_REPORTED: dict[str, tuple[str, ...]] = {
    "fifteenth-unauthorized-is-plain-text": ("answer.content-type", "answer.json"),
    "fifteenth-search-is-a-broken-pattern": ("list.search-special-characters",),
    "fifteenth-limit-counts-joined-rows": ("list.filtered-organizations-whole",),
    "fifteenth-firewall-sees-scripts": ("body.name-verbatim",),
    "fifteenth-create-answers-200": ("answer.status",),
    "fifteenth-ascending-pages-go-down": ("list.after-is-exclusive",),
    "fifteenth-cursors-are-offsets": ("list.walk-forward",),
    "fifteenth-get-selects-no-stripe-customer": ("update.stripe-customer-id-shown",),
    "fifteenth-unchanged-rows-are-not-found": ("update.accepts-valid-bodies",),
    "fifteenth-names-end-at-four-byte-characters": ("body.name-nfc",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

FIFTEENTH_OTHERWISE: dict[str, str] = {
    "fifteenth-no-user-agent-is-forbidden": "not noticed: every client says what it is",
}
"""As `OTHERWISE`."""
