"""Values that a create cuts, folds, converts or loses."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from emulator.changes import Body, Changes
from tests.mutants.parts.bodies import each_key, taken_in
from tests.mutants.parts.middleware import Reply
from tests.mutants.parts.objects import convert, domains, mixed_up, organizations
from tests.mutants.parts.replies import Encoded, other_name, sometimes
from tests.mutants.planting import mutant, plant

# fmt: off
plant("every-twentieth-create-has-another-name", "create.returns-what-was-sent",
      "Every twentieth create has another name.",
      sometimes("create", 20, other_name), flaky=True)
plant("name-decomposed", "create.returns-what-was-sent", "The name is stored with its accents apart.",
      taken_in("name", lambda name: unicodedata.normalize("NFD", name)), occasion="create.accepts-valid-bodies")
plant("name-ascii-only", "create.returns-what-was-sent", "What is not ASCII in a name is lost.",
      taken_in("name", lambda name: name.encode("ascii", "replace").decode()), occasion="create.accepts-valid-bodies")
plant("name-mojibake", "create.returns-what-was-sent", "The name is read as Latin-1.",
      taken_in("name", lambda name: name.encode().decode("latin-1")), occasion="create.accepts-valid-bodies")
plant("name-cut-at-50", "create.returns-what-was-sent", "A name is cut at 50 characters.",
      taken_in("name", lambda name: name[:50]), occasion="create.accepts-valid-bodies")
plant("external-id-folded", "create.returns-what-was-sent", "external_id is stored in lower case.",
      taken_in("external_id", str.lower), occasion="create.accepts-valid-bodies")
plant("external-id-cut-at-64", "create.returns-what-was-sent", "external_id is cut at 64 characters.",
      taken_in("external_id", lambda value: value[:64]), occasion="create.accepts-valid-bodies")
plant("external-id-cut-at-40", "create.returns-what-was-sent", "external_id is cut at 40 characters.",
      taken_in("external_id", lambda value: value[:40]), occasion="create.accepts-valid-bodies")
plant("metadata-keys-folded", "create.returns-what-was-sent", "Metadata keys are stored in lower case.",
      taken_in("metadata", each_key(str.lower)), occasion="create.accepts-valid-bodies")
plant("metadata-kept-to-nine", "create.returns-what-was-sent", "Only nine pairs of metadata are kept.",
      taken_in("metadata", lambda pairs: dict(list(pairs.items())[:9])), occasion="create.accepts-valid-bodies")
plant("metadata-dropped-on-create", "create.returns-what-was-sent", "A create drops metadata.",
      taken_in("metadata", lambda pairs: {}, ("create",)), occasion="create.accepts-valid-bodies")
plant("external-id-dropped-on-create", "create.returns-what-was-sent", "A create drops external_id.",
      taken_in("external_id", lambda value: None, ("create",)), occasion="create.accepts-valid-bodies")
plant("allow-profiles-dropped-on-create", "create.returns-what-was-sent", "A create drops allow_profiles.",
      taken_in("allow_profiles_outside_organization", lambda value: False, ("create",)),
      occasion="create.accepts-valid-bodies")
plant("domain-data-dropped-on-create", "create.returns-what-was-sent", "A create ignores domain_data.",
      taken_in("domain_data", lambda value: [], ("create",)), occasion="create.accepts-valid-bodies")
plant("one-domain-only", "create.returns-what-was-sent", "Only the first of domain_data is taken.",
      taken_in("domain_data", lambda value: value[:1]), occasion="create.accepts-valid-bodies")
plant("name-mixed-up", "create.returns-what-was-sent", "name is that of the organization that was shown before.",
      organizations(mixed_up("name")))
plant("external-id-mixed-up", "create.returns-what-was-sent",
      "external_id is that of the organization that was shown before.",
      organizations(mixed_up("external_id")))
plant("metadata-mixed-up", "create.returns-what-was-sent",
      "metadata is that of the organization that was shown before.",
      organizations(mixed_up("metadata")))
plant("allow-profiles-outside-organization-mixed-up", "create.returns-what-was-sent",
      "allow_profiles_outside_organization is that of the organization that was shown before.",
      organizations(mixed_up("allow_profiles_outside_organization")))
plant("domain-domain-mixed-up", "create.returns-what-was-sent",
      "domain of a domain is that of the domain that was shown before.",
      domains(mixed_up("domain")))
plant("name-in-capitals", "create.returns-what-was-sent", "The name is shown in capitals.",
      organizations(convert("name", str.upper)))
plant("name-escaped", "create.returns-what-was-sent", "The name is shown with HTML entities.",
      organizations(convert("name", lambda name: name.replace("&", "&amp;"))))
plant("external-id-lower-case", "create.returns-what-was-sent", "external_id is shown in lower case.",
      organizations(convert("external_id", lambda value: value and value.lower())))
plant("domains-reduced-to-one", "create.returns-what-was-sent", "Only the first domain is shown.",
      organizations(convert("domains", lambda value: value[:1])))
plant("domains-doubled", "create.returns-what-was-sent", "Every domain is shown twice.",
      organizations(convert("domains", lambda value: value * 2)))
plant("metadata-kept-to-ten", "create.returns-what-was-sent", "Pairs of metadata beyond ten are lost.",
      taken_in("metadata", lambda pairs: dict([*pairs.items()][:10])), occasion="create.accepts-documented-bounds")
plant("fiftieth-pair-lost", "create.returns-what-was-sent", "The fiftieth pair of metadata is lost.",
      taken_in("metadata", lambda pairs: dict([*pairs.items()][:49])), occasion="create.accepts-documented-bounds")
# fmt: on


@mutant("metadata-on-updates-only", "create.returns-what-was-sent")
class MetadataOnUpdatesOnly(Changes):
    """A create does not take metadata; an update does."""

    def first_metadata(self, body: Body) -> Mapping[str, str]:
        return {}


@mutant("json-encoded-twice", "create.returns-what-was-sent")
class JsonEncodedTwice(Encoded):
    """JSON is encoded as UTF-8 twice."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return text.encode().decode("latin-1").encode()
