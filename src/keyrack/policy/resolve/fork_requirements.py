"""What one version of a package requires in one fork: as `requirements.py`, with diagrams in place of one environment.

A requirement keeps the marker under which it counts. Overrides, excludes, constraints and extras of the package's own
are applied as uv applies them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.policy.markers.algebra import (
    FALSE,
    TRUE,
    Diagram,
    both,
    diagram,
    extras_in,
    is_disjoint,
    opposite,
    with_extras,
)
from keyrack.policy.markers.diagram import switch
from keyrack.policy.markers.variables import extra
from keyrack.policy.resolve.forks import Fork
from keyrack.policy.resolve.packages import Package
from keyrack.policy.resolve.requirements import by_name
from keyrack.values.conflicts import ConflictItem
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import Requirement

_ANY = SpecifierSet()
_NO_EXTRAS: frozenset[ExtraName] = frozenset()


class Marked(NamedTuple):
    """A requirement, and where it counts."""

    requirement: Requirement
    marker: Diagram


class ForkRequirements:
    """Applies what the user says of other packages' requirements."""

    def __init__(
        self, constraints: Iterable[Requirement], overrides: Iterable[Requirement], excludes: frozenset[PackageName]
    ) -> None:
        """Sort constraints and overrides by name."""
        self._constraints = by_name(constraints)
        self._overrides = by_name(overrides)
        self._excludes = excludes
        self._own: dict[tuple[Diagram, ExtraName], Diagram] = {}
        # The marker is kept too: so its id stays its own.
        self._diagrams: dict[int, tuple[Marker, Diagram]] = {}

    def of(self, package: Package, requires: Iterable[Requirement], fork: Fork, pythons: Diagram) -> list[Marked]:
        """Give what a version itself requires, or what its extra adds, where the fork and its Pythons admit it.

        Requirements on the package's own extras (`all = ["pkg[a,b]"]`) are replaced by what those require. What a group
        requires (`requires` is then the group's) may name its own package as any other.
        """
        requires = tuple(requires)
        scope = _Scope(package, fork, pythons)
        found = list(self._applying(requires, package.extra, scope))
        name = package.name
        if (
            not name
            or package.group
            or not any(one.requirement.name == name and one.requirement.extras for one in found)
        ):
            return found
        found += self._own_extras(requires, found, scope)
        return [
            one._replace(requirement=msgspec.structs.replace(one.requirement, extras=_NO_EXTRAS))
            if one.requirement.name == name
            else one
            for one in found
            if one.requirement.name != name or not one.requirement.extras or one.requirement.specifier != _ANY
        ]

    def _own_extras(self, requires: tuple[Requirement, ...], found: list[Marked], scope: _Scope) -> list[Marked]:
        """Follow a package's requirements on its own extras, each under the markers on the way to it."""
        more: list[Marked] = []
        seen: set[tuple[ExtraName, Diagram]] = set()
        waiting = deque(_extras_of(found, scope.package.name))
        while waiting:
            extra, way = waiting.popleft()
            if (extra, way) in seen:
                continue
            seen.add((extra, way))
            here = [
                Marked(requirement, marker)
                for requirement, own in self._applying(requires, extra, scope)
                if scope.admits(marker := both(own, way))
            ]
            more += here
            waiting += _extras_of(here, scope.package.name)
        return more

    def _applying(self, requires: Iterable[Requirement], extra: ExtraName, scope: _Scope) -> Iterator[Marked]:
        """Give those that apply, each followed by its constraints."""
        for written in requires:
            alternatives = () if written.name in self._excludes else self._overridden(written)
            for requirement, marker in alternatives:
                own = self._part(marker, extra)
                if scope.admits(own) and scope.admits_extra(requirement.name, extra):
                    yield Marked(requirement, own)
                    yield from self._constraining(requirement, own, scope)

    def _overridden(self, written: Requirement) -> Iterator[Marked]:
        """Give the requirement, or what overrides it; of its marker only a needed extra is left then."""
        marker = self._diagram(written.marker)
        overrides = self._overrides.get(written.name)
        if overrides is None:
            yield Marked(written, marker)
            return
        where = _needed_extra(marker)
        for override in overrides:
            yield Marked(override, both(self._diagram(override.marker), where))

    def _diagram(self, marker: Marker | None) -> Diagram:
        """Read a marker, once: making its text anew takes longer than all the rest."""
        if marker is None:
            return TRUE
        known = self._diagrams.get(id(marker))
        if known is None:
            known = self._diagrams[id(marker)] = marker, diagram(marker)
        return known[1]

    def _part(self, marker: Diagram, extra: ExtraName) -> Diagram:
        """Give where a requirement counts for the package itself, or where only the extra makes it count."""
        found = self._own.get((marker, extra))
        if found is None:
            extras = extras_in(marker)
            without = with_extras(marker, extras, asked=False)
            found = without
            if extra:
                mine = with_extras(with_extras(marker, frozenset((extra,))), extras - {extra}, asked=False)
                found = both(mine, opposite(without))
            self._own[marker, extra] = found
        return found

    def _constraining(self, requirement: Requirement, marker: Diagram, scope: _Scope) -> Iterator[Marked]:
        for constraint in self._constraints.get(requirement.name, ()):
            own = self._diagram(constraint.marker)
            where = both(own, marker)
            if where is not FALSE and scope.admits(where) and scope.fork.admits(own):
                yield Marked(constraint, where)


class _Scope(NamedTuple):
    """Whose requirements are looked at, and for which environments."""

    package: Package
    fork: Fork
    pythons: Diagram

    def admits(self, marker: Diagram) -> bool:
        return not is_disjoint(self.pythons, marker) and self.fork.admits(marker)

    def admits_extra(self, name: PackageName, extra: ExtraName) -> bool:
        return not extra or self.fork.admits_item(ConflictItem(name, extra))


def _extras_of(found: Iterable[Marked], name: PackageName) -> Iterator[tuple[ExtraName, Diagram]]:
    """Give the extras of a package that are asked for, and where."""
    for one in found:
        if one.requirement.name == name:
            for extra in sorted(one.requirement.extras):
                yield extra, one.marker


def _needed_extra(marker: Diagram) -> Diagram:
    """Give the extra without which a marker cannot hold, as a marker; TRUE where there is none."""
    for name in sorted(extras_in(marker)):
        if with_extras(marker, frozenset((name,)), asked=False) is FALSE:
            return switch(extra(name))
    return TRUE
