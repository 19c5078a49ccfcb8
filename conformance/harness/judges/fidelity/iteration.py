"""An iteration over all pages: what it asked for, and the organizations that it gave.

Source of the promises: the sdk.iterate requirements. Some SDKs ask for the first page twice, once to
have a page object and once to iterate: that is a difference and no fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.harness.judges.fidelity.discrepancy import Discrepancy, raw, shown
from conformance.harness.judges.fidelity.sent.query import cursors_of
from conformance.harness.judges.fidelity.sent.request import ITERATE, judge_request
from conformance.harness.judges.fidelity.served import NotJsonError, json_of, success_schema
from conformance.harness.judges.fidelity.value import judge_object, member, what_breaks
from conformance.harness.wire.proxy.recording import RecordedExchange


def succeeded(exchange: RecordedExchange) -> bool:
    """Whether a complete success was served."""
    return exchange.complete and exchange.response is not None and exchange.response.status < 300


def judge_pages(
    arguments: Mapping[str, Any], options: Mapping[str, Any], exchanges: Sequence[RecordedExchange], api_key: str
) -> Iterator[Discrepancy]:
    """What is wrong with the requests of an iteration: each page is asked for with the cursor of the page before."""
    start = cursor = arguments.get("after")
    pages = 0
    if _is_turned_round(arguments):
        exchanges = exchanges[:1]  # nothing promises which pages follow
    for number, exchange in enumerate(exchanges):
        if pages == number == 1 and _asks_from(exchange, start):
            yield Discrepancy("sdk.iterate.starts-once", "one request for the first page", "two")
            cursor, pages = start, 0
        if pages and cursor is None:
            yield Discrepancy("sdk.iterate.stops", "no request after the last page", raw(exchange.request.target))
            return
        if pages and not _asks_from(exchange, cursor):
            yield Discrepancy("sdk.iterate.cursor", f"after={cursor}", raw(exchange.request.target))
            return
        given = arguments if cursor is None else {**arguments, "after": cursor}
        for discrepancy in judge_request(ITERATE, given, exchange.request, api_key, options):
            lost = pages and discrepancy.requirement == "sdk.request.query-complete"
            yield discrepancy._replace(requirement="sdk.iterate.filters") if lost else discrepancy
        if succeeded(exchange) and exchange.response:
            cursor, pages = _next_cursor(exchange.response.body), pages + 1


def judge_items(
    arguments: Mapping[str, Any], exchanges: Sequence[RecordedExchange], value: Any, *, complete: bool
) -> Iterator[Discrepancy]:
    """What is wrong with the organizations that an iteration gave.

    One that was stopped by a limit, and is not `complete`, gives the beginning of what the pages held.
    """
    pages = _pages(arguments, exchanges)
    for page in pages:
        broken = what_breaks("list", page, value)
        if broken is not None:
            yield broken
            return
    served = _served(pages)
    data = member(value, "data")
    given = data if isinstance(data, list) else []
    served_ids, given_ids = _ids(served), _ids(given)
    if given_ids != (served_ids if complete else served_ids[: len(given_ids)]):
        yield Discrepancy("sdk.iterate.all", f"ids {shown(served_ids)}", f"ids {shown(given_ids)}")
        return
    if complete:
        yield from _judge_end(arguments, pages)
    for index, (item, seen) in enumerate(zip(served, given, strict=False)):
        yield from judge_object(item, seen, success_schema("get"), f"data[{index}]")


def judge_items_before_error(
    arguments: Mapping[str, Any], exchanges: Sequence[RecordedExchange], items: Sequence[Any]
) -> Iterator[Discrepancy]:
    """What is wrong with the organizations that an iteration gave before it ended in an error.

    One that gives all at its end, and so none before an error, breaks nothing; nor does one that a page led to
    which is no list.
    """
    pages = _pages(arguments, exchanges)
    expected, seen = _ids(_served(pages)), _ids(items)
    if seen and seen != expected and not any(what_breaks("list", page, None) for page in pages):
        yield Discrepancy("sdk.iterate.error", f"ids {shown(expected)} before the error", f"ids {shown(seen)}")


def _judge_end(arguments: Mapping[str, Any], pages: Sequence[bytes]) -> Iterator[Discrepancy]:
    """An iteration may end where no cursor leads on, or where one leads back."""
    cursors = [_next_cursor(page) for page in pages]
    seen = {arguments.get("after"), None, *cursors[:-1]}
    if not pages or cursors[-1] in seen or _is_turned_round(arguments):
        return
    requirement = "sdk.iterate.all" if _items(pages[-1]) else "sdk.iterate.empty-page"
    yield Discrepancy(requirement, f"the page after {shown(cursors[-1])}", "no request for it")


def _is_turned_round(arguments: Mapping[str, Any]) -> bool:
    """Whether other cursors than `after` lead on."""
    return arguments.get("order") == "normal" or arguments.get("before") is not None


def _pages(arguments: Mapping[str, Any], exchanges: Sequence[RecordedExchange]) -> list[bytes]:
    """The pages that were served, without a first one that was asked for again, up to the last one."""
    served = [exchange for exchange in exchanges if succeeded(exchange)]
    if len(served) > 1 and _asks_from(served[1], arguments.get("after")):
        del served[0]
    pages = [exchange.response.body for exchange in served if exchange.response]
    ends = [number for number, page in enumerate(pages, 1) if _next_cursor(page) is None]
    return pages[: ends[0]] if ends else pages


def _asks_from(exchange: RecordedExchange, cursor: str | None) -> bool:
    return cursors_of(exchange.request) == ([] if cursor is None else [cursor])


def _served(pages: Sequence[bytes]) -> list[Any]:
    return [item for page in pages for item in _items(page) or ()]


def _items(page: bytes) -> list[Any] | None:
    """The organizations of a page, None where it is no list."""
    try:
        items = member(json_of(page), "data")
    except NotJsonError:
        return None
    return items if isinstance(items, list) else None


def _ids(items: Sequence[Any]) -> list[Any]:
    return [member(item, "id") for item in items]


def _next_cursor(page: bytes) -> str | None:
    try:
        cursor = member(member(json_of(page), "list_metadata"), "after")
    except NotJsonError:
        return None
    return cursor if isinstance(cursor, str) else None
