"""Under which requirements the suite reports a fault, where its author named none or another one.

Filled after the measurement, and only with requirements that the fault breaks by their sentence in
specs/requirements.yaml.
"""

from __future__ import annotations

REPORTED: dict[str, tuple[str, ...]] = {
    "body-checked-before-key": ("authentication.comes-first",),
    "deleted-keeps-domain": ("delete.frees-domain",),
    "domain-in-punycode-loses-prefix": ("body.domain-names-verbatim",),
    "escaped-pair-becomes-two-characters": ("body.json-escapes",),
    "limit-of-one-gives-nothing": ("list.walk-forward",),
    "text-after-json-accepted": ("body.almost-json",),
    "nan-accepted": ("body.almost-json",),
    "metadata-proto-key-lost": ("body.metadata-keys-verbatim",),
    "metadata-keys-become-camel-case": ("body.metadata-keys-verbatim",),
    "normal-has-cursors-of-desc": ("list.normal-reverses-cursors",),
    "search-percent-is-wildcard": ("list.search-special-characters",),
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
    "domains-beyond-five-dropped": ("body.ten-domains",),
    "get-lags-behind-create": ("get.answers",),
    "external-id-unique-without-case": ("create.similar-external-ids",),
    "external-id-compared-as-number": ("create.similar-external-ids",),
    "external-id-unique-by-prefix": ("create.similar-external-ids",),
    "list-lacks-stripe-customer": ("update.stripe-customer-id-shown",),
    "external-id-null-word-is-null": ("body.external-id-verbatim",),
    "external-id-zero-is-empty": ("body.external-id-verbatim",),
    "metadata-value-digits-rounded": ("body.metadata-values-verbatim",),
}
