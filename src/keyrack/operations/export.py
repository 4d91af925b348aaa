"""`export`: a lock in, a requirements.txt or a pylock.toml out."""

from __future__ import annotations

import posixpath
from enum import Enum
from urllib.parse import parse_qsl, quote

import msgspec

from keyrack.adapters.disk import write_atomic
from keyrack.formats.export_text import ExportLine, render_export
from keyrack.formats.pylock_text import write_pylock
from keyrack.policy.lock.flatten import Flat, Flattening, flatten
from keyrack.values.artifact import Digest
from keyrack.values.lock import (
    Lock,
    LockedArchive,
    LockedFile,
    LockedGit,
    LockedPackage,
    LockedRegistry,
    LockedTree,
    LockedUrl,
    TreeKind,
)
from keyrack.values.pylock import Pylock, PylockDirectory, PylockFile, PylockPackage, PylockVcs
from keyrack.values.url import Url


class ExportFormat(Enum):
    """`--format`."""

    REQUIREMENTS = "requirements.txt"
    PYLOCK = "pylock.toml"


class ExportRequest(msgspec.Struct, frozen=True):
    """What is exported, and how. `root` is the folder of the lock; `editable` None is as the lock says."""

    lock: Lock
    root: str
    asked: Flattening
    format: ExportFormat = ExportFormat.REQUIREMENTS
    with_hashes: bool = True
    annotated: bool = True
    editable: bool | None = None


def export(request: ExportRequest) -> str:
    """Give the text, without its header. Raises `LockDoesNotFit`."""
    found = flatten(request.lock, request.asked)
    if request.format is ExportFormat.PYLOCK:
        lock, packages = request.lock, tuple(_package(one, request) for one in found)
        return write_pylock(Pylock(packages, lock.requires_python, environments=lock.supported_markers))
    lines = (ExportLine(one.package, one.marker, one.required_by, request.editable) for one in found)
    return render_export(lines, with_hashes=request.with_hashes, annotated=request.annotated)


def save(path: str, text: str) -> None:
    """Write an export into its file."""
    write_atomic(path, text.encode("utf-8"))


def _package(one: Flat, request: ExportRequest) -> PylockPackage:
    package = one.package
    bare = PylockPackage(package.id.name, package.id.version, one.marker)
    source = package.id.source
    match source:
        case LockedRegistry():
            return _from_index(bare, package, source, request)
        case LockedGit(url=url):
            asked = dict(parse_qsl(url.query))
            revision = next((asked[key] for key in ("tag", "branch", "rev") if key in asked), "")
            plain = msgspec.structs.replace(url, query="", fragment="")
            vcs = PylockVcs(url.fragment, url=plain, revision=revision, subdirectory=asked.get("subdirectory", ""))
            return msgspec.structs.replace(bare, vcs=vcs)
        case LockedUrl(url=url, subdirectory=subdirectory):
            archive = PylockFile(url, digests=_digests(package), subdirectory=subdirectory)
            return msgspec.structs.replace(bare, archive=archive)
        case LockedArchive(path=path):
            return msgspec.structs.replace(bare, archive=PylockFile(path=path, digests=_digests(package)))
        case LockedTree():
            is_editable = source.kind is TreeKind.EDITABLE if request.editable is None else request.editable
            return msgspec.structs.replace(bare, version=None, directory=PylockDirectory(source.path, is_editable))


def _from_index(
    bare: PylockPackage, package: LockedPackage, source: LockedRegistry, request: ExportRequest
) -> PylockPackage:
    folder = "" if source.url is not None else posixpath.join(request.root.replace("\\", "/"), source.path)
    wheels = tuple(_file(file, folder) for file in package.wheels)
    return msgspec.structs.replace(
        bare,
        index=source.url or _file_url(folder),
        sdist=None if package.sdist is None else _file(package.sdist, folder),
        wheels=wheels or None,
    )


def _digests(package: LockedPackage) -> tuple[Digest, ...]:
    files = (*package.wheels, *((package.sdist,) if package.sdist is not None else ()))
    return tuple(file.digest for file in files if file.digest is not None)


def _file(file: LockedFile, folder: str) -> PylockFile:
    uploaded = file.upload_time.partition(".")[0].rstrip("Z")
    return PylockFile(
        url=file.url or _file_url(posixpath.join(folder, file.path)),
        upload_time=f"{uploaded}Z" if uploaded else "",
        size=file.size,
        digests=() if file.digest is None else (file.digest,),
    )


def _file_url(path: str) -> Url:
    return Url("file", "", None, quote(posixpath.normpath(path)))
