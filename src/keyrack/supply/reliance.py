"""What the answers of a run rest on: entries of the cache, and the instant up to which each of them holds."""

from __future__ import annotations

from collections.abc import Mapping


class Reliance:
    """Kept while answers are given, from many threads; lost as soon as one comes from anywhere else."""

    def __init__(self) -> None:
        """Nothing was answered yet."""
        self._until: dict[str, float] = {}
        self._is_lost = False

    def on(self, path: str, until: float) -> None:
        """An answer is the entry at a path, which needs no question before an instant (seconds since 1970)."""
        self._until[path] = until

    def lose(self) -> None:
        """An answer is no entry: nobody can tell later whether it still holds."""
        self._is_lost = True

    @property
    def until(self) -> Mapping[str, float] | None:
        """The entries' paths, and until when each holds; None where they are not all that there was."""
        return None if self._is_lost else dict(self._until)
