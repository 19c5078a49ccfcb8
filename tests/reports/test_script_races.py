"""Scripts that send requests at the same time."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from conformance.harness.evidence.scripts.ground.needs import NoScriptError
from conformance.harness.evidence.scripts.script import Story
from conformance.harness.judges.checks import has, status, successes
from conformance.harness.wire.exchange import Exchange, Response
from tests.conformance.altered import KEY, altered
from tests.reports.scripts import exit_code
from tests.reports.stories import CREATE, CREATED, GET, TOKEN, exchange, made, steps_of


def update(body: bytes, started: float) -> Exchange:
    return exchange("update", "/organizations/org_1", body, Response(200, {}, b'{"id": "org_1"}'), started)


def failing(operation: str, url: str, body: bytes) -> Exchange:
    """A write that takes a second, and that the server fails at."""
    return replace(exchange(operation, url, body, Response(500, {}, b"")), seconds=1.0)


OTHER = exchange("create", "/organizations", b'{"name": "b"}', replace(CREATED, body=b'{"id": "org_2"}'), 0.5)


@pytest.mark.parametrize(
    ("rival", "beside"),
    [
        (failing("update", "/organizations/org_2", b'{"external_id":"taken-1"}'), 'PUT /organizations/"$id1" '),
        (failing("create", "/organizations", b'{"name":"a","external_id":"taken-1"}'), "POST /organizations "),
        (failing("update", "/organizations/org_2", b'{"name":"b"}'), ""),
    ],
)
def test_what_may_have_been_a_rival_is_sent_at_the_same_time(rival: Exchange, beside: str) -> None:
    shown = replace(failing("update", "/organizations/org_1", b'{"external_id":"taken-1"}'), started=1.5)
    text = steps_of(Story("", "", "", [shown], [status("400")]), OTHER, CREATE, rival, shown)
    lines = [line for line in text.splitlines() if line.startswith("    beside ")]
    assert len(lines) == bool(beside)
    assert all(line.startswith(f"    beside 1 {beside}") for line in lines)


def test_a_rival_that_changes_what_the_script_has_not_created_is_not_sent() -> None:
    rival = failing("update", "/organizations/org_2", b'{"external_id":"taken-1"}')
    shown = replace(failing("update", "/organizations/org_1", b'{"external_id":"taken-1"}'), started=1.5)
    with pytest.raises(NoScriptError, match="at the same time that no script can send"):
        made(Story("", "", "", [shown], [status("400")]), CREATE, rival, shown)


def test_what_an_attempt_has_written_no_script_looks_for() -> None:
    rival = failing("create", "/organizations", f'{{"name":"{TOKEN}","external_id":"taken-1"}}'.encode())
    body = f'{{"name":"{TOKEN} a","external_id":"taken-1"}}'.encode()
    shown = exchange("create", "/organizations", body, CREATED, 1.5)
    with pytest.raises(NoScriptError, match="at the same time that no script can send"):
        made(Story("", "", "", [shown], [has(f"{TOKEN} a", "name")]), rival, shown)


def test_of_creates_at_once_as_many_may_succeed_as_should() -> None:
    bodies = [f'{{"name":"{TOKEN} {name}","external_id":"{TOKEN}-race"}}'.encode() for name in "abc"]
    created = [replace(CREATED, body=b'{"id": "org_%d"}' % number) for number in range(3)]
    rivals = [exchange("create", "/organizations", *pair, 1.5) for pair in zip(bodies, created, strict=True)]
    rivals = [replace(rival, started=1.0 + number / 100, seconds=1.0) for number, rival in enumerate(rivals)]
    for number, code in ((1, 0), (0, 1)):
        text = made(Story("", "", "", rivals, [successes(number)]), *rivals)
        assert text.count("    beside ") == 2
        with altered(foreigners=1) as place:
            assert exit_code(text, place.url, WORKOS_API_KEY=KEY) == code
            assert [*place.everyone().values()] == ["Foreign 0"]


def test_of_many_updates_only_the_last_ones_may_have_met() -> None:
    early = [replace(update(b'{"name": "%d"}' % number, 1.1 + number / 10), seconds=0.15) for number in range(8)]
    lasting = replace(update(b'{"metadata": {"a": "1"}}', 1.05), seconds=0.1)
    late = [update(b'{"name": "%d"}' % number, 3.0 + number / 10) for number in range(4)]
    read = replace(GET, started=5.0)
    story = Story("", "", "", [read], [has("Acme", "object")])
    assert '"metadata"' in steps_of(story, CREATE, lasting, *early, *late)
    assert "beside" not in steps_of(story, CREATE, lasting, *early, *late)
    text = steps_of(story, CREATE, lasting, *early, *(replace(write, seconds=0.15) for write in late))
    sent = re.findall(r"^    (beside . PUT|wait|request GET)", text.partition("\ndone")[0], re.MULTILINE)
    assert sent == ["beside 1 PUT", "beside 2 PUT", "beside 3 PUT", "wait", "request GET"]
