"""pyproject.toml: what a project requires (PEP 621), its dependency groups (PEP 735), its sources and indexes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.settings_table import parse_table
from keyrack.formats.specifier_text import parse_specifier
from keyrack.formats.text_fault import Fault
from keyrack.formats.toml_text import parse_toml
from keyrack.values.layer import Layer
from keyrack.values.names import GroupName, extra_name, group_name, package_name
from keyrack.values.project import GroupInclude, GroupItem, Project
from keyrack.values.requirement import Requirement


class _ProjectTable(msgspec.Struct, rename="kebab"):
    name: str
    version: str | None = None
    requires_python: str | None = None
    dynamic: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    optional_dependencies: dict[str, tuple[str, ...]] = {}


class _IncludeTable(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    include_group: str


class _Tool(msgspec.Struct, frozen=True):
    uv: dict[str, Any] = {}


class _Document(msgspec.Struct, rename="kebab"):
    project: _ProjectTable | None = None
    dependency_groups: dict[str, tuple[str | _IncludeTable, ...]] = {}
    tool: _Tool = _Tool()


_NO_VERSION = (
    "`pyproject.toml` is using the `[project]` table, but the required `project.version` field is neither set nor"
    " present in the `project.dynamic` list"
)


class Place(msgspec.Struct, frozen=True):
    """A file: its name in messages, its absolute folder, where the paths in it start."""

    name: str
    folder: str


def parse_pyproject(text: str, place: Place) -> Project:
    """Read a project's requirements. `InvalidText` names the file and what is wrong in it."""
    document = parse_toml(text, place.name)
    try:
        raw = msgspec.convert(document, type=_Document)
    except msgspec.ValidationError as error:
        raise InvalidText(f"Failed to parse: {place.name}", causes=(str(error),)) from error
    try:
        own = _own_settings(raw.tool.uv, place)
    except BadKey as error:
        cause = error.told(text, ("tool", "uv"))
        raise InvalidText(f"Failed to parse: {place.name}", causes=(cause,)) from error
    groups = _groups(raw, place)
    if raw.project is None:
        return Project(place.name, groups=groups, sources=own.sources, indexes=own.index)
    table = raw.project
    if table.version is None and "version" not in table.dynamic:
        raise InvalidText(f"Failed to parse: {place.name}", causes=(_NO_VERSION,))
    optional = {extra_name(name): _requirements(texts, place) for name, texts in table.optional_dependencies.items()}
    return Project(
        place.name,
        name=package_name(table.name),
        requires_python=_requires_python(table.requires_python, place),
        dependencies=None if "dependencies" in table.dynamic else _requirements(table.dependencies, place),
        optional=None if "optional-dependencies" in table.dynamic else optional,
        groups=groups,
        sources=own.sources,
        indexes=own.index,
    )


def _requires_python(text: str | None, place: Place) -> SpecifierSet | None:
    try:
        return None if text is None else parse_specifier(text)
    except Fault as fault:
        raise InvalidText(f"Failed to parse: {place.name}", causes=(f"`requires-python`: {fault.message}",)) from fault


def _groups(raw: _Document, place: Place) -> dict[GroupName, tuple[GroupItem, ...]]:
    """Read the groups; `[tool.uv] dev-dependencies`, the older form, belong to the group `dev`."""
    found = dict[GroupName, tuple[GroupItem, ...]]()
    for text, items in raw.dependency_groups.items():
        name = group_name(text)
        if name in found:
            raise InvalidText(f"Failed to parse: {place.name}", causes=(f"duplicate dependency group: `{name}`",))
        found[name] = tuple(_group_item(item, place) for item in items)
    older = raw.tool.uv.get("dev-dependencies", ())
    if older:
        dev = GroupName("dev")
        found[dev] = (*found.get(dev, ()), *(_requirement(text, place) for text in older))
    return found


def _requirements(texts: tuple[str, ...], place: Place) -> tuple[Requirement, ...]:
    return tuple(_requirement(text, place) for text in texts)


def _requirement(text: str, place: Place) -> Requirement:
    try:
        return parse_requirement(text, place.name, place.folder)
    except InvalidText as error:
        raise InvalidText(f"Failed to parse: {place.name}", causes=error.causes) from error.__cause__


def _group_item(item: str | _IncludeTable, place: Place) -> GroupItem:
    return _requirement(item, place) if isinstance(item, str) else GroupInclude(group_name(item.include_group))


def _own_settings(table: Mapping[str, Any], place: Place) -> Layer:
    """Read `index` and `sources` of `[tool.uv]`; the settings beside them are read with those of the run."""
    return parse_table({key: table[key] for key in ("index", "sources") if key in table}, place.folder, place.name)
