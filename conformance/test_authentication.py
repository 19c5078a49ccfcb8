"""Who may use the API: the key as a bearer token, on every operation."""

import base64
import contextlib
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from conformance.conftest import SIMILAR_NAMES, Observe
from conformance.harness.api.errors import CallError, RefusedError
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal
from conformance.harness.fixtures.ground import Ground
from conformance.harness.fixtures.memo import Memo
from conformance.harness.judges.finding import BlockedError
from conformance.harness.judges.judges import Judges
from conformance.harness.wire.exchange import PLACEHOLDER
from specs.contract import operations
from strategies.drafts import Drafts

requirement = pytest.mark.requirement
on_every_operation = pytest.mark.parametrize("operation", sorted(operations()))

NO_KEY = "no key"
ANY_OPERATION = "list"
"""Where the finer distinctions are tried; the coarse ones are tried on every operation."""

WRONG_KEYS: dict[str, Callable[[str], str]] = {
    "the last character changed": lambda key: key[:-1] + ("0" if key[-1] != "0" else "1"),
    "the last character missing": lambda key: key[:-1],
    "one character more": lambda key: key + "0",
    "the other case": lambda key: key.swapcase(),
}

FINE_BUT_ELSEWHERE = {"Basic": sorted(operations()), "Token": ["create", "delete", ANY_OPERATION]}
"""Mistakes that a server may make at one operation alone, and the operations at which they are tried."""

OTHER_SCHEMES: dict[str, Callable[[str], str]] = {
    "no scheme": lambda key: key,
    "Basic": lambda key: f"Basic {key}",
    "Token": lambda key: f"Token {key}",
    "Basic with a user name": lambda key: "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
    "a scheme and no key": lambda key: "Bearer",
    "Bearer without a space": lambda key: f"Bearer{key}",
    "Bearer with a word behind the key": lambda key: f"Bearer {key} key",
}


WRONG_REQUESTS: dict[str, dict[str, Any]] = {
    "create": {"content": b'{"name": '},
    "get": {},
    "lookup": {"path": {"external_id": "nobody has/this"}},
    "list": {"query": {"limit": 0}},
    "update": {"content": b'{"name": '},
    "delete": {},
}
"""What each operation would refuse, or not find, if the key were right."""


def coarse_and_fine(distinctions: Iterable[str]) -> list[tuple[str, str]]:
    """The first distinction with every operation, most others with one."""
    first, *others = distinctions
    places = {first: sorted(operations())} | {other: FINE_BUT_ELSEWHERE.get(other, [ANY_OPERATION]) for other in others}
    return [(operation, label) for label, tried_at in places.items() for operation in tried_at]


def use(operation: str, organizations: Organizations, victim: Organization, drafts: Drafts) -> Callable[[], object]:
    """A call of the operation that would succeed with the right key."""
    return {
        "create": lambda: organizations.create(drafts.body("intruder", external_id=drafts.external_id())),
        "get": lambda: organizations.get(victim.id),
        "lookup": lambda: organizations.lookup(victim.given["external_id"]),
        "list": lambda: organizations.list(),
        "update": lambda: organizations.update(victim.id, drafts.body("defaced")),
        "delete": lambda: organizations.delete(victim.id),
    }[operation]


class Stranger:
    """Somebody without the key, or with a wrong one, who asks for each operation once."""

    def __init__(
        self, organizations: Organizations, drafts: Drafts, wire: Wire, victims: Memo[str, Organization]
    ) -> None:
        """`wire` has no key or a wrong one, `organizations` the right one; `victims` are as they were first read."""
        self._organizations = organizations
        self._drafts = drafts
        self._unauthorized = wire.organizations
        self._victims = victims
        self._refusals: Memo[tuple[str, str], RefusedError] = Memo()

    def refusal(self, operation: str, victim: Organization) -> RefusedError:
        """How the operation on the victim is refused. Raises NotRefusedError."""
        if operation in ("update", "delete"):
            with contextlib.suppress(CallError, BlockedError):
                self.victim_before(victim)
        call = use(operation, self._unauthorized, victim, self._drafts)
        return self._refusals.get((operation, victim.id), lambda: expect_refusal(call))

    def victim_before(self, victim: Organization) -> Organization:
        """The victim as it was read before anything was asked for."""
        return self._victims.get(victim.id, lambda: self._organizations.get(victim.id))


@pytest.fixture(scope="session")
def strangers(organizations: Organizations, wire: Wire, drafts: Drafts, api_key: str) -> dict[str, Stranger]:
    """Somebody without the key, and with each of the wrong ones: without letters there is none in the other case."""
    wrong = {difference: make(api_key) for difference, make in WRONG_KEYS.items() if make(api_key) != api_key}
    # Of a key of one character nothing is left, and a header may not end in a space.
    headers = {difference: f"Bearer {key}".rstrip() for difference, key in wrong.items()}
    wires = {difference: wire.authorized_by(header, f"Bearer <{difference}>") for difference, header in headers.items()}
    victims: Memo[str, Organization] = Memo()
    wires[NO_KEY] = wire.authorized_by(None, "")
    return {label: Stranger(organizations, drafts, each, victims) for label, each in wires.items()}


