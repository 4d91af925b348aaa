"""A change of an environment that can be taken back until it is finished.

What it will do stands in a journal first. What goes away is renamed into a folder on the same file system, and deleted
when all is done. What comes is linked; each `dist-info` is built in that same folder and renamed into place last of
all, so that whatever is listed is whole. A process that is killed leaves that folder behind; `recovery.py` takes back,
or finishes, what it was about.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress

from keyrack.adapters.journal import LATE, SETTLED, Journal, discard, move, take_back, write_journal
from keyrack.adapters.links import Linker, LinkFailed, write_new
from keyrack.adapters.unfinished import PREFIX

_DISK_TROUBLE = frozenset({errno.ENOSPC, errno.EIO, errno.EROFS})


def _go_on() -> None:
    return


class Change:
    """One run's change of the site-packages folder `root`, and of what belongs to it elsewhere.

    `allowed` are the folders in which files may be made: nothing is written through a link that leads out of them.
    """

    def __init__(
        self, root: str, allowed: Iterable[str], linker: Linker, *, check: Callable[[], None] = _go_on
    ) -> None:
        """Touch nothing yet; `check` is called again and again, and may raise to end it."""
        self._root = root
        self._linker = linker
        self._check = check
        self._allowed = tuple({os.path.realpath(folder) for folder in allowed})
        self._work = os.path.join(root, PREFIX + os.urandom(6).hex())
        self._journal = Journal()
        self._guard = threading.Lock()
        self._late = 0
        self.replaced: list[str] = []

    def begin(self, journal: Journal) -> None:
        """Write the journal, then take away what it says."""
        os.makedirs(self._root, exist_ok=True)
        os.mkdir(self._work)
        write_journal(self._work, journal)
        self._journal = journal
        for number, path in enumerate(journal.takes):
            self._check()
            self._take(path, os.path.join(self._work, f"old-{number}"))

    def take(self, path: str) -> None:
        """Take away a file that came into the way after all; it stays at hand until the change is finished."""
        with self._guard:
            number = self._late
            self._late += 1
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
            descriptor = os.open(os.path.join(self._work, LATE), flags, 0o644)
            try:
                os.write(descriptor, f"{number}\0{path}\0".encode(errors="surrogateescape"))
            finally:
                os.close(descriptor)
        self._take(path, os.path.join(self._work, f"late-{number}"))

    def _take(self, path: str, aside: str) -> None:
        try:
            move(path, aside)
        except FileNotFoundError:
            return
        except OSError as error:
            raise LinkFailed(f"Failed to remove `{path}`", causes=(str(error),)) from error

    def prune(self, folder: str) -> None:
        """Remove a folder if it is empty, and so on upwards; the environment's own folders stay."""
        while folder not in self._allowed and os.path.realpath(folder) not in self._allowed:
            try:
                os.rmdir(folder)
            except OSError as error:
                if error.errno in _DISK_TROUBLE:
                    raise LinkFailed(f"Failed to remove `{folder}`", causes=(str(error),)) from error
                return
            folder = os.path.dirname(folder)

    def make_folders(self, folders: Iterable[str]) -> None:
        """Make folders, parents first; one that is there must be a folder that does not lead out of the environment."""
        for folder in folders:
            try:
                os.mkdir(folder)
            except FileExistsError:
                self._check_folder(folder)
            except FileNotFoundError:
                os.makedirs(folder, exist_ok=True)
                self._check_folder(folder)
            except OSError as error:
                raise LinkFailed(f"Failed to make `{folder}`", causes=(str(error),)) from error

    def link(self, source: str, target: str) -> None:
        """Put a file of the store in place; a file or link that is there is taken away, and never followed."""
        self._put(target, lambda: self._linker.link(source, target))

    def link_all(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Put many files of the store in place, given as source and target."""
        way, check = self._linker.way, self._check
        for source, target in pairs:
            check()
            try:
                way(source, target)
            except OSError:
                self.link(source, target)
                way = self._linker.way

    def write(self, target: str, contents: bytes, *, executable: bool = False) -> None:
        """Put a file with these contents in place; what is there is taken away, and never followed."""
        self._put(target, lambda: write_new(target, contents, executable=executable))

    def _put(self, target: str, put: Callable[[], None]) -> None:
        try:
            try:
                put()
            except FileExistsError:
                if os.path.isdir(target) and not os.path.islink(target):
                    raise
                self.take(target)
                self.replaced.append(target)
                put()
        except OSError as error:
            raise LinkFailed(f"Failed to write `{target}`", causes=(str(error),)) from error

    def prepare(self, dist_info: str) -> str:
        """Give a folder in which a dist-info folder is built until `finish`."""
        folder = os.path.join(self._work, dist_info)
        os.mkdir(folder)
        return folder

    def settle(self) -> None:
        """Say that every file is in place and only dist-info folders are missing: there is no way back from here."""
        write_new(os.path.join(self._work, SETTLED), b"")

    def reveal(self, dist_info: str) -> None:
        """Rename a prepared dist-info folder to its path: now the distribution is installed."""
        try:
            move(os.path.join(self._work, os.path.basename(dist_info)), dist_info)
        except OSError as error:
            raise LinkFailed(f"Failed to write `{dist_info}`", causes=(str(error),)) from error

    def finish(self) -> None:
        """Forget what was taken away. Everything is in place: what cannot be removed now is for the next run."""
        with suppress(OSError):
            discard(self._work)

    def undo(self) -> None:
        """Bring everything back as it was. What cannot be brought back is left for the next run, which tries again."""
        if os.path.isdir(self._work):
            with suppress(OSError):
                take_back(self._work, self._journal)
                discard(self._work)

    def _check_folder(self, folder: str) -> None:
        real = os.path.realpath(folder)
        if not os.path.isdir(real):
            raise LinkFailed(f"Failed to make `{folder}`", causes=("A file is in the way",))
        if not any(real == root or real.startswith(root.rstrip(os.sep) + os.sep) for root in self._allowed):
            raise LinkFailed(
                f"Failed to make `{folder}`", causes=(f"It is a link to `{real}`, outside the environment",)
            )
