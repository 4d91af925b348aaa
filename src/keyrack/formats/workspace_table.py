"""What a pyproject.toml says of being a project, and of the workspace below it (`[tool.uv.workspace]`)."""

from __future__ import annotations

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.toml_text import parse_toml


class WorkspaceTable(msgspec.Struct, frozen=True):
    """`members` and `exclude` are globs of folders; None where there is no such table. Not all files are projects'."""

    has_project: bool
    is_managed: bool = True
    members: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()


class _Workspace(msgspec.Struct, frozen=True):
    members: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class _Uv(msgspec.Struct, frozen=True):
    managed: bool = True
    workspace: _Workspace | None = None


class _Tool(msgspec.Struct, frozen=True):
    uv: _Uv = _Uv()


class _Document(msgspec.Struct):
    project: dict[str, object] | None = None
    tool: _Tool = _Tool()


def read_workspace(text: str, place: str) -> WorkspaceTable:
    """Read the two tables; `InvalidText` names the file."""
    try:
        found = msgspec.convert(parse_toml(text, place), type=_Document)
    except msgspec.ValidationError as error:
        raise InvalidText(f"Failed to parse: {place}", causes=(str(error),)) from error
    uv, workspace = found.tool.uv, found.tool.uv.workspace
    members = None if workspace is None else workspace.members
    return WorkspaceTable(found.project is not None, uv.managed, members, workspace.exclude if workspace else ())
