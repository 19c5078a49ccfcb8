"""Names that are cut, trimmed, normalized or read as something else; broken names that are accepted."""

from __future__ import annotations

import json
import re
import unicodedata

from tests.mutants.parts.bodies import checking, converted, dropped, loads, parsing, taken_in, when
from tests.mutants.parts.failures import fail_when
from tests.mutants.parts.readings import (
    as_boolean,
    as_integer,
    as_local_date,
    as_moment,
    as_number,
    in_one_line,
    is_nothing,
    single_spaced,
    with_entities,
    without_backslashes,
    without_tags,
)
from tests.mutants.parts.replies import replies, to_status
from tests.mutants.planting import plant

NON_BREAKING_SPACE = "\u00a0"
ZERO_WIDTH = "\u200b\u200c\u200d\ufeff"
SURROGATE = re.compile("[\ud800-\udfff]")


def name_of(content: bytes) -> str:
    """The name in a body, empty where there is none."""
    try:
        body = json.loads(content)
    except ValueError:
        return ""
    name = body.get("name") if isinstance(body, dict) else None
    return name if isinstance(name, str) else ""


def cut_to_bytes(name: str) -> str:
    """A name cut at 255 bytes of UTF-8."""
    return name.encode()[:255].decode(errors="ignore")


def within_the_basic_plane(name: str) -> str:
    """A name in which characters of four bytes are question marks."""
    return "".join(letter if ord(letter) < 0x10000 else "?" for letter in name)


def up_to_the_basic_plane(name: str) -> str:
    """A name that ends before its first character of four bytes."""
    return re.split("[\U00010000-\U0010ffff]", name)[0]


def without_accents(name: str) -> str:
    """A name without what can be taken off its letters."""
    letters = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def with_full_width_folded(name: str) -> str:
    """A name whose letters of full width have ordinary width."""
    return "".join(chr(ord(letter) - 0xFEE0) if "\uff01" <= letter <= "\uff5e" else letter for letter in name)


def printable(name: str) -> str:
    """A name without control characters."""
    return "".join(letter for letter in name if unicodedata.category(letter) != "Cc")


def with_surrogates_replaced(content: bytes) -> object:
    """JSON in which lone surrogates are question marks."""
    return loads(SURROGATE.sub("?", json.dumps(json.loads(content), ensure_ascii=False)))


# fmt: off
plant("name-by-default", "body.name-missing", "A name that is missing is made up.",
      converted(lambda body: body.setdefault("name", "Unnamed")))
plant("create-200-for-422", "body.name-missing", "create answers 200 in the place of 422.",
      replies(to_status(200), 422, "create"), operation="create")
plant("create-400-for-422", "body.name-missing", "create answers 400 in the place of 422.",
      replies(to_status(400), 422, "create"), operation="create")
plant("create-409-for-422", "body.name-missing", "create answers 409 in the place of 422.",
      replies(to_status(409), 422, "create"), operation="create")
plant("create-500-for-422", "body.name-missing", "create answers 500 in the place of 422.",
      replies(to_status(500), 422, "create"), operation="create")

plant("name-from-number", "body.name-type", "A number will do for a name.", converted(when("name", (int, float), str)))
plant("name-from-null", "body.name-type", "null will do for a name.", converted(when("name", type(None), str)))
plant("name-from-anything", "body.name-type", "Anything will do for a name.",
      converted(when("name", (list, dict, bool), json.dumps)))
plant("update-null-name-ignored", "body.name-type", "An update ignores a name of null.",
      converted(dropped("name", lambda value: value is not None), ("update",)), operation="update")

# ---- Read as something else --------------------------------------------------------------------------------

plant("name-of-digits-loses-zeros", "body.name-verbatim", "A name of digits loses its leading zeros.",
      taken_in("name", as_integer))
plant("name-number-shortened", "body.name-verbatim", "A name that is a number is stored in its shortest form.",
      taken_in("name", as_number))
plant("name-date-as-moment", "body.name-verbatim", "A name that is a date becomes the moment in which it begins.",
      taken_in("name", as_moment))
plant("name-date-as-local-date", "body.name-verbatim", "A name that is a date is written as in the United States.",
      taken_in("name", as_local_date))
plant("name-boolean-capitalized", "body.name-verbatim", "The names true and false become True and False.",
      taken_in("name", as_boolean))
plant("name-null-word-emptied", "body.name-verbatim", "The names null, None and undefined become empty.",
      taken_in("name", lambda name: "" if is_nothing(name) else name))
plant("name-tags-stripped", "body.name-verbatim", "What looks like a tag of HTML is taken out of a name.",
      taken_in("name", without_tags))
plant("name-stored-with-entities", "body.name-verbatim", "A name is stored with HTML entities.",
      taken_in("name", with_entities))
plant("name-percent-decoded", "body.name-verbatim", "%20 in a name becomes a space.",
      taken_in("name", lambda name: name.replace("%20", " ")))
