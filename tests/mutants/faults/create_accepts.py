"""Creates that refuse what the contract allows."""

from __future__ import annotations

from emulator.records import Organization
from emulator.refusals import InvalidMetadata, Taken
from emulator.store import Store
from emulator.validation import Rules
from tests.mutants.parts.bodies import Json, keyword, relaxed, states
from tests.mutants.planting import mutant, plant

# fmt: off
plant("external-id-63", "create.accepts-valid-bodies", "external_id may have 63 characters only.",
      relaxed(keyword("external_id", "maxLength", 63)))
plant("external-id-word-characters", "create.accepts-valid-bodies", "external_id may hold word characters only.",
      relaxed(keyword("external_id", "pattern", "^[\\w-]+$")))
plant("external-id-no-space", "create.accepts-valid-bodies", "external_id may hold no space.",
      relaxed(keyword("external_id", "pattern", "^[\\x21-\\x7E]+$")))
plant("external-id-two-at-least", "create.accepts-valid-bodies", "external_id must have two characters.",
      relaxed(keyword("external_id", "minLength", 2)))
plant("metadata-nine-at-most", "create.accepts-valid-bodies", "Only nine pairs are accepted.",
      relaxed(keyword("metadata", "maxProperties", 9)))
plant("metadata-key-39", "create.accepts-valid-bodies", "A key may have 39 characters only.",
      relaxed(keyword("metadata", "propertyNames", {"maxLength": 39})))
plant("metadata-key-word-characters", "create.accepts-valid-bodies", "A key may hold word characters only.",
      relaxed(keyword("metadata", "propertyNames", {"maxLength": 40, "pattern": "^\\w*$"})))
plant("metadata-value-599", "create.accepts-valid-bodies", "A value may have 599 characters only.",
      relaxed(keyword("metadata", "additionalProperties", {"type": "string", "maxLength": 599})))
plant("metadata-value-not-empty", "create.accepts-valid-bodies", "A value may not be empty.",
      relaxed(keyword("metadata", "additionalProperties", {"type": "string", "maxLength": 600, "minLength": 1})))
plant("metadata-may-not-be-null", "create.accepts-valid-bodies", "Metadata may not be null.",
      relaxed(keyword("metadata", "type", "object")))
plant("state-verified-refused", "create.accepts-valid-bodies",
      "The state verified is refused.",
      relaxed(states("pending")))
plant("domain-data-may-be-one", "create.accepts-valid-bodies", "domain_data may hold one domain only.",
      relaxed(keyword("domain_data", "maxItems", 1)))
plant("domain-data-not-empty", "create.accepts-valid-bodies", "domain_data may not be empty.",
      relaxed(keyword("domain_data", "minItems", 1)))
plant("name-100-at-most", "create.accepts-valid-bodies", "A name may have 100 characters only.",
      relaxed(keyword("name", "maxLength", 100)))
plant("name-twenty-at-least", "create.accepts-valid-bodies", "A name must have twenty characters.",
      relaxed(keyword("name", "minLength", 20)))
plant("both-kinds-of-domains-refused", "create.accepts-valid-bodies", "domains and domain_data together are refused.",
      relaxed(lambda schema: schema.update({"not": {"required": ["domains", "domain_data"]}})))

plant("metadata-10-strict", "create.accepts-documented-bounds", "Only ten pairs are accepted.",
      relaxed(keyword("metadata", "maxProperties", 10)))

plant("metadata-twenty-at-most", "create.accepts-documented-bounds", "Only twenty pairs are accepted.",
      relaxed(keyword("metadata", "maxProperties", 20)))
plant("metadata-forty-nine-at-most", "create.accepts-documented-bounds", "Only 49 pairs are accepted.",
      relaxed(keyword("metadata", "maxProperties", 49)))

plant("dot-segments-refused", "create.accepts-dot-segments", "The external_ids . and .. are refused.",
      relaxed(keyword("external_id", "pattern", r"^(?!\.{1,2}$)[\x00-\x7F]+$")))
plant("external-id-no-slash", "create.accepts-valid-bodies", "external_id may hold no slash.",
      relaxed(keyword("external_id", "pattern", "^[^/]+$")))
plant("name-ascii-only-accepted", "create.accepts-valid-bodies", "A name must be ASCII.",
      relaxed(keyword("name", "pattern", "^[\\x00-\\x7F]*$")))
# fmt: on


@mutant("unicode-metadata-refused", "create.accepts-valid-bodies")
class UnicodeMetadataRefused(Rules):
    """Metadata with a space or a sign in a key are refused."""

    def create(self, content: bytes) -> Json:
        body = super().create(content)
        if any(not key.isalnum() for key in body.get("metadata") or ()):
            raise InvalidMetadata("metadata: a key must be of letters and digits.")
        return body


@mutant("second-missing-external-id-refused", "create.accepts-valid-bodies")
class SecondMissingExternalIdRefused(Store):
    """null counts as a value: only one organization may be without external_id."""

    def insert(self, organization: Organization) -> None:
        if organization.external_id is None and self._one("SELECT * FROM organization WHERE external_id IS ?", None):  # type: ignore[arg-type]
            raise Taken("external_id")
        super().insert(organization)
