"""Requests that are refused, and values that are written in another way, where no source forbids it."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
import uuid
from collections.abc import Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response

from emulator.api import Api, Call
from emulator.changes import Changes
from emulator.records import Organization
from emulator.refusals import Fault, InvalidMetadata, InvalidParameters, Refusal
from emulator.store import Store
from emulator.validation import Rules
from tests.controls.planting import control, legal
from tests.mutants.parts.bodies import checking, parsing, refuse_larger_than, taken_in, with_bytes_replaced
from tests.mutants.parts.stores import one_owner

DOCUMENTED = {
    "name", "domains", "domain_data", "metadata", "external_id", "stripe_customer_id",
    "allow_profiles_outside_organization",
}  # fmt: skip
NEVER_NULL = ("domains", "domain_data", "allow_profiles_outside_organization")
CONSUMER_DOMAINS = ("gmail.com", "yahoo.com", "outlook.com", "hotmail.com")


# ---- Names ---------------------------------------------------------------------------------------------


def refusing_names(refused: Callable[[str], bool]) -> type[Rules]:
    """Rules that refuse some names with 422."""

    class RefusingNames(Rules):
        def create(self, content: bytes) -> Any:
            return self._checked(super().create(content))

        def update(self, content: bytes) -> Any:
            return self._checked(super().update(content))

        def _checked(self, body: Any) -> Any:
            if refused(body.get("name", "x")):
                raise InvalidParameters([Fault("invalid_characters", "name", "name is not allowed")])
            return body

    return RefusingNames


def has_control_characters(name: str) -> bool:
    """Whether a name holds control characters, line breaks and tabs among them."""
    return any(unicodedata.category(letter) == "Cc" for letter in name)


# fmt: off
control("trimmed-names", "body.name-padding is SHOULD", "A name loses the white space at its ends.",
        taken_in("name", str.strip))
control("composed-names", "body.name-not-nfc is SHOULD", "A name is stored in the normalization form C.",
        taken_in("name", lambda name: unicodedata.normalize("NFC", name)))
control("nul-refused", "body.name-control-characters: or refused with 4xx", "A name with U+0000 is refused.",
        refusing_names(lambda name: "\0" in name))
control("control-characters-refused", "body.name-control-characters: or refused with 4xx",
        "A name with a control character is refused.",
        refusing_names(has_control_characters))
control("very-long-names-refused", "body.name-long: or refused with 4xx", "A name of 5,000 characters is refused.",
        refusing_names(lambda name: len(name) >= 5000))
control("empty-names-refused", "create.empty-name is INFO", "An empty name is refused.",
        refusing_names(lambda name: name == ""))
# fmt: on

# ---- Ids -----------------------------------------------------------------------------------------------


@legal("ids-with-colons", "organization.id-form is SHOULD")
class IdsWithColons(Changes):
    """Ids have colons in them."""

    def organization_id(self, moment: int) -> str:
        return super().organization_id(moment).replace("org_", "org:")

    def domain_id(self, moment: int) -> str:
        return super().domain_id(moment).replace("org_domain_", "org:domain:")


@legal("ids-of-any-characters", "O: an id is a string")
class IdsOfAnyCharacters(Changes):
    """Ids hold characters that have a meaning in a URL."""

    def organization_id(self, moment: int) -> str:
        return super().organization_id(moment).replace("org_", "org/ +%?#&=")


@legal("ids-are-uuids", "organization.id-form is SHOULD")
class IdsAreUuids(Changes):
    """Ids are UUIDs."""

    def organization_id(self, moment: int) -> str:
        return str(uuid.uuid4())

    def domain_id(self, moment: int) -> str:
        return str(uuid.uuid4())


@legal("ids-are-numbers", "O: an id is a string")
class IdsAreNumbers(Changes):
    """Ids are digits that count."""

    def __init__(self) -> None:
        super().__init__()
        self._last = 1_000_000_000

    def organization_id(self, moment: int) -> str:
        self._last += 1
        return str(self._last)


# ---- Bodies --------------------------------------------------------------------------------------------


@legal("older-guide", "D: older guides")
class OlderGuide(Rules):
    """An older guide holds: 10 pairs of ASCII metadata and 64 characters of external_id."""

    def create(self, content: bytes) -> Any:
        return self._bounded(super().create(content))

    def update(self, content: bytes) -> Any:
        return self._bounded(super().update(content))

    def _bounded(self, body: Any) -> Any:
        metadata = body.get("metadata") or {}
        if len(metadata) > 10 or not all(f"{key}{value}".isascii() for key, value in metadata.items()):
            raise InvalidMetadata("metadata must have at most 10 pairs of ASCII.")
        if len(body.get("external_id") or "") > 64:
            raise InvalidParameters([Fault("too_long", "external_id", "external_id has at most 64 characters")])
        return body


@legal("to-the-letter", "O: the request schemas")
class ToTheLetter(Rules):
    """null is refused where the vendor's document does not allow it, and properties that it does not name."""

    def create(self, content: bytes) -> Any:
        return self._checked(content, super().create(content))

    def update(self, content: bytes) -> Any:
        return self._checked(content, super().update(content))

    def _checked(self, content: bytes, body: Any) -> Any:
        given = json.loads(content).items()
        wrong = [name for name, value in given if name not in DOCUMENTED or (value is None and name in NEVER_NULL)]
        if wrong:
            raise InvalidParameters([Fault("invalid", name, f"{name} is not allowed") for name in wrong])
        return body


