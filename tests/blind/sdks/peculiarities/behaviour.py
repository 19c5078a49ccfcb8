"""Legal peculiarities in what is given back, told and repeated."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import Any

import httpx

from tests.blind.sdks.parts import FollowsRedirects
from tests.blind.sdks.planted import Peculiarity, Proof, calling, domain, named, one, redirect, refusal
from tests.mutants.sdks.call import Call, SdkError
from tests.mutants.sdks.release import LONGEST_WAIT

GET = (calling("get"),)
TWO_HOURS_EAST = timezone(timedelta(hours=2))


def dated(value: dict[str, Any]) -> dict[str, Any]:
    """An object whose timestamps are dates in another time zone."""
    return value | {name: in_the_east(value[name]) for name in ("created_at", "updated_at")}


def in_the_east(text: str) -> Any:
    """A timestamp as a date. Raises SdkError."""
    try:
        return {"$date": datetime.fromisoformat(text).astimezone(TWO_HOURS_EAST).isoformat(timespec="microseconds")}
    except ValueError:
        raise SdkError("response", "the response has no timestamp") from None


class GivesDatesOfAnotherZone(Peculiarity):
    """Gives timestamps as dates with microseconds, two hours east; legal: sdk.value.timestamps asks for the moment."""

    proof = Proof(GET, (one(domains=[domain()]),), shows='{"$date": "2026-01-15T14:00:00.123000+02:00"}')

    def organization(self, value: Any) -> dict[str, Any]:
        return dated(super().organization(value))

    def domain(self, value: Any) -> dict[str, Any]:
        return dated(super().domain(value))


class GivesEnumMembers(Peculiarity):
    """Gives states and strategies as members of enums, unknown ones too; legal: the value on the wire is kept."""

    proof = Proof(GET, (one(domains=[domain(state="pending")]),), shows='"state": {"$enum": "pending"}')

    def domain(self, value: Any) -> dict[str, Any]:
        given = super().domain(value)
        words = {name: given[name] for name in ("state", "verification_strategy") if name in given}
        return given | {name: {"$enum": word} for name, word in words.items() if isinstance(word, str)}


class GivesNullForAbsentFields(Peculiarity):
    """Gives null for an optional field that was not served; legal: sdk.value.nothing-invented lets it have no value."""

    proof = Proof(GET, (one(),), shows='"stripe_customer_id": null')

    def organization(self, value: Any) -> dict[str, Any]:
        absent = {"stripe_customer_id": None, "allow_profiles_outside_organization": None}
        return absent | super().organization(value)

    def domain(self, value: Any) -> dict[str, Any]:
        optional = ("state", "verification_prefix", "verification_token", "verification_strategy")
        return dict.fromkeys(optional) | super().domain(value)


class GivesUnknownFields(Peculiarity):
    """Gives fields of an organization that it does not know as well; legal: objects are open, and they were served."""

    proof = Proof(GET, (one(colour="red"),), shows='"colour": "red"')

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        unknown = {name: field for name, field in value.items() if isinstance(field, str) and name not in given}
        return {name: field for name, field in unknown.items() if re.fullmatch("[a-z_]+", name)} | given


class NamesErrorsInItsOwnWay(Peculiarity):
    """Has error classes of other names in another module; legal: they are the SDK's own, and no source names them."""

    proof = Proof(GET, (refusal(404),), shows='"class": "com.stand_in.common.NotFoundException"')

    def raised(self, error: SdkError) -> dict[str, Any]:
        words = error.kind.title().replace("_", "")
        return super().raised(error) | {"class": f"com.stand_in.common.{words}Exception"}


class HasOneErrorClassForRefusals(Peculiarity):
    """Has one class for all refusals but 404, with status and code; legal: told apart as far as there are classes."""

    proof = Proof(GET, (refusal(422),), shows="stand_in.api", lacks="stand_in.unprocessable")

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        error = super().refused(call, response)
        error.kind = error.kind if error.kind in ("not_found", "server") else "api"
        return error


class RepeatsNoWrites(Peculiarity):
    """Sends no create, update or delete again; legal: sdk.retry.writes is INFO, the contract leaves them open."""

    proof = Proof((calling("create"),), (refusal(503), one()), lacks="pause")

    def most_retries(self, call: Call) -> int:
        return super().most_retries(call) if call.op in ("get", "lookup", "list") else 0


class RepeatsAfterRequestTimeouts(Peculiarity):
    """Sends a request again that was answered 408; legal: RFC 9110 section 15.5.9, and no requirement names 408."""

    proof = Proof(GET, (refusal(408), one()), shows="pause")

    def retries(self, status: int) -> bool:
        return super().retries(status) or status == HTTPStatus.REQUEST_TIMEOUT


class PausesAsThePythonSdkDoes(Peculiarity):
    """Pauses a half to one and a half of a doubling second; legal: exponential backoff with jitter."""

    proof = Proof(GET, (refusal(503), one()), shows="pause 1.5")

    def backoff(self, attempt: int) -> float:
        return float(2**attempt * random.uniform(0.5, 1.5))


class AddsJitterToRetryAfter(Peculiarity):
    """Waits up to a quarter of a second longer than Retry-After says; legal: that is the least wait."""

    proof = Proof(GET, (refusal(429, {"Retry-After": "3"}), one()), shows="pause 3.2")

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        jitter = random.uniform(0, 0.25) if "retry-after" in response.headers else 0
        return super().wait_after(response, attempt) + jitter


class IgnoresLongRetryAfter(Peculiarity):
    """Pauses as usual where Retry-After says more than half a minute; legal: sdk.retry.retry-after-bounded."""

    proof = Proof(GET, (refusal(429, {"Retry-After": "86400"}), one()), shows="pause 0.2")

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        wait = super().wait_after(response, attempt)
        return wait if wait <= LONGEST_WAIT else self.backoff(attempt)


class FollowsRedirectsOfReads(FollowsRedirects, Peculiarity):
    """Follows up to five redirects of a read, with the key within the origin alone; legal: RFC 9110 section 15.4."""

    proof = Proof(GET, (redirect(302, "/x"), one()), shows="GET /x HTTP/1.1")


class AsksForFirstPageTwice(Peculiarity):
    """Asks for the first page again when it begins to iterate; legal: sdk.iterate.starts-once is INFO."""

    proof = Proof((calling("iterate"),), (named("one"),), shows="request 2 on")

    def iterate(self, call: Call) -> Iterator[dict[str, Any]]:
        self.page(self.json_of(self.request(Call("list", call.args, call.client, call.opts, call.limits), call.args)))
        yield from super().iterate(call)
