"""Whether what a change will write fits on the disk, asked before the change begins (statvfs(3))."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from keyrack.errors import KeyrackError
from keyrack.values.wheel import Member


class NoRoom(KeyrackError):
    """A change was not begun: it would have filled the disk."""


def check_room(folder: str, stored: str, members: Iterable[Member], *, copies: bool) -> None:
    """Raise `NoRoom` where files of the store certainly do not fit below `folder`, which need not be there yet.

    `stored` is a path in the store: what lies on another file system has to be copied, as it is where `copies` says
    so; links need no room. A file system that does not know how much is free is trusted.
    """
    place = _nearest(folder)
    try:
        if not copies and os.stat(place).st_dev == os.stat(stored).st_dev:
            return
        free, files = _free(place)
    except OSError:
        return
    listed = tuple(members)
    size = sum(member.size for member in listed)
    if free is not None and size > free:
        raise NoRoom(f"There is not enough room in `{folder}`", causes=(_shortage(size, free, "bytes"),))
    if files is not None and len(listed) > files:
        raise NoRoom(f"There is not enough room in `{folder}`", causes=(_shortage(len(listed), files, "files"),))


def _shortage(needed: int, free: int, what: str) -> str:
    return f"Room for {needed:,} {what} is needed, and there is room for {free:,} (No space left on device)"


def _nearest(folder: str) -> str:
    while not os.path.isdir(folder) and (parent := os.path.dirname(folder)) != folder:
        folder = parent
    return folder


def _free(folder: str) -> tuple[int | None, int | None]:
    """Give the free bytes and the files that can still be made; None where the file system does not count them."""
    if sys.platform == "win32":  # pragma: no cover
        return None, None  # there a full disk takes the change back
    found = os.statvfs(folder)
    # What is kept for root is there for root.
    is_root = os.geteuid() == 0
    blocks, files = (found.f_bfree, found.f_ffree) if is_root else (found.f_bavail, found.f_favail)
    return blocks * found.f_frsize if found.f_blocks else None, files if found.f_files else None
