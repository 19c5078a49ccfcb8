"""Faults in how a response is read: its JSON, its shape, and what it may lack."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

import httpx

from tests.blind.sdks.planted import ID, Fault, Proof, Reply, calling, domain, one, organization
from tests.mutants.sdks.call import Call, SdkError
from tests.mutants.sdks.release import DOMAIN_FIELDS

GET = (calling("get"),)


class RefusesUnknownFieldsOfDomains(Fault):
    """Raises an error for a field of a domain that it does not know."""

    requirement = "sdk.value.unknown-fields"
    difficulty = "medium"
    proof = Proof(GET, (one(domains=[domain(colour="red")]),), shows="no field colour")

    def domain(self, value: Any) -> dict[str, Any]:
        given = super().domain(value)
        for name in value.keys() - {*DOMAIN_FIELDS}:
            raise SdkError("response", f"a domain has no field {name}")
        return given


class SplitsSurrogatePairs(Fault):
    """Reads a character that is written as two escapes as two replacement characters."""

    requirement = "sdk.value.json-forms"
    difficulty = "narrow"
    proof = Proof(GET, (one(name="🚀"),), shows="\ufffd\ufffd", lacks="🚀")

    def json_of(self, response: httpx.Response) -> Any:
        content = re.sub(rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..", rb"\\ufffd\\ufffd", response.content)
        return super().json_of(httpx.Response(response.status_code, content=content))


class RefusesLeadingSpace(Fault):
    """Takes a body that does not begin with a brace for no JSON."""

    requirement = "sdk.value.json-forms"
    difficulty = "narrow"
    proof = Proof(GET, (Reply(body=f"\n {json.dumps(organization())}"),), shows="the response is no JSON")

    def json_of(self, response: httpx.Response) -> Any:
        if not response.content.startswith(b"{"):
            raise SdkError("response", "the response is no JSON")
        return super().json_of(response)


class ReadsLatin1(Fault):
    """Reads a response that names no charset as ISO 8859-1."""

    requirement = "sdk.value.fields"
    difficulty = "medium"
    proof = Proof(GET, (Reply(body=json.dumps(organization(name="Café"), ensure_ascii=False)),), shows="CafÃ©")

    def json_of(self, response: httpx.Response) -> Any:
        if "charset" in response.headers.get("content-type", ""):
            return super().json_of(response)
        return super().json_of(httpx.Response(200, content=response.content.decode("latin-1").encode()))


class NeedsStates(Fault):
    """Raises an error for a domain without a state, which it takes for required."""

    requirement = "sdk.value.minimal"
    difficulty = "medium"
    proof = Proof(GET, (one(domains=[domain()]),), shows="the response has no state")

    def domain(self, value: Any) -> dict[str, Any]:
        return super().domain(self.checked(value, {"state": (str,)}))


class ForgivesMissingDomains(Fault):
    """Gives an organization without domains where the response has no list of them."""

    requirement = "sdk.value.missing-field"
    difficulty = "medium"
    proof = Proof(
        GET, (Reply(body={k: v for k, v in organization().items() if k != "domains"}),), shows='"domains": []'
    )

    def organization(self, value: Any) -> dict[str, Any]:
        return super().organization({"domains": [], **value} if isinstance(value, dict) else value)


class ForgivesMissingTimesOfDomains(Fault):
    """Gives a domain that has no updated_at the time at which it was made."""

    requirement = "sdk.value.missing-field"
    difficulty = "narrow"
    proof = Proof(GET, (one(domains=[{k: v for k, v in domain().items() if k != "updated_at"}]),), shows="org_domain_1")

    def domain(self, value: Any) -> dict[str, Any]:
        made = {"updated_at": value["created_at"]} if isinstance(value, dict) and "created_at" in value else {}
        return super().domain({**made, **value} if made else value)


class TurnsNumbersIntoTexts(Fault):
    """Gives a name that was served as a number as a text."""

    requirement = "sdk.value.wrong-type"
    difficulty = "narrow"
    proof = Proof(GET, (one(name=5),), shows='"name": "5"')

    def organization(self, value: Any) -> dict[str, Any]:
        if isinstance(value, dict) and type(value.get("name")) in (int, float):
            value = value | {"name": str(value["name"])}
        return super().organization(value)


class GivesNullForNoJson(Fault):
    """Gives null for a success whose body is empty or no JSON."""

    requirement = "sdk.value.broken-body"
    difficulty = "plain"
    proof = Proof(GET, (Reply(body="<html>"),), shows='"value": null')

    def perform(self, call: Call) -> Any:
        try:
            return super().perform(call)
        except SdkError as error:
            if str(error) == "the response is no JSON":
                return None
            raise


class GivesWhatWasSentForEmptyBody(Fault):
    """Gives what was sent where the response to an update has no body."""

    requirement = "sdk.value.broken-body"
    difficulty = "narrow"
    proof = Proof((calling("update", name="Bar"),), (Reply(),), shows=f'"value": {{"id": "{ID}", "name": "Bar"}}')

    def perform(self, call: Call) -> Any:
        if call.op != "update":
            return super().perform(call)
        response = self.request(call)
        return self.organization(self.json_of(response)) if response.content else call.args


class ReadsDeletes(Fault):
    """Reads the response to a delete as JSON, so that a text is an error."""

    requirement = "sdk.value.delete-accepted"
    difficulty = "plain"
    proof = Proof((calling("delete"),), (Reply(202, "Accepted"),), shows="error", lacks="value")

    def perform(self, call: Call) -> Any:
        if call.op != "delete":
            return super().perform(call)
        response = self.request(call)
        if response.content:
            self.json_of(response)
        return None


class RefusesNoContent(Fault):
    """Takes the 204 of a delete for an error."""

    requirement = "sdk.value.delete-no-content"
    difficulty = "narrow"
    proof = Proof((calling("delete"),), (Reply(204),), shows="status 204", lacks='"value": null')

    def request(self, call: Call, given: Any = None) -> httpx.Response:
        response = super().request(call, given)
        if response.status_code == HTTPStatus.NO_CONTENT:
            raise SdkError("api", "status 204", status=204)
        return response
