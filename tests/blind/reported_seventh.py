"""Where the suite's name for a fault of the seventh set is another one than its author's."""

from __future__ import annotations

SEVENTH_REPORTED: dict[str, tuple[str, ...]] = {
    "seventh-browsers-are-given-a-page": ("answer.content-type", "answer.json"),
    "seventh-unknown-external-id-is-cached": ("lookup.current-state",),
    "seventh-create-answers-200": ("answer.status",),
    "seventh-lookup-finds-updated-alone": ("lookup.answers",),
    "seventh-unpaired-quote-fails": ("list.search-special-characters", "answer.status"),
    "seventh-newer-page-of-normal-is-turned": ("list.walk-back",),
    "seventh-update-counts-known-keys-twice": ("update.metadata-merges",),
    "seventh-values-are-trimmed": ("create.returns-what-was-sent",),
    "seventh-empty-value-removes-key": ("body.metadata-values-verbatim",),
    "seventh-digits-are-written-as-numbers": ("organization.metadata", "organization.external-id"),
    "seventh-known-domain-keeps-state": ("update.sets-what-was-sent",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

SEVENTH_OTHERWISE = {
    "seventh-cursor-outside-filter-begins-again": "not noticed: no cursor is outside of a filter",
    "seventh-key-in-query-is-taken": "not noticed: the key is never sent where servers log it",
    "seventh-pages-end-at-50": "not noticed: a run makes no fifty organizations",
}
"""As `OTHERWISE`."""
