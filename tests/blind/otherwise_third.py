"""Faults of the third set that are not noticed, or under requirements that they do not break."""

from __future__ import annotations

THIRD_OTHERWISE = {
    "the-word-external-id-is-not-looked-up": "not noticed: no organization has this word for its external_id",
    "creates-at-once-answer-with-the-latest": "noticed under create.ids-differ, not create.returns-what-was-sent",
    "a-search-for-zero-is-none": "noticed under list.accepts-valid-queries, which it does not break",
    "the-largest-page-ends-the-list": "not noticed: a run makes no hundred organizations",
    "lists-end-after-fifty": "not noticed: no walk is that long",
    "what-was-renamed-counts-as-more": "not noticed: no cursor is looked at beside one that had its first name",
    "bytes-that-are-no-text-crash-lookups": "not noticed: no path has bytes that are no text",
    "names-without-ascii-are-the-same": "not noticed: no two names are without a letter of ASCII",
    "customers-begin-with-cus": "not noticed: every stripe_customer_id begins alike",
    "updates-answer-without-the-customer": "not noticed: a response may leave stripe_customer_id out",
    "six-requests-at-once-are-too-many": "not noticed: fewer requests are sent at once",
    "what-lost-its-domain-counts-as-more": "not noticed: no cursor is looked at beside one that lost its domain",
    "customers-lose-their-signs": "not noticed: no stripe_customer_id has a sign",
    "an-origin-is-forbidden": "not noticed: no request has an Origin",
    "an-update-reads-fields-in-any-case": "not noticed: no name of a field is in another case",
}
"""As `OTHERWISE`."""
