"""Faults in when a request is sent again, and in the pauses before it."""

from __future__ import annotations

import math
from http import HTTPStatus

import httpx

from tests.blind.sdks.planted import Fault, Proof, Reply, calling, one, page, refusal
from tests.mutants.sdks.call import Call

GET = (calling("get"),)
ONCE_REFUSED = (refusal(503), one())
ONCE_LOST = (Reply(fate="lost"), one())
PAST = "Wed, 21 Oct 2015 07:28:00 GMT"


class TriesOnceTooOften(Fault):
    """Sends a request once more than was asked for."""

    requirement = "sdk.retry.bound"
    difficulty = "plain"
    proof = Proof((calling("get", client={"max_retries": 1}),), (refusal(503),), shows="pause 0.4")

    def most_retries(self, call: Call) -> int:
        return super().most_retries(call) + 1


class TakesRetriesForAttempts(Fault):
    """Takes the number of retries for the number of attempts: with one retry there is none."""

    requirement = "sdk.retry.status"
    difficulty = "medium"
    proof = Proof((calling("get", client={"max_retries": 1}),), ONCE_REFUSED, lacks="pause")

    def most_retries(self, call: Call) -> int:
        return max(super().most_retries(call) - 1, 0)


class TakesNoRetriesForDefault(Fault):
    """Repeats twice where no retries were asked for, since it takes 0 for nothing given."""

    requirement = "sdk.retry.none"
    difficulty = "medium"
    proof = Proof((calling("get", client={"max_retries": 0}),), (refusal(503),), shows="pause 0.4")

    def most_retries(self, call: Call) -> int:
        return super().most_retries(call) or 2


class GivesUpAtInternalErrors(Fault):
    """Repeats after 429, 502, 503 and 504, and not after 500."""

    requirement = "sdk.retry.status"
    difficulty = "medium"
    proof = Proof(GET, (refusal(500), one()), lacks="pause")

    def retries(self, status: int) -> bool:
        return super().retries(status) and status != HTTPStatus.INTERNAL_SERVER_ERROR


class GivesUpAtRateLimitOfLists(Fault):
    """Does not repeat a list that was answered 429."""

    requirement = "sdk.retry.status"
    difficulty = "narrow"
    proof = Proof((calling("list"),), (refusal(429), page()), lacks="pause")

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        response = super().send(call, method, target, attempt)
        if call.op == "list" and response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise self.refused(call, response)
        return response


class GivesUpAtLostResponses(Fault):
    """Repeats when the connection could not be made, and not when it was closed before the response."""

    requirement = "sdk.retry.transport"
    difficulty = "medium"
    proof = Proof(GET, ONCE_LOST, lacks="pause")

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        try:
            return super().send(call, method, target, attempt)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
            raise self.failed(error) from None


class RepeatsConflicts(Fault):
    """Repeats a request that was refused with 409."""

    requirement = "sdk.retry.refusals"
    difficulty = "medium"
    proof = Proof(GET, (refusal(409), one()), shows="pause 0.2")

    def retries(self, status: int) -> bool:
        return super().retries(status) or status == HTTPStatus.CONFLICT


class HurriesAfterLostResponses(Fault):
    """Sends a request again at once when its connection was closed, and pauses only after a response."""

    requirement = "sdk.retry.backoff"
    difficulty = "medium"
    proof = Proof(GET, ONCE_LOST, shows="pause 0.0", lacks="pause 0.2")

    def backoff(self, attempt: int) -> float:
        return 0.0

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        return super().wait_after(response, attempt) or super().backoff(attempt)


class HurriesAfterServerErrors(Fault):
    """Sends a request again at once after a 5xx."""

    requirement = "sdk.retry.backoff"
    difficulty = "plain"
    proof = Proof(GET, ONCE_REFUSED, shows="pause 0.0", lacks="pause 0.2")

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        is_server_error = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        return 0.0 if is_server_error else super().wait_after(response, attempt)


class ReadsRetryAfterAsMilliseconds(Fault):
    """Takes the seconds of Retry-After for milliseconds."""

    requirement = "sdk.retry.retry-after"
    difficulty = "medium"
    proof = Proof(GET, (refusal(429, {"Retry-After": "3"}), one()), shows="pause 0.0", lacks="pause 3.0")

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        wait = super().wait_after(response, attempt)
        return wait / 1000 if "retry-after" in response.headers else wait


class IgnoresRetryAfterOfServerErrors(Fault):
    """Follows Retry-After after 429 and not after 503."""

    requirement = "sdk.retry.retry-after"
    difficulty = "narrow"
    proof = Proof(GET, (refusal(503, {"Retry-After": "3"}), one()), shows="pause 0.2", lacks="pause 3.0")

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            return super().wait_after(response, attempt)
        return self.backoff(attempt)


class IgnoresDatesOfRetryAfter(Fault):
    """Pauses as usual where Retry-After is a date."""

    requirement = "sdk.retry.retry-after-date"
    difficulty = "medium"
    proof = Proof(GET, (refusal(429, {"Retry-After": PAST}), one()), shows="pause 0.2", lacks="pause 0.0")

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        said = response.headers.get("retry-after", "0")
        return super().wait_after(response, attempt) if said.isdecimal() else self.backoff(attempt)


class GivesUpAtRetryAfterOfZero(Fault):
    """Does not send a request again whose Retry-After is 0, since it takes that for no leave to come back."""

    requirement = "sdk.retry.retry-after-zero"
    difficulty = "narrow"
    proof = Proof(GET, (refusal(429, {"Retry-After": "0"}), one()), lacks="pause")

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        return math.inf if response.headers.get("retry-after") == "0" else super().wait_after(response, attempt)


class RepeatsOnDeadConnections(Fault):
    """Sends a request again whose connection was closed before the response, also where no retries are wanted."""

    requirement = "sdk.retry.none-on-a-dead-connection"
    difficulty = "narrow"
    proof = Proof((calling("get", client={"max_retries": 0}),), ONCE_LOST, shows="request 2")

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        try:
            return super().send(call, method, target, attempt)
        except httpx.RemoteProtocolError:
            return super().send(call, method, target, attempt)


class StumblesOverOddRetryAfter(Fault):
    """Raises an error of the language where Retry-After is no number and no date."""

    requirement = "sdk.retry.retry-after-bounded"
    difficulty = "narrow"
    proof = Proof(GET, (refusal(429, {"Retry-After": "soon"}), one()), shows='"class": "ValueError"')

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        said = response.headers.get("retry-after", "0")
        return (
            super().wait_after(response, attempt) if said.endswith("GMT") else float(int(said)) or self.backoff(attempt)
        )
