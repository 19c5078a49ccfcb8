"""How our contract differs from the vendor's OpenAPI document, constraint by constraint.

    python -m specs.drift UPSTREAM.yaml

Of each operation both documents give a tree of what they constrain: titles, examples and
extensions left out, and made alike what only looks different (references, defaults, the order
of sets, ``oneOf`` where an ``enum`` says the same). The trees are compared leaf by leaf, and a
difference is named by its place: ``list.parameters/limit/maximum``, ``delete.responses/404``,
``create.body/properties/name/minLength``. A JSON schema sits directly below its body or
response; what a parameter, body or response says beside it is marked ``@``, so that
``create.body/@required`` cannot be taken for the ``required`` of the schema.

Exit code 0: every difference is explained in drift.yaml. 1: one is not, or an explanation fits
no difference any more. 2: there is nothing to compare with.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeAlias

import yaml
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from specs.contract import SPECS, InvalidSpecificationError, Json, Loader, document, operations

Tree: TypeAlias = dict[str, Json]
"""Constraints: a branch is a dict, a leaf any other JSON value."""

EXPLANATIONS = SPECS / "drift.yaml"
ABSENT = "-"
"""How the table shows what a document does not say; no JSON value reads like this."""

# A pipe has no width: rows that are wrapped or shortened could not be searched.
_PIPE_WIDTH = 10_000

_ANNOTATIONS = {"$comment", "$id", "$schema", "description", "example", "examples", "title"}
_SETS = {"enum", "required", "type"}
_SCHEMAS = {"additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"}
_SCHEMAS_BY_NAME = {"$defs", "dependentSchemas", "patternProperties", "properties"}
_SCHEMA_LISTS = {"allOf", "anyOf", "oneOf", "prefixItems"}


@dataclass(frozen=True)
class Difference:
    """One place where the documents disagree; `here` and `there` as the table shows them."""

    path: str
    here: str
    there: str


@dataclass(frozen=True)
class Explanation:
    """Why a difference is right, at every path that the glob `path` matches.

    It holds for one value of the vendor's document only, by default for its silence, so that
    it does not hide the next change at the same place.
    """

    path: str
    reason: str
    there: str = ABSENT

    def covers(self, difference: Difference) -> bool:
        """Whether this is about that difference."""
        return difference.there == self.there and fnmatchcase(difference.path, self.path)


def differences(here: Mapping[str, Json], there: Mapping[str, Json]) -> list[Difference]:
    """What two OpenAPI documents say differently about the six operations.

    Raises InvalidSpecificationError when one of them lacks an operation, or describes it in a
    way that is not OpenAPI's.
    """
    return [
        difference
        for operation in operations().values()
        for difference in _compared(
            operation.name,
            _operation(here, operation.method, operation.path),
            _operation(there, operation.method, operation.path),
        )
    ]


def read_upstream(file: Path) -> dict[str, Json]:
    """The vendor's document; raises InvalidSpecificationError when it is not an OpenAPI document."""
    upstream = _yaml(file)
    if not (isinstance(upstream, dict) and "openapi" in upstream and isinstance(upstream.get("paths"), dict)):
        raise InvalidSpecificationError(f"{file.name}: not an OpenAPI document")
    return upstream


def read_explanations(file: Path) -> list[Explanation]:
    """The entries of drift.yaml; raises InvalidSpecificationError when one lacks path or reason."""
    try:
        return [Explanation(**entry) for entry in _yaml(file)]
    except TypeError as error:
        raise InvalidSpecificationError(
            f"{file.name}: not a list of entries with path, reason and perhaps there: {error}"
        ) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the differences from the document that `arguments` name; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m specs.drift", description="Compares with the vendor.")
    parser.add_argument("upstream", type=Path, metavar="UPSTREAM.yaml", help="the vendor's OpenAPI document")
    upstream = parser.parse_args(arguments).upstream
    try:
        explanations = read_explanations(EXPLANATIONS)
        found = differences(document(), read_upstream(upstream))
    except InvalidSpecificationError as error:
        print(f"cannot compare with {upstream}: {error}", file=sys.stderr)
        return 2
    return _report(found, explanations)


