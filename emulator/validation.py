"""Requests against the contract: its widest reading, so that only what every source forbids is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from emulator.consumer_domains import CONSUMER_DOMAINS
from emulator.refusals import Fault, InvalidMetadata, InvalidParameters
from specs.contract import Bounds, operations

MOST_BYTES = 1_000_000
MOST_FAULTS = 20

NULL_IS_ABSENT = ("domains", "domain_data", "allow_profiles_outside_organization")

CODES = {
    "required": "required",
    "type": "invalid_type",
    "enum": "invalid_value",
    "maxLength": "too_long",
    "minLength": "too_short",
    "pattern": "invalid_characters",
    "minimum": "too_small",
    "maximum": "too_large",
    "maxProperties": "too_many",
}

# Never the value that was sent: it may be huge, secret, or not even writable as UTF-8.
REASONS = {
    "required": "is required",
    "type": "must be of type {}",
    "enum": "must be one of {}",
    "maxLength": "must have at most {} characters",
    "minLength": "must have at least {} characters",
    "pattern": "contains characters that are not allowed",
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "maxProperties": "must have at most {} pairs",
}


class Query(Protocol):
    """The query parameters of a request; a name may have come several times."""

    def getlist(self, key: str, /) -> list[Any]:
        """All values of a name, in the order in which they came."""


@dataclass(frozen=True)
class Listing:
    """What a list request asks for."""

    limit: int
    order: str
    before: str | None
    after: str | None
    domains: tuple[str, ...]
    search: str


class Rules:
    """Reads requests. Raises InvalidParameters or InvalidMetadata for those that break the contract."""

    def __init__(self) -> None:
        contract = operations(Bounds.WIDE)
        query = contract["list"].query
        self._create = Draft202012Validator(contract["create"].body or {})
        self._update = Draft202012Validator(contract["update"].body or {})
        self._query = {name: Draft202012Validator(schema) for name, schema in query.items()}
        self._defaults = {name: schema.get("default") for name, schema in query.items()}

    def create(self, content: bytes) -> dict[str, Any]:
        """The body of a create: fields that may be null for absent are left out when null (R)."""
        return self._body(self._create, content)

    def update(self, content: bytes) -> dict[str, Any]:
        """The body of an update, read like that of a create."""
        return self._body(self._update, content)

    def listing(self, query: Query) -> Listing:
        """The query of a list; where a parameter came twice, the last one counts."""
        given: dict[str, Any] = {
            "limit": self.number(query.getlist("limit")),
            "order": last(query.getlist("order")),
            "before": last(query.getlist("before")),
            "after": last(query.getlist("after")),
            "domains": self.names(query.getlist("domains")),
            "search": last(query.getlist("search")),
        }
        given = {name: value for name, value in given.items() if value is not None}
        self.check_query(given)
        return Listing(
            limit=given.get("limit", self.default("limit")),
            order=given.get("order", self.default("order")),
            before=given.get("before"),
            after=given.get("after"),
            domains=tuple(given.get("domains", ())),
            search=given.get("search", ""),
        )

    def number(self, values: Sequence[str]) -> int | str | None:
        """The last value as a number; as it came when it is none, or one beyond all sense."""
        text = last(values)
        if text is not None and re.fullmatch("-?[0-9]{1,18}", text):
            return int(text)
        return text

    def names(self, values: Sequence[str]) -> list[str] | None:
        """All names in comma-separated values, or None when there is no name at all."""
        return [name for value in values for name in value.split(",") if name] or None

    def default(self, name: str) -> Any:
        """What the contract takes when a parameter is not given."""
        return self._defaults[name]

    def check_query(self, given: Mapping[str, Any]) -> None:
        """Raises InvalidParameters when a parameter breaks its schema or both cursors are given."""
        faults = [
            fault
            for name, value in given.items()
            for error in self._query[name].iter_errors(value)
            for fault in self.faults(error, name)
        ]
        if "before" in given and "after" in given:
            faults.append(Fault("conflicting", "before", "before cannot be combined with after"))
        if faults:
            raise InvalidParameters(faults)

    def parsed(self, content: bytes) -> Any:
        """The JSON value in a body. Raises InvalidParameters when there is none that can be kept."""
        if len(content) > MOST_BYTES:
            raise invalid_body("too_large", f"the body must have at most {MOST_BYTES} bytes")
        try:
            value = json.loads(content.decode(), parse_constant=refuse_constant)
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise invalid_body("invalid_json", "the body must be JSON in UTF-8") from None
        return value

    def check_body(self, validator: Draft202012Validator, body: Any) -> None:
        """Raises InvalidParameters for broken rules; only when there are none, InvalidMetadata."""
        others = (error for error in validator.iter_errors(body) if not about_metadata(error))
        faults = dict.fromkeys(fault for error in others for fault in self.faults(error, "body"))
        if faults:
            raise InvalidParameters(list(faults)[:MOST_FAULTS])
        for error in validator.iter_errors(body):
            raise InvalidMetadata(f"metadata: a key or value {reason(error)}.")

    def check_domains(self, body: Mapping[str, Any]) -> None:
        """Raises InvalidParameters for domains that no organization can have (D)."""
        stated = ((f"domain_data.{at}.domain", item["domain"]) for at, item in enumerate(body.get("domain_data", ())))
        plain = ((f"domains.{at}", domain) for at, domain in enumerate(body.get("domains", ())))
        faults = [
            Fault("consumer_domain", field, f"{field} must not be a common consumer domain")
            for field, domain in (*stated, *plain)
            if domain.lower() in CONSUMER_DOMAINS
        ]
        if faults:
            raise InvalidParameters(faults[:MOST_FAULTS])

    def faults(self, error: ValidationError, place: str) -> Iterator[Fault]:
        """One fault for each field that an error is about."""
        for field in fields(error, place):
            yield Fault(code(error), field, f"{field} {reason(error)}")

    def given(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The body without nulls that stand for nothing."""
        return {name: v for name, v in body.items() if v is not None or name not in NULL_IS_ABSENT}

    def _body(self, validator: Draft202012Validator, content: bytes) -> dict[str, Any]:
        body = self.parsed(content)
        self.check_body(validator, body)
        given = self.given(body)
        self.check_domains(given)
        return given


def last(values: Sequence[str]) -> str | None:
    """The last of some values, if there is one."""
    return values[-1] if values else None


def invalid_body(code: str, message: str) -> InvalidParameters:
    """The refusal of a body as a whole."""
    return InvalidParameters([Fault(code, "body", message)])


def refuse_constant(name: str) -> NoReturn:
    """Raises ValueError for NaN and Infinity, which Python reads although JSON has no such words."""
    raise ValueError(name)


def about_metadata(error: ValidationError) -> bool:
    """Whether an error lies in the metadata, which have an answer of their own (O)."""
    return bool(error.absolute_path) and error.absolute_path[0] == "metadata"


def code(error: ValidationError) -> str:
    """The code of a fault."""
    return CODES.get(str(error.validator), "invalid")


def reason(error: ValidationError) -> str:
    """What should have been."""
    expected = error.validator_value
    text = ", ".join(map(str, expected)) if isinstance(expected, list) else expected
    return REASONS.get(str(error.validator), "is not allowed").format(text)


def fields(error: ValidationError, place: str) -> Iterable[str]:
    """The fields that an error is about: the missing ones, or the one that holds the bad value."""
    path = [str(step) for step in error.absolute_path]
    if error.validator != "required":
        return [".".join(path) or place]
    required: Any = error.validator_value
    instance: Any = error.instance
    return [".".join([*path, name]) for name in required if name not in instance]
