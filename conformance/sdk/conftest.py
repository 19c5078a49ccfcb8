"""Calls that several scenarios of SDKs look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from conformance.harness.api.sdk import Ask
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.use import Judged
from conformance.harness.judges.finding import FindingError
from conformance.harness.judges.judges import Judges
from conformance.harness.wire.proxy.replies import Always, json_reply
from conformance.sdk import texts
from conformance.sdk.cases import ARGUMENTS, RETURNING, of_operation, served
from strategies.drafts import Drafts
from strategies.notorious import Field, bodies, notorious
from strategies.organizations import maximal

AT_ONCE = 8
"""Calls that are made at the same time."""

SumUp: TypeAlias = Callable[[list[Judged], str, str], None]


@pytest.fixture(scope="session")
def in_portions(sdk: SdkUnderTest) -> Callable[[list[Ask]], list[Judged]]:
    """Makes many calls, a few of them at the same time."""

    def make(asks: list[Ask]) -> list[Judged]:
        portions = [asks[start : start + AT_ONCE] for start in range(0, len(asks), AT_ONCE)]
        return [use for portion in portions for use in sdk.together(portion)]

    return make


@pytest.fixture(scope="session")
def sum_up(judges: Judges) -> SumUp:
    """Says what the judges found of a requirement, in whichever call.

    It is met only if one of `uses`, which give occasion to break it, could be made.
    """

    def tell(uses: list[Judged], identifier: str, operation: str) -> None:
        for finding in judges.ledger.findings(identifier, operation):
            raise FindingError(finding)
        concerned = of_operation(uses, operation)
        assert concerned, f"no call gives occasion to break {identifier} at {operation}"
        if not any(use.use.exchanges for use in concerned):
            concerned[0].ensure_said()

    return tell


@pytest.fixture(scope="session")
def own_bodies(drafts: Drafts) -> list[dict[str, Any]]:
    """Bodies of create with every notorious value that must be kept; a domain shows whose organizations they are."""
    return [
        body | {"domain_data": [*body.get("domain_data", []), {"domain": drafts.domain(), "state": "verified"}]}
        for body in bodies(drafts.token)
    ]


@pytest.fixture(scope="session")
def ordinary_uses(
    sdk: SdkUnderTest,
    in_portions: Callable[[list[Ask]], list[Judged]],
    drafts: Drafts,
    own_bodies: list[dict[str, Any]],
) -> list[Judged]:
    """Every operation with notorious values, on organizations of the target; then answered by a script.

    The script answers with every field, and to texts that the target may refuse.
    """
    created = in_portions([Ask("create", body) for body in own_bodies])
    ids = [identifier for use in created for identifier in _served_ids(use)]
    read = in_portions([Ask("get", {"id": identifier}) for identifier in ids])
    external_ids = [body["external_id"] for body in own_bodies if "external_id" in body]
    found = in_portions([Ask("lookup", {"external_id": external_id}) for external_id in external_ids])
    listed = in_portions([*_lists(drafts.token, own_bodies, ids)])
    changed = in_portions([*_updates(drafts.token, ids, own_bodies)])
    deleted = in_portions([Ask("delete", {"id": identifier}) for identifier in ids[:3]])
    whole = in_portions(
        [Ask(name, ARGUMENTS[name], Always(json_reply(*served(name, maximal())))) for name in RETURNING]
    )
    refusable = in_portions([*texts.asks(drafts.token)])
    return [*created, *read, *found, *listed, *changed, *deleted, *whole, *refusable]


def _served_ids(use: Judged) -> Iterator[str]:
    """The id that the target gave, whatever the SDK made of it."""
    for exchange in use.use.exchanges:
        if exchange.response is not None and "id" in exchange.response.object:
            yield exchange.response.object["id"]


def _lists(own: str, own_bodies: list[dict[str, Any]], ids: list[str]) -> Iterator[Ask]:
    domains = [item["domain"] for body in own_bodies[:3] for item in body["domain_data"]]
    first = ids[0] if ids else "org_01EHWNCE74X7JSDV0X3SZ3KJNY"
    for query in (
        {},
        {"limit": 1},
        {"limit": 100, "order": "asc"},
        {"order": "desc", "after": first},
        {"order": "normal", "before": first},
        {"domains": domains[:1]},
        {"domains": domains[-3:], "limit": 2},
        {"limit": 3, "order": "asc", "search": own},
    ):
        yield Ask("list", query)
    for entry in notorious(Field.SEARCH):
        yield Ask("list", {"search": entry.value(own), "limit": 5})
    yield Ask("iterate", {"domains": domains, "limit": 1})
    yield Ask("iterate", {"domains": domains[:1], "order": "asc"})


def _updates(own: str, ids: list[str], own_bodies: list[dict[str, Any]]) -> Iterator[Ask]:
    """Each organization takes the name and the pairs that another one was made with; two get a customer."""
    for identifier, body in zip(ids, reversed(own_bodies), strict=False):
        yield Ask(
            "update", {"id": identifier, "name": body["name"], "metadata": body.get("metadata", {"key": "value"})}
        )
    for number, identifier in enumerate(ids[:2]):
        yield Ask(
            "update",
            {
                "id": identifier,
                "stripe_customer_id": f"cus_{own}{number}",
                "allow_profiles_outside_organization": bool(number),
                "external_id": f"{own}/ {number}%2F",
            },
        )
