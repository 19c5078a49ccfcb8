"""Reads that fail, or find what was not asked for."""

from __future__ import annotations

import re

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.identifiers import now
from emulator.records import Organization
from emulator.store import Store
from tests.mutants.parts.failures import fail_when
from tests.mutants.parts.replies import always_fails, replies, to_status
from tests.mutants.planting import mutant, plant

# fmt: off
plant("get-fails", "get.answers", "get answers 500, always.", always_fails("get"))
plant("get-answers-404", "get.answers", "get answers 404, always.", replies(to_status(404), 200, "get"))

plant("get-200-for-404", "get.unknown", "get answers 200 in the place of 404.",
      replies(to_status(200), 404, "get"), operation="get")
plant("get-400-for-404", "get.unknown", "get answers 400 in the place of 404.",
      replies(to_status(400), 404, "get"), operation="get")
plant("get-403-for-404", "get.unknown", "get answers 403 in the place of 404.",
      replies(to_status(403), 404, "get"), operation="get")
plant("get-410-for-404", "get.unknown", "get answers 410 in the place of 404.",
      replies(to_status(410), 404, "get"), operation="get")
plant("get-422-for-404", "get.unknown", "get answers 422 in the place of 404.",
      replies(to_status(422), 404, "get"), operation="get")
plant("get-500-for-404", "get.unknown", "get answers 500 in the place of 404.",
      replies(to_status(500), 404, "get"), operation="get")
# fmt: on


@mutant("get-lags", "get.answers")
class GetLags(Store):
    """An organization cannot be read in its first 300 milliseconds."""

    def by_id(self, id: str) -> Organization | None:
        found = super().by_id(id)
        return found if found and now() - found.created_at > 300 else None


@mutant("get-of-unknown-shows-the-newest", "get.unknown")
class GetOfUnknownShowsTheNewest(Api):
    """An id that nobody has shows the newest organization."""

    def get(self, call: Call) -> Response:
        found = self.store.by_id(call.path["id"]) or next(iter(self.store.older((2**62, ""), 1, "", None)), None)
        return self.responses.found(found or self.known(call.path["id"]))


@mutant("id-by-beginning", "get.exact-id")
class IdByBeginning(Store):
    """An organization is found by how its id begins."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id) or self._one(
            "SELECT * FROM organization WHERE length(?1) > 20 AND id LIKE ?1 || '%'", id
        )


@mutant("id-without-prefix", "get.exact-id")
class IdWithoutPrefix(Store):
    """An organization is found by its id without the prefix."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id) or super().by_id(f"org_{id}")


@mutant("id-is-external-id", "get.exact-id")
class IdIsExternalId(Api):
    """An organization is found by its external_id in the place of its id."""

    def known(self, id: str) -> Organization:
        return self.store.by_external_id(id) or super().known(id)


@mutant("id-is-cut", "get.exact-id")
class IdIsCut(Store):
    """An id is read as far as it can be one."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id[:30])


@mutant("id-ignores-case", "get.id-in-another-case")
class IdIgnoresCase(Store):
    """The case of an id does not matter."""

    def by_id(self, id: str) -> Organization | None:
        return self._one("SELECT * FROM organization WHERE id = ? COLLATE NOCASE", id)


@mutant("id-of-a-domain", "get.exact-id")
class IdOfADomain(Store):
    """An organization is found by the id of one of its domains."""

    def by_id(self, id: str) -> Organization | None:
        select = (
            "SELECT organization.* FROM organization JOIN organization_domain d ON organization_id = organization.id"
        )
        return super().by_id(id) or self._one(f"{select} WHERE d.id = ?", id)


@mutant("id-read-as-crockford", "get.exact-id")
class IdReadAsCrockford(Store):
    """An id is read as Crockford's base 32 allows: O for 0, I and L for 1."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id) or super().by_id(f"org_{id[4:].translate(str.maketrans('OIL', '011'))}")


@mutant("id-trimmed", "get.exact-id")
class IdTrimmed(Store):
    """An id is read without white space at its ends."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id.strip())


@mutant("id-with-format", "get.exact-id")
class IdWithFormat(Store):
    """An id is read without .json at its end."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id.removesuffix(".json"))


@mutant("id-ends-at-slash", "get.exact-id")
class IdEndsAtSlash(Store):
    """An id is read as far as its first slash."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id.partition("/")[0])


@mutant("id-with-nul-fails", "get.unknown")
class IdWithNulFails(Api):
    """U+0000 in the place of an id makes the server fail."""

    def get(self, call: Call) -> Response:
        fail_when("\0" in call.path["id"])
        return super().get(call)


@mutant("long-id-fails", "get.unknown")
class LongIdFails(Api):
    """An id of more than 200 characters makes the server fail."""

    def get(self, call: Call) -> Response:
        fail_when(len(call.path["id"]) > 200)
        return super().get(call)


@mutant("id-of-another-form-fails", "get.unknown")
class IdOfAnotherFormFails(Api):
    """An id that is no prefix and a ULID makes the server fail."""

    def get(self, call: Call) -> Response:
        fail_when(not re.fullmatch("org_[0-9A-Za-z]{26}", call.path["id"]))
        return super().get(call)


@mutant("id-of-broken-utf-8-fails", "get.unknown")
class IdOfBrokenUtf8Fails(Api):
    """Bytes that are no UTF-8 in the place of an id make the server fail."""

    def get(self, call: Call) -> Response:
        fail_when("\ufffd" in call.path["id"])
        return super().get(call)
