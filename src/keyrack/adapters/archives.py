"""ZIP archives, read strictly: what two readers could take for different files is refused (APPNOTE 6.3, PEP 427).

Every byte of the archive must be accounted for: member after member from offset 0, then the central directory, then
its end. Local headers must agree with the directory. So there is one way to read it, and no other tool sees more.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Generator, Iterator
from mmap import mmap
from struct import Struct

import msgspec

from keyrack.adapters.inflate import WHOLE, crc32, inflate, inflate_in_pieces
from keyrack.errors import KeyrackError

Archive = bytes | mmap

_END = Struct("<4s4H2LH")
_END64 = Struct("<4sQ2H2L4Q")
_LOCATOR64 = Struct("<4sLQL")
_CENTRAL = Struct("<4s6H3L5H2L")
_LOCAL = Struct("<4s5H3L2H")
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_KNOWN_FLAGS = _DESCRIPTOR | _UTF8 | 0x6  # bits 1 and 2 tell how hard the writer pressed
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_DEFLATED = 8
_UNIX = 3
_REGULAR, _FOLDER, _KIND = 0o100000, 0o040000, 0o170000


class UnsafeArchive(KeyrackError):
    """The archive is damaged, or made so that two readers would see different things."""


class Limits(msgspec.Struct, frozen=True):
    """What no honest wheel reaches: members, bytes after unpacking, letters of a path, growth above `free` bytes."""

    members: int = 200_000
    total: int = 32 * 1024**3
    path: int = 1024
    ratio: int = 200
    free: int = 64 * 1024**2


class Entry(msgspec.Struct, frozen=True):
    """A file in an archive: where its packed bytes begin, how many, and what they must become."""

    name: str
    offset: int
    packed: int
    size: int
    crc: int
    is_deflated: bool
    is_executable: bool = False


class _Listed(msgspec.Struct, frozen=True):
    """A row of the central directory."""

    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int


def read_entries(archive: Archive, limits: Limits = Limits()) -> tuple[Entry, ...]:  # noqa: B008
    """List the files of a ZIP archive, in its order; `UnsafeArchive` unless it can be read in one way only."""
    try:
        start, count, end = _directory(archive)
        listed = _listed(archive, start, count, end)
        _check_limits(listed, limits)
        entries = tuple(_entry(archive, row, following) for row, following in _in_order(listed, start))
    except (struct.error, IndexError) as error:
        raise UnsafeArchive("Failed to read the archive", causes=("It is cut off",)) from error
    _check_names(entries)
    return tuple(entry for entry in entries if not entry.name.endswith("/"))


def contents(archive: Archive, entry: Entry) -> Generator[bytes | bytearray, None, None]:
    """Give a member's bytes, in one piece unless it is large; size and CRC are checked before the last piece ends."""
    size = crc = 0
    try:
        # Whoever keeps an exception keeps its frames: a view in one of them would keep the archive open.
        with memoryview(archive) as whole, whole[entry.offset : entry.offset + entry.packed] as packed:
            for piece in _pieces(packed, entry):
                size += len(piece)
                crc = crc32(piece, crc)
                if size > entry.size:
                    break
                yield piece
    except zlib.error as error:
        raise UnsafeArchive(f"Failed to unpack `{entry.name}`", causes=(str(error),)) from error
    if size != entry.size:
        raise UnsafeArchive(f"Failed to unpack `{entry.name}`", causes=("Its size is not the one that is declared",))
    if crc != entry.crc:
        raise UnsafeArchive(f"Failed to unpack `{entry.name}`", causes=("Bad CRC-32",))


def whole(archive: Archive, entry: Entry) -> bytes | bytearray:
    """Give all bytes of a member that is not large, without the steps that a large one takes."""
    at = entry.offset
    packed = archive[at : at + entry.packed]
    try:
        piece = inflate(packed, entry.size) if entry.is_deflated else packed
    except zlib.error as error:
        raise UnsafeArchive(f"Failed to unpack `{entry.name}`", causes=(str(error),)) from error
    if len(piece) != entry.size:
        raise UnsafeArchive(f"Failed to unpack `{entry.name}`", causes=("Its size is not the one that is declared",))
    if crc32(piece, 0) != entry.crc:
        raise UnsafeArchive(f"Failed to unpack `{entry.name}`", causes=("Bad CRC-32",))
    return piece


def read_member(archive: Archive, entry: Entry) -> bytes:
    """Give all of a member's bytes."""
    return b"".join(contents(archive, entry))


