"""Clocks that show another time than the one that passes."""

from __future__ import annotations

from emulator.changes import Changes
from emulator.identifiers import now
from tests.mutants.planting import mutant

MINUTE = 60_000
DAY = 24 * 60 * MINUTE


class Clock(Changes):
    """A clock that was set when the emulator started. A change is always later than the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.start = now()


@mutant("organization.clock")
class ClockStandsStill(Clock):
    """Every organization is created at the moment in which the server was started."""

    def now(self) -> int:
        return self.start


@mutant("organization.clock")
class ClockRunsTooFast(Clock):
    """The clock of the server runs ten times too fast."""

    def now(self) -> int:
        return self.start + 10 * (now() - self.start)


@mutant("organization.clock")
class SecondsTakenForMilliseconds(Clock):
    """Times lie in 1970: the seconds since then are taken for milliseconds."""

    def now(self) -> int:
        return now() // 1000


@mutant("organization.clock")
class ClockShowsMinutes(Clock):
    """Times are cut to the minute."""

    def now(self) -> int:
        return now() // MINUTE * MINUTE


@mutant("organization.clock")
class ClockShowsDays(Clock):
    """Times are cut to the day."""

    def now(self) -> int:
        return now() // DAY * DAY
