"""What a killed run left of its change of an environment: taken back, or finished if it was nearly done."""

from __future__ import annotations

import os

from keyrack.adapters.journal import DONE, discard, go_on, is_settled, read_journal, take_back
from keyrack.adapters.unfinished import PREFIX
from keyrack.errors import KeyrackError


class CannotRecover(KeyrackError):
    """What an interrupted run left could not be put right."""


def recover(root: str) -> bool:
    """Put a site-packages folder right; say whether a change was cut off there. Needs the environment's lock.

    Raises `CannotRecover`, and leaves what is left where it is.
    """
    try:
        left = sorted(name for name in os.listdir(root) if name.startswith(PREFIX))
    except (FileNotFoundError, NotADirectoryError):
        return False
    for name in left:
        work = os.path.join(root, name)
        try:
            if not name.endswith(DONE) and (journal := read_journal(work)) is not None:
                go_on(work, journal) if is_settled(work) else take_back(work, journal)
            discard(work)
        except OSError as error:
            raise CannotRecover(
                f"Failed to bring back what an interrupted run left in `{work}`", causes=(str(error),)
            ) from error
    return any(not name.endswith(DONE) for name in left)
