"""Exchanges as Allure's steps, each with the exchange itself and a curl line attached."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from allure_commons.model2 import Attachment, Status, TestStepResult

from reports.allure.wording import answer_in_words, in_words
from reports.verdict.verdict import ExchangeRecord

HTTP = "application/vnd.allure.http+json"
"""Allure 3 shows this type as request and response."""

Write = Callable[[str, str], None]
"""Writes the text of an attachment under a file name."""


def step(exchange: ExchangeRecord, write: Write | None = None, failed: bool = False) -> TestStepResult:
    """One exchange as a step, marked as the one that shows the finding when `failed`.

    Without `write` it is a line alone: the page would be many times as long with every request of every test.
    """
    attachments = []
    if write is not None:
        attachments = [
            _attached("request and response", "json", HTTP, json.dumps(_http(exchange), ensure_ascii=False), write),
        ]
        if exchange.curl:
            attachments.append(_attached("curl", "txt", "text/plain", exchange.curl + "\n", write))
    return TestStepResult(
        name=f"{in_words(exchange)} → {answer_in_words(exchange)}",
        status=Status.FAILED if failed else Status.PASSED,
        attachments=attachments,
        start=0,
        stop=round(1000 * exchange.seconds),
    )


def group(name: str, steps: list[TestStepResult]) -> TestStepResult:
    """Steps that belong together."""
    return TestStepResult(
        name=name, status=Status.PASSED, steps=steps, start=0, stop=sum(inner.stop - inner.start for inner in steps)
    )


def lay_end_to_end(steps: Iterable[TestStepResult], start: int) -> None:
    """Gives each step its place in time, in milliseconds; how long each took is known, when it began is not."""
    for one in steps:
        lay_end_to_end(one.steps, start)
        one.start, one.stop = start, start + one.stop - one.start
        start = one.stop


def _attached(name: str, extension: str, media_type: str, text: str, write: Write) -> Attachment:
    source = f"{uuid.uuid4()}-attachment.{extension}"
    write(source, text)
    return Attachment(name=name, source=source, type=media_type)


def _http(exchange: ExchangeRecord) -> dict[str, Any]:
    request = {
        "method": exchange.method,
        "url": exchange.url,
        "headers": _headers(exchange.request_headers),
        **_body(exchange.request_headers, exchange.request_body),
    }
    if exchange.status is None:
        return {"request": request, "error": {"name": "no answer", "message": exchange.fault}}
    response = {
        "status": exchange.status,
        "headers": _headers(exchange.response_headers),
        **_body(exchange.response_headers, exchange.response_body),
    }
    return {"request": request, "response": response}


def _headers(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _body(headers: Mapping[str, str], text: str) -> dict[str, Any]:
    return {"body": {"contentType": headers.get("content-type", "text/plain"), "value": text}} if text else {}
