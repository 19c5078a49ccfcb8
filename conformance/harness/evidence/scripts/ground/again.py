"""What must not be the same when a script sends the requests of a run once more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import unquote

from conformance.harness.evidence.steps import external_id_of
from conformance.harness.judges.checks import Check
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.mention import body_of


def with_external_ids_of_its_own(
    steps: Sequence[Exchange], decisive: Exchange, checks: Sequence[Check], token: str
) -> Iterator[Exchange]:
    """The steps with an external_id that holds the run token, and so is new in each script, in the place of others.

    A target that remembers the one of the run, such as one that never frees it, would refuse it. One that the
    decisive request, a lookup or a check names stays as it is.
    """
    addresses = [unquote(step.url) for step in (*steps, decisive)]
    named = "\n".join([*addresses, decisive.body.decode("utf-8", "replace"), *(t for c in checks for t in c.texts)])
    own: dict[str, str] = {}
    for step in steps:
        given = external_id_of(step)
        if not given or token in given.lower() or given in named:
            yield step
        else:
            new = own.setdefault(given, f"{token}-own-{len(own) + 1}")
            yield replace(step, body=json.dumps(body_of(step) | {"external_id": new}, ensure_ascii=False).encode())
