"""Values that are changed, cut or dropped on their way through."""

from __future__ import annotations

import json
import re

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.refusals import Taken
from tests.blind.parts.apps import app, keys, reading, showing, values
from tests.blind.parts.interception import on_request, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, crash, pairs, unprocessable
from tests.blind.parts.sixteenth import everybody, named
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _padded(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.create(external_id=f"{external_id} ").status_code == 400


@fault("uniqueness", "create.similar-external-ids", _padded, "MySQL: PAD SPACE collations")
def sixteenth_spaces_at_end_do_not_count() -> ASGIApp:
    """A create with an external_id that differs from a taken one in spaces at its end alone answers 400."""

    class Padding(Api):
        def create(self, call: Call) -> Response:
            given = (self.rules.create(call.content).get("external_id") or "").rstrip(" ")
            if given and any((each.external_id or "").rstrip(" ") == given for each in everybody(self.store)):
                raise Taken("external_id")
            return super().create(call)

    return app(api=Padding)


@fault(
    "domains",
    "create.null-lists",
    lambda w: w.create(domain_data=None).status_code == 422,
    "pydantic: list[DomainData] = []",
    level=SHOULD,
)
def sixteenth_null_domain_data_refused() -> ASGIApp:
    """A create with a domain_data of null answers 422."""
    return strict(lambda body: unprocessable("domain_data") if body.get("domain_data", "") is None else None, "create")


@fault("names", "body.name-verbatim", lambda w: w.create(name="0").status_code == 422, "PHP: empty($body['name'])")
def sixteenth_name_of_zero_is_missing() -> ASGIApp:
    """A name of "0" answers 422 like a missing one."""
    return strict(lambda body: unprocessable("name", "is required") if body.get("name") == "0" else None)


@fault("names", "body.name-verbatim", lambda w: w.made(name="a <b> c")["name"] == "a  c", "PHP: strip_tags")
def sixteenth_tags_are_stripped() -> ASGIApp:
    """Whatever stands between < and > is taken out of a name."""
    return reading(name=lambda name: re.sub("<[^>]*>", "", name))


@fault("names", "body.name-nfc", lambda w: w.made(name="Rocket 🚀")["name"] == "Rocket ?", "MySQL: CHARACTER SET utf8")
def sixteenth_three_bytes_at_most() -> ASGIApp:
    """Each character beyond U+FFFF in a name is stored as a question mark."""
    return reading(name=lambda name: re.sub("[\U00010000-\U0010ffff]", "?", name))


@fault(
    "names",
    "body.name-control-characters",
    lambda w: w.create(name="a\0b").status_code == 500,
    "PostgreSQL: invalid byte sequence for encoding UTF8: 0x00",
)
def sixteenth_nul_in_a_name_fails() -> ASGIApp:
    """A create or an update whose name has U+0000 answers 500."""
    return strict(lambda body: crash() if "\0" in str(body.get("name", "")) else None)


@fault(
    "names",
    "body.name-long",
    lambda w: len(w.made(name="n" * 300)["name"]) == 255,
    "MySQL: VARCHAR(255) without strict mode",
)
def sixteenth_names_cut_at_255() -> ASGIApp:
    """A name is cut off at 255 characters."""
    return reading(name=lambda name: name[:255])


def _zeros_lost(w: Wire) -> object:
    number = f"00{int(token()[5:], 16)}"
    return w.made(external_id=number)["external_id"] == number.lstrip("0")


@fault("external_id", "body.external-id-verbatim", _zeros_lost, "SQLite: a column of type STRING has numeric affinity")
def sixteenth_leading_zeros_lost() -> ASGIApp:
    """An external_id of digits alone is stored without its leading zeros."""
    return reading(external_id=lambda v: v.lstrip("0") or "0" if v.isdigit() else v)


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.made(metadata={"planName": "x"})["metadata"] == {"plan_name": "x"},
    "npm snakecase-keys with deep: true on every answer",
)
def sixteenth_metadata_keys_in_snake_case() -> ASGIApp:
    """Answers show each capital letter of a metadata key as an underscore and a small letter."""
    return showing(lambda shown, _: {**shown, "metadata": {_snake(key): v for key, v in shown["metadata"].items()}})


def _snake(key: str) -> str:
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", key)


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.made(metadata={"__proto__": "x", "a": "b"})["metadata"] == {"a": "b"},
    "JavaScript: merged[key] = value",
)
def sixteenth_proto_is_lost() -> ASGIApp:
    """The metadata key __proto__ is dropped."""
    return reading(metadata=keys(lambda key: None if key == "__proto__" else key))


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.made(metadata={"a.b": "x"})["metadata"] == {"a": {"b": "x"}},
    "lodash: _.set(metadata, key, value)",
)
def sixteenth_dots_open_objects() -> ASGIApp:
    """A metadata key with a dot in it is shown as an object within an object."""
    return showing(lambda shown, _: {**shown, "metadata": _nested(shown["metadata"])})


