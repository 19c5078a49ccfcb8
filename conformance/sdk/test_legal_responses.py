"""Whatever the contract lets a server answer is taken, and given back as it is."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from conformance.harness.api.errors import UnsupportedError
from conformance.harness.api.use import ITERATE
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.value import member
from conformance.harness.wire.proxy.replies import Always, Reply, json_reply
from conformance.sdk.cases import ARGUMENTS, each_operation, organization_in, served
from strategies.organizations import maximal, minimal, page, with_domain

UNKNOWN: dict[str, Any] = {
    "colour": "blue",
    "a_number": 1.5,
    "nothing": None,
    "camelCase": True,
    "nested": {"id": "x", "list": [{"object": "organization"}]},
    "class": ["reserved", "word"],
}
"""Fields that a later version of the API may add."""


@each_operation("sdk.value.unknown-fields")
def test_unknown_fields_do_no_harm(sdk: SdkUnderTest, operation: str) -> None:
    status, body = served(operation, with_domain(**UNKNOWN) | UNKNOWN)
    use = sdk.call(operation, ARGUMENTS[operation], script=Always(json_reply(status, body | UNKNOWN)))
    use.check("sdk.value.unknown-fields")


@each_operation("sdk.value.unknown-enum")
@pytest.mark.parametrize("field", ["state", "verification_strategy"])
def test_an_unknown_value_of_an_enumeration_is_kept(sdk: SdkUnderTest, operation: str, field: str) -> None:
    answer = json_reply(*served(operation, with_domain(**{field: "carrier_pigeon"})))
    sdk.call(operation, ARGUMENTS[operation], script=Always(answer)).check("sdk.value.unknown-enum")


@each_operation("sdk.value.minimal")
def test_the_smallest_organization_is_given_back(sdk: SdkUnderTest, operation: str) -> None:
    answer = json_reply(*served(operation, minimal()))
    use = sdk.call(operation, ARGUMENTS[operation], script=Always(answer), about="sdk.value.minimal")
    given = organization_in(use.value)
    for field in ("id", "name", "domains", "metadata"):
        assert (field, given.get(field)) == (field, minimal()[field])


@each_operation("sdk.value.minimal")
def test_the_smallest_domain_is_given_back(sdk: SdkUnderTest, operation: str) -> None:
    optional = ("state", "verification_prefix", "verification_token", "verification_strategy")
    organization = with_domain()
    organization["domains"] = [{k: v for k, v in organization["domains"][0].items() if k not in optional}]
    answer = json_reply(*served(operation, organization))
    use = sdk.call(operation, ARGUMENTS[operation], script=Always(answer), about="sdk.value.minimal")
    assert domains_in(use.value) == [organization["domains"][0]["domain"]]


@each_operation("sdk.value.maximal")
def test_the_largest_organization_is_given_back_whole(sdk: SdkUnderTest, operation: str) -> None:
    whole = maximal()
    answer = json_reply(*served(operation, whole))
    use = sdk.call(operation, ARGUMENTS[operation], script=Always(answer), about="sdk.value.maximal")
    given = organization_in(use.value)
    assert domains_in(use.value) == [domain["domain"] for domain in whole["domains"]]
    assert given.get("metadata") == whole["metadata"]
    for field in ("name", "external_id", "stripe_customer_id"):
        assert given.get(field) == whole[field]


def domains_in(value: Any) -> list[Any]:
    """The names of the domains of the one organization that an operation gave back."""
    return [member(domain, "domain") for domain in organization_in(value).get("domains") or ()]


def spelled(reply: Reply) -> Mapping[str, Reply]:
    """The same response in other spellings that JSON and HTTP allow."""
    value = json.loads(reply.body)
    turned = {name: value[name] for name in reversed(value)}
    return {
        "escapes": replace(reply, body=json.dumps(value, ensure_ascii=True).encode()),
        "escaped letters": replace(reply, body=reply.body.replace(b'"name"', b'"\\u006eam\\u0065"')),
        "white space": replace(reply, body=b" \r\n\t" + json.dumps(value, indent=3).encode() + b"\n\n"),
        "order": replace(reply, body=json.dumps(turned).encode()),
        "chunks": replace(reply, chunked=True),
        "no charset": replace(reply, headers=((b"Content-Type", b"application/json"),)),
        "upper case": replace(reply, headers=((b"CONTENT-TYPE", b"APPLICATION/JSON; CHARSET=UTF-8"),)),
    }


@each_operation("sdk.value.json-forms")
def test_every_spelling_is_read_alike(sdk: SdkUnderTest, operation: str) -> None:
    plain = json_reply(*served(operation, maximal(name='Zoë "株式会社" 🚀 \\ / \u2028')))
    about = "sdk.value.json-forms"
    expected = sdk.call(operation, ARGUMENTS[operation], script=Always(plain), about=about).value
    for spelling, reply in spelled(plain).items():
        use = sdk.call(operation, ARGUMENTS[operation], script=Always(reply), about=about)
        if not use.gave_a_value or use.value != expected:
            use.fail(about, f"the same value from another spelling: {spelling}", use.told)


TEXT = ((b"content-type", b"text/plain; charset=utf-8"),)
ACCEPTED = [
    pytest.param(Reply(200, TEXT), id="200 without a body"),
    pytest.param(Reply(200, TEXT, b"OK"), id="200 with text"),
    pytest.param(json_reply(200, {}), id="200 with JSON"),
    pytest.param(Reply(202, TEXT, b"Accepted"), id="202 with text"),
    pytest.param(Reply(202, (), b""), id="202 without a body"),
    pytest.param(Reply(202, TEXT, b"Accepted", chunked=True), id="202 in chunks"),
]


@pytest.mark.requirement("sdk.value.delete-accepted")
@pytest.mark.parametrize("answer", ACCEPTED)
def test_a_delete_that_is_accepted_succeeds(sdk: SdkUnderTest, requirement: object, answer: Reply) -> None:
    sdk.call("delete", ARGUMENTS["delete"], script=Always(answer)).check("sdk.value.delete-accepted")


@pytest.mark.requirement("sdk.value.delete-no-content")
def test_a_delete_without_content_succeeds(sdk: SdkUnderTest, requirement: object) -> None:
    sdk.call("delete", ARGUMENTS["delete"], script=Always(Reply(204, ()))).check("sdk.value.delete-no-content")


EMPTY = json_reply(200, page([]))


@each_operation("sdk.value.page")
def test_an_empty_page_is_a_page(sdk: SdkUnderTest, operation: str) -> None:
    use = sdk.call(operation, ARGUMENTS[operation], script=Always(EMPTY), about="sdk.value.page")
    if use.use.op == ITERATE:
        raise UnsupportedError.for_call(use.use.as_call({}), "it has no pages, only the iteration over them")
    use.check("sdk.value.page")
