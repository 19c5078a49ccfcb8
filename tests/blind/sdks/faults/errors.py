"""Faults in how failures are told."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import httpx

from tests.blind.sdks.planted import NOBODY, Fault, Proof, Reply, calling, organization, refusal
from tests.mutants.sdks.call import Call, SdkError

GET = (calling("get"),)
ONCE = (calling("get", client={"max_retries": 0}),)


class TellsConflictAsBadRequest(Fault):
    """Raises the error of a 400 for a 409."""

    requirement = "sdk.error.kind"
    difficulty = "medium"
    proof = Proof(GET, (refusal(409),), shows="stand_in.bad_request", lacks="stand_in.conflict")

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        error = super().refused(call, response)
        error.kind = "bad_request" if error.kind == "conflict" else error.kind
        return error


class TellsForbiddenAsUnauthorized(Fault):
    """Raises the error of a 401 for the 403 of a delete."""

    requirement = "sdk.error.kind"
    difficulty = "narrow"
    proof = Proof((calling("delete"),), (refusal(403),), shows="stand_in.authentication")

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        error = super().refused(call, response)
        error.kind = "authentication" if (call.op, error.kind) == ("delete", "authorization") else error.kind
        return error


class LosesCodeOfUnprocessable(Fault):
    """Gives no code with the error of a 422."""

    requirement = "sdk.error.code"
    difficulty = "medium"
    proof = Proof(GET, (refusal(422, code="invalid"),), shows='"code": null', lacks='"code": "invalid"')

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        error = super().refused(call, response)
        error.fields |= {"code": None} if response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY else {}
        return error


class TellsErrorsForMessage(Fault):
    """Gives the codes of an error's list of errors as its message, where there is such a list."""

    requirement = "sdk.error.message"
    difficulty = "narrow"
    proof = Proof(
        GET, (refusal(422, errors=[{"code": "name_required"}]),), shows='"message": "name_required"', lacks='"no"'
    )

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        error = super().refused(call, response)
        listed = response.json().get("errors") if error.fields["message"] in response.text else None
        codes = [str(item.get("code")) for item in listed or () if isinstance(item, dict)]
        error.fields |= {"message": ", ".join(codes)} if codes else {}
        return error


class FindsRequestIdInLowerCase(Fault):
    """Finds the request id only where the server writes the header's name in lower case."""

    requirement = "sdk.error.request-id"
    difficulty = "narrow"
    proof = Proof(GET, (refusal(404, {"X-Request-ID": "req_1"}),), lacks='"request_id": "req_1"')

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        error = super().refused(call, response)
        error.fields["request_id"] = dict(response.headers.raw).get(b"x-request-id", b"").decode() or None
        return error


class LosesStatusAfterRetries(Fault):
    """Raises an error without a status when the last retry has failed."""

    requirement = "sdk.error.status"
    difficulty = "medium"
    proof = Proof(GET, (refusal(503),), shows='"status": null', lacks='"status": 503')

    def request(self, call: Call, given: Any = None) -> httpx.Response:
        try:
            return super().request(call, given)
        except SdkError as error:
            status = error.fields["status"]
            if call.retries and isinstance(status, int) and self.retries(status):
                error.fields["status"] = None
            raise


class RaisesForHtmlErrors(Fault):
    """Raises the error of its JSON library where an error response is no JSON."""

    requirement = "sdk.error.own-class"
    difficulty = "plain"
    proof = Proof(GET, (Reply(404, "<html>"),), shows='"class": "JSONDecodeError"')

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        response.json()
        return super().refused(call, response)


class RaisesForListsOfErrors(Fault):
    """Raises an error of the language where an error response is a list or null."""

    requirement = "sdk.error.any-body"
    difficulty = "narrow"
    proof = Proof(GET, (Reply(404, [{"message": "no"}]),), shows='"is_sdk_error": false', lacks='"status": 404')

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        error = super().refused(call, response)
        try:
            said = response.json()
        except ValueError:
            return error
        said["message"] = said.get("message")
        return error


class TellsKeyWhenUnreachable(Fault):
    """Tells the headers of the request, the key among them, in the error of a connection that was refused."""

    requirement = "sdk.error.no-key"
    difficulty = "narrow"
    proof = Proof((calling("get", client={"base_url": NOBODY, "max_retries": 0}),), shows="Bearer sk_first")

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        try:
            return super().send(call, method, target, attempt)
        except httpx.ConnectError as error:
            raise httpx.ConnectError(f"{error}: {method} {target} {self.headers(call, attempt)}") from None


class RaisesForeignTimeouts(Fault):
    """Lets the timeout of its HTTP library through."""

    requirement = "sdk.error.timeout"
    difficulty = "plain"
    proof = Proof((calling("get", client={"timeout_ms": 500}),), (Reply(fate="late"),), shows='"is_sdk_error": false')

    def failed(self, error: httpx.TransportError) -> SdkError:
        if isinstance(error, httpx.TimeoutException):
            raise error
        return super().failed(error)


class RaisesForeignErrorsWhenCutOff(Fault):
    """Lets the error of its HTTP library through where a response ends before it is complete."""

    requirement = "sdk.error.incomplete"
    difficulty = "medium"
    proof = Proof(ONCE, (Reply(body=organization(), fate="cut off"),), shows='"is_sdk_error": false')

    def failed(self, error: httpx.TransportError) -> SdkError:
        if "complete message body" in str(error):
            raise error
        return super().failed(error)


class TakesIncompleteResponses(Fault):
    """Takes what arrived for the response where the connection ends before the announced length."""

    requirement = "sdk.error.incomplete"
    difficulty = "narrow"
    proof = Proof(ONCE, (Reply(body=organization(), fate="cut off"),), shows='"type": "value"')

    def http(self, call: Call) -> httpx.Client:
        client = super().http(call)
        client._transport = client._transport if isinstance(client._transport, _Lenient) else _Lenient()
        return client


class _Lenient(httpx.HTTPTransport):
    """Gives what arrived of a response."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        arrived: list[bytes] = []
        try:
            arrived.extend(response.iter_raw())
        except httpx.RemoteProtocolError:
            response.close()
        return httpx.Response(response.status_code, headers=response.headers, content=b"".join(arrived))


class SwallowsMissingOfDeletes(Fault):
    """Takes the 404 of a delete for a success, since the organization is gone."""

    requirement = "sdk.error.raised"
    difficulty = "medium"
    proof = Proof((calling("delete"),), (refusal(404),), shows='"type": "value"')

    def perform(self, call: Call) -> Any:
        try:
            return super().perform(call)
        except SdkError as error:
            if (call.op, error.fields["status"]) == ("delete", 404):
                return None
            raise


class RaisesForeignRefusals(Fault):
    """Lets the error of its HTTP library through where the connection is refused."""

    requirement = "sdk.error.connection"
    difficulty = "medium"
    proof = Proof((calling("get", client={"base_url": NOBODY, "max_retries": 0}),), shows='"class": "ConnectError"')

    def failed(self, error: httpx.TransportError) -> SdkError:
        if isinstance(error, httpx.ConnectError):
            raise error
        return super().failed(error)
