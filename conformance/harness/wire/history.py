"""What was written to which organization, and what was read, so that a script can do it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from urllib.parse import parse_qs, unquote, urlsplit

from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.mention import Mention, body_of, handles, said_in

CURSORS = ("before", "after")
MOST_READS = 3
"""Of one address."""


@dataclass(frozen=True)
class Handed:
    """A cursor as a page gave it."""

    name: str
    """before or after."""
    cursor: str
    order: str
    """The order that was asked for, "" for none."""
    first: str
    last: str
    """The ids at both ends of the page."""
    page: Exchange = field(compare=False)
    """The list that gave it, without its response."""


class History:
    """The writes of a run by organization, and its reads by address. Not thread-safe by itself."""

    def __init__(self) -> None:
        self._writes: dict[str, list[Exchange]] = {}
        self._reads: dict[str, list[Exchange]] = {}
        """By address, and those of lookups by the id that they found."""
        self._cursors: set[Handed] = set()
        self._refused: list[Exchange] = []
        self._failed: list[Exchange] = []
        """Writes that the server failed at, and may have carried out all the same."""

    def record(self, exchange: Exchange) -> None:
        """Notes a read, or a write."""
        if exchange.method == "GET":
            for subject in _read_in(exchange):
                known = self._reads.setdefault(subject, [])
                known[1:] = [*known[1:][-MOST_READS + 2 :], replace(exchange, response=None)]
            if exchange.operation == "list":
                self._cursors.update(_handed(exchange))
        elif exchange.status is not None and 200 <= exchange.status < 300:
            self._record_write(exchange)
        elif exchange.status is None or exchange.status >= 500:
            self._failed.append(replace(exchange, response=None))
        else:
            self._refused.append(exchange.stored())

    def _record_write(self, exchange: Exchange) -> None:
        if exchange.operation == "create":
            created = exchange.response.object.get("id") if exchange.response else None
            if isinstance(created, str) and created:
                self._writes.setdefault(created, []).append(exchange.stored())
        else:
            target = unquote(urlsplit(exchange.url).path.rpartition("/")[2])
            if target in self._writes:
                self._writes[target].append(exchange.stored())

    def before(self, exchange: Exchange, texts: Iterable[str] = ()) -> dict[str, list[Exchange]]:
        """The organizations that a request or one of the texts names, with the writes that each had seen by then."""
        mention = Mention.in_request(exchange, texts)
        return {known: writes for known, writes in self._earlier(exchange) if mention.means(known, writes)}

    def same_reads_before(self, exchange: Exchange) -> list[Exchange]:
        """Earlier reads of the same address or organization, without their responses: the first, and the last ones."""
        reads = {read.started: read for subject in _read_in(exchange) for read in self._reads.get(subject, ())}
        return [reads[started] for started in sorted(reads) if started < exchange.started]

    def handed(self, exchange: Exchange) -> list[Handed]:
        """How earlier pages gave the cursor that a list follows; nothing where it follows none, or one of no page."""
        query = parse_qs(urlsplit(exchange.url).query)
        followed = {(name, query[name][0]) for name in CURSORS if name in query}
        given = (handed for handed in self._cursors if (handed.name, handed.cursor) in followed)
        return [handed for handed in given if handed.page.started < exchange.started]

    def deleted_before(self, exchange: Exchange, gone: Mapping[str, list[Exchange]]) -> dict[str, list[Exchange]]:
        """The organizations whose delete may have taken others with it, those that are `gone`.

        They are those that share something with these, such as a domain; else the one that was deleted last.
        """
        deleted = {known: writes for known, writes in self._earlier(exchange) if writes[-1].operation == "delete"}
        names = [handle for known, writes in gone.items() for handle in handles(known, writes)]
        akin = {
            known: writes
            for known, writes in deleted.items()
            if any(handle in said_in(write) for write in writes for handle in names)
        }
        last = max(deleted, key=lambda known: deleted[known][-1].started, default="")
        return akin or ({last: deleted[last]} if last else {})

    def created_between(self, one: Iterable[Exchange], exchange: Exchange) -> dict[str, list[Exchange]]:
        """The organizations whose creates came between those of others, with their writes before an exchange."""
        times = [write.started for write in one if write.operation == "create"]
        earlier = self._earlier(exchange)
        return {known: writes for known, writes in earlier if times and min(times) <= writes[0].started <= max(times)}

    def source_of(self, exchange: Exchange, texts: Iterable[str]) -> dict[str, list[Exchange]]:
        """The organization to which one of the texts was written last, from which it may have spread; its writes."""
        earlier = dict(self._earlier(exchange))
        said = {write.started: known for known, writes in earlier.items() for write in writes if says(write, texts)}
        return {said[max(said)]: earlier[said[max(said)]]} if said else {}

    def answered_with(self, exchange: Exchange, texts: Iterable[str]) -> dict[str, list[Exchange]]:
        """The organizations of which an earlier write was answered with one of the texts, with their writes."""
        forms = [json.dumps(text).encode() for text in texts]
        return {
            known: writes
            for known, writes in self._earlier(exchange)
            if any(form in write.response.body for write in writes if write.response for form in forms)
        }

    def refused_before(self, exchange: Exchange) -> list[Exchange]:
        """The creates, and the writes of the address of an exchange, that were refused before."""
        refused = [write for write in self._refused if write.operation == "create" or write.url == exchange.url]
        return [write for write in refused if write.started < exchange.started]

    def writes_during(self, exchange: Exchange) -> list[Exchange]:
        """The other writes that were under way while an exchange was."""
        end = exchange.started + exchange.seconds
        writes = chain(self._failed, *self._writes.values())
        others = (write for write in writes if write.started != exchange.started)
        return [write for write in others if write.started < end and write.started + write.seconds > exchange.started]

    def _earlier(self, exchange: Exchange) -> Iterator[tuple[str, list[Exchange]]]:
        for identifier, writes in self._writes.items():
            earlier = [write for write in writes if write.started < exchange.started and write is not exchange]
            if earlier:
                yield identifier, earlier


def _read_in(exchange: Exchange) -> Iterator[str]:
    """What a cache may keep of a read: its address, and what a lookup found under this one and others."""
    yield exchange.url
    shown = exchange.response.object.get("id") if exchange.operation == "lookup" and exchange.response else None
    if isinstance(shown, str):
        yield shown


def _handed(page: Exchange) -> Iterator[Handed]:
    """The cursors that a page gave."""
    said = page.response.object if page.response else {}
    items, given = said.get("data"), said.get("list_metadata")
    if not isinstance(items, list) or not items or not isinstance(given, dict):
        return
    first, last = (str(item.get("id")) if isinstance(item, dict) else "" for item in (items[0], items[-1]))
    order = parse_qs(urlsplit(page.url).query).get("order", [""])[0]
    for name in CURSORS:
        if isinstance(given.get(name), str):
            yield Handed(name, given[name], order, first, last, replace(page, response=None))


def says(write: Exchange, texts: Iterable[str]) -> bool:
    """Whether the body of a write holds one of the pieces of JSON."""
    body = json.dumps(body_of(write), ensure_ascii=False, separators=(",", ":"))
    return any(text in body for text in texts)
