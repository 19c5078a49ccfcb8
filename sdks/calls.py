"""One use of an SDK, and what can come of it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, TypeAlias

from attrs import asdict, field, frozen

Json: TypeAlias = Any


@frozen
class Client:
    """Options of the SDK client that makes a call; None leaves one to the SDK's default."""

    base_url: str
    api_key: str = field(repr=False)
    max_retries: int | None = None
    timeout_ms: int | None = None
    shared: str | None = None
    """A name: calls with the same one use one client instance, others have one each."""


@frozen
class Options:
    """Options of one call alone; None sets nothing."""

    idempotency_key: str | None = None
    extra_headers: Mapping[str, str] | None = None
    timeout_ms: int | None = None
    max_retries: int | None = None
    base_url: str | None = None


@frozen
class Limits:
    """Where a call ends at the latest."""

    items: int = 10_000
    """`iterate` asks for no more after so many."""
    ms: int = 30_000
    """A call that takes longer, by more than a moment, is ended together with its driver."""


@frozen
class SdkCall:
    """An operation with its arguments: an absent argument is not sent, None is the SDK's null."""

    op: str
    args: Mapping[str, Json]
    client: Client
    options: Options = Options()
    limits: Limits = Limits()

    @property
    def opts(self) -> dict[str, Json]:
        """The options that are given, in the protocol's form."""
        return _given(self.options)

    def command(self, seq: int) -> dict[str, Json]:
        """The call as a message of the protocol."""
        return {
            "cmd": "call",
            "seq": seq,
            "op": self.op,
            "args": dict(self.args),
            "client": _given(self.client),
            "opts": self.opts,
            "limits": _given(self.limits),
        }


def _given(options: Client | Options | Limits) -> dict[str, Json]:
    return asdict(options, recurse=False, filter=lambda _, value: value is not None)


@frozen
class Returned:
    """The SDK gave a value, tagged as the protocol says; see `values.untagged`."""

    value: Json
    complete: bool | None = None
    """For `iterate`: whether the SDK's iteration came to its end by itself."""

    @property
    def message(self) -> dict[str, Json]:
        """The reply in the protocol's form, without the number of its call."""
        complete = {} if self.complete is None else {"complete": self.complete}
        return {"type": "value", "value": self.value, **complete}


@frozen
class Raised:
    """The SDK raised an error."""

    error_class: str
    is_sdk_error: bool
    kind: str
    fields: Mapping[str, Json]
    """status, code, message, request_id, retry_after: those for which the SDK's errors have an accessor."""
    items: tuple[Json, ...] | None = None
    """For `iterate`: what was given before the error."""

    @property
    def message(self) -> dict[str, Json]:
        """The reply in the protocol's form, without the number of its call."""
        named = {"class": self.error_class, "is_sdk_error": self.is_sdk_error, "kind": self.kind}
        items = {} if self.items is None else {"items": list(self.items)}
        return {"type": "error", **named, **self.fields, **items}


@frozen
class NotExpressible:
    """The SDK has no way to say this; nothing was sent."""

    reasons: Mapping[str, str]
    """By the names of the capabilities that the call needs and the SDK lacks."""


class Failure(enum.Enum):
    """How a driver failed a call."""

    HUNG = "hung"
    """No reply within the call's bound; the driver's process was ended."""
    DIED = "died"
    """The driver's process ended before it replied."""
    PROTOCOL = "protocol"
    """What came was no reply of the protocol; the process was ended."""
    HARNESS = "harness"
    """The driver says that it failed itself."""


@frozen
class Failed:
    """There is no outcome, since the driver failed; never a pass."""

    failure: Failure
    message: str
    stderr: str
    """The end of what the driver wrote to standard error."""


Reply: TypeAlias = Returned | Raised | NotExpressible | Failed
