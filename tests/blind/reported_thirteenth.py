"""Where the suite's name for a fault of the thirteenth set is another one than its author's."""

from __future__ import annotations

THIRTEENTH_REPORTED: dict[str, tuple[str, ...]] = {
    "thirteenth-keys-need-no-quotes": ("body.almost-json",),
    "thirteenth-an-update-forgets-the-cached-miss": ("lookup.current-state",),
    "thirteenth-a-missing-key-is-refused-without-a-word": ("answer.json",),
    "thirteenth-the-firewall-blocks-dollar-and-brace": ("body.name-verbatim",),
    "thirteenth-creates-are-mirrored": ("list.newest-first",),
    "thirteenth-large-answers-are-called-compressed": ("answer.complete",),
    "thirteenth-equal-creates-within-a-second-are-one": ("create.ids-differ",),
    "thirteenth-each-shard-has-its-own-external-ids": ("create.external-id-race",),
    "thirteenth-a-cursor-is-a-row-number": ("list.walk-forward",),
    "thirteenth-domains-multiply-with-metadata": ("domain.ids-differ",),
    "thirteenth-updates-in-a-row-conflict": ("update.accepts-valid-bodies",),
    "thirteenth-a-hyphen-splits-the-search": ("list.search-special-characters",),
    "thirteenth-some-languages-are-not-served": ("answer.status",),
    "thirteenth-pairs-that-are-there-count-again": ("update.metadata-limit-after-merge",),
    "thirteenth-the-deleted-hides-its-successor": ("lookup.current-state",),
    "thirteenth-a-deleted-external-id-outgrows-its-column": ("answer.status",),
    "thirteenth-a-create-restores-the-deleted": ("create.ids-differ",),
    "thirteenth-a-quotation-mark-counts-twice": ("body.metadata-values-verbatim",),
    "thirteenth-browsers-get-a-guard-before-the-list": ("answer.json",),
    "thirteenth-moments-have-the-digits-of-the-reader": ("organization.created-at",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

THIRTEENTH_OTHERWISE: dict[str, str] = {
    "thirteenth-two-deleted-cannot-share-an-external-id": "not noticed: whoever takes it over has another later",
}
"""As `OTHERWISE`."""
