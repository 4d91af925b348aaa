"""From the packages of a lock to pins: the best file of each, in the name of the index that the lock says it is from.

The law of provenance (D15 to D18): the owner of a locked file is the configured index whose canonical URL is that of
the lock's registry. Its identity goes with the file, to its own origin, and no other's ever does.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import assert_never
from urllib.parse import parse_qsl, quote

import msgspec
from packaging.version import Version

from keyrack.errors import KeyrackError
from keyrack.policy.index.tags import Tags
from keyrack.policy.lock.selecting import Selected
from keyrack.values.artifact import File, parse_wheel_name
from keyrack.values.graph import Pin, Resolution
from keyrack.values.index import Indexes, IndexId
from keyrack.values.lock import (
    Lock,
    LockedArchive,
    LockedFile,
    LockedGit,
    LockedId,
    LockedPackage,
    LockedRegistry,
    LockedTree,
    LockedUrl,
    TreeKind,
)
from keyrack.values.metadata import Metadata
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, RequirementSource, RevisionKind
from keyrack.values.settings import Selection
from keyrack.values.url import Url, canonical

_UNKNOWN = Version("0")


class NotInstallable(KeyrackError):
    """None of a package's locked files can be used here."""


class Fitting(msgspec.Struct, frozen=True):
    """Which files fit: the tags of the Python, and what may be built or not taken ready-made.

    `root` is the absolute folder of the lock, where paths start. `editable` False installs trees as they are now.
    """

    tags: Tags
    indexes: Indexes
    root: str
    no_binary: Selection = Selection()
    no_build: Selection = Selection()
    editable: bool | None = None


def to_resolution(selected: Iterable[Selected], fitting: Fitting) -> Resolution:
    """Make pins of what is to be installed, by name in order. Raises `NotInstallable`."""
    pins = [_pin(one, fitting) for one in selected if one.is_installed]
    return Resolution(tuple(sorted(pins, key=lambda pin: pin.name)))


def registries(lock: Lock) -> tuple[Url, ...]:
    """Give the URLs of all indexes that a lock names, in its order."""
    sources = (package.id.source for package in lock.packages)
    return tuple(
        dict.fromkeys(source.url for source in sources if isinstance(source, LockedRegistry) and source.url is not None)
    )


def owner(registry: Url, indexes: Indexes) -> IndexId | None:
    """Find the configured index that a lock names: userinfo, a slash at the end and a default port do not count."""
    place = canonical(registry)
    return next((index.id for index in indexes.all if canonical(index.url) == place), None)


def _pin(one: Selected, fitting: Fitting) -> Pin:
    package = one.package
    version = package.id.version or _UNKNOWN
    wheel, files = _files(package, fitting)
    return Pin(
        name=package.id.name,
        version=version,
        extras=frozenset(),
        wheel=wheel,
        files=files,
        metadata=Metadata(package.id.name, version),
        source=_source(package, wheel, files, fitting),
        required_by=one.required_by,
        expected=tuple(digest for file in files for digest in file.digests),
    )


def _files(package: LockedPackage, fitting: Fitting) -> tuple[File | None, tuple[File, ...]]:
    """Give the wheel to install, else the sdist to build; trees and repositories have neither."""
    source = package.id.source
    if isinstance(source, LockedGit | LockedTree):
        _check_build(package.id, fitting)
        return None, ()
    name = package.id.name
    may_have_wheel, may_build = not fitting.no_binary.holds(name), not fitting.no_build.holds(name)
    best = _best_wheel(package, fitting.tags)
    if best is not None and may_have_wheel:
        wheel = _file(best, source, fitting)
        return wheel, (wheel,)
    if package.sdist is not None and may_build:
        return None, (_file(package.sdist, source, fitting),)
    raise _unusable(package, fitting)


def _check_build(package: LockedId, fitting: Fitting) -> None:
    if fitting.no_build.holds(package.name):
        raise NotInstallable(
            f"Distribution `{told(package)}` can't be installed because it is marked as `--no-build` but has no binary"
            " distribution"
        )


def _best_wheel(package: LockedPackage, tags: Tags) -> LockedFile | None:
    """Give the wheel whose tag fits best; of equal ones the later build, then the earlier in the lock."""
    best: tuple[tuple[int, tuple[int, str] | tuple[()]], LockedFile] | None = None
    for wheel in package.wheels:
        name = parse_wheel_name(wheel.filename)
        rank = tags.fit(".".join(name.pythons), ".".join(name.abis), ".".join(name.platforms))
        if type(rank) is not int:
            continue
        score = -rank, name.build
        if best is None or score > best[0]:
            best = score, wheel
    return None if best is None else best[1]