@pytest.fixture(scope="session")
def stranger(strangers: dict[str, Stranger]) -> Stranger:
    """Somebody without the key."""
    return strangers[NO_KEY]


@pytest.fixture(scope="session")
def victims() -> list[Organization]:
    """The organizations that strangers were let loose on, the last one still alive."""
    return []


@pytest.fixture
def victim(ground: Ground, drafts: Drafts, judges: Judges, victims: list[Organization]) -> Organization:
    """An organization that nobody without the key may see, change or delete; a new one if somebody could."""
    if not victims or judges.saw_deleted(victims[-1].id):
        victims.append(ground.create(drafts.body(SIMILAR_NAMES[0], external_id=drafts.external_id("victim"))))
    return victims[-1]


@requirement("authentication.missing-key")
@on_every_operation
@pytest.mark.independent
def test_no_key_is_refused(
    organizations: Organizations, victim: Organization, drafts: Drafts, stranger: Stranger, operation: str
) -> None:
    if operations()[operation].method == "GET":
        # A cache before the key is checked would keep the response to the same read with the right key.
        with contextlib.suppress(CallError):
            if operation == "get":
                stranger.victim_before(victim)
            else:
                use(operation, organizations, victim, drafts)()
    assert stranger.refusal(operation, victim).status == 401


@requirement("authentication.missing-key")
@pytest.mark.parametrize("operation", [ANY_OPERATION])
@pytest.mark.independent
def test_no_cookie_stands_for_the_key(wire: Wire, victim: Organization, operation: str) -> None:
    created = victim.call.exchange
    given = created.response.headers.get("set-cookie", "") if created and created.response else ""
    cookie = given.partition(";")[0]
    if cookie and cookie.isascii():
        assert wire.authorized_by(None, "").send(operation, headers={"cookie": cookie}).status == 401


@requirement("authentication.comes-first")
@pytest.mark.parametrize(("operation", "request_"), WRONG_REQUESTS.items(), ids=WRONG_REQUESTS)
@pytest.mark.independent
def test_without_a_key_nothing_else_is_looked_at(
    wire: Wire, drafts: Drafts, operation: str, request_: dict[str, Any]
) -> None:
    unknown = {"path": {"id": drafts.unknown_id()}} if operation in ("get", "update", "delete") else {}
    assert wire.authorized_by(None, "").send(operation, **(unknown | request_)).status == 401


@requirement("authentication.wrong-key")
@pytest.mark.parametrize(("operation", "difference"), coarse_and_fine(WRONG_KEYS))
@pytest.mark.independent
def test_a_wrong_key_is_refused(
    strangers: dict[str, Stranger], victim: Organization, operation: str, difference: str
) -> None:
    if difference in strangers:
        assert strangers[difference].refusal(operation, victim).status == 401


@requirement("authentication.other-scheme")
@pytest.mark.parametrize(("operation", "scheme"), coarse_and_fine(OTHER_SCHEMES))
@pytest.mark.independent
def test_the_key_under_another_scheme_is_refused(
    wire: Wire, api_key: str, victim: Organization, drafts: Drafts, operation: str, scheme: str
) -> None:
    carry = OTHER_SCHEMES[scheme]
    stranger = wire.authorized_by(carry(api_key), carry(PLACEHOLDER)).organizations
    assert expect_refusal(use(operation, stranger, victim, drafts)).status == 401


@requirement("authentication.lower-case-scheme")
@pytest.mark.reads
@pytest.mark.independent
def test_how_a_lower_case_scheme_is_taken(wire: Wire, api_key: str, observe: Observe) -> None:
    lower = wire.undocumented().authorized_by(f"bearer {api_key}", "bearer $WORKOS_API_KEY")
    try:
        lower.organizations.list(limit=1)
        observe("accepted")
    except RefusedError as refusal:
        observe(f"refused with {refusal.status}")


@requirement("authentication.refusal-changes-nothing")
@pytest.mark.parametrize("operation", ["update", "delete"])
@pytest.mark.independent("victim")
def test_a_stranger_changes_nothing(
    organizations: Organizations, victim: Organization, stranger: Stranger, operation: str
) -> None:
    before = stranger.victim_before(victim)
    stranger.refusal(operation, victim)
    assert organizations.get(victim.id) == before


@requirement("authentication.refusal-changes-nothing")
@pytest.mark.parametrize("operation", ["create"])
@pytest.mark.independent
def test_a_stranger_creates_nothing(
    organizations: Organizations, victim: Organization, strangers: dict[str, Stranger], operation: str
) -> None:
    for stranger in (NO_KEY, "the last character changed"):
        refusal = strangers[stranger].refusal(operation, victim)
        assert expect_refusal(organizations.lookup, refusal.call.body["external_id"]).status == 404
