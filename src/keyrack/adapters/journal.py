"""The journal of a change of an environment: what it takes away and puts in place, on the disk before it begins.

It lies in the folder of unfinished work, beside what was taken away (`old-N`, after its place among `takes`) and the
dist-info folders that are not yet shown. From it a change can be taken back, or finished, by this run or by the next
one, and again by one more where that is killed as well: every step is done only if it is still to be done.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from keyrack.adapters.inflate import crc32
from keyrack.values.late import LateModule

if TYPE_CHECKING:
    import shutil
else:
    shutil = LateModule("shutil")

DONE = ".done"
"""How such a folder ends when nothing in it is needed any more."""
JOURNAL = "journal"
LATE = "late"
"""In that folder: `number NUL path NUL` for each thing that was taken away and had not been foreseen."""
SETTLED = "settled"
"""In that folder, once every file is in place: from here on a change is finished, not taken back."""
_CHECK = 4


class Journal(msgspec.Struct, frozen=True):
    """What a change does, as absolute paths: `takes` in their order, dist-info folders first.

    `makes` are new where nothing was: of a new folder only the folder itself; what `takes` lists is not among them.
    `shows` are the dist-info folders that come, as they will be called.
    """

    takes: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    # Paths may be no valid text.
    takes: tuple[bytes, ...]
    makes: tuple[bytes, ...]
    shows: tuple[bytes, ...]


_decoder = msgspec.msgpack.Decoder(_Stored)


def write_journal(work: str, journal: Journal) -> None:
    """Write the journal and wait until the disk has it: what it says must survive what happens next."""
    kinds = (journal.takes, journal.makes, journal.shows)
    body = msgspec.msgpack.encode([[os.fsencode(path) for path in kind] for kind in kinds])
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(os.path.join(work, JOURNAL), flags, 0o644)
    try:
        rest = memoryview(crc32(body, 0).to_bytes(_CHECK, "big") + body)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    for folder in (work, os.path.dirname(work)):
        _flush_folder(folder)


def read_journal(work: str) -> Journal | None:
    """Read a journal; None where it is not whole: then its change has not begun."""
    try:
        with open(os.path.join(work, JOURNAL), "rb") as file:
            text = file.read()
        if crc32(text[_CHECK:], 0) != int.from_bytes(text[:_CHECK], "big"):
            return None
        stored = _decoder.decode(text[_CHECK:])
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return Journal(*(tuple(map(os.fsdecode, kind)) for kind in (stored.takes, stored.makes, stored.shows)))


def take_back(work: str, journal: Journal) -> None:
    """Bring back what was taken away, and remove what came. What is listed comes last, so that it is whole.

    Raises `OSError`; what is not yet back is then still there for another time.
    """
    with suppress(FileNotFoundError):
        os.unlink(os.path.join(work, SETTLED))
    for path in journal.shows:
        if path in journal.makes:
            _remove(path)
    for name, path in reversed(_late(work)):
        _bring_back(os.path.join(work, f"late-{name}"), path)
    for path in journal.makes:
        _remove(path)
    for number, path in reversed(tuple(enumerate(journal.takes))):
        _bring_back(os.path.join(work, f"old-{number}"), path)


def go_on(work: str, journal: Journal) -> None:
    """Show the dist-info folders that were built: all their files are in place. Raises `OSError`."""
    for target in journal.shows:
        built = os.path.join(work, os.path.basename(target))
        if os.path.isdir(built):
            _remove(target)
            move(built, target)


def is_settled(work: str) -> bool:
    """Say whether a change is to be finished, not taken back."""
    return os.path.exists(os.path.join(work, SETTLED))


def discard(work: str) -> None:
    """Remove a folder of work that is done. Its name says so first: half of it must not be taken for unfinished."""
    if not work.endswith(DONE):
        done = work + DONE
        os.rename(work, done)
        work = done
    shutil.rmtree(work, ignore_errors=True)


def move(source: str, target: str) -> None:
    """Rename; across file systems, copy whole before anything goes. Raises `OSError`."""
    try:
        os.rename(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = f"{target}.part"
        _remove(part)
        if _is_folder(source):
            shutil.copytree(source, part, symlinks=True)
        else:
            shutil.copy2(source, part, follow_symlinks=False)
        os.rename(part, target)
        _remove(source)


def _bring_back(aside: str, path: str) -> None:
    if not os.path.lexists(aside):
        return
    _remove(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    move(aside, path)


def _remove(path: str) -> None:
    if _is_folder(path):
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(path)


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def _late(work: str) -> list[tuple[str, str]]:
    try:
        with open(os.path.join(work, LATE), encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            fields = file.read().split("\0")
    except FileNotFoundError:
        return []
    return list(zip(fields[0:-1:2], fields[1:-1:2], strict=False))


def _flush_folder(folder: str) -> None:
    if sys.platform == "win32":  # pragma: no cover
        return  # its folders cannot be opened
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
