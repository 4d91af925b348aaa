"""From the store into an environment: clone, hard link, copy or symbolic link, whichever the file system can do."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from keyrack.errors import KeyrackError
from keyrack.values.late import LateModule
from keyrack.values.settings import LinkMode

if TYPE_CHECKING:
    import shutil
else:
    shutil = LateModule("shutil")

if sys.platform == "linux":
    from fcntl import ioctl

Way = Callable[[str, str], None]
_FICLONE = 0x40049409
_NEXT = {
    LinkMode.CLONE: LinkMode.HARDLINK,
    LinkMode.HARDLINK: LinkMode.COPY,
    LinkMode.SYMLINK: LinkMode.COPY,
}
DEFAULT = LinkMode.HARDLINK if sys.platform == "win32" else LinkMode.CLONE
"""uv's default: clone where there may be a file system that can."""
SLOW = (
    "Failed to {kind} files; falling back to full copy. This may lead to degraded performance.\n"
    "         If the cache and target directories are on different filesystems, {kind}ing may not be supported.\n"
    "         If this is intentional, set `export UV_LINK_MODE=copy` or use `--link-mode=copy`"
    " to suppress this warning."
)
_KINDS = {LinkMode.HARDLINK: "hardlink", LinkMode.SYMLINK: "symlink"}


class LinkFailed(KeyrackError):
    """A file could not be put where it belongs."""


class Linker:
    """Puts files in place by one mode, and falls back to the next one when the file system refuses it.

    Many threads may call at once. `warnings` say once that files had to be copied.
    """

    def __init__(self, mode: LinkMode) -> None:
        """Begin with `mode`."""
        self.mode = mode
        self.warnings: list[str] = []

    def link(self, source: str, target: str) -> None:
        """Put a file where nothing is; raises `FileExistsError` where something is, `LinkFailed` where it cannot."""
        while True:
            mode = self.mode
            try:
                _WAYS[mode](source, target)
            except (FileExistsError, FileNotFoundError):
                raise
            except OSError as error:
                following = _NEXT.get(mode)
                if following is None:
                    raise LinkFailed(f"Failed to write `{target}`", causes=(str(error),)) from error
                self._fall_back(mode, following)
            else:
                return

    @property
    def way(self) -> Way:
        """The bare way of the present mode, for long loops: whoever calls it turns to `link` when it raises."""
        return _WAYS[self.mode]

    def _fall_back(self, refused: LinkMode, following: LinkMode) -> None:
        if self.mode is refused:
            self.mode = following
            if following is LinkMode.COPY:
                self.warnings.append(SLOW.format(kind=_KINDS[refused]))


def write_new(path: str, contents: bytes, *, executable: bool = False) -> None:
    """Write a file where nothing is; raises `FileExistsError` where something is, be it a link."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o755 if executable else 0o644)
    try:
        rest = memoryview(contents)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    finally:
        os.close(descriptor)


def _clone(source: str, target: str) -> None:
    """Share the blocks until one side changes (Linux: btrfs, xfs, bcachefs)."""
    if sys.platform != "linux":
        raise OSError("cloning is not known here")
    with open(source, "rb") as file:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        descriptor = os.open(target, flags, os.fstat(file.fileno()).st_mode & 0o777)
        try:
            ioctl(descriptor, _FICLONE, file.fileno())
            _keep_time(file.fileno(), descriptor)
        except OSError:
            os.unlink(target)
            raise
        finally:
            os.close(descriptor)


def _copy(source: str, target: str) -> None:
    with open(source, "rb") as file:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(target, flags, os.fstat(file.fileno()).st_mode & 0o777)
        with open(descriptor, "wb", buffering=0) as new:
            shutil.copyfileobj(file, new, 1024 * 1024)
            _keep_time(file.fileno(), descriptor)


def _keep_time(source: int, target: int) -> None:
    """Let a copy be as old as its source: compiled modules are valid for sources of one age (PEP 3147)."""
    if os.utime in os.supports_fd:
        time = os.fstat(source).st_mtime_ns
        os.utime(target, ns=(time, time))


_WAYS: dict[LinkMode, Way] = {
    LinkMode.CLONE: _clone,
    LinkMode.HARDLINK: os.link,
    LinkMode.COPY: _copy,
    LinkMode.SYMLINK: os.symlink,
}
