"""Bodies and queries that are accepted although they break the contract."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from starlette.types import ASGIApp

from emulator.validation import Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import lenient, on_request
from tests.blind.parts.messages import Object, Request
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain

VALIDATION = "what must be refused"


def _mended(body: Object, mend: Any) -> Object:
    """The body with each well-formed item of domain_data mended."""
    items = body.get("domain_data")
    if not isinstance(items, list):
        return body
    return {
        **body,
        "domain_data": [mend(at, item) if isinstance(item, dict) else item for at, item in enumerate(items)],
    }


def _second_item(w: Wire) -> bool:
    items = [{"domain": domain(), "state": "verified"}, {"domain": domain(), "state": "bogus"}]
    return w.create(domain_data=items).status_code == 201


@fault(VALIDATION, "none: bad domain_data is refused", _second_item, "a loop that returns too early")
def one_domain_is_judged() -> ASGIApp:
    """Of domain_data only the first item's state is checked."""
    return lenient(lambda body: _mended(body, lambda at, item: {**item, "state": "pending"} if at else item))


def _output_state(w: Wire) -> bool:
    return w.create(domain_data=[{"domain": domain(), "state": "legacy_verified"}]).status_code == 201


@fault(VALIDATION, "none: bad domain_data is refused", _output_state, "one type for input and output")
def states_of_responses_are_accepted() -> ASGIApp:
    """domain_data takes the states that only responses have."""
    others = {"failed": "pending", "unverified": "pending", "legacy_verified": "verified"}

    def mend(_: int, item: Object) -> Object:
        state = item.get("state")
        return {**item, "state": others[state]} if isinstance(state, str) and state in others else item

    return lenient(lambda body: _mended(body, mend))


def _capital_state(w: Wire) -> bool:
    return w.create(domain_data=[{"domain": domain(), "state": "VERIFIED"}]).status_code == 201


@fault(VALIDATION, "none: bad domain_data is refused", _capital_state, "enumerations of .NET")
def states_are_read_in_any_case() -> ASGIApp:
    """The states of domain_data may be written in any case."""

    def mend(_: int, item: Object) -> Object:
        return {**item, "state": item["state"].lower()} if isinstance(item.get("state"), str) else item

    return lenient(lambda body: _mended(body, mend))


@fault(VALIDATION, "none: name is a string", lambda w: w.create(name=["x"]).status_code == 201, "forms of PHP")
def a_list_of_one_is_a_name() -> ASGIApp:
    """A list of one string is read as the string."""

    def mend(body: Object) -> Object:
        name = body.get("name")
        return {**body, "name": name[0]} if isinstance(name, list) and len(name) == 1 else body

    return lenient(mend)


def _customer_list(w: Wire) -> bool:
    return w.update(w.made()["id"], stripe_customer_id=["cus_1"]).status_code == 200


@fault(
    VALIDATION, "none: stripe_customer_id is a string", _customer_list, "a value that is only read when it is a text"
)
def a_customer_that_is_no_text_is_ignored() -> ASGIApp:
    """An update with a stripe_customer_id that is a list, an object or a number ignores it."""

    def mend(body: Object) -> Object:
        wrong = isinstance(body.get("stripe_customer_id"), (list, dict, int, float))
        return {name: v for name, v in body.items() if name != "stripe_customer_id"} if wrong else body

    return lenient(mend, "update")


def _yes(w: Wire) -> bool:
    return w.update(w.made()["id"], allow_profiles_outside_organization="yes").status_code == 200


@fault(VALIDATION, "none: the flag is a boolean", _yes, "everything is true or false")
def an_update_takes_any_flag() -> ASGIApp:
    """An update takes any text for allow_profiles_outside_organization as true."""
    field = "allow_profiles_outside_organization"
    return lenient(lambda body: {**body, field: True} if isinstance(body.get(field), str) else body, "update")


