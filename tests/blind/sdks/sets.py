"""Which planted releases measure the gate first, and which are kept back until it has changed."""

from __future__ import annotations

from tests.blind.sdks import FAULTS, PECULIARITIES, RELEASES

ENTERED = ("first", "third")
"""The sets of which `reported` says what it has to say."""


def sets() -> dict[str, list[str]]:
    """The names in each set.

    The first set holds every plain fault, each third of the others and two of three peculiarities: chosen by their
    place in the modules alone, so that it says of the reserve what it says of itself. The second and the third are a
    third each of what was kept back then.
    """
    plain = [name for name, fault in FAULTS.items() if fault.difficulty == "plain"]
    others = [name for name in FAULTS if name not in plain]
    reserved = [*PECULIARITIES][2::3]
    first = {*plain, *others[::3], *PECULIARITIES} - {*reserved}
    kept = [name for name in RELEASES if name not in first]
    return {
        "first": [name for name in RELEASES if name in first],
        "second": kept[::3],
        "third": kept[1::3],
        "reserve": kept[2::3],
        "all": [*RELEASES],
    }


def entered() -> list[str]:
    """The names in these sets."""
    return [name for each in ENTERED for name in sets()[each]]
