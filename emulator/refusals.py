"""Why a request is not carried out; each refusal knows its status and its body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Fault:
    """One rule that a request breaks: the field (dots between steps), a code, and the reason for people."""

    code: str
    field: str
    message: str


class Refusal(Exception):  # noqa: N818 - a refusal is an answer of the API, not an error in the emulator
    """A request that is answered with an error."""

    status: ClassVar[int]

    def body(self) -> dict[str, Any]:
        """What the answer says; `message` is always there."""
        return {"message": str(self)}


class Unauthorized(Refusal):
    """The key is missing or wrong (D: authentication)."""

    status = 401

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class NotFound(Refusal):
    """No organization has this id or external_id (O; the code and the entity_id by R)."""

    status = 404

    def __init__(self, entity_id: str) -> None:
        super().__init__(f"No organization is known as '{entity_id}'.")
        self.entity_id = entity_id

    def body(self) -> dict[str, Any]:
        """Names the entity."""
        return {**super().body(), "code": "entity_not_found", "entity_id": self.entity_id}


class InvalidParameters(Refusal):
    """The body or the query breaks rules (O: 422; the form by R)."""

    status = 422

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("The request breaks the rules of this operation.")
        self.faults = faults

    def body(self) -> dict[str, Any]:
        """Lists each fault."""
        return {
            **super().body(),
            "code": "invalid_request_parameters",
            "errors": [asdict(fault) for fault in self.faults],
        }


class InvalidMetadata(Refusal):
    """The metadata break their limits (O: 400)."""

    status = 400

    def body(self) -> dict[str, Any]:
        """Carries the documented code."""
        return {**super().body(), "code": "invalid_metadata"}


class Taken(Refusal):
    """Another organization has this external_id or stripe_customer_id (O: 400)."""

    status = 400

    def __init__(self, field: str) -> None:
        super().__init__(f"This {field} has already been assigned to another organization.")
        self.field = field

    def body(self) -> dict[str, Any]:
        """Carries the documented code of the field."""
        return {**super().body(), "code": f"{self.field}_already_used"}


class IdempotencyKeyReused(Refusal):
    """The key came before, with another body (R: 400, without a code)."""

    status = 400

    def __init__(self, key: str) -> None:
        super().__init__(f"The idempotency key '{key}' belongs to a request with other parameters.")
