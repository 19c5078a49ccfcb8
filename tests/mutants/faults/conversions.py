"""Bodies that break a rule and are taken nevertheless, as they are or changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from emulator.refusals import InvalidMetadata, InvalidParameters
from emulator.validation import MOST_BYTES, Rules
from tests.mutants.planting import mutant, plant

Body = dict[str, Any]


def converted(change: Callable[[Body], object], on: tuple[str, ...] = ("create", "update")) -> type[Rules]:
    """Rules that change what was sent before they look at it."""

    def read(rules: Rules, content: bytes) -> bytes:
        try:
            body = rules.parsed(content)
        except InvalidParameters:
            return content
        if isinstance(body, dict):
            change(body)
        return json.dumps(body, ensure_ascii=False).encode()

    class Converted(Rules):
        def create(self, content: bytes) -> Body:
            return super().create(read(self, content) if "create" in on else content)

        def update(self, content: bytes) -> Body:
            return super().update(read(self, content) if "update" in on else content)

    return Converted


def when(name: str, kinds: type | tuple[type, ...], function: Callable[[Any], object]) -> Callable[[Body], None]:
    """Changes a field whose value is of some type; True and False are no numbers."""

    def change(body: Body) -> None:
        value = body.get(name)
        if name in body and isinstance(value, kinds) and (kinds is bool or not isinstance(value, bool)):
            body[name] = function(value)

    return change


def dropped(name: str, fits: Callable[[Any], bool]) -> Callable[[Body], None]:
    """Drops a field that does not fit."""

    def change(body: Body) -> None:
        if name in body and not fits(body[name]):
            del body[name]

    return change


def is_list(kind: type) -> Callable[[Any], bool]:
    """Whether a value is an array of one type."""
    return lambda value: isinstance(value, list) and all(isinstance(each, kind) for each in value)


def cut_pairs(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata cut to their bounds."""
    return {key[:40]: value[:600] if isinstance(value, str) else value for key, value in list(metadata.items())[:50]}


