"""Where the suite's name for a fault of the ninth set is another one than its author's."""

from __future__ import annotations

NINTH_REPORTED: dict[str, tuple[str, ...]] = {
    "ninth-later-external-id-is-not-found": ("lookup.current-state",),
    "ninth-single-bracket-fails": ("list.search-special-characters", "answer.status"),
    "ninth-limit-before-ascending-order": ("list.walk-forward",),
    "ninth-list-has-no-stripe": ("update.stripe-customer-id-shown",),
    "ninth-absence-is-remembered": ("lookup.current-state",),
    "ninth-empty-value-removes-the-pair": ("body.metadata-values-verbatim",),
    "ninth-lookup-in-camel-case": ("body.metadata-keys-verbatim",),
    "ninth-stripe-once": ("update.stripe-customer-id",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""
