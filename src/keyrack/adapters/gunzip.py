"""Content encodings of a body: gzip and deflate, by ISA-L where it is there, else by zlib (RFC 9110, 8.4.1)."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Protocol

from keyrack.errors import KeyrackError

MOST_ENCODINGS = 2
KNOWN = "gzip, deflate"
"""What `accept-encoding` may offer."""
_RAW, _ZLIB, _GZIP = -15, 15, 31


class Undecodable(KeyrackError):
    """A body is not what its content encoding says, or far too large once unpacked."""


class Stream(Protocol):
    """A streaming inflater, as zlib and ISA-L make them."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: bytes, limit: int, /) -> bytes: ...


Streams = Callable[[int], Stream]
"""Makes an inflater for a window size in zlib's numbers: 31 is gzip, 15 zlib, -15 raw."""


def if_there(name: str) -> ModuleType | None:
    """Import an optional library; None where it is missing."""
    try:
        return import_module(name)
    except ImportError:  # optional: an odd platform has no wheel of it
        return None


_isal = if_there("isal.isal_zlib")
STREAMS: tuple[Streams, ...] = (*((_isal.decompressobj,) if _isal else ()), zlib.decompressobj)
"""All that work here, fastest first."""
_FAILURES: tuple[type[Exception], ...] = (zlib.error, EOFError, *((_isal.error,) if _isal else ()))


def decode(body: bytes, encodings: str, limit: int, streams: Streams = STREAMS[0]) -> bytes:
    """Remove the encodings that a `content-encoding` header names, last one first; `Undecodable` says why not.

    `limit` is in bytes, for each step of the decoding.
    """
    names = [name.strip().lower() for name in encodings.split(",")]
    names = [name for name in names if name and name != "identity"]
    if len(names) > MOST_ENCODINGS:
        raise Undecodable(f"The body has {len(names)} content encodings; at most {MOST_ENCODINGS} are read")
    for name in reversed(names):
        body = _inflated(body, name, limit, streams)
    return body


def _inflated(body: bytes, name: str, limit: int, streams: Streams) -> bytes:
    if not body:
        return body
    if name not in ("gzip", "x-gzip", "deflate"):
        raise Undecodable(f"The body has the content encoding `{name}`, which was not asked for")
    # "deflate" means zlib (RFC 9110, 8.4.1.2), and some servers have always sent the raw stream.
    window = _GZIP if name != "deflate" else _ZLIB if body[0] & 0x0F == 8 else _RAW
    parts: list[bytes] = []
    room = limit
    try:
        while body:
            stream = streams(window)
            parts.append(_member(stream, body, room))
            room -= len(parts[-1])
            body = stream.unused_data if window == _GZIP else b""
    except _FAILURES as error:
        raise Undecodable(f"The body is not the {name} that it should be", causes=(str(error),)) from error
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _member(stream: Stream, body: bytes, room: int) -> bytes:
    plain = stream.decompress(body, room + 1)
    if len(plain) > room:
        raise Undecodable("The body is larger than an index page may be once it is unpacked")
    if not stream.eof:
        raise EOFError("it ends too early")
    return plain
