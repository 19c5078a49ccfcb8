"""What a script sends before it decides, and what none can show."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conformance.harness.evidence.scripts.ground.needs import NoScriptError
from conformance.harness.evidence.scripts.script import Story, decisive_of
from conformance.harness.judges.checks import Check, Kind, at_most, has, lacks, status
from conformance.harness.wire.exchange import Exchange, Response
from tests.reports.stories import CREATE, CREATED, GET, TOKEN, exchange, made, steps_of


def test_a_list_is_not_searched_for_what_another_organization_rightly_has() -> None:
    page = Response(200, {}, b'{"data": [{"object": "organization", "id": "org_1", "name": "abcdefghij b"}]}')
    listed = exchange("list", f"/organizations?search={TOKEN}", b"", page, 3.0)
    other = replace(CREATED, body=b'{"object": "organization", "id": "org_2"}')
    rival = exchange("create", "/organizations", f'{{"name": "{TOKEN} b"}}'.encode(), other, 1.5)
    with pytest.raises(NoScriptError, match="another one on the page has"):
        made(Story("", "", "", [listed], [lacks(f"{TOKEN} b", "name")]), CREATE, rival)


def test_a_script_sends_what_was_refused_and_took_effect_all_the_same() -> None:
    refused = exchange("update", "/organizations/org_1", b'{"name": "x"}', Response(422, {}, b"{}"), 1.5)
    without_effect = exchange("update", "/organizations/org_1", b'{"name": "y"}', Response(422, {}, b"{}"), 1.6)
    text = steps_of(Story("", "", "", [GET], [has("Acme", "object")]), CREATE, refused, without_effect)
    _, _, sent = text.partition("request PUT ")
    assert sent.startswith("""/organizations/"$id1" --header 'authorization: Bearer '"$WORKOS_API_KEY" """)
    assert """'{"name": "x"}'\nrequest GET""" in sent  # it may succeed or not
    assert '"y"' not in text


def test_a_script_gives_external_ids_of_its_own() -> None:
    """A target that remembers those of the run would refuse them."""
    create = exchange("create", "/organizations", b'{"name": "a", "external_id": "00123"}', CREATED)
    asks_for_it = exchange("update", "/organizations/org_1", b'{"external_id": "00123"}', Response(409, {}, b"{}"), 2.0)
    story = Story("", "", "", [GET], [has("Acme", "object")])
    assert """"external_id": "'"$token"'-own-1"}'""" in made(story, create)
    assert "00123" not in made(story, create)
    assert '"external_id": "00123"' in made(Story("", "", "", [GET], [has("00123", "external_id")]), create)
    of_update = made(Story("", "", "", [asks_for_it], [status("200")]), create, asks_for_it)
    assert of_update.count('"external_id": "00123"') == 2


def test_a_script_repeats_the_write_that_a_value_comes_from() -> None:
    other = replace(CREATED, body=b'{"object": "organization", "id": "org_2"}')
    source = exchange("create", "/organizations", b'{"name": "b", "metadata": {"from": "there"}}', other, 1.5)
    text = made(Story("", "", "", [GET], [lacks("x", "name"), lacks("there", "from")]), CREATE, source)
    assert """'{"name": "b", "metadata": {"from": "there"}}'""" in text


def test_a_script_sends_what_should_have_been_refused_where_the_fault_shows_on_it() -> None:
    made_wrongly = exchange("create", "/organizations", b'{"name": "a", "external_id": ["text"]}', CREATED)
    wrong = exchange("update", "/organizations/org_1", b'{"external_id": ["other"]}', Response(200, {}, b"{}"), 1.5)
    shown = replace(GET, response=Response(200, {}, b'{"id": "org_1", "external_id": ["other"]}'))
    text = steps_of(Story("", "", "", [shown], [lacks(["other"], "external_id")]), made_wrongly, wrong)
    _, _, sent = text.partition("""'{"name": "a", "external_id": ["text"]}'\n""")
    first, second, third, *_ = sent.splitlines()
    assert (first, second) == ("id1=$(keep_id)", '[ -n "$id1" ] || no_fault  # a correct target refuses it')
    assert third.startswith("request PUT ")
    assert "\nmust_be 2\n" not in sent.partition("request GET")[0]


def test_no_script_is_made_of_a_list_that_nobody_can_read() -> None:
    listed = exchange("list", "/organizations?limit=101", b"", Response(200, {}, b'{"name": "x", ' + b"[" * 1000), 2.0)
    with pytest.raises(NoScriptError, match="cannot be read as JSON"):
        made(Story("", "", "", [listed], [lacks("x", "name")]), CREATE, listed)


