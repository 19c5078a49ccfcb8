"""Broken bodies that are accepted, read as something else, or make the server fail."""

from __future__ import annotations

import json
import re
from typing import Any

from jsonschema import Draft202012Validator

from emulator.refusals import InvalidParameters
from emulator.validation import MOST_BYTES, Rules
from tests.mutants.parts.bodies import Json, converted, dropped, when
from tests.mutants.parts.failures import fail_when
from tests.mutants.planting import mutant, plant

# fmt: off
plant("allow-profiles-from-text", "body.allow-profiles-type", "A text will do for allow_profiles.",
      converted(when("allow_profiles_outside_organization", str, bool)))
plant("allow-profiles-from-number", "body.allow-profiles-type", "A number will do for allow_profiles.",
      converted(when("allow_profiles_outside_organization", (int, float), bool)))

plant("stripe-customer-null-ignored", "body.stripe-customer-id-type", "A stripe_customer_id of null is ignored.",
      converted(dropped("stripe_customer_id", lambda value: value is not None)))
plant("stripe-customer-from-number", "body.stripe-customer-id-type", "A number will do for stripe_customer_id.",
      converted(when("stripe_customer_id", (int, float), str)))
# fmt: on


@mutant("body-array-is-an-object", "body.not-an-object")
class BodyArrayIsAnObject(Rules):
    """Of an array the first object is taken, or an empty one."""

    def parsed(self, content: bytes) -> Any:
        value = super().parsed(content)
        return {"name": "x"} if isinstance(value, list) else value


@mutant("body-in-an-array-unwrapped", "body.not-an-object")
class BodyInAnArrayUnwrapped(Rules):
    """Of an array the only item is taken for the body."""

    def parsed(self, content: bytes) -> Any:
        value = super().parsed(content)
        return value[0] if isinstance(value, list) and len(value) == 1 else value


@mutant("body-in-a-string-parsed", "body.not-an-object")
class BodyInAStringParsed(Rules):
    """A string is parsed once more, and taken for the body that it holds."""

    def parsed(self, content: bytes) -> Any:
        value = super().parsed(content)
        return super().parsed(value.encode()) if isinstance(value, str) and value.startswith("{") else value


@mutant("escaped-pairs-replaced", "body.json-escapes")
class EscapedPairsReplaced(Rules):
    """Each escape of a pair is read as a character of its own, which does not exist."""

    def parsed(self, content: bytes) -> Any:
        return super().parsed(re.sub(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}", rb"\\ufffd", content))


@mutant("escaped-keys-unknown", "body.json-escapes")
class EscapedKeysUnknown(Rules):
    """A key that is written with an escape is not recognized."""

    def parsed(self, content: bytes) -> Any:
        return super().parsed(re.sub(rb'([{,]\s*"[^"\\]*)\\u00([0-9a-f]{2})(?=[^"]*"\s*:)', rb"\1u00\2", content))


@mutant("body-null-is-an-empty-object", "body.not-an-object")
class BodyNullIsAnEmptyObject(Rules):
    """null counts as an empty object."""

    def update(self, content: bytes) -> Json:
        return {} if content.strip() == b"null" else super().update(content)


@mutant("several-faults-fail", "body.invalid")
class SeveralFaultsFail(Rules):
    """A body that breaks several rules makes the server fail."""

    def check_body(self, validator: Draft202012Validator, body: Any) -> None:
        [*faults] = validator.iter_errors(body)
        assert len(faults) < 2
        super().check_body(validator, body)


@mutant("body-that-is-no-json-accepted", "body.malformed")
class BodyThatIsNoJsonAccepted(Rules):
    """A body that is no JSON counts as an empty object."""

    def parsed(self, content: bytes) -> Any:
        try:
            return super().parsed(content)
        except InvalidParameters:
            return {"name": "x"}


@mutant("missing-body-is-an-empty-object", "body.malformed")
class MissingBodyIsAnEmptyObject(Rules):
    """No body at all counts as an empty object."""

    def update(self, content: bytes) -> Json:
        return super().update(content or b"{}")


@mutant("body-that-is-no-json-fails", "body.malformed")
class BodyThatIsNoJsonFails(Rules):
    """A body that is no JSON makes the server fail."""

    def parsed(self, content: bytes) -> Any:
        assert len(content) <= MOST_BYTES
        return json.loads(content)


@mutant("deep-nesting-fails", "body.invalid")
class DeepNestingFails(Rules):
    """A body nested a thousand times makes the server fail."""

    def parsed(self, content: bytes) -> Any:
        fail_when(content.count(b"[") + content.count(b"{") > 1000)
        return super().parsed(content)


@mutant("huge-number-fails", "body.invalid")
class HugeNumberFails(Rules):
    """A number of more than twenty digits makes the server fail."""

    def parsed(self, content: bytes) -> Any:
        fail_when(re.search(rb"[:\[,]\s*-?[0-9]{20,}", content))
        return super().parsed(content)


@mutant("operator-object-fails", "body.invalid")
class OperatorObjectFails(Rules):
    """An object with a key like $ne in the place of a name makes the server fail."""

    def parsed(self, content: bytes) -> Any:
        fail_when(re.search(rb'"name"\s*:\s*\{\s*"\$', content))
        return super().parsed(content)
