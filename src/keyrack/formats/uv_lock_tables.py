"""The tables of uv.lock as they stand there: names of keys and types of values, nothing read yet.

Keys that are not known here belong to later revisions, and say nothing to us.
"""

from __future__ import annotations

from typing import Any

import msgspec


class SourceTable(msgspec.Struct, frozen=True):
    """Where a package or a requirement comes from: one of these keys is there."""

    registry: str | None = None
    git: str | None = None
    url: str | None = None
    subdirectory: str | None = None
    path: str | None = None
    directory: str | None = None
    editable: str | None = None
    virtual: str | None = None


class FileTable(msgspec.Struct, frozen=True, rename="kebab"):
    """A wheel or an sdist; `upload_time` with an underscore is what revision 2 was first written with."""

    url: str | None = None
    path: str | None = None
    filename: str | None = None
    hash: str | None = None
    size: int | None = None
    upload_time: str | None = None
    older_upload_time: str | None = msgspec.field(default=None, name="upload_time")


class DependencyTable(msgspec.Struct, frozen=True):
    """An edge to a package; version and source only where the name alone does not tell."""

    name: str
    version: str | None = None
    source: SourceTable | None = None
    extra: tuple[str, ...] = ()
    marker: str | None = None


class ConflictTable(msgspec.Struct, frozen=True):
    """What conflicts: an extra, a group, or the package's own requirements."""

    package: str
    extra: str = ""
    group: str = ""


class RequirementTable(msgspec.Struct, frozen=True):
    """A requirement as a project wrote it."""

    name: str
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    marker: str | None = None
    specifier: str = ""
    index: str | None = None
    conflict: ConflictTable | None = None
    git: str | None = None
    url: str | None = None
    subdirectory: str | None = None
    path: str | None = None
    directory: str | None = None
    editable: str | None = None
    virtual: str | None = None


class MetadataTable(msgspec.Struct, frozen=True, rename="kebab"):
    """What a source tree required."""

    requires_dist: tuple[RequirementTable, ...] = ()
    provides_extras: tuple[str, ...] = ()
    requires_dev: dict[str, tuple[RequirementTable, ...]] = {}
    older_requires_dev: dict[str, tuple[RequirementTable, ...]] = msgspec.field(
        default_factory=dict, name="dependency-groups"
    )


class PackageTable(msgspec.Struct, frozen=True, rename="kebab"):
    """One package."""

    name: str
    source: SourceTable
    version: str | None = None
    default_groups: str | tuple[str, ...] | None = None
    resolution_markers: tuple[str, ...] = ()
    dependencies: tuple[DependencyTable, ...] = ()
    sdist: FileTable | None = None
    wheels: tuple[FileTable, ...] = ()
    optional_dependencies: dict[str, tuple[DependencyTable, ...]] = {}
    dev_dependencies: dict[str, tuple[DependencyTable, ...]] = {}
    older_dev_dependencies: dict[str, tuple[DependencyTable, ...]] = msgspec.field(
        default_factory=dict, name="dependency-groups"
    )
    group_requires_python: dict[str, str] = {}
    metadata: MetadataTable = MetadataTable()


class CutoffTable(msgspec.Struct, frozen=True):
    """A span with the instant that older readers take for it."""

    span: str
    timestamp: str = ""


class OptionsTable(msgspec.Struct, frozen=True, rename="kebab"):
    """How the versions were chosen."""

    resolution_mode: str | None = None
    prerelease_mode: str | None = None
    fork_strategy: str | None = None
    minimum_libc_version: dict[str, str] = {}
    exclude_newer: str | None = None
    exclude_newer_span: str | None = None
    prerelease_package: dict[str, str] = {}
    exclude_newer_package: dict[str, bool | str | CutoffTable] = {}


class StaticMetadataTable(msgspec.Struct, frozen=True, rename="kebab"):
    """What is believed of a package."""

    name: str
    version: str | None = None
    requires_dist: tuple[str, ...] = ()
    requires_python: str | None = None
    provides_extras: tuple[str, ...] = ()


class ManifestTable(msgspec.Struct, frozen=True, rename="kebab"):
    """What was asked for beside the members' own requirements; overrides and excludes have two forms each."""

    members: tuple[str, ...] = ()
    default_groups: str | tuple[str, ...] | None = None
    requirements: tuple[RequirementTable, ...] = ()
    constraints: tuple[RequirementTable, ...] = ()
    overrides: tuple[dict[str, Any], ...] = ()
    excludes: tuple[str | dict[str, Any], ...] = ()
    build_constraints: tuple[RequirementTable, ...] = ()
    dependency_groups: dict[str, tuple[RequirementTable, ...]] = {}
    group_requires_python: dict[str, str] = {}
    dependency_metadata: tuple[StaticMetadataTable, ...] = ()


class ScopeTable(msgspec.Struct, frozen=True):
    """Which package an override or an exclude is about."""

    name: str
    version: str | None = None


class OverrideTable(msgspec.Struct, frozen=True):
    """Requirements that stand in for those of one package."""

    package: ScopeTable
    dependencies: tuple[RequirementTable, ...] = ()


class ExcludeTable(msgspec.Struct, frozen=True):
    """Names that are left out of one package's requirements."""

    package: ScopeTable
    dependencies: tuple[str, ...] = ()


class LockTable(msgspec.Struct, frozen=True, rename="kebab"):
    """The whole document; packages were once called distributions."""

    requires_python: str
    version: int
    revision: int = 0
    resolution_markers: tuple[str, ...] = ()
    supported_markers: tuple[str, ...] = ()
    required_markers: tuple[str, ...] = ()
    conflicts: tuple[tuple[ConflictTable, ...], ...] = ()
    options: OptionsTable = OptionsTable()
    manifest: ManifestTable = ManifestTable()
    package: tuple[PackageTable, ...] = ()
    distribution: tuple[PackageTable, ...] = ()
