"""What a script takes from responses: cursors, times and ids that the target has chosen."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conformance.harness.evidence.scripts.ground.needs import NoScriptError
from conformance.harness.evidence.scripts.script import Story
from conformance.harness.judges.checks import field_is, has, lacks, later, status
from conformance.harness.wire.exchange import Exchange, Response
from tests.reports.stories import CREATE, CREATED, GET, TOKEN, exchange, made, steps_of


@pytest.mark.parametrize(
    ("order", "before", "is_right"),
    [("asc", "a", True), ("asc", "b", False), ("normal", "b", True), ("asc", "x", False)],
)
def test_a_script_takes_a_cursor_that_no_correct_target_gives_from_the_page_before(
    order: str, before: str, is_right: bool
) -> None:
    cursors = {"list_metadata": {"before": before, "after": None}, "data": [{"id": "a"}, {"id": "b"}]}
    page = Response(200, {}, json.dumps(cursors).encode())
    giving = exchange("list", f"/organizations?order={order}", b"", page)
    following = exchange("list", f"/organizations?order={order}&before={before}", b"", page, 2.0)
    text = steps_of(Story("", "", "", [following], [status("4??")]), giving, following)
    if is_right:
        assert f"request GET '/organizations?order={order}&before={before}' " in text
    else:
        assert f"request GET '/organizations?order={order}' " in text
        assert '\nkept1=$(value .list_metadata.before) && [ -n "$kept1" ] || no_fault\n' in text
        assert f"request GET '/organizations?order={order}&before='\"$kept1\" " in text


def test_a_script_repeats_the_walk_that_its_finding_is_about() -> None:
    def page(number: int, cursor: str) -> Exchange:
        shown = {"data": [{"id": f"org_{number}"}], "list_metadata": {"after": f"org_{number}", "before": None}}
        url = f"/organizations?search={TOKEN}&limit=1{cursor}"
        return exchange("list", url, b"", Response(200, {}, json.dumps(shown).encode()), 5.0 + number)

    create = exchange("create", "/organizations", b'{"name": "c"}', replace(CREATED, body=b'{"id": "org_3"}'))
    walk = [page(1, ""), page(2, "&after=org_1"), page(3, "&after=org_2")]
    story = Story("", "", "", walk, [lacks("org_3", "id")])
    text = steps_of(story, create, *walk)
    assert [line.split()[2] for line in text.splitlines() if line.startswith("request GET")] == [
        """'/organizations?search='"$token"'&limit=1'""",
        """'/organizations?search='"$token"'&limit=1&after='"$kept1\"""",
        """'/organizations?search='"$token"'&limit=1&after='"$kept2\"""",
    ]
    assert "kept" not in steps_of(replace(story, exchanges=walk[2:]), create, *walk)


TIME = "2026-01-02T03:04:05.678Z"
OF_DOMAIN = b'{"id": "org_1", "domains": [{"id": "d_1", "updated_at": "2026"}], "updated_at": "%b"}' % TIME.encode()


def test_a_time_is_that_of_the_write_that_it_belongs_to() -> None:
    create = exchange("create", "/organizations", b'{"name": "a"}', replace(CREATED, body=OF_DOMAIN))
    text = steps_of(Story("", "", "", [GET], [field_is(".updated_at", TIME)]), create)
    assert '\nkept1=$(value .updated_at) && [ -n "$kept1" ] || cannot_tell\n' in text
    assert """\nfield_is .updated_at '"'"$kept1"'"' || fault """ in text
    assert TIME not in text


def test_a_time_of_no_write_or_of_several_organizations_no_script_can_show() -> None:
    story = Story("", "", "", [GET], [field_is(".updated_at", TIME)])
    one = exchange("create", "/organizations", b'{"name": "a"}', replace(CREATED, body=OF_DOMAIN))
    of_another = replace(CREATED, body=OF_DOMAIN.replace(b"org_1", b"org_2"))
    another = exchange("create", "/organizations", b'{"name": "b"}', of_another, 1.1)
    listed = exchange("list", "/organizations?search=org_1&domains=org_2", b"", Response(200, {}, b'{"data": []}'), 2.0)
    of_list = replace(story, exchanges=[listed], checks=[field_is(".data[].updated_at", TIME)])
    for told, writes in ((story, [CREATE]), (of_list, [one, another])):
        with pytest.raises(NoScriptError, match="in a value of the target that no response to the script tells apart"):
            made(told, *writes)
    assert "updated_at" not in made(replace(story, checks=[*story.checks, has("Acme", "object")]), CREATE)


def test_a_time_that_must_be_later_is_asked_for_two_seconds_later() -> None:
    create = exchange("create", "/organizations", b'{"name": "a"}', replace(CREATED, body=OF_DOMAIN))
    shown = Response(200, {}, OF_DOMAIN)
    updated = exchange("update", "/organizations/org_1", b'{"name": "b"}', shown, 2.0)
    text = steps_of(Story("", "", "", [updated], [later(".updated_at", TIME.replace("Z", "+00:00"))]), create, updated)
    assert "\nsleep 2  # a clock may show whole seconds\nrequest PUT " in text
    assert """\nlater .updated_at '"'"$kept1"'"' || fault """ in text


def test_the_id_of_a_domain_is_that_of_another_organization() -> None:
    own, other = (replace(CREATED, body=b'{"id": "org_%d", "domains": [{"id": "d_1"}]}' % number) for number in (1, 2))
    first = exchange("create", "/organizations", b'{"name": "a"}', own)
    second = exchange("create", "/organizations", b'{"name": "b"}', other, 2.0)
    text = made(Story("", "", "", [second], [lacks("d_1", "id")]), first, second)
    assert text.count("kept1=$(value '.domains[].id')") == 1
    assert text.index("kept1=$(") < text.index('"name": "b"')
    assert """body_has '"id":"'"$kept1"'"' && fault""" in text


def test_what_spread_from_another_organization_is_written_there_too() -> None:
    get = replace(GET, response=Response(200, {}, OF_DOMAIN.replace(TIME.encode(), b"2026-01-02T03:04:06.000Z")))
    create = exchange("create", "/organizations", b'{"name": "a"}', replace(CREATED, body=OF_DOMAIN))
    spread = b'{"id": "org_2", "updated_at": "2026-01-02T03:04:06.000Z"}'
    other = exchange("create", "/organizations", b'{"name": "elsewhere"}', replace(CREATED, body=spread), 1.5)
    text = made(Story("", "", "", [get], [field_is(".updated_at", TIME)]), create, other)
    assert '"elsewhere"' in text


def test_a_text_that_another_organization_was_given_is_written_there_too() -> None:
    get = replace(GET, response=Response(200, {}, b'{"id": "org_1", "name": "of another"}'))
    created = replace(CREATED, body=b'{"id": "org_2"}')
    other = exchange("create", "/organizations", b'{"name": "of another"}', created, 1.5)
    text = made(Story("", "", "", [get], [has(f"{TOKEN} it's", "name")]), CREATE, other)
    assert '"of another"' in text
