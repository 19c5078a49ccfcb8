"""Updates that lose something when several fields come together, or keep what they should not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import strict
from tests.blind.parts.messages import unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified

KIND = "fifth: updates"
FLAG = "allow_profiles_outside_organization"


def customer() -> str:
    """The id of a customer of Stripe that nobody used before."""
    return f"cus_{token()[3:]}"


def rest_lost(w: Wire) -> bool:
    id = w.made(metadata={"a": "1"})["id"]
    return bool(w.changed(id, name="B", metadata={"b": "2"})["metadata"] == {"b": "2"})


@fault(KIND, "update.metadata-merges", rest_lost, "two code paths, PATCH of metadata and PUT of the rest")
def fifth_metadata_replaced_beside_a_name() -> ASGIApp:
    """An update of name and metadata replaces all metadata."""

    class Replacing(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            if body.get("metadata") and "name" in body:
                return {key: v for key, v in body["metadata"].items() if v is not None}
            return super().next_metadata(known, body)

    return app(changes=Replacing())


def still_there(w: Wire) -> bool:
    external_id = token()
    id = w.made(external_id=external_id)["id"]
    return bool(w.changed(id, external_id=None, metadata={"a": "b"})["external_id"] == external_id)


@fault(KIND, "update.clears-external-id", still_there, "COALESCE in the longer one of two statements")
def fifth_external_id_not_cleared_beside_metadata() -> ASGIApp:
    """An update of external_id to null and of metadata does not clear the external_id."""
    return updating(
        lambda new, known, body: (
            replace(new, external_id=known.external_id) if new.external_id is None and "metadata" in body else new
        )
    )


def flag_lost(w: Wire) -> bool:
    id = w.made(**{FLAG: True})["id"]
    return w.changed(id, name="B")[FLAG] is False


@fault(KIND, "update.keeps-the-rest", flag_lost, "a boolean of a request that cannot be absent")
def fifth_update_of_name_clears_flag() -> ASGIApp:
    """An update of the name sets allow_profiles_outside_organization to false, unless it is given."""
    return updating(
        lambda new, known, body: replace(new, allow_profiles=False) if "name" in body and FLAG not in body else new
    )


def customer_lost(w: Wire) -> bool:
    id = w.made()["id"]
    w.changed(id, stripe_customer_id=customer())
    return "stripe_customer_id" not in w.changed(id, domain_data=verified(domain()))


@fault(KIND, "update.keeps-the-rest", customer_lost, "a row that is written anew with its relations")
def fifth_update_of_domains_loses_customer() -> ASGIApp:
    """An update of domains clears the stripe_customer_id."""
    return updating(
        lambda new, known, body: (
            replace(new, stripe_customer_id=body.get("stripe_customer_id")) if "domain_data" in body else new
        )
    )


def others_hidden(w: Wire) -> bool:
    id = w.made(metadata={"a": "1"})["id"]
    return bool(w.changed(id, metadata={"b": "2"})["metadata"] == {"b": "2"}) and len(w.shown(id)["metadata"]) == 2


@fault(KIND, "update.metadata-merges", others_hidden, "an answer that is made from the request")
def fifth_answer_of_update_shows_given_metadata_alone() -> ASGIApp:
    """The answer to an update shows the pairs of metadata that were given, and no others."""

    class Echoing(Api):
        def update(self, call: Call) -> Response:
            response = super().update(call)
            given = self.rules.update(call.content).get("metadata")
            known = self.known(call.path["id"])
            kept = {key: v for key, v in known.metadata.items() if key in given} if given else known.metadata
            return self.responses.found(replace(known, metadata=kept)) if given else response

    return app(api=Echoing)


def created_again(w: Wire) -> bool:
    made = w.made(domain_data=verified(domain()))
    return bool(w.changed(made["id"], domain_data=verified(domain()))["created_at"] != made["created_at"])


@fault(KIND, "update.identity", created_again, "a delete and an insert in place of an update")
def fifth_update_of_domains_moves_created_at() -> ASGIApp:
    """The answer to an update of domains has a created_at of its own."""

    class Anew(Api):
        def update(self, call: Call) -> Response:
            response = super().update(call)
            known = self.known(call.path["id"])
            moved = self.responses.found(replace(known, created_at=known.updated_at))
            return moved if "domain_data" in self.rules.update(call.content) else response

    return app(api=Anew)


def not_moved(w: Wire) -> bool:
    made = w.made()
    return bool(w.changed(made["id"], metadata={"a": "b"})["updated_at"] == made["updated_at"])


@fault(KIND, "update.moves-updated-at", not_moved, "a trigger on the table, not on the one beside it")
def fifth_update_of_metadata_keeps_updated_at() -> ASGIApp:
    """An update of metadata alone does not move updated_at."""
    return updating(
        lambda new, known, body: replace(new, updated_at=known.updated_at) if [*body] == ["metadata"] else new
    )


def equal_refused(w: Wire) -> bool:
    made = w.made(name="A")
    return w.update(made["id"], name="A").status_code == 422


@fault(KIND, "update.accepts-valid-bodies", equal_refused, "an affected-rows count of zero")
def fifth_update_without_effect_refused() -> ASGIApp:
    """An update of the name to the present one answers 422."""

    class Knowing(Api):
        def update(self, call: Call) -> Response:
            known, body = self.known(call.path["id"]), self.rules.update(call.content)
            if [*body] == ["name"] and body["name"] == known.name:
                return self.responses.json(422, unprocessable("name", "has not changed").json)
            return super().update(call)

    return app(api=Knowing)


def pairs_kept(w: Wire) -> bool:
    id = w.made(metadata={"a": "b"})["id"]
    return bool(w.changed(id, name="B", metadata={})["metadata"])


@fault(KIND, "update.metadata-empty", pairs_kept, "a condition on whether there is something to save")
def fifth_empty_metadata_ignored_beside_a_name() -> ASGIApp:
    """An update of name with empty metadata keeps all pairs."""
    return updating(
        lambda new, known, body: (
            replace(new, metadata=known.metadata) if "name" in body and body.get("metadata") == {} else new
        )
    )


def domains_added(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain()))["id"]
    return len(w.changed(id, domain_data=verified(domain()))["domains"]) == 2


@fault(KIND, "update.replaces-domains", domains_added, "verified domains that cannot be lost by accident")
def fifth_update_keeps_verified_domains() -> ASGIApp:
    """An update of domains keeps those verified domains that it does not name."""

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        named = {each.domain for each in new.domains}
        kept = [each for each in known.domains if each.state == "verified" and each.domain not in named]
        return replace(new, domains=(*new.domains, *kept)) if new.domains else new

    return updating(change)


def still_pending(w: Wire) -> bool:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    return bool(w.changed(id, domain_data=verified(name))["domains"][0]["state"] == "pending")


@fault(KIND, "update.sets-what-was-sent", still_pending, "ON CONFLICT DO NOTHING")
def fifth_update_keeps_the_state_of_known_domains() -> ASGIApp:
    """An update does not change the state of a domain that the organization has."""

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        old = {each.domain: each for each in known.domains}
        return replace(new, domains=tuple(old.get(each.domain, each) for each in new.domains))

    return updating(change)


def customer_ignored(w: Wire) -> bool:
    id = w.made()["id"]
    return "stripe_customer_id" not in w.changed(id, external_id=token(), stripe_customer_id=customer())


@fault(KIND, "update.sets-what-was-sent", customer_ignored, "elif")
def fifth_update_sets_one_foreign_id() -> ASGIApp:
    """An update of external_id and stripe_customer_id sets the external_id alone."""
    return updating(
        lambda new, known, body: (
            replace(new, stripe_customer_id=known.stripe_customer_id) if body.get("external_id") else new
        )
    )


def namesakes(w: Wire) -> bool:
    name = token()
    first, second = w.many(2, name=name)
    w.changed(first, metadata={"a": "b"})
    return bool(w.shown(second)["metadata"])


@fault(KIND, "update.leaves-others-alone", namesakes, "WHERE name = ?")
def fifth_update_of_metadata_reaches_namesakes() -> ASGIApp:
    """An update of metadata sets those of the organizations with the same name."""

    class Wide(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            super().update(organization)
            if known is None or known.metadata == organization.metadata:
                return
            for other in self.newer((-1, ""), 1000, organization.name, None):
                if other.name == organization.name and other.id != organization.id:
                    super().update(replace(other, metadata=organization.metadata))

    return app(Wide())


def domains_stay(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain()))["id"]
    return bool(w.changed(id, name="B", domain_data=[])["domains"])


@fault(KIND, "update.no-domains", domains_stay, "isEmpty", level="SHOULD")
def fifth_empty_domain_data_ignored_beside_a_name() -> ASGIApp:
    """An update of name with an empty domain_data keeps all domains."""
    return updating(
        lambda new, known, body: (
            replace(new, domains=known.domains) if "name" in body and body.get("domain_data") == [] else new
        )
    )


def last_pair(w: Wire) -> bool:
    id = w.made(metadata={"a": "b"})["id"]
    return bool(w.changed(id, metadata={"a": None})["metadata"])


@fault(KIND, "update.metadata-null-key", last_pair, "a merge that gives nothing means no change", level="SHOULD")
def fifth_last_pair_is_not_removed() -> ASGIApp:
    """An update that sets the last key of metadata to null keeps it."""
    return updating(
        lambda new, known, body: (
            replace(new, metadata=known.metadata) if body.get("metadata") and not new.metadata else new
        )
    )


def four_fields(w: Wire) -> bool:
    body = {"name": "B", "metadata": {"a": "b"}, "external_id": token(), "domain_data": verified(domain())}
    return w.update(w.made()["id"], **body).status_code == 422


@fault(KIND, "update.accepts-valid-bodies", four_fields, "a rule against changes of identity together with domains")
def fifth_external_id_not_beside_domains() -> ASGIApp:
    """An update of external_id and domain_data together is refused."""
    return strict(
        lambda body: (
            unprocessable("domain_data", "cannot be combined with external_id")
            if "domain_data" in body and "external_id" in body
            else None
        ),
        "update",
    )