def text_values(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata whose values are texts, whatever they were."""
    return {key: value if isinstance(value, str | None) else json.dumps(value) for key, value in metadata.items()}


for name, requirement, fault, change in (
    ("external-id-cut", "body.external-id-too-long", "external_id is cut at 128 characters.",
     when("external_id", str, lambda value: value[:128])),
    ("external-id-stripped-of-others", "body.external-id-characters", "What is not ASCII in external_id is dropped.",
     when("external_id", str, lambda value: value.encode("ascii", "ignore").decode() or "x")),
    ("external-id-empty-is-null", "body.external-id-characters", "An empty external_id counts as null.",
     when("external_id", str, lambda value: value or None)),
    ("external-id-from-number", "body.external-id-type", "A number will do for external_id.",
     when("external_id", (int, float), str)),
    ("external-id-from-anything", "body.external-id-type", "Anything will do for external_id.",
     when("external_id", (int, list, dict), json.dumps)),
    ("name-from-number", "body.name-type", "A number will do for a name.", when("name", (int, float), str)),
    ("name-from-null", "body.name-type", "null will do for a name.", when("name", type(None), str)),
    ("name-from-anything", "body.name-type", "Anything will do for a name.",
     when("name", (list, dict, bool), json.dumps)),
    ("name-by-default", "body.name-missing", "A name that is missing is made up.",
     lambda body: body.setdefault("name", "Unnamed")),
    ("metadata-cut", "body.metadata-too-many", "Metadata are cut to their bounds.", when("metadata", dict, cut_pairs)),
    ("metadata-long-values-cut", "body.metadata-long-value", "Long values of metadata are cut.",
     when("metadata", dict, cut_pairs)),
    ("metadata-long-keys-cut", "body.metadata-long-key", "Long keys of metadata are cut.",
     when("metadata", dict, cut_pairs)),
    ("metadata-values-to-text", "body.metadata-type", "Any value of metadata will do, and becomes text.",
     when("metadata", dict, text_values)),
    ("metadata-of-other-type-ignored", "body.metadata-type", "Metadata that are no object are ignored.",
     dropped("metadata", lambda value: isinstance(value, dict | None))),
    ("domains-from-text", "body.domains-type", "One text will do for domains.",
     when("domains", str, lambda value: [value])),
    ("domains-of-other-type-ignored", "body.domains-type", "domains that are no texts are ignored.",
     dropped("domains", is_list(str))),
    ("domain-data-of-other-type-ignored", "body.domain-data-type", "domain_data that are no objects are ignored.",
     dropped("domain_data", is_list(dict))),
    ("domain-data-from-one", "body.domain-data-type", "One object will do for domain_data.",
     when("domain_data", dict, lambda value: [{"domain": "one.example.com", "state": "pending"}])),
    ("allow-profiles-from-text", "body.allow-profiles-type", "A text will do for allow_profiles.",
     when("allow_profiles_outside_organization", str, bool)),
    ("allow-profiles-from-number", "body.allow-profiles-type", "A number will do for allow_profiles.",
     when("allow_profiles_outside_organization", (int, float), bool)),
    ("stripe-customer-null-ignored", "body.stripe-customer-id-type", "A stripe_customer_id of null is ignored.",
     dropped("stripe_customer_id", lambda value: value is not None)),
    ("stripe-customer-from-number", "body.stripe-customer-id-type", "A number will do for stripe_customer_id.",
     when("stripe_customer_id", (int, float), str)),
):  # fmt: skip
    plant(name, requirement, fault, converted(change))

plant("state-by-default", "body.domain-data-incomplete", "A state that is missing is pending.", converted(
    when("domain_data", list, lambda value: [
        {"state": "pending", **each} if isinstance(each, dict) else each for each in value])))  # fmt: skip
plant("update-null-name-ignored", "body.name-type", "An update ignores a name of null.",
      converted(dropped("name", lambda value: value is not None), ("update",)), operation="update")  # fmt: skip


# ---- Bodies as a whole ---------------------------------------------------------------------------


@mutant("body.malformed")
class AnythingIsAnObject(Rules):
    """A body that is no JSON counts as an empty object."""

    def parsed(self, content: bytes) -> Any:
        try:
            return super().parsed(content)
        except InvalidParameters:
            return {"name": "x"}


@mutant("body.malformed")
class AnyEncoding(Rules):
    """A body that is not UTF-8 is read as Latin-1."""

    def parsed(self, content: bytes) -> Any:
        try:
            content.decode()
        except UnicodeDecodeError:
            content = content.decode("latin-1").encode()
        return super().parsed(content)


@mutant("body.malformed")
class NoBodyIsEmpty(Rules):
    """No body at all counts as an empty object."""

    def update(self, content: bytes) -> Body:
        return super().update(content or b"{}")


@mutant("body.not-an-object")
class ArraysAreUnwrapped(Rules):
    """Of an array the first object is taken, or an empty one."""

    def parsed(self, content: bytes) -> Any:
        value = super().parsed(content)
        return {"name": "x"} if isinstance(value, list) else value


@mutant("body.not-an-object")
class NullIsEmpty(Rules):
    """null counts as an empty object."""

    def update(self, content: bytes) -> Body:
        return {} if content.strip() == b"null" else super().update(content)


@mutant("body.malformed")
class MalformedBreaksIt(Rules):
    """A body that is no JSON makes the server fail."""

    def parsed(self, content: bytes) -> Any:
        assert len(content) <= MOST_BYTES
        return json.loads(content)


@mutant("create.accepts-valid-bodies")
class UnicodeMetadataRefused(Rules):
    """Metadata with a space or a sign in a key are refused."""

    def create(self, content: bytes) -> Body:
        body = super().create(content)
        if any(not key.isalnum() for key in body.get("metadata") or ()):
            raise InvalidMetadata("metadata: a key must be of letters and digits.")
        return body
