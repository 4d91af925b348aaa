"""`Lock`: what uv.lock holds. Every package with where it comes from, its files, and who needs whom under which marker.

Markers are as they stand in the file: shortened under the lock's `requires_python`. Paths are relative to its folder.
"""

from __future__ import annotations

from enum import Enum

import msgspec
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.values.artifact import Digest
from keyrack.values.conflicts import ConflictItem, ConflictSet
from keyrack.values.credentials import Complete
from keyrack.values.names import ExtraName, GroupName, PackageName
from keyrack.values.settings import ForkStrategy, PrereleaseMode, ResolutionMode
from keyrack.values.url import Url

VERSION = 1
"""The version of the format; any other is refused."""
REVISION = 5
"""The revision that is written; higher ones are read."""


class LockedRegistry(msgspec.Struct, frozen=True):
    """From an index: its URL without credentials, or the path of a local one."""

    url: Url | None = None
    path: str = ""


class LockedGit(msgspec.Struct, frozen=True):
    """From a repository. The URL's query has what was asked for (`rev`, `tag`, `branch`, `subdirectory`, `lfs`).

    Its fragment is the commit.
    """

    url: Url


class LockedUrl(msgspec.Struct, frozen=True):
    """From an archive on the web. `credentials` stood in the URL's text, and are never written."""

    url: Url
    subdirectory: str = ""
    credentials: Complete | None = None


class LockedArchive(msgspec.Struct, frozen=True):
    """From an archive on this disk."""

    path: str


class TreeKind(Enum):
    """What is done with a source tree: installed, installed so that changes take effect, or not installed at all."""

    DIRECTORY = "directory"
    EDITABLE = "editable"
    VIRTUAL = "virtual"


class LockedTree(msgspec.Struct, frozen=True):
    """From a source tree on this disk; `path` is `.` for the folder of the lock."""

    path: str
    kind: TreeKind = TreeKind.DIRECTORY


LockedSource = LockedRegistry | LockedGit | LockedUrl | LockedArchive | LockedTree


class LockedId(msgspec.Struct, frozen=True):
    """What tells one package of a lock from all others. Source trees whose version is dynamic have none."""

    name: PackageName
    version: Version | None
    source: LockedSource

    def __str__(self) -> str:
        """Write name and version as messages do."""
        return self.name if self.version is None else f"{self.name}=={self.version}"


class LockedFile(msgspec.Struct, frozen=True):
    """A wheel or an sdist. Of a registry it has a `url`, or a `path` below the registry's own.

    A package that is one file has neither: the source tells. `upload_time` is RFC 3339 as it stands in the lock.
    `credentials` stood in the link, and are never written (D11).
    """

    filename: str = ""
    url: Url | None = None
    path: str = ""
    digest: Digest | None = None
    size: int | None = None
    upload_time: str = ""
    credentials: Complete | None = None


class LockedDependency(msgspec.Struct, frozen=True):
    """One edge: the package that is needed, with which of its extras, and where."""

    id: LockedId
    extras: tuple[ExtraName, ...] = ()
    marker: Marker | None = None


class RequiredFromIndex(msgspec.Struct, frozen=True):
    """A requirement that an index answers: any, or the one at a URL; `conflict` is the part that pins it there."""

    specifier: SpecifierSet = SpecifierSet()
    index: Url | None = None
    conflict: ConflictItem | None = None


RequiredSource = RequiredFromIndex | LockedGit | LockedUrl | LockedArchive | LockedTree


class LockedRequirement(msgspec.Struct, frozen=True):
    """A requirement as a project wrote it, normalised; extras and groups in order."""

    name: PackageName
    extras: tuple[ExtraName, ...] = ()
    groups: tuple[GroupName, ...] = ()
    marker: Marker | None = None
    source: RequiredSource = RequiredFromIndex()


class LockedMetadata(msgspec.Struct, frozen=True):
    """What a source tree required when it was locked; this is what tells whether the lock is up to date."""

    requires_dist: tuple[LockedRequirement, ...] = ()
    provides_extras: tuple[ExtraName, ...] = ()
    requires_dev: tuple[tuple[GroupName, tuple[LockedRequirement, ...]], ...] = ()


class AllGroups(msgspec.Struct, frozen=True):
    """`default-groups = "all"`."""