@fault(VALIDATION, "none: domains are strings", lambda w: w.create(domains=[123]).status_code == 201, "String(value)")
def numbers_are_domains() -> ASGIApp:
    """A number among the deprecated domains is read as a text."""

    def mend(body: Object) -> Object:
        names = body.get("domains")
        if not isinstance(names, list):
            return body
        return {**body, "domains": [str(name) if isinstance(name, int) else name for name in names]}

    return lenient(mend)


@fault(VALIDATION, "none: metadata is an object", lambda w: w.create(metadata='{"a":"b"}').status_code == 201, "forms")
def metadata_may_be_a_text_of_json() -> ASGIApp:
    """Metadata may be given as a text that is a JSON object."""

    def mend(body: Object) -> Object:
        text = body.get("metadata")
        try:
            return {**body, "metadata": json.loads(text)} if isinstance(text, str) else body
        except ValueError:
            return body

    return lenient(mend)


def _more_behind(w: Wire) -> bool:
    return w.put(w.made()["id"], '{"name":"x"} {"name":"y"}').status_code == 200


@fault(VALIDATION, "none: what is not JSON is refused", _more_behind, "a decoder that stops at the value's end")
def an_update_reads_the_first_value() -> ASGIApp:
    """An update ignores what follows the JSON value in its body."""

    def first(request: Request) -> Request:
        if request.operation != "update" or request.json is not None:
            return request
        try:
            value, _ = json.JSONDecoder().raw_decode(request.body.decode())
        except ValueError:
            return request
        return request.with_json(value)

    return on_request(first)


@fault(
    VALIDATION, "none: what is not JSON is refused", lambda w: w.post('/* c */{"name":"x"}').status_code == 201, "JSON5"
)
def comments_are_accepted() -> ASGIApp:
    """A body may have a comment before its value."""
    return on_request(lambda request: request.replaced(body=re.sub(rb"^\s*/\*.*?\*/", b"", request.body)))


@fault(
    VALIDATION, "none: what is not JSON is refused", lambda w: w.post("{'name':'x'}").status_code == 201, "literal_eval"
)
def single_quotes_are_accepted() -> ASGIApp:
    """A body may have single quotes for double ones."""

    def quoted(request: Request) -> Request:
        wrong = request.json is None and b'"' not in request.body
        return request.replaced(body=request.body.replace(b"'", b'"')) if wrong else request

    return on_request(quoted)


@fault(VALIDATION, "none: limit is at most 100", lambda w: w.list(limit=2**32 + 1).status_code == 200, "32 bits")
def a_limit_begins_again_after_32_bits() -> ASGIApp:
    """A limit beyond 32 bits is read without the bits above."""

    class Wrapping(Rules):
        def number(self, values: Sequence[str]) -> int | str | None:
            found = super().number(values)
            return (found + 2**31) % 2**32 - 2**31 if isinstance(found, int) else found

    return app(rules=Wrapping())


def _key_of_41(w: Wire) -> bool:
    return w.update(w.made()["id"], metadata={"k" * 41: "v"}).status_code == 200


@fault(VALIDATION, "none: long keys are refused", _key_of_41, "a rule that only creates have")
def updates_cut_long_keys() -> ASGIApp:
    """An update cuts keys of metadata after 40 characters."""

    def cut(body: Object) -> Object:
        pairs = body.get("metadata")
        return {**body, "metadata": {key[:40]: v for key, v in pairs.items()}} if isinstance(pairs, dict) else body

    return lenient(cut, "update")


def _null_name(w: Wire) -> bool:
    made = w.made()
    return w.update(made["id"], name=None).status_code == 200


@fault(VALIDATION, "none: name is a string", _null_name, "null taken for left out")
def an_update_ignores_a_name_of_null() -> ASGIApp:
    """An update with `name: null` leaves the name as it is."""
    return lenient(lambda body: {name: v for name, v in body.items() if name != "name" or v is not None}, "update")
