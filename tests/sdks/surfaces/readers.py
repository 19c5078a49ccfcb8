"""The surfaces of the SDKs that can be had here: by reflection, from type files, from documentation of packages."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from sdks.cache import Installed
from tests.sdks.surfaces.surface import CLIENT, ERRORS, Surface, arguments, operations, optional

Json: TypeAlias = Any


def python(driver: Installed) -> Surface:
    """Through `inspect`, in the environment of the SDK."""
    script = Path(__file__).parent / "of_python.py"
    told = json.loads(_output(driver.command[0], "-P", str(script), cwd=driver.folder))
    methods = {
        "create": "create_organization",
        "get": "get_organization",
        "lookup": "get_organization_by_external_id",
        "list": "list_organizations",
        "iterate": "list_organizations",
        "update": "update_organization",
        "delete": "delete_organization",
    }
    found = {op: told["methods"][method] for op, method in methods.items() if method in told["methods"]}
    members = {f"domain_data.{name}" for name in told["domain_data"]}
    options = _renamed(told["request_options"], timeout="timeout_ms")
    return Surface(
        arguments={op: _known(op, set(given) | members) for op, given in found.items()},
        nullable={
            op: {name for name in optional(operations()[op]) if name in given and _null_is_a_value(given[name])}
            for op, given in found.items()
        },
        options={op: options if "request_options" in given else set() for op, given in found.items()},
        client=_renamed(told["client"], request_timeout="timeout_ms", base_url="base_url.path") & CLIENT,
        errors=_renamed(told["errors"], status_code="status") & ERRORS,
        page_has_cursors={"before", "after"} <= set(told["list_metadata"]),
    )


def _null_is_a_value(parameter: Mapping[str, str]) -> bool:
    """Not where None is the default, or is allowed without a NotGiven that would stand for 'not given'."""
    return parameter["default"] != "None" and (
        "None" not in parameter["annotation"] or "NotGiven" in parameter["annotation"]
    )


def node(driver: Installed) -> Surface:
    """From the type files. The language lets any value be written where a name is declared, null among them."""
    types = "\n".join(
        file.read_text(encoding="utf-8")
        for file in (driver.folder / "node_modules" / "@workos-inc" / "node" / "lib").glob("*.d.mts")
    )
    create, update, listed = (
        _snake_cased(_fields(types, name))
        for name in ("CreateOrganizationOptions", "UpdateOrganizationOptions", "ListOrganizationsOptions")
    )
    members = {f"domain_data.{name}" for name in _fields(types, "DomainData")}
    given = {
        "create": create | members,
        "get": {"id"},
        "lookup": {"external_id"},
        "list": listed,
        "iterate": listed,
        "update": _renamed(update, organization="id") | members,
        "delete": {"id"},
    }
    methods = {
        "create": "createOrganization",
        "get": "getOrganization",
        "lookup": "getOrganizationByExternalId",
        "list": "listOrganizations",
        "iterate": "listOrganizations",
        "update": "updateOrganization",
        "delete": "deleteOrganization",
    }
    exceptions = {field for name in _classes(types, "Exception") for field in _fields(types, name)}
    return Surface(
        arguments={op: _known(op, names) for op, names in given.items()},
        nullable={op: names & set(optional(operations()[op])) for op, names in given.items()},
        options={op: _request_options(types, method) for op, method in methods.items()},
        client=_renamed(_snake_cased(_fields(types, "WorkOSOptions")), timeout="timeout_ms", base_url="base_url.path")
        & CLIENT,
        errors=_renamed(_snake_cased(exceptions)) & ERRORS,
        page_has_cursors={"before", "after"} <= _fields(types, "List"),
    )


def _request_options(types: str, method: str) -> set[str]:
    """The fields of the type of a method's last parameter, where that is about the request."""
    signature = re.search(rf"^  {method}\((.*)\): ", types, re.MULTILINE)
    assert signature, method
    named = re.search(r"(?:requestOptions|options)\??: (\w*Request\w*)", signature.group(1))
    if named is None:
        return set()
    picked = re.search(rf"^type {named.group(1)} = Pick<\w+, (.*)>;", types, re.MULTILINE)
    fields = set(re.findall(r"'(\w+)'", picked.group(1))) if picked else _fields(types, named.group(1))
    return _renamed(_snake_cased(fields), timeout="timeout_ms", headers="extra_headers")


