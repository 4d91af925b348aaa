"""pylock.toml read (PEP 751): only files of major version 1, each fault told with its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

import msgspec
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.marker_text import parse_marker
from keyrack.formats.requirements_txt import DIGEST_LENGTHS
from keyrack.formats.specifier_text import parse_specifier
from keyrack.formats.text_fault import Fault
from keyrack.formats.toml_place import Path
from keyrack.formats.toml_text import marked, parse_toml
from keyrack.values.artifact import Digest
from keyrack.values.credentials import complete_in
from keyrack.values.names import extra_name, group_name, package_name
from keyrack.values.pylock import Pylock, PylockDirectory, PylockFile, PylockPackage, PylockVcs
from keyrack.values.url import ParsedUrl, parse_url

T = TypeVar("T")
R = TypeVar("R")


class _FileTable(msgspec.Struct, rename="kebab"):
    hashes: dict[str, str]
    name: str = ""
    url: str | None = None
    path: str = ""
    upload_time: Any = None
    size: int | None = None
    subdirectory: str = ""


class _DirectoryTable(msgspec.Struct, rename="kebab"):
    path: str
    editable: bool | None = None
    subdirectory: str = ""


class _VcsTable(msgspec.Struct, rename="kebab"):
    type: str
    commit_id: str
    url: str | None = None
    path: str = ""
    requested_revision: str = ""
    subdirectory: str = ""


class _PackageTable(msgspec.Struct, rename="kebab"):
    name: str
    version: str | None = None
    marker: str = ""
    requires_python: str | None = None
    index: str | None = None
    vcs: _VcsTable | None = None
    directory: _DirectoryTable | None = None
    archive: _FileTable | None = None
    sdist: _FileTable | None = None
    wheels: tuple[_FileTable, ...] | None = None


class _Document(msgspec.Struct, rename="kebab"):
    lock_version: str
    created_by: str
    packages: tuple[_PackageTable, ...]
    environments: tuple[str, ...] = ()
    requires_python: str | None = None
    extras: tuple[str, ...] = ()
    dependency_groups: tuple[str, ...] = ()
    default_groups: tuple[str, ...] = ()


def parse_pylock(text: str, place: str) -> Pylock:
    """Read a lock file. `InvalidText` names the file, and shows the line that is wrong; secrets in it are masked."""
    wrong = f"Not a valid `pylock.toml` file: {place}"
    try:
        document = parse_toml(text, place)
    except InvalidText as error:
        raise InvalidText(wrong, causes=error.causes) from error.__cause__
    try:
        return _read(document)
    except BadKey as error:
        told = error.told(text) if error.path else marked(text.partition("\n")[0], 1, 1, error.message)
        raise InvalidText(wrong, causes=(told,)) from error


def _read(document: dict[str, Any]) -> Pylock:
    _at(("lock-version",), str(document.get("lock-version", "1.0")), _check_version)
    try:
        raw = msgspec.convert(document, type=_Document)
    except msgspec.ValidationError as error:
        raise _bad_shape(str(error)) from error
    return Pylock(
        packages=tuple(_package(table, ("packages", at)) for at, table in enumerate(raw.packages)),
        environments=tuple(_at(("environments",), each, parse_marker) for each in raw.environments),
        requires_python=_specifier(raw.requires_python, ("requires-python",)),
        extras=tuple(_at(("extras",), each, extra_name) for each in raw.extras),
        groups=tuple(_at(("dependency-groups",), each, group_name) for each in raw.dependency_groups),
        default_groups=tuple(_at(("default-groups",), each, group_name) for each in raw.default_groups),
    )


def _bad_shape(message: str) -> BadKey:
    """Turn msgspec's words and path into a place: `... - at `$.packages[0].sdist``."""
    what, _, trail = message.partition(" - at `$")
    path: Path = ()
    for step in filter(None, trail.rstrip("`").partition("[...]")[0].replace("[", ".[").split(".")):
        path = (*path, int(step[1:-1]) if step.startswith("[") else step)
    if what.startswith("Object missing required field"):
        field = what.partition("`")[2].rstrip("`")
        return BadKey(path, f"missing field `{field}`", of_key=True)
    return BadKey(path, f"invalid type: {what[:1].lower()}{what[1:]}")


