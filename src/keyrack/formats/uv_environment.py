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
    "UV_EXCLUDE_NEWER": "exclude-newer",
    "UV_LINK_MODE": "link-mode",
    "UV_CACHE_DIR": "cache-dir",
    "UV_PYTHON": "python",
}
SWITCHES = {
    "UV_OFFLINE": "offline",
    "UV_NO_CACHE": "no-cache",
    "UV_REQUIRE_HASHES": "require-hashes",
    "UV_NO_SOURCES": "no-sources",
    "UV_COMPILE_BYTECODE": "compile-bytecode",
    "UV_SYSTEM_PYTHON": "system",
    "UV_BREAK_SYSTEM_PACKAGES": "break-system-packages",
    "UV_NO_BUILD": "no-build",
    "UV_NO_BINARY": "no-binary",
    "UV_NO_INDEX": "no-index",
}
LISTS = {
    "UV_INDEX": ("index", None),
    "UV_EXTRA_INDEX_URL": ("extra-index-url", None),
    "UV_FIND_LINKS": ("find-links", ","),
    "UV_INSECURE_HOST": ("allow-insecure-host", None),
    "UV_NO_BUILD_PACKAGE": ("no-build-package", None),
    "UV_NO_BINARY_PACKAGE": ("no-binary-package", None),
    "UV_NO_SOURCES_PACKAGE": ("no-sources-package", None),
}
NUMBERS = {
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
            table[key] = number
    if switch(environment, "UV_NO_VERIFY_HASHES"):
        table["verify-hashes"] = False
    return table


def switch(environment: Mapping[str, str], name: str) -> bool | None:
    """Read a boolean variable: 1/true/yes/on, 0/false/no/off, None where it is not set; `InvalidText` otherwise."""
    text = environment.get(name)
    if text is None:
        return None
    lowered = text.lower()
    if lowered not in _TRUE | _FALSE:
        raise InvalidText(f"Invalid value `{text}` for `{name}`", causes=("value was not a boolean",))
    return lowered in _TRUE


def whole_number(environment: Mapping[str, str], name: str) -> int | None:
    """Read a variable that holds a positive whole number; None where it is not set or empty."""
    text = environment.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise InvalidText(f"Invalid value `{text}` for `{name}`", causes=("invalid digit found in string",))
    return int(text)
