"""pyproject.toml: what it says beside its requirements, in `[project]` and `[tool.uv]`, of projects and workspaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.specifier_text import parse_requires_python, parse_specifier
from keyrack.formats.toml_text import parse_toml
from keyrack.formats.uv_lock_place import each, told, within, wrong_type
from keyrack.values.lock import AllGroups, DefaultGroups
from keyrack.values.names import GroupName, PackageName, extra_name, group_name, package_name
from keyrack.values.workspace import ProjectFacts, WorkspaceTable

_DEV = GroupName("dev")


class _ProjectTable(msgspec.Struct, rename="kebab"):
    name: str
    version: str | None = None
    requires_python: str | None = None
    optional_dependencies: dict[str, Any] = {}
    scripts: dict[str, Any] = {}
    gui_scripts: dict[str, Any] = {}
    entry_points: dict[str, Any] = {}


class _GroupTable(msgspec.Struct, rename="kebab"):
    requires_python: str | None = None


class _UvTable(msgspec.Struct, rename="kebab"):
    managed: bool = True
    package: bool | None = None
    default_groups: str | tuple[str, ...] | None = None
    dependency_groups: dict[str, _GroupTable] = {}
    dev_dependencies: tuple[str, ...] | None = None
    workspace: WorkspaceTable | None = None
    sources: dict[str, Any] = {}


class _ToolTable(msgspec.Struct):
    uv: _UvTable = msgspec.field(default_factory=_UvTable)


class _Document(msgspec.Struct, rename="kebab"):
    project: _ProjectTable | None = None
    build_system: dict[str, Any] | None = None
    dependency_groups: dict[str, Any] = {}
    tool: _ToolTable = msgspec.field(default_factory=_ToolTable)


def parse_project_facts(text: str, place: str) -> ProjectFacts:
    """Read a pyproject.toml; `place` names it in messages. `InvalidText` has the line of what cannot be read."""
    document = parse_toml(text, place)
    try:
        return _facts(document)
    except BadKey as error:
        raise InvalidText(f"Failed to parse: `{place}`", causes=(told(text, error),)) from error


def _facts(document: dict[str, Any]) -> ProjectFacts:
    try:
        raw = msgspec.convert(document, type=_Document)
    except msgspec.ValidationError as error:
        raise wrong_type(error) from error
    uv = raw.tool.uv
    groups = [within(("dependency-groups",), group_name, name) for name in raw.dependency_groups]
    if uv.dev_dependencies is not None and _DEV not in groups:
        groups.append(_DEV)
    facts = ProjectFacts(
        groups=tuple(groups),
        default_groups=within(("tool", "uv", "default-groups"), _default_groups, uv.default_groups),
        group_requires_python=within(("tool", "uv", "dependency-groups"), _ranges, uv.dependency_groups),
        managed=uv.managed,
        package=uv.package,
        has_build_system=raw.build_system is not None,
        workspace=uv.workspace,
        of_workspace=frozenset(_of_workspace(uv.sources)),
    )
    return facts if raw.project is None else within(("project",), lambda table: _named(facts, table), raw.project)


def _named(facts: ProjectFacts, table: _ProjectTable) -> ProjectFacts:
    python = table.requires_python
    return msgspec.structs.replace(
        facts,
        name=within(("name",), package_name, table.name),
        version=table.version,
        requires_python=None if python is None else within(("requires-python",), parse_requires_python, python),
        extras=each("optional-dependencies", extra_name, table.optional_dependencies),
        has_scripts=bool(table.scripts or table.gui_scripts or table.entry_points),
    )


def _of_workspace(sources: dict[str, Any]) -> Iterator[PackageName]:
    """Find the names that come from the workspace; whoever reads sources for their own sake says what is wrong."""
    for name, value in sources.items():
        entries = value if isinstance(value, list) else [value]
        if any(isinstance(one, dict) and one.get("workspace") is True for one in entries):
            yield within(("tool", "uv", "sources"), package_name, name)


def _default_groups(value: str | tuple[str, ...] | None) -> DefaultGroups | None:
    if isinstance(value, str):
        if value != "all":
            raise InvalidText(f'default-groups must be "all" or a ["list", "of", "groups"], got "{value}"')
        return AllGroups()
    return None if value is None else tuple(map(group_name, value))


def _ranges(tables: dict[str, _GroupTable]) -> Any:
    return tuple(
        (group_name(name), within((name, "requires-python"), parse_specifier, table.requires_python))
        for name, table in tables.items()
        if table.requires_python is not None
    )
