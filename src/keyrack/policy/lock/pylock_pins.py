"""From what was chosen of a pylock.toml to pins: every file gets the identity of the index that the file names for it.

The law of provenance (D16-D18): a package's `index` is held against the configured indexes by its canonical URL, and
the files of the package are asked for in the name of the index that it is, and of no other.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from urllib.parse import quote

from packaging.version import Version

from keyrack.policy.lock.pylock_choice import Chosen, UnusableLock, wheel_name
from keyrack.values.artifact import File, parse_sdist_name
from keyrack.values.graph import Pin, Resolution
from keyrack.values.index import Indexes, IndexId
from keyrack.values.metadata import Metadata
from keyrack.values.pylock import PylockFile, PylockPackage, PylockSource
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl, RequirementSource
from keyrack.values.url import Url, canonical

_UNKNOWN = Version("0")


def to_pins(chosen: Iterable[Chosen], indexes: Indexes, folder: str) -> Resolution:
    """Make a resolution of what was chosen; relative paths start at the absolute `folder`, "" for a file of the web."""
    pins = sorted((_pin(one, indexes, folder) for one in chosen), key=lambda pin: pin.name)
    return Resolution(tuple(pins))


def owner(index: Url | None, indexes: Indexes) -> IndexId | None:
    """Find the configured index that a lock file names; None where it names none, or one that is not known."""
    if index is None:
        return None
    place = canonical(index)
    return next((one.id for one in indexes.all if canonical(one.url) == place), None)


def _pin(one: Chosen, indexes: Indexes, folder: str) -> Pin:
    package = one.package
    origin = owner(package.index, indexes) if one.part in (PylockSource.WHEELS, PylockSource.SDIST) else None
    file = None if one.file is None else _file(one.file, origin, folder)
    is_wheel = file is not None and file.filename.endswith(".whl")
    version = package.version or _version(package, one.file)
    return Pin(
        name=package.name,
        version=version,
        extras=frozenset(),
        wheel=file if is_wheel else None,
        files=() if file is None else (file,),
        metadata=Metadata(package.name, version),
        source=_source(one, file, origin, folder),
        required_by=("",),
        expected=() if one.file is None else one.file.digests,
    )


def _source(one: Chosen, file: File | None, origin: IndexId | None, folder: str) -> RequirementSource:
    package = one.package
    if package.directory is not None:
        path = _path(posixpath.join(package.directory.path, package.directory.subdirectory), folder)
        return FromTree(path, editable=package.directory.editable)
    if package.vcs is not None:
        url = package.vcs.url or _file_url(_path(package.vcs.path, folder))
        return FromGit(
            url,
            revision=package.vcs.revision or package.vcs.commit,
            subdirectory=package.vcs.subdirectory,
            credentials=package.vcs.credentials,
            commit=package.vcs.commit,
        )
    if package.archive is not None and file is not None:
        return FromUrl(file.url, file.credentials, package.archive.subdirectory)
    return FromIndex(origin)


def _file(file: PylockFile, origin: IndexId | None, folder: str) -> File:
    url = _file_url(_path(file.path, folder)) if file.path else file.url
    if url is None:
        raise UnusableLock(f"The lock file does not say where `{file.name}` is")
    return File(
        filename=file.filename,
        url=url,
        origin=None if url.scheme == "file" else origin,
        digests=file.digests,
        size=file.size,
        upload_time=file.upload_time or None,
        credentials=file.credentials,
    )


def _version(package: PylockPackage, file: PylockFile | None) -> Version:
    """Read the version off the file's name where the lock file does not tell it; a tree's is known once it is built."""
    if file is None:
        return _UNKNOWN
    if file.filename.endswith(".whl"):
        return wheel_name(file).version
    return parse_sdist_name(file.filename, package.name).version


def _path(path: str, folder: str) -> str:
    if not folder:
        raise UnusableLock(
            f"The lock file names `{path}`, a path on this disk",
            causes=("A lock file that comes from the web may not name what lies on this disk",),
            hints=("Download the lock file, look at what it names, and give its path",),
        )
    return posixpath.normpath(posixpath.join(folder, path))


def _file_url(path: str) -> Url:
    return Url("file", "", None, quote(path if path.startswith("/") else f"/{path}"))
