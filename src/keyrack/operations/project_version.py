"""Tell a project's version, or raise it."""

from __future__ import annotations

import os
from collections.abc import Sequence

import msgspec
from packaging.version import Version

from keyrack.adapters.disk import write_atomic
from keyrack.adapters.python_files import project_file
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.project_version import VersionTable, read_version_table
from keyrack.formats.pyproject_edit import Edit
from keyrack.values.artifact import parse_version
from keyrack.values.version_bump import Bump, Part, bumped

__all__ = ["Bump", "Part", "VersionRequest", "VersionTold", "project_version"]


class VersionRequest(msgspec.Struct, frozen=True):
    """What is asked for: to read, to write `value`, or to raise by `bumps`. `folder` is in the project, or `explicit`.

    `is_explicit` tells that the user named the folder (`--project`).
    """

    folder: str
    value: str | None = None
    bumps: tuple[Bump, ...] = ()
    is_dry: bool = False
    is_explicit: bool = False


class VersionTold(msgspec.Struct, frozen=True):
    """The version that a project has, and the one that it gets (None where it was only read)."""

    name: str
    old: str
    new: str | None = None
    folder: str = ""


def project_version(request: VersionRequest) -> VersionTold:
    """Read the version and write the new one. Raises `KeyrackError`, and `BadBump` where it would not grow."""
    file = project_file(request.folder)
    if file is None:
        hint = "If you meant to view keyrack's version, use `keyrack self version` instead"
        message = "No `pyproject.toml` found in current directory or any parent directory"
        raise KeyrackError(message, hints=() if request.is_explicit else (hint,))
    shown = os.path.relpath(file.path, request.folder)
    table = read_version_table(file.text, shown)
    old = _version_of(table, shown)
    new = _new_version(old, request.value, request.bumps)
    if new is not None and not request.is_dry:
        edit = Edit(file.text, shown)
        edit.set_version(str(new))
        write_atomic(file.path, str(edit).encode())
    return VersionTold(table.name, str(old), None if new is None else str(new), file.folder)


def _version_of(table: VersionTable, shown: str) -> Version:
    if table.version is None:
        if table.is_dynamic:
            raise KeyrackError(f"We cannot get or set dynamic project versions in: {shown}")
        raise KeyrackError(f"There is no `project.version` field in: {shown}")
    return table.version


def _new_version(old: Version, value: str | None, bumps: Sequence[Bump]) -> Version | None:
    if value is None:
        return bumped(old, bumps) if bumps else None
    try:
        return parse_version(value)
    except InvalidText as error:
        if value in {part.value for part in Part}:
            raise KeyrackError(f"Invalid version `{value}`, did you mean to pass `--bump {value}`?") from error
        raise
