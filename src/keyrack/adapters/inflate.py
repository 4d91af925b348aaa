"""Raw DEFLATE and CRC-32 by the fastest library that is there: libdeflate, ISA-L, else zlib (RFC 1951)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Protocol


def _if_there(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ImportError:  # both are optional: an odd platform has no wheel of them
        return None


_libdeflate = _if_there("deflate")
_isal = _if_there("isal.isal_zlib")
_isal_error: type[Exception] = _isal.error if _isal else zlib.error

Packed = bytes | bytearray | memoryview
Inflate = Callable[[Packed, int], bytes | bytearray]
"""Takes a whole raw stream and the size that it must have; raises `zlib.error` if it is not one."""

WHOLE = 64 * 1024 * 1024
"""The largest member, in bytes, that is inflated in one piece."""
_PIECE = 4 * 1024 * 1024


class _Stream(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: Packed, limit: int, /) -> bytes: ...


Streams = Callable[[int], _Stream]


def by_libdeflate(library: ModuleType) -> Inflate:
    """Inflate with libdeflate: the fastest, it needs the exact size."""

    def inflate_whole(packed: Packed, size: int) -> bytes | bytearray:
        if not size:  # libdeflate does not look at what it has no room for
            return by_zlib(packed, 0)
        plain: bytearray
        try:
            plain = library.deflate_decompress(packed, size)
        except library.DeflateError as error:
            raise zlib.error(str(error)) from error
        return plain

    return inflate_whole


def by_isal(library: ModuleType) -> Inflate:
    """Inflate with ISA-L."""
    return lambda packed, size: _whole(library.decompressobj(-15), packed, size)


def by_zlib(packed: Packed, size: int) -> bytes:
    """Inflate with the standard library."""
    return _whole(zlib.decompressobj(-15), packed, size)


def _whole(stream: _Stream, packed: Packed, size: int) -> bytes:
    try:
        plain = stream.decompress(packed, size + 1)
    except _isal_error as error:
        raise zlib.error(str(error)) from error
    if not stream.eof or stream.unused_data:
        raise zlib.error("the stream does not end where it should")
    return plain


INFLATERS: tuple[Inflate, ...] = (
    *((by_libdeflate(_libdeflate),) if _libdeflate else ()),
    *((by_isal(_isal),) if _isal else ()),
    by_zlib,
)
"""All that work here, fastest first."""
STREAMS: tuple[Streams, ...] = (*((_isal.decompressobj,) if _isal else ()), zlib.decompressobj)
"""Makers of streaming inflaters, fastest first."""
inflate = INFLATERS[0]
crc32: Callable[[Packed, int], int] = _isal.crc32 if _isal else zlib.crc32


def inflate_in_pieces(packed: Packed, streams: Streams = STREAMS[0]) -> Iterator[bytes]:
    """Inflate a large raw stream piece by piece; `zlib.error` if it ends early or goes on after its end."""
    try:
        with memoryview(packed) as view:
            yield from _pieces(view, streams(-15))
    except _isal_error as error:
        raise zlib.error(str(error)) from error


def _pieces(packed: memoryview, stream: _Stream) -> Iterator[bytes]:
    for start in range(0, len(packed), _PIECE):
        piece = bytes(packed[start : start + _PIECE])
        while piece and not stream.eof:
            yield stream.decompress(piece, _PIECE)
            piece = stream.unconsumed_tail
        if stream.eof and (stream.unused_data or start + _PIECE < len(packed)):
            raise zlib.error("the stream goes on after its end")
    while not stream.eof and (rest := stream.decompress(b"", _PIECE)):
        yield rest
    if not stream.eof:
        raise zlib.error("the stream is cut off")
