"""What drivers declare and use, against the public surface of the SDKs: what a new release adds is noticed here."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sdks.cache import Installed, installed
from sdks.host import Host
from sdks.request import parse
from sdks.table import SDKS
from tests.sdks.drivers.conftest import STAND_INS, driver
from tests.sdks.surfaces import compiled
from tests.sdks.surfaces.compiled import java_members, javap, rust_fields, rust_source
from tests.sdks.surfaces.surface import Surface, everything, expressible

ORGANIZATION = {
    *("object", "id", "name", "domains", "metadata", "external_id", "stripe_customer_id", "created_at", "updated_at"),
    "allow_profiles_outside_organization",
}
DOMAIN = {
    *("object", "id", "organization_id", "domain", "state", "verification_prefix", "verification_token"),
    *("verification_strategy", "created_at", "updated_at"),
}


@pytest.mark.parametrize("read", [compiled.java, compiled.rust])
def test_what_is_declared_as_unsupported_is_what_the_release_lacks(read: Callable[[Installed], Surface]) -> None:
    surface = read(driver(read.__name__))
    assert surface.expresses <= everything()
    assert surface.expresses == expressible(SDKS[read.__name__].unsupported)


def test_java_s_enums_have_only_the_documented_values() -> None:
    """Why `unknown` is declared. Unknown stands for what the SDK reads and does not know; it refuses to write it."""
    orders, states = (
        java_members(javap(driver("java"), f"types.{name}")) - {"get_value", "values", "value_of", "get_entries"}
        for name in ("PaginationOrder", "OrganizationDomainDataState")
    )
    assert orders == {"asc", "desc", "normal", "unknown"}
    assert states == {"pending", "verified", "unknown"}


def test_rust_s_enums_hold_any_value() -> None:
    """Why `unknown` is not declared."""
    for enum in ("pagination_order", "organization_domain_data_state"):
        assert "Unknown(String)" in rust_source(driver("rust"), f"enums/{enum}.rs")


@pytest.mark.parametrize(("name", "fields"), [("Organization", ORGANIZATION), ("OrganizationDomain", DOMAIN)])
def test_java_s_models_have_the_fields_that_reflection_reads(name: str, fields: set[str]) -> None:
    members = java_members(javap(driver("java"), f"models.{name}"))
    getters = {member.removeprefix("get_") for member in members if member.startswith("get_") and "$" not in member}
    assert getters == fields - {"object"} | {"object_type"}


@pytest.mark.parametrize(("name", "fields"), [("Organization", ORGANIZATION), ("OrganizationDomain", DOMAIN)])
def test_rust_s_models_have_the_fields_that_the_driver_reads(name: str, fields: set[str]) -> None:
    file = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    assert set(rust_fields(rust_source(driver("rust"), f"models/{file}.rs"), name)) == fields


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
def test_what_a_checkout_does_not_take_is_declared(
    name: str, file: str, dropped: str, missing: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout may be of any release, so the drivers of PHP and Ruby look for themselves."""
    driver(name)
    checkout = tmp_path / "checkout"
    shutil.copytree(STAND_INS / name, checkout)
    text, count = re.subn(dropped, "", (checkout / file).read_text(encoding="utf-8"))
    assert count
    (checkout / file).write_text(text, encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with Host(installed(parse(f"{name}={checkout}"), lambda _: None)) as host:
        assert set(host.unsupported) - set(SDKS[name].unsupported) == missing
