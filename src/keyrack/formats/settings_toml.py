"""uv.toml and the `[tool.uv]` table of pyproject.toml, read into layers of settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.cutoff_text import Moment
from keyrack.formats.settings_keys import PIP_KEYS, PROJECT_KEYS, TOP_KEYS
from keyrack.formats.settings_table import check_keys, parse_table
from keyrack.formats.toml_place import Path
from keyrack.formats.toml_text import parse_toml
from keyrack.values.layer import Layer


class WrongVersion(InvalidText):
    """`required-version` asks for another version of uv than the one whose language we speak."""


class SettingsText(msgspec.Struct, frozen=True):
    """The text of a file, its absolute folder, what messages call it, and when it is read."""

    text: str
    folder: str
    place: str
    moment: Moment


class ProjectSettings(msgspec.Struct, frozen=True):
    """What a `pyproject.toml` says: None where it has no `[tool.uv]`, or one that cannot be read (`warning`).

    `keys` are those of the table that may also stand in a `uv.toml`.
    """

    layer: Layer | None = None
    keys: tuple[str, ...] = ()
    warning: str = ""


def parse_uv_toml(source: SettingsText, speaks: str) -> Layer:
    """Read a `uv.toml`. Unknown keys are errors; `required-version` is checked before anything else."""
    table = parse_toml(source.text, source.place)
    try:
        _check_version(table.get("required-version"), speaks)
        check_keys(table, TOP_KEYS | PROJECT_KEYS)
        if misplaced := next((key for key in table if key in PROJECT_KEYS), None):
            raise InvalidText(
                f"Failed to parse `{source.place}`. The `{misplaced}` field is not allowed in a `uv.toml` file."
                f" `{misplaced}` is only applicable in the context of a project, and should be placed in a"
                " `pyproject.toml` file instead."
            )
        return _read(table, source)
    except BadKey as error:
        raise InvalidText(f"Failed to parse: {source.place}", causes=(error.told(source.text),)) from error


def parse_project_settings(source: SettingsText, speaks: str) -> ProjectSettings:
    """Read `[tool.uv]` of a `pyproject.toml`. What cannot be read is passed over as a whole, with a warning (uv)."""
    try:
        document = parse_toml(source.text, source.place)
    except InvalidText as error:
        return ProjectSettings(warning=_warning(source.place, error.causes[0]))
    tool = document.get("tool")
    table = tool.get("uv") if isinstance(tool, Mapping) else None
    if table is None:
        return ProjectSettings()
    try:
        table = _table(table, ())
        _check_version(table.get("required-version"), speaks)
        check_keys(table, TOP_KEYS | PROJECT_KEYS)
        return ProjectSettings(_read(table, source), tuple(key for key in table if key not in PROJECT_KEYS))
    except BadKey as error:
        return ProjectSettings(warning=_warning(source.place, error.told(source.text, ("tool", "uv"))))


def _read(table: Mapping[str, Any], source: SettingsText) -> Layer:
    """Read a table and its `pip`: what the latter says wins, and its lists stand before those beside it.

    All commands of this version are pip's.
    """
    plain = parse_table(table, source.folder, source.place, source.moment)
    own = table.get("pip")
    if own is None:
        return plain
    own = _table(own, ("pip",))
    check_keys(own, PIP_KEYS, ("pip",))
    try:
        pip = parse_table(own, source.folder, source.place, source.moment)
    except BadKey as error:
        raise BadKey(("pip", *error.path), error.message, of_key=error.of_key) from error
    spoken = dict[str, Any]()
    for field in Layer.__struct_fields__:
        value = getattr(pip, field)
        if isinstance(value, tuple):
            spoken[field] = value + getattr(plain, field)
        elif value is not None:
            spoken[field] = value
    return msgspec.structs.replace(plain, **spoken)


def _table(value: object, path: Path) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadKey(path, "invalid type: expected a table")
    return value


def _check_version(required: object, speaks: str) -> None:
    if not isinstance(required, str):
        return
    try:
        wanted = SpecifierSet(required if required[:1] in "<>=!~" else f"=={required}")
    except InvalidSpecifier as error:
        raise BadKey(("required-version",), f"Failed to parse version: `{required}` is no version specifier") from error
    if not wanted.contains(speaks, prereleases=True):
        raise WrongVersion(
            f"Required uv version `{required}` does not match the version that keyrack speaks, `{speaks}`",
            hints=("Widen `required-version`, or install a keyrack that speaks that version",),
        )


def _warning(place: str, cause: str) -> str:
    lines = "\n".join(f"  {line}" for line in cause.split("\n"))
    return f"Failed to parse `{place}` during settings discovery:\n{lines}\n"
