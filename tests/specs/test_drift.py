"""A difference from the vendor's document is named by its place, and has to be explained."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
import yaml

from specs import drift
from specs.contract import SPECS, Json, document
from specs.drift import Difference, Explanation, differences

UPSTREAM = SPECS.parent.parent / "shared" / "upstream" / "open-api-spec.yaml"

Change: TypeAlias = Callable[[Json], None]
Run: TypeAlias = Callable[..., int]


def changed(*changes: Change) -> Json:
    """Our own document, in which every place can be changed on its own."""
    upstream = json.loads(json.dumps(document()))
    for change in changes:
        change(upstream)
    return upstream


def lower_limit(upstream: Json) -> None:
    parameters = upstream["paths"]["/organizations"]["get"]["parameters"]
    next(p for p in parameters if p["name"] == "limit")["schema"]["maximum"] = 50


def bound_name(upstream: Json) -> None:
    create_body(upstream)["properties"]["name"]["minLength"] = 1


def drop_not_found(upstream: Json) -> None:
    del upstream["paths"]["/organizations/{id}"]["delete"]["responses"]["404"]


def free_body(upstream: Json) -> None:
    del upstream["paths"]["/organizations"]["post"]["requestBody"]["required"]


def free_name(upstream: Json) -> None:
    del create_body(upstream)["required"]


def add_content_type(upstream: Json) -> None:
    content = upstream["paths"]["/organizations/{id}"]["delete"]["responses"]["202"]
    content["content"] = {"text/plain": {"schema": {"type": "string"}}}


def double_required(upstream: Json) -> None:
    create_body(upstream)["required"] = ["name", "name"]


def explode_domains(upstream: Json) -> None:
    parameters = upstream["paths"]["/organizations"]["get"]["parameters"]
    del next(p for p in parameters if p["name"] == "domains")["explode"]


def create_body(upstream: Json) -> Json:
    return upstream["paths"]["/organizations"]["post"]["requestBody"]["content"]["application/json"]["schema"]


def bad_request(upstream: Json) -> Json:
    return upstream["paths"]["/organizations"]["post"]["responses"]["400"]["content"]["application/json"]


def by_code(*codes: str) -> Json:
    message = {"type": "string"}
    return [
        {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"message": message, "code": {"type": "string", "const": code}},
        }
        for code in codes
    ]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command on an upstream document and a list of explanations."""

    def run(upstream: Json, *explanations: Json) -> int:
        file = tmp_path / "upstream.yaml"
        file.write_text(upstream if isinstance(upstream, str) else json.dumps(upstream), encoding="utf-8")
        known = tmp_path / "drift.yaml"
        known.write_text(yaml.safe_dump([*explanations]), encoding="utf-8")
        monkeypatch.setattr(drift, "EXPLANATIONS", known)
        return drift.main([str(file)])

    return run


@pytest.mark.parametrize(
    ("change", "path", "here", "there"),
    [
        (lower_limit, "list.parameters/limit/maximum", "100", "50"),
        (explode_domains, "list.parameters/domains/@explode", "false", "true"),
        (bound_name, "create.body/properties/name/minLength", "-", "1"),
        (free_body, "create.body/@required", "true", "false"),
        (free_name, "create.body/required", '["name"]', "-"),
        (double_required, "create.body/required", '["name"]', '["name", "name"]'),
        (drop_not_found, "delete.responses/404", "{@content, type, required, properties}", "-"),
    ],
)
def test_a_difference_is_named_by_its_place(change: Change, path: str, here: str, there: str) -> None:
    assert differences(document(), changed(change)) == [Difference(path, here, there)]


def test_another_content_type_is_a_difference() -> None:
    assert differences(document(), changed(add_content_type)) == [
        Difference("delete.responses/202/@content", "-", '["text/plain"]'),
        Difference("delete.responses/202/text/plain", "-", "{type}"),
    ]


def annotate(upstream: Json) -> None:
    create_body(upstream).update({"title": "Body", "x-order": 1, "examples": [{}], "$comment": "none"})


def reorder(upstream: Json) -> None:
    metadata = create_body(upstream)["properties"]["metadata"]
    metadata["type"] = ["null", "object"]
    upstream["paths"]["/organizations"]["post"]["responses"]["201"]["content"]["application/json"]["schema"][
        "required"
    ].reverse()


def write_defaults_out(upstream: Json) -> None:
    parameter = upstream["paths"]["/organizations"]["get"]["parameters"][0]
    parameter.update({"required": False, "style": "form", "explode": True, "deprecated": False})


def refer(upstream: Json) -> None:
    upstream["components"]["schemas"] = {"Body/new": create_body(upstream)}
    operation = upstream["paths"]["/organizations"]["post"]
    operation["requestBody"]["content"]["application/json"]["schema"] = {"$ref": "#/components/schemas/Body~1new"}


def split_by_code(upstream: Json) -> None:
    bad_request(upstream)["schema"] = {"oneOf": by_code("invalid_metadata", "external_id_already_used")}


@pytest.mark.parametrize("change", [annotate, reorder, write_defaults_out, refer, split_by_code])
def test_what_constrains_alike_is_no_difference(change: Change) -> None:
    assert differences(document(), changed(change)) == []


def test_a_property_may_be_called_like_an_annotation() -> None:
    def describe(upstream: Json) -> None:
        create_body(upstream)["properties"]["description"] = {"type": "string", "title": "Words"}

    assert differences(document(), changed(describe)) == [
        Difference("create.body/properties/description", "-", "{type}")
    ]


