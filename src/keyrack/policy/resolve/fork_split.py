"""Where the requirements of one version part its fork: one name, several requirements, other markers.

Forks are made for each disjoint piece and for the rest, and only among the requirements of one version; those of
two versions meet in the solver. A single requirement parts a fork only where it begins at a later Python, so that
what it needs may be newer there. Sets of conflicting extras and groups part it once more: none of them, or one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from keyrack.policy.markers.algebra import TRUE, Diagram, both, opposite, python_range
from keyrack.policy.resolve.fork_python import PythonRange
from keyrack.policy.resolve.forks import Fork
from keyrack.policy.resolve.packages import Package
from keyrack.policy.resolve.versions import Versions
from keyrack.values.conflicts import ConflictItem, ConflictSet
from keyrack.values.names import PackageName
from keyrack.values.requirement import Requirement


class Needed(NamedTuple):
    """One dependency. `of_package` tells that a package itself asks for it, not the request or an extra or a group."""

    package: Package
    versions: Versions
    requirement: Requirement
    of_package: bool = False

    @property
    def marker(self) -> Diagram:
        """Where it is needed."""
        return TRUE if self.package.marker is None else self.package.marker

    @property
    def item(self) -> ConflictItem:
        """What a set of conflicts would call it."""
        return ConflictItem(self.package.name, self.package.extra, self.package.group)


class Part(NamedTuple):
    """A fork, and what is needed there."""

    fork: Fork
    needed: tuple[Needed, ...] = ()

    def with_(self, more: Needed) -> Part:
        """Need one more."""
        return Part(self.fork, (*self.needed, more))

    def narrowed(self, marker: Diagram) -> Part:
        """Keep what is needed where a marker holds."""
        fork = self.fork.narrowed(marker)
        return Part(fork, tuple(one for one in self.needed if fork.admits(one.marker)))

    def ruled(self, included: Iterable[ConflictItem], excluded: Iterable[ConflictItem]) -> Part | None:
        """Keep what is needed with some conflict items and without others; None where that cannot be.

        A package that is out may still be needed by others.
        """
        fork = self.fork.ruled(included, excluded)
        if fork is None:
            return None
        return Part(fork, tuple(one for one in self.needed if fork.admits_item(one.item) or _is_between(one)))

    @property
    def upper_bounds(self) -> int:
        """Count the ranges that end somewhere: what meets them is likely to do for the others too."""
        return sum(_ends(one.versions) for one in self.needed)


class Parted(NamedTuple):
    """The parts, in the order in which they were found, and the names that were the reason."""

    parts: tuple[Part, ...]
    diverging: frozenset[PackageName]


def parted(needed: Iterable[Needed], fork: Fork, python: PythonRange, conflicts: Sequence[ConflictSet]) -> Parted:
    """Part a fork by what one version needs there, all of which the fork admits."""
    by_name: dict[PackageName, list[Needed]] = {}
    for one in needed:
        by_name.setdefault(one.package.name, []).append(one)
    parts = [Part(fork)]
    diverging: set[PackageName] = set()
    for name in sorted(by_name):
        if _is_plain(by_name[name], python):
            for one in by_name[name]:
                parts = [part.with_(one) if part.fork.admits(one.marker) else part for part in parts]
            continue
        for one in by_name[name]:
            if one.marker is TRUE:
                parts = [part.with_(one) for part in parts]
            else:
                diverging.add(name)
                parts = _cut(parts, one, python)
    for items in conflicts:
        parts = [piece for part in parts for piece in _without_conflict(part, items, conflicts, diverging)]
    return Parted(tuple(parts), frozenset(diverging))


def by_urgency(parts: Sequence[Part], *, newest_first: bool) -> list[Part]:
    """Put parts in order, the one to be solved first last.

    Those of newer Pythons come first, so that each Python gets the newest versions it can have; or last, so that what
    the older ones got will do for them too.
    """
    if newest_first:
        return sorted(parts, key=lambda part: (_lower(part.fork), part.upper_bounds))
    ordered = sorted(parts, key=lambda part: part.upper_bounds)
    return sorted(ordered, key=lambda part: _lower(part.fork), reverse=True)


def forks_by_urgency(forks: Sequence[Fork], *, newest_first: bool) -> list[Fork]:
    """Put forks to begin with in order, the one to be solved first first; of equal ones the earlier."""
    return sorted(forks, key=_lower, reverse=newest_first)


def _lower(fork: Fork) -> tuple[object, ...]:
    lower = fork.pythons.lower
    return () if lower is None else lower


def _is_plain(needed: Sequence[Needed], python: PythonRange) -> bool:
    """Say whether requirements on one name part nothing: all have one marker, and it begins at no later Python."""
    marker = needed[0].marker
    return all(one.marker is marker for one in needed) and not python.is_raised_by(python_range(marker))


def _cut(parts: Iterable[Part], one: Needed, python: PythonRange) -> list[Part]:
    """Cut parts into where a requirement counts and where it does not, as far as no part before covered that."""
    found: list[Part] = []
    rest = one.marker
    for part in parts:
        if not part.fork.admits(rest):
            found.append(part)
            continue
        other = opposite(rest)
        pieces = [part.narrowed(other)] if part.fork.admits(other) else []
        pieces.append(part.narrowed(rest))
        rest = both(rest, opposite(part.fork.marker))
        met = (piece for piece in pieces if piece.fork.admits(python.marker))
        found += [piece.with_(one) if piece.fork.admits(one.marker) else piece for piece in met]
    return found


def _without_conflict(
    part: Part, items: ConflictSet, conflicts: Sequence[ConflictSet], diverging: set[PackageName]
) -> list[Part]:
    """Give the part without any of the items, and for each item the part with it and without the others."""
    met = {one.item for one in part.needed}
    first = next((item for item in items if item in met), None)
    if first is None:
        return [part]
    diverging.add(first.package)
    open_items = [item for item in items if part.fork.admits_item(item)]
    if len(open_items) < 2 and not any(_is_open_elsewhere(item, items, conflicts, part.fork) for item in open_items):
        settled = part.ruled((), (item for item in items if item not in open_items))
        return [settled] if settled else []
    pieces = [part.ruled((), items)]
    pieces += [part.ruled((item,), (other for other in items if other != item)) for item in items]
    return [piece for piece in pieces if piece is not None]


def _is_open_elsewhere(item: ConflictItem, items: ConflictSet, conflicts: Sequence[ConflictSet], fork: Fork) -> bool:
    """Say whether an item is still to be told apart from one of another set."""
    return any(
        other is not items and item in other and any(fork.admits_item(one) for one in other if one != item)
        for other in conflicts
    )


def _is_between(one: Needed) -> bool:
    return one.of_package and not one.package.extra and not one.package.group


def _ends(versions: Versions) -> bool:
    segments = list(versions.segments())
    return bool(segments) and segments[-1].upper is not None
