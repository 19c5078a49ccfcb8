"""What a run leaves for Allure."""

from __future__ import annotations

import json

from reports.summary import Summary
from reports.verdict.verdict import Status, read
from specs.requirements import catalogue
from tests.allure.runs import KEY, Run, labels, requirement_of, spellings, steps

EXPECTED = "status 422, for a request with limit of 0"
STATUSES = {
    "met": "passed",
    "observed": "passed",
    "warning": "unknown",
    "finding": "failed",
    "deviation": "skipped",
    "blocked": "skipped",
}


def test_every_result_names_its_promise(faulty: Run) -> None:
    for result in faulty.results:
        if labels(result, "feature") == ["Deviations"]:
            continue
        identifier = requirement_of(result)
        requirement = catalogue()[identifier]
        assert labels(result, "epic") == ["Organizations API"]
        assert labels(result, "story") == [f"{identifier}: {requirement.promise}"]
        assert requirement.promise.rstrip(".") in result["name"]
        assert labels(result, "tag")[:2] == [requirement.level, requirement.kind]
        severities = {"MUST": "critical", "SHOULD": "normal", "INFO": "trivial"}
        assert labels(result, "severity") == [severities[requirement.level]]


def test_a_result_hangs_under_its_group(correct: list[Run]) -> None:
    result = correct[0].the("met", "update.identity")
    assert labels(result, "feature") == [catalogue()["update.identity"].group.title]


def test_a_result_links_to_its_source_and_its_requirement(faulty: Run, correct: list[Run]) -> None:
    links = {link["type"]: link["url"] for link in faulty.the("met", "create.answers")["links"]}
    assert links == {
        "source": "https://workos.com/docs/reference/organization",
        "tms": "https://example.com/requirements.yaml#:~:text=create.answers",
    }
    without_pattern = correct[0].the("met", "create.answers")["links"]
    assert [link["type"] for link in without_pattern] == ["source"]


def test_only_findings_are_red(faulty: Run) -> None:
    for result in faulty.results:
        status = labels(result, "tag")[-1].replace("outdated", "finding")
        assert result["status"] == STATUSES[status], result["name"]


def test_the_report_agrees_with_the_verdict(faulty: Run) -> None:
    of_verdict = {o["requirement"] for o in faulty.verdict["outcomes"] if o["status"] == "finding"}
    of_report = {requirement_of(result) for result in faulty.of("finding")}
    assert of_report - {""} == of_verdict
    assert of_verdict


def test_a_finding_shows_what_was_expected_and_seen_and_no_traceback(faulty: Run) -> None:
    result = faulty.the("finding", "list.limit-out-of-bounds")
    details = result["statusDetails"]
    assert details["message"] == f"expected {EXPECTED}\nseen status 200"
    assert (details["expected"], details["actual"]) == (EXPECTED, "status 200")
    script, request = details["trace"].split("\n\n")[:2]
    assert script == "sh repro/list.limit-out-of-bounds.sh # in the folder of verdict.json"
    assert (faulty.folder / script.split()[1]).exists()
    assert request.startswith("curl --include ")
    assert "Traceback" not in json.dumps(result)
    assert "site-packages" not in json.dumps(result)


def test_the_exchange_of_a_finding_is_a_failed_step_in_plain_words(faulty: Run) -> None:
    result = faulty.the("finding", "list.limit-out-of-bounds")
    (failed,) = [step for step in steps(result) if step["status"] == "failed"]
    assert failed["name"].startswith("list with limit=0")
    assert failed["name"].endswith("→ 200")
    exchange, curl = failed["attachments"]
    shown = json.loads(faulty.attachment(exchange))
    assert (shown["request"]["method"], shown["response"]["status"]) == ("GET", 200)
    assert '"authorization: Bearer $WORKOS_API_KEY"' in faulty.attachment(curl)


def test_every_exchange_of_a_scenario_is_a_step(correct: list[Run]) -> None:
    result = correct[0].the("met", "delete.gone")
    names = [step["name"] for step in steps(result)]
    assert any(name.startswith("delete org_") and name.endswith("→ 202") for name in names)
    assert any(name.startswith("get org_") and name.endswith("→ 404") for name in names)
    assert not any(step["attachments"] for step in steps(result) if "attachments" in step)


def test_generated_requests_are_no_steps(correct: list[Run]) -> None:
    for result in correct[0].results:
        if "test_generated.py" in result["fullName"] or "test_lifecycle.py" in result["fullName"]:
            assert list(steps(result)) == []


def test_of_generated_requests_only_the_counterexample_is_a_step(faulty: Run) -> None:
    failed = [step for result in faulty.of("finding") for step in steps(result) if step["status"] == "failed"]
    names = [step["name"] for step in failed if step["name"].startswith("look up external_id ")]
    assert [name for name in names if name.endswith("→ 500")]


def test_a_requirement_has_one_result(faulty: Run) -> None:
    summary = Summary(read(faulty.folder / "verdict.json"))
    counted = [requirement_of(result) for result in faulty.results if requirement_of(result)]
    assert len(counted) == len(set(counted))
    assert len(faulty.of("finding")) + len(faulty.of("outdated")) == summary.findings
    assert len(faulty.of("warning")) == len(summary.of(Status.WARNING))


def test_a_deviation_is_set_aside_with_its_reason(faulty: Run) -> None:
    result = faulty.the("deviation", "answer.status")
    assert result["name"].startswith("Deviation: ")
    message = result["statusDetails"]["message"]
    assert "answers 204 until the next release" in message
    assert "expected status 200, " in message


def test_a_deviation_that_is_over_is_a_finding(faulty: Run) -> None:
    (result,) = [result for result in faulty.results if labels(result, "feature") == ["Deviations"]]
    assert result["status"] == "failed"
    assert "list.default-limit" in result["name"]


def test_a_warning_is_marked_and_says_what_was_seen(faulty: Run) -> None:
    result = faulty.the("warning", "answer.request-id")
    assert result["name"].startswith("Warning: ")
    assert "warning" in labels(result, "tag")
    assert result["statusDetails"]["message"].startswith("expected ")


def test_results_are_found_again_in_the_next_run(correct: list[Run]) -> None:
    first, second = ({result["historyId"] for result in run.results} for run in correct)
    assert first == second
    assert len(first) == len(correct[0].results)
    assert all(not result.get("parameters") for result in correct[0].results)


def test_the_environment_says_what_repeats_the_run(faulty: Run) -> None:
    lines = (faulty.folder / "allure-results" / "environment.properties").read_text().splitlines()
    facts = dict(line.replace("\\", "").split(" = ", 1) for line in lines)
    assert (facts["subject"], len(facts)) == (faulty.verdict["base_url"], 8)
    assert (facts["seed"], facts["profile"]) == ("1", "default")
    assert facts["suite version"]
    assert facts["contract version"]


def test_fixtures_are_not_shown(correct: list[Run]) -> None:
    for path in (correct[0].folder / "allure-results").glob("*-container.json"):
        assert not json.loads(path.read_text()).get("befores")


def test_no_file_holds_the_key(faulty: Run) -> None:
    files = [path for path in faulty.folder.rglob("*") if path.is_file()]
    assert len(files) > len(faulty.results)
    for path in files:
        content = path.read_bytes()
        assert not [spelling for spelling in spellings(KEY) if spelling in content], path
