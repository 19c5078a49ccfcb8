"""Faults in how an SDK goes through the pages of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from tests.mutants.sdks.call import Call, SdkError
from tests.mutants.sdks.release import Release


class LosesAPage(Release):
    """Skips the second page."""

    requirement = "sdk.iterate.all"

    def iterate(self, call: Call) -> Iterator[dict[str, Any]]:
        for number, item in enumerate(super().iterate(call)):
            if number not in (3, 4, 5):
                yield item


class StopsAtTheFirstPage(Release):
    """Never asks for a second page."""

    requirement = "sdk.iterate.all"

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        return None


class DecodesCursors(Release):
    """Reads cursors as if they were encoded."""

    requirement = "sdk.iterate.cursor"

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        cursor = super().next_cursor(page, given)
        return cursor and cursor.replace("+", " ")


class LosesFilters(Release):
    """Asks for later pages with the cursor alone."""

    requirement = "sdk.iterate.filters"

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        later = "after" in given and "after" not in call.args
        return super().query(call, {"after": given["after"]} if later else given)


class AsksOnceMore(Release):
    """Asks for another page after the last one."""

    requirement = "sdk.iterate.stops"

    def iterate(self, call: Call) -> Iterator[dict[str, Any]]:
        yield from super().iterate(call)
        listing = Call("list", call.args, call.client, call.opts, call.limits)
        self.request(listing, {**call.args, "after": "the end"})


class StopsAtAnEmptyPage(Release):
    """Takes an empty page for the end."""

    requirement = "sdk.iterate.empty-page"

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        return super().next_cursor(page, given) if page["data"] else None


class IteratesForEver(Release):
    """Follows a cursor that leads back."""

    requirement = "sdk.iterate.repeated-cursor"

    def iterate(self, call: Call) -> Iterator[dict[str, Any]]:
        listing = Call("list", call.args, call.client, call.opts, call.limits)
        given = dict(call.args)
        while True:
            found = self.page(self.json_of(self.request(listing, given)))
            yield from found["data"]
            if found["list_metadata"]["after"] is None:
                return
            given["after"] = found["list_metadata"]["after"]


class EndsAtAnError(Release):
    """Takes an error on a later page for the end."""

    requirement = "sdk.iterate.error"

    def iterate(self, call: Call) -> Iterator[dict[str, Any]]:
        items = []
        try:
            for item in super().iterate(call):
                items.append(item)
                yield item
        except SdkError:
            if not items:
                raise


class TrimsCursors(Release):
    """Takes the spaces around a cursor away."""

    requirement = "sdk.iterate.cursor"

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        cursor = super().next_cursor(page, given)
        return cursor and cursor.strip()


class TakesZeroForTheEnd(Release):
    """Takes a cursor that is the text 0 for none, as PHP does."""

    requirement = "sdk.iterate.all"

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        cursor = super().next_cursor(page, given)
        return None if cursor == "0" else cursor


class StopsBeforeTheLimit(Release):
    """Takes a later page that is not full for the last one."""

    requirement = "sdk.iterate.all"

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        is_last = 0 < len(page["data"]) < given.get("limit", 0) and "after" in given
        return None if is_last else super().next_cursor(page, given)


class LosesHeadersOfLaterPages(Release):
    """Sends the extra headers of an iteration with the first page alone."""

    requirement = "sdk.options.extra-headers"

    def request(self, call: Call, given: Mapping[str, Any] | None = None) -> httpx.Response:
        is_later = "after" in (given or {}) and "after" not in call.args
        return super().request(Call(call.op, call.args, call.client, {}, call.limits) if is_later else call, given)
