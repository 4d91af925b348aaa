"""Find and read the lock of a project or of a script."""

from __future__ import annotations

import os

from keyrack.adapters.disk import write_atomic
from keyrack.adapters.folders import read_whole
from keyrack.errors import InvalidText, KeyrackError, UnmetRequest
from keyrack.formats.uv_lock import parse_lock
from keyrack.values.lock import Lock
from keyrack.values.workspace import Workspace

LOCK_FILE = "uv.lock"
LARGEST = 256 * 1024 * 1024


class NoLock(UnmetRequest):
    """There is no lock, and the command may not make one."""


class LockedOtherMembers(KeyrackError):
    """A member of the workspace is not in the lock."""


def lock_path(workspace: Workspace) -> str:
    """Give the path of a workspace's lock."""
    return os.path.join(workspace.root, LOCK_FILE)


def read_lock(path: str, shown: str = LOCK_FILE, *, check_wheels: bool = True) -> Lock | None:
    """Read a lock; None where there is none. Raises `InvalidText`, `UnknownLockVersion`, `KeyrackError`."""
    body = read_whole(path, LARGEST)
    if body is None:
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidText(f"Failed to parse `{shown}`", causes=("It is not UTF-8",)) from error
    return parse_lock(text, shown, check_wheels=check_wheels)


def frozen_lock(path: str, shown: str, flag: str, *, check_wheels: bool = True) -> Lock:
    """Read a lock that must be there. Raises `NoLock` where there is none."""
    found = read_lock(path, shown, check_wheels=check_wheels)
    if found is None:
        raise NoLock(
            f"Unable to find lockfile at `{shown}`, but {flag} was provided. To create a lockfile, run `keyrack lock`"
            " or `keyrack sync` without the flag."
        )
    return found


def kept_lock(path: str, shown: str, *, check_wheels: bool = True) -> Lock | None:
    """Read a lock that may be made anew. Raises what reading raises: nobody's lock is thrown away unread."""
    return read_lock(path, shown, check_wheels=check_wheels)


def write_lock(path: str, text: str) -> bool:
    """Write a lock, if it is not there as it is; say whether it was written."""
    body = text.encode("utf-8")
    if read_whole(path, LARGEST) == body:
        return False
    write_atomic(path, body)
    return True
