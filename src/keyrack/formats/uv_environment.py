"""The `UV_*` variables as a table of settings (names and meanings are uv's)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keyrack.errors import InvalidText

PLACE = "the environment"

TEXTS = {
    "UV_DEFAULT_INDEX": "default-index",
    "UV_INDEX_URL": "index-url",
    "UV_INDEX_STRATEGY": "index-strategy",
    "UV_KEYRING_PROVIDER": "keyring-provider",
    "UV_RESOLUTION": "resolution",
    "UV_PRERELEASE": "prerelease",
    "UV_FORK_STRATEGY": "fork-strategy",
    "UV_EXCLUDE_NEWER": "exclude-newer",
    "UV_LINK_MODE": "link-mode",
    "UV_CACHE_DIR": "cache-dir",
    "UV_PYTHON": "python",
}
SWITCHES = {
    "UV_NO_BUILD_ISOLATION": "no-build-isolation",
    "UV_OFFLINE": "offline",
    "UV_NO_CACHE": "no-cache",
    "UV_REQUIRE_BUILD_HASHES": "require-build-hashes",
    "UV_REQUIRE_HASHES": "require-hashes",
    "UV_NO_SOURCES": "no-sources",
    "UV_COMPILE_BYTECODE": "compile-bytecode",
    "UV_SYSTEM_PYTHON": "system",
    "UV_BREAK_SYSTEM_PACKAGES": "break-system-packages",
}
LISTS = {
    "UV_INDEX": ("index", None),
    "UV_EXTRA_INDEX_URL": ("extra-index-url", None),
    "UV_FIND_LINKS": ("find-links", ","),
    "UV_INSECURE_HOST": ("allow-insecure-host", None),
    "UV_NO_SOURCES_PACKAGE": ("no-sources-package", None),
}
FILES = {
    "UV_CONSTRAINT": "constraints",
    "UV_OVERRIDE": "overrides",
    "UV_EXCLUDE": "excludes",
    "UV_BUILD_CONSTRAINT": "build-constraints",
}
"""Variables that name files of requirements, separated by spaces, under the names of the flags that do."""
NUMBERS = {
    "UV_CONCURRENT_BUILDS": "concurrent-builds",
    "UV_CONCURRENT_DOWNLOADS": "concurrent-downloads",
    "UV_CONCURRENT_INSTALLS": "concurrent-installs",
}
_TRUE = frozenset(("1", "true", "t", "yes", "y", "on"))
_FALSE = frozenset(("0", "false", "f", "no", "n", "off", ""))


def environment_table(environment: Mapping[str, str]) -> dict[str, Any]:
    """Gather what the variables say under the names of configuration keys; empty variables say nothing."""
    table: dict[str, Any] = {key: environment[name] for name, key in TEXTS.items() if environment.get(name)}
    for name, key in SWITCHES.items():
        if (value := switch(environment, name)) is not None:
            table[key] = value
    for name, (key, separator) in LISTS.items():
        if items := [item for item in environment.get(name, "").split(separator) if item]:
            table[key] = items
    for name, key in NUMBERS.items():
        if (number := whole_number(environment, name)) is not None:
            if number == 0:
                raise _invalid(name, environment[name], "number would be zero for non-zero type")
            table[key] = number
    if switch(environment, "UV_NO_VERIFY_HASHES"):
        table["verify-hashes"] = False
    return table


def variable_of(key: str, environment: Mapping[str, str]) -> str:
    """Say which variable sets a configuration key; the key where none does."""
    names = {**TEXTS, **SWITCHES, **NUMBERS, **{name: listed for name, (listed, _) in LISTS.items()}}
    return next((name for name, sets in names.items() if sets == key and environment.get(name)), key)


def file_lists(environment: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Gather the files of requirements that variables name, by flag; a flag that is given replaces them."""
    return {key: tuple(environment.get(name, "").split()) for name, key in FILES.items()}


def switch(environment: Mapping[str, str], name: str) -> bool | None:
    """Read a boolean variable: 1/true/yes/on, 0/false/no/off, None where it is not set; `InvalidText` otherwise."""
    text = environment.get(name)
    if text is None:
        return None
    lowered = text.lower()
    if lowered not in _TRUE | _FALSE:
        raise _invalid(name, text, "expected a boolish value")
    return lowered in _TRUE


def whole_number(environment: Mapping[str, str], name: str, unit: str = "") -> int | None:
    """Read a variable that holds a whole number; None where it is not set or empty. `unit` is added to the error."""
    text = environment.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _invalid(name, text, f"invalid digit found in string{unit}")
    return int(text)


def _invalid(name: str, text: str, why: str) -> InvalidText:
    return InvalidText(f"Failed to parse environment variable `{name}` with invalid value `{text}`: {why}")
