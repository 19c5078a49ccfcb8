"""What drivers declare and use, against the public surface of the SDKs: what a new release adds is noticed here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sdks.cache import installed
from sdks.host import Host
from sdks.request import parse
from sdks.table import SDKS
from tests.sdks.drivers.conftest import STANDINS, driver

ORGANIZATION = {
    *("object", "id", "name", "domains", "metadata", "external_id", "stripe_customer_id", "created_at", "updated_at"),
    "allow_profiles_outside_organization",
}
DOMAIN = {
    *("object", "id", "organization_id", "domain", "state", "verification_prefix", "verification_token"),
    *("verification_strategy", "created_at", "updated_at"),
}


# Java: what javap says of the classes.


def java(name: str) -> dict[str, set[str]]:
    """The public methods and fields of a class in the SDK's jar: the types that each takes, `A,B` or `` for none."""
    libraries = driver("java").folder / "lib"
    told = subprocess.run(
        ["javap", "-public", "-cp", f"{libraries}/*", f"com.workos.{name}"], capture_output=True, text=True, check=True
    ).stdout
    members: dict[str, set[str]] = {}
    for line in told.splitlines():
        found = re.fullmatch(r" *public [^(]*?([\w$]+)(?:\((.*)\))?;", line)
        if found:
            taken = [part.rpartition(".")[2] for part in re.sub(r"<.*?>", "", found[2] or "").split(", ")]
            members.setdefault(found[1], set()).add(",".join(taken))
    return members


def accessors(members: dict[str, set[str]]) -> set[str]:
    """The names on the wire that the getters of a class stand for."""
    getters = [name.removeprefix("get") for name in members if re.fullmatch(r"get[A-Z]\w*", name)]
    named = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in getters}
    return {"object" if name == "object_type" else name for name in named}


def test_java_methods_take_what_the_driver_gives() -> None:
    organizations = java("organizations.Organizations")
    longest = {
        name: max(organizations[name], key=len)
        for name in ("create", "update", "list", "get", "getByExternalId", "delete")
    }
    assert longest == {
        "create": "String,Boolean,List,List,Map,String,RequestOptions",
        "update": "String,String,Boolean,List,List,String,Map,String,RequestOptions",
        "list": "String,String,Integer,PaginationOrder,List,String,RequestOptions",
        "get": "String,RequestOptions",
        "getByExternalId": "String,RequestOptions",
        "delete": "String,RequestOptions",
    }


def test_java_has_an_option_of_one_call_for_each_that_is_not_declared_missing() -> None:
    options = {name for name in java("common.http.RequestOptions$Builder") if name != "RequestOptions$Builder"}
    assert options == {
        *("idempotencyKey", "header", "additionalHeaders", "timeoutMillis", "maxRetries", "baseUrl", "apiKey", "build")
    }
    assert not [name for name in SDKS["java"].unsupported if name.startswith("opts")]


def test_java_enums_have_only_the_documented_values() -> None:
    order = set(java("types.PaginationOrder")) - {"getValue", "values", "valueOf", "getEntries"}
    state = set(java("types.OrganizationDomainDataState")) - {"getValue", "values", "valueOf", "getEntries"}
    # Unknown stands for values that the SDK reads and does not know; the SDK refuses to write it.
    assert (order, state) == ({"Asc", "Desc", "Normal", "Unknown"}, {"Pending", "Verified", "Unknown"})


def test_java_models_give_each_field() -> None:
    assert accessors(java("models.Organization")) == ORGANIZATION
    assert accessors(java("models.OrganizationDomain")) == DOMAIN
    assert {"data", "listMetadata", "autoPagingIterable"} <= set(java("common.http.Page"))
    assert {"status", "code", "requestId"} <= set(java("common.exceptions.WorkOSException"))


# Rust: its source, as Cargo unpacked it.


def rust(file: str) -> str:
    """A file of the crate's source."""
    driver("rust")
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    (found,) = home.glob(f"registry/src/*/workos-{SDKS['rust'].version}/src/{file}")
    return found.read_text(encoding="utf-8")


def fields(source: str, struct: str) -> dict[str, str]:
    """The public fields of a struct, with their types."""
    body = re.search(rf"pub struct {struct} \{{(.*?)\n\}}", source, re.DOTALL)
    assert body, struct
    return dict(re.findall(r"^ +pub (\w+): (.+),$", body[1], re.MULTILINE))


def test_rust_inputs_have_the_fields_that_the_driver_fills() -> None:
    create = fields(rust("models/organization_input.rs"), "OrganizationInput")
    update = fields(rust("models/update_organization.rs"), "UpdateOrganization")
    listed = fields(rust("resources/organizations.rs"), "ListOrganizationsParams")
    optional = {"domains", "domain_data", "metadata", "external_id", "allow_profiles_outside_organization"}
    assert set(create) == {"name", *optional}
    assert set(update) == {"name", "stripe_customer_id", *optional}
    assert set(listed) == {"before", "after", "limit", "order", "domains", "search"}
    # Why `absent` is declared: it cannot be left out.
    assert create.pop("name") == "String"
    # Why `null` is declared: one level of Option, so None is absent; and no Option within metadata.
    for kind in (*create.values(), *update.values(), *listed.values()):
        assert kind.startswith("Option<")
        assert kind.count("Option<") == 1


def test_rust_options_of_one_call_are_those_that_are_not_declared_missing() -> None:
    options = fields(rust("client.rs"), "RequestOptions")
    assert set(options) == {"idempotency_key", "extra_headers", "strategy"}
    iteration = re.search(
        r"pub fn list_organizations_auto_paging\((.*?)\)", rust("resources/organizations.rs"), re.DOTALL
    )
    assert iteration
    assert "options" not in iteration[1]
    assert {name for name in SDKS["rust"].unsupported if name.startswith("opts")} == {
        *("opts.base_url", "opts.timeout_ms"),
        *("opts.extra_headers.iterate", "opts.idempotency_key.iterate", "opts.max_retries.iterate"),
    }


def test_rust_models_give_each_field() -> None:
    assert set(fields(rust("models/organization.rs"), "Organization")) == ORGANIZATION
    assert set(fields(rust("models/organization_domain.rs"), "OrganizationDomain")) == DOMAIN
    assert set(fields(rust("error.rs"), "ApiError")) == {
        *("status", "code", "message", "request_id", "retry_after", "headers", "raw_body")
    }


# PHP and Ruby: a checkout may be of any release, so their drivers look for themselves.


@pytest.mark.parametrize(
    ("name", "file", "dropped", "missing"),
    [
        ("php", "lib/Service/Organizations.php", r"\?string \$search = null,", {"list.search", "iterate.search"}),
        ("php", "lib/RequestOptions.php", r"public readonly \?int \$maxRetries = null,", {"opts.max_retries"}),
        ("php", "lib/Version.php", "", set()),
        ("ruby", "lib/workos/organizations.rb", r"stripe_customer_id: nil,", {"update.stripe_customer_id"}),
        ("ruby", "lib/workos.rb", "", set()),
    ],
)
def test_what_a_release_does_not_take_is_declared(
    name: str, file: str, dropped: str, missing: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver(name)
    checkout = tmp_path / "checkout"
    shutil.copytree(STANDINS / name, checkout)
    text, count = re.subn(dropped, "", (checkout / file).read_text(encoding="utf-8"))
    assert count
    (checkout / file).write_text(text, encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with Host(installed(parse(f"{name}={checkout}"), lambda _: None)) as host:
        assert set(host.unsupported) - set(SDKS[name].unsupported) == missing
