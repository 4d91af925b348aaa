"""`Pylock`: what a pylock.toml holds (PEP 751). Paths are relative to its folder, unless they are absolute."""

from __future__ import annotations

from enum import Enum

import msgspec
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from keyrack.values.artifact import Digest
from keyrack.values.credentials import Complete
from keyrack.values.names import ExtraName, GroupName, PackageName
from keyrack.values.url import Url


class PylockFile(msgspec.Struct, frozen=True):
    """One file of a package, at a URL or on this disk; `name` is its file name where neither ends in it.

    `upload_time` is RFC 3339 in UTC. `credentials` stood in the URL's text, and are never written.
    """

    url: Url | None = None
    path: str = ""
    name: str = ""
    upload_time: str = ""
    size: int | None = None
    digests: tuple[Digest, ...] = ()
    subdirectory: str = ""
    credentials: Complete | None = None

    @property
    def filename(self) -> str:
        """The name that says what the file is."""
        if self.name:
            return self.name
        return self.path.replace("\\", "/").rsplit("/", 1)[-1] if self.path else self.url.filename if self.url else ""


class PylockDirectory(msgspec.Struct, frozen=True):
    """A source tree on this disk."""

    path: str
    editable: bool | None = None
    subdirectory: str = ""


class PylockVcs(msgspec.Struct, frozen=True):
    """A commit of a repository, at a URL or on this disk. `revision` is what was asked for."""

    commit: str
    kind: str = "git"
    url: Url | None = None
    path: str = ""
    revision: str = ""
    subdirectory: str = ""
    credentials: Complete | None = None


class PylockSource(Enum):
    """The parts of a package that say where it is from; what an index has may be in two of them."""

    WHEELS = "wheels"
    SDIST = "sdist"
    DIRECTORY = "directory"
    VCS = "vcs"
    ARCHIVE = "archive"


class PylockPackage(msgspec.Struct, frozen=True):
    """One package. `marker` tells where it is needed (None: everywhere), `index` which index listed its files.

    `wheels` are None where the file does not speak of wheels.
    """

    name: PackageName
    version: Version | None = None
    marker: Marker | None = None
    requires_python: SpecifierSet | None = None
    index: Url | None = None
    vcs: PylockVcs | None = None
    directory: PylockDirectory | None = None
    archive: PylockFile | None = None
    sdist: PylockFile | None = None
    wheels: tuple[PylockFile, ...] | None = None

    @property
    def sources(self) -> tuple[PylockSource, ...]:
        """Which parts the file speaks of."""
        return tuple(one for one in PylockSource if getattr(self, one.value) is not None)


class Pylock(msgspec.Struct, frozen=True):
    """A whole file, its packages in its order. `default_groups` count where no group is asked for.

    `environments` are those that the file is made for; none: it is made for all.
    """

    packages: tuple[PylockPackage, ...] = ()
    requires_python: SpecifierSet | None = None
    extras: tuple[ExtraName, ...] = ()
    groups: tuple[GroupName, ...] = ()
    default_groups: tuple[GroupName, ...] = ()
    environments: tuple[Marker, ...] = ()
