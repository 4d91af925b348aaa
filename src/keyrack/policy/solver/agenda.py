"""Which package to decide next, where the universe ranks packages instead of choosing among them.

A rank is asked for when what is known of a package changed, and holds until it changes again: so the cost of a choice
does not grow with the number of packages. Equal ranks go in the order of discovery. See `docs/solver.md#decision`.
"""

from collections.abc import Callable
from copy import copy
from heapq import heappop, heappush
from typing import Generic, TypeVar

from keyrack.policy.solver.derivation import P
from keyrack.policy.solver.partial import PartialSolution
from keyrack.policy.solver.ranges import Ordered, Ranges, V

K = TypeVar("K", bound=Ordered)


class Agenda(Generic[P, V, K]):
    """Packages by rank, the smallest first."""

    def __init__(self, rank: Callable[[P, Ranges[V]], K]) -> None:
        """Take what ranks packages."""
        self._rank = rank
        # The rank that holds for each package, and all ranks that ever did, of which most are out of date.
        self._ranks: dict[int, K] = {}
        self._heap: list[tuple[K, int]] = []
        self._last: int | None = None

    def handed_to(self, rank: Callable[[P, Ranges[V]], K]) -> "Agenda[P, V, K]":
        """Give another agenda with the same entries, which ranks in another way from here."""
        other = copy(self)
        other.detach(rank)
        return other

    def detach(self, rank: Callable[[P, Ranges[V]], K]) -> None:
        """Go one's own way, having been made as a shallow copy of another."""
        self._rank = rank
        self._ranks = dict(self._ranks)
        self._heap = list(self._heap)

    def next_package(self, partial: PartialSolution[P, V]) -> P:
        """Take the undecided package of the smallest rank off the agenda; there must be one."""
        if self._last is not None and self._last not in self._ranks:
            partial.changed.add(self._last)
        for package in partial.changed:
            versions = partial.undecided.get(partial.names[package])
            if versions is not None:
                rank = self._ranks[package] = self._rank(partial.names[package], versions)
                heappush(self._heap, (rank, package))
        partial.changed.clear()
        while True:
            rank, package = heappop(self._heap)
            if self._ranks.get(package) is rank and self._is_open(package, partial):
                return partial.names[package]

    def _is_open(self, package: int, partial: PartialSolution[P, V]) -> bool:
        """Take a package off the agenda, and say whether it is still to be decided."""
        del self._ranks[package]
        self._last = package
        return partial.names[package] in partial.undecided
