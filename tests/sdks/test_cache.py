"""Installations and their cache, over a build that only writes a file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import sdks.python.build
from sdks.cache import STAMP, Installed, installed, root
from sdks.errors import SdkError
from sdks.job import Job
from sdks.request import parse


class Builds:
    """A build that counts; `during` runs in the middle of it."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.lines: list[str] = []
        self.during: Callable[[Job], object] = lambda job: None

    def __call__(self, job: Job) -> list[str]:
        self.jobs.append(job)
        assert not list(job.target.iterdir())
        (job.target / "half").touch()
        self.during(job)
        return ["driver", str(job.target / "product")]

    def install(self, text: str = "python") -> Installed:
        return installed(parse(text), self.lines.append)


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builds:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = Builds()
    monkeypatch.setattr(sdks.python.build, "build", made)
    return made


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "code.py").write_text("1", encoding="utf-8")
    return folder


def test_what_was_installed_once_is_only_looked_up(builds: Builds) -> None:
    first, second = builds.install(), builds.install()
    assert first == second
    assert first.command == ("driver", str(first.folder / "product"))
    assert first.folder.parent == root()
    assert len(builds.jobs) == 1


def test_it_says_that_it_installs_and_how_long_it_took(builds: Builds) -> None:
    builds.install()
    assert builds.lines[0] == "python==10.8.0: installing, once"
    assert builds.lines[1].startswith("python==10.8.0: installed in ")
    assert len(builds.lines) == 2
    builds.install()
    assert len(builds.lines) == 2


def test_each_release_is_installed_for_itself(builds: Builds) -> None:
    folders = {builds.install(text).folder for text in ("python", "python==10.7.0", "python==10.6.0")}
    assert len(folders) == 3
    assert len(builds.jobs) == 3


def test_an_installation_that_was_broken_off_starts_anew(builds: Builds) -> None:
    def interrupt(job: Job) -> None:
        raise KeyboardInterrupt

    builds.during = interrupt
    with pytest.raises(KeyboardInterrupt):
        builds.install()
    builds.during = lambda job: None
    assert (builds.install().folder / STAMP).exists()
    assert len(builds.jobs) == 2


def test_an_installation_that_failed_leaves_nothing(builds: Builds) -> None:
    def fail(job: Job) -> None:
        raise SdkError("python==10.8.0: no")

    builds.during = fail
    with pytest.raises(SdkError, match="no"):
        builds.install()
    assert not [entry for entry in root().iterdir() if entry.is_dir()]


def test_two_at_once_install_once(builds: Builds) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait(job: Job) -> None:
        begun.set()
        assert go_on.wait(20)

    builds.during = wait
    found: list[Installed] = []
    threads = [threading.Thread(target=lambda: found.append(builds.install())) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert begun.wait(20)
    go_on.set()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]
    assert len(builds.jobs) == 1


def test_a_checkout_is_built_again_when_it_changed_and_what_it_was_before_is_removed(
    builds: Builds, checkout: Path
) -> None:
    first = builds.install(f"python={checkout}")
    assert builds.install(f"python={checkout}") == first
    (checkout / "src" / "code.py").write_text("12", encoding="utf-8")
    second = builds.install(f"python={checkout}")
    assert len(builds.jobs) == 2
    assert not first.folder.exists()
    assert second.folder.exists()


def test_what_tools_leave_in_a_checkout_is_no_change(builds: Builds, checkout: Path) -> None:
    first = builds.install(f"python={checkout}")
    for name in (".git", "node_modules", "__pycache__", "target"):
        (checkout / name).mkdir()
        (checkout / name / "file").touch()
    assert builds.install(f"python={checkout}") == first


def test_a_build_works_on_a_copy_of_the_checkout(builds: Builds, checkout: Path) -> None:
    (checkout / ".git").mkdir()
    copies: list[Path] = []
    builds.during = lambda job: copies.append(job.copy_checkout())
    folder = builds.install(f"python={checkout}").folder
    assert copies == [folder / "checkout"]
    assert (copies[0] / "src" / "code.py").read_text(encoding="utf-8") == "1"
    assert not (copies[0] / ".git").exists()


@pytest.mark.parametrize(
    ("wrote", "why"),
    [
        ("echo trying; echo 'ERROR: no such release' >&2; echo hint >&2", "ERROR: no such release"),
        ("echo 'error code ETARGET' >&2; echo 'No matching version found' >&2", "No matching version found"),
        ("echo '[ERROR] no such goal'; echo '[ERROR] help'", "[ERROR] no such goal"),
        ("echo 'calls.go:1:2: undefined: X' >&2", "calls.go:1:2: undefined: X"),
        ("true", "it did not say why"),
    ],
)
def test_the_line_of_a_tool_that_failed_says_why(builds: Builds, wrote: str, why: str) -> None:
    builds.during = lambda job: job.run("sh", "-c", f"{wrote}; exit 1")
    with pytest.raises(SdkError) as failed:
        builds.install()
    assert str(failed.value) == f"python==10.8.0 could not be installed: {why} (from sh)"


def test_a_tool_that_is_not_there_is_named(builds: Builds) -> None:
    builds.during = lambda job: job.run("no-such-tool")
    with pytest.raises(SdkError, match=r"^python==10.8.0: no-such-tool is not installed$"):
        builds.install()


def test_a_tool_that_does_not_end_is_ended(builds: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdks.job.BUILD_SECONDS", 0.2)
    builds.during = lambda job: job.run("sleep", "3600")
    with pytest.raises(SdkError, match=r"sleep did not end within 0.2 seconds"):
        builds.install()
