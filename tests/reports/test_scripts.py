"""The scripts that show findings again: on the target with the fault, and not on a correct one."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scripts.needs import NoScriptError
from conformance.harness.evidence.scripts.script import Story, Surroundings, script
from conformance.harness.judges.checks import has, lacks, status
from conformance.harness.wire.exchange import Exchange, Response
from conformance.harness.wire.history import History
from reports import scripts
from reports.verdict.verdict import Evidence, Outcome, Status
from tests.mutants.planting import KEY
from tests.reports.conftest import KEY as FAULTY_KEY
from tests.reports.conftest import Outcome as Ended
from tests.reports.samples import a_verdict
from tests.reports.scripts import tried

BASE_URL = "http://example.com/v1"
TOKEN = "abcdefghij"  # noqa: S105 - of a run
SAMPLE = {
    "metadata-replaced": "a key that an update must keep",
    "delete-201-for-202": "a status of a delete",
    "readable-after-delete": "an organization that was deleted",
    "limit-zero": "a query that must be refused",
    "external-id-not-unique-on-create": "an external_id that another organization has",
    "name-cut-at-50": "a value in the response to a create",
    "no-request-id": "a header",
    "update-resets-name": "a field that an update must keep",
    "metadata-without-code": "the code of a refusal",
}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_script_shows_the_fault_on_the_mutant_alone(name: str, tmp_path: Path) -> None:
    result = tried(name, tmp_path)
    assert (result.at_mutant, result.at_emulator) == (1, 0), result.reason


def exchange(operation: str, url: str, body: bytes, response: Response, started: float = 1.0) -> Exchange:
    method = {"create": "POST", "update": "PUT", "get": "GET"}[operation]
    headers = {"authorization": "Bearer $WORKOS_API_KEY"}
    return Exchange(operation, method, f"{BASE_URL}{url}", headers, body, response, started=started)


CREATED = Response(201, {}, b'{"object": "organization", "id": "org_1", "domains": [{"id": "d_1"}]}')
CREATE = exchange("create", "/organizations", f'{{"name":"{TOKEN} it\'s"}}'.encode(), CREATED)
GET = exchange("get", "/organizations/org_1", b"", Response(200, {}, b'{"id": "org_1", "name": "x"}'), 2.0)


def made(story: Story, *writes: Exchange, base_url: str = BASE_URL) -> str:
    history = History()
    for write in writes:
        history.record(write)
    return script(story, Surroundings(base_url, TOKEN, history, Redactor(KEY)))


def test_a_script_creates_what_its_request_names() -> None:
    text = made(Story("A title", "this", "that", [GET], [has("Acme", "name")]), CREATE)
    assert "request POST /organizations " in text
    assert """'{"name":"'"$token"' it'"'"'s"}'""" in text
    assert "id1=$(keep_id 1)" in text
    assert 'request GET /organizations/"$id1"' in text
    assert "org_1" not in text
    assert TOKEN not in text
    assert KEY not in text


def test_a_script_is_one_that_a_shell_can_read(tmp_path: Path) -> None:
    body = f'{{"name":"{TOKEN} %s \\\\ Zo'.encode() + b'\xeb"}'
    broken = exchange("create", "/organizations", body, CREATED)
    path = tmp_path / "a.sh"
    path.write_text(made(Story("A\ntitle `x` $(y)", "this", "that", [broken], [status("4??")])), encoding="utf-8")
    subprocess.run(["sh", "-n", path], check=True)
    (line,) = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("printf")]
    sent = subprocess.run(["sh", "-c", f"token={TOKEN}; {line.partition(' > ')[0]}"], capture_output=True, check=True)
    assert sent.stdout == body


@pytest.mark.parametrize(
    ("story", "address", "reason"),
    [
        (Story("", "", "", [GET], []), BASE_URL, "no check"),
        (Story("", "", "", [GET], [has("x", "name")]), BASE_URL, "in any one response"),
        (Story("", "", "", [GET], [lacks("x", "name")]), "http://localhost", "goes elsewhere"),
    ],
)
def test_what_no_script_can_show_is_said(story: Story, address: str, reason: str) -> None:
    with pytest.raises(NoScriptError, match=reason):
        made(story, base_url=address)


def test_without_an_address_or_a_key_a_script_cannot_tell(red: Ended, faulty: str) -> None:
    path = red.folder / "repro" / "list.limit-out-of-bounds.sh"
    for url, key, code in (
        (faulty, FAULTY_KEY, 1),
        ("", FAULTY_KEY, 2),
        (faulty, "", 2),
        ("http://127.0.0.1:1", "k", 2),
    ):
        environment = {**os.environ, "BASE_URL": url, "WORKOS_API_KEY": key}
        done = subprocess.run([path], env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == code, done.stdout + done.stderr


def test_the_terminal_names_each_script(red: Ended) -> None:
    names = {path.name for path in (red.folder / "repro").iterdir()}
    assert {f"{requirement}.sh" for requirement in red.statuses("finding")} == names
    assert "repro/list.limit-out-of-bounds.sh" in re.sub(r"\s+", "", red.out)


def test_scripts_take_the_place_of_those_of_the_run_before(tmp_path: Path) -> None:
    outcomes = [
        Outcome(
            "list.limit", operation, "MUST", status=Status.FINDING, evidence=Evidence("a", "b", script=f"# {number}")
        )
        for number, operation in enumerate(("list", "get"))
    ]
    scripts.write(a_verdict(outcomes), tmp_path)
    assert sorted(path.name for path in (tmp_path / "repro").iterdir()) == ["list.limit.get.sh", "list.limit.sh"]
    scripts.write(a_verdict([]), tmp_path)
    assert list((tmp_path / "repro").iterdir()) == []
