"""Versions to keep, in the order in which a fork should try them: its own from a lock first, then what others chose.

A fork prefers what an earlier one chose, so that forks differ only where they must.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from keyrack.policy.markers.algebra import TRUE, Diagram
from keyrack.policy.resolve.forks import Fork
from keyrack.policy.resolve.question import Preference, PreferenceSource
from keyrack.values.index import IndexId
from keyrack.values.names import PackageName
from keyrack.values.points import Point


class UniversalPreference(msgspec.Struct, frozen=True):
    """A version that was chosen before; `marker` is that of the forks that did. `index` where it is known."""

    version: Point
    index: IndexId | None = None
    marker: Diagram = TRUE
    source: PreferenceSource = PreferenceSource.LOCK


class Preferred:
    """All that is preferred, which grows with every fork that is solved."""

    def __init__(self, known: Mapping[PackageName, tuple[UniversalPreference, ...]]) -> None:
        """Start with what a lock or an output file says."""
        self._known = {name: list(some) for name, some in known.items()}

    def add(self, name: PackageName, preference: UniversalPreference) -> None:
        """Prefer what a fork chose, after all else."""
        self._known.setdefault(name, []).append(preference)

    def names(self) -> Iterator[PackageName]:
        """Give every package of which a version is preferred."""
        return iter(self._known)

    def ordered(self, name: PackageName, fork: Fork, *, highest: bool) -> tuple[Preference, ...]:
        """Give the versions to try in a fork: those of its own environments first, then by version."""
        some = self._known.get(name, [])
        if len(some) > 1:
            some = sorted(some, key=lambda one: one.version, reverse=highest)
            some.sort(key=lambda one: not fork.admits(one.marker))
        return tuple(Preference(one.version, one.index, one.source) for one in some)


class ForkPreferences(Mapping[PackageName, tuple[Preference, ...]]):
    """What one fork prefers, as it stands when it is asked."""

    def __init__(self, preferred: Preferred, fork: Fork, *, highest: Callable[[PackageName], bool]) -> None:
        """`highest` tells of which packages the highest versions are wanted."""
        self._preferred = preferred
        self._fork = fork
        self._highest = highest

    def __getitem__(self, name: PackageName) -> tuple[Preference, ...]:
        """Give the versions of a package, the first to try first."""
        return self._preferred.ordered(name, self._fork, highest=self._highest(name))

    def __iter__(self) -> Iterator[PackageName]:
        """Give every name."""
        return self._preferred.names()

    def __len__(self) -> int:
        """Count the names."""
        return sum(1 for _ in self._preferred.names())
