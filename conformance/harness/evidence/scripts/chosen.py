"""Values that a target has chosen: a script takes them from the response of the write that they belong to."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conformance.harness.api.organization import TIMES, moment
from conformance.harness.evidence.scripts.shell import Substitutions
from conformance.harness.judges.checks import Check, Kind
from conformance.harness.judges.places import ITEMS, values_in
from conformance.harness.wire.exchange import Exchange

DOMAIN_IDS = ".domains[].id"


@dataclass(frozen=True)
class Chosen:
    """Such a value, and where a response to a write shows it."""

    place: str
    value: str
    is_of_another: bool
    """Whether it belongs to another organization than the one in the response that decides."""

    def is_shown_by(self, step: Exchange, decisive: Exchange) -> bool:
        """Whether this is a write that was answered with it."""
        if step.method == "GET" or step.response is None or (self.is_of_another and _id(step) == _id(decisive)):
            return False
        return self.value in self.shown_in(step)

    def shown_in(self, step: Exchange) -> list[object]:
        """The values in its place, times in the spelling of this one where they are the same moment."""
        found = values_in(step.response.object, self.place) if step.response else ()
        return [self.value if moment(each) == moment(self.value) else each for each in found]


def chosen_in(check: Check, decisive: Exchange) -> Chosen | None:
    """The value that a check names: a time, or the id of a domain that another organization must not have."""
    place, *forms = check.texts
    if check.kind in (Kind.FIELD_IS, Kind.LATER) and place.rpartition(".")[2] in TIMES:
        return Chosen(place.removeprefix(ITEMS), json.loads(forms[0]), False)
    shown = decisive.response.object if decisive.response else {}
    if check.kind is Kind.LACKS and place.startswith('"id":'):
        identifier = json.loads(f"{{{place}}}")["id"]
        ids = [*values_in(shown, DOMAIN_IDS), *values_in(shown, ITEMS + DOMAIN_IDS)]
        if isinstance(identifier, str) and identifier in ids:
            return Chosen(DOMAIN_IDS, identifier, True)
    return None


def shown_in_its_place(check: Check, decisive: Exchange) -> list[str]:
    """The values by which a response fails a check of such a value: they may be those of another organization."""
    if decisive.operation == "list" or decisive.response is None or not (chosen := chosen_in(check, decisive)):
        return []
    shown = [chosen.value] if chosen.is_of_another else values_in(decisive.response.object, chosen.place)
    return [value for value in shown if isinstance(value, str)]


def told(checks: Sequence[Check], steps: Sequence[Exchange], decisive: Exchange) -> list[Check]:
    """The checks without those of a value that no write of the script is answered with, and of a time of several."""
    return [check for check in checks if _is_told(chosen_in(check, decisive), steps, decisive)]


def _is_told(chosen: Chosen | None, steps: Sequence[Exchange], decisive: Exchange) -> bool:
    owners = {_id(step) for step in steps if chosen and chosen.is_shown_by(step, decisive)}
    return chosen is None or len(owners) == 1 or (chosen.is_of_another and bool(owners))


def kept(step: Exchange, decisive: Exchange, checks: Sequence[Check], substitutions: Substitutions) -> Iterator[str]:
    """The lines that keep the values that a write was answered with, as far as a check names them."""
    for check in checks:
        chosen = chosen_in(check, decisive)
        if chosen is None or step is decisive or not chosen.is_shown_by(step, decisive):
            continue
        number = chosen.shown_in(step).index(chosen.value) + 1
        name = substitutions.kept(chosen.value)
        place = " ".join([shlex.quote(chosen.place), *[str(number)] * (number > 1)])
        yield f'{name}=$(value {place}) && [ -n "${name}" ] || cannot_tell'


def _id(exchange: Exchange) -> str:
    return str(exchange.response.object.get("id")) if exchange.response else ""
