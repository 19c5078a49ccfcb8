"""Under which requirements the suite reports a fault, where its author named none or another one."""

from __future__ import annotations

from tests.blind.otherwise_third import THIRD_OTHERWISE
from tests.blind.reported_eighth import EIGHTH_OTHERWISE, EIGHTH_REPORTED
from tests.blind.reported_eleventh import ELEVENTH_OTHERWISE, ELEVENTH_REPORTED
from tests.blind.reported_fifteenth import FIFTEENTH_OTHERWISE, FIFTEENTH_REPORTED
from tests.blind.reported_fifth import FIFTH_OTHERWISE, FIFTH_REPORTED
from tests.blind.reported_fourteenth import FOURTEENTH_OTHERWISE, FOURTEENTH_REPORTED
from tests.blind.reported_fourth import MISNAMED_FOURTH, MISSED_FOURTH, REPORTED_FOURTH
from tests.blind.reported_ninth import NINTH_REPORTED
from tests.blind.reported_seventeenth import SEVENTEENTH_OTHERWISE, SEVENTEENTH_REPORTED
from tests.blind.reported_seventh import SEVENTH_OTHERWISE, SEVENTH_REPORTED
from tests.blind.reported_sixteenth import SIXTEENTH_OTHERWISE, SIXTEENTH_REPORTED
from tests.blind.reported_sixth import SIXTH_OTHERWISE, SIXTH_REPORTED
from tests.blind.reported_tenth import TENTH_REPORTED
from tests.blind.reported_third import THIRD_REPORTED
from tests.blind.reported_thirteenth import THIRTEENTH_OTHERWISE, THIRTEENTH_REPORTED
from tests.blind.reported_twelfth import TWELFTH_OTHERWISE, TWELFTH_REPORTED

