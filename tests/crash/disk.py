"""A disk that stops obeying at its n-th change: Python reports each change to audit hooks before it is made."""

import os
import sys
from contextlib import contextmanager

CHANGES = {
    "os.link": 1,
    "os.mkdir": 0,
    "os.remove": 0,
    "os.rename": 0,
    "os.rmdir": 0,
    "os.symlink": 1,
    "os.truncate": 0,
    "os.chmod": 0,
}
"""Each event that changes the disk, with the place of the changed path among its arguments."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Power:
    """Counts the changes below a folder, and from the n-th on raises instead; with `once` only at the n-th."""

    def __init__(self):
        self.below = None
        self.left = 0
        self.once = False
        self.error = None
        self.changes = 0

    def hear(self, event, args):
        if self.below is None:
            return
        place = 0 if event == "open" and args[2] & WRITING else CHANGES.get(event)
        if place is None:
            return
        path = args[place]
        if not isinstance(path, (str, bytes)) or not self._is_watched(os.fsdecode(path), args):
            return
        self.changes += 1
        if self.changes == self.left or (self.changes > self.left > 0 and not self.once):
            raise self.error()

    def _is_watched(self, path, args):
        # `shutil.rmtree` names what it removes relative to an open folder.
        return path.startswith(self.below) or (not path.startswith("/") and isinstance(args[-1], int) and args[-1] >= 0)


POWER = Power()
sys.addaudithook(POWER.hear)


class Dead(BaseException):
    """The process is gone; whatever it still tries does not happen."""


def no_space():
    return OSError(28, "No space left on device")


@contextmanager
def stopping(folder, at, error, *, once):
    """Let the changes below a folder fail from the `at`-th on (0: never); gives what counts them."""
    POWER.left, POWER.error, POWER.once, POWER.changes = at, error, once, 0
    POWER.below = str(folder)
    try:
        yield POWER
    finally:
        POWER.below = None
