"""uv.toml and the `[tool.uv]` table of pyproject.toml, read into layers of settings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from keyrack.errors import InvalidText
from keyrack.formats.settings_table import parse_table
from keyrack.values.layer import Layer

PROJECT_ONLY = frozenset(
    (
        "sources",
        "workspace",
        "conflicts",
        "dev-dependencies",
        "default-groups",
        "dependency-groups",
        "managed",
        "package",
        "build-backend",
        "environments",
        "required-environments",
        "minimum-libc-version",
    )
)


class WrongVersion(InvalidText):
    """`required-version` asks for another version of uv than the one whose language we speak."""


def parse_uv_toml(text: str, folder: str, place: str, speaks: str) -> Layer:
    """Read a `uv.toml`. Unknown keys are errors; `required-version` is checked before anything else."""
    table = _toml(text, place)
    _check_version(table.get("required-version"), speaks)
    if misplaced := next((key for key in table if key in PROJECT_ONLY), None):
        raise InvalidText(
            f"Failed to parse: {place}",
            causes=(f"the `{misplaced}` field is not allowed in a `uv.toml` file: it is only for `pyproject.toml`",),
        )
    return _read(table, folder, place)


def parse_project_settings(text: str, folder: str, place: str, speaks: str) -> Layer | None:
    """Read `[tool.uv]` of a `pyproject.toml`; None where there is no such table.

    A table that cannot be read is left out as a whole, with a warning, as uv does.
    """
    try:
        document = _toml(text, place)
    except InvalidText as error:
        return Layer(place=place, warnings=(_warning(place, error),))
    tool = document.get("tool")
    table = tool.get("uv") if isinstance(tool, Mapping) else None
    if not isinstance(table, Mapping):
        return None
    _check_version(table.get("required-version"), speaks)
    try:
        return _read(table, folder, place)
    except InvalidText as error:
        return Layer(place=place, warnings=(_warning(place, error),))


def _read(table: Mapping[str, Any], folder: str, place: str) -> Layer:
    """Read a table; what `[pip]` says wins over the same key beside it, as all commands here are pip's."""
    plain = parse_table(table, folder, place)
    own = table.get("pip")
    if not isinstance(own, Mapping):
        return plain
    pip = parse_table(own, folder, f"{place} (`pip`)")
    spoken = {
        field: value
        for field in Layer.__struct_fields__
        if field != "place" and (value := getattr(pip, field)) not in (None, ())
    }
    return msgspec.structs.replace(plain, **spoken)


def _toml(text: str, place: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidText(f"Failed to parse: {place}", causes=(f"TOML parse error: {error}",)) from error


def _check_version(required: object, speaks: str) -> None:
    if not isinstance(required, str):
        return
    try:
        wanted = SpecifierSet(required if required[:1] in "<>=!~" else f"=={required}")
    except InvalidSpecifier as error:
        raise InvalidText(f"Failed to parse `required-version`: `{required}` is no version specifier") from error
    if not wanted.contains(speaks, prereleases=True):
        raise WrongVersion(
            f"Required uv version `{required}` does not match the version that keyrack speaks, `{speaks}`",
            hints=("Widen `required-version`, or install a keyrack that speaks that version",),
        )


def _warning(place: str, error: InvalidText) -> str:
    lines = "\n".join(f"  {line}" for line in (error.causes or (error.message,)))
    return f"Failed to parse `{place}` during settings discovery:\n{lines}"
