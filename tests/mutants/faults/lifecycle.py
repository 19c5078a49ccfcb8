"""Operations that disagree with one another."""

from __future__ import annotations

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import Refusal
from tests.mutants.planting import mutant


class TooSoon(Refusal):
    """An organization is still being changed."""

    status = 409


@mutant("update-right-after-update-refused", "lifecycle.model")
class UpdateRightAfterUpdateRefused(Changes):
    """An update right after an update is refused: the first one is still under way."""

    def updated(self, known: Organization, body: Body) -> Organization:
        if known.updated_at > known.created_at and self.now() - known.updated_at < 100:
            raise TooSoon("The organization is being updated.")
        return super().updated(known, body)
