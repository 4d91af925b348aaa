"""Read single top-level files of a source distribution, in memory and within bounds; nothing is unpacked to disk."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from typing import TYPE_CHECKING, BinaryIO

from keyrack.adapters.archives import UnsafeArchive
from keyrack.adapters.zip_tail import list_members, read_member
from keyrack.values.late import LateModule

if TYPE_CHECKING:
    import lzma
    import tarfile
else:
    lzma = LateModule("lzma")
    tarfile = LateModule("tarfile")

LARGEST_MEMBER = 10 * 1024 * 1024
"""Bytes of a file that is read."""
MOST_UNPACKED = 4 * 1024**3
"""Bytes that a tar archive may unpack to before the files are found."""


def read_top_files(path: str, filename: str, wanted: Collection[str]) -> dict[str, bytes]:
    """Give those of the wanted files that lie in the one top folder of the archive at `path`.

    `filename` tells the archive's kind. Links, devices and files deeper inside do not count. Raises `UnsafeArchive`.
    """
    try:
        with open(path, "rb") as file:
            if filename.endswith(".zip"):
                return _from_zip(file, wanted)
            return _from_tar(file, filename, wanted)
    except (tarfile.TarError, OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
        raise UnsafeArchive(f"Failed to read `{filename}`", causes=(f"{error}" or "It is cut off",)) from error


def _top_name(path: str, wanted: Collection[str]) -> str | None:
    """Give the file's name if it is wanted and lies directly in a top folder."""
    folder, _, name = path.removeprefix("./").partition("/")
    return name if folder not in ("", ".", "..") and name in wanted else None


def _from_tar(file: BinaryIO, filename: str, wanted: Collection[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=file, mode="r|*") as archive:
        for member in archive:
            if member.offset_data > MOST_UNPACKED:
                raise UnsafeArchive(f"Failed to read `{filename}`", causes=("It unpacks to too many bytes",))
            name = _top_name(member.name, wanted)
            if name is None or not member.isreg() or name in found:
                continue
            if member.size > LARGEST_MEMBER:
                raise UnsafeArchive(f"Failed to read `{filename}`", causes=(f"`{member.name}` is too large",))
            content = archive.extractfile(member)
            found[name] = content.read() if content is not None else b""
            if len(found) == len(wanted):
                break
    return found


def _from_zip(file: BinaryIO, wanted: Collection[str]) -> dict[str, bytes]:
    def read(start: int, end: int) -> bytes:
        file.seek(start)
        return file.read(end - start)

    found: dict[str, bytes] = {}
    for member in list_members(read, file.seek(0, 2)):
        name = _top_name(member.name, wanted)
        if name is not None and name not in found:
            found[name] = read_member(read, member, LARGEST_MEMBER)
    return found
