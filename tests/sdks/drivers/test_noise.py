"""An SDK that prints leaves the protocol alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sdks.cache import installed
from sdks.host import Host
from sdks.request import parse
from tests.sdks.drivers.conftest import STAND_INS, driver
from tests.sdks.drivers.ground import ground


@pytest.mark.parametrize(
    ("name", "file", "place", "noise"),
    [
        ("php", "lib/RequestOptions.php", "class RequestOptions", 'echo "loud", PHP_EOL; trigger_error("a warning");'),
        ("php", "lib/Service/Organizations.php", "        $body = [", 'print("loud");'),
        ("ruby", "lib/workos.rb", "module WorkOS", 'puts "loud"; warn "a warning"'),
        ("ruby", "lib/workos/organizations.rb", "      body = {", 'system("echo loud")'),
    ],
    ids=["php-loading", "php-calling", "ruby-loading", "ruby-calling"],
)
def test_what_an_sdk_prints_goes_to_standard_error(
    name: str, file: str, place: str, noise: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver(name)
    checkout = tmp_path / "checkout"
    shutil.copytree(STAND_INS / name, checkout)
    text = (checkout / file).read_text(encoding="utf-8")
    assert place in text
    (checkout / file).write_text(text.replace(place, f"{noise}\n{place}", 1), encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with Host(installed(parse(f"{name}={checkout}"), lambda _: None)) as host, ground(host) as on:
        assert on.value("create", {"name": "Quiet"})["name"] == "Quiet"
        assert "loud" in host.stderr
