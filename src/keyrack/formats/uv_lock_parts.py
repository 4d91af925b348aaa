"""Read the parts of uv.lock: sources, files, requirements, edges. What cannot be read is told as `BadKey`."""

from __future__ import annotations

from packaging.markers import Marker
from packaging.version import Version

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.marker_text import parse_marker
from keyrack.formats.specifier_text import parse_specifier
from keyrack.formats.uv_lock_place import each, within
from keyrack.formats.uv_lock_tables import ConflictTable, FileTable, RequirementTable, SourceTable
from keyrack.values.artifact import DIGEST_LENGTHS, Digest, parse_version
from keyrack.values.conflicts import ConflictItem
from keyrack.values.credentials import complete_in
from keyrack.values.lock import (
    LockedArchive,
    LockedFile,
    LockedGit,
    LockedRegistry,
    LockedRequirement,
    LockedSource,
    LockedTree,
    LockedUrl,
    RequiredFromIndex,
    RequiredSource,
    TreeKind,
)
from keyrack.values.names import ExtraName, GroupName, extra_name, group_name, package_name
from keyrack.values.url import Url, parse_url

_HASHES = "`md5`, `sha256`, `sha384`, `sha512`, or `blake2b`"


def read_source(table: SourceTable) -> LockedSource:
    """Read where a package comes from."""
    if table.registry is not None:
        if "://" in table.registry:
            return LockedRegistry(within(("registry",), _bare, table.registry))
        return LockedRegistry(path=table.registry)
    found = _elsewhere(table)
    if found is None:
        raise BadKey((), "it names none of `registry`, `git`, `url`, `path`, `directory`, `editable`, `virtual`")
    return found


def _elsewhere(
    table: SourceTable | RequirementTable,
) -> LockedGit | LockedUrl | LockedArchive | LockedTree | None:
    if table.git is not None:
        return LockedGit(within(("git",), _bare, table.git))
    if table.url is not None:
        return within(("url",), lambda text: _archive(text, table.subdirectory or ""), table.url)
    if table.path is not None:
        return LockedArchive(table.path)
    trees = (
        (table.directory, TreeKind.DIRECTORY),
        (table.editable, TreeKind.EDITABLE),
        (table.virtual, TreeKind.VIRTUAL),
    )
    return next((LockedTree(path, kind) for path, kind in trees if path is not None), None)


def _bare(text: str) -> Url:
    return parse_url(text).url


def _archive(text: str, subdirectory: str) -> LockedUrl:
    parsed = parse_url(text)
    return LockedUrl(parsed.url, subdirectory, complete_in(parsed))


def read_file(table: FileTable) -> LockedFile:
    """Read a wheel or an sdist; its name is that of its URL or path, where it has one."""
    digest = None if table.hash is None else within(("hash",), _digest, table.hash)
    uploaded = table.upload_time or table.older_upload_time or ""
    if table.url is not None:
        parsed = within(("url",), parse_url, table.url)
        name, credentials = parsed.url.filename, complete_in(parsed)
        return LockedFile(name, parsed.url, "", digest, table.size, uploaded, credentials)
    if table.path is not None:
        return LockedFile(table.path.rpartition("/")[2], None, table.path, digest, table.size, uploaded)
    return LockedFile(table.filename or "", None, "", digest, table.size, uploaded)


def _digest(text: str) -> Digest:
    algorithm, colon, value = text.partition(":")
    if not colon:
        raise InvalidText(f"Unexpected hash (expected `<algorithm>:<hash>`): {text}")
    if algorithm not in DIGEST_LENGTHS:
        raise InvalidText(f"Unsupported hash algorithm (expected one of: {_HASHES}) on: `{algorithm}`")
    return Digest(algorithm, value)


def read_requirement(table: RequirementTable) -> LockedRequirement:
    """Read a requirement as a project wrote it."""
    return LockedRequirement(
        within(("name",), package_name, table.name),
        each("extras", extra_name, table.extras),
        each("groups", group_name, table.groups),
        read_marker(table.marker),
        _required_source(table),
    )


def _required_source(table: RequirementTable) -> RequiredSource:
    found = _elsewhere(table)
    if found is not None:
        return found
    index = None if table.index is None else within(("index",), _bare, table.index)
    conflict = None if table.conflict is None else within(("conflict",), read_conflict, table.conflict)
    return RequiredFromIndex(within(("specifier",), parse_specifier, table.specifier), index, conflict)


def read_conflict(table: ConflictTable) -> ConflictItem:
    """Read what conflicts."""
    return ConflictItem(
        within(("package",), package_name, table.package),
        within(("extra",), extra_name, table.extra) if table.extra else ExtraName(""),
        within(("group",), group_name, table.group) if table.group else GroupName(""),
    )


def read_marker(text: str | None) -> Marker | None:
    """Read a marker; none is one that always holds."""
    return None if text is None else within(("marker",), parse_marker, text)


def read_version(text: str | None) -> Version | None:
    """Read a version; source trees may have none."""
    return None if text is None else within(("version",), parse_version, text)
