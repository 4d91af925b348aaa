"""Files that are whole or not there: written beside their place and renamed; trees removed and counted."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable

import msgspec

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


class Amount(msgspec.Struct, frozen=True):
    """Files, folders and bytes."""

    files: int = 0
    folders: int = 0
    size: int = 0

    def __add__(self, other: Amount) -> Amount:
        """Count both."""
        return Amount(self.files + other.files, self.folders + other.folders, self.size + other.size)


def write_atomic(path: str, body: bytes, *, durable: bool = False) -> None:
    """Give a file a new content, or leave it as it is: readers see the old or the new, never a part.

    A symbolic link is followed, an existing file keeps its mode, a new one gets what the umask allows. `durable` waits
    until the disk has it. A device or a pipe (`/dev/null`) is written to, never replaced. Raises `OSError`.
    """
    place = os.path.realpath(path)
    mode: int | None = None
    with contextlib.suppress(FileNotFoundError):
        found = os.stat(place).st_mode
        if not stat.S_ISREG(found) and not stat.S_ISDIR(found):
            with open(place, "wb", buffering=0) as stream:
                stream.write(body)
            return
        mode = stat.S_IMODE(found)
    temporary = beside(place)
    try:
        _write_new(temporary, (body,), 0o666 if mode is None else mode, durable)
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, place)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    if durable:
        _flush_folder(os.path.dirname(place))


def write_private(path: str, parts: Iterable[bytes], *, durable: bool = False) -> None:
    """Put a file of our own (0600) into place, made of its parts; folders that are missing are made (0700).

    Unless it is `durable`, after a power cut the file may be gone, or hold rubbish that its reader must recognise.
    """
    temporary = beside(path)
    try:
        try:
            _write_new(temporary, parts, PRIVATE_FILE, durable)
        except FileNotFoundError:
            make_private_folder(os.path.dirname(path))
            _write_new(temporary, parts, PRIVATE_FILE, durable)
        if not durable:
            # Where a file is replaced, ext4 first waits for the disk; for a moment there may as well be none.
            with contextlib.suppress(OSError):
                os.unlink(path)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    if durable:
        _flush_folder(os.path.dirname(path))


def make_private_folder(path: str) -> None:
    """Make a folder of our own (0700), and those above it that are missing. Raises `OSError`."""
    missing = []
    while path and not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    for folder in reversed(missing):
        # Somebody else may make it at the same moment.
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, PRIVATE_FOLDER)


def beside(path: str) -> str:
    """Give a name in the same folder that nobody else uses."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name[:64]}.{os.urandom(6).hex()}")


def measure(path: str) -> Amount:
    """Count a tree (or file) without following links; what vanishes meanwhile does not count."""
    total = Amount()
    waiting = [path]
    while waiting:
        here = waiting.pop()
        try:
            status = os.lstat(here)
            if stat.S_ISDIR(status.st_mode):
                total += Amount(folders=1)
                waiting += [os.path.join(here, name) for name in os.listdir(here)]
            else:
                total += Amount(files=1, size=status.st_size)
        except FileNotFoundError:
            continue
    return total


def remove_tree(path: str) -> Amount:
    """Remove a tree (or file) and count what went; links are removed, never followed. Raises `OSError`.

    What another process removes at the same time counts for it.
    """
    try:
        status = os.lstat(path)
        if not stat.S_ISDIR(status.st_mode):
            os.unlink(path)
            return Amount(files=1, size=status.st_size)
        gone = Amount()
        for name in _open_listing(path):
            gone += remove_tree(os.path.join(path, name))
        os.rmdir(path)
    except FileNotFoundError:
        return Amount()
    return gone + Amount(folders=1)


def remove_for_good(path: str) -> None:
    """Remove a tree that somebody who was told to end may still write into; what cannot be removed stays."""
    for _ in range(20):
        with contextlib.suppress(OSError):
            remove_tree(path)
        if not os.path.lexists(path):
            return


def empty_tree(path: str) -> Amount:
    """Remove all below a folder, and the folder if it can go (it may be a mount). Raises `OSError`."""
    gone = Amount()
    for name in _open_listing(path):
        gone += remove_tree(os.path.join(path, name))
    try:
        os.rmdir(path)
    except OSError:
        return gone
    return gone + Amount(folders=1)


def _open_listing(folder: str) -> list[str]:
    # Trees that were made read-only must be cleanable by their owner.
    with contextlib.suppress(OSError):
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            os.chmod(folder, PRIVATE_FOLDER)
    return os.listdir(folder)


def _write_new(path: str, parts: Iterable[bytes], mode: int, durable: bool) -> None:
    # O_BINARY is Windows' own: without it each line feed would become two characters.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags, mode)
    try:
        for part in parts:
            rest = memoryview(part)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_folder(folder: str) -> None:
    # Without this the file is on the disk and its name may not be. Windows cannot open folders, and need not.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
