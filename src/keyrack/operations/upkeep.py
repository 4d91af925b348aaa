"""Look after the cache: prune it, measure it, verify it, alone with it where something goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from keyrack.adapters import upkeep, wheels
from keyrack.adapters.disk import Amount, remove_tree
from keyrack.adapters.locks import DEFAULT_TIMEOUT, lock
from keyrack.adapters.store import LOCK
from keyrack.adapters.upkeep import Verified
from keyrack.errors import KeyrackError
from keyrack.formats.uv_environment import whole_number
from keyrack.supply import builds, built_wheels, cached, sdists, sources

__all__ = ["FORMS", "Amount", "Upkeep", "Verified"]

FORMS: upkeep.Forms = {
    cached.BUCKET: cached.VERSION,
    builds.METADATA: builds.VERSION,
    built_wheels.KIND: built_wheels.VERSION,
    "interpreters": 1,
    "metadata": 1,
    "resolutions": 1,
    sources.REVISIONS: sources.VERSION,
    sdists.KIND: sdists.VERSION,
    sdists.POINTERS: sdists.VERSION,
    "settled": 1,
    "wheel-pointers": wheels.VERSION,
    "wheels": wheels.VERSION,
}
"""Every kind of entry that a run may store. A kind that is missing here is neither pruned nor verified."""


class Upkeep:
    """The cache in one folder. `waiting` is told once if others use it at the moment."""

    def __init__(self, folder: str, variables: Mapping[str, str], waiting: Callable[[], None]) -> None:
        """`variables` may say how long others are waited for (`UV_LOCK_TIMEOUT`, seconds)."""
        patience = whole_number(variables, "UV_LOCK_TIMEOUT")
        self._folder = folder
        self._waiting = waiting
        self._timeout = DEFAULT_TIMEOUT if patience is None else float(patience)

    @property
    def exists(self) -> bool:
        """Whether there is a cache at all."""
        return os.path.isdir(self._folder)

    def alone(self, *, force: bool = False) -> AbstractContextManager[None]:
        """Keep everybody else out for a block, once they are done; with `force` nobody is waited for."""
        return upkeep.alone(self._folder, self._waiting, force=force, timeout=self._timeout)

    def prune(self, *, fetched: bool = False) -> Amount:
        """Remove what nobody can use, and with `fetched` wheels that came from an index. Call it `alone`."""
        try:
            return upkeep.prune(self._folder, FORMS, fetched=fetched)
        except OSError as error:
            message = f"Failed to prune the cache at `{self._folder}`"
            raise KeyrackError(message, causes=(f"{error.strerror}: `{error.filename}`",)) from error

    def size(self) -> int:
        """Count the bytes that it takes on the disk."""
        return upkeep.room(self._folder)

    def verify(self) -> Verified:
        """Check everything, beside whoever uses the cache, and remove what is damaged once they are done."""
        path = os.path.join(self._folder, LOCK)
        with lock(path, shared=True, timeout=self._timeout, waiting=self._waiting):
            found = upkeep.verify(self._folder, FORMS)
        if found.damages:
            with self.alone():
                for damage in found.damages:
                    remove_tree(damage.path)
        return found
