"""The lines of a script that send requests at the same time."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.harness.evidence.scripts.ground.needs import NoScriptError
from conformance.harness.wire.exchange import Exchange

ATTEMPTS = 5
"""Enough for what shows every other time, and few enough that all that they create can be removed within a minute."""
SENDABLE = ("request POST ", 'request PUT /organizations/"$id', 'request DELETE /organizations/"$id')
"""How the lines of rivals begin: they change only what the script has created."""
OWN = '"$token"'


def at_once(rivals: Sequence[str], deciding: Sequence[str], looking: Sequence[str], decisive: Exchange) -> list[str]:
    """The lines that send the rivals beside the request that decides, and look, several times over.

    Of what is written, each attempt has its own. Raises NoScriptError.
    """
    is_told = decisive.method == "GET" or not any(OWN in line for line in looking)  # else by the texts of one attempt
    if not is_told or not all(line.startswith(SENDABLE) for line in rivals):
        raise NoScriptError("it shows only while requests are under way at the same time that no script can send")
    beside = [f"beside {number} {line.removeprefix('request ')}" for number, line in enumerate(rivals, 1)]
    if decisive.method == "GET":
        inner = [*beside, "wait", *deciding]
    else:
        inner = [*beside, *deciding, "keep_status", "wait"]
        inner = [line.replace(OWN, '"$token$attempt"') for line in inner]
    inner = [line.replace("\\\n    ", "\\\n        ") for line in inner]  # the second line of one that is long
    look = [line.strip().replace(" no_fault ;;", " continue ;;") for line in looking]
    numbers = " ".join(map(str, range(1, ATTEMPTS + 1)))
    return [
        "",
        "# Sent at the same time, several times over: the fault may show now and then.",
        f"for attempt in {numbers}; do",
        *(f"    {line}" for line in [': > "$folder/statuses"', *inner, *filter(None, look)]),
        "done",
    ]
