"""Cursors that no correct target would have given: a script takes its own from the pages that lead to a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, quote, urlsplit

from conformance.harness.evidence.scripts.shell import Substitutions
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.history import CURSORS, Handed, History


@dataclass(frozen=True)
class Giving:
    """A page that has to be asked for again, and the cursor in it that the next one follows."""

    page: Exchange
    name: str
    """before or after."""
    mark: str
    """What stands in the place of the cursor in the address of the next one."""


def retraced(shown: Exchange, history: History, walk: Sequence[Exchange] = ()) -> tuple[list[Giving], Exchange]:
    """The pages that have to be asked for again before a list, and the list as it follows what they give.

    They are those of the walk that the finding is about, and those whose cursor is not that of a correct target, which
    is the id at one end of the page: this one a script can name itself.
    """
    handed = history.handed(shown)
    if not handed:
        return [], shown
    given = max(handed, key=lambda each: (_is_same_list(each.page, shown), each.page.started))
    is_of_the_walk = any(page.started == given.page.started for page in walk)
    if not is_of_the_walk and any(map(_is_of_the_right_end, handed)):
        return [], shown
    earlier, page = retraced(given.page, history, walk)
    mark = f"cursor-of-page-{len(earlier) + 1}"
    url = shown.url.replace(f"{given.name}={quote(given.cursor, safe='')}", f"{given.name}={mark}")
    return [*earlier, Giving(page, given.name, mark)], replace(shown, url=url)


def kept(step: Exchange, pages: Sequence[Giving], substitutions: Substitutions) -> Iterator[str]:
    """The lines that keep the cursor of a page; where it is null, there is nothing to show."""
    for given in pages:
        if given.page is step:
            name = substitutions.kept(given.mark)
            yield f'{name}=$(value .list_metadata.{given.name}) && [ -n "${name}" ] || no_fault'


def _is_of_the_right_end(handed: Handed) -> bool:
    leads_back = (handed.name == "before") is not (handed.order == "normal")
    return handed.cursor == (handed.first if leads_back else handed.last)


def _is_same_list(one: Exchange, other: Exchange) -> bool:
    """Whether both ask for the same but for the cursor."""
    queries = [parse_qs(urlsplit(each.url).query) for each in (one, other)]
    first, second = ({name: value for name, value in query.items() if name not in CURSORS} for query in queries)
    return first == second
