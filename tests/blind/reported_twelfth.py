"""Where the suite's name for a fault of the twelfth set is another one than its author's."""

from __future__ import annotations

TWELFTH_REPORTED: dict[str, tuple[str, ...]] = {
    "twelfth-one-cleared-external-id": ("update.accepts-valid-bodies",),
    "twelfth-name-without-latin-letters-is-refused": ("body.name-nfc",),
    "twelfth-not-found-outlives-an-update": ("lookup.current-state",),
    "twelfth-known-domains-keep-their-state": ("update.sets-what-was-sent",),
    "twelfth-content-type-in-capitals-is-unread": ("update.accepts-valid-bodies",),
    "twelfth-lookup-of-org-is-by-id": ("lookup.current-state",),
    "twelfth-dots-at-the-end-of-paths-go": ("lookup.current-state",),
    "twelfth-ids-are-not-decoded": ("get.current-state",),
    "twelfth-numbers-out-of-range-crash": ("body.invalid",),
    "twelfth-newer-pages-of-normal-are-oldest-first": ("list.walk-back",),
    "twelfth-lookup-shows-typed-values": ("organization.metadata",),
    "twelfth-merging-renumbers-keys": ("body.metadata-keys-verbatim",),
    "twelfth-search-for-zero-is-none": ("list.accepts-valid-queries",),
    "twelfth-empty-value-in-an-update-removes-its-key": ("body.metadata-values-verbatim",),
    "twelfth-pages-begin-at-multiples-of-the-limit": ("list.walk-forward",),
    "twelfth-lookup-takes-an-ending-for-a-format": ("lookup.current-state",),
    "twelfth-update-without-change-finds-nothing": ("update.accepts-valid-bodies",),
    "twelfth-stripe-customers-in-another-case-are-the-same": ("update.frees-stripe-customer-id",),
    "twelfth-states-by-number": ("body.domain-data-state",),
    "twelfth-limit-holds-for-domains-too": ("body.ten-domains",),
    "twelfth-two-dollars-become-one": ("body.name-verbatim",),
    "twelfth-encoded-paths-need-no-key": ("authentication.comes-first",),
    "twelfth-pages-can-be-read-once": ("list.current-state",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

TWELFTH_OTHERWISE: dict[str, str] = {
    "twelfth-browsers-get-html": "not noticed: no client says that it prefers HTML",
    "twelfth-gzip-that-was-refused": "not noticed: no request refuses gzip",
    "twelfth-expectations-fail": "not noticed: no request expects 100 Continue",
    "twelfth-empty-domains-hide-domain-data": "not noticed: nothing valid is sent with both fields",
    "twelfth-one-is-skipped-behind-what-left-the-search": "not noticed: no cursor is outside of a filter",
    "twelfth-idempotency-keys-are-cut": "not noticed: no two keys begin alike",
}
"""As `OTHERWISE`."""
