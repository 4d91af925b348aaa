"""Which package to decide next: uv's order, which is part of what it answers.

URLs first, then what is pinned to one version, then packages that were in the way often, then the rest in the order in
which they were found. A package's extras go with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from enum import IntEnum

from keyrack.policy.resolve.packages import PYTHON, ROOT, Package
from keyrack.policy.solver.conflicts import Conflict, ConflictCounts
from keyrack.values.names import PackageName

Key = tuple[int, int, int]
"""Rank, discovery of the name, discovery of the package."""


class Rank(IntEnum):
    """How urgent a package is; less is sooner."""

    ROOT = 0
    URL = 1
    PINNED = 2
    CONFLICT_EARLY = 3
    CONFLICT_LATE = 4
    UNSPECIFIED = 5


class Priorities:
    """The order of packages so far."""

    def __init__(self) -> None:
        """Start with the request and Python, which are always first."""
        self._names: dict[PackageName, tuple[Rank, int]] = {}
        self._members: dict[PackageName, list[Package]] = {}
        self._keys: dict[Package, Key] = {ROOT: (0, 0, 0), PYTHON: (0, 0, 1)}
        self._counts: ConflictCounts[Package] = ConflictCounts(lambda package: package.name)

    def branch(self) -> Priorities:
        """Give another order that is the same until now."""
        other = copy(self)
        other.detach()
        return other

    def detach(self) -> None:
        """Go one's own way, having been made as a shallow copy of another."""
        self._names = dict(self._names)
        self._members = {name: list(some) for name, some in self._members.items()}
        self._keys = dict(self._keys)
        self._counts = self._counts.branch()

    def discover(self, package: Package, *, is_url: bool, is_pinned: bool) -> None:
        """Take note of a package that something depends on; a later mention can only make it more urgent."""
        rank = Rank.URL if is_url else Rank.PINNED if is_pinned else Rank.UNSPECIFIED
        known = self._names.get(package.name)
        if known is None:
            self._names[package.name] = rank, len(self._names)
        elif rank < known[0]:
            self._rerank(package.name, rank)
        if package not in self._keys:
            self._members.setdefault(package.name, []).append(package)
            name_rank, place = self._names[package.name]
            self._keys[package] = int(name_rank), place, len(self._keys)

    def key(self, package: Package) -> Key:
        """Give what packages are ordered by, the least first."""
        return self._keys[package]

    def conflicts(self, deciding: Package, found: Sequence[Conflict[Package]]) -> list[Package]:
        """Hear which packages met while one was decided; who is in the way too often is decided in another order.

        Gives the packages that became late now: going back to before their decisions lets those choose first whom
        they keep ruling out.
        """
        reordered = self._counts.count(deciding, found)
        for package in reordered.early:
            self._mark(package.name, Rank.CONFLICT_EARLY)
        return [package for package in reordered.late if self._mark(package.name, Rank.CONFLICT_LATE)]

    def _mark(self, name: PackageName, rank: Rank) -> bool:
        """Make a package early or late, but never late again once early; say whether that changed anything."""
        if name not in self._names:
            return False  # the request and Python are always first
        known = self._names[name][0]
        if known is rank or known is Rank.CONFLICT_EARLY:
            return False
        self._rerank(name, rank)
        return True

    def _rerank(self, name: PackageName, rank: Rank) -> None:
        place = self._names[name][1]
        self._names[name] = rank, place
        for package in self._members.get(name, ()):
            self._keys[package] = int(rank), place, self._keys[package][2]
