"""Bounds of values that nobody checks, or that are answered in another way."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Changes
from emulator.responses import Responses
from emulator.validation import Rules
from tests.blind.parts.apps import app
from tests.blind.parts.asking import fields
from tests.blind.parts.interception import lenient, on_response
from tests.blind.parts.messages import Object, Reply, Request, crash, pairs, unprocessable, without
from tests.blind.parts.sixteenth import widened
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token, verified


def _many_pairs(w: Wire) -> object:
    id = w.made()["id"]
    return w.update(id, metadata={f"k{at}": "" for at in range(51)}).status_code == 200


@fault("metadata", "body.metadata-too-many", _many_pairs, "@ArrayMaxSize on an object; the create counts by itself")
def sixteenth_updates_do_not_count_pairs() -> ASGIApp:
    """An update with more than 50 pairs of metadata is taken."""

    class Uncounted(Rules):
        def update(self, content: bytes) -> dict[str, Any]:
            sent = self.parsed(content)
            if not isinstance(sent, dict) or len(pairs(sent)) <= 50:
                return super().update(content)
            given: dict[str, Any] = {}
            every = list(pairs(sent).items())
            for start in range(0, len(every), 50):
                part = {**sent, "metadata": dict(every[start : start + 50])}
                given = super().update(json.dumps(part).encode())
            return {**given, "metadata": pairs(sent)}

    class Unlimited(Changes):
        def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
            return metadata

    return app(rules=Uncounted(), changes=Unlimited())


@fault(
    "metadata",
    "body.metadata-long-key",
    lambda w: w.create(metadata={"k" * 41: ""}).status_code == 422,
    "bounds are checked with everything else",
)
def sixteenth_long_keys_answer_422() -> ASGIApp:
    """A metadata key of more than 40 characters answers 422."""

    def changed(request: Request, response: Reply) -> Reply:
        long = response.status == 400 and any(len(key) > 40 for key in pairs(fields(request)))
        return unprocessable("metadata", "has a key that is too long") if long else response

    return on_response(changed)


@fault(
    "metadata",
    "body.metadata-long-value",
    lambda w: w.create(metadata={"a": "v" * 601}).json().get("metadata") == {"a": "v" * 600},
    "VARCHAR(600), and ORMs that cut",
)
def sixteenth_long_values_are_cut() -> ASGIApp:
    """A metadata value of more than 600 characters is cut off at 600."""

    def mended(body: Object) -> Object:
        cut = {key: v[:600] if isinstance(v, str) else v for key, v in pairs(body).items()}
        return {**body, "metadata": cut} if cut else body

    return lenient(mended)


@fault(
    "external_id",
    "body.external-id-type",
    lambda w: w.create(external_id=False).status_code == 201,
    "JavaScript: body.external_id || null",
)
def sixteenth_falsy_external_id_is_none() -> ASGIApp:
    """An external_id of false, 0 or the empty text is taken for null."""

    def mended(body: Object) -> Object:
        given = body.get("external_id", "x")
        return {**body, "external_id": None} if given == "" or given is False or given == 0 else body

    return lenient(mended)


def _kept(body: Object, *, ascii_too: bool) -> bool:
    """Whether an external_id is one that only its characters, or only its length, make invalid."""
    given = body.get("external_id")
    if not isinstance(given, str) or not given:
        return False
    return len(given) <= 128 and not given.isascii() if ascii_too else 128 < len(given) <= 255 and given.isascii()


def _external_id_unchecked(*, ascii_too: bool) -> ASGIApp:
    def out(body: Object) -> Object:
        return without(body, "external_id") if _kept(body, ascii_too=ascii_too) else body

    def back(given: Object, sent: Object) -> Object:
        return {**given, "external_id": sent["external_id"]} if _kept(sent, ascii_too=ascii_too) else given

    return widened(out, back)


@fault(
    "external_id",
    "body.external-id-characters",
    lambda w: w.create(external_id=f"{token()}é").status_code == 201,
    "@IsString() @Length(1, 128) and nothing else",
)
def sixteenth_external_id_of_any_script() -> ASGIApp:
    """An external_id that is not ASCII is taken."""
    return _external_id_unchecked(ascii_too=True)


@fault(
    "external_id",
    "body.external-id-too-long",
    lambda w: w.create(external_id=token() * 8).status_code == 201,
    "the column is a VARCHAR(255)",
)
def sixteenth_external_id_of_255() -> ASGIApp:
    """An external_id of 129 to 255 characters is taken."""
    return _external_id_unchecked(ascii_too=False)


def _stripe_cleared(w: Wire) -> object:
    id = w.made()["id"]
    w.changed(id, stripe_customer_id=f"cus_{token()[:14]}")
    return w.update(id, stripe_customer_id=None).status_code == 200


@fault("bodies", "body.stripe-customer-id-type", _stripe_cleared, "stripe_customer_id: str | None = None")
def sixteenth_stripe_customer_may_be_null() -> ASGIApp:
    """An update with a stripe_customer_id of null is taken, and clears it."""

    def null(body: Object) -> bool:
        return body.get("stripe_customer_id", "") is None

    return widened(
        lambda body: without(body, "stripe_customer_id") if null(body) else body,
        lambda given, sent: {**given, "stripe_customer_id": None} if null(sent) else given,
        update_alone=True,
    )


@fault(
    "domains",
    "body.consumer-domain",
    lambda w: w.create(domain_data=verified("gmail.com")).status_code == 201,
    "the list of consumer domains is looked at where domains are verified",
    level=SHOULD,
)
def sixteenth_consumer_domains_are_taken() -> ASGIApp:
    """Common consumer domains are taken like others."""

    class Everything(Rules):
        def check_domains(self, body: Mapping[str, Any]) -> None:
            return

    return app(rules=Everything())


def _sixty(w: Wire) -> object:
    id = w.made(metadata={f"a{at}": "" for at in range(30)})["id"]
    return w.update(id, metadata={f"b{at}": "" for at in range(30)}).status_code == 200


@fault("metadata", "update.metadata-limit-after-merge", _sixty, "the DTO is checked, not what is stored", level=SHOULD)
def sixteenth_merged_metadata_are_not_counted() -> ASGIApp:
    """An update whose merged metadata have more than 50 pairs is taken."""

    class Unlimited(Changes):
        def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
            return metadata

    return app(changes=Unlimited())


def _unpadded(w: Wire) -> object:
    for _ in range(70):
        time.sleep(0.011)
        if not re.search(r"\.\d{3}Z$", w.made()["created_at"]):
            return True
    return False


@fault("timestamps", "organization.timestamp-form", _unpadded, "f'{seconds}.{ms}Z'", level=SHOULD)
def sixteenth_milliseconds_unpadded() -> ASGIApp:
    """Milliseconds below 100 are written without their leading zeros."""

    class Unpadded(Responses):
        def timestamp(self, moment: int) -> str:
            return re.sub(r"\.0{1,2}(\d+)Z", r".\1Z", super().timestamp(moment))

    return app(responses=Unpadded())


def _legacy_fails(w: Wire) -> object:
    w.made(domains=[domain()])
    return w.list().status_code == 500


@fault("lists", "list.answers", _legacy_fails, "Python: domain.strategy.value, where strategy is None")
def sixteenth_lists_with_legacy_domains_fail() -> ASGIApp:
    """A list answers 500 where it holds an organization with a domain without a strategy."""

    def failing(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or not response.good:
            return response
        every = [d for o in response.json["data"] for d in o["domains"]]
        return response if all("verification_strategy" in each for each in every) else crash()

    return on_response(failing)
