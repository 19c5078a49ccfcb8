"""Requests that are read more widely or more narrowly than the emulator reads them, where nothing decides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.idempotency import Replays
from emulator.records import Domain, Organization
from emulator.validation import Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, strict
from tests.blind.parts.messages import Reply, Request, reply, unprocessable, without
from tests.blind.parts.stores import filtering, matching
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, verified

METHODS = "methods and paths"
READING = "how requests are read"


@control(METHODS, "HEAD is not documented", lambda w: w.http.head("/organizations").status_code == 405)
def heads_are_not_allowed() -> ASGIApp:
    """HEAD is answered with 405."""
    return on_request(
        lambda request: (
            reply(405, {"message": "Method Not Allowed"}).replaced(body=b"") if request.method == "HEAD" else request
        )
    )


@control(METHODS, "a preflight has no key", lambda w: w.other(None).options("/organizations").status_code == 204)
def preflights_need_no_key() -> ASGIApp:
    """OPTIONS is answered with 204 and headers of CORS, without a key."""
    headers = (("access-control-allow-origin", "*"), ("access-control-allow-methods", "GET,HEAD,PUT,POST,DELETE"))

    async def handle(request: Request, forward: Forward) -> Reply:
        return Reply(204, headers, b"") if request.method == "OPTIONS" else await forward(request)

    return intercepting(handle)


@control(METHODS, "no source names this path", lambda w: w.http.get("/organizations/").status_code == 200)
def a_slash_at_the_end_is_ignored() -> ASGIApp:
    """A slash at the end of a path is ignored."""
    return on_request(lambda request: request.replaced(path=request.path.rstrip("/")))


@control(
    METHODS,
    "no source names this method",
    lambda w: w.http.patch(f"/organizations/{w.made()['id']}", json={"name": "x"}).status_code == 200,
)
def patch_is_put() -> ASGIApp:
    """PATCH does what PUT does."""
    return on_request(lambda request: request.replaced(method="PUT") if request.method == "PATCH" else request)


KNOWN = {"before", "after", "limit", "order", "domains", "domains[]", "domains[0]", "domains[1]", "search"}


@control(READING, "FACTS: unknown query parameters are INFO", lambda w: w.list(unknown="x").status_code == 422)
def unknown_parameters_are_refused() -> ASGIApp:
    """A list refuses query parameters that it does not know."""
    return on_request(
        lambda request: (
            unprocessable("query")
            if request.operation == "list" and not {*parse_qs(request.query, keep_blank_values=True)} <= KNOWN
            else request
        )
    )


FIELDS = {
    "name",
    "allow_profiles_outside_organization",
    "domains",
    "domain_data",
    "stripe_customer_id",
    "metadata",
    "external_id",
}


@control(READING, "no source speaks of unknown fields of a body", lambda w: w.create(unknown="x").status_code == 422)
def unknown_fields_are_refused() -> ASGIApp:
    """Bodies with fields that the documentation does not know are refused."""
    return strict(lambda body: unprocessable("body") if not body.keys() <= FIELDS else None)


def _one_value(w: Wire) -> bool:
    one, other = domain(), domain()
    w.made(domain_data=verified(one))
    w.made(domain_data=verified(other))
    encoded = w.http.get(f"/organizations?domains={one}%2C{other}").json()["data"]
    plain = w.http.get(f"/organizations?domains={one},{other}").json()["data"]
    return (len(encoded), len(plain)) == (0, 2)


@control(READING, "RFC 6570: only a plain comma separates, an encoded one is data", _one_value)
def an_encoded_comma_separates_nothing() -> ASGIApp:
    """In `domains`, %2C belongs to a domain and a plain comma separates two."""

    def kept(request: Request) -> Request:
        if request.operation != "list":
            return request
        parts = [re.sub("%2[Cc]", "%1F", each) if each[:8] == "domains=" else each for each in request.query.split("&")]
        return request.replaced(query="&".join(parts))

    return on_request(kept)


def _other_case(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=verified(name))
    return bool(w.ids(domains=name.upper()))


@control(READING, "domains have no case (RFC 4343)", _other_case)
def a_filter_of_domains_has_no_case() -> ASGIApp:
    """The filter of domains does not distinguish capital and small letters."""
    return filtering(lambda each, name: name.lower() in {found.domain.lower() for found in each.domains})


def _without_accent(w: Wire) -> bool:
    w.made(name="Caf\u00e9")
    return bool(w.ids(search="Cafe"))


@control(READING, "nothing says which letters match in a search", _without_accent)
def searches_ignore_accents() -> ASGIApp:
    """A search finds letters with an accent by those without."""
    return matching(lambda text, each: _plain(text) in _plain(each.name))


def _plain(text: str) -> str:
    found = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return (found or text).casefold()


@control(
    READING,
    "FACTS: Idempotency-Key is INFO",
    lambda w: (
        len({w.http.post("/organizations", json={"name": "x"}, headers={"Idempotency-Key": "k"}).text for _ in "ab"})
        == 2
    ),
)
def idempotency_keys_are_ignored() -> ASGIApp:
    """The same Idempotency-Key makes two organizations."""

    class Forgetting(Replays):
        def remember(self, key: str | None, body: object, organization: Organization) -> None:
            """Keeps nothing."""

    return app(replays=Forgetting())


@control(
    READING,
    "O: bodies are application/json; other types are not documented",
    lambda w: w.post("name=x", Content_Type="application/x-www-form-urlencoded").status_code == 201,
)
def forms_are_read() -> ASGIApp:
    """A body may be a form as well."""

    def read(request: Request) -> Request:
        if not request.header("content-type").startswith("application/x-www-form-urlencoded"):
            return request
        fields = {name: values[-1] for name, values in parse_qs(request.body.decode("latin-1")).items()}
        return request.with_json(fields) if fields else request

    return on_request(read)


@control(
    READING,
    "two documented answers to one request",
    lambda w: w.update("org_unknown", name=5).status_code == 422,
)
def bodies_are_judged_before_the_id() -> ASGIApp:
    """An update with a bad body is refused for the body even when the id is unknown."""

    class BodyFirst(Api):
        def update(self, call: Call) -> Response:
            self.rules.update(call.content)
            return super().update(call)

    return app(api=BodyFirst)


@control(READING, "O documents both 400 and 422", lambda w: w.create(metadata=[]).status_code == 422)
def metadata_of_a_wrong_type_are_unprocessable() -> ASGIApp:
    """Metadata that are no object are refused with 422, not with 400."""
    return strict(
        lambda body: unprocessable("metadata") if not isinstance(body.get("metadata"), (dict, type(None))) else None
    )


@control(READING, "a domain has a dot", lambda w: w.create(domain_data=verified("localhost")).status_code == 422)
def domains_must_have_a_dot() -> ASGIApp:
    """What is not a domain with a dot is refused."""

    def judge(body: dict[str, object]) -> Reply | None:
        items = body.get("domain_data")
        names = [item.get("domain") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        plain = body.get("domains")
        names += plain if isinstance(plain, list) else []
        return unprocessable("domain_data") if any(isinstance(n, str) and "." not in n for n in names) else None

    return strict(judge)


def _first_counts(w: Wire) -> bool:
    w.many(3)
    return len(w.http.get("/organizations?limit=1&limit=2").json()["data"]) == 1


@control(READING, "nothing says which of two counts", _first_counts)
def the_first_of_two_parameters_counts() -> ASGIApp:
    """Where a parameter comes twice, the first one counts."""

    class First(Rules):
        def number(self, values: Sequence[str]) -> int | str | None:
            return super().number(values[:1])

    return app(rules=First())


@control(
    READING, "FACTS: a name may be refused when it is very long", lambda w: w.create(name="n" * 300).status_code == 422
)
def names_have_255_characters() -> ASGIApp:
    """A name of more than 255 characters is refused."""
    return strict(
        lambda body: unprocessable("name") if isinstance(body.get("name"), str) and len(body["name"]) > 255 else None
    )


def _unknown_shows_all(w: Wire) -> bool:
    w.many(2)
    return len(w.list(after="org_unknown").json().get("data", ())) == 2


@control(READING, "FACTS: an unknown cursor is INFO", _unknown_shows_all)
def an_unknown_cursor_is_no_cursor() -> ASGIApp:
    """A list from an unknown cursor on is the whole list."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        unknown = request.operation == "list" and response.status == 422 and b"unknown_cursor" in response.body
        query = re.sub("(before|after)=[^&]*", "", request.query)
        return await forward(request.replaced(query=query)) if unknown else response

    return intercepting(handle)


def _plus(w: Wire) -> bool:
    w.made(name="a+b")
    by_plus = w.http.get("/organizations?search=a+b").json()["data"]
    return len(by_plus) == 1 and len(w.http.get("/organizations?search=a%2Bb").json()["data"]) == 1


@control(READING, "RFC 3986: a plus has no meaning in a query; RFC 6570 writes a space as %20", _plus)
def a_plus_in_a_query_is_a_plus() -> ASGIApp:
    """In a query, a plus stands for itself and only %20 for a space."""
    return on_request(lambda request: request.replaced(query=request.query.replace("+", "%2B")))


def _stated_only(w: Wire) -> bool:
    return len(w.made(domain_data=verified(domain()), domains=[domain()])["domains"]) == 1


@control(
    READING, "O: `domains` is deprecated in favour of `domain_data`; of both at once nothing is said", _stated_only
)
def domain_data_goes_before_domains() -> ASGIApp:
    """Where a body has domain_data, its `domains` are ignored."""

    class Stated(Changes):
        def domains(self, body: Body, moment: int) -> tuple[Domain, ...]:
            return super().domains(without(dict(body), "domains") if body.get("domain_data") else body, moment)

    return app(changes=Stated())
