"""Faults in when a request is sent again, and where it goes."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import httpx

from tests.mutants.sdks.call import Call, SdkError
from tests.mutants.sdks.release import Release


class NeverRetries(Release):
    """Sends nothing again."""

    requirement = "sdk.retry.status"

    def retries(self, status: int) -> bool:
        return False


class GivesUpConnections(Release):
    """Sends nothing again after a connection failed."""

    requirement = "sdk.retry.transport"

    def failed(self, error: httpx.TransportError) -> SdkError:
        failure = super().failed(error)
        failure.kind = "timeout"
        return failure


class RetriesOnceMore(Release):
    """Sends a request once more than asked."""

    requirement = "sdk.retry.bound"

    def most_retries(self, call: Call) -> int:
        return super().most_retries(call) + (1 if call.retries else 0)


class RetriesUnasked(Release):
    """Takes no retries for no choice."""

    requirement = "sdk.retry.none"

    def most_retries(self, call: Call) -> int:
        return super().most_retries(call) or 1


class RetriesRefusals(Release):
    """Sends again what was refused."""

    requirement = "sdk.retry.refusals"

    def retries(self, status: int) -> bool:
        return status >= 400


class ChangesTheRequest(Release):
    """Says in the query which attempt it is."""

    requirement = "sdk.retry.same-request"

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        return super().send(call, method, f"{target}?attempt={attempt}" if attempt else target, attempt)


class Hammers(Release):
    """Sends again at once."""

    requirement = "sdk.retry.backoff"

    def backoff(self, attempt: int) -> float:
        return 0.0


class IgnoresRetryAfter(Release):
    """Does not read Retry-After."""

    requirement = "sdk.retry.retry-after"

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        return self.backoff(attempt)


class KnowsNoDates(Release):
    """Reads Retry-After only in seconds."""

    requirement = "sdk.retry.retry-after-date"

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        is_date = "," in response.headers.get("retry-after", "")
        return self.backoff(attempt) if is_date else super().wait_after(response, attempt)


class TakesZeroForAnError(Release):
    """Gives up where it may go on at once."""

    requirement = "sdk.retry.retry-after-zero"

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        return 1e6 if response.headers.get("retry-after") == "0" else super().wait_after(response, attempt)


class WaitsForADay(Release):
    """Waits as long as it is told to."""

    requirement = "sdk.retry.retry-after-bounded"

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        wait = super().wait_after(response, attempt)
        if wait > 3600:
            threading.Event().wait(wait)
        return wait


class RetriesUnderANewKey(Release):
    """Makes a key for each attempt."""

    requirement = "sdk.retry.generated-key"

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        return call.opts.get("idempotency_key") or (str(uuid.uuid4()) if call.op == "create" else None)


class LosesTheGivenKey(Release):
    """Sends the given key with the first attempt alone."""

    requirement = "sdk.retry.given-key"

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        return super().idempotency_key(call, attempt) if attempt == 0 else call.key


class UsesOneKey(Release):
    """Uses one key for all creates."""

    requirement = "sdk.retry.fresh-key"

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        given: str | None = call.opts.get("idempotency_key")
        return given or ("the key" if call.op == "create" else None)


class CreatesTwice(Release):
    """Sends a create again without any key."""

    requirement = "sdk.retry.applied-once"

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        return None


class _Follows(Release):
    """Follows redirects."""

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        response = super().send(call, method, target, attempt)
        while response.is_redirect:
            response = self.follow(call, response)
        return response

    def follow(self, call: Call, response: httpx.Response) -> httpx.Response:
        """The response that a redirect leads to."""
        address = httpx.URL(response.headers["location"])
        same = address.netloc == httpx.URL(call.base_url).netloc
        return self.http(call).request(
            self.method_after(response),
            address,
            headers=self.headers_for(call, same_origin=same),
            content=self.encoded(self.body(call)) if call.op in ("create", "update") else None,
            timeout=call.timeout,
        )

    def method_after(self, response: httpx.Response) -> str:
        """The method of the request that was redirected."""
        return response.request.method

    def headers_for(self, call: Call, *, same_origin: bool) -> dict[str, str]:
        """The headers that a redirect is followed with."""
        secret = () if same_origin else ("authorization", "idempotency-key")
        return {name: value for name, value in self.headers(call, 0).items() if name not in secret}


class SendsTheKeyAbroad(_Follows):
    """Sends its key wherever it is redirected."""

    requirement = "sdk.redirect.key-stays"

    def headers_for(self, call: Call, *, same_origin: bool) -> dict[str, str]:
        return self.headers(call, 0)


class SendsTheIdempotencyKeyAbroad(_Follows):
    """Sends the idempotency key wherever it is redirected."""

    requirement = "sdk.redirect.idempotency-key-stays"

    def headers_for(self, call: Call, *, same_origin: bool) -> dict[str, str]:
        headers = self.headers(call, 0)
        return headers if same_origin else {name: text for name, text in headers.items() if name != "authorization"}


class TurnsWritesIntoReads(_Follows):
    """Follows every redirect with GET."""

    requirement = "sdk.redirect.write-stays-a-write"

    def method_after(self, response: httpx.Response) -> str:
        return "GET"


class FollowsForEver(_Follows):
    """Follows a circle."""

    requirement = "sdk.redirect.bounded"


class GivesTheRedirectBack(Release):
    """Takes a redirect for a success."""

    requirement = "sdk.redirect.followed-or-refused"

    def perform(self, call: Call) -> Any:
        try:
            return super().perform(call)
        except SdkError as error:
            status = error.fields["status"]
            if status is None or not 300 <= status < 400:
                raise
            return {"id": "org_0", "data": [{"id": "org_0"}]}


class IgnoresTheRetriesOfACall(Release):
    """Repeats as often as the client says."""

    requirement = "sdk.options.retries"

    def most_retries(self, call: Call) -> int:
        return int(call.client.get("max_retries", 2))


class LeavesARequestBehind(Release):
    """Goes on in the background after a timeout."""

    requirement = "sdk.isolation.late-requests"

    def request(self, call: Call, given: Any = None) -> httpx.Response:
        try:
            return super().request(call, given)
        except SdkError as error:
            if error.kind == "timeout" and call.retries:
                method, target = self.target(call)
                threading.Timer(1.0, self.send, (call, method, target, 1)).start()
            raise


class AnswersTheLastCall(Release):
    """Keeps what was asked for last in one place for all calls."""

    requirement = "sdk.isolation.parallel"

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._first: dict[str, Any] = {}

    def perform(self, call: Call) -> Any:
        given = super().perform(call)
        if not isinstance(given, dict) or not str(given.get("name")).startswith("mark-"):
            return given
        return self._first.setdefault(call.op, given)


class SendsTheKeyToOtherPorts(_Follows):
    """Takes every port of a host for one origin."""

    requirement = "sdk.redirect.key-stays"

    def follow(self, call: Call, response: httpx.Response) -> httpx.Response:
        address = httpx.URL(response.headers["location"])
        headers = self.headers_for(call, same_origin=address.host == httpx.URL(call.base_url).host)
        content = self.encoded(self.body(call)) if call.op in ("create", "update") else None
        method = response.request.method
        return self.http(call).request(method, address, headers=headers, content=content, timeout=call.timeout)