def test_a_page_of_all_organizations_needs_those_that_stand_in_between() -> None:
    def create(number: int) -> Exchange:
        created = replace(CREATED, body=b'{"id": "org_%d"}' % number)
        return exchange("create", "/organizations", b'{"name": "n%d"}' % number, created, float(number))

    page = Response(200, {}, b'{"data": [{"id": "org_4"}]}')
    for query, is_needed in (("before=org_1", True), ("before=org_1&search=x", False)):
        listed = exchange("list", f"/organizations?{query}", b"", page, 9.0)
        text = made(Story("", "", "", [listed], [lacks("org_4", "id")]), *map(create, (0, 1, 2, 4, 5)))
        assert (text.count("request POST "), '"n2"' in text) == ((3, True) if is_needed else (2, False))


def test_the_request_that_should_have_been_refused_is_the_one_that_decides() -> None:
    wrong = exchange("update", "/organizations/org_1", b'{"metadata": []}', Response(200, {}, b"{}"), 2.0)
    tidied = exchange("update", "/organizations/org_1", b'{"metadata": {}}', Response(200, {}, b"{}"), 3.0)
    assert decisive_of(Story("", "", "", [wrong, tidied], [status("400", "422")])) is wrong
    assert decisive_of(Story("", "", "", [wrong, tidied], [status("500")])) is tidied


def test_what_should_be_refused_needs_nothing_that_was_wrongly_taken_before() -> None:
    taken = exchange("update", "/organizations/org_1", b'{"metadata": []}', Response(200, {}, b"{}"), 1.5)
    asked = exchange("update", "/organizations/org_1", b'{"name": "b"}', Response(200, {}, b"{}"), 2.0)
    text = made(Story("", "", "", [asked], [status("4??")]), CREATE, taken, asked)
    assert '"metadata"' not in text
    fails = Story("", "", "", [replace(asked, response=Response(500, {}, b""))], [status("200")])
    assert '"metadata"' in made(fails, CREATE, taken)


def test_a_delete_that_should_have_been_refused_has_the_key_where_the_finding_is_about_what_is_gone() -> None:
    taken = replace(exchange("get", "/organizations/org_1", b"", Response(204, {}, b""), 1.5), method="DELETE")
    deleted = replace(taken, operation="delete", headers={"authorization": "Basic x"})
    asked = exchange("get", "/organizations/org_1", b"", Response(404, {}, b"{}"), 2.0)
    for check, key in ((has("x", "code"), """Bearer '"$WORKOS_API_KEY\""""), (status(200), "Basic x'")):
        text = made(Story("", "", "", [asked], [check]), CREATE, deleted)
        assert f"""request DELETE /organizations/"$id1" --header 'authorization: {key}\n""" in text


def test_of_what_should_have_been_refused_a_script_sends_what_says_what_must_not_be_there() -> None:
    wrong = [
        exchange("update", "/organizations/org_1", body, Response(200, {}, b"{}"), started)
        for body, started in ((b'{"external_id": ["a"]}', 1.1), (b'{"name": 1}', 1.2), (b'{"external_id": ["b"]}', 1.3))
    ]
    shown = replace(GET, response=Response(200, {}, b'{"id": "org_1", "external_id": ["a"]}'))
    text = steps_of(Story("", "", "", [shown], [lacks(["a"], "external_id")]), CREATE, *wrong)
    assert [line for line in text.splitlines() if line.startswith("request PUT")] == [
        line for line in text.splitlines() if """'{"external_id": ["a"]}'""" in line
    ]


def test_a_script_looks_for_no_organization_that_it_does_not_create() -> None:
    own, foreign = "org_01M8BC4SPTV17H5M29C93566Q2", "org_01M8BC4SPP7CCWJV1H53QCWGCV"
    create = exchange(
        "create", "/organizations", b'{"name": "b"}', replace(CREATED, body=b'{"id": "%b"}' % own.encode())
    )
    page = Response(200, {}, f'{{"data": [{{"id": "{own}"}}, {{"id": "{foreign}"}}]}}'.encode())
    listed = exchange("list", f"/organizations?search={TOKEN}", b"", page, 3.0)
    text = made(Story("", "", "", [listed], [lacks(own, "id"), lacks(foreign, "id")]), create)
    assert """body_has '"id":"'"$id1"'"' && fault""" in text
    assert foreign not in text
    with pytest.raises(NoScriptError, match="that no request of the script creates"):
        made(Story("", "", "", [listed], [has(own, "id"), lacks(foreign, "id")]), create)


@pytest.mark.parametrize("status_", [404, 410])
def test_what_is_gone_may_have_been_taken_by_the_delete_of_another(status_: int) -> None:
    other = replace(CREATED, body=b'{"object": "organization", "id": "org_2"}')
    neighbour = exchange("create", "/organizations", b'{"name": "b"}', other, 1.1)
    get = exchange("get", "/organizations/org_2", b"", Response(202, {}, b""), 1.2)
    deleted = replace(get, operation="delete", method="DELETE")
    asked = exchange("update", "/organizations/org_1", b'{"name": "c"}', Response(status_, {}, b"{}"), 2.0)
    text = made(Story("", "", "", [asked], [status("200")]), CREATE, neighbour, deleted)
    assert 'request DELETE /organizations/"$id2"' in text


