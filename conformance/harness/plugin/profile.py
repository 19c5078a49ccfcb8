"""How much a run spends."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, Verbosity, settings


@dataclass(frozen=True)
class Profile:
    """The sizes of a run."""

    name: str
    creations: int
    """Bodies that Schemathesis makes for create; each leaves an organization on a correct target."""
    examples: int
    """Requests of each other generated property."""
    lives: int
    """Sequences of calls that the life-cycle machine tries."""
    steps: int
    """Calls in one sequence."""
    limits: tuple[int, ...]
    """Page sizes of the walks; 0 stands for the whole population."""

    def settings(self, examples: int) -> settings:
        """Hypothesis settings for a property over HTTP: no deadline, no database, no explanations."""
        return settings(
            max_examples=examples,
            stateful_step_count=self.steps,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            print_blob=False,
            verbosity=Verbosity.quiet,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("quick", creations=1, examples=2, lives=1, steps=6, limits=(3,)),
        Profile("default", creations=1, examples=2, lives=2, steps=6, limits=(3, 5, 0, 100)),
        Profile("thorough", creations=40, examples=300, lives=25, steps=50, limits=(1, 2, 3, 5, 10, 0, 100)),
    )
}
