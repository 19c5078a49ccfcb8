from __future__ import annotations

import json
import re

import httpx
import pytest

from emulator.store import Store
from specs.contract import operations
from tests.emulator.calls import create, get, lookup, refused, update


def test_a_new_organization_has_every_field_and_its_default(client: httpx.Client) -> None:
    made = create(client, name="Ümlaut 株")
    assert re.fullmatch("org_[0-9A-HJKMNP-TV-Z]{26}", made["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", made["created_at"])
    assert made == {
        "object": "organization",
        "id": made["id"],
        "name": "Ümlaut 株",
        "domains": [],
        "metadata": {},
        "external_id": None,
        "allow_profiles_outside_organization": False,
        "created_at": made["created_at"],
        "updated_at": made["created_at"],
    }
    assert get(client, made["id"]) == made


def test_an_answer_is_utf8_json_with_a_request_id_of_its_own(client: httpx.Client) -> None:
    responses = [client.post("/organizations", json={"name": "Ümlaut"}) for _ in range(2)]
    assert "Ümlaut".encode() in responses[0].content
    assert responses[0].headers["content-type"] == "application/json; charset=utf-8"
    assert len({response.headers["x-request-id"] for response in responses}) == 2


def test_null_stands_for_absent_where_the_recordings_show_it(client: httpx.Client) -> None:
    nulls = dict.fromkeys(("domains", "domain_data", "allow_profiles_outside_organization", "metadata"))
    made = create(client, **nulls, external_id=None)
    assert (made["domains"], made["metadata"]) == ([], {})
    assert made["allow_profiles_outside_organization"] is False


def test_domains_keep_their_order_and_come_once(client: httpx.Client) -> None:
    made = create(
        client,
        domain_data=[{"domain": "b.com", "state": "pending"}, {"domain": "c.com", "state": "verified"}],
        domains=["z.com", "a.com", "b.com", "z.com"],
    )
    seen = [(d["domain"], d["state"], d.get("verification_strategy")) for d in made["domains"]]
    assert seen == [
        ("b.com", "pending", "manual"),
        ("c.com", "verified", "manual"),
        ("z.com", "legacy_verified", None),
        ("a.com", "legacy_verified", None),
    ]
    assert {domain["organization_id"] for domain in made["domains"]} == {made["id"]}
    assert get(client, made["id"]) == made


def test_a_domain_may_belong_to_several_organizations(client: httpx.Client) -> None:
    assert create(client, domains=["a.com"])["id"] != create(client, domains=["a.com"])["id"]


@pytest.mark.parametrize(
    "external_id",
    [
        "plain",
        "a/b",
        "a%2Fb",
        "what?",
        "#1",
        "..",
        ".",
        " ",
        "a b",
        "100%",
        "a;b=c&d+e",
        "\x01\t\n",
        "\x00",
        "~" * 128,
    ],
)
def test_lookup_finds_exactly_any_external_id(client: httpx.Client, external_id: str) -> None:
    made = create(client, external_id=external_id)
    assert lookup(client, external_id).json() == made
    assert lookup(client, external_id.swapcase() + "x").status_code == 404


def test_lookup_tells_capital_from_small_letters(client: httpx.Client) -> None:
    create(client, external_id="abc")
    assert refused(lookup(client, "ABC"), 404, "entity_not_found")["entity_id"] == "ABC"


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_an_unknown_id_is_not_found_whatever_the_body(client: httpx.Client, method: str) -> None:
    body = refused(client.request(method, "/organizations/org_x", content=b"{"), 404, "entity_not_found")
    assert body["entity_id"] == "org_x"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic sk_test_key", "sk_test_key"])
@pytest.mark.parametrize("path", ["/organizations", "/organizations/org_x", "/elsewhere"])
def test_nothing_is_told_without_the_key(client: httpx.Client, path: str, header: str | None) -> None:
    del client.headers["authorization"]
    response = client.get(path, headers={} if header is None else {"Authorization": header})
    assert (response.status_code, response.json()) == (401, {"message": "Unauthorized"})
    assert "x-request-id" in response.headers


def test_the_scheme_may_be_written_in_small_letters(client: httpx.Client) -> None:
    assert client.get("/organizations", headers={"Authorization": "bearer sk_test_key"}).status_code == 200


def test_an_update_changes_what_it_gives_and_leaves_the_rest(client: httpx.Client) -> None:
    known = create(client, domains=["a.com"], metadata={"a": "1"}, external_id="one")
    changed = update(client, known["id"], name="New", stripe_customer_id="cus_1")
    assert changed["updated_at"] > known["updated_at"]
    assert changed == known | {
        "name": "New",
        "stripe_customer_id": "cus_1",
        "updated_at": changed["updated_at"],
    }
    assert get(client, known["id"]) == changed


def test_an_update_replaces_the_domains(client: httpx.Client) -> None:
    known = create(client, domains=["a.com", "b.com"])
    changed = update(client, known["id"], domain_data=[{"domain": "b.com", "state": "verified"}])
    assert [(d["domain"], d["state"]) for d in changed["domains"]] == [("b.com", "verified")]
    assert update(client, known["id"], domains=None)["domains"] == changed["domains"]
    assert update(client, known["id"], domains=[])["domains"] == []


def test_null_clears_the_external_id(client: httpx.Client) -> None:
    known = create(client, external_id="one")
    assert update(client, known["id"], external_id="one")["external_id"] == "one"
    assert update(client, known["id"], external_id=None)["external_id"] is None
    assert lookup(client, "one").status_code == 404
    assert create(client, external_id="one")["external_id"] == "one"


def test_identifiers_are_taken_once(client: httpx.Client) -> None:
    first, second = create(client, external_id="one"), create(client, external_id="two")
    update(client, first["id"], stripe_customer_id="cus_1")
    path = f"/organizations/{second['id']}"
    taken = "external_id_already_used"
    refused(client.post("/organizations", json={"name": "x", "external_id": "one"}), 400, taken)
    refused(client.put(path, json={"name": "x", "external_id": "one"}), 400, taken)
    refused(client.put(path, json={"stripe_customer_id": "cus_1"}), 400, "stripe_customer_id_already_used")
    assert get(client, second["id"]) == second
    assert len(client.get("/organizations").json()["data"]) == 2


def test_a_deleted_organization_is_gone_with_all_it_held(client: httpx.Client) -> None:
    known = create(client, external_id="one", domains=["a.com"])
    update(client, known["id"], stripe_customer_id="cus_1")
    response = client.delete(f"/organizations/{known['id']}")
    assert (response.status_code, response.text) == (202, "Accepted")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert client.get(f"/organizations/{known['id']}").status_code == 404
    assert client.delete(f"/organizations/{known['id']}").status_code == 404
    assert client.get("/organizations?domains=a.com").json()["data"] == []
    update(client, create(client, external_id="one")["id"], stripe_customer_id="cus_1")


def test_an_idempotency_key_makes_one_organization(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "bar"}
    responses = [client.post("/organizations", headers=key, json={"name": "x"}) for _ in range(2)]
    assert [response.status_code for response in responses] == [201, 201]
    assert responses[0].json() == responses[1].json()
    other = client.post("/organizations", headers=key, json={"name": "y"})
    assert (other.status_code, list(other.json())) == (400, ["message"])
    assert len(client.get("/organizations").json()["data"]) == 1


def test_an_unknown_path_or_method_is_refused_in_json(client: httpx.Client) -> None:
    for path in (
        "/",
        "/elsewhere",
        "/organizations/",
        "/organizations/a/b",
        "/organizations/external_id/a/b",
    ):
        response = client.get(path)
        assert (response.status_code, list(response.json())) == (404, ["message"]), path
    response = client.patch("/organizations")
    assert (response.status_code, list(response.json())) == (405, ["message"])
    assert {"GET", "POST"} <= set(response.headers["allow"].split(", "))


def test_seed_page_requests_get_answers_of_the_seed_page_shape(client: httpx.Client, store: Store) -> None:
    made = create(
        client,
        name="Foo Corp",
        domain_data=[{"domain": "foo-corp.com", "state": "pending"}],
        external_id="2fe01467-f7ea-4dd2-8b79-c2b4f56d0191",
        metadata={"tier": "diamond"},
    )
    assert lookup(client, made["external_id"]).json() == made
    changed = update(
        client,
        made["id"],
        name="Foo Corp",
        allow_profiles_outside_organization=False,
        domain_data=[{"domain": "foo-corp.com", "state": "verified"}],
        stripe_customer_id="cus_R9qWAGMQ6nGE7V",
        metadata={"tier": "diamond"},
        external_id=made["external_id"],
    )
    page = client.get("/organizations", params={"domains": "foo-corp.com"}).json()
    assert json.dumps(page) == json.dumps(
        {"object": "list", "data": [changed], "list_metadata": {"before": None, "after": None}}
    )
    schema = operations()["get"].responses[200]
    assert schema
    assert set(changed) == set(schema["properties"])
