"""The table of SDKs, and the files in the folder of each."""

from __future__ import annotations

import re

import pytest

from sdks.table import FOLDER, SDKS, Sdk
from tests.sdks.test_protocol import is_valid

LOCK_FILES = {
    "python": "requirements.txt",
    "node": "package-lock.json",
    "go": "go.mod",
    "java": "pom.xml",
    "rust": "Cargo.lock",
}

present = pytest.mark.parametrize(
    "sdk", [row for row in SDKS.values() if row.folder.is_dir()], ids=lambda row: row.name
)


def test_the_rows_are_the_eight_of_the_documentation_page() -> None:
    assert list(SDKS) == ["node", "python", "ruby", "go", "php", "java", "dotnet", "rust"]


@present
def test_each_folder_has_a_build_and_what_cannot_be_expressed(sdk: Sdk) -> None:
    assert (sdk.folder / "build.py").is_file()
    for name, reason in sdk.unsupported.items():
        assert is_valid("capability", name), name
        assert reason.endswith("."), reason
    assert list(sdk.unsupported) == sorted(sdk.unsupported)


@present
def test_the_pinned_release_is_the_one_in_the_lock_file(sdk: Sdk) -> None:
    if sdk.version is not None:
        lock = (sdk.folder / LOCK_FILES[sdk.name]).read_text(encoding="utf-8")
        assert re.search(rf"(?<![\d.]){re.escape(sdk.version)}(?![\d.])", lock)


@pytest.mark.parametrize("file", ["python/requirements.txt", "node/package-lock.json", "node/.npmrc", "go/go.sum"])
def test_a_lock_file_has_checksums_and_no_addresses(file: str) -> None:
    assert "://" not in (FOLDER / file).read_text(encoding="utf-8")
