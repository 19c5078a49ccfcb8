"""Updates that change other organizations too."""

from __future__ import annotations

from tests.mutants.parts.stores import ALIKE_OUTSIDE, ALL, NAMESAKES, SHARING_A_DOMAIN, leaking
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
