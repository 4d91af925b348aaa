"""Locks between processes that die with their holder: `flock` on a file, shared or exclusive (flock(2)).

`filelock` has no shared locks, and importing it takes ten times as long as a whole no-op install may.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from keyrack.adapters import clock
from keyrack.adapters.disk import make_private_folder
from keyrack.errors import KeyrackError

if sys.platform == "win32":  # pragma: no cover
    import msvcrt
else:
    import fcntl

DEFAULT_TIMEOUT = 300.0
"""Seconds (`UV_LOCK_TIMEOUT`)."""
_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.2
_BUSY = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})
_UNWRITABLE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_WITHOUT_LOCKS = frozenset({errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL})
_SEATS = 64


class LockTimeout(KeyrackError):
    """Somebody else held a lock for longer than we wait."""


def _nothing() -> None:
    return


@contextmanager
def lock(
    path: str, *, shared: bool = False, timeout: float = DEFAULT_TIMEOUT, waiting: Callable[[], None] = _nothing
) -> Iterator[bool]:
    """Hold a lock for a block; `waiting` is called once if it is not free at once. Raises `LockTimeout`.

    False where there can be no lock (a file system that is read-only or has none): then nobody is kept out.
    """
    descriptor = _acquire(path, shared=shared, timeout=timeout, waiting=waiting)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _acquire(path: str, *, shared: bool, timeout: float, waiting: Callable[[], None]) -> int | None:
    deadline = clock.monotonic() + timeout
    pause = 0.0
    while True:
        descriptor, taken = _attempt(path, shared)
        if taken or descriptor is None:
            return descriptor
        if not pause:
            waiting()
        if clock.monotonic() >= deadline:
            raise LockTimeout(
                f"Timeout ({timeout:g}s) when waiting for the lock at `{path}`, is another keyrack process running?",
                hints=("set `UV_LOCK_TIMEOUT` to more seconds to wait longer",),
            )
        pause = min(max(_FIRST_PAUSE, pause * 2), _LONGEST_PAUSE)
        clock.sleep(min(pause, max(0.0, deadline - clock.monotonic())))


def _attempt(path: str, shared: bool) -> tuple[int | None, bool]:
    """Give the open file and True where the lock is ours, None where there can be none."""
    while (descriptor := _open(path)) is not None:
        taken: bool | None = False
        kept = False
        try:
            taken = _take(descriptor, shared)
            kept = bool(taken) and _is_still(descriptor, path)
        finally:
            if not kept:
                os.close(descriptor)
        if not taken:
            return (descriptor, False) if taken is False else (None, False)
        if kept:
            return descriptor, True
        # The file was removed under us (`cache clean`): what we held is nobody's lock any more.
    return None, False


def _open(path: str) -> int | None:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
    try:
        try:
            return os.open(path, flags, 0o600)
        except FileNotFoundError:
            make_private_folder(os.path.dirname(path))
            return os.open(path, flags, 0o600)
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise
    # A cache that cannot be written can still be kept from being cleaned by those who can.
    with contextlib.suppress(OSError):
        return os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    return None


def _is_still(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _take(descriptor: int, shared: bool) -> bool | None:
    """Take the lock if it is free; None where this file system has no locks."""
    try:
        return _try(descriptor, shared)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        if error.errno in _WITHOUT_LOCKS:
            return None
        raise


if sys.platform == "win32":  # pragma: no cover

    def _try(descriptor: int, shared: bool) -> bool:
        # Windows' C library locks ranges of bytes, exclusively only: a reader takes any one of 64, a writer all.
        if not shared:
            return _seat(descriptor, 0, _SEATS)
        return any(_seat(descriptor, number, 1) for number in range(_SEATS))

    def _seat(descriptor: int, first: int, count: int) -> bool:
        os.lseek(descriptor, first, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, count)
        except OSError:
            return False
        return True
else:

    def _try(descriptor: int, shared: bool) -> bool:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        return True