REPORTED: dict[str, tuple[str, ...]] = {
    "lookup-remembers-what-was-missing": ("lookup.current-state",),
    "external-id-given-up-stays-taken": ("update.frees-external-id",),
    "empty-token-accepted": ("authentication.other-scheme",),
    "deleted-keeps-stripe-customer": ("delete.frees-stripe-customer-id",),
    "metadata-empty-value-removes-key": ("body.metadata-values-verbatim",),
    "metadata-value-cut-at-500": ("body.metadata-values-verbatim",),
    "stripe-customer-own-is-taken": ("update.own-external-id",),
    "body-checked-before-key": ("authentication.comes-first",),
    "unknown-id-found-out-before-key": ("authentication.comes-first",),
    "query-checked-before-key": ("authentication.comes-first",),
    "deleted-keeps-domain": ("delete.frees-domain",),
    "update-ignores-plain-domains": ("update.deprecated-domains",),
    "domain-verified-twice-refused": ("create.domain-shared",),
    "domain-in-punycode-loses-prefix": ("body.domain-names-verbatim",),
    "escaped-pair-becomes-two-characters": ("body.json-escapes",),
    "missing-answers-with-page": (
        "answer.content-type",
        "answer.json",
    ),
    "missing-lookup-answers-empty": ("answer.json",),
    "get-ignores-case-of-id": ("get.id-in-another-case",),
    "limit-of-one-gives-nothing": ("list.walk-forward",),
    "lookup-dots-are-resolved": ("lookup.dot-segments",),
    "trailing-comma-accepted": ("body.almost-json",),
    "text-after-json-accepted": ("body.almost-json",),
    "nan-accepted": ("body.almost-json",),
    "metadata-dollar-keys-dropped": ("body.metadata-keys-verbatim",),
    "metadata-proto-key-lost": ("body.metadata-keys-verbatim",),
    "metadata-keys-become-camel-case": ("body.metadata-keys-verbatim",),
    "metadata-reserved-keys-dropped": ("body.metadata-keys-verbatim",),
    "order-asc-sorts-newest-page": ("list.walk-forward",),
    "normal-has-cursors-of-desc": ("list.normal-reverses-cursors",),
    "list-hides-organizations-without-domains": ("list.walk-forward",),
    "search-percent-is-wildcard": ("list.search-special-characters",),
    "search-underscore-is-wildcard": ("list.search-special-characters",),
    "search-is-regular-expression": ("list.search-special-characters",),
    "search-apostrophe-crashes": ("list.search-special-characters",),
    "search-backslash-escapes": ("list.search-special-characters",),
    "search-decodes-twice": ("list.search-special-characters",),
    "search-without-matches-answers-404": ("answer.status",),
    "create-answers-200": ("answer.status",),
    "name-trimmed": ("body.name-padding",),
    "name-composed": ("body.name-not-nfc",),
    "undecodable-body-accepted": ("body.not-utf-8",),
    "page-of-four-at-most": ("list.full-pages",),
    "updates-at-once-lose-metadata": ("update.metadata-race",),
    "missing-names-other-entity": ("error.not-found-entity-id",),
    "body-of-four-kilobytes-at-most": ("body.ten-full-pairs",),
    "name-cut-at-hundred": ("body.name-long",),
    "name-cut-at-255": ("body.name-long",),
    "domains-beyond-five-dropped": ("body.ten-domains",),
    "get-lags-behind-create": ("get.answers",),
    "lookup-lags-behind-create": ("lookup.answers",),
    "external-id-unique-without-case": ("create.similar-external-ids",),
    "external-id-compared-as-number": ("create.similar-external-ids",),
    "external-id-unique-by-prefix": ("create.similar-external-ids",),
    "list-lacks-stripe-customer": ("update.stripe-customer-id-shown",),
    "external-id-loses-leading-zeros": ("body.external-id-verbatim",),
    "external-id-null-word-is-null": ("body.external-id-verbatim",),
    "external-id-zero-is-empty": ("body.external-id-verbatim",),
    "metadata-value-no-is-false": ("body.metadata-values-verbatim",),
    "metadata-value-date-becomes-moment": ("body.metadata-values-verbatim",),
    "metadata-value-digits-rounded": ("body.metadata-values-verbatim",),
    "name-compatibility-characters-replaced": ("body.name-nfc",),
    "name-loses-quotes-around-it": ("body.name-verbatim",),
    **THIRD_REPORTED,
}
"""Filled after the measurement, and only with requirements that the fault breaks by their sentence in the catalogue."""

OTHERWISE = {
    "create-ignores-plain-domains-beside-data": "not noticed: nothing is sent with both fields",
    "update-ignores-domain-of-others": "noticed under update.keeps-the-rest, not update.sets-what-was-sent",
    "asc-cursor-leads-to-older": "noticed under list.after-is-exclusive, not list.walk-forward",
    **THIRD_OTHERWISE,
}
"""Faults that the suite does not notice, or notices under requirements that they do not break."""

REPORTED |= REPORTED_FOURTH | FIFTH_REPORTED | SIXTH_REPORTED | SEVENTH_REPORTED | EIGHTH_REPORTED | NINTH_REPORTED
REPORTED |= TENTH_REPORTED | ELEVENTH_REPORTED | TWELFTH_REPORTED | THIRTEENTH_REPORTED | FOURTEENTH_REPORTED
REPORTED |= FIFTEENTH_REPORTED | SIXTEENTH_REPORTED | SEVENTEENTH_REPORTED
OTHERWISE |= MISNAMED_FOURTH | FIFTH_OTHERWISE | SIXTH_OTHERWISE | SEVENTH_OTHERWISE | EIGHTH_OTHERWISE
OTHERWISE |= ELEVENTH_OTHERWISE | TWELFTH_OTHERWISE | THIRTEENTH_OTHERWISE | FOURTEENTH_OTHERWISE
OTHERWISE |= FIFTEENTH_OTHERWISE | SIXTEENTH_OTHERWISE | SEVENTEENTH_OTHERWISE
OTHERWISE |= dict.fromkeys(MISSED_FOURTH, "missed when the fourth set was measured")
