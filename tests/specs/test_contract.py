"""The loader gives the three readings of the bounds, and says where a specification is broken."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from specs import contract
from specs.contract import Bounds, InvalidSpecificationError, document, operations


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the specification, which the loader reads instead of the real one."""
    shutil.copytree(contract.SPECS / "schemas", tmp_path / "schemas")
    shutil.copy(contract.SPECS / "openapi.yaml", tmp_path)
    monkeypatch.setattr(contract, "SPECS", tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    document.cache_clear()
    operations.cache_clear()


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_six_operations() -> None:
    assert {name: (found.method, found.path) for name, found in operations().items()} == {
        "list": ("GET", "/organizations"),
        "create": ("POST", "/organizations"),
        "lookup": ("GET", "/organizations/external_id/{external_id}"),
        "get": ("GET", "/organizations/{id}"),
        "update": ("PUT", "/organizations/{id}"),
        "delete": ("DELETE", "/organizations/{id}"),
    }


def test_an_operation_has_the_parameters_of_its_path() -> None:
    assert [parameter["name"] for parameter in operations()["delete"].parameters] == ["id"]
    assert operations()["delete"].query == {}


def test_query_gives_schemas_by_name() -> None:
    query = operations()["list"].query
    assert set(query) == {"before", "after", "limit", "order", "domains", "search"}
    assert query["limit"]["maximum"] == 100


def test_only_create_and_update_have_a_body() -> None:
    assert {name for name, found in operations().items() if found.body is not None} == {"create", "update"}


def test_responses_by_status() -> None:
    responses = operations()["delete"].responses
    assert set(responses) == {200, 202, 401, 403, 404, 429}
    assert responses[202] is None
    assert responses[404] is not None


def test_no_reference_is_left() -> None:
    assert "$ref" not in json.dumps(document())


@pytest.mark.parametrize(
    ("bounds", "length", "pairs", "domains"),
    [
        (Bounds.NARROW, 64, 10, "array"),
        (Bounds.DOCUMENTED, 128, 50, "array"),
        (Bounds.WIDE, 128, 50, ["array", "null"]),
    ],
)
def test_bounds_choose_the_overlay(bounds: Bounds, length: int, pairs: int, domains: str | list[str]) -> None:
    body = operations(bounds)["create"].body
    assert body is not None
    properties = body["properties"]
    assert properties["external_id"]["maxLength"] == length
    assert properties["metadata"]["maxProperties"] == pairs
    assert properties["domains"]["type"] == domains


@pytest.mark.parametrize("bounds", Bounds)
def test_no_overlay_of_bounds_is_left(bounds: Bounds) -> None:
    text = json.dumps(document(bounds))
    assert "x-narrow" not in text
    assert "x-wide" not in text


def test_an_overlay_keeps_what_it_does_not_name() -> None:
    body = operations(Bounds.NARROW)["create"].body
    assert body is not None
    assert body["properties"]["metadata"]["propertyNames"].keys() == {"maxLength", "pattern"}


def test_a_copy_is_as_good(copied: Path) -> None:
    assert len(operations()) == 6


def test_a_schema_that_is_none_names_file_and_place(copied: Path) -> None:
    replace(copied / "schemas" / "external_id.json", '"maxLength": 128', '"maxLength": "long"')
    with pytest.raises(InvalidSpecificationError, match=r"^external_id\.json: \$\.maxLength: 'long'"):
        document()


def test_broken_json_names_file_and_line(copied: Path) -> None:
    replace(copied / "schemas" / "error.json", '"type": "object",', '"type": "object"')
    with pytest.raises(InvalidSpecificationError, match=r"^error\.json: line \d+: Expecting"):
        document()


def test_a_missing_schema_is_named(copied: Path) -> None:
    (copied / "schemas" / "domain_data.json").unlink()
    with pytest.raises(InvalidSpecificationError, match=r"^domain_data\.json: no such schema$"):
        document()


def test_a_dangling_reference_is_named(copied: Path) -> None:
    replace(copied / "openapi.yaml", "#/components/parameters/limit", "#/components/parameters/size")
    with pytest.raises(InvalidSpecificationError, match=r"^openapi\.yaml: #/components/parameters/size leads nowhere$"):
        document()
