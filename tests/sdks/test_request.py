"""What may be given for ``--sdk``."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdks.errors import SdkError
from sdks.request import parse
from sdks.table import SDKS


def test_a_name_alone_is_the_pinned_release() -> None:
    requested = parse("python")
    assert (requested.sdk, requested.version, requested.checkout) == (SDKS["python"], "10.8.0", None)
    assert requested.pinned
    assert str(requested) == "python==10.8.0"


@pytest.mark.parametrize("text", ["go==v9.5.0", "go==9.5.0"])
def test_another_release(text: str) -> None:
    requested = parse(text)
    assert requested.version == "9.5.0"
    assert not requested.pinned


def test_a_checkout(tmp_path: Path) -> None:
    requested = parse(f"ruby={tmp_path}")
    assert (requested.version, requested.checkout) == (None, tmp_path.resolve())
    assert not requested.pinned
    assert str(requested) == f"ruby={tmp_path.resolve()}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("perl", "no SDK has that name; there are node, python, ruby, go, php, java, dotnet, rust"),
        ("pyton==10.8.0", r"no SDK has that name; there are .*, rust; did you mean python\?$"),
        ("Node", r"rust; did you mean node\?$"),
        ("", "no SDK has that name"),
        ("==1.0", "no SDK has that name"),
        ("python==", "'' is no version"),
        ("python==latest", "'latest' is no version"),
        ("python==1.0 --pre", "'1.0 --pre' is no version"),
        ("python=", "there is no folder ''"),
        ("python=/no/such/folder", "there is no folder '/no/such/folder'"),
        (f"python={__file__}", "there is no folder"),
        ("ruby", r"no release of workos of RubyGems is pinned; give a checkout, as in ruby=PATH"),
    ],
)
def test_what_names_nothing_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(SdkError, match=message) as refused:
        parse(text)
    assert str(refused.value).startswith(f"--sdk {text}: ")
    assert "\n" not in str(refused.value)
