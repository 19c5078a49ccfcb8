"""Answers that are legal and look otherwise: other serializers, open objects, optional properties."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.responses import Responses
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import on_response, relisted
from tests.blind.parts.messages import Json, Object, Reply, Request, reply, without
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, token, verified

OPEN = "O: objects are open"


@control("shape", OPEN, lambda w: w.made().get("deleted_at", 0) is None)
def thirteenth_organizations_have_grown() -> ASGIApp:
    """Organizations have properties that no document knows: nulls, numbers, objects, and one called data."""
    return showing(
        lambda shown, _: {
            "_links": {"self": {"href": f"/organizations/{shown['id']}"}},
            **shown,
            "deleted_at": None,
            "version": 7,
            "tenant": {"id": "t_1", "region": "eu", "metadata": {"x": 1}},
            "data": [],
        }
    )


@control("shape", OPEN, lambda w: "has_more" in w.list().json()["list_metadata"])
def thirteenth_lists_have_grown() -> ASGIApp:
    """Lists have counts, links and a facet beside what is documented."""

    def grown(value: Object) -> Json:
        cursors = value["list_metadata"]
        more = {**cursors, "has_more": bool(cursors["after"]), "page_size": len(value["data"])}
        return {"url": "/organizations", **value, "list_metadata": more, "total_count": None, "facets": {}}

    return relisted(grown)


def _by_length(w: Wire) -> object:
    return [*w.made(metadata={"zzz": "1", "aa": "2", "b": "3"})["metadata"]] == ["b", "aa", "zzz"]


@control("shape", "RFC 8259: an object has no order", _by_length)
def thirteenth_metadata_have_the_order_of_jsonb() -> ASGIApp:
    """Metadata keys come in another order than they were sent: shorter ones first, then by bytes."""
    return showing(
        lambda shown, _: {
            **shown,
            "metadata": dict(sorted(shown["metadata"].items(), key=lambda pair: (len(pair[0]), pair[0]))),
        }
    )


class Written(Responses):
    """Responses whose JSON is written otherwise."""

    def write(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def json(self, status: int, value: Any) -> Response:
        return self.response(status, self.write(value).encode(), "application/json; charset=utf-8")


@control("serializer", "RFC 8259: any character may be escaped", lambda w: b"\\u003c" in w.create(name="a<b").content)
def thirteenth_json_is_safe_in_html() -> ASGIApp:
    """In JSON the characters <, >, &, ' and / are written as escapes."""

    class Safe(Written):
        def write(self, value: Any) -> str:
            text = super().write(value)
            for character in "<>&'":
                text = text.replace(character, f"\\u{ord(character):04x}")
            return text.replace("/", "\\/")

    return app(responses=Safe())


@control("serializer", "RFC 8259: white space", lambda w: w.list().content.startswith(b"\r\n{\r\n\t"))
def thirteenth_json_is_printed_for_people() -> ASGIApp:
    """JSON is indented with tabulators, in lines that end with CR LF, between two empty lines."""

    class Pretty(Written):
        def write(self, value: Any) -> str:
            text = json.dumps(value, ensure_ascii=False, indent="\t", sort_keys=True)
            return "\r\n" + text.replace("\n", "\r\n") + "\r\n\r\n"

    return app(responses=Pretty())


@control("serializer", "RFC 8259: escapes", lambda w: b"\\uD83C\\uDF88" in w.create(name="🎈").content)
def thirteenth_json_is_ascii_with_capital_digits() -> ASGIApp:
    """In JSON everything beyond ASCII is written as escapes with capital digits."""

    class Ascii(Written):
        def write(self, value: Any) -> str:
            units = json.dumps(value, ensure_ascii=False).encode("utf-16-be", "surrogatepass")
            codes = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
            return "".join(chr(code) if code < 128 else f"\\u{code:04X}" for code in codes)

    return app(responses=Ascii())


@control(
    "shape",
    "O: allow_profiles_outside_organization is optional",
    lambda w: "allow_profiles_outside_organization" not in w.made(),
)
def thirteenth_false_is_left_out() -> ASGIApp:
    """allow_profiles_outside_organization is shown only where it is true."""
    name = "allow_profiles_outside_organization"
    return showing(lambda shown, _: shown if shown[name] else without(shown, name))


