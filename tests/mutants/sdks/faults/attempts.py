"""Faults that only some attempts of a call have."""

from __future__ import annotations

import httpx

from tests.mutants.sdks.call import Call
from tests.mutants.sdks.release import Release


class LosesAHeaderOfLaterAttempts(Release):
    """Sends one of the extra headers with the first attempt alone."""

    requirement = "sdk.retry.same-request"

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        lost = [*call.opts.get("extra_headers", {})][-1:] if attempt else []
        return {name: text for name, text in super().headers(call, attempt).items() if name not in lost}


class WaitsAfterSomeFailures(Release):
    """Reads Retry-After in seconds after 429 and 503 alone."""

    requirement = "sdk.retry.retry-after"

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        is_known = response.status_code in (429, 503)
        return super().wait_after(response, attempt) if is_known else self.backoff(attempt)


class KnowsDatesOfFailuresAlone(Release):
    """Reads a date in Retry-After only after a failure of the server."""

    requirement = "sdk.retry.retry-after-date"

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        is_date = "," in response.headers.get("retry-after", "")
        return (
            self.backoff(attempt) if is_date and response.status_code == 429 else super().wait_after(response, attempt)
        )


class RepeatsAtTheUsualAddress(Release):
    """Sends a request again to the base URL of the client, whatever that of the call is."""

    requirement = "sdk.options.base-url"

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        usual = {name: option for name, option in call.opts.items() if name != "base_url"}
        made = Call(call.op, call.args, call.client, usual, call.limits, call.key) if attempt else call
        return super().send(made, method, target, attempt)
