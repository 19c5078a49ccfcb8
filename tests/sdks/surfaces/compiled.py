"""The surfaces of the SDKs of Java, by what `javap` reads from the classes, and of Rust, by the source of the crate."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sdks.cache import Installed
from tests.sdks.surfaces.surface import CLIENT, ERRORS, OPTIONS, Surface, arguments, operations, optional


def java(driver: Installed) -> Surface:
    """Names of parameters are in the debugging information that Kotlin writes."""
    methods = {
        "create": "create",
        "get": "get",
        "lookup": "getByExternalId",
        "list": "list",
        "update": "update",
        "delete": "delete",
    }
    text = javap(driver, "organizations.Organizations", "-l")
    given = {op: java_parameters(text, method) for op, method in methods.items()}
    if "auto_paging_iterable" in java_members(javap(driver, "common.http.Page")):
        given["iterate"] = given["list"]
    data = java_parameters(
        javap(driver, "models.OrganizationDomainData", "-l"), "com.workos.models.OrganizationDomainData"
    )
    members = {f"domain_data.{name}" for name in data}
    options = _renamed(
        java_members(javap(driver, "common.http.RequestOptions$Builder")),
        header="extra_headers",
        timeout_millis="timeout_ms",
    )
    client = _renamed(
        java_members(javap(driver, "WorkOS$Builder")),
        retry_config="max_retries",
        http_client="timeout_ms",
        api_base_url="base_url.path",
    )
    errors = java_members(javap(driver, "common.exceptions.WorkOSException"))
    errors |= java_members(javap(driver, "common.exceptions.RateLimitException"))
    return Surface(
        arguments={op: _known(op, set(names) | members) for op, names in given.items()},
        # An argument of this type could be absent, null, or a value.
        nullable={op: {name for name, kind in names.items() if "PatchField" in kind} for op, names in given.items()},
        options={op: options & set(OPTIONS) if "request_options" in names else set() for op, names in given.items()},
        client=client & CLIENT,
        # Every exception has a message.
        errors=(_renamed(errors, retry_after_seconds="retry_after") | {"message"}) & ERRORS,
        page_has_cursors={"before", "after"} <= java_members(javap(driver, "common.http.ListMetadata")),
    )


def javap(driver: Installed, name: str, *options: str) -> str:
    """What `javap` says of a public class of the SDK."""
    command = ("javap", "-public", *options, "-cp", f"{driver.folder / 'lib'}/*", f"com.workos.{name}")
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def java_members(text: str) -> set[str]:
    """The names of public methods and fields, in snake_case."""
    return _snake_cased(re.findall(r"^ +public [^(\n]*?([\w$]+)(?:\(.*\))?;", text, re.MULTILINE))


def java_parameters(text: str, method: str) -> dict[str, str]:
    """The parameters of the longest overload of a method, in snake_case, with their types; `text` is of `javap -l`."""
    overloads = re.findall(rf"^ +public [^\n]*?\b{re.escape(method)}\((.*)\);\n((?:    .*\n)*)", text, re.MULTILINE)
    types, table = max(overloads, key=lambda overload: len(overload[0]))
    count = len(re.sub(r"<[^<>]*>", "", types).split(", "))
    slots = {
        int(slot): (name, kind)
        for slot, name, kind in re.findall(r"^ +0 +\d+ +(\d+) +(\w+) +(\S+)", table, re.MULTILINE)
    }
    return {_snake_case(slots[number][0]): slots[number][1] for number in range(1, count + 1)}


def rust(driver: Installed) -> Surface:
    """Fields of public structs, and parameters of methods."""
    resource, client = (rust_source(driver, file) for file in ("resources/organizations.rs", "client.rs"))
    bodies = {
        "create": rust_fields(rust_source(driver, "models/organization_input.rs"), "OrganizationInput"),
        "update": rust_fields(rust_source(driver, "models/update_organization.rs"), "UpdateOrganization"),
        "list": rust_fields(resource, "ListOrganizationsParams"),
        "iterate": rust_fields(resource, "ListOrganizationsParams"),
    }
    methods = {
        "create": "create_organization_with_options",
        "get": "get_organization_with_options",
        "lookup": "get_organization_by_external_id_with_options",
        "list": "list_organizations_with_options",
        "iterate": "list_organizations_auto_paging",
        "update": "update_organization_with_options",
        "delete": "delete_organization_with_options",
    }
    taken = {op: rust_parameters(resource, method) for op, method in methods.items()}
    data = rust_fields(rust_source(driver, "models/organization_domain_data.rs"), "OrganizationDomainData")
    members = {f"domain_data.{name}" for name in data}
    options = _renamed(rust_fields(client, "RequestOptions"), strategy="max_retries") & set(OPTIONS)
    metadata = rust_source(driver, "models/organization_list_list_metadata.rs")
    setters = set(re.findall(r"^    pub fn (\w+)\(mut self,", client, re.MULTILINE))
    return Surface(
        arguments={op: _known(op, {*taken[op], *bodies.get(op, ()), *members}) for op in methods},
        nullable={op: _twice_optional(bodies.get(op, {})) for op in methods},
        options={op: options if "options" in taken[op] else set() for op in methods},
        client=_renamed(setters, timeout="timeout_ms", base_url="base_url.path") & CLIENT,
        errors=set(rust_fields(rust_source(driver, "error.rs"), "ApiError")) & ERRORS,
        page_has_cursors={"before", "after"} <= set(rust_fields(metadata, "OrganizationListListMetadata")),
    )


def rust_source(driver: Installed, file: str) -> str:
    """A file of the crate's source, as Cargo unpacked it."""
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    (found,) = home.glob(f"registry/src/*/workos-{driver.requested.version}/src/{file}")
    return found.read_text(encoding="utf-8")


def rust_fields(source: str, struct: str) -> dict[str, str]:
    """The public fields of a struct, with their types."""
    body = re.search(rf"pub struct {struct} \{{(.*?)\n\}}", source, re.DOTALL)
    assert body, struct
    return dict(re.findall(r"^ +pub (\w+): (.+),$", body[1], re.MULTILINE))


def rust_parameters(source: str, method: str) -> set[str]:
    """The names of a method's parameters."""
    signature = re.search(rf"pub (?:async )?fn {method}\((.*?)\)", source, re.DOTALL)
    assert signature, method
    return set(re.findall(r"(\w+): ", signature[1]))


def _twice_optional(fields: Mapping[str, str]) -> set[str]:
    return {name for name, kind in fields.items() if kind.startswith("Option<Option<")}


def _known(op: str, names: set[str]) -> set[str]:
    known = set(arguments(operations()[op]))
    assert set(optional(operations()[op])) <= known
    return names & known


def _renamed(names: set[str] | Mapping[str, str], **changed: str) -> set[str]:
    return {changed.get(name, name) for name in names}


def _snake_cased(names: list[str]) -> set[str]:
    return {_snake_case(name) for name in names}


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
