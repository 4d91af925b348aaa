"""Which packages meet in conflicts so often that they should be decided in another order.

A count for each package in each of two roles, and one threshold for both, as uv has them: who is
*affected* in so many conflicts should be decided early, and who is the *culprit* of so many late, but still before
packages without conflicts. See `docs/solver.md#conflict-counts`.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Final, Generic, TypeAlias

import msgspec

from keyrack.policy.solver.derivation import P

THRESHOLD: Final = 5

# One conflict: the package whose assignment completed the incompatibility, and the others that it speaks of.
Conflict: TypeAlias = tuple[P, Sequence[P]]


class Reordered(msgspec.Struct, Generic[P], frozen=True):
    """Packages that crossed the threshold just now: to be decided early, and late (and gone back on)."""

    early: tuple[P, ...] = ()
    late: tuple[P, ...] = ()


class ConflictCounts(Generic[P]):
    """Counts over one run of the solver; `same` tells what one package and its proxies have in common."""

    def __init__(self, same: Callable[[P], Hashable]) -> None:
        """Start with no conflicts."""
        self._same = same
        self._affected: dict[P, int] = {}
        self._culprits: dict[P, int] = {}

    def branch(self) -> "ConflictCounts[P]":
        """Give other counts that go on from these."""
        other: ConflictCounts[P] = ConflictCounts(self._same)
        other.take_over(self._affected, self._culprits)
        return other

    def take_over(self, affected: Mapping[P, int], culprits: Mapping[P, int]) -> None:
        """Count on from what was counted elsewhere."""
        self._affected = dict(affected)
        self._culprits = dict(culprits)

    def count(self, deciding: P, conflicts: Iterable[Conflict[P]]) -> Reordered[P]:
        """Count the conflicts that the decision on a package led to, and say who crossed the threshold.

        A package and its own proxies hand on conflicts to one another; that is no conflict between them.
        """
        early: list[P] = []
        late: list[P] = []
        for completed, others in conflicts:
            culprits = [other for other in others if self._same(other) != self._same(completed)]
            late.extend(culprit for culprit in culprits if self._crosses(self._culprits, culprit))
            if culprits and self._crosses(self._affected, deciding):
                early.append(deciding)
        return Reordered(tuple(early), tuple(late))

    @staticmethod
    def _crosses(counts: dict[P, int], package: P) -> bool:
        """Count one more, and say whether that is the one that matters."""
        counts[package] = counts.get(package, 0) + 1
        return counts[package] == THRESHOLD
