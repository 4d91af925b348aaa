"""Read the packages of uv.lock, and what was asked for beside them. What cannot be read is told as `BadKey`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.marker_text import parse_marker
from keyrack.formats.specifier_text import parse_specifier
from keyrack.formats.uv_lock_parts import (
    read_file,
    read_marker,
    read_requirement,
    read_source,
    read_version,
)
from keyrack.formats.uv_lock_place import each, within, wrong_type
from keyrack.formats.uv_lock_tables import (
    DependencyTable,
    ExcludeTable,
    FileTable,
    ManifestTable,
    OverrideTable,
    PackageTable,
    RequirementTable,
    StaticMetadataTable,
)
from keyrack.values.artifact import parse_wheel_name
from keyrack.values.lock import (
    AllGroups,
    DefaultGroups,
    LockedArchive,
    LockedDependency,
    LockedFile,
    LockedId,
    LockedMetadata,
    LockedPackage,
    LockedRegistry,
    LockedRequirement,
    LockedTree,
    LockedUrl,
    LockManifest,
    ScopedExclude,
    ScopedOverride,
    StaticMetadata,
)
from keyrack.values.names import GroupName, PackageName, extra_name, group_name, package_name

Known = Mapping[PackageName, tuple[LockedId, ...]]


def read_packages(tables: tuple[PackageTable, ...], *, check_wheels: bool = True) -> tuple[LockedPackage, ...]:
    """Read all packages. Edges to a name that the lock has once say no more than the name."""
    ids = each("package", _id, tables)
    known = dict[PackageName, tuple[LockedId, ...]]()
    for one in ids:
        known[one.name] = (*known.get(one.name, ()), one)

    def package(pair: tuple[LockedId, PackageTable]) -> LockedPackage:
        return _package(*pair, known, check_wheels=check_wheels)

    return each("package", package, zip(ids, tables, strict=True))


def _id(table: PackageTable) -> LockedId:
    return LockedId(
        within(("name",), package_name, table.name),
        read_version(table.version),
        within(("source",), read_source, table.source),
    )


def _package(own: LockedId, table: PackageTable, known: Known, *, check_wheels: bool) -> LockedPackage:
    if own.version is None and isinstance(own.source, LockedRegistry):
        raise BadKey((), f"Package `{own.name}` from a registry source has a missing `version` field")
    wheels = each("wheels", _wheel, table.wheels)
    if check_wheels and own.version is not None:
        for at, wheel in enumerate(wheels):
            within(("wheels", at), lambda one: _check_version(own, one), wheel)

    def edge(each_table: DependencyTable) -> LockedDependency:
        return _edge(each_table, known)

    def edges(tables: tuple[DependencyTable, ...]) -> tuple[LockedDependency, ...]:
        return tuple([edge(one) for one in tables])

    groups = table.dev_dependencies or table.older_dev_dependencies
    return LockedPackage(
        own,
        _default_groups(table.default_groups),
        each("resolution-markers", parse_marker, table.resolution_markers),
        each("dependencies", edge, table.dependencies),
        None if table.sdist is None else _sdist(own, within(("sdist",), read_file, table.sdist)),
        wheels,
        tuple((extra_name(name), each(name, edge, found)) for name, found in table.optional_dependencies.items()),
        tuple((group_name(name), edges(found)) for name, found in groups.items()),
        read_ranges(table.group_requires_python),
        _metadata(table),
    )


def _wheel(table: FileTable) -> LockedFile:
    found = read_file(table)
    if not found.filename:
        raise InvalidText("wheel has no URL, path, or filename")
    return found


def _check_version(own: LockedId, wheel: LockedFile) -> None:
    """A wheel of another version than its package's was put there by mistake or on purpose; neither is installed."""
    version = parse_wheel_name(wheel.filename).version
    if own.version not in (version, Version(version.public)):
        raise InvalidText(
            f"The entry for package `{own.name}` ({own.version}) has wheel `{wheel.filename}` with inconsistent version"
            f" ({version}), which indicates a malformed wheel. If this is intentional, set"
            " `UV_SKIP_WHEEL_FILENAME_CHECK=1`."
        )


