"""What scripts remove: what they have created themselves, and nothing of others."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.harness.evidence.scripts.script import Story
from conformance.harness.judges.checks import has, status
from conformance.harness.wire.exchange import Response
from tests.conformance.altered import KEY, Passing, altered
from tests.reports.scripts import exit_code
from tests.reports.stories import CREATE, GET, TOKEN, exchange, made


def test_a_script_leaves_alone_what_a_create_is_answered_with() -> None:
    """A create that is answered with the id of somebody else, which some scripts have to do again."""
    text = made(Story("A title", "this", "that", [GET], [has("Acme", "object")]), CREATE)
    foreign: list[str] = []

    def lie(passing: Passing) -> None:
        if passing.method == "POST" and foreign:
            passing.json = {**passing.json, "id": foreign[0]}

    with altered(lie, foreigners=1) as place:
        foreign += place.everyone()
        assert exit_code(text, place.url, WORKOS_API_KEY=KEY) == 1
        assert [passing.method for passing in place.app.passed if passing.id == foreign[0]] == ["GET", "GET"]
        assert set(foreign) < set(place.everyone())


def test_a_script_removes_what_it_has_created() -> None:
    text = made(Story("A title", "this", "that", [GET], [has("Acme", "object")]), CREATE)
    with altered(foreigners=1) as place:
        assert exit_code(text, place.url, WORKOS_API_KEY=KEY) == 1
        assert [*place.everyone().values()] == ["Foreign 0"]


@pytest.mark.parametrize("identifier", ["../organizations/org_1", "org_{1,2}", "org_1?x=", "..", "org 1"])
def test_a_script_sends_nothing_to_an_id_that_leads_elsewhere(identifier: str) -> None:
    text = made(Story("A title", "this", "that", [GET], [has("Acme", "object")]), CREATE)

    def lead(passing: Passing) -> None:
        if passing.method == "POST":
            passing.json = {**passing.json, "id": identifier}

    with altered(lead) as place:
        exit_code(text, place.url, WORKOS_API_KEY=KEY)
        assert "DELETE" not in [passing.method for passing in place.app.passed]


@pytest.mark.parametrize("identifier", ["", None, 17])
def test_a_script_removes_what_it_has_created_where_no_id_is_shown(identifier: object) -> None:
    text = made(Story("A title", "this", "that", [GET], [has("Acme", "object")]), CREATE)

    def hide(passing: Passing) -> None:
        if passing.method == "POST":
            passing.json = {**passing.json, "id": identifier}

    with altered(hide, foreigners=1) as place:
        exit_code(text, place.url, WORKOS_API_KEY=KEY)
        assert [*place.everyone().values()] == ["Foreign 0"]


def test_a_script_removes_what_a_correct_target_creates_where_the_run_was_refused() -> None:
    refused = replace(CREATE, response=Response(500, {}, b""))
    text = made(Story("A title", "this", "that", [refused], [status("201")]))
    with altered(foreigners=1) as place:
        assert exit_code(text, place.url, WORKOS_API_KEY=KEY) == 0
        assert [*place.everyone().values()] == ["Foreign 0"]


def test_a_script_waits_as_long_as_a_429_asks() -> None:
    """Right after a run, many a target takes no more requests for a while."""
    text = made(Story("A title", "this", "that", [GET], [has("Acme", "object")]), CREATE)
    refused: list[str] = []

    def refuse_once(passing: Passing) -> None:
        if passing.method not in refused:
            refused.append(passing.method)
            passing.answer(429)
            passing.headers["retry-after"] = "0"

    with altered(before=refuse_once) as place:
        assert exit_code(text, place.url, WORKOS_API_KEY=KEY) == 1
        assert sorted(refused) == ["DELETE", "GET", "POST"]
        assert place.everyone() == {}


@pytest.mark.parametrize(("header", "seconds"), [("Retry-After: 7", 7), ("retry-after: 86400", 60), ("X: 1", 60)])
def test_no_wait_is_longer_than_a_minute(header: str, seconds: int, tmp_path: Path) -> None:
    text = made(Story("A title", "this", "that", [GET], [has("Acme", "object")]), CREATE)
    (tmp_path / "head").write_text(f"HTTP/1.1 429 Too Many Requests\r\n{header}\r\n\r\n", encoding="utf-8")
    pause = "pause() {" + text.partition("\npause() {")[2].partition("\n}\n")[0] + "\n}"
    program = f"{pause}; head={tmp_path}/head; sleep() {{ echo slept $1; }}; pause"
    done = subprocess.run(["sh", "-uc", program], capture_output=True, text=True, check=True)
    assert done.stdout == f"waiting {seconds} s: too many requests\nslept {seconds}\n"


def test_a_script_names_what_an_update_may_have_made() -> None:
    body, created = f'{{"name":"{TOKEN} nobody"}}'.encode(), Response(200, {}, b'{"id": "org_2"}')
    update = exchange("update", "/organizations/org_0", body, created)
    text = made(Story("A title", "404", "200", [update], [status(404)]))

    def make(passing: Passing) -> None:
        if passing.method == "PUT":
            passing.answer(200, b'{"id": "org_made"}')

    with altered(make) as place:
        environment = {**os.environ, "BASE_URL": place.url, "WORKOS_API_KEY": KEY}
        ended = subprocess.run(["sh", "-c", text], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == "may have been made by this update, and stays: org_made\n"
