"""Work that is done once for each key and may need other such work: who would wait for itself is told so at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Circle(Exception):
    """Some work needs itself to be done first."""


class Needs:
    """Which work needs which other work; several kinds of work may share it."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self.lock = Lock()
        self._known: dict[str, set[str]] = {}

    def add(self, key: str, needed: str) -> None:
        """Note that one needs the other."""
        self._known.setdefault(key, set()).add(needed)

    def reach(self, key: str, ends: tuple[str, ...]) -> bool:
        """Say whether what is done for a key needs one of the ends, or something that needs it."""
        waiting, seen = [key], set[str]()
        while waiting:
            here = waiting.pop()
            if here in ends:
                return True
            if here not in seen:
                seen.add(here)
                waiting += self._known.get(here, ())
        return False


class Turns(Generic[Value]):
    """Remembers what each key came to, exceptions too. The first who asks does the work, others wait.

    Work says for which other work it is done (the innermost last), so that waiting in a circle is noticed, also where
    several threads would do the waiting.
    """

    def __init__(self, needs: Needs) -> None:
        """Start with nothing known."""
        self._needs = needs
        self._known: dict[str, Future[Value]] = {}

    def take(self, key: str, within: tuple[str, ...], make: Callable[[], Value]) -> Value:
        """Give the value of a key, wanted by the last of `within`. Raises `Circle`, or what making it raised."""
        with self._needs.lock:
            future = self._known.get(key)
            if key in within or (future is not None and not future.done() and self._needs.reach(key, within)):
                raise Circle(key)
            is_first = future is None
            if future is None:
                future = self._known[key] = Future()
            if within:
                self._needs.add(within[-1], key)
        if is_first:
            try:
                future.set_result(make())
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()
