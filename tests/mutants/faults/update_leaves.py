"""Updates that change other organizations too."""

from __future__ import annotations

from tests.mutants.parts.stores import (
    ALIKE_OUTSIDE,
    ALL,
    NAMESAKES,
    SHARING_A_DOMAIN,
    THE_NEXT,
    THE_OLDEST,
    THE_ONE_BEFORE,
    leaking,
)
from tests.mutants.planting import plant

# fmt: off
plant("update-leaks-name-to-all", "update.leaves-others-alone", "An update writes name of all too.",
      leaking("name", ALL))
plant("update-leaks-metadata-to-all", "update.leaves-others-alone", "An update writes metadata of all too.",
      leaking("metadata", ALL))
plant("update-leaks-allow-profiles-to-all", "update.leaves-others-alone", "An update writes allow_profiles of all too.",
      leaking("allow_profiles", ALL))
plant("update-leaks-updated-at-to-all", "update.leaves-others-alone", "An update writes updated_at of all too.",
      leaking("updated_at", ALL))

plant("update-leaks-name-to-the-oldest", "update.leaves-others-alone", "An update writes name of the oldest too.",
      leaking("name", THE_OLDEST))
plant("update-leaks-name-to-the-one-before", "update.leaves-others-alone",
      "An update writes name of the one before too.",
      leaking("name", THE_ONE_BEFORE))
plant("update-leaks-metadata-to-the-oldest", "update.leaves-others-alone",
      "An update writes metadata of the oldest too.",
      leaking("metadata", THE_OLDEST))
plant("update-leaks-metadata-to-the-one-before", "update.leaves-others-alone",
      "An update writes metadata of the one before too.",
      leaking("metadata", THE_ONE_BEFORE))
plant("update-leaks-allow-profiles-to-the-oldest", "update.leaves-others-alone",
      "An update writes allow_profiles of the oldest too.",
      leaking("allow_profiles", THE_OLDEST))
plant("update-leaks-allow-profiles-to-the-one-before", "update.leaves-others-alone",
      "An update writes allow_profiles of the one before too.",
      leaking("allow_profiles", THE_ONE_BEFORE))
plant("update-leaks-updated-at-to-the-oldest", "update.leaves-others-alone",
      "An update writes updated_at of the oldest too.",
      leaking("updated_at", THE_OLDEST))
plant("update-leaks-updated-at-to-the-one-before", "update.leaves-others-alone",
      "An update writes updated_at of the one before too.",
      leaking("updated_at", THE_ONE_BEFORE))
plant("update-leaks-name-to-the-next", "update.leaves-others-alone", "An update writes name of the next too.",
      leaking("name", THE_NEXT))
plant("update-leaks-metadata-to-the-next", "update.leaves-others-alone", "An update writes metadata of the next too.",
      leaking("metadata", THE_NEXT))
plant("update-leaks-allow-profiles-to-the-next", "update.leaves-others-alone",
      "An update writes allow_profiles of the next too.",
      leaking("allow_profiles", THE_NEXT))
plant("update-leaks-updated-at-to-the-next", "update.leaves-others-alone",
      "An update writes updated_at of the next too.",
      leaking("updated_at", THE_NEXT))

plant("update-leaks-metadata-to-namesakes", "update.leaves-others-alone",
      "An update writes metadata of all of the same name too.",
      leaking("metadata", NAMESAKES))
plant("update-leaks-updated-at-to-namesakes", "update.leaves-others-alone",
      "An update writes updated_at of all of the same name too.",
      leaking("updated_at", NAMESAKES))
plant("update-leaks-metadata-to-who-shares-a-domain", "update.leaves-others-alone",
      "An update writes metadata of all that share a domain too.",
      leaking("metadata", SHARING_A_DOMAIN))
plant("update-leaks-metadata-to-alike-outside", "update.leaves-others-alone",
      "An update writes metadata of all whose external_id begins alike too.",
      leaking("metadata", ALIKE_OUTSIDE))
# fmt: on
