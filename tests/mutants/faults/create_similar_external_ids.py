"""Creates that take external_ids for the same that only look alike."""

from __future__ import annotations

import re
from collections.abc import Callable

from emulator.paging import OLDEST
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.mutants.parts.readings import as_number
from tests.mutants.planting import plant


def unique_by(fold: Callable[[str], str]) -> type[Store]:
    """A store in which no two external_ids may be the same after they were folded."""

    class UniqueBy(Store):
        def insert(self, organization: Organization) -> None:
            self._check(organization)
            super().insert(organization)

        def update(self, organization: Organization) -> None:
            self._check(organization)
            super().update(organization)

        def _check(self, organization: Organization) -> None:
            own = organization.external_id
            others = [each for each in self.newer(OLDEST, 1000, "", None) if each.id != organization.id]
            if own and fold(own) in {fold(each.external_id) for each in others if each.external_id}:
                raise Taken("external_id")

    return UniqueBy


# fmt: off
plant("unique-ignoring-case", "create.similar-external-ids",
      "An external_id is taken when another one differs in case only.",
      unique_by(str.casefold))
plant("unique-by-beginning", "create.similar-external-ids",
      "An external_id is taken when another one has the same first 100 characters.",
      unique_by(lambda value: value[:100]))
plant("unique-but-for-the-last", "create.similar-external-ids",
      "An external_id is taken when another one differs in its last character only.",
      unique_by(lambda value: value[:-1] if len(value) > 20 else value))
plant("unique-by-number", "create.similar-external-ids", "An external_id is taken when another one is the same number.",
      unique_by(as_number))
plant("unique-ignoring-signs", "create.similar-external-ids",
      "An external_id is taken when another one differs in signs only.",
      unique_by(lambda value: re.sub("[^0-9A-Za-z]", "", value) or value))
plant("unique-ignoring-space-at-the-end", "create.similar-external-ids",
      "An external_id is taken when another one differs in spaces at the end only.",
      unique_by(str.rstrip))
# fmt: on
