"""pyproject.toml: the keys of `[tool.uv]` that a lock depends on and no other run does."""

from __future__ import annotations

from typing import Any

import msgspec
from packaging.markers import Marker

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.marker_text import parse_marker
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.specifier_text import parse_specifier
from keyrack.formats.toml_text import parse_toml
from keyrack.formats.uv_lock_place import each, told, within, wrong_type
from keyrack.formats.uv_lock_tables import StaticMetadataTable
from keyrack.values.artifact import parse_version
from keyrack.values.conflicts import ConflictItem, ConflictSet
from keyrack.values.lock import (
    LockedRequirement,
    RequiredFromIndex,
    ScopedExclude,
    ScopedOverride,
    StaticMetadata,
)
from keyrack.values.lock_inputs import LockInputs
from keyrack.values.names import ExtraName, GroupName, PackageName, extra_name, group_name, package_name
from keyrack.values.requirement import Requirement
from keyrack.values.settings import ForkStrategy


class _Conflict(msgspec.Struct):
    package: str | None = None
    extra: str | None = None
    group: str | None = None


class _Uv(msgspec.Struct, rename="kebab"):
    constraint_dependencies: tuple[str, ...] = ()
    override_dependencies: tuple[str | dict[str, Any], ...] = ()
    exclude_dependencies: tuple[str | dict[str, Any], ...] = ()
    build_constraint_dependencies: tuple[str, ...] = ()
    environments: str | tuple[str, ...] = ()
    required_environments: str | tuple[str, ...] = ()
    conflicts: tuple[tuple[_Conflict, ...], ...] = ()
    dependency_metadata: tuple[StaticMetadataTable, ...] = ()
    minimum_libc_version: dict[str, str] = {}
    fork_strategy: ForkStrategy | None = None


class _Scope(msgspec.Struct):
    name: str
    version: str | None = None


class _Scoped(msgspec.Struct):
    package: _Scope
    dependencies: tuple[str, ...] = ()


def parse_lock_inputs(text: str, place: str, folder: str, project: PackageName | None) -> LockInputs:
    """Read the keys; relative paths start at `folder`, and conflicts without a package are about `project`."""
    document = parse_toml(text, place)
    table = document.get("tool", {}).get("uv", {}) if isinstance(document.get("tool", {}), dict) else {}
    try:
        return within(("tool", "uv"), lambda found: _inputs(found, folder, project), table)
    except BadKey as error:
        raise InvalidText(f"Failed to parse: `{place}`", causes=(told(text, error),)) from error


def _inputs(table: dict[str, Any], folder: str, project: PackageName | None) -> LockInputs:
    try:
        raw = msgspec.convert(table, type=_Uv)
    except msgspec.ValidationError as error:
        raise wrong_type(error) from error

    def requirement(text: str) -> Requirement:
        return parse_requirement(text, "pyproject.toml", folder)

    plain = [one for one in raw.override_dependencies if isinstance(one, str)]
    names = [one for one in raw.exclude_dependencies if isinstance(one, str)]
    return LockInputs(
        constraints=each("constraint-dependencies", requirement, raw.constraint_dependencies),
        overrides=each("override-dependencies", requirement, plain),
        scoped_overrides=tuple(_override(one) for one in raw.override_dependencies if isinstance(one, dict)),
        excludes=each("exclude-dependencies", package_name, names),
        scoped_excludes=tuple(_exclude(one) for one in raw.exclude_dependencies if isinstance(one, dict)),
        build_constraints=each("build-constraint-dependencies", requirement, raw.build_constraint_dependencies),
        environments=_markers("environments", raw.environments),
        required_environments=_markers("required-environments", raw.required_environments),
        conflicts=tuple(_conflict_set(found, project) for found in raw.conflicts),
        dependency_metadata=each("dependency-metadata", _static_metadata, raw.dependency_metadata),
        minimum_libc=tuple(raw.minimum_libc_version.items()),
        fork_strategy=raw.fork_strategy,
    )


def _markers(key: str, value: str | tuple[str, ...]) -> tuple[Marker, ...]:
    return each(key, parse_marker, (value,) if isinstance(value, str) else value)


def _conflict_set(items: tuple[_Conflict, ...], project: PackageName | None) -> ConflictSet:
    found = [_conflict(item, project) for item in items]
    return tuple(sorted(found, key=lambda item: (item.package, not item.extra, not item.group, item.extra, item.group)))


def _conflict(item: _Conflict, project: PackageName | None) -> ConflictItem:
    package = project if item.package is None else within(("conflicts",), package_name, item.package)
    if package is None:
        raise BadKey(("conflicts",), "Expected `package` field in conflicting entry")
    return ConflictItem(
        package,
        within(("conflicts",), extra_name, item.extra) if item.extra else ExtraName(""),
        within(("conflicts",), group_name, item.group) if item.group else GroupName(""),
    )


def _scoped(table: dict[str, Any]) -> _Scoped:
    try:
        return msgspec.convert(table, type=_Scoped)
    except msgspec.ValidationError as error:
        raise wrong_type(error) from error


def _override(table: dict[str, Any]) -> ScopedOverride:
    found = _scoped(table)
    version = found.package.version
    listed = [parse_requirement(text) for text in found.dependencies]
    return ScopedOverride(
        package_name(found.package.name),
        None if version is None else parse_version(version),
        tuple(
            LockedRequirement(one.name, tuple(sorted(one.extras)), (), one.marker, RequiredFromIndex(one.specifier))
            for one in listed
        ),
    )


def _exclude(table: dict[str, Any]) -> ScopedExclude:
    found = _scoped(table)
    version = found.package.version
    return ScopedExclude(
        package_name(found.package.name),
        None if version is None else parse_version(version),
        tuple(map(package_name, found.dependencies)),
    )


def _static_metadata(table: StaticMetadataTable) -> StaticMetadata:
    python = table.requires_python
    return StaticMetadata(
        package_name(table.name),
        None if table.version is None else parse_version(table.version),
        tuple(sorted(table.requires_dist)),
        None if python is None else parse_specifier(python),
        tuple(map(extra_name, table.provides_extras)),
    )
