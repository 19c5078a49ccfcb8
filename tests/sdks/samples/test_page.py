"""Each sample is the page's, but for white space."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sdks.samples import PAGE_KEY, adapted, samples
from sdks.table import SDKS
from tests.sdks.samples import page

DIGESTS: dict[str, str] = json.loads((Path(__file__).parent / "digests.json").read_text(encoding="utf-8"))


def test_every_sdk_has_the_five_samples_of_the_page() -> None:
    kept = [sample for sdk in SDKS.values() for sample in samples(sdk)]
    assert {f"{sample.sdk.name}/{sample.operation}": page.digest(sample.text) for sample in kept} == DIGESTS
    assert len(DIGESTS) == len(SDKS) * len(page.OPERATIONS)


def test_the_digests_are_those_of_the_page() -> None:
    if not page.PAGE.exists():
        pytest.skip("the documentation page does not lie beside the repository")
    assert page.digests(page.PAGE.read_text(encoding="utf-8")) == DIGESTS


@pytest.mark.parametrize("name", SDKS)
def test_the_arguments_of_a_sample_are_the_literals_that_stand_in_it(name: str) -> None:
    for sample in samples(SDKS[name]):
        literals = re.findall(r"""["']([^"'\n]*)["']""", sample.text)
        others = {
            PAGE_KEY,
            "client_123456789",
            "workos",
            "@workos-inc/node",
            "context",
            "github.com/workos/workos-go/v9",
        }
        assert sorted(leaves(sample.arguments)) == sorted(literal for literal in literals if literal not in others)


def leaves(value: Any) -> Iterator[str]:
    """The strings in a value."""
    if isinstance(value, str):
        yield value
    else:
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from leaves(inner)


@pytest.mark.parametrize("name", SDKS)
def test_only_the_address_and_the_key_are_changed(name: str) -> None:
    for sample in samples(SDKS[name]):
        text = adapted(sample, "http://127.0.0.1:4100", "sk_test_1")
        assert PAGE_KEY not in text
        assert "sk_test_1" in text
        assert "4100" in text
        changed = [
            (old, new) for old, new in zip(sample.text.splitlines(), text.splitlines(), strict=True) if old != new
        ]
        assert len(changed) == 1


def test_a_sample_without_the_page_s_client_is_refused() -> None:
    sample, *_ = samples(SDKS["python"])
    with pytest.raises(ValueError, match="python/create"):
        adapted(type(sample)(sample.sdk, sample.operation, "print()"), "http://127.0.0.1:4100", "sk_test_1")