def _nested(metadata: Object) -> Object:
    found: Object = {}
    for key, value in metadata.items():
        head, dot, rest = key.partition(".")
        found[head if dot else key] = {rest: value} if dot else value
    return found


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"a": "", "b": "c"})["metadata"] == {"b": "c"},
    "Rails: metadata.compact_blank",
)
def sixteenth_empty_values_dropped() -> ASGIApp:
    """A metadata pair with an empty value is dropped."""
    return reading(metadata=values(lambda v: v or None))


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"a": " b "})["metadata"] == {"a": "b"},
    "Laravel: the TrimStrings middleware",
)
def sixteenth_values_trimmed() -> ASGIApp:
    """White space around a metadata value is cut off."""
    return reading(metadata=values(lambda v: v.strip()))


def _full(count: int) -> Object:
    return {f"{at:040}": "v" * 600 for at in range(count)}


@fault(
    "metadata",
    "body.ten-full-pairs",
    lambda w: w.create(metadata=_full(10)).status_code == 400,
    "the metadata are one column of 4,096 bytes",
)
def sixteenth_metadata_of_4096_bytes() -> ASGIApp:
    """Metadata whose JSON has more than 4,096 bytes answer 400."""

    def judged(body: Object) -> Reply | None:
        too_large = len(json.dumps(pairs(body)).encode()) > 4096
        return bad_request("invalid_metadata") if too_large else None

    return strict(judged)


def _halves(w: Wire) -> object:
    made = w.post(r'{"name": "Rocket \ud83d\ude80"}').json()
    return made["name"] == "Rocket \ufffd\ufffd"


HALVES = re.compile(rb"(\\[^u])|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


@fault("encoding", "body.json-escapes", _halves, "a JSON parser that turns each \\uXXXX into UTF-8 by itself")
def sixteenth_escaped_pairs_fall_apart() -> ASGIApp:
    """A character beyond U+FFFF that is written with JSON's escapes becomes two replacement characters."""

    def read(request: Request) -> Request:
        body = HALVES.sub(lambda found: found[1] or rb"\ufffd\ufffd", request.body)
        return request.replaced(body=body)

    return on_request(read)


@fault(
    "domains",
    "body.domain-names-verbatim",
    lambda w: w.create(domain_data=pending(f"{token()}.technology")).status_code == 422,
    r"a pattern that ends in \.[a-z]{2,6}$",
)
def sixteenth_top_level_domains_are_short() -> ASGIApp:
    """A domain whose last label has more than six characters answers 422."""

    def judged(body: Object) -> Reply | None:
        long = [name for name in named(body) if len(name.rpartition(".")[2]) > 6]
        return unprocessable("domain_data", "is no domain") if long else None

    return strict(judged)


@fault(
    "domains",
    "body.ten-domains",
    lambda w: len(w.made(domain_data=verified(*[domain() for _ in range(10)]))["domains"]) < 10,
    "MySQL: group_concat_max_len",
)
def sixteenth_domains_of_1024_bytes() -> ASGIApp:
    """Of an organization's domains only the first are shown, whose JSON has at most 1,024 bytes together."""

    def cut(shown: Object) -> Object:
        left, kept = 1024, []
        for each in shown["domains"]:
            left -= len(json.dumps(each, separators=(",", ":"))) + 1
            if left >= 0:
                kept.append(each)
        return {**shown, "domains": kept}

    return showing(lambda shown, _: cut(shown))


@fault(
    "encoding",
    "body.not-utf-8",
    lambda w: w.post(b'{"name": "Caf\xe9"}').status_code == 201,
    "bytes.decode('utf-8', 'replace')",
    level=SHOULD,
)
def sixteenth_other_bytes_are_replaced() -> ASGIApp:
    """Bytes that are no UTF-8 are replaced by U+FFFD."""
    return on_request(lambda request: request.replaced(body=request.body.decode("utf-8", "replace").encode()))


@fault(
    "metadata",
    "create.accepts-documented-bounds",
    lambda w: w.create(metadata={"a": "é" * 400}).status_code == 400,
    "Go: len(value) > 600",
    level=SHOULD,
)
def sixteenth_values_measured_in_bytes() -> ASGIApp:
    """A metadata value of more than 600 bytes answers 400, however few characters it has."""

    def judged(body: Object) -> Reply | None:
        long = [v for v in pairs(body).values() if isinstance(v, str) and len(v.encode("utf-8", "replace")) > 600]
        return bad_request("invalid_metadata") if long else None

    return strict(judged)
