"""Which faults were measured first, and which were kept in reserve for a second blind figure.

The first set has 150 faults against a MUST, as many of each kind as its share. Which faults of a kind are in it
follows from a digest of their names, so nobody chose them. Its sentences were read once it was measured: from
then on only the reserve was blind. Parts of two later sets are reserves likewise.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping

from tests.blind.registry import CONTROL, MUST, SHOULD, Planted, everything

FIRST = 150

LATER = (
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
)
"""By what the names of a set's modules begin with."""

KEPT = {"fifth": 3, "fifteenth": 2}
"""Sets of which every so many faults are a reserve."""


def sets() -> dict[str, list[Planted]]:
    """What can be measured, by name: the sets of faults against a MUST, the others, and everything."""
    every = list(everything().values())
    planted = [each for each in every if not later_set(each)]
    musts = {each.name: each for each in planted if each.group == MUST}
    first = names_of_first(musts)
    return {
        "first": [each for name, each in musts.items() if name in first],
        "reserve": [each for name, each in musts.items() if name not in first],
        "should": [each for each in planted if each.group == SHOULD],
        "controls": [each for each in planted if each.group == CONTROL],
        **{name: [each for each in every if later_set(each) == name and not is_kept_back(each)] for name in LATER},
        **{
            f"{name}-reserve": [each for each in every if later_set(each) == name and is_kept_back(each)]
            for name in KEPT
        },
        "all": every,
    }


def later_set(planted: Planted) -> str:
    """The set that has it by the name of its module: one of `LATER`, or nothing."""
    name = planted.make.__module__.rpartition(".")[2].partition("_")[0]
    return name if name in LATER else ""


def is_kept_back(planted: Planted) -> bool:
    """Whether a fault is in the reserve of its set; controls are not."""
    share = KEPT.get(later_set(planted))
    return share is not None and planted.group != CONTROL and int(_digest(planted.name), 16) % share == 0


def names_of_first(musts: Mapping[str, Planted]) -> set[str]:
    """The names in the first set: of each kind its share, by the digest of the name."""
    names: set[str] = set()
    for kind, count in _quotas(Counter(each.kind for each in musts.values())).items():
        names.update(sorted((name for name, each in musts.items() if each.kind == kind), key=_digest)[:count])
    return names


def _quotas(counts: Counter[str]) -> dict[str, int]:
    """Shares of FIRST by kind, rounded so that they add up."""
    shares = {kind: FIRST * count / counts.total() for kind, count in counts.items()}
    quotas = {kind: int(share) for kind, share in shares.items()}
    by_rest = sorted(shares, key=lambda kind: shares[kind] - quotas[kind], reverse=True)
    for kind in by_rest[: FIRST - sum(quotas.values())]:
        quotas[kind] += 1
    return quotas


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
