"""Where the suite's name for a fault of the eighth set is another one than its author's."""

from __future__ import annotations

EIGHTH_REPORTED: dict[str, tuple[str, ...]] = {
    "eighth-misses-are-cached": ("lookup.current-state",),
    "eighth-create-with-domains-is-sent-twice": ("list.search",),
    "eighth-cursor-outside-the-search-crashes": ("answer.status",),
    "eighth-lookup-of-inherited-property": ("lookup.percent-encoded", "answer.status"),
    "eighth-missed-lookup-says-nothing": ("answer.json",),
    "eighth-same-keys-are-counted-twice": ("update.metadata-merges",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

EIGHTH_OTHERWISE = {
    "eighth-metadata-key-stays-a-date": "not noticed: no key has a date first and something else later",
    "eighth-long-path-is-refused": "a warning: every path that is so long asks what only a SHOULD is about",
}
"""As `OTHERWISE`."""
