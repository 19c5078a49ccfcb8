"""What is planted: a release with one fault or one legal peculiarity, and the calls that show it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from tests.mutants.sdks.call import Call
from tests.mutants.sdks.release import Release

HERE = "{here}"
"""Stands for the address of the scripted server in calls and replies."""
ELSEWHERE = "{elsewhere}"
"""Stands for another port of it."""
NOBODY = "{nobody}"
"""Stands for an address at which nobody listens."""

ID = "org_01EHZNVPK3SFK441A1RGBFSHRT"
TIME = "2026-01-15T12:00:00.123Z"
ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "create": {"name": "Foo Corp"},
    "get": {"id": ID},
    "lookup": {"external_id": "ext_12345"},
    "list": {},
    "iterate": {},
    "update": {"id": ID},
    "delete": {"id": ID},
}
"""Of each operation, what no call can do without."""

Difficulty = Literal["plain", "medium", "narrow"]
Fate = Literal["whole", "lost", "late", "cut off"]


@dataclass(frozen=True)
class Reply:
    """What the scripted server answers to one request."""

    status: int = 200
    body: Any = ""
    """Text and bytes as they are, anything else as JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)
    fate: Fate = "whole"
    """Lost: the connection is closed instead. Late: when the first call has ended. Cut off: closed before its end."""


@dataclass(frozen=True)
class Proof:
    """Calls, what a server answers, and the text by which a release differs from the faithful one."""

    calls: tuple[Call, ...]
    script: tuple[Reply, ...] = (Reply(),)
    """One reply for each request; the last one answers all later requests."""
    shows: str = ""
    """A text that only the log of this release holds."""
    lacks: str = ""
    """A text that only the log of the faithful release holds."""
    during_pause: tuple[Call, ...] = ()
    """Calls that are made while the first call pauses before its second request."""
    requests: int = 0
    """How many requests to wait for when the calls have ended, where one comes late."""


class Planted(Release):
    """A release that is not the faithful one."""

    proof: ClassVar[Proof]


class Fault(Planted):
    """A release that breaks a requirement."""

    difficulty: ClassVar[Difficulty]
    """Plain: shows at nearly every call. Medium: at one operation or kind of value. Narrow: in rare circumstances."""


class Peculiarity(Planted):
    """A release that is unusual and breaks nothing."""


def calling(op: str, /, *, client: Mapping[str, Any] | None = None, **given: Any) -> Call:
    """A call with arguments; `opts` among them are the options of the call."""
    opts = given.pop("opts", {})
    of_client = {"base_url": HERE, "api_key": "sk_first", "max_retries": 2, "timeout_ms": 5000}
    return Call(
        op, {**ARGUMENTS[op], **given}, {**of_client, **(client or {})}, opts, {"items": 30, "ms": 5000}, "key-1"
    )


def organization(**fields: Any) -> dict[str, Any]:
    """An organization as the API serves it."""
    names: dict[str, Any] = {"object": "organization", "id": ID, "name": "Foo Corp", "external_id": None}
    return {**names, "domains": [], "metadata": {}, "created_at": TIME, "updated_at": TIME, **fields}


def domain(**fields: Any) -> dict[str, Any]:
    """A domain as the API serves it."""
    least = {"object": "organization_domain", "id": "org_domain_1", "organization_id": ID, "domain": "foo-corp.com"}
    return {**least, "created_at": TIME, "updated_at": TIME, **fields}


def page(*items: Any, before: str | None = None, after: str | None = None) -> Reply:
    """A page of organizations."""
    return Reply(body={"object": "list", "data": list(items), "list_metadata": {"before": before, "after": after}})


def named(*names: str, after: str | None = None) -> Reply:
    """A page of organizations with these names and ids."""
    return page(*(organization(id=name, name=name) for name in names), after=after)


def one(*, fate: Fate = "whole", **fields: Any) -> Reply:
    """One organization."""
    return Reply(body=organization(**fields), fate=fate)


def refusal(status: int, headers: Mapping[str, str] | None = None, **fields: Any) -> Reply:
    """An error of the API."""
    return Reply(status, {"message": "no", **fields}, headers or {})


def redirect(status: int, location: str) -> Reply:
    """A redirect."""
    return Reply(status, headers={"Location": location})


def placed(value: Any, addresses: Mapping[str, str]) -> Any:
    """A value with the addresses that its placeholders stand for."""
    text = json.dumps(value)
    for placeholder, address in addresses.items():
        text = text.replace(placeholder, address)
    return json.loads(text)
