"""A change of an environment that can be taken back until it is finished.

What goes away is renamed into a folder on the same file system, and deleted when all is done. What comes is linked;
each `dist-info` is built in that same folder and renamed into place last of all, so that whatever is listed is whole.
A process that is killed leaves that folder behind; `recovery.py` takes back, or finishes, what it was about.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count

from keyrack.adapters.links import Linker, LinkFailed, write_new

PREFIX = ".keyrack-"
"""How a folder of unfinished work in a site-packages begins; no Python looks into it."""
MOVES = "moves"
"""In that folder: `number NUL path NUL` for each thing that was taken away, written before it goes."""
SETTLED = "settled"
"""In that folder, once every file is in place: from here on a change is finished, not taken back."""


class Change:
    """One run's change of the site-packages folder `root`, and of what belongs to it elsewhere.

    `allowed` are the folders in which files may be made: nothing is written through a link that leads out of them.
    """

    def __init__(self, root: str, allowed: Iterable[str], linker: Linker) -> None:
        """Make the folder for unfinished work."""
        os.makedirs(root, exist_ok=True)
        self.root = root
        self._linker = linker
        self._allowed = tuple({os.path.realpath(folder) for folder in allowed})
        self._work = os.path.join(root, PREFIX + os.urandom(6).hex())
        os.mkdir(self._work)
        self._numbers = count()
        self._moves = os.open(os.path.join(self._work, MOVES), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._gone: list[tuple[str, str]] = []
        self._made: list[str] = []
        self._folders: list[str] = []
        self.replaced: list[str] = []

    def take(self, path: str) -> None:
        """Take a file or folder away; it stays at hand until the change is finished."""
        number = next(self._numbers)
        aside = os.path.join(self._work, f"old-{number}")
        os.write(self._moves, f"{number}\0{path}\0".encode(errors="surrogateescape"))
        try:
            try:
                os.rename(path, aside)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                shutil.move(path, aside)
        except FileNotFoundError:
            return
        except OSError as error:
            raise LinkFailed(f"Failed to remove `{path}`", causes=(str(error),)) from error
        self._gone.append((path, aside))

    def prune(self, folder: str) -> None:
        """Remove a folder if it is empty, and so on upwards; the environment's own folders stay."""
        while folder not in self._allowed and os.path.realpath(folder) not in self._allowed:
            try:
                os.rmdir(folder)
            except OSError:
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
            else:
                self._folders.append(folder)

    def link(self, source: str, target: str) -> None:
        """Put a file of the store in place; a file or link that is there is taken away, and never followed."""
        self._put(target, lambda: self._linker.link(source, target))

    def link_all(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Put many files of the store in place, given as source and target."""
        way, made = self._linker.way, self._made.append
        for source, target in pairs:
            try:
                way(source, target)
            except OSError:
                self.link(source, target)
                way = self._linker.way
            else:
                made(target)

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
        self._made.append(target)

    def prepare(self, dist_info: str) -> str:
        """Give a folder in which a dist-info folder is built until `finish`."""
        folder = os.path.join(self._work, dist_info)
        os.mkdir(folder)
        return folder

    def settle(self) -> None:
        """Say that every file is in place and only dist-info folders are missing: there is no way back from here."""
        write_new(os.path.join(self._work, SETTLED), b"")

    def reveal(self, dist_info: str) -> str:
        """Rename a prepared dist-info folder into place and give its path: now the distribution is installed."""
        target = os.path.join(self.root, dist_info)
        try:
            os.rename(os.path.join(self._work, dist_info), target)
        except OSError as error:
            if not os.path.lexists(target):
                raise LinkFailed(f"Failed to write `{target}`", causes=(str(error),)) from error
            self.take(target)  # left over from a run that was cut off: it is not whole, or it would be installed
            os.rename(os.path.join(self._work, dist_info), target)
        self._made.append(target)
        return target

    def finish(self) -> None:
        """Forget what was taken away."""
        self._close()

    def undo(self) -> None:
        """Bring everything back as it was. What cannot be brought back stays in the folder of unfinished work."""
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(self._work, SETTLED))
        for path in reversed(self._made):
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    os.unlink(path)
        for folder in reversed(self._folders):
            with suppress(OSError):
                os.rmdir(folder)
        for path, aside in reversed(self._gone):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.rename(aside, path)
        self._close()

    def _close(self) -> None:
        os.close(self._moves)
        shutil.rmtree(self._work, ignore_errors=True)

    def _check_folder(self, folder: str) -> None:
        real = os.path.realpath(folder)
        if not os.path.isdir(real):
            raise LinkFailed(f"Failed to make `{folder}`", causes=("A file is in the way",))
        if not any(real == root or real.startswith(root.rstrip(os.sep) + os.sep) for root in self._allowed):
            raise LinkFailed(
                f"Failed to make `{folder}`", causes=(f"It is a link to `{real}`, outside the environment",)
            )