def _pieces(packed: memoryview, entry: Entry) -> Iterator[bytes | bytearray]:
    if not entry.is_deflated:
        for start in range(0, len(packed), WHOLE):
            yield bytes(packed[start : start + WHOLE])
    elif entry.size <= WHOLE:
        yield inflate(packed, entry.size)
    else:
        yield from inflate_in_pieces(packed)


def _refusal(cause: str) -> UnsafeArchive:
    return UnsafeArchive("Failed to read the archive", causes=(cause,))


def _directory(archive: Archive) -> tuple[int, int, int]:
    """Find the central directory: its offset, its number of rows, its end. Nothing may follow its end record."""
    at = archive.rfind(b"PK\5\6", max(0, len(archive) - _END.size - _FULL16))
    if at < 0:
        raise _refusal("It has no end of central directory: it is no ZIP archive, or cut off")
    _, disk, first, here, count, size, start, comment = _END.unpack_from(archive, at)
    if at + _END.size + comment != len(archive):
        raise _refusal("There are bytes after its end")
    if b"PK" in archive[at + _END.size :]:
        raise _refusal("Its comment looks like another archive")
    if (disk, first) != (0, 0) or here != count:
        raise _refusal("It has several parts")
    end = at
    if archive[max(0, at - _LOCATOR64.size) : at].startswith(b"PK\6\7"):
        end, count, size, start = _directory64(archive, at, (count, size, start))
    elif count == _FULL16 or _FULL32 in (size, start):
        raise _refusal("It says zip64 and has no zip64 end record")
    if start + size != end:
        raise _refusal("Its central directory is not where it should be")
    return start, count, end


def _directory64(archive: Archive, at: int, short: tuple[int, int, int]) -> tuple[int, int, int, int]:
    _, disk, end, disks = _LOCATOR64.unpack_from(archive, at - _LOCATOR64.size)
    magic, length, _, _, here, first, rows, count, size, start = _END64.unpack_from(archive, end)
    whole = (
        magic == b"PK\6\6"
        and length == _END64.size - 12
        and end + _END64.size + _LOCATOR64.size == at
        and (disk, here, first) == (0, 0, 0)
        and disks == 1
        and rows == count
    )
    full = (_FULL16, _FULL32, _FULL32)
    agree = all(small in (large, top) for small, large, top in zip(short, (count, size, start), full, strict=True))
    if not (whole and agree):
        raise _refusal("Its zip64 end record disagrees with its end record")
    return end, count, size, start


def _listed(archive: Archive, start: int, count: int, end: int) -> list[_Listed]:
    rows, at = [], start
    for _ in range(count):
        row, at = _row(archive, at)
        rows.append(row)
        if at > end:
            break
    if at != end or len(rows) != count:
        raise _refusal("Its central directory has another length than it says")
    return rows


def _row(archive: Archive, at: int) -> tuple[_Listed, int]:
    (
        magic,
        made,
        _,
        flags,
        method,
        _,
        _,
        crc,
        packed,
        size,
        name_size,
        extra_size,
        comment_size,
        disk,
        _,
        outer,
        offset,
    ) = _CENTRAL.unpack_from(archive, at)
    if magic != b"PK\1\2" or disk:
        raise _refusal("Its central directory is damaged")
    names = at + _CENTRAL.size
    extras = names + name_size
    raw = archive[names:extras]
    extra = archive[extras : extras + extra_size]
    if len(raw) != name_size or len(extra) != extra_size:
        raise _refusal("It is cut off")
    if _FULL32 in (packed, size, offset):
        size, packed, offset = _wide(extra, (size, packed, offset))
    mode = outer >> 16 if made >> 8 == _UNIX else 0
    return _Listed(raw, flags, method, crc, packed, size, offset, mode), extras + extra_size + comment_size


def _wide(extra: bytes, fields: tuple[int, ...]) -> tuple[int, ...]:
    """Read the zip64 extra field: one 8-byte number for each field that is full, in this order, and nothing else."""
    body = _extra_fields(extra).get(1)
    wanted = sum(field == _FULL32 for field in fields)
    if body is None or len(body) != 8 * wanted:
        raise _refusal("A zip64 field disagrees with the header that it extends")
    numbers = iter([int.from_bytes(body[at : at + 8], "little") for at in range(0, len(body), 8)])
    return tuple(next(numbers) if field == _FULL32 else field for field in fields)


