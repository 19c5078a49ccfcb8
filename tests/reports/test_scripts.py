"""The scripts that show findings again: on the target with the fault, and not on a correct one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import ValidationError

from conformance.harness.evidence.evidence import Observation, scripted
from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scripts.ground.needs import NoScriptError
from conformance.harness.evidence.scripts.script import Story, Surroundings, script
from conformance.harness.judges.checks import (
    Check,
    Kind,
    all_differ,
    at_most,
    begins,
    each_has,
    field_is,
    has,
    header_value,
    lacks,
    order,
    status,
)
from conformance.harness.judges.holding import of_rule
from conformance.harness.wire.exchange import Response
from conformance.harness.wire.history import History
from emulator.server import serving
from reports import scripts
from reports.verdict.verdict import Evidence, Outcome, Status, read
from tests.conformance.servers import answering, send
from tests.mutants.planting import KEY, MUTANTS
from tests.reach.gateways import Keyed
from tests.reports.conftest import KEY as FAULTY_KEY
from tests.reports.conftest import Outcome as Ended
from tests.reports.samples import a_verdict
from tests.reports.scripts import ROOT, exit_code, outcomes_at, tried
from tests.reports.stories import BASE_URL, CREATE, CREATED, GET, TOKEN, exchange, made

SAMPLE = {
    "metadata-replaced": "a key that an update must keep",
    "external-id-not-unique-on-create": "an external_id that another organization has",
    "name-cut-at-50": "a value in the response to a create",
    "no-request-id": "a header",
    "metadata-without-code": "the code of a refusal",
    "lookup-cached-past-update": "a read that an earlier one has left behind",
    "domains-stale-in-lookup": "a lookup by an earlier external_id",
    "created-at-local-time": "the form of what the target chooses",
    "lookup-finds-the-last": "an organization that a lookup must not find",
    "name-stale-in-list": "a list that an earlier one has left behind",
    "not-found-cached": "a read before there was anything to find",
    "deletes-who-shares-a-domain": "a delete of another organization",
    "domains-of-the-deleted-dropped": "an organization that is no more",
    "asc-lists-the-newest-first": "the order of a page",
    "page-one-too-many": "a page that is too long",
    "key-under-any-scheme": "the key itself",
    "create-as-html": "a media type",
    "search-ignored": "an organization that a search must not list",
    "external-id-freed-late": "a code that must not come",
    "metadata-keys-trimmed": "a key without a name",
    "metadata-booleans-shown": "a value that must not come",
    "update-leaks-metadata-to-alike-outside": "what another organization was given",
    "old-external-id-blocked": "an external_id that must be free again",
    "replaced-external-id-taken": "a target that remembers each external_id",
    "delete-refused-too-late": "a refused delete that took effect",
    "dot-segments-refused": "a value that is refused",
    "list-empty-for-null": "a cursor",
    "name-with-surrogate-fails": "a text that a target may refuse",
    "null-external-id-ignored": "what an update of a fixture shows",
    "get-touches": "a time that the target has chosen",
    "no-way-on-from-the-page-before": "a cursor that must not be null",
    "desc-before-without-filter-gives-newest": "a page among all organizations",
    "cursor-inclusive": "two pages of a walk",
    "stops-after-two-pages": "a walk",
    "domain-created-at-missing": "a field of each domain",
    "create-empty": "a create that shows no id",
    "domain-ids-count-in-each-organization": "an id of the target's choice",
    "updated-at-ignores-external-id": "a time that must move",
}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_script_shows_the_fault_on_the_mutant_alone(name: str, tmp_path: Path) -> None:
    result = tried(name, tmp_path)
    assert (result.at_mutant, result.at_emulator) == (1, 0), result.reason


def test_a_script_creates_what_its_request_names() -> None:
    text = made(Story("A title", "this", "that", [GET], [has("Acme", "object")]), CREATE)
    assert "request POST /organizations " in text
    assert """'{"name":"'"$token"' it'"'"'s"}'""" in text
    assert "id1=$(keep_id)" in text
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
    (line,) = [line for line in path.read_text(encoding="utf-8").splitlines() if line.endswith('> "$sent"')]
    sent = subprocess.run(["sh", "-c", f"token={TOKEN}; {line.partition(' > ')[0]}"], capture_output=True, check=True)
    assert sent.stdout == body


@pytest.mark.parametrize(
    ("story", "address", "reason"),
    [
        (Story("", "", "", [GET], []), BASE_URL, "no status, header"),
        (Story("", "", "", [GET], [has("x", "name")]), BASE_URL, "in any one response"),
        (Story("", "", "", [GET], [lacks("x", "name")]), "http://localhost", "to another address"),
    ],
)
def test_what_no_script_can_show_is_said(story: Story, address: str, reason: str) -> None:
    with pytest.raises(NoScriptError, match=reason):
        made(story, base_url=address)


PAGE = b'{"object": "list", "data": [{"object": "organization", "id": "a"}, {"object":"organization","id":"b"}]}'
DOMAIN = b'{"domains": [{"id": "d_1", "created_at": "2026-01-02T03:04:05.678Z", "note": "a\\"]}"}, {"id": "d_2"}]}'
TOLD = {
    "the order": (
        order(["b", "a"]),
        PAGE,
        PAGE.replace(b'"a"', b'"c"').replace(b'"b"', b'"a"').replace(b'"c"', b'"b"'),
    ),
    "one organization too many": (at_most(1), PAGE, b'{"data": [{"object": "organization"}]}'),
    "the beginning of the body": (begins("{", "["), b"<html>", b" [1]"),
    "a body that is not there": (begins("{"), b"", b"{}"),
    "a key without a name": (lacks("x", ""), b'{"": "x"}', b'{"a": "x"}'),
    "the form of a time": (
        next(of_rule(ValidationError("", validator="format", path=["created_at"], instance="2026-01-02T03:04:05"))),
        b'{"created_at" : "2027-10-20T13:14:15"}',
        b'{"created_at" : "2027-10-20T13:14:15.678Z"}',
    ),
    "a value": (has("x", "name"), b'{"name" : "y"}', b'{"name" : "x"}'),
    "a field of each object": (
        each_has(".domains[]", "created_at"),
        DOMAIN,
        DOMAIN.replace(b'"d_2"', b'"d_2", "created_at" : null'),
    ),
    "a field of the body": (each_has("", "object"), b'{"data": {"object": "x"}}', b'{"data": [], "object": "x"}'),
    "a value in its place": (
        field_is(".domains[].note", 'a"]}'),
        DOMAIN.replace(b"note", b"x").replace(b'{"domains"', b'{"note": "a\\"]}", "domains"'),
        DOMAIN,
    ),
    "ids that differ": (all_differ(".domains[].id"), DOMAIN.replace(b"d_2", b"d_1"), DOMAIN),
    "the media type": (
        header_value("content-type", "application/json"),
        b"text/html",
        b"application/json; charset=utf-8",
    ),
}


def test_of_a_time_that_is_none_only_by_its_value_nothing_is_asked_again() -> None:
    error = ValidationError("", validator="format", path=["created_at"], instance="2026-13-02T03:04:05.678Z")
    assert list(of_rule(error)) == []


@pytest.mark.parametrize(("check", "wrong", "right"), TOLD.values(), ids=TOLD)
def test_a_shell_tells_what_a_judge_tells(check: Check, wrong: bytes, right: bytes) -> None:
    def responding(content: bytes) -> tuple[bytes, dict[str, str]]:
        is_type = check.kind is Kind.HEADER_VALUE
        return (b"{}", {"content-type": content.decode()}) if is_type else (content, {"content-type": "text/plain"})

    for content, code in ((wrong, 1), (right, 0)):
        body, headers = responding(content)
        of_target = replace(GET, response=Response(200, headers, body))
        assert check.holds(of_target) is (code == 0)
        shown = replace(GET, response=Response(200, responding(wrong)[1], responding(wrong)[0]))
        text = script(Story("", "", "", [shown], [check]), Surroundings(BASE_URL, TOKEN, History(), Redactor(KEY)))
        with answering(send(200, body, content_type=headers["content-type"])) as server:
            assert exit_code(text, server.url) == code


def test_a_header_of_a_gateway_is_a_variable_and_never_shown(tmp_path: Path) -> None:
    with serving(Keyed(MUTANTS["no-request-id"].app(), "X-Gateway", "very-secret-value")) as url:
        options = ["--base-url", url, "--api-key", KEY, "--header", "X-Gateway: very-secret-value"]
        selected = ["-k", "answer.request-id or get.unknown", "--strict-levels", "--output", str(tmp_path)]
        words = [sys.executable, "-m", "pytest", "conformance", "-p", "no:cacheprovider", *options, *selected]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stdout
        text = (tmp_path / "repro" / "answer.request-id.sh").read_text(encoding="utf-8")
        assert "needs sh, curl, $base_url, $workos_api_key, $header_1." in text.lower()
        assert exit_code(text, url) == 2
        assert exit_code(text, url, HEADER_1="very-secret-value") == 1
    (outcome, *_) = read(tmp_path / "verdict.json").of(Status.FINDING)
    assert '--header "x-gateway: $HEADER_1"' in outcome.evidence.exchanges[-1].curl
    written = [file.read_text(encoding="utf-8") for file in tmp_path.rglob("*") if file.is_file()]
    assert not any("very-secret" in shown for shown in [done.stdout, done.stderr, *written])


def test_what_no_script_shows_names_the_run_that_does(tmp_path: Path) -> None:
    (outcome,) = outcomes_at("id-ignores-case", tmp_path)
    assert outcome.evidence.no_script
    assert outcome.evidence.command.startswith("pytest conformance --base-url http://127.0.0.1:")
    assert outcome.evidence.command.endswith(" --seed 1 -k get.id-in-another-case")


def test_a_finding_of_an_sdk_names_the_run_that_shows_it_again_and_no_curl() -> None:
    surroundings = Surroundings(
        BASE_URL, TOKEN, History(), Redactor(KEY), "pytest conformance --sdk python==1 -k", True
    )
    shown = Observation("this", "that", [GET], "", [has("Acme", "object")])
    evidence = scripted(shown, "sdk.get (get): a promise", surroundings)
    assert (evidence.script, evidence.no_script) == ("", "an SDK makes the requests")
    assert evidence.again == ["pytest conformance --sdk python==1 -k sdk.get"]


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
