"""The schemas take what the API is known to send and take, and refuse what lies beyond."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from specs.contract import SPECS, Bounds, Json, binding, operations
from specs.requirements import catalogue

HERE = Path(__file__).parent
SCHEMAS = sorted((SPECS / "schemas").glob("*.json"))
SAMPLES = sorted((HERE / "samples").glob("*.json"))
RECORDED = sorted((HERE / "recorded").glob("*.json"))

NARROW, DOCUMENTED, WIDE = Bounds.NARROW, Bounds.DOCUMENTED, Bounds.WIDE


def by_name(file: Path) -> str:
    return file.stem


def read(file: Path) -> Json:
    return json.loads(file.read_text(encoding="utf-8"))


def validator(schema: Json) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def body_schema(operation: str, bounds: Bounds = DOCUMENTED) -> Json:
    schema = operations(bounds)[operation].body
    assert schema is not None
    return schema


def answer_schema(operation: str, status: int) -> Json:
    """The schema of an answer with its SHOULDs made binding."""
    schema = operations()[operation].responses[status]
    assert schema is not None
    return binding(schema)


def subschemas(node: Json) -> Iterator[Json]:
    if isinstance(node, list):
        for item in node:
            yield from subschemas(item)
    elif isinstance(node, dict):
        yield node
        for value in node.values():
            yield from subschemas(value)


@pytest.mark.parametrize("file", SCHEMAS, ids=by_name)
def test_is_a_schema_that_names_itself(file: Path) -> None:
    schema = read(file)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert schema["$id"] == file.name


@pytest.mark.parametrize("file", SCHEMAS, ids=by_name)
def test_reads_the_same_as_yaml(file: Path) -> None:
    """Schemathesis and others read what openapi.yaml refers to as YAML, which has no halves of characters."""
    assert yaml.safe_load(file.read_text(encoding="utf-8")) == read(file)


@pytest.mark.parametrize("file", SCHEMAS, ids=by_name)
def test_overlays_are_schemas(file: Path) -> None:
    for schema in subschemas(read(file)):
        for overlay in ("x-narrow", "x-wide", "x-should"):
            Draft202012Validator.check_schema(schema.get(overlay, {}))


@pytest.mark.parametrize("file", SAMPLES, ids=by_name)
def test_samples_of_the_documentation(file: Path) -> None:
    operation, part = file.stem.split(".")
    schema = body_schema(operation) if part == "body" else answer_schema(operation, int(part))
    validator(schema).validate(read(file))


@pytest.mark.parametrize("file", RECORDED, ids=by_name)
def test_recorded_exchanges(file: Path) -> None:
    exchange = read(file)
    validator(body_schema(exchange["operation"])).validate(exchange["body"])
    validator(answer_schema(exchange["operation"], exchange["status"])).validate(exchange["answer"])


@pytest.mark.parametrize(
    ("operation", "status", "response"),
    [
        pytest.param(
            "create",
            409,
            {"message": "An Organization with the domain example.com already exists."},
            id="409 of 2020",
        ),
        pytest.param(
            "get",
            404,
            {
                "message": "Not found",
                "code": "entity_not_found",
                "entity_id": "org_01EHQMYV6MBK39QC5PZXHY59C3",
            },
            id="404",
        ),
        pytest.param("get", 401, {"message": "Unauthorized"}, id="401"),
        pytest.param(
            "update",
            400,
            {"message": "Taken", "code": "stripe_customer_id_already_used"},
            id="400",
        ),
        pytest.param(
            "create",
            422,
            {
                "message": "Validation failed",
                "code": "invalid_request_parameters",
                "errors": [{"code": "required", "message": "name is required"}],
            },
            id="422 with messages",
        ),
        pytest.param(
            "create",
            422,
            {"message": "Validation failed", "errors": [{"field": "name", "code": "required"}]},
            id="422 with fields",
        ),
    ],
)
def test_known_forms_of_errors(operation: str, status: int, response: Json) -> None:
    validator(answer_schema(operation, status)).validate(response)


@pytest.mark.parametrize("field", ["created_at", "updated_at"])
@pytest.mark.parametrize("value", ["yesterday", "2026-01-15", "2026-01-15T12:00:00.000", "2026-13-15T12:00:00Z"])
def test_formats_are_checked(field: str, value: str) -> None:
    organization = read(HERE / "samples" / "get.200.json") | {field: value}
    schema = operations()["get"].responses[200]
    assert [error.validator for error in validator(schema).iter_errors(organization)] == ["format"]


@pytest.mark.parametrize(
    "field", ["object", "id", "name", "domains", "metadata", "external_id", "created_at", "updated_at"]
)
def test_an_organization_needs_each_field(field: str) -> None:
    organization = read(HERE / "samples" / "get.200.json")
    del organization[field]
    schema = operations()["get"].responses[200]
    assert [error.validator for error in validator(schema).iter_errors(organization)] == ["required"]


def test_an_organization_is_open_for_new_properties() -> None:
    organization = read(HERE / "samples" / "get.200.json") | {"colour": "green"}
    validator(answer_schema("get", 200)).validate(organization)


def pairs(count: int) -> dict[str, str]:
    return {f"key{number}": "value" for number in range(count)}


@pytest.mark.parametrize(
    ("field", "value", "accepted"),
    [
        pytest.param("external_id", "x" * 64, {NARROW, DOCUMENTED, WIDE}, id="external_id-64"),
        pytest.param("external_id", "x" * 65, {DOCUMENTED, WIDE}, id="external_id-65"),
        pytest.param("external_id", "x" * 128, {DOCUMENTED, WIDE}, id="external_id-128"),
        pytest.param("external_id", "x" * 129, set(), id="external_id-129"),
        pytest.param("external_id", "", set(), id="external_id-empty"),
        pytest.param("external_id", "é", set(), id="external_id-beyond-ascii"),
        pytest.param("external_id", "\x01", {DOCUMENTED, WIDE}, id="external_id-control-character"),
        pytest.param("external_id", None, {NARROW, DOCUMENTED, WIDE}, id="external_id-null"),
        pytest.param("metadata", pairs(10), {NARROW, DOCUMENTED, WIDE}, id="metadata-10-pairs"),
        pytest.param("metadata", pairs(11), {DOCUMENTED, WIDE}, id="metadata-11-pairs"),
        pytest.param("metadata", pairs(50), {DOCUMENTED, WIDE}, id="metadata-50-pairs"),
        pytest.param("metadata", pairs(51), set(), id="metadata-51-pairs"),
        pytest.param("metadata", {"k" * 40: ""}, {NARROW, DOCUMENTED, WIDE}, id="metadata-key-40"),
        pytest.param("metadata", {"k" * 41: ""}, set(), id="metadata-key-41"),
        pytest.param("metadata", {"key": "v" * 600}, {NARROW, DOCUMENTED, WIDE}, id="metadata-value-600"),
        pytest.param("metadata", {"key": "v" * 601}, set(), id="metadata-value-601"),
        pytest.param("metadata", {"key": "é"}, {DOCUMENTED, WIDE}, id="metadata-value-beyond-ascii"),
        pytest.param("metadata", {"é": "value"}, {DOCUMENTED, WIDE}, id="metadata-key-beyond-ascii"),
        pytest.param("metadata", {"key": 1}, set(), id="metadata-number"),
        pytest.param("metadata", {}, {NARROW, DOCUMENTED, WIDE}, id="metadata-empty"),
        pytest.param("metadata", None, {NARROW, DOCUMENTED, WIDE}, id="metadata-null"),
        pytest.param("domains", None, {WIDE}, id="domains-null"),
        pytest.param("domain_data", None, {WIDE}, id="domain_data-null"),
        pytest.param("allow_profiles_outside_organization", None, {WIDE}, id="allow_profiles-null"),
        pytest.param("name", None, set(), id="name-null"),
        pytest.param("name", "Zoë 公司 שלום \N{ROCKET}", {NARROW, DOCUMENTED, WIDE}, id="name-many-scripts"),
        pytest.param("name", "Zoe\u0308", {DOCUMENTED, WIDE}, id="name-not-normalized"),
        pytest.param("name", " Zoë", {DOCUMENTED, WIDE}, id="name-space-before"),
        pytest.param("name", "Zoë\u00a0", {DOCUMENTED, WIDE}, id="name-space-behind"),
        pytest.param("name", "Zo\x00", {DOCUMENTED, WIDE}, id="name-null-character"),
        pytest.param("name", "n" * 200, {NARROW, DOCUMENTED, WIDE}, id="name-200"),
        pytest.param("name", "n" * 201, {DOCUMENTED, WIDE}, id="name-201"),
        pytest.param("external_id", ".", {DOCUMENTED, WIDE}, id="external_id-dot"),
        pytest.param("external_id", "..", {DOCUMENTED, WIDE}, id="external_id-two-dots"),
        pytest.param("external_id", "...", {NARROW, DOCUMENTED, WIDE}, id="external_id-three-dots"),
    ],
)
@pytest.mark.parametrize("operation", ["create", "update"])
def test_bounds(operation: str, field: str, value: Json, accepted: set[Bounds]) -> None:
    body = {"name": "Foo Corp", field: value}
    assert {bounds for bounds in Bounds if validator(body_schema(operation, bounds)).is_valid(body)} == accepted


@pytest.mark.parametrize(("operation", "accepted"), [("create", set()), ("update", {WIDE})])
def test_only_an_update_may_null_a_metadata_value(operation: str, accepted: set[Bounds]) -> None:
    body = {"name": "Foo Corp", "metadata": {"key": None}}
    assert {bounds for bounds in Bounds if validator(body_schema(operation, bounds)).is_valid(body)} == accepted


@pytest.mark.parametrize(("operation", "accepted"), [("create", set()), ("update", set(Bounds))])
def test_only_an_update_may_leave_the_name_out(operation: str, accepted: set[Bounds]) -> None:
    assert {bounds for bounds in Bounds if validator(body_schema(operation, bounds)).is_valid({})} == accepted


ANSWERS = {
    f"{operation.name}.{status}": schema
    for operation in operations().values()
    for status, schema in operation.responses.items()
    if schema is not None
}


def test_names_that_must_be_accepted_are_normalized() -> None:
    schema = body_schema("create", NARROW)["properties"]["name"]
    accepted = [chr(code) for code in range(0x110000) if validator(schema).is_valid(chr(code))]
    assert len(accepted) > 1_000
    assert unicodedata.normalize("NFC", "".join(accepted)) == "".join(accepted)
    assert not any(unicodedata.combining(character) for character in accepted)


@pytest.mark.parametrize("response", ANSWERS)
def test_what_an_answer_promises_is_a_requirement_at_its_operation(response: str) -> None:
    operation = response.partition(".")[0]
    named = {node["x-requirement"] for node in subschemas(ANSWERS[response]) if "x-requirement" in node}
    assert named
    assert {name for name in named if operation not in catalogue()[name].operations} == set()


@pytest.mark.parametrize("response", ANSWERS)
def test_what_an_answer_promises_names_its_requirement(response: str) -> None:
    schema = ANSWERS[response]
    promises = [
        (name, promised) for node in subschemas(schema) for name, promised in node.get("properties", {}).items()
    ]
    assert "x-requirement" in schema
    assert promises
    assert [name for name, promised in promises if "x-requirement" not in promised] == []