def test_one_more_code_is_a_difference() -> None:
    def split(upstream: Json) -> None:
        bad_request(upstream)["schema"] = {"oneOf": by_code("invalid_metadata", "external_id_already_used", "too_late")}

    assert differences(document(), changed(split)) == [
        Difference(
            "create.responses/400/properties/code/enum",
            '["external_id_already_used", "invalid_metadata"]',
            '["external_id_already_used", "invalid_metadata", "too_late"]',
        )
    ]


def test_branches_that_an_object_may_share_stay_branches() -> None:
    def split(upstream: Json) -> None:
        branches = by_code("invalid_metadata", "external_id_already_used")
        for branch in branches:
            branch["required"] = ["message"]
        bad_request(upstream)["schema"] = {"oneOf": branches}

    paths = [found.path for found in differences(document(), changed(split))]
    assert "create.responses/400/oneOf" in paths


def test_a_schema_may_refer_to_itself() -> None:
    def loop(upstream: Json) -> None:
        upstream["components"]["schemas"] = {"Tree": {"items": {"$ref": "#/components/schemas/Tree"}}}
        create_body(upstream)["properties"]["name"] = {"$ref": "#/components/schemas/Tree"}

    assert [found.path for found in differences(document(), changed(loop))] == [
        "create.body/properties/name/type",
        "create.body/properties/name/items",
    ]


def test_an_explanation_covers_by_glob_and_by_what_is_there() -> None:
    silent = Difference("list.responses/401", "{}", "-")
    spoken = Difference("list.responses/401", "{}", "{type}")
    explanation = Explanation("*.responses/401", "seen in real traffic")
    assert explanation.covers(silent)
    assert not explanation.covers(spoken)
    assert not explanation.covers(Difference("list.responses/401/type", "1", "-"))
    assert Explanation("*.responses/401", "as agreed", there="{type}").covers(spoken)


def test_no_difference(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(changed()) == 0
    assert "0 differences" in capsys.readouterr().out


def test_yaml_with_anchors(run: Run) -> None:
    assert run(yaml.safe_dump(document())) == 0


def test_an_unexplained_difference_is_a_failure(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(changed(lower_limit)) == 1
    output = capsys.readouterr().out
    row = next(line for line in output.splitlines() if line.startswith("list."))
    assert row.split(maxsplit=3)[:3] == ["list.parameters/limit/maximum", "100", "50"]
    assert row.rstrip().endswith("NOT EXPLAINED")
    assert "1 differences, 1 not explained" in output


def test_a_row_is_neither_wrapped_nor_shortened(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    reason = "because " * 100 + "of [this] and that"
    assert run(changed(drop_not_found), {"path": "delete.responses/404", "reason": reason}) == 0
    assert reason in capsys.readouterr().out


def test_an_explained_difference_is_none(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    explanation = {"path": "list.*/maximum", "reason": "a smaller page", "there": "50"}
    assert run(changed(lower_limit), explanation) == 0
    assert "a smaller page" in capsys.readouterr().out


def test_a_stale_explanation_is_a_failure(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(changed(), {"path": "delete.responses/404", "reason": "seen in real traffic"}) == 1
    assert "stale: delete.responses/404" in capsys.readouterr().out


def drop_update(upstream: Json) -> None:
    del upstream["paths"]["/organizations/{id}"]["put"]


def drop_path(upstream: Json) -> None:
    del upstream["paths"]["/organizations/external_id/{external_id}"]


def dangle(upstream: Json) -> None:
    create_body(upstream)["items"] = {"$ref": "#/components/schemas/Nothing"}


def unname(upstream: Json) -> None:
    del upstream["paths"]["/organizations"]["get"]["parameters"][0]["name"]


@pytest.mark.parametrize(
    ("upstream", "reason"),
    [
        pytest.param("paths: [", "not YAML", id="not YAML"),
        pytest.param("just words", "not an OpenAPI document", id="words"),
        pytest.param({"openapi": "3.1.1"}, "not an OpenAPI document", id="no paths"),
        pytest.param({"openapi": "3.1.1", "paths": {}}, "no operation GET /organizations", id="empty"),
        pytest.param(changed(drop_update), "no operation PUT /organizations/{id}", id="no update"),
        pytest.param(changed(drop_path), "no operation GET /organizations/external_id", id="no lookup"),
        pytest.param(changed(dangle), "#/components/schemas/Nothing leads nowhere", id="dangling reference"),
        pytest.param(changed(unname), "GET /organizations is not as OpenAPI has it", id="malformed"),
    ],
)
def test_nothing_to_compare_with(run: Run, capsys: pytest.CaptureFixture[str], upstream: Json, reason: str) -> None:
    assert run(upstream) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert reason in line


def test_no_such_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drift.main([str(tmp_path / "absent.yaml")]) == 2
    assert capsys.readouterr().err.endswith("absent.yaml: No such file or directory\n")


def test_a_file_that_is_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "picture.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    assert drift.main([str(file)]) == 2
    assert "picture.yaml: not a text file" in capsys.readouterr().err


def test_an_explanation_needs_a_reason(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(changed(), {"path": "delete.responses/404"}) == 2
    assert "drift.yaml: not a list of entries" in capsys.readouterr().err


@pytest.mark.skipif(not UPSTREAM.exists(), reason="the vendor's document does not lie beside the repository")
def test_every_difference_from_the_vendor_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert drift.main([str(UPSTREAM)]) == 0, capsys.readouterr().out
