"""How a call fails: each an AssertionError, since a failed call is a fault of the subject until shown otherwise."""

from __future__ import annotations

from conformance.harness.api.call import Call, NoResponse, NotExpressible, Refusal


class CallError(AssertionError):
    """A call that did not give what its caller needs."""

    def __init__(self, call: Call, problem: str) -> None:
        super().__init__(problem)
        self.call = call


class RefusedError(CallError):
    """The target refused the request."""

    def __init__(self, call: Call, refusal: Refusal) -> None:
        super().__init__(call, f"{call.operation} was refused with {refusal.status}: {refusal.message!r}")
        self.status = refusal.status
        self.code = refusal.code
        self.message = refusal.message


class NotRefusedError(CallError):
    """The target accepted what it must refuse."""

    def __init__(self, call: Call) -> None:
        super().__init__(call, f"{call.operation} was not refused: {call.status}")


class NoResponseError(CallError):
    """The target gave no complete response."""

    def __init__(self, call: Call, outcome: NoResponse) -> None:
        super().__init__(call, f"{call.operation} got no response: {outcome.fault}")
        self.fault = outcome.fault


class UnusableResponseError(CallError):
    """A response lacks what the caller needs to go on."""


class NotExpressibleError(Exception):
    """The client under test has no means to make this call: no fault of the target, and no verdict on it."""

    def __init__(self, call: Call, outcome: NotExpressible) -> None:
        super().__init__(f"{call.operation}: {outcome.what}")
        self.call = call


class UnsupportedError(NotExpressibleError):
    """The client under test lacks the operation, the argument or the option that this call needs."""

    @classmethod
    def for_call(cls, call: Call, what: str) -> UnsupportedError:
        """The error for a call after which there is nothing to look at, because the client lacks `what`."""
        return cls(call, NotExpressible(what))


class DisagreementError(CallError):
    """A response fails a check of Schemathesis."""
