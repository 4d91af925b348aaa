"""An archive while it is received: hashed on the way, in memory while it is small, in a file from then on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, BinaryIO, Self

from keyrack.errors import KeyrackError

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

IN_MEMORY = 1024 * 1024
"""Bytes up to which no file is made. Fifty downloads may run together."""
_AT_A_TIME = 256 * 1024
"""Bytes that are hashed and written together: curl hands over 16 KiB, and each step lets another thread run."""


class WrongLength(KeyrackError):
    """A body is not as long as was promised."""


def fresh_hashes(algorithms: Iterable[str]) -> dict[str, Hash]:
    """Begin to hash."""
    return {algorithm: hashlib.new(algorithm, usedforsecurity=False) for algorithm in algorithms}


class Receiving:
    """Takes a body and hashes it on the way; it may start anew."""

    def __init__(self, path: str, algorithms: frozenset[str], told: Callable[[int], None]) -> None:
        """A large body goes to `path`; `told` hears the number of bytes now and then, and may raise to end it."""
        self._path = path
        self._algorithms = algorithms
        self._told = told
        self._file: BinaryIO | None = None
        self._reset()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_error: object) -> None:
        """End it, well or not."""
        if self._file is not None:
            self._file.close()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self.received += len(chunk)
        self._waiting.append(chunk)
        self._weight += len(chunk)
        if self._weight >= _AT_A_TIME:
            self._settle()

    def restart(self) -> None:
        """Forget all bytes so far."""
        if self._file is not None:
            self._file.seek(0)
            self._file.truncate()
        self._reset()

    def finish(self, *promises: str | int | None) -> bytes | str:
        """Give what came, or the path of its file, after its length was compared with what was promised."""
        self._settle()
        for promised in promises:
            if promised is not None and str(promised).isdecimal() and int(promised) != self.received:
                raise WrongLength(f"The body has {self.received} bytes and should have {promised}")
        return b"".join(self._kept) if self._file is None else self._path

    def hashes(self) -> dict[str, str]:
        """Give the hashes of all that came, by algorithm, in hex."""
        return {algorithm: hashing.hexdigest() for algorithm, hashing in self._hashes.items()}

    def _reset(self) -> None:
        self._hashes = fresh_hashes(self._algorithms)
        self._waiting: list[bytes] = []
        self._weight = 0
        self._kept: list[bytes] = []
        self.received = 0

    def _settle(self) -> None:
        piece = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
        self._waiting.clear()
        self._weight = 0
        self._told(self.received)
        for hashing in self._hashes.values():
            hashing.update(piece)
        if self._file is None and self.received <= IN_MEMORY:
            self._kept.append(piece)
            return
        if self._file is None:
            self._file = open(self._path, "wb", buffering=0)  # noqa: SIM115  # closed with the whole
            self._kept.append(piece)
            piece = b"".join(self._kept)
            self._kept.clear()
        rest = memoryview(piece)
        while rest:
            rest = rest[self._file.write(rest) :]
