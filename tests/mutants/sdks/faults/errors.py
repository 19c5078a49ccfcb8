"""Faults in how failures are told."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import httpx

from tests.mutants.sdks.call import Call, SdkError
from tests.mutants.sdks.release import Release


class SwallowsErrors(Release):
    """Gives an empty organization for what was not found."""

    requirement = "sdk.error.raised"

    def perform(self, call: Call) -> Any:
        try:
            return super().perform(call)
        except SdkError as error:
            if error.fields["status"] != HTTPStatus.NOT_FOUND:
                raise
            return None


class RefusesCreated(Release):
    """Takes 201 for an error."""

    requirement = "sdk.error.unprovoked"

    def request(self, call: Call, given: Any = None) -> httpx.Response:
        response = super().request(call, given)
        if response.status_code == HTTPStatus.CREATED:
            raise SdkError("api", "status 201")
        return response


class ParsesEveryError(Release):
    """Lets the error of its JSON parser out."""

    requirement = "sdk.error.own-class"

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        response.json()
        return super().refused(call, response)


class LetsTheLibrarysErrorsOut(Release):
    """Lets the errors of its HTTP library out."""

    requirement = "sdk.error.connection"

    def failed(self, error: httpx.TransportError) -> SdkError:
        raise error


class MixesUpKinds(Release):
    """Takes a conflict for a bad request."""

    requirement = "sdk.error.kind"

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        error = super().refused(call, response)
        error.kind = "bad_request" if error.kind == "conflict" else error.kind
        return error


class _Forgetful(Release):
    """Forgets one field of errors."""

    forgets = ""

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        error = super().refused(call, response)
        error.fields[self.forgets] = None
        return error


class ForgetsTheStatus(_Forgetful):
    """Forgets the status of an error."""

    requirement, forgets = "sdk.error.status", "status"


class ForgetsTheCode(_Forgetful):
    """Forgets the code of an error."""

    requirement, forgets = "sdk.error.code", "code"


class ForgetsTheMessage(_Forgetful):
    """Forgets the message of an error."""

    requirement, forgets = "sdk.error.message", "message"


class ForgetsTheRequestId(_Forgetful):
    """Forgets the request id of an error."""

    requirement, forgets = "sdk.error.request-id", "request_id"


class ShowsTheKey(Release):
    """Tells the key in the message of an error."""

    requirement = "sdk.error.no-key"

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        error = super().refused(call, response)
        error.fields["message"] = f"{error.fields['message']} (key {call.client['api_key']})"
        return error


class GuessesTheStatus(Release):
    """Knows the status only of errors whose body is an object."""

    requirement = "sdk.error.any-body"

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        error = super().refused(call, response)
        if not response.content.startswith(b"{"):
            error.fields["status"] = None
        return error


class TakesHalfForTheWhole(Release):
    """Gives back the last organization where a response was cut off."""

    requirement = "sdk.error.incomplete"

    def perform(self, call: Call) -> Any:
        try:
            return super().perform(call)
        except SdkError as error:
            if error.kind != "connection" or "incomplete" not in error.fields["message"]:
                raise
            return {"id": "org_1", "name": "the last one"}


class LetsTimeoutsThrough(Release):
    """Lets the timeout of the language out."""

    requirement = "sdk.error.timeout"

    def failed(self, error: httpx.TransportError) -> SdkError:
        if isinstance(error, httpx.TimeoutException):
            raise TimeoutError
        return super().failed(error)


class KnowsFewStatuses(Release):
    """Takes a response of a status that it does not know for a success."""

    requirement = "sdk.error.raised"

    def request(self, call: Call, given: Any = None) -> httpx.Response:
        try:
            return super().request(call, given)
        except SdkError as error:
            if error.fields["status"] not in (402, 410):
                raise
            return httpx.Response(200, json={"object": "organization"})

    def organization(self, value: Any) -> dict[str, Any]:
        return value if value == {"object": "organization"} else super().organization(value)
