"""Where the suite's name for a fault of the seventeenth set is another one than its author's."""

from __future__ import annotations

SEVENTEENTH_REPORTED: dict[str, tuple[str, ...]] = {
    "seventeenth-unauthorized-says-nothing": ("answer.content-type", "answer.json"),
    "seventeenth-database-is-locked": ("answer.status",),
    "seventeenth-cursor-minds-no-order": ("list.after-is-exclusive",),
    "seventeenth-gets-read-a-replica": ("get.answers",),
    "seventeenth-malformed-bodies-earn-a-page": ("answer.content-type", "answer.json"),
    "seventeenth-firewall-reads-names": ("body.name-verbatim",),
    "seventeenth-limit-cuts-domains": ("list.filtered-organizations-whole",),
    "seventeenth-names-are-escaped": ("create.returns-what-was-sent",),
    "seventeenth-external-ids-are-trimmed": ("create.similar-external-ids",),
    "seventeenth-lists-claim-to-be-packed": ("answer.complete", "list.answers"),
    "seventeenth-cache-ignores-the-query": ("list.order",),
    "seventeenth-repeated-parameters-crash": ("list.any-text-answered",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

SEVENTEENTH_OTHERWISE: dict[str, str] = {
    "seventeenth-domain-data-hide-domains": "noticed under body.domains-type, since nothing valid has both fields",
}
"""As `OTHERWISE`."""
