"""Which package to decide next: uv's order, which is part of what it answers.

URLs first, then what is pinned to one version, then packages that were in the way often, then the rest in the order in
which they were found. A package's extras go with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from keyrack.policy.resolve.packages import PYTHON, ROOT, Package
from keyrack.values.names import PackageName

CONFLICT_THRESHOLD = 5


class Rank(IntEnum):
    """How urgent a package is; less is sooner."""

    ROOT = 0
    URL = 1
    PINNED = 2
    CONFLICT_EARLY = 3
    CONFLICT_LATE = 4
    UNSPECIFIED = 5


class Priorities:
    """The order of packages so far. Keys compare in C: rank, discovery of the name, discovery of the package."""

    def __init__(self) -> None:
        """Start with the request and Python, which are always first."""
        self._names: dict[PackageName, tuple[Rank, int]] = {}
        self._members: dict[PackageName, list[Package]] = {}
        self._keys: dict[Package, tuple[int, int, int]] = {ROOT: (0, 0, 0), PYTHON: (0, 0, 1)}
        self._affected: dict[Package, int] = {}
        self._culprits: dict[Package, int] = {}
        self._regretted: list[Package] = []

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

    def first(self, packages: Iterable[Package]) -> Package:
        """Give the package to decide next."""
        return min(packages, key=self._keys.__getitem__)

    def conflicted(self, affected: Package, culprit: Package) -> Package | None:
        """Count a conflict; the fifth makes the affected package early and the culprit late.

        Gives the culprit the first time it becomes late: going back to before its decision lets the affected one,
        which it keeps ruling out, choose first.
        """
        if not affected.name or not culprit.name or affected.name == culprit.name:
            return None
        count = self._affected[affected] = self._affected.get(affected, 0) + 1
        if count == CONFLICT_THRESHOLD:
            self._mark(affected.name, Rank.CONFLICT_EARLY)
        count = self._culprits[culprit] = self._culprits.get(culprit, 0) + 1
        if count == CONFLICT_THRESHOLD and self._mark(culprit.name, Rank.CONFLICT_LATE):
            return culprit
        return None

    def _mark(self, name: PackageName, rank: Rank) -> bool:
        """Make a package early or late, but never late again once early; say whether that changed anything."""
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