plant("name-plus-is-space", "body.name-verbatim", "A plus in a name becomes a space.",
      taken_in("name", lambda name: name.replace("+", " ")))
plant("name-backslashes-stripped", "body.name-verbatim", "A name loses one level of backslashes.",
      taken_in("name", without_backslashes))
plant("name-quotes-doubled", "body.name-verbatim", "A single quote in a name is doubled.",
      taken_in("name", lambda name: name.replace("'", "''")))
plant("name-single-spaced", "body.name-verbatim", "Two spaces within a name become one.",
      taken_in("name", single_spaced))
plant("name-in-one-line", "body.name-control-characters", "Line breaks in a name become spaces.",
      taken_in("name", in_one_line))
plant("name-first-line-only", "body.name-control-characters", "A name ends at its first line break.",
      taken_in("name", lambda name: name.partition("\n")[0]))

# ---- White space ----------------------------------------------------------------------------------------------

plant("name-trimmed", "body.name-padding", "A name loses the white space at its ends.", taken_in("name", str.strip))
plant("name-trimmed-at-its-end", "body.name-padding", "A name loses the white space at its end.",
      taken_in("name", str.rstrip))
plant("name-trimmed-on-update", "body.name-padding", "An update takes the white space off the ends of a name.",
      taken_in("name", str.strip, ("update",)), operation="update")
plant("name-tabs-expanded", "body.name-control-characters", "A tab in a name becomes spaces.",
      taken_in("name", str.expandtabs))

# ---- Unicode -------------------------------------------------------------------------------------------------

plant("name-compatibility-folded", "body.name-nfc", "A name is stored in the normalization form KC: its ligatures go.",
      taken_in("name", lambda name: unicodedata.normalize("NFKC", name)))
plant("name-accents-lost", "body.name-nfc",
      "The letters of a name lose their accents.",
      taken_in("name", without_accents))
plant("name-full-width-folded", "body.name-nfc", "Letters of full width become ordinary ones.",
      taken_in("name", with_full_width_folded))
plant("name-non-breaking-space-replaced", "body.name-nfc", "A non-breaking space in a name becomes a space.",
      taken_in("name", lambda name: name.replace(NON_BREAKING_SPACE, " ")))
plant("name-joiners-lost", "body.name-nfc", "A name loses characters of no width, and emoji fall apart.",
      taken_in("name", lambda name: name.translate(dict.fromkeys(map(ord, ZERO_WIDTH)))))
plant("name-emoji-replaced", "body.name-nfc", "A character of four bytes becomes a question mark.",
      taken_in("name", within_the_basic_plane))
plant("name-ends-before-emoji", "body.name-nfc", "A name ends before its first character of four bytes.",
      taken_in("name", up_to_the_basic_plane))
plant("name-composed", "body.name-not-nfc", "A name is stored in the normalization form C.",
      taken_in("name", lambda name: unicodedata.normalize("NFC", name)))

# ---- Control characters and surrogates -------------------------------------------------------------------------

plant("name-with-nul-fails", "body.name-control-characters", "U+0000 in a name makes the server fail.",
      checking(lambda content: fail_when("\0" in name_of(content))))
plant("name-ends-at-nul", "body.name-control-characters", "A name ends at U+0000.",
      taken_in("name", lambda name: name.partition("\0")[0]))
plant("name-control-characters-lost", "body.name-control-characters", "A name loses its control characters.",
      taken_in("name", printable))
plant("name-with-surrogate-fails", "body.name-control-characters", "A lone surrogate in a name makes the server fail.",
      checking(lambda content: fail_when(SURROGATE.search(name_of(content)))))
plant("name-surrogate-replaced", "body.name-control-characters", "A lone surrogate in a name becomes a question mark.",
      parsing(with_surrogates_replaced))

# ---- Length --------------------------------------------------------------------------------------------------

plant("name-cut-at-255", "body.name-long",
      "A name is cut at 255 characters.",
      taken_in("name", lambda name: name[:255]))
plant("name-cut-at-255-bytes", "body.name-long", "A name is cut at 255 bytes.", taken_in("name", cut_to_bytes))
plant("name-cut-at-1000", "body.name-long", "A name is cut at 1000 characters.",
      taken_in("name", lambda name: name[:1000]))
plant("name-cut-at-255-on-update", "body.name-long", "An update cuts a name at 255 characters.",
      taken_in("name", lambda name: name[:255], ("update",)), operation="update")
plant("name-of-256-fails", "body.name-long", "A name of more than 255 characters makes the server fail.",
      checking(lambda content: fail_when(len(name_of(content)) > 255)))

plant("name-cut-at-100", "body.name-long", "A name is cut at 100 characters.",
      taken_in("name", lambda name: name[:100]))
plant("name-null-word-refused", "body.name-verbatim", "The names null, None and undefined count as missing.",
      converted(dropped("name", lambda name: not (isinstance(name, str) and is_nothing(name)))))
plant("name-zero-refused", "body.name-verbatim", "The name 0 counts as missing.",
      converted(dropped("name", lambda name: name != "0")))
# fmt: on