DefaultGroups = AllGroups | tuple[GroupName, ...]


class LockedPackage(msgspec.Struct, frozen=True):
    """One package. `default_groups` None is `dev` alone; `resolution_markers` are those of the forks that chose it."""

    id: LockedId
    default_groups: DefaultGroups | None = None
    resolution_markers: tuple[Marker, ...] = ()
    dependencies: tuple[LockedDependency, ...] = ()
    sdist: LockedFile | None = None
    wheels: tuple[LockedFile, ...] = ()
    optional: tuple[tuple[ExtraName, tuple[LockedDependency, ...]], ...] = ()
    groups: tuple[tuple[GroupName, tuple[LockedDependency, ...]], ...] = ()
    group_requires_python: tuple[tuple[GroupName, SpecifierSet], ...] = ()
    metadata: LockedMetadata = LockedMetadata()


class LockedCutoff(msgspec.Struct, frozen=True, order=True):
    """`exclude-newer`: an `instant` (RFC 3339), or a `span` back from today (ISO 8601); neither switches it off."""

    instant: str = ""
    span: str = ""


class LockOptions(msgspec.Struct, frozen=True):
    """How the versions were chosen. `minimum_libc` has the name of each C library with its version."""

    resolution: ResolutionMode = ResolutionMode.HIGHEST
    prerelease: PrereleaseMode = PrereleaseMode.IF_NECESSARY
    fork_strategy: ForkStrategy = ForkStrategy.REQUIRES_PYTHON
    minimum_libc: tuple[tuple[str, str], ...] = ()
    exclude_newer: LockedCutoff | None = None
    prerelease_package: tuple[tuple[PackageName, PrereleaseMode], ...] = ()
    exclude_newer_package: tuple[tuple[PackageName, LockedCutoff], ...] = ()


class ScopedOverride(msgspec.Struct, frozen=True):
    """Requirements that stand in for those of one package (`version` None: of all its versions)."""

    package: PackageName
    version: Version | None = None
    dependencies: tuple[LockedRequirement, ...] = ()


class ScopedExclude(msgspec.Struct, frozen=True):
    """Names that are left out of the requirements of one package (`version` None: of all its versions)."""

    package: PackageName
    version: Version | None = None
    dependencies: tuple[PackageName, ...] = ()


class StaticMetadata(msgspec.Struct, frozen=True):
    """`[[tool.uv.dependency-metadata]]`: what is believed of a package; requirements as text in uv's form."""

    name: PackageName
    version: Version | None = None
    requires_dist: tuple[str, ...] = ()
    requires_python: SpecifierSet | None = None
    provides_extras: tuple[ExtraName, ...] = ()


class LockManifest(msgspec.Struct, frozen=True):
    """What was asked for beside the members' own requirements. `members` are empty for a project of one."""

    members: tuple[PackageName, ...] = ()
    default_groups: DefaultGroups | None = None
    requirements: tuple[LockedRequirement, ...] = ()
    constraints: tuple[LockedRequirement, ...] = ()
    overrides: tuple[LockedRequirement | ScopedOverride, ...] = ()
    excludes: tuple[PackageName | ScopedExclude, ...] = ()
    build_constraints: tuple[LockedRequirement, ...] = ()
    groups: tuple[tuple[GroupName, tuple[LockedRequirement, ...]], ...] = ()
    group_requires_python: tuple[tuple[GroupName, SpecifierSet], ...] = ()
    metadata: tuple[StaticMetadata, ...] = ()


class Lock(msgspec.Struct, frozen=True):
    """A whole lock. `revision` is that of the text it was read from; it is written as the one we know."""

    requires_python: SpecifierSet
    packages: tuple[LockedPackage, ...] = ()
    resolution_markers: tuple[Marker, ...] = ()
    supported_markers: tuple[Marker, ...] = ()
    required_markers: tuple[Marker, ...] = ()
    conflicts: tuple[ConflictSet, ...] = ()
    options: LockOptions = LockOptions()
    manifest: LockManifest = LockManifest()
    revision: int = REVISION

    def named(self, name: PackageName) -> tuple[LockedPackage, ...]:
        """Give the packages of a name, in the lock's order."""
        return tuple(each for each in self.packages if each.id.name == name)
