from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.harness.wire.routes import Route, path_of, query_of, route_of
from specs.contract import operations

ANYTHING = st.text(st.characters(), min_size=1)


@given(st.sampled_from(["get", "update", "delete"]), ANYTHING)
def test_an_id_of_any_form_comes_back(operation: str, id: str) -> None:
    path = path_of(operation, {"id": id})
    assert path.isascii()
    assert path.count("/") == 2
    assert route_of(operations()[operation].method, path) == Route(operation, {"id": id})


@given(ANYTHING)
def test_an_external_id_of_any_form_comes_back(external_id: str) -> None:
    path = path_of("lookup", {"external_id": external_id})
    assert route_of("GET", path) == Route("lookup", {"external_id": external_id})


@pytest.mark.parametrize("value", ["\ud800", "%zz", "%ff", "..", ".", "a/../b"])
def test_values_that_trip_decoders_come_back(value: str) -> None:
    assert route_of("GET", path_of("get", {"id": value})) == Route("get", {"id": value})


@pytest.mark.parametrize("path", ["/", "/organizations/a/b", "/other", "/organizations/external_id/a/b"])
def test_what_is_no_path_of_the_contract_is_no_route(path: str) -> None:
    assert route_of("DELETE", path) is None


def test_commas_between_items_are_literal_and_within_them_encoded() -> None:
    assert query_of({"domains": ["a.b", "c,d"], "limit": 3}) == "domains=a.b,c%2Cd&limit=3"


def test_what_ends_a_value_is_encoded() -> None:
    assert query_of({"search": "a&b=c #?+ ü"}) == "search=a%26b%3Dc%20%23%3F%2B%20%C3%BC"
