"""Broken bodies that are accepted, read as something else, or make the server fail."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator

from emulator.refusals import InvalidParameters
from emulator.validation import MOST_BYTES, Rules
from tests.mutants.parts.bodies import Json, converted, dropped, when
from tests.mutants.parts.replies import replies, to_status
from tests.mutants.planting import mutant, plant

# fmt: off
plant("name-by-default", "body.name-missing", "A name that is missing is made up.",
      converted(lambda body: body.setdefault("name", "Unnamed")))
plant("create-200-for-422", "body.name-missing", "create answers 200 in the place of 422.",
      replies(to_status(200), 422, "create"), operation="create")
plant("create-400-for-422", "body.name-missing", "create answers 400 in the place of 422.",
      replies(to_status(400), 422, "create"), operation="create")
plant("create-409-for-422", "body.name-missing", "create answers 409 in the place of 422.",
      replies(to_status(409), 422, "create"), operation="create")
plant("create-500-for-422", "body.name-missing", "create answers 500 in the place of 422.",
      replies(to_status(500), 422, "create"), operation="create")

plant("name-from-number", "body.name-type", "A number will do for a name.", converted(when("name", (int, float), str)))
plant("name-from-null", "body.name-type", "null will do for a name.", converted(when("name", type(None), str)))
plant("name-from-anything", "body.name-type", "Anything will do for a name.",
      converted(when("name", (list, dict, bool), json.dumps)))
plant("update-null-name-ignored", "body.name-type", "An update ignores a name of null.",
      converted(dropped("name", lambda value: value is not None), ("update",)), operation="update")

plant("allow-profiles-from-text", "body.allow-profiles-type", "A text will do for allow_profiles.",
      converted(when("allow_profiles_outside_organization", str, bool)))
plant("allow-profiles-from-number", "body.allow-profiles-type", "A number will do for allow_profiles.",
      converted(when("allow_profiles_outside_organization", (int, float), bool)))

plant("stripe-customer-null-ignored", "body.stripe-customer-id-type", "A stripe_customer_id of null is ignored.",
      converted(dropped("stripe_customer_id", lambda value: value is not None)))
plant("stripe-customer-from-number", "body.stripe-customer-id-type", "A number will do for stripe_customer_id.",
      converted(when("stripe_customer_id", (int, float), str)))
# fmt: on


@mutant("arrays-are-unwrapped", "body.not-an-object")
class ArraysAreUnwrapped(Rules):
    """Of an array the first object is taken, or an empty one."""

    def parsed(self, content: bytes) -> Any:
        value = super().parsed(content)
        return {"name": "x"} if isinstance(value, list) else value


@mutant("null-is-empty", "body.not-an-object")
class NullIsEmpty(Rules):
    """null counts as an empty object."""

    def update(self, content: bytes) -> Json:
        return {} if content.strip() == b"null" else super().update(content)


@mutant("several-faults-crash", "body.invalid")
class SeveralFaultsCrash(Rules):
    """A body that breaks several rules makes the server fail."""

    def check_body(self, validator: Draft202012Validator, body: Any) -> None:
        [*faults] = validator.iter_errors(body)
        assert len(faults) < 2
        super().check_body(validator, body)


@mutant("anything-is-an-object", "body.malformed")
class AnythingIsAnObject(Rules):
    """A body that is no JSON counts as an empty object."""

    def parsed(self, content: bytes) -> Any:
        try:
            return super().parsed(content)
        except InvalidParameters:
            return {"name": "x"}


@mutant("any-encoding", "body.malformed")
class AnyEncoding(Rules):
    """A body that is not UTF-8 is read as Latin-1."""

    def parsed(self, content: bytes) -> Any:
        try:
            content.decode()
        except UnicodeDecodeError:
            content = content.decode("latin-1").encode()
        return super().parsed(content)


@mutant("no-body-is-empty", "body.malformed")
class NoBodyIsEmpty(Rules):
    """No body at all counts as an empty object."""

    def update(self, content: bytes) -> Json:
        return super().update(content or b"{}")


@mutant("malformed-breaks-it", "body.malformed")
class MalformedBreaksIt(Rules):
    """A body that is no JSON makes the server fail."""

    def parsed(self, content: bytes) -> Any:
        assert len(content) <= MOST_BYTES
        return json.loads(content)
