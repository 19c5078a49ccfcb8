"""Keys of metadata that are renamed, split or lost."""

from __future__ import annotations

from tests.mutants.parts.bodies import each_key, pairs_where, taken_in
from tests.mutants.parts.readings import as_integer, camel_case, snake_case
from tests.mutants.planting import plant

INTERNALS = ("__proto__", "constructor", "prototype", "toString", "__class__", "hasOwnProperty")
FIELDS = ("id", "object", "name", "metadata", "created_at")

# fmt: off
plant("metadata-keys-underscored", "body.metadata-keys-verbatim", "Signs in metadata keys become underscores.",
      taken_in("metadata", each_key(lambda key: "".join(letter if letter.isalnum() else "_" for letter in key))))
plant("metadata-keys-cut-at-30", "body.metadata-keys-verbatim", "Metadata keys are cut at 30 characters.",
      taken_in("metadata", each_key(lambda key: key[:30])))
plant("metadata-keys-lose-dollar", "body.metadata-keys-verbatim", "A dollar sign at the beginning of a key is lost.",
      taken_in("metadata", each_key(lambda key: key.removeprefix("$"))))
plant("metadata-keys-with-dollar-dropped", "body.metadata-keys-verbatim",
      "Keys that begin with a dollar sign are lost.",
      taken_in("metadata", pairs_where(lambda key, value: not key.startswith("$"))))
plant("metadata-keys-dots-replaced", "body.metadata-keys-verbatim", "A dot in a key becomes an underscore.",
      taken_in("metadata", each_key(lambda key: key.replace(".", "_"))))
plant("metadata-keys-cut-at-dots", "body.metadata-keys-verbatim", "A key ends at its first dot.",
      taken_in("metadata", each_key(lambda key: key.partition(".")[0])))
plant("metadata-keys-brackets-lost", "body.metadata-keys-verbatim", "Brackets are taken out of a key.",
      taken_in("metadata", each_key(lambda key: key.replace("[", "").replace("]", ""))))
plant("metadata-key-proto-lost", "body.metadata-keys-verbatim", "The key __proto__ is lost.",
      taken_in("metadata", pairs_where(lambda key, value: key != "__proto__")))
plant("metadata-keys-of-internals-lost", "body.metadata-keys-verbatim",
      "Keys that are names of a language's internals are lost.",
      taken_in("metadata", pairs_where(lambda key, value: key not in INTERNALS)))
plant("metadata-keys-of-fields-lost", "body.metadata-keys-verbatim", "Keys that are names of fields are lost.",
      taken_in("metadata", pairs_where(lambda key, value: key not in FIELDS)))
plant("metadata-keys-trimmed", "body.metadata-keys-verbatim", "Keys lose the white space at their ends.",
      taken_in("metadata", each_key(str.strip)))
plant("metadata-keys-in-camel-case", "body.metadata-keys-verbatim", "Keys in snake_case become camelCase.",
      taken_in("metadata", each_key(camel_case)))
plant("metadata-keys-in-snake-case", "body.metadata-keys-verbatim", "Keys in camelCase become snake_case.",
      taken_in("metadata", each_key(snake_case)))
plant("metadata-keys-dashes-replaced", "body.metadata-keys-verbatim", "A dash in a key becomes an underscore.",
      taken_in("metadata", each_key(lambda key: key.replace("-", "_"))))
plant("metadata-keys-spaces-replaced", "body.metadata-keys-verbatim", "A space in a key becomes an underscore.",
      taken_in("metadata", each_key(lambda key: key.replace(" ", "_"))))
plant("metadata-keys-of-digits-lose-zeros", "body.metadata-keys-verbatim", "Keys of digits lose leading zeros.",
      taken_in("metadata", each_key(as_integer)))
plant("metadata-key-empty-lost", "body.metadata-keys-verbatim", "The empty key is lost.",
      taken_in("metadata", pairs_where(lambda key, value: key != "")))
plant("metadata-keys-one-per-spelling", "body.metadata-keys-verbatim", "Of keys that differ in case only one is kept.",
      taken_in("metadata", lambda pairs: {key: pairs[key] for key in {key.lower(): key for key in pairs}.values()}))
plant("metadata-keys-in-camel-case-on-update", "body.metadata-keys-verbatim",
      "An update turns keys in snake_case into camelCase.",
      taken_in("metadata", each_key(camel_case), ("update",)), operation="update")
# fmt: on
