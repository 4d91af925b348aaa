"""A body while it is received: in memory while it is small, in a temporary file from then on, hashed on the way."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Self

from keyrack.values.artifact import Digest
from keyrack.values.late import LateModule

if TYPE_CHECKING:
    import tempfile
else:
    tempfile = LateModule("tempfile")

IN_MEMORY = 1 << 20
"""Bytes up to which no file is made."""


class Spool:
    """Takes bytes as a sink does and gives them back by their place. Use it in a `with`: then its file goes away."""

    def __init__(self, folder: str | None, algorithms: Iterable[str] = ("sha256",)) -> None:
        """`folder` is where a temporary file is made, itself too if it must be (the system's own place if None)."""
        self._folder = folder
        self._algorithms = tuple(algorithms)
        self._path: str | None = None
        self._file: BinaryIO | None = None
        self.restart()

    def __enter__(self) -> Self:
        """Give the spool itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Forget everything, and remove the file."""
        self._discard()

    def restart(self) -> None:
        """Forget all bytes so far."""
        self._discard()
        self._memory = bytearray()
        self._hashes = {name: hashlib.new(name, usedforsecurity=False) for name in self._algorithms}
        self.size = 0

    def write(self, chunk: bytes, /) -> None:
        """Take the next bytes."""
        self.size += len(chunk)
        for hashing in self._hashes.values():
            hashing.update(chunk)
        if self._file is None and self.size > IN_MEMORY:
            self.save()
        if self._file is None:
            self._memory += chunk
        else:
            self._file.write(chunk)

    def read(self, start: int, end: int) -> bytes:
        """Give the bytes from `start` up to, and without, `end`; fewer where the body ends."""
        if self._file is None:
            return bytes(self._memory[start:end])
        self._file.seek(start)
        found = self._file.read(end - start)
        self._file.seek(0, os.SEEK_END)
        return found

    def digests(self) -> tuple[Digest, ...]:
        """Give the hashes of all bytes so far."""
        return tuple(Digest(name, hashing.hexdigest()) for name, hashing in self._hashes.items())

    def save(self) -> str:
        """Give the path of a file that holds all bytes so far; it lasts as long as the spool."""
        if self._path is None:
            if self._folder is not None:
                os.makedirs(self._folder, mode=0o700, exist_ok=True)
            descriptor, self._path = tempfile.mkstemp(prefix=".keyrack-", dir=self._folder)
            self._file = os.fdopen(descriptor, "w+b")
            self._file.write(self._memory)
            self._memory = bytearray()
        if self._file is not None:
            self._file.flush()
        return self._path

    def _discard(self) -> None:
        if self._file is not None:
            self._file.close()
        if self._path is not None:
            with suppress(FileNotFoundError):  # whoever was offered the file may have moved it
                os.unlink(self._path)
        self._file = self._path = None
