"""Where the suite's name for a fault of the eleventh set is another one than its author's."""

from __future__ import annotations

ELEVENTH_REPORTED: dict[str, tuple[str, ...]] = {
    "eleventh-lookup-lags": ("lookup.answers",),
    "eleventh-repeated-creates-count-once": ("create.ids-differ",),
    "eleventh-create-restores-the-deleted": ("create.ids-differ",),
    "eleventh-unauthorized-is-plain-text": ("answer.content-type",),
    "eleventh-broken-json-gets-a-page": ("answer.content-type",),
    "eleventh-cache-keeps-404": ("lookup.current-state",),
    "eleventh-cache-of-searches-lasts": ("list.current-state",),
    "eleventh-empty-value-removes": ("body.metadata-values-verbatim",),
    "eleventh-update-to-the-same-answers-404": ("update.accepts-valid-bodies",),
    "eleventh-external-id-is-cleared-in-the-answer": ("lookup.after-clearing",),
    "eleventh-strips-tags": ("create.returns-what-was-sent",),
    "eleventh-trims-external-id": ("update.sets-what-was-sent",),
    "eleventh-refuses-short-names": ("body.name-verbatim",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

ELEVENTH_OTHERWISE: dict[str, str] = {
    "eleventh-updates-ids-in-any-case": "not noticed: nothing is written to an id that is not the run's",
}
"""As `OTHERWISE`."""
