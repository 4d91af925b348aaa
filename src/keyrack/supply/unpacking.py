"""From a wheel's archive on disk to a verified, unpacked wheel in the store (PEP 427)."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from mmap import ACCESS_READ, mmap

from keyrack.adapters.archives import Archive, Entry, UnsafeArchive, contents, read_entries, read_member, whole
from keyrack.adapters.wheels import Unpacking, WheelStore
from keyrack.errors import InvalidText
from keyrack.formats.wheel_files import parse_entry_points, parse_record, parse_wheel
from keyrack.policy.install.verify import (
    OURS,
    UNHASHED,
    InvalidWheel,
    check_data,
    check_entry_points,
    check_facts,
    check_metadata,
    check_record,
    doubtful_launchers,
    find_stem,
)
from keyrack.values.artifact import Digest, WheelName
from keyrack.values.wheel import EntryPoint, Manifest, Member, RecordRow, StoredWheel, WheelFacts

_SMALL = 64 * 1024 * 1024
"""No file of a dist-info folder that is read whole is larger, in bytes."""
_QUICK = 1024 * 1024
"""Bytes of a file up to which it is unpacked, compared and written in one step: nearly all are smaller."""
_SHA256 = partial(hashlib.sha256, usedforsecurity=False)
_Piece = bytes | bytearray


def unpack(
    path: str,
    wheel: WheelName,
    digests: tuple[Digest, ...],
    store: WheelStore,
    go_on: Callable[[], None] = lambda: None,
) -> StoredWheel:
    """Verify the archive at `path` and put what it holds into the store; `digests` are the archive's own.

    `go_on` is called before each file, and may raise to end it. Raises `UnsafeArchive` and `InvalidWheel`; then
    nothing is left of it.
    """
    with open(path, "rb") as file:
        try:
            archive = mmap(file.fileno(), 0, access=ACCESS_READ)
        except ValueError as error:
            raise UnsafeArchive("Failed to read the archive", causes=("It is empty",)) from error
    with archive:
        verified = _Verified(archive, wheel, go_on)
        with store.begin(wheel.name) as unpacking:
            manifest = verified.fill(unpacking, digests)
            return store.finish(unpacking, manifest)


class _Verified:
    """A wheel whose own words agree with each other; its contents are compared with RECORD while they are written."""

    def __init__(self, archive: Archive, wheel: WheelName, go_on: Callable[[], None]) -> None:
        self.go_on = go_on
        self.archive = archive
        self.wheel = wheel
        self.entries = {entry.name: entry for entry in read_entries(archive)}
        paths = frozenset(self.entries)
        self.stem = find_stem(paths, wheel)
        check_data(paths, self.stem)
        self.facts: WheelFacts = parse_wheel(self._text("WHEEL"))
        self.warnings = check_facts(self.facts)
        check_metadata(self._text("METADATA"), wheel)
        self.entry_points: tuple[EntryPoint, ...] = ()
        if f"{self.stem}.dist-info/entry_points.txt" in self.entries:
            self.entry_points = parse_entry_points(self._text("entry_points.txt"))
            check_entry_points(self.entry_points)
            self.warnings += doubtful_launchers(self.entry_points)
        sizes = {name: entry.size for name, entry in self.entries.items()}
        self.rows = check_record(sizes, parse_record(self._text("RECORD")), self.stem)

    def fill(self, unpacking: Unpacking, digests: tuple[Digest, ...]) -> Manifest:
        """Write every file and say what was written."""
        dropped = {f"{self.stem}.dist-info/{name}" for name in OURS | UNHASHED}
        entries = [entry for name, entry in sorted(self.entries.items()) if name not in dropped]
        folders = _folders(entries)
        unpacking.make_folders(folders)
        members = tuple(self._write(entry, unpacking) for entry in entries)
        scripts = f"{self.stem}.data/scripts/"
        placeholders = (member.path for member in members if member.path.startswith(scripts))
        return Manifest(
            name=self.wheel.name,
            version_text=self.wheel.version_text,
            stem=self.stem,
            facts=self.facts,
            folders=folders,
            members=members,
            entry_points=self.entry_points,
            placeholders=tuple(path for path in placeholders if self._begins_with_placeholder(path)),
            digests=digests,
            warnings=self.warnings,
        )

    def _write(self, entry: Entry, unpacking: Unpacking) -> Member:
        self.go_on()
        row = self.rows[entry.name]
        if entry.size <= _QUICK:
            piece = whole(self.archive, entry)
            _check_hash(piece, row)
            modified = unpacking.write(entry.name, (piece,), executable=entry.is_executable)
            return Member(entry.name, entry.size, row.digest, entry.is_executable, modified)
        with closing(contents(self.archive, entry)) as pieces:
            modified = unpacking.write(entry.name, _compared(pieces, row), executable=entry.is_executable)
        return Member(entry.name, entry.size, row.digest, entry.is_executable, modified)

    def _text(self, name: str) -> str:
        path = f"{self.stem}.dist-info/{name}"
        entry = self.entries.get(path)
        if entry is None:
            raise InvalidWheel("The wheel is invalid", causes=(f"Missing `{path}`",))
        if entry.size > _SMALL:
            raise InvalidWheel("The wheel is invalid", causes=(f"`{path}` has {entry.size} bytes",))
        try:
            return read_member(self.archive, entry).decode("utf-8")
        except UnicodeDecodeError as error:
            raise InvalidText(f"`{path}` is not UTF-8") from error

    def _begins_with_placeholder(self, path: str) -> bool:
        return read_member(self.archive, self.entries[path]).startswith(b"#!python")


def _check_hash(piece: _Piece, row: RecordRow) -> None:
    algorithm, _, expected = row.digest.partition("=")
    digest = (
        _SHA256(piece).digest()
        if algorithm == "sha256"
        else hashlib.new(algorithm, piece, usedforsecurity=False).digest()
    )
    _compare(digest, expected, row)


def _compare(digest: bytes, expected: str, row: RecordRow) -> None:
    if urlsafe_b64encode(digest).rstrip(b"=") != expected.rstrip("=").encode():
        raise InvalidWheel("RECORD is invalid", causes=(f"`{row.path}` has another hash",))


def _compared(pieces: Iterator[_Piece], row: RecordRow) -> Iterator[_Piece]:
    """Hand the pieces on; when the last one has gone by, the hash must be the one of RECORD."""
    algorithm, _, expected = row.digest.partition("=")
    hashing = hashlib.new(algorithm, usedforsecurity=False)
    for piece in pieces:
        hashing.update(piece)
        yield piece
    _compare(hashing.digest(), expected, row)


def _folders(entries: list[Entry]) -> tuple[str, ...]:
    found: set[str] = set()
    for entry in entries:
        parent = entry.name.rpartition("/")[0]
        while parent and parent not in found:
            found.add(parent)
            parent = parent.rpartition("/")[0]
    return tuple(sorted(found))
