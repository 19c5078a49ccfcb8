"""Going through all pages gives every organization once, with the requests that this needs.

The pages are scripted by their cursors, so that it does not matter when an SDK asks for which.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from conformance.conftest import Observe
from conformance.harness.api.sdk import Ask
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.use import Judged
from conformance.harness.wire.proxy.replies import Action, ByCursor, json_reply
from conformance.sdk.cases import CURSORS, each_of, each_operation
from conformance.sdk.conftest import SumUp
from sdks.calls import Failed, Returned
from strategies.organizations import maximal, minimal, page

SIZE = 3
MANY = len(CURSORS) + 1
ENOUGH = 60
"""Organizations after which an iteration is taken for endless."""
BOUND = 8_000


def pages(sizes: list[int]) -> dict[str | None, Action]:
    """As many pages as there are sizes, each with so many organizations, by cursor."""
    cursors: list[str | None] = [
        None,
        *CURSORS[: len(sizes) - 1],
    ]
    found: dict[str | None, Action] = {}
    number = 0
    for at, (cursor, size) in enumerate(zip(cursors, sizes, strict=True)):
        items = [minimal(number + index) for index in range(size)]
        following = cursors[at + 1] if at + 1 < len(cursors) else None
        found[cursor] = json_reply(200, page(items, before=items[0]["id"] if at and items else None, after=following))
        number += size
    return found


def asked(script: ByCursor, arguments: Mapping[str, Any] | None = None, **how: Any) -> Ask:
    """An iteration over these pages."""
    return Ask("iterate", arguments or {}, script, bound_ms=BOUND, items=ENOUGH, **how)


def broken_off(status: int) -> ByCursor:
    """Four pages, of which the third is an error."""
    found = pages([SIZE] * 4)
    third = list(found)[2]
    return ByCursor({**found, third: json_reply(status, {"message": "Not this page.", "code": "not_this_page"})})


WHOLE = {
    "one page": asked(ByCursor(pages([SIZE]))),
    "no organization": asked(ByCursor(pages([0]))),
    "two pages": asked(ByCursor(pages([SIZE, SIZE]))),
    "many pages": asked(ByCursor(pages([SIZE] * MANY))),
    "a last page with one": asked(ByCursor(pages([SIZE, SIZE, 1]))),
    "large organizations": asked(ByCursor({None: json_reply(200, page([maximal(1), maximal(2)]))})),
}
FILTERED = {
    "limit": asked(ByCursor(pages([2] * MANY)), {"limit": 2}),
    "order": asked(ByCursor(pages([SIZE] * 3)), {"order": "asc", "limit": SIZE}),
    "domains": asked(ByCursor(pages([SIZE] * 3)), {"domains": ["a.example.com", "b.example.com"], "limit": SIZE}),
    "from a cursor": asked(
        ByCursor({CURSORS[1]: pages([SIZE, SIZE])[None], **pages([SIZE, SIZE])}), {"after": CURSORS[1], "limit": SIZE}
    ),
    "short pages": asked(ByCursor(pages([1, SIZE, 2, SIZE])), {"limit": 2 * SIZE}),
}
SEARCHED = {"search": asked(ByCursor(pages([SIZE] * 3)), {"search": "a&b=ü", "order": "desc"})}
EMPTY = {
    "an empty page in the middle": asked(ByCursor(pages([SIZE, 0, SIZE]))),
    "an empty first page": asked(ByCursor(pages([0, SIZE]))),
}
BROKEN = {f"{status} on a later page": asked(broken_off(status)) for status in (404, 500)}


@pytest.fixture(scope="session")
def iterated(sdk: SdkUnderTest) -> dict[str, Judged]:
    """What came of every iteration."""
    asks = WHOLE | FILTERED | SEARCHED | EMPTY | BROKEN
    return dict(zip(asks, sdk.together(list(asks.values())), strict=True))


def those(iterated: dict[str, Judged], *groups: Mapping[str, Ask]) -> list[Judged]:
    """The iterations of some groups."""
    return [iterated[name] for group in groups for name in group]


@pytest.mark.run_last
@each_of("sdk.iterate.all", "sdk.iterate.cursor", "sdk.iterate.stops", "sdk.iterate.starts-once")
def test_every_organization_is_given_once(
    sum_up: SumUp, iterated: dict[str, Judged], identifier: str, operation: str
) -> None:
    sum_up(those(iterated, WHOLE, FILTERED, SEARCHED), identifier, operation)


@pytest.mark.run_last
@each_of("sdk.iterate.filters")
def test_every_page_is_asked_for_alike(
    sum_up: SumUp, iterated: dict[str, Judged], identifier: str, operation: str
) -> None:
    sum_up(those(iterated, FILTERED, SEARCHED), identifier, operation)


@pytest.mark.run_last
@each_of("sdk.iterate.empty-page")
def test_an_empty_page_is_not_the_end(
    sum_up: SumUp, iterated: dict[str, Judged], identifier: str, operation: str
) -> None:
    sum_up(those(iterated, EMPTY), identifier, operation)


@pytest.mark.run_last
@each_of("sdk.iterate.error")
def test_an_error_on_a_later_page_is_an_error(
    sum_up: SumUp, iterated: dict[str, Judged], identifier: str, operation: str
) -> None:
    for use in those(iterated, BROKEN):
        use.ensure_said()
        assert use.error.items is not None
    sum_up(those(iterated, BROKEN), identifier, operation)


REPEATED = "sdk.iterate.repeated-cursor"
SHORT_BOUND = 4_000
"""Milliseconds after which an iteration that does not end is stopped: some SDKs can only be ended with their driver."""


@pytest.fixture(scope="session")
def circling(sdk: SdkUnderTest) -> dict[int, Judged]:
    """Iterations over a page that leads to itself, by how many organizations are on it."""
    asks = {}
    for size in (0, SIZE):
        again = json_reply(200, page([minimal(number) for number in range(size)], after="the same"))
        circle = ByCursor({None: again, "the same": again})
        asks[size] = replace(asked(circle, fresh=True, about=REPEATED), bound_ms=SHORT_BOUND)
    return dict(zip(asks, sdk.together(list(asks.values())), strict=True))


@each_operation(REPEATED)
@pytest.mark.parametrize("size", [0, SIZE], ids=["empty pages", "full pages"])
def test_a_page_that_leads_to_itself_does_not_go_on_for_ever(
    circling: dict[int, Judged], operation: str, size: int
) -> None:
    use = circling[size]
    use.ensure_said()
    stopped = isinstance(use.reply, Returned) and not use.reply.complete
    if stopped or isinstance(use.reply, Failed):
        use.fail(REPEATED, "an end", f"{len(use.requests)} requests until it was stopped")


@each_operation("sdk.iterate.backward")
def test_where_a_cursor_before_leads(sdk: SdkUnderTest, observe: Observe, operation: str) -> None:
    script = ByCursor({None: json_reply(200, page([minimal(1)], before="earlier", after=None))}, parameter="before")
    earlier = json_reply(200, page([minimal(2)], before=None, after="later"))
    both = ByCursor({**script.pages, "start": script.pages[None], "earlier": earlier}, parameter="before")
    [use] = sdk.together([asked(both, {"before": "start"})])
    observe(" then ".join(request.query.decode() for request in use.requests))
