"""One use of an SDK with what is wrong with it, as scenarios ask about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from conformance.harness.api.call import NotExpressible as CannotBeSaid
from conformance.harness.api.errors import NotExpressibleError, UnsupportedError
from conformance.harness.api.use import Use, plain
from conformance.harness.judges.fidelity.call import judge_call
from conformance.harness.judges.fidelity.discrepancy import Discrepancy, shown
from conformance.harness.judges.fidelity.iteration import succeeded
from conformance.harness.judges.finding import Finding, FindingError
from conformance.harness.wire.proxy.recording import RecordedExchange, RecordedRequest
from sdks.calls import Failed, Failure, NotExpressible, Options, Raised, Reply, Returned
from specs.requirements import catalogue

FORMS = ("null.", "absent.", "type.", "unknown.")
"""How the names of capabilities begin that say how a value is given, not which operation or option there is."""


GENERAL = ("sdk.error.unprovoked", "sdk.error.own-class", "sdk.error.raised", "sdk.error.timeout")
"""What is said of any error, unless the call is about something that the error shows."""


ENDLESS = ("sdk.error.timeout", "sdk.retry.retry-after-bounded")
"""What a call breaks that has to be ended together with its driver."""


class BrokenDriverError(Exception):
    """A driver failed by its own fault: nothing can be said of the SDK."""


@dataclass(frozen=True)
class Judged:
    """One use of an SDK, judged."""

    use: Use
    discrepancies: tuple[Discrepancy, ...]

    @property
    def reply(self) -> Reply:
        """What came of it."""
        return self.use.reply

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.use.seconds

    @property
    def exchanges(self) -> list[RecordedExchange]:
        """What went over the wire before it was over. Raises NotExpressibleError where nothing could be asked."""
        self.ensure_said()
        return [exchange for exchange in self.use.recorded.exchanges if not exchange.late]

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests that it sent. Raises NotExpressibleError where nothing could be asked."""
        return [exchange.request for exchange in self.exchanges]

    @property
    def told(self) -> str:
        """What came of it, in a few words."""
        return described(self.reply)

    @property
    def gave_a_value(self) -> bool:
        """Whether it ended without an error. Raises NotExpressibleError where nothing could be asked."""
        self.ensure_said()
        return isinstance(self.reply, Returned)

    @property
    def value(self) -> Any:
        """What the SDK gave back, as JSON. Raises AssertionError where it gave nothing."""
        self.ensure_said()
        assert isinstance(self.reply, Returned), f"no value: {described(self.reply)}"
        return plain(self.reply.value)

    @property
    def error(self) -> Raised:
        """The error that the SDK raised. Raises AssertionError where it raised none."""
        self.ensure_said()
        assert isinstance(self.reply, Raised), f"no error: {described(self.reply)}"
        return self.reply

    def ensure_said(self) -> None:
        """Raises NotExpressibleError or UnsupportedError where the SDK has no means to make this call."""
        if isinstance(self.reply, NotExpressible):
            lacks = not all(name.startswith(FORMS) for name in self.reply.reasons)
            call = self.use.as_call(self.use.arguments)
            what = CannotBeSaid(", ".join(self.reply.reasons))
            raise (UnsupportedError if lacks else NotExpressibleError)(call, what)

    def check(self, requirement: str) -> None:
        """Raises FindingError when the use did not meet the requirement, NotExpressibleError where it says nothing."""
        self.ensure_said()
        for found in self.discrepancies:
            if found.requirement == requirement:
                raise FindingError(self.finding(found))

    def fail(self, requirement: str, expected: str, seen: str) -> NoReturn:
        """Raises the finding that this use is."""
        raise FindingError(self.finding(Discrepancy(requirement, expected, seen)))

    def finding(self, found: Discrepancy) -> Finding:
        """A discrepancy as a finding, under its own operation where the requirement speaks of it."""
        known = catalogue()[found.requirement].operations
        operation = self.use.operation if self.use.operation in known else known[0]
        return Finding(found.requirement, operation, found.expected, found.seen, self.use.exchanges[-3:])


def judged(use: Use) -> Judged:
    """The use, held against what it was given and what was served. Raises BrokenDriverError."""
    found = tuple(_discrepancies(use))
    if use.about:
        found = tuple(one._replace(requirement=use.about) if one.requirement in GENERAL else one for one in found)
    return Judged(use, found)


def described(reply: Reply) -> str:
    """What came of a use, in a few words."""
    match reply:
        case Returned(value):
            return f"a value, {shown(value)}"
        case Raised():
            return f"{reply.error_class}: {reply.fields.get('message')}"
        case NotExpressible(reasons):
            return f"not expressible: {', '.join(reasons)}"
        case Failed():
            return f"the driver {reply.failure.value}: {reply.message}"


def _discrepancies(use: Use) -> Iterator[Discrepancy]:
    if isinstance(use.reply, NotExpressible):
        return
    if isinstance(use.reply, Failed):
        yield _failed(use, use.reply)
        return
    yield from judge_call(use.op, use.arguments, _options(use.options), use.recorded, _message(use.reply))


def _failed(use: Use, failed: Failed) -> Discrepancy:
    """A call that ended with its driver, under what should have come of it."""
    if failed.failure is Failure.HARNESS:
        raise BrokenDriverError(f"{use.op}: {failed.message}")
    exchanges = [exchange for exchange in use.recorded.exchanges if not exchange.late]
    if exchanges and succeeded(exchanges[-1]):
        return Discrepancy("sdk.error.unprovoked", "a value", described(failed))
    if failed.failure is Failure.HUNG and exchanges and exchanges[-1].complete:
        return _hung_after(exchanges[-1], failed)
    if failed.failure is Failure.HUNG:
        return Discrepancy(ENDLESS[0], "an error within the client's timeout", described(failed))
    return Discrepancy("sdk.error.own-class", "a value or an error class of the SDK's", described(failed))


def _hung_after(last: RecordedExchange, failed: Failed) -> Discrepancy:
    """A call that did not end although it was answered."""
    if last.response is not None and last.response.header("retry-after"):
        return Discrepancy(ENDLESS[1], "an end within the bound of the call", described(failed))
    return Discrepancy("sdk.error.raised", "an error", described(failed))


def _message(reply: Returned | Raised) -> Mapping[str, Any]:
    """The reply as the driver protocol has it."""
    if isinstance(reply, Returned):
        complete = {} if reply.complete is None else {"complete": reply.complete}
        return {"type": "value", "value": reply.value, **complete}
    items = {} if reply.items is None else {"items": list(reply.items)}
    known = {"class": reply.error_class, "is_sdk_error": reply.is_sdk_error, "kind": reply.kind}
    return {"type": "error", **known, **reply.fields, **items}


def _options(options: Options) -> Mapping[str, Any]:
    given = {"extra_headers": options.extra_headers, "idempotency_key": options.idempotency_key}
    return {name: value for name, value in given.items() if value is not None}