def _file(file: LockedFile, source: LockedRegistry | LockedUrl | LockedArchive, fitting: Fitting) -> File:
    url, origin, credentials = file.url, None, file.credentials
    match source:
        case LockedRegistry(url=registry, path=path):
            origin = None if registry is None else owner(registry, fitting.indexes)
            url = url or _file_url(posixpath.join(fitting.root, path, file.path))
        case LockedUrl(url=place, credentials=given):
            url, credentials = url or place, credentials or given
        case LockedArchive(path=path):
            url = url or _file_url(posixpath.join(fitting.root, path))
        case _:
            assert_never(source)
    return File(
        filename=file.filename,
        url=url,
        origin=None if url.scheme == "file" else origin,
        digests=() if file.digest is None else (file.digest,),
        size=file.size,
        upload_time=file.upload_time or None,
        credentials=credentials,
    )


def _source(package: LockedPackage, wheel: File | None, files: tuple[File, ...], fitting: Fitting) -> RequirementSource:
    source = package.id.source
    match source:
        case LockedRegistry():
            return FromIndex((wheel or files[0]).origin)
        case LockedGit():
            return _repository(source)
        case LockedUrl():
            return FromUrl((wheel or files[0]).url, source.credentials, source.subdirectory)
        case LockedArchive():
            return FromUrl((wheel or files[0]).url)
        case LockedTree():
            is_editable = source.kind is TreeKind.EDITABLE if fitting.editable is None else fitting.editable
            return FromTree(posixpath.normpath(posixpath.join(fitting.root, source.path)), editable=is_editable)
        case _:
            assert_never(source)


def _repository(source: LockedGit) -> FromGit:
    asked = dict(parse_qsl(source.url.query))
    kind = next((each for each in RevisionKind if each.value in asked), RevisionKind.ANY)
    return FromGit(
        msgspec.structs.replace(source.url, query="", fragment=""),
        revision=asked.get(kind.value, ""),
        subdirectory=asked.get("subdirectory", ""),
        kind=kind,
        commit=source.url.fragment,
        lfs=asked.get("lfs", "").lower() == "true",
    )


def _unusable(package: LockedPackage, fitting: Fitting) -> NotInstallable:
    """Say why none of a package's files can be used (uv's words)."""
    name = package.id.name
    no_binary, no_build = fitting.no_binary.holds(name), fitting.no_build.holds(name)
    is_wheel = isinstance(package.id.source, LockedUrl | LockedArchive) and package.sdist is None
    if no_binary and no_build:
        why = "it is marked as both `--no-binary` and `--no-build`"
    elif no_binary and is_wheel:
        why = "it is marked as `--no-binary` but is itself a binary distribution"
    elif no_binary:
        why = "it is marked as `--no-binary` but has no source distribution"
    elif no_build:
        why = "it is marked as `--no-build` but has no binary distribution"
    elif is_wheel:
        why = "the binary distribution is incompatible with the current platform"
    else:
        why = "it doesn't have a source distribution or wheel for the current platform"
    hints = () if no_binary or no_build else _hints(package, fitting.tags)
    return NotInstallable(f"Distribution `{told(package.id)}` can't be installed because {why}", hints=hints)


def _hints(package: LockedPackage, tags: Tags) -> tuple[str, ...]:
    """Say which tags the wheels have instead."""
    if not package.wheels or tags.best is None:
        return ()
    best = f"`{tags.best.python}-{tags.best.abi}-{tags.best.platform}`"
    found = sorted({f"`{'-'.join(wheel.filename[:-4].rsplit('-', 3)[1:])}`" for wheel in package.wheels})
    version = f" (v{package.id.version})" if package.id.version else ""
    others = ", ".join(found)
    return (f"The best tag of this Python is {best}, but `{package.id.name}`{version} only has wheels for {others}",)


def told(package: LockedId) -> str:
    """Name a package with its source, as uv's messages about locks do; a URL shows nothing that may be a token."""
    source = package.source
    match source:
        case LockedRegistry():
            place = f"registry+{source.url or source.path}"
        case LockedGit():
            place = f"git+{source.url}"
        case LockedUrl():
            place = f"direct+{source.url}"
        case LockedArchive():
            place = f"path+{source.path}"
        case LockedTree():
            place = f"{source.kind.value}+{source.path}"
        case _:
            assert_never(source)
    return f"{package} @ {place}"


def _file_url(path: str) -> Url:
    path = posixpath.normpath(path)
    return Url("file", "", None, quote(path if path.startswith("/") else f"/{path}"))
