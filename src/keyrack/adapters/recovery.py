"""What a killed run left of its change of an environment: taken back, or finished if it was nearly done."""

from __future__ import annotations

import os
import shutil

from keyrack.adapters.changes import MOVES, PREFIX, SETTLED
from keyrack.errors import KeyrackError


class CannotRecover(KeyrackError):
    """What an interrupted run left could not be put right."""


def recover(root: str) -> bool:
    """Put a site-packages folder right; say whether there was anything to do. Needs the environment's lock.

    Raises `CannotRecover`, and leaves what is left where it is.
    """
    try:
        left = sorted(name for name in os.listdir(root) if name.startswith(PREFIX))
    except (FileNotFoundError, NotADirectoryError):
        return False
    for name in left:
        work = os.path.join(root, name)
        try:
            if os.path.exists(os.path.join(work, SETTLED)):
                _go_on(root, work)
            else:
                _go_back(work)
        except OSError as error:
            raise CannotRecover(
                f"Failed to bring back what an interrupted run left in `{work}`", causes=(str(error),)
            ) from error
        shutil.rmtree(work, ignore_errors=True)
    return bool(left)


def _go_on(root: str, work: str) -> None:
    """Reveal the dist-info folders that were built: all their files are in place."""
    for name in sorted(os.listdir(work)):
        if name.endswith(".dist-info"):
            target = os.path.join(root, name)
            shutil.rmtree(target, ignore_errors=True)
            os.rename(os.path.join(work, name), target)


def _go_back(work: str) -> None:
    """Bring back what was taken away, the last thing first; what took its place goes."""
    for number, path in reversed(_moves(work)):
        aside = os.path.join(work, f"old-{number}")
        if not os.path.lexists(aside):
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.replace(aside, path)


def _moves(work: str) -> list[tuple[str, str]]:
    try:
        with open(os.path.join(work, MOVES), encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            fields = file.read().split("\0")
    except FileNotFoundError:
        return []
    return list(zip(fields[0:-1:2], fields[1:-1:2], strict=False))
