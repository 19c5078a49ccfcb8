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
    "fifteenth-misses-are-cached": ("lookup.current-state",),
    "fifteenth-gateway-repeats-creates": ("list.search",),
    "fifteenth-secondary-index-lags": ("lookup.answers",),
    "fifteenth-second-empty-slug-fails": ("body.name-nfc",),
    "fifteenth-update-of-nothing-says-nothing": ("answer.content-type", "answer.json"),
    "fifteenth-external-ids-lose-their-ending": ("lookup.percent-encoded",),
    "fifteenth-answers-of-creates-are-crossed": ("create.ids-differ",),
    "fifteenth-transaction-stays-aborted": ("answer.status",),
    "fifteenth-domains-deadlock": ("answer.status",),
    "fifteenth-inserts-come-before-deletes": ("answer.status",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

FIFTEENTH_OTHERWISE: dict[str, str] = {
    "fifteenth-domains-are-small-letters": "not noticed: whether the case of a domain matters is open",
    "fifteenth-no-user-agent-is-forbidden": "not noticed: every client says what it is",
}
"""As `OTHERWISE`."""
