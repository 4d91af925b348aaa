"""Unpack a source distribution into a folder: there is one way to read it, and nothing leaves the folder (PEP 706).

Links are never made: one that points at a regular file of the same archive becomes a copy of that, any other is left
out. Devices and pipes are refused. What comes out is owned by who runs this, and nothing is set-uid.
"""

from __future__ import annotations

import os
import posixpath
import zlib
from collections.abc import Iterable, Iterator
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING

import msgspec

from keyrack.adapters import archives
from keyrack.adapters.archives import UnsafeArchive
from keyrack.values.late import LateModule

if TYPE_CHECKING:
    import lzma
    import tarfile
else:
    lzma = LateModule("lzma")
    tarfile = LateModule("tarfile")

_PIECE = 1024 * 1024


class Bounds(msgspec.Struct, frozen=True):
    """What no honest source distribution reaches: members, bytes after unpacking, letters of a path."""

    members: int = 200_000
    total: int = 8 * 1024**3
    path: int = 1024
    ratio: int = 500
    free: int = 256 * 1024**2


def unpack(path: str, filename: str, folder: str, bounds: Bounds = Bounds()) -> str:  # noqa: B008 - frozen
    """Unpack the archive at `path` into `folder`, which is made; gives the one top folder, or `folder` itself.

    `filename` tells the archive's kind. Raises `UnsafeArchive`; then `folder` may hold a part of it.
    """
    os.makedirs(folder, mode=0o700)
    try:
        if filename.endswith(".zip"):
            _unzip(path, folder)
        else:
            _untar(path, filename, folder, bounds)
    except (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
        raise _refusal(filename, f"{error}" or "It is cut off") from error
    except OSError as error:
        # `gzip` and `bz2` say with an `OSError` without a number that what they read is not theirs.
        if error.errno is not None:
            raise
        raise _refusal(filename, f"{error}" or "It is cut off") from error
    return _top(folder)


def _top(folder: str) -> str:
    names = [entry.name for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]
    if len(names) == 1 and len(os.listdir(folder)) == 1:
        return os.path.join(folder, names[0])
    return folder


def _unzip(path: str, folder: str) -> None:
    with open(path, "rb") as file:
        try:
            archive = mmap(file.fileno(), 0, access=ACCESS_READ)
        except ValueError as error:
            raise UnsafeArchive("Failed to read the archive", causes=("It is empty",)) from error
    with archive:
        for entry in archives.read_entries(archive):
            _write(_place(folder, entry.name), archives.contents(archive, entry), executable=entry.is_executable)


def _untar(path: str, filename: str, folder: str, bounds: Bounds) -> None:
    """Write each regular file as it comes by; links wait until all files are there."""
    written: dict[str, bool] = {}
    links: list[tuple[str, str]] = []
    most = max(bounds.free, os.stat(path).st_size * bounds.ratio)
    with open(path, "rb") as file, tarfile.open(fileobj=file, mode="r|*", tarinfo=_both_sizes()) as archive:
        total = 0
        for count, member in enumerate(archive):
            name = _name(member.name, filename, bounds)
            total += member.size
            if count >= bounds.members or total > min(bounds.total, most):
                raise _refusal(filename, "It unpacks to too much")
            _check_size(member, filename)
            if member.isreg():
                if name in written:
                    raise _refusal(filename, f"`{_shown(name)}` stands in it twice")
                content = archive.extractfile(member)
                pieces = iter(()) if content is None else _pieces(content.read, member.size, filename)
                written[name] = bool(member.mode & 0o111)
                _write(_place(folder, name), pieces, executable=written[name])
            elif member.issym() or member.islnk():
                links.append((name, _pointed_at(member, name)))
            elif member.isdir():
                os.makedirs(_place(folder, name) if name else folder, exist_ok=True)
            else:
                raise _refusal(filename, f"`{_shown(name)}` is neither a file nor a folder nor a link")
    for name, target in links:
        if target in written and name not in written:
            _write(_place(folder, name), _contents(_place(folder, target)), executable=written[target])


def _name(raw: str, filename: str, bounds: Bounds) -> str:
    """Give a member's path below the folder, normalised; "" is the folder itself."""
    name = raw.rstrip("/")
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    if name == ".":
        return ""
    parts = name.split("/") if name else []
    if any(part in ("", ".", "..") for part in parts) or len(name) > bounds.path or not _is_plain(name):
        raise _refusal(filename, f"`{_shown(raw)}` is no path that stays in a folder")
    return name


def _is_plain(name: str) -> bool:
    """Say whether a path is text that means one place, on Windows too."""
    drive = len(name) > 1 and name[1] == ":"
    return "\\" not in name and not drive and not any(ord(letter) < 32 or ord(letter) == 127 for letter in name)


def _both_sizes() -> type[tarfile.TarInfo]:
    """Give a kind of member that keeps the size in its own header, which an extended header may replace (PAX, GNU)."""

    class Member(tarfile.TarInfo):
        own_size = -1

        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Member:
            found = super().frombuf(buf, encoding, errors)
            found.own_size = found.size
            return found

    return Member


def _check_size(member: tarfile.TarInfo, filename: str) -> None:
    """Refuse what two readers would measure differently: two sizes, or a file with holes that others may not see."""
    if member.size < 0 or member.size != getattr(member, "own_size", member.size) or member.sparse is not None:
        raise _refusal(filename, f"`{_shown(member.name)}` has two sizes")


def _pointed_at(member: tarfile.TarInfo, name: str) -> str:
    """Give the path in the archive that a link points at; hard links name it from the archive's root."""
    start = posixpath.dirname(name) if member.issym() else ""
    return posixpath.normpath(posixpath.join(start, member.linkname))


def _pieces(read: object, size: int, filename: str) -> Iterator[bytes]:
    assert callable(read)  # noqa: S101 - tells the type checker what `extractfile` gives
    while size:
        piece = read(min(size, _PIECE))
        if not piece:
            raise _refusal(filename, "It is cut off")
        size -= len(piece)
        yield piece


def _contents(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _place(folder: str, name: str) -> str:
    return os.path.join(folder, *name.split("/"))


def _write(path: str, pieces: Iterable[bytes | bytearray], *, executable: bool) -> None:
    """Write a new file; nothing that is there is written through. The umask holds."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    mode = 0o777 if executable else 0o666
    try:
        try:
            descriptor = os.open(path, flags, mode)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            descriptor = os.open(path, flags, mode)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        shown = _shown(os.path.basename(path))
        raise UnsafeArchive("Failed to read the archive", causes=(f"`{shown}` is two things at once",)) from error
    with open(descriptor, "wb") as file:
        file.writelines(pieces)


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def _refusal(filename: str, cause: str) -> UnsafeArchive:
    return UnsafeArchive(f"Failed to unpack `{filename}`", causes=(cause,))
