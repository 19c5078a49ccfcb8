"""Responses whose body is not one JSON value in UTF-8."""

from __future__ import annotations

import gzip
import zlib

from tests.mutants.parts.middleware import Reply
from tests.mutants.parts.replies import Encoded, body, cut, empty, replies, sometimes
from tests.mutants.planting import mutant, plant

# fmt: off
plant("every-twentieth-get-is-empty", "answer.json", "Every twentieth get is empty.",
      sometimes("get", 20, empty), flaky=True)
plant("every-twentieth-list-is-cut", "answer.json", "Every twentieth list is cut.",
      sometimes("list", 20, cut), flaky=True)
plant("every-fifth-lookup-is-empty", "answer.json", "Every fifth lookup has no body.",
      sometimes("lookup", 5, empty), flaky=True)
plant("401-body-empty", "answer.json", "The body of a 401 is b''.",
      replies(body(b""), 401), occasion="authentication.missing-key")
plant("401-body-text", "answer.json", "The body of a 401 is b'no'.",
      replies(body(b"no"), 401), occasion="authentication.missing-key")
plant("404-body-empty", "answer.json", "The body of a 404 is b''.", replies(body(b""), 404), occasion="get.unknown")
plant("404-body-text", "answer.json", "The body of a 404 is b'no'.", replies(body(b"no"), 404), occasion="get.unknown")
plant("422-body-empty", "answer.json", "The body of a 422 is b''.",
      replies(body(b""), 422), occasion="list.limit-out-of-bounds")
plant("422-body-text", "answer.json", "The body of a 422 is b'no'.",
      replies(body(b"no"), 422), occasion="list.limit-out-of-bounds")
plant("400-body-empty", "answer.json", "The body of a 400 is empty.",
      replies(body(b""), 400), occasion="create.external-id-taken")
plant("create-cut", "answer.json", "The response to create is cut in the middle.",
      replies(cut, 201, "create"), operation="create")
plant("create-empty", "answer.json", "The response to create has no body.",
      replies(empty, 201, "create"), operation="create")
plant("get-cut", "answer.json", "The response to get is cut in the middle.", replies(cut, 200, "get"), operation="get")
plant("get-empty", "answer.json", "The response to get has no body.", replies(empty, 200, "get"), operation="get")
plant("lookup-cut", "answer.json", "The response to lookup is cut in the middle.",
      replies(cut, 200, "lookup"), operation="lookup")
plant("lookup-empty", "answer.json", "The response to lookup has no body.",
      replies(empty, 200, "lookup"), operation="lookup")
plant("list-cut", "answer.json", "The response to list is cut in the middle.",
      replies(cut, 200, "list"), operation="list")
plant("list-empty", "answer.json", "The response to list has no body.", replies(empty, 200, "list"), operation="list")
plant("update-cut", "answer.json", "The response to update is cut in the middle.",
      replies(cut, 200, "update"), operation="update")
plant("update-empty", "answer.json", "The response to update has no body.",
      replies(empty, 200, "update"), operation="update")
# fmt: on


@mutant("json-in-latin-1", "answer.json")
class JsonInLatin1(Encoded):
    """JSON is sent as Latin-1."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return text.encode("latin-1", "replace")


@mutant("json-in-utf-16", "answer.json")
class JsonInUtf16(Encoded):
    """JSON is sent as UTF-16 and says so."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        reply.headers["content-type"] = "application/json; charset=utf-16"
        return text.encode("utf-16")


@mutant("json-doubled", "answer.json")
class JsonDoubled(Encoded):
    """Two JSON values come one after the other."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return (text + "\n" + text).encode()


@mutant("json-with-trailing-comma", "answer.json")
class JsonWithTrailingComma(Encoded):
    """JSON ends with a comma too many."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return (text[:-1] + ",}").encode()


@mutant("json-in-single-quotes", "answer.json")
class JsonInSingleQuotes(Encoded):
    """JSON has single quotes."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return text.replace('"', "'").encode()


@mutant("json-in-a-call", "answer.json")
class JsonInACall(Encoded):
    """JSON is wrapped in a call."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return f"callback({text})".encode()


@mutant("json-with-nan", "answer.json")
class JsonWithNan(Encoded):
    """JSON has a number that is none."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return ('{"score": NaN, ' + text[1:]).encode()


@mutant("json-with-raw-control-characters", "answer.json")
class JsonWithRawControlCharacters(Encoded):
    """JSON has a line break within a string."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return ('{"note": "a\nb", ' + text[1:]).encode()


@mutant("gzip-cut", "answer.json")
class GzipCut(Encoded):
    """Compressed responses end too early."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        reply.headers["content-encoding"] = "gzip"
        return gzip.compress(text.encode())[:-20]


@mutant("compressed-in-secret", "answer.json")
class CompressedInSecret(Encoded):
    """Responses are compressed and do not say so."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return zlib.compress(text.encode())
