"""What compiles and runs a sample in each language, with the SDK that a driver was installed with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import TypeAlias

from attrs import field, frozen

from sdks.cache import Installed
from sdks.errors import SdkError


@frozen
class Step:
    """A program to start."""

    command: tuple[str, ...]
    compiles: bool = False
    environment: Mapping[str, str] = field(factory=dict)


Steps: TypeAlias = Generator[Step, None, None]


def steps(sdk: str, text: str, driver: Installed, folder: Path) -> Steps:
    """The steps of one sample, each to be taken when the one before has succeeded. Files go into `folder`.

    To be closed after the last one: what had to be written elsewhere is then removed. Raises SdkError for a language
    whose samples nothing here can run.
    """
    made = _STEPS.get(sdk)
    if made is None:
        raise SdkError(f"{sdk}: there is no way to run its samples")
    return made(text, driver, folder)


def _interpreted(suffix: str) -> Callable[[str, Installed, Path], Steps]:
    """As the driver is started, with the sample in the place of the driver and its one argument."""

    def interpreted(text: str, driver: Installed, folder: Path) -> Steps:
        yield Step((*driver.command[:-2], _written(folder / f"sample.{suffix}", text)))

    return interpreted


def _php(text: str, driver: Installed, folder: Path) -> Steps:
    """The page leaves out how classes are loaded."""
    *php, _, _, loader = driver.command
    yield Step((*php, "-d", f"auto_prepend_file={loader}", _written(folder / "sample.php", text)))


def _java(text: str, driver: Installed, folder: Path) -> Steps:
    """The page leaves out the class around the statements."""
    *java, libraries, _, _ = driver.command
    lines = text.splitlines()
    imports = [line for line in lines if line.startswith("import ")]
    statements = [line for line in lines if line not in imports]
    main = ["class Sample {", "public static void main(String[] arguments) throws Exception {", *statements, "}", "}"]
    source = _written(folder / "Sample.java", "\n".join([*imports, *main]))
    yield Step(("javac", "-d", str(folder), "-cp", libraries, source), compiles=True)
    yield Step((*java, f"{folder}{os.pathsep}{libraries}", "Sample"))


def _go(text: str, driver: Installed, folder: Path) -> Steps:
    """A package within the driver's module, so that go.mod says which release is meant, compiled as the driver was."""
    _written(folder / "sample.go", text)
    program = str(folder / "sample")
    environment = {"GOWORK": "off", "CGO_ENABLED": "0", "GOPROXY": "off"}
    package = f"./{folder.relative_to(driver.folder)}"
    yield Step(("go", "build", "-trimpath", "-o", program, package), compiles=True, environment=environment)
    yield Step((program,))


def _rust(text: str, driver: Installed, folder: Path) -> Steps:
    """An example of the driver's project, so that its lock file says which release is meant."""
    project, compiled = driver.folder / "project", driver.folder.parent / "rust-target"
    example = project / "examples" / f"{folder.name}.rs"
    example.parent.mkdir(exist_ok=True)
    _written(example, text)
    try:
        yield Step(
            ("cargo", "build", "--offline", f"--manifest-path={project / 'Cargo.toml'}", "--example", folder.name),
            compiles=True,
            environment={"CARGO_TARGET_DIR": str(compiled)},
        )
        program = shutil.copy(compiled / "debug" / "examples" / folder.name, folder)
        yield Step((str(program),))
    finally:
        example.unlink()
        for made in (compiled / "debug" / "examples").glob(f"{folder.name.replace('-', '?')}*"):
            made.unlink()


def _written(file: Path, text: str) -> str:
    file.write_text(text, encoding="utf-8")
    return str(file)


_STEPS: Mapping[str, Callable[[str, Installed, Path], Steps]] = {
    "node": _interpreted("mjs"),
    "python": _interpreted("py"),
    "ruby": _interpreted("rb"),
    "go": _go,
    "php": _php,
    "java": _java,
    "rust": _rust,
}
