"""The environment variables that a driver, or the build of one, may see."""

from __future__ import annotations

from collections.abc import Mapping

_DROPPED = ("WORKOS_", "PYTHON", "NODE_", "JDK_JAVA_", "JAVA_TOOL_", "_JAVA_", "RUBYOPT", "RUBYLIB", "PHP_INI_")
"""What configures the SDKs, or changes how an interpreter starts."""

_ADDED = {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PYTHONUTF8": "1"}


def for_build(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` without what would configure an SDK or its interpreter, and in UTF-8."""
    return {key: value for key, value in environ.items() if not key.startswith(_DROPPED)} | _ADDED


def for_driver(environ: Mapping[str, str]) -> dict[str, str]:
    """The same without proxies: what an SDK sends goes to the address that the suite names."""
    return {key: value for key, value in for_build(environ).items() if not key.upper().endswith("_PROXY")}