def _extra_fields(extra: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(extra):
        key, size = int.from_bytes(extra[at : at + 2], "little"), int.from_bytes(extra[at + 2 : at + 4], "little")
        if key in (0x0001, 0x7075) and key in found:
            raise _refusal("An extra field stands there twice")
        found[key] = extra[at + 4 : at + 4 + size]
        if len(found[key]) != size:
            raise _refusal("An extra field is cut off")
        at += 4 + size
    return found


def _check_limits(rows: list[_Listed], limits: Limits) -> None:
    if len(rows) > limits.members:
        raise _refusal(f"It has {len(rows)} members; {limits.members} are allowed")
    size, packed = sum(row.size for row in rows), sum(row.packed for row in rows)
    if size > limits.total or (size > limits.free and size > packed * limits.ratio):
        raise _refusal(f"It would unpack to {size} bytes from {packed}")
    if any(len(row.raw) > limits.path for row in rows):
        raise _refusal("A path in it is too long")


def _in_order(rows: list[_Listed], start: int) -> Iterator[tuple[_Listed, int]]:
    """Give each row with the offset at which its bytes must end: there is no prefix, gap or overlap."""
    ordered = sorted(rows, key=lambda row: row.offset)
    if ordered[0].offset if ordered else start:
        raise _refusal("There are bytes before its first member")
    for at, row in enumerate(ordered):
        yield row, ordered[at + 1].offset if at + 1 < len(ordered) else start


def _entry(archive: Archive, row: _Listed, following: int) -> Entry:
    magic, _, flags, method, _, _, crc, packed, size, name_size, extra_size = _LOCAL.unpack_from(archive, row.offset)
    names = row.offset + _LOCAL.size
    offset = names + name_size + extra_size
    name = _name(row)
    if magic != b"PK\3\4" or archive[names : names + name_size] != row.raw:
        raise _refusal(f"`{name}` has another name in its own header")
    if (flags ^ row.flags) & ~0x6 or method != row.method:
        raise _refusal(f"`{name}` has other flags in its own header")
    if row.flags & ~_KNOWN_FLAGS or row.method not in (0, _DEFLATED):
        raise _refusal(f"`{name}` is encrypted, or packed in a way that wheels do not use")
    if _FULL32 in (packed, size):
        extra = archive[names + name_size : offset]
        size, packed = _wide(extra, (_FULL32, _FULL32)) if 1 in _extra_fields(extra) else (size, packed)
    described = (crc, packed, size)
    streamed = bool(row.flags & _DESCRIPTOR)
    if described != (row.crc, row.packed, row.size) and not (streamed and not any(described)):
        raise _refusal(f"`{name}` has another size or CRC in its own header")
    if row.method == 0 and row.packed != row.size:
        raise _refusal(f"`{name}` is stored and has two sizes")
    _check_end(archive, row, name, offset, following)
    return Entry(name, offset, row.packed, row.size, row.crc, row.method == _DEFLATED, bool(row.mode & 0o111))


def _check_end(archive: Archive, row: _Listed, name: str, offset: int, following: int) -> None:
    """See that a member ends where the next one begins, with a data descriptor between where it has one."""
    rest = (
        archive[offset + row.packed : following]
        if offset + row.packed <= following <= offset + row.packed + 24
        else b"?"
    )
    allowed = {b""}
    if row.flags & _DESCRIPTOR:
        crc = row.crc.to_bytes(4, "little")
        plain = [
            crc + row.packed.to_bytes(width, "little") + row.size.to_bytes(width, "little")
            for width in (4, 8)
            if max(row.packed, row.size) <= _FULL32 or width == 8
        ]
        allowed = {*plain, *(b"PK\7\x08" + body for body in plain)}
    if rest not in allowed:
        raise _refusal(f"There are bytes between `{name}` and what follows it, or they overlap")


def _name(row: _Listed) -> str:
    """Decode a name and refuse what may lead out of a folder, or be read in two ways."""
    try:
        name = row.raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnsafeArchive("Failed to read the archive", causes=("A name in it is not UTF-8",)) from error
    kind = row.mode & _KIND
    if kind not in (0, _REGULAR, _FOLDER) or (kind == _FOLDER and not name.endswith("/")):
        raise _refusal(f"`{_shown(name)}` is neither a file nor a folder")
    parts = name.removesuffix("/").split("/")
    if not name.isprintable() or "\\" in name or ":" in parts[0] or any(part in ("", ".", "..") for part in parts):
        raise _refusal(f"`{_shown(name)}` is no path that stays in a folder")
    if name.endswith("/") and row.size:
        raise _refusal(f"`{name}` is a folder and has contents")
    return name


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def _check_names(entries: tuple[Entry, ...]) -> None:
    files = {entry.name for entry in entries}
    if len(files) != len(entries):
        raise _refusal("A name stands in it twice")
    for name in files:
        parent = name.removesuffix("/").rpartition("/")[0]
        while parent:
            if parent in files:
                raise _refusal(f"`{parent}` is a file and a folder")
            parent = parent.rpartition("/")[0]