class BadRequest(Refusal):
    """What the client sent is no JSON."""

    status = 400

    def body(self) -> dict[str, Any]:
        """Says so by a code."""
        return {"message": str(self), "code": "invalid_json"}


@legal("malformed-answers-400", "O: 400 of create and update")
class MalformedAnswers400(Rules):
    """A body that is no JSON answers 400."""

    def parsed(self, content: bytes) -> Any:
        try:
            return super().parsed(content)
        except InvalidParameters as refusal:
            raise BadRequest(str(refusal)) from None


# fmt: off
control("bodies-of-16-kb-refused", "body.fifty-full-pairs is SHOULD", "A body of more than 16 KB is refused.",
        checking(refuse_larger_than(16_384)))
control("bad-bytes-replaced", "body.not-utf-8 is SHOULD", "Bytes that are no UTF-8 are replaced.",
        parsing(with_bytes_replaced))
# fmt: on


def refusing_external_ids(*refused: str) -> type[Rules]:
    """Rules that refuse some external_ids with 422."""

    class RefusingExternalIds(Rules):
        def create(self, content: bytes) -> Any:
            return self._checked(super().create(content))

        def update(self, content: bytes) -> Any:
            return self._checked(super().update(content))

        def _checked(self, body: Any) -> Any:
            if body.get("external_id") in refused:
                raise InvalidParameters([Fault("invalid_characters", "external_id", "external_id is not allowed")])
            return body

    return RefusingExternalIds


control(
    "dot-segments-refused",
    "create.accepts-dot-segments is SHOULD",
    "The external_ids . and .. are refused.",
    refusing_external_ids(".", ".."),
)


@legal("null-metadata-keep", "update.metadata-null is INFO")
class NullMetadataKeep(Changes):
    """Metadata of null in an update change nothing."""

    def updated(self, known: Organization, body: Any) -> Organization:
        given = {name: value for name, value in body.items() if name != "metadata" or value is not None}
        return super().updated(known, given)


@legal("no-idempotency", "create.idempotency-replay is INFO")
class NoIdempotency(Api):
    """Idempotency keys are ignored."""

    def create(self, call: Call) -> Response:
        return super().create(dataclasses.replace(call, headers=Headers({})))


@legal("capital-scheme-only", "authentication.lower-case-scheme is INFO")
class CapitalSchemeOnly(Api):
    """The scheme must be written Bearer."""

    def authorized(self, headers: Headers) -> bool:
        return super().authorized(headers) and headers["authorization"].startswith("Bearer ")


# ---- Domains ---------------------------------------------------------------------------------------------


class DomainRefused(Refusal):
    """The domain cannot be added."""

    status = 422

    def body(self) -> dict[str, Any]:
        """Lists the fault."""
        return {"message": str(self), "errors": [{"code": "invalid_domain", "field": "domain_data"}]}


control(
    "pending-domain-has-one-owner",
    "O: 409 of create and update; create.domain-shared-pending is SHOULD",
    "A pending domain that another organization has is refused with 409.",
    one_owner("pending"),
)


@legal("consumer-domains-refused", "D: domain verification; body.consumer-domain is SHOULD")
class ConsumerDomainsRefused(Store):
    """The domains of common mail services are refused."""

    def insert(self, organization: Organization) -> None:
        if any(domain.domain in CONSUMER_DOMAINS for domain in organization.domains):
            raise DomainRefused("This domain cannot be added.")
        super().insert(organization)
