"""Other releases and checkouts of the SDKs, as `--sdk` names them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sdks import cache
from sdks.cache import installed
from sdks.errors import SdkError
from sdks.host import Host
from sdks.request import parse
from sdks.table import SDKS
from tests.sdks.having import requires

PYPROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "workos"
version = "10.8.1.dev0"
dependencies = ["httpx2", "cryptography", "pyjwt"]
[tool.setuptools.packages.find]
include = ["workos*"]
"""


def prepend(file: Path, text: str) -> None:
    """Puts a statement before the rest of a module, but after its `from __future__`."""
    rest = file.read_text(encoding="utf-8").replace("from __future__ import annotations\n", "")
    file.write_text(f"from __future__ import annotations\n{text}{rest}", encoding="utf-8")


def python_checkout(release: Path, checkout: Path) -> str:
    package = next(release.glob("venv/lib/python*/site-packages/workos"))
    shutil.copytree(package, checkout / "workos", ignore=shutil.ignore_patterns("__pycache__"))
    (checkout / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    prepend(checkout / "workos" / "_errors.py", "import os; print('noise'); os.write(1, b'noise\\n')\n")
    return "10.8.1.dev0"


def node_checkout(release: Path, checkout: Path) -> str:
    shutil.copytree(release / "node_modules" / "@workos-inc" / "node", checkout, dirs_exist_ok=True)
    for file in (checkout / "lib").glob("*.mjs"):
        changed = file.read_text(encoding="utf-8").replace('version = "11.0.0"', 'version = "11.0.1-dev"')
        file.write_text(f"console.log('noise'); process.stdout.write('noise');\n{changed}", encoding="utf-8")
    return "11.0.1-dev"


def go_checkout(release: Path, checkout: Path) -> str:
    command = ["go", "list", "-m", "-f", "{{.Dir}}", "github.com/workos/workos-go/v9"]
    module = subprocess.run(command, cwd=release, check=True, capture_output=True, text=True).stdout.strip()
    # The module cache is not to be written; a checkout is.
    shutil.copytree(module, checkout, dirs_exist_ok=True, copy_function=shutil.copyfile)
    for folder in (checkout, *checkout.rglob("*/")):
        folder.chmod(0o755)
    version = checkout / "version.go"
    version.write_text(version.read_text(encoding="utf-8").replace("v9.6.0", "v9.6.1-dev"), encoding="utf-8")
    noise = 'package workos\n\nimport "fmt"\n\nfunc init() { fmt.Println("noise") }\n'
    (checkout / "noise.go").write_text(noise, encoding="utf-8")
    return "9.6.1-dev"


@pytest.mark.parametrize(("name", "make"), [("python", python_checkout), ("node", node_checkout), ("go", go_checkout)])
def test_a_checkout_runs_and_stays_as_it_was_even_if_it_writes_to_standard_output(
    name: str, make: Callable[[Path, Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requires(name)
    release = installed(parse(name), print).folder
    # What is installed from now on stays out of the cache that is kept.
    monkeypatch.setattr(cache, "root", lambda: tmp_path / "cache")
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    version = make(release, checkout)
    before = sorted(str(path) for path in checkout.rglob("*"))
    with Host.open(f"{name}={checkout}") as host:
        assert host.version == version
        assert "noise" in host.stderr
    assert sorted(str(path) for path in checkout.rglob("*")) == before


@pytest.mark.parametrize("text", ["python==0.0.0", "node==0.0.1", "go==9.99.0"])
def test_a_release_that_does_not_exist_is_refused_in_one_line(text: str) -> None:
    requires(text.partition("=")[0])
    with pytest.raises(SdkError) as refused:
        Host.open(text)
    assert str(refused.value).startswith(f"{text} could not be installed: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["python", "node", "go"])
def test_a_folder_that_is_no_checkout_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    requires(name)
    with pytest.raises(SdkError) as refused:
        Host.open(f"{name}={tmp_path}")
    assert str(refused.value).startswith(f"{name}={tmp_path}: this is no checkout of {SDKS[name].package}: ")
    assert "\n" not in str(refused.value)


def test_a_release_that_the_driver_does_not_understand_is_refused_in_one_line() -> None:
    with pytest.raises(
        SdkError, match=r"^python==0\.0\.1: its driver did not start: .*\(status 1\): ModuleNotFoundError"
    ):
        Host.open("python==0.0.1")
