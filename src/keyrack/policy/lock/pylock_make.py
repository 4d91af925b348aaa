"""From a resolution to a pylock.toml (PEP 751): which files of each version it lists, and whose they are."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec
from packaging.markers import Marker
from packaging.version import Version

from keyrack.values.artifact import Digest, File
from keyrack.values.index import Indexes, IndexId
from keyrack.values.names import PackageName
from keyrack.values.pylock import PylockDirectory, PylockFile, PylockPackage, PylockVcs
from keyrack.values.requirement import FromIndex, FromTree, FromUrl, RequirementSource
from keyrack.values.settings import Selection
from keyrack.values.url import Url, local_path


class Locked(msgspec.Struct, frozen=True):
    """One version that was chosen. `files` are all of its version, in the index's order; `digests` those of its URL.

    `given` is the path of a local source as the user wrote it: one that was absolute stays so.
    """

    name: PackageName
    version: Version
    source: RequirementSource
    files: tuple[File, ...] = ()
    marker: Marker | None = None
    digests: tuple[Digest, ...] = ()
    given: str = ""


class Making(msgspec.Struct, frozen=True):
    """How files are chosen and written: paths relative to `folder`; `fits` says which wheels somebody could use.

    The files of `untold` carry no name of their index: it is the one that every copy of keyrack knows.
    """

    folder: str
    indexes: Indexes
    fits: Callable[[Locked, File], bool]
    no_binary: Selection = Selection()
    no_build: Selection = Selection()
    untold: IndexId | None = None


def to_package(one: Locked, making: Making) -> PylockPackage:
    """Make the entry of one package."""
    bare = PylockPackage(one.name, one.version, one.marker)
    source = one.source
    match source:
        case FromIndex():
            return _from_index(bare, one, making)
        case FromUrl(url=url, subdirectory=subdirectory):
            archive = msgspec.structs.replace(
                _archive(url, one, making), digests=one.digests, subdirectory=subdirectory
            )
            return msgspec.structs.replace(bare, archive=archive)
        case FromTree(path=path, editable=editable):
            tree = PylockDirectory(_placed(path, one, making), editable)
            return msgspec.structs.replace(bare, version=None, directory=tree)
        case _:
            subdirectory = source.subdirectory
            vcs = PylockVcs(source.commit, url=source.url, revision=source.revision, subdirectory=subdirectory)
            return msgspec.structs.replace(bare, vcs=vcs)


def _from_index(bare: PylockPackage, one: Locked, making: Making) -> PylockPackage:
    wheels = [file for file in one.files if file.filename.endswith(".whl") and making.fits(one, file)]
    sdist = next((file for file in one.files if not file.filename.endswith(".whl")), None)
    if making.no_binary.holds(one.name):
        wheels = []
    if making.no_build.holds(one.name):
        sdist = None
    return msgspec.structs.replace(
        bare,
        index=_index(one, making),
        sdist=None if sdist is None else _file(sdist),
        wheels=tuple(map(_file, wheels)) or None,
    )


def _index(one: Locked, making: Making) -> Url | None:
    origins: Mapping[IndexId, None] = {file.origin: None for file in one.files if file.origin is not None}
    origin = next(iter(origins), None)
    if origin is None or origin == making.untold:
        return None
    found = making.indexes.by_id(origin)
    return None if found is None else found.url


def _file(file: File) -> PylockFile:
    return PylockFile(
        url=file.url,
        name="" if file.url.filename == file.filename else file.filename,
        upload_time=_seconds(file.upload_time),
        size=file.size,
        digests=file.digests,
    )


def _archive(url: Url, one: Locked, making: Making) -> PylockFile:
    if url.scheme == "file":
        return PylockFile(path=_placed(local_path(url), one, making))
    return PylockFile(url=url)


def _placed(path: str, one: Locked, making: Making) -> str:
    return path if one.given.startswith(("/", "file:")) else posixpath.relpath(path, making.folder)


def _seconds(upload_time: str | None) -> str:
    """Cut a time to seconds, in UTC; "" for none, and for what is no time."""
    try:
        found = datetime.fromisoformat(upload_time or "")
    except ValueError:
        return ""
    found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return found.replace(microsecond=0).isoformat().replace("+00:00", "Z")
