"""Read single members of a ZIP archive of which only some bytes are at hand, from its end (APPNOTE 6.3.10).

This finds the metadata of a wheel that lies on a server. It is not the strict reader that an install goes through: a
wheel that is chosen is read again there, as a whole, and must then say the same.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

import msgspec

from keyrack.adapters.archives import UnsafeArchive
from keyrack.adapters.inflate import crc32, inflate

Read = Callable[[int, int], bytes]
"""Gives the bytes from a first offset up to, and without, a second one; fewer only where the archive ends."""

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 65535
_SLACK = 256
"""Bytes that a local header may have more than the directory tells, read along to spare a request."""


class Member(msgspec.Struct, frozen=True):
    """A member as the central directory has it; `method` is 0 (stored) or 8 (deflated)."""

    name: str
    offset: int
    packed: int
    size: int
    crc: int
    method: int


def list_members(read: Read, size: int) -> tuple[Member, ...]:
    """List the members of an archive of `size` bytes; raises `UnsafeArchive`."""
    try:
        start, length = _directory(read, size)
        if start + length > size:
            raise UnsafeArchive("Failed to read the archive", causes=("Its directory lies outside of it",))
        return tuple(_members(read(start, start + length)))
    except (struct.error, UnicodeDecodeError) as error:
        raise UnsafeArchive("Failed to read the archive", causes=("Its directory is damaged",)) from error


def read_member(read: Read, member: Member, limit: int) -> bytes:
    """Give a member's bytes, at most `limit`; size and CRC are checked. Raises `UnsafeArchive`."""
    failure = f"Failed to unpack `{member.name}`"
    if max(member.size, member.packed) > limit:
        raise UnsafeArchive(failure, causes=(f"It is larger than {limit} bytes",))
    guess = _LOCAL.size + len(member.name.encode()) + _SLACK + member.packed
    text = read(member.offset, member.offset + guess)
    if len(text) < _LOCAL.size:
        raise UnsafeArchive(failure, causes=("Its header is cut off",))
    signature, *_others, name_length, extra_length = _LOCAL.unpack_from(text)
    start = _LOCAL.size + name_length + extra_length
    if signature != b"PK\x03\x04" or text[_LOCAL.size : _LOCAL.size + name_length] != member.name.encode():
        raise UnsafeArchive(failure, causes=("Its header and the directory differ",))
    if len(text) < start + member.packed:
        text = read(member.offset, member.offset + start + member.packed)
    return _plain(text[start : start + member.packed], member, failure)


def _plain(packed: bytes, member: Member, failure: str) -> bytes:
    try:
        plain = {0: lambda: packed, 8: lambda: bytes(inflate(packed, member.size))}[member.method]()
    except KeyError as error:
        raise UnsafeArchive(failure, causes=(f"The compression method {member.method} is not known",)) from error
    except zlib.error as error:
        raise UnsafeArchive(failure, causes=(f"{error}",)) from error
    if len(plain) != member.size or crc32(plain, 0) != member.crc:
        raise UnsafeArchive(failure, causes=("Its size or its CRC-32 is not the one that is declared",))
    return plain


def _directory(read: Read, size: int) -> tuple[int, int]:
    """Find the central directory: where it begins, and its length."""
    for reach in (_END.size + _LOCATOR64.size, _END.size + _LOCATOR64.size + _LONGEST_COMMENT):
        begin = max(0, size - reach)
        tail = read(begin, size)
        at = tail.rfind(b"PK\x05\x06")
        while at >= 0:
            if len(tail) - at >= _END.size and _END.unpack_from(tail, at)[-1] == len(tail) - at - _END.size:
                return _directory_at(read, begin + at, tail, at)
            at = tail.rfind(b"PK\x05\x06", 0, at)
    raise UnsafeArchive("Failed to read the archive", causes=("It is no ZIP archive: it has no end record",))


def _directory_at(read: Read, end: int, tail: bytes, at: int) -> tuple[int, int]:
    length, start = _END.unpack_from(tail, at)[5:7]
    if 0xFFFFFFFF not in (length, start):
        return start, length
    if at < _LOCATOR64.size:
        raise UnsafeArchive("Failed to read the archive", causes=("Its 64-bit end record is missing",))
    signature, _disk, place, _disks = _LOCATOR64.unpack_from(tail, at - _LOCATOR64.size)
    record = read(place, min(place + _END64.size, end))
    if signature != b"PK\x06\x07" or not record.startswith(b"PK\x06\x06"):
        raise UnsafeArchive("Failed to read the archive", causes=("Its 64-bit end record is missing",))
    length, start = _END64.unpack_from(record)[8:10]
    return start, length


def _members(directory: bytes) -> Iterator[Member]:
    at = 0
    while at < len(directory):
        row = _CENTRAL.unpack_from(directory, at)
        if row[0] != b"PK\x01\x02":
            raise UnsafeArchive("Failed to read the archive", causes=("Its directory is damaged",))
        method, crc, packed, size, name_length, extra_length, comment_length = row[4], *row[7:13]
        offset = row[16]
        name_start = at + _CENTRAL.size
        extra_start = name_start + name_length
        extra = directory[extra_start : extra_start + extra_length]
        if 0xFFFFFFFF in (packed, size, offset):
            size, packed, offset = _wide(extra, size, packed, offset)
        yield Member(directory[name_start:extra_start].decode(), offset, packed, size, crc, method)
        at = extra_start + extra_length + comment_length


def _wide(extra: bytes, *values: int) -> tuple[int, int, int]:
    """Take the values that do not fit into 32 bits out of the ZIP64 field, in its order: size, packed, offset."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wide = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            found = [next(wide, value) if value == 0xFFFFFFFF else value for value in values]
            return found[0], found[1], found[2]
        at += 4 + length
    raise UnsafeArchive("Failed to read the archive", causes=("A 64-bit size is missing in its directory",))