def _yaml(file: Path) -> Json:
    try:
        with file.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=Loader)  # noqa: S506 - both loaders are the safe ones
    except OSError as error:
        raise InvalidSpecificationError(f"{file.name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidSpecificationError(f"{file.name}: not a text file") from error
    except yaml.YAMLError as error:
        raise InvalidSpecificationError(f"{file.name}: not YAML: {' '.join(str(error).split())}") from error


def _compared(place: str, here: Json, there: Json) -> Iterator[Difference]:
    if not (isinstance(here, dict) and isinstance(there, dict)):
        if _shown(here) != _shown(there):
            yield Difference(place, _shown(here), _shown(there))
        return
    separator = "/" if "." in place else "."
    for key in {**here, **there}:
        yield from _compared(f"{place}{separator}{key}", here.get(key, ...), there.get(key, ...))


def _shown(value: Json) -> str:
    """A leaf as JSON, a branch as the names of what is in it, ``...`` as absent."""
    if value is ...:
        return ABSENT
    if isinstance(value, dict):
        return f"{{{', '.join(value)}}}"
    return json.dumps(value, ensure_ascii=False, default=str)


def _report(found: Sequence[Difference], explanations: Sequence[Explanation]) -> int:
    terminal = sys.stdout.isatty()
    console = Console(highlight=False, width=None if terminal else _PIPE_WIDTH)
    reasons = [next((e.reason for e in explanations if e.covers(row)), None) for row in found]
    stale = [e for e in explanations if not any(e.covers(row) for row in found)]
    table = Table(box=box.SIMPLE if terminal else None, pad_edge=False)
    for heading in ("path", "here", "there", "explanation"):
        table.add_column(heading, overflow="fold")
    for row, reason in zip(found, reasons, strict=True):
        # Text, because rich would read the brackets of a JSON list as markup.
        cells = [Text(cell) for cell in (row.path, row.here, row.there, reason or "NOT EXPLAINED")]
        table.add_row(*cells, style=None if reason else "bold red")
    console.print(table)
    for explanation in stale:
        console.print(Text(f"stale: {explanation.path} (there: {explanation.there}) fits no difference any more"))
    console.print(f"{len(found)} differences, {reasons.count(None)} not explained, {len(stale)} stale explanations")
    return 1 if None in reasons or stale else 0


def _operation(root: Mapping[str, Json], method: str, path: str) -> Tree:
    try:
        item = _resolved(root["paths"].get(path, {}), root)
        if method.lower() not in item:
            raise InvalidSpecificationError(f"no operation {method} {path}")
        return _operation_tree(item[method.lower()], item.get("parameters", []))
    except (AttributeError, LookupError, TypeError) as error:
        raise InvalidSpecificationError(f"{method} {path} is not as OpenAPI has it: {error!r}") from error


def _operation_tree(described: Mapping[str, Json], shared: list[Json]) -> Tree:
    tree: Tree = {
        "@deprecated": described.get("deprecated", False),
        "parameters": {p["name"]: _parameter(p) for p in [*shared, *described.get("parameters", [])]},
        "responses": {str(status): _content(response) for status, response in described["responses"].items()},
    }
    if "requestBody" in described:
        body = described["requestBody"]
        tree["body"] = {"@required": body.get("required", False), **_content(body)}
    return tree


def _parameter(parameter: Mapping[str, Json]) -> Tree:
    usual = "form" if parameter["in"] in ("query", "cookie") else "simple"
    style = parameter.get("style", usual)
    return {
        "@in": parameter["in"],
        "@required": parameter.get("required", False),
        "@deprecated": parameter.get("deprecated", False),
        "@style": style,
        "@explode": parameter.get("explode", style == "form"),
        **_schema(parameter.get("schema", {})),
    }


def _content(holder: Mapping[str, Json]) -> Tree:
    """The JSON schema itself, beside it the schemas of other content types by type."""
    schemas = {kind: _schema(media.get("schema", {})) for kind, media in holder.get("content", {}).items()}
    tree: Tree = {"@content": sorted(schemas)} if schemas else {}
    return {**tree, **schemas.pop("application/json", {}), **schemas}


def _schema(schema: Json) -> Tree:
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    tree = {
        keyword: _keyword(keyword, value)
        for keyword, value in schema.items()
        if keyword not in _ANNOTATIONS and not keyword.startswith("x-")
    }
    joined = _joined([*tree["oneOf"].values()]) if set(tree) == {"oneOf"} else None
    return joined or tree


def _keyword(keyword: str, value: Json) -> Json:
    if keyword in _SCHEMAS:
        return _schema(value)
    if keyword in _SCHEMAS_BY_NAME:
        return {str(name): _schema(schema) for name, schema in value.items()}
    if keyword in _SCHEMA_LISTS:
        return {str(index): _schema(schema) for index, schema in enumerate(value)}
    if keyword in _SETS and isinstance(value, list):
        # Sorted, not made a set: an entry that stands there twice is an error worth showing.
        return value[0] if keyword == "type" and len(value) == 1 else sorted(value, key=json.dumps)
    return value


def _joined(branches: Sequence[Tree]) -> Tree | None:
    """One schema for objects that differ only in the constant of a property; None for others.

    The constant is required and another one in every branch, so no object fits two of them,
    and ``oneOf`` says the same as one branch with an ``enum`` of the constants.
    """
    for name in branches[0].get("properties", {}):
        constants = [tree.get("properties", {}).get(name, {}).get("const") for tree in branches]
        different = None not in constants and len({json.dumps(value) for value in constants}) == len(branches)
        first, *others = [_with_enum(tree, name, constants) for tree in branches]
        required = first.get("type") == "object" and name in first.get("required", [])
        if different and required and all(other == first for other in others):
            return first
    return None


def _with_enum(tree: Tree, name: str, values: list[Json]) -> Tree:
    properties = tree.get("properties", {})
    free = {keyword: value for keyword, value in properties.get(name, {}).items() if keyword != "const"}
    enum = sorted(values, key=json.dumps)
    return {**tree, "properties": {**properties, name: {**free, "enum": enum}}}


def _resolved(node: Json, root: Mapping[str, Json], trail: tuple[str, ...] = ()) -> Json:
    """`node` with every reference replaced by its target, save one that leads into itself."""
    if isinstance(node, list):
        return [_resolved(item, root, trail) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if reference in trail:
        return node
    # A property may be called $ref: then its value is a schema.
    if not isinstance(reference, str):
        return {key: _resolved(value, root, trail) for key, value in node.items()}
    siblings = {key: value for key, value in node.items() if key != "$ref"}
    target = _resolved(_target(reference, root), root, (*trail, reference))
    return {**target, **_resolved(siblings, root, trail)}


def _target(reference: str, root: Mapping[str, Json]) -> Json:
    target: Json = root
    for step in reference.removeprefix("#/").split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(target, dict) or name not in target:
            raise InvalidSpecificationError(f"{reference} leads nowhere")
        target = target[name]
    return target


if __name__ == "__main__":
    sys.exit(main())
