"""The environment variables that a driver, or the build of one, may see."""

from __future__ import annotations

from collections.abc import Mapping

_DROPPED = ("WORKOS_", "PYTHON", "NODE_", "JDK_JAVA_", "JAVA_TOOL_", "_JAVA_", "RUBYOPT", "RUBYLIB", "PHP_INI_")
"""What configures the SDKs, or changes how an interpreter starts."""


def scrubbed(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` without what would configure an SDK or its interpreter, without proxies, and in UTF-8."""
    kept = {key: value for key, value in environ.items() if not _is_dropped(key)}
    return {**kept, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PYTHONUTF8": "1"}


def _is_dropped(name: str) -> bool:
    return name.upper().startswith(_DROPPED) or name.upper().endswith("_PROXY")