def _at(path: Path, value: T, read: Callable[[T], R]) -> R:
    try:
        return read(value)
    except Fault as fault:
        raise BadKey(path, fault.message) from fault
    except InvalidText as error:
        raise BadKey(path, "\n".join((error.message, *error.causes))) from error


def _check_version(text: str) -> None:
    if text.partition(".")[0] != "1":
        raise InvalidText(f"unsupported lock version (`{text}`, but only major version 1 is supported)")


def _specifier(text: str | None, path: Path) -> SpecifierSet | None:
    return None if text is None else _at(path, text, parse_specifier)


def _package(table: _PackageTable, path: Path) -> PylockPackage:
    return PylockPackage(
        name=_at((*path, "name"), table.name, package_name),
        version=None if table.version is None else _at((*path, "version"), table.version, _version),
        marker=_at((*path, "marker"), table.marker, _marker),
        requires_python=_specifier(table.requires_python, (*path, "requires-python")),
        index=None if table.index is None else _at((*path, "index"), table.index, parse_url).url,
        vcs=None if table.vcs is None else _vcs(table.vcs, (*path, "vcs")),
        directory=None if table.directory is None else _directory(table.directory),
        archive=None if table.archive is None else _file(table.archive, (*path, "archive")),
        sdist=None if table.sdist is None else _file(table.sdist, (*path, "sdist")),
        wheels=None if table.wheels is None else tuple(_file(each, (*path, "wheels")) for each in table.wheels),
    )


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion as error:
        raise InvalidText(f"expected a version, found `{text}`") from error


def _marker(text: str) -> Marker | None:
    return parse_marker(text) if text else None


def _directory(table: _DirectoryTable) -> PylockDirectory:
    return PylockDirectory(table.path, table.editable, table.subdirectory)


def _vcs(table: _VcsTable, path: Path) -> PylockVcs:
    if table.type != "git":
        raise BadKey((*path, "type"), f"unknown variant `{table.type}`, expected `git`")
    parsed = _url(table.url, path)
    return PylockVcs(
        commit=table.commit_id,
        url=None if parsed is None else parsed.url,
        path=table.path,
        revision=table.requested_revision,
        subdirectory=table.subdirectory,
        credentials=None if parsed is None else complete_in(parsed),
    )


def _file(table: _FileTable, path: Path) -> PylockFile:
    parsed = _url(table.url, path)
    return PylockFile(
        url=None if parsed is None else parsed.url,
        path=table.path,
        name=table.name,
        upload_time=_at(path, table.upload_time, _moment),
        size=table.size,
        digests=_at(path, table.hashes, _digests),
        subdirectory=table.subdirectory,
        credentials=None if parsed is None else complete_in(parsed),
    )


def _url(text: str | None, path: Path) -> ParsedUrl | None:
    return None if text is None else _at(path, text, parse_url)


def _digests(table: dict[str, str]) -> tuple[Digest, ...]:
    """Read the hashes that we can check; others (PEP 751 allows any of hashlib's) are passed over."""
    found = list[Digest]()
    for algorithm, value in table.items():
        expected = DIGEST_LENGTHS.get(algorithm)
        if expected is not None and len(value) != expected:
            raise InvalidText(
                f"Invalid hash digest length (expected {expected} hexadecimal characters, found {len(value)})",
                causes=(f"in `{algorithm}`",),
            )
        if expected is not None:
            found.append(Digest(algorithm, value.lower()))
    return tuple(found)


def _moment(value: object) -> str:
    """Write a time as RFC 3339 in UTC; a date means its first moment, a time without zone one in UTC."""
    if value is None:
        return ""
    if not isinstance(value, date):  # a datetime is one, too
        raise InvalidText("invalid type: expected a date and time")
    found = value if isinstance(value, datetime) else datetime.combine(value, time())
    found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return found.isoformat().replace("+00:00", "Z")
