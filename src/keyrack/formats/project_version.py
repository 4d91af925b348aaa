"""The name and version in a pyproject.toml (PEP 621)."""

from __future__ import annotations

import msgspec
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.toml_text import parse_toml
from keyrack.values.artifact import parse_version
from keyrack.values.names import PackageName, package_name


class VersionTable(msgspec.Struct, frozen=True):
    """A project's name and version; `version` is None where it is not written, `is_dynamic` where a build tells it."""

    name: PackageName
    version: Version | None
    is_dynamic: bool


class _Project(msgspec.Struct, frozen=True):
    name: str | None = None
    version: str | None = None
    dynamic: tuple[str, ...] = ()


class _Document(msgspec.Struct, frozen=True):
    project: _Project | None = None


def read_version_table(text: str, place: str) -> VersionTable:
    """Read them; `InvalidText` names the file where it is none of a project."""
    try:
        project = msgspec.convert(parse_toml(text, place), type=_Document).project
        if project is None:
            raise InvalidText(f"No `project` table found in: {place}")
        if project.name is None:
            raise InvalidText(f"Missing `project.name` field in: {place}")
    except msgspec.ValidationError as error:
        raise InvalidText(f"Failed to parse: {place}", causes=(str(error),)) from error
    try:
        version = None if project.version is None else parse_version(project.version)
        return VersionTable(package_name(project.name), version, "version" in project.dynamic)
    except InvalidText as error:
        raise InvalidText(f"Failed to parse: {place}", causes=(error.message, *error.causes)) from error