def _fields(types: str, name: str) -> set[str]:
    """The fields of an interface or a class, with those of what it extends."""
    found = re.search(
        rf"^(?:interface|declare class) {name}\b(?:<[^{{]*>)?(?: extends (\w+))?[^{{\n]*\{{\n(.*?)^\}}",
        types,
        re.MULTILINE | re.DOTALL,
    )
    if found is None:
        return set()
    own = set(re.findall(r"^ +(?:readonly )?(\w+)\??:", found.group(2), re.MULTILINE))
    return own | (_fields(types, found.group(1)) if found.group(1) else set())


def _classes(types: str, ending: str) -> list[str]:
    return re.findall(rf"^declare class (\w+{ending})\b", types, re.MULTILINE)


def go(driver: Installed) -> Surface:
    """From `go doc`. A type of a parameter that this does not know fails here: it may hold a null."""
    package = "github.com/workos/workos-go/v9"
    docs = {
        name: _output("go", "doc", package, name, cwd=driver.folder)
        for name in (
            *("OrganizationService", "RequestOption", "ClientOption", "APIError", "PaginationParams", "Iterator"),
            *("OrganizationsCreateParams", "OrganizationsUpdateParams", "OrganizationsListParams"),
            "OrganizationDomainData",
        )
    }
    create, update = (_go_fields(docs[f"Organizations{which}Params"]) for which in ("Create", "Update"))
    listed = _go_fields(docs["OrganizationsListParams"]) | _go_fields(docs["PaginationParams"])
    members = {f"domain_data.{name}" for name in _go_fields(docs["OrganizationDomainData"])}
    methods = {"create": "Create", "get": "Get", "lookup": "GetByExternalID", "update": "Update", "delete": "Delete"}
    given = {"create": create | members, "update": update | members | {"id"}, "iterate": listed}
    given |= {"get": {"id"}, "delete": {"id"}, "lookup": {"external_id"}}
    takes = set(re.findall(r"^func With(\w+)\(", docs["RequestOption"], re.MULTILINE))
    options = _renamed(
        _snake_cased(takes),
        request_base_url="base_url",
        request_max_retries="max_retries",
        timeout="timeout_ms",
    )
    client = set(re.findall(r"^func With(\w+)\(", docs["ClientOption"], re.MULTILINE))
    assert all(re.search(rf"\) {method}\(ctx ", docs["OrganizationService"]) for method in methods.values())
    assert re.search(r"\) List\(ctx .*\*Iterator\[Organization\]$", docs["OrganizationService"], re.MULTILINE)
    assert set(re.findall(r"\) (\w+)\(\)", docs["Iterator"])) >= {"Next", "Current", "Err"}
    pages = {"list": listed} if re.search(r"\) (Page|Items|Data)\(", docs["Iterator"]) else {}
    return Surface(
        arguments={op: _known(op, names) for op, names in {**given, **pages}.items()},
        nullable={op: set() for op in {**given, **pages}},
        options=dict.fromkeys({**given, **pages}, options),
        client=_renamed(_snake_cased(client), http_client="timeout_ms", base_url="base_url.path") & CLIENT,
        errors=_renamed(_go_fields(docs["APIError"]), status_code="status") & ERRORS,
        page_has_cursors=False,
    )


def _go_fields(doc: str) -> set[str]:
    """The fields of a struct. Their types hold no null besides their nil, which stands for 'not given'."""
    body = re.search(r"struct \{\n(.*?)^\}", doc, re.MULTILINE | re.DOTALL)
    assert body, doc
    fields = dict(re.findall(r"^\t(\w+) +(\S+)", body.group(1), re.MULTILINE))
    known = r"\*?(string|bool|int)|\[\]string|map\[string\]string|\[\]\*?\w+|OrganizationDomainDataState"
    assert all(re.fullmatch(known, kind) for kind in fields.values()), fields
    return _snake_cased(set(fields))


def _known(op: str, names: set[str]) -> set[str]:
    return names & set(arguments(operations()[op]))


def _renamed(names: set[str] | list[str], **changed: str) -> set[str]:
    return {changed.get(name, name) for name in names}


def _snake_cased(names: set[str]) -> set[str]:
    return {re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower() for name in names}


def _output(*command: str, cwd: Path) -> str:
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout
