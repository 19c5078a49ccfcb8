"""Addresses and keys that cannot be used are refused in one line, which shows no secret."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conformance.harness.plugin.settings import address

SECRET = "sk_test_aVerySecretKey"  # noqa: S105


@pytest.fixture(autouse=True)
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(config: object, reason: str, prefix: str = "") -> None:
        raise pytest.UsageError(reason)

    monkeypatch.setattr(address, "refuse", refuse)
    monkeypatch.delenv("WORKOS_API_KEY", raising=False)


def settled(**options: Any) -> Any:
    given = {"base_url": "http://target", "api_key": SECRET, "api_key_file": None, "allow_production": False}
    given |= {"read_only": False}
    config: Any = SimpleNamespace(option=SimpleNamespace(**given | options))
    address.settle(config)
    return config.option


def refusal(**options: Any) -> str:
    with pytest.raises(pytest.UsageError) as error:
        settled(**options)
    return str(error.value)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://127.0.0.1:4000/", "http://127.0.0.1:4000"),
        ("HTTP://Host/v1//", "http://Host/v1"),
        ("https://bücher.example", "https://bücher.example"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_an_address_that_can_be_used(given: str, used: str) -> None:
    assert settled(base_url=given).base_url == used


@pytest.mark.parametrize(
    "given",
    [
        "http://[::1", ":abc", "http://a\nb", "http://a b", "http://" + "a" * 70 + ".com", "http://h:99999",
        "http://h:x", "http://h:0", "http://", "ftp://h", "h", "http://h?x=1", "http://h#f", "http://\x00", "http://.",
        "http://h/\ud800", "http://user:hunter2secret@h", "http://hunter2secret@h",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_in_one_line(given: str) -> None:
    reason = refusal(base_url=given)
    assert reason.startswith("--base-url: ")
    assert "\n" not in reason
    assert "hunter2" not in reason


@pytest.mark.parametrize("space", ["\n", " ", "\t", "\r\n"])
def test_white_space_around_a_key_is_taken_off_with_a_note(space: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert settled(api_key=f"{space}{SECRET}{space}").api_key == SECRET
    told = capsys.readouterr().err
    assert "white space" in told
    assert SECRET not in told


@pytest.mark.parametrize("key", [f"{SECRET} x", f"{SECRET}\nx: y", f"{SECRET}é", f"{SECRET}\x00", " ", "\n"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(key: str) -> None:
    assert SECRET not in refusal(api_key=key)


def test_a_key_on_the_command_line_is_warned_of_once(capsys: pytest.CaptureFixture[str]) -> None:
    settled()
    assert capsys.readouterr().err.count("command line") == 1


def test_a_key_in_a_file_or_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "key"
    file.write_text(f"{SECRET}\n")
    assert settled(api_key=None, api_key_file=file).api_key == SECRET
    monkeypatch.setenv("WORKOS_API_KEY", SECRET)
    assert settled(api_key=None).api_key == SECRET
    assert capsys.readouterr().err == ""


def test_two_keys_and_no_key_are_refused(tmp_path: Path) -> None:
    assert "give one of them" in refusal(api_key_file=tmp_path / "key")
    assert "No such file" in refusal(api_key=None, api_key_file=tmp_path / "none")
    assert "needs a key" in refusal(api_key=None)


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": "https://api.workos.com"},
        {"base_url": "https://API.WorkOS.com."},
        {"api_key": "sk_live_" + "x" * 20},
    ],
)
def test_where_customers_may_be_it_takes_a_word(options: dict[str, Any]) -> None:
    assert "--allow-production" in refusal(**options)
    assert settled(**options, allow_production=True).api_key


def test_another_host_is_not_the_vendor_s() -> None:
    assert settled(base_url="https://notworkos.com").base_url == "https://notworkos.com"


@pytest.mark.parametrize("given", ["", " "])
def test_a_key_that_is_given_and_empty_is_not_taken_from_elsewhere(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("WORKOS_API_KEY", SECRET)
    assert refusal(api_key=given).startswith("--api-key: is empty")