def _sdist(own: LockedId, file: LockedFile) -> LockedFile:
    """Name an sdist that is the package's very source."""
    match own.source:
        case LockedUrl(url=url):
            return file if file.filename else msgspec.structs.replace(file, filename=url.filename)
        case LockedArchive(path=path):
            return file if file.filename else msgspec.structs.replace(file, filename=path.rpartition("/")[2])
        case _:
            return file


def _edge(table: DependencyTable, known: Known) -> LockedDependency:
    name = within(("name",), package_name, table.name)
    same = known.get(name, ())
    source = None if table.source is None else within(("source",), read_source, table.source)
    version = read_version(table.version)
    if source is None:
        if len(same) != 1:
            raise InvalidText(f"Dependency `{name}` has missing `source` field but has more than one matching package")
        source = same[0].source
    if version is None and len(same) == 1:
        version = same[0].version
    if version is None and not isinstance(source, LockedTree):
        raise InvalidText(f"Dependency `{name}` has missing `version` field but has more than one matching package")
    extras = each("extra", extra_name, table.extra)
    return LockedDependency(LockedId(name, version, source), extras, read_marker(table.marker))


def _default_groups(value: str | tuple[str, ...] | None) -> DefaultGroups | None:
    if isinstance(value, str):
        if value != "all":
            raise BadKey(("default-groups",), f'expected "all" or a list of groups, found "{value}"')
        return AllGroups()
    return None if value is None else each("default-groups", group_name, value)


def _metadata(table: PackageTable) -> LockedMetadata:
    found = table.metadata
    groups = found.requires_dev or found.older_requires_dev
    return LockedMetadata(
        within(("metadata",), lambda one: each("requires-dist", read_requirement, one), found.requires_dist),
        within(("metadata",), lambda one: each("provides-extras", extra_name, one), found.provides_extras),
        within(("metadata", "requires-dev"), _groups, groups),
    )


def _groups(
    tables: dict[str, tuple[RequirementTable, ...]],
) -> tuple[tuple[GroupName, tuple[LockedRequirement, ...]], ...]:
    return tuple((group_name(name), each(name, read_requirement, found)) for name, found in tables.items())


def read_ranges(tables: dict[str, str]) -> tuple[tuple[GroupName, SpecifierSet], ...]:
    """Read the Python ranges of groups."""
    return tuple((group_name(name), within((name,), parse_specifier, text)) for name, text in tables.items())


def read_manifest(table: ManifestTable) -> LockManifest:
    """Read what was asked for beside the members' own requirements."""
    return LockManifest(
        each("members", package_name, table.members),
        _default_groups(table.default_groups),
        each("requirements", read_requirement, table.requirements),
        each("constraints", read_requirement, table.constraints),
        each("overrides", _override, table.overrides),
        each("excludes", _exclude, table.excludes),
        each("build-constraints", read_requirement, table.build_constraints),
        within(("dependency-groups",), _groups, table.dependency_groups),
        read_ranges(table.group_requires_python),
        each("dependency-metadata", _static_metadata, table.dependency_metadata),
    )


def _override(table: dict[str, Any]) -> LockedRequirement | ScopedOverride:
    try:
        if "package" not in table:
            return read_requirement(msgspec.convert(table, RequirementTable))
        scoped = msgspec.convert(table, OverrideTable)
    except msgspec.ValidationError as error:
        raise wrong_type(error) from error
    return ScopedOverride(
        package_name(scoped.package.name),
        read_version(scoped.package.version),
        each("dependencies", read_requirement, scoped.dependencies),
    )


def _exclude(value: str | dict[str, Any]) -> PackageName | ScopedExclude:
    if isinstance(value, str):
        return package_name(value)
    try:
        scoped = msgspec.convert(value, ExcludeTable)
    except msgspec.ValidationError as error:
        raise wrong_type(error) from error
    return ScopedExclude(
        package_name(scoped.package.name),
        read_version(scoped.package.version),
        each("dependencies", package_name, scoped.dependencies),
    )


def _static_metadata(table: StaticMetadataTable) -> StaticMetadata:
    python = table.requires_python
    return StaticMetadata(
        within(("name",), package_name, table.name),
        read_version(table.version),
        table.requires_dist,
        None if python is None else within(("requires-python",), parse_specifier, python),
        each("provides-extras", extra_name, table.provides_extras),
    )
