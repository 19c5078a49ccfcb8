"""Writes that were under way at the same time as another one, which may be why a finding shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from conformance.harness.evidence.steps import breaks_a_rule, external_id_of
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.history import History

LATE = 4
"""Writes of one organization whose time may matter to what came of a request; so do creates."""


def rivals_of(
    decisive: Exchange,
    writes: Sequence[Exchange],
    organizations: Mapping[str, Sequence[Exchange]],
    history: History,
) -> list[Exchange]:
    """The writes that a script has to send at the same time, besides the request that decides.

    `writes` are those that it sends of the organizations.
    """
    late = [write for write in writes if any(write in [*each[:1], *each[-LATE:]] for each in organizations.values())]
    pairs = pairwise([*late, decisive])
    met = [write for pair in pairs if pair[0].started + pair[0].seconds > pair[1].started for write in pair]
    met += [write for write in history.writes_during(decisive) if _is_rival(write, decisive)]
    return list({write.started: write for write in met if write is not decisive}.values())


def _is_rival(write: Exchange, decisive: Exchange) -> bool:
    """Whether a write at the same time may have changed what came of another one."""
    if decisive.method == "GET" or breaks_a_rule(decisive) or breaks_a_rule(write):
        return False
    asks_the_same = bool(write.body and write.body == decisive.body)
    asks_the_same |= bool(external_id_of(write)) and external_id_of(write) == external_id_of(decisive)
    if write.status is None or write.status >= 500:  # what fails for everybody does so side by side, too
        return asks_the_same
    fails = decisive.status is not None and decisive.status >= 500
    return fails or write.url == decisive.url or asks_the_same