def update(body: bytes, started: float) -> Exchange:
    return exchange("update", "/organizations/org_1", body, Response(200, {}, b'{"id": "org_1"}'), started)


def test_an_earlier_update_is_sent_again_where_it_set_what_no_later_one_has_set() -> None:
    bodies = [
        b'{"name": "no longer"}',
        b'{"metadata": {"gone": "1"}}',
        b'{"metadata": {}}',
        b'{"metadata": {"kept": "1", "new": "1"}}',
        b'{"domains": ["no-longer.example.com"]}',
        b'{"domain_data": []}',
        b'{"name": "b"}',
        b'{"metadata": {"new": "2"}}',
        b'{"allow_profiles_outside_organization": true}',
        b'{"name": "c"}',
    ]
    updates = [update(body, 1.1 + number / 100) for number, body in enumerate(bodies)]
    text = made(Story("", "", "", [GET], [has("Acme", "object")]), CREATE, *updates)
    assert [body for body in bodies if body.decode() in text] == [*bodies[2:4], bodies[5], *bodies[7:]]


@pytest.mark.parametrize(
    ("check", "is_against"),
    [
        (has("b, c", "name"), False),
        (has("a", "name"), True),
        (lacks("b, c", "name"), True),
        (lacks(4, "stripe_customer_id"), False),
        (lacks("a", "name"), False),
        (has("two.example.com", "domain"), False),
        (has("one.example.com", "domain"), True),
        (lacks("one.example.com", "domain"), False),
        (has(None, "external_id"), False),
        (has("1", "a key that nobody wrote"), True),
        (has("2", "a key that was written"), False),
        (has("a", "stripe_customer_id"), False),
        (lacks("1", "a key that nobody wrote"), False),
    ],
)
def test_no_script_expects_what_nobody_wrote(check: Check, is_against: bool) -> None:
    written = [
        update(b'{"domain_data": [{"domain": "one.example.com", "state": "verified"}]}', 1.1),
        update(b'{"name": "b, c", "external_id": null, "domains": ["two.example.com"]}', 1.2),
        update(b'{"metadata": {"a key that was written": "1", "stripe_customer_id": "of metadata"}}', 1.3),
        update(b'{"stripe_customer_id": "4"}', 1.4),
    ]
    of_nobody = Response(200, {}, b'{"id": "org_1", "name": "?"}')
    wrong = exchange("get", "/organizations/org_1", b"", of_nobody, 2.0)
    shown = replace(wrong, response=replace(of_nobody, body=b'{"id": "org_1", %b}' % check.texts[0].encode()))
    story = Story("", "", "", [shown if check.kind is Kind.LACKS else wrong], [check])
    if is_against:
        with pytest.raises(NoScriptError, match="an earlier response was wrong"):
            made(story, CREATE, *written)
    else:
        assert "request GET" in made(story, CREATE, *written)


def test_what_breaks_a_rule_is_no_ground_for_what_to_expect() -> None:
    echoed = Response(200, {}, b'{"id": "org_1", "external_id": 12}')
    wrong = exchange("update", "/organizations/org_1", b'{"external_id": 12}', echoed, 2.0)
    text = made(Story("", "", "", [wrong], [lacks(12, "external_id")]), CREATE)
    assert """body_has '"external_id":12' && fault""" in text


def test_a_key_that_is_nearly_right_is_made_of_the_right_one() -> None:
    stranger = replace(GET, headers={"authorization": "Bearer <the other case>"})
    text = made(Story("", "", "", [stranger], [status("401")]), CREATE)
    assert """--header 'authorization: Bearer '"$(printf %s "$WORKOS_API_KEY" | tr a-zA-Z A-Za-z)"\n""" in text


def test_the_token_of_the_run_in_capitals_is_that_of_the_script() -> None:
    body = f'{{"name":"a","external_id":"{TOKEN.upper()}-1"}}'.encode()
    again = exchange("create", "/organizations", body, Response(400, {}, b'{"code":"taken"}'), 2.0)
    text = made(Story("", "", "", [again], [lacks("taken", "code")]), CREATE, again)
    assert """'{"name":"a","external_id":"'"$upper_token"'-1"}'""" in text
    assert '\nupper_token=$(printf %s "$token" | tr a-z A-Z)\n' in text
    assert "upper_token" not in made(Story("", "", "", [GET], [has("Acme", "object")]), CREATE)


def test_a_page_that_is_too_long_needs_as_many_organizations_as_it_shows() -> None:
    def create(number: int) -> Exchange:
        created = replace(CREATED, body=b'{"id": "org_%d"}' % number)
        return exchange("create", "/organizations", b'{"name": "n%d"}' % number, created, float(number))

    shown = {"data": [{"object": "organization", "id": f"org_{number}"} for number in (2, 3)]}
    page = Response(200, {}, json.dumps(shown).encode())
    listed = exchange("list", "/organizations?limit=1&after=org_1", b"", page, 9.0)
    text = made(Story("", "", "", [listed], [at_most(1)]), *map(create, (1, 2, 3)))
    assert text.count("request POST ") == 3