def _token_shown(w: Wire) -> object:
    return "verification_token" in w.made(domain_data=pending(domain()))["domains"][0]


@control("shape", "O: verification_prefix and verification_token are optional strings", _token_shown)
def thirteenth_domains_show_how_to_verify_them() -> ASGIApp:
    """A domain shows a verification_prefix, a verification_token that may be empty, and two unknown properties."""
    return showing_domains(
        lambda shown, kept: {
            **shown,
            "verification_prefix": "_workos-challenge",
            "verification_token": "m5Oztg3jdK4NJLgs8uIlIprMw" if kept.state == "pending" else "",
            "last_checked_at": None,
            "dns": {"records": []},
        }
    )


def _bare_domain(w: Wire) -> object:
    return "state" not in w.made(domain_data=verified(domain()))["domains"][0]


@control("shape", "O: state and verification_strategy are optional", _bare_domain, may_warn=True)
def thirteenth_domains_show_no_state() -> ASGIApp:
    """Domains show neither their state nor a strategy."""
    return showing_domains(lambda shown, _: without(shown, "state", "verification_strategy"))


@control(
    "shape", "O: date-time; three decimals are a SHOULD", lambda w: len(w.made()["created_at"]) == 30, may_warn=True
)
def thirteenth_moments_have_nine_decimals() -> ASGIApp:
    """Timestamps have nine decimals."""

    class Nano(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).replace("Z", "000000Z")

    return app(responses=Nano())


def _tombstone(w: Wire) -> object:
    return b'"deleted":true' in w.delete(w.made()["id"]).content


@control("delete", "O: 200 is documented, without a word on its body", _tombstone)
def thirteenth_a_delete_answers_with_a_tombstone() -> ASGIApp:
    """A delete answers 200 with an object that says what is gone."""

    def tombstone(request: Request, response: Reply) -> Reply:
        deleted = request.operation == "delete" and response.good
        return reply(200, {"object": "organization", "deleted": True}) if deleted else response

    return on_response(tombstone)


@control("delete", "O: 202 has no documented body", lambda w: w.delete(w.made()["id"]).content == b"")
def thirteenth_a_delete_is_accepted_silently() -> ASGIApp:
    """A delete answers 202 with an empty body and no Content-Type."""
    return on_response(
        lambda request, response: (
            response.with_header("content-type", None).replaced(body=b"")
            if request.operation == "delete" and response.good
            else response
        )
    )


def _german(_: Request, response: Reply) -> Reply:
    value = response.json
    if response.good or not isinstance(value, dict):
        return response
    more = {"trace_id": token(), "status": response.status, "help": None, "details": [{"message": 1}]}
    return response.with_json({**more, **value, "message": "Das geht nicht: „ungültig“."})


@control("errors", "O: message is a text for people; objects are open", lambda w: "ungültig" in w.create(name=1).text)
def thirteenth_refusals_speak_german() -> ASGIApp:
    """Refusals have their message in German, and properties beside it that nobody documented."""
    return on_response(_german)


def _plain_404(_: Request, response: Reply) -> Reply:
    return reply(404, {"message": "404"}) if response.status == 404 else response


@control(
    "errors",
    "O: a 404 has a message; the rest is a SHOULD",
    lambda w: w.get("x").json() == {"message": "404"},
    may_warn=True,
)
def thirteenth_a_404_has_a_message_alone() -> ASGIApp:
    """A 404 has nothing but a message, and that one is its number."""
    return on_response(_plain_404)


def _pointed(_: Request, response: Reply) -> Reply:
    if response.status != 422:
        return response
    errors = [{"code": "E1042", "pointer": "/" + each["field"].replace(".", "/")} for each in response.json["errors"]]
    return response.with_json({"message": "Validation failed", "errors": errors})


@control(
    "errors",
    "R: forms of 422 differ; codes are INFO",
    lambda w: w.create(name=1).json()["errors"][0]["code"] == "E1042",
)
def thirteenth_a_422_has_pointers() -> ASGIApp:
    """The errors of a 422 have a numbered code and a JSON pointer, and the whole has no code."""
    return on_response(_pointed)
