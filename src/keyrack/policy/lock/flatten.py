"""`Lock` -> all packages that a target may need in any environment, each with where it is needed (for exports)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import msgspec
from packaging.markers import Marker

from keyrack.policy.lock.groups import ExtraChoice, GroupChoice, Leaving
from keyrack.policy.lock.selecting import LockDoesNotFit, Target
from keyrack.policy.markers.algebra import (
    FALSE,
    TRUE,
    Diagram,
    both,
    diagram,
    either,
    extras_in,
    to_marker,
    with_extras,
    within_python,
    without_extras,
)
from keyrack.values.conflicts import ConflictItem
from keyrack.values.lock import Lock, LockedDependency, LockedId, LockedPackage, LockedTree, TreeKind
from keyrack.values.names import ExtraName, PackageName


class Flattening(msgspec.Struct, frozen=True):
    """What of a lock is meant. `prune` are packages that are left out with what only they need."""

    target: Target
    extras: ExtraChoice = ExtraChoice()
    groups: GroupChoice = GroupChoice()
    leaving: Leaving = Leaving()
    prune: frozenset[PackageName] = frozenset()


class Flat(msgspec.Struct, frozen=True):
    """A package, where it is needed (None: everywhere that the lock is for), and the packages that need it."""

    package: LockedPackage
    marker: Marker | None
    required_by: tuple[PackageName, ...]


_Part = tuple[LockedId, ExtraName]
_ITSELF = ExtraName("")


def flatten(lock: Lock, asked: Flattening) -> tuple[Flat, ...]:
    """Give what is to be exported, in the lock's order. Raises `LockDoesNotFit` for a root that is not in the lock."""
    return _Flattening(lock, asked).run()


class _Flattening:
    def __init__(self, lock: Lock, asked: Flattening) -> None:
        self._lock = lock
        self._asked = asked
        self._by_id = {package.id: package for package in lock.packages}
        self._environment = FALSE if lock.resolution_markers else TRUE
        for marker in lock.resolution_markers:
            self._environment = either(self._environment, without_extras(diagram(marker)))
        self._roots = tuple(self._root(name) for name in asked.target.roots)
        inherited = asked.target.inherited
        self._with_groups = self._roots if inherited is None else (*self._roots, self._root(inherited))
        self._active = self._activated()
        self._reached = dict[_Part, Diagram]()
        self._needed_by = dict[LockedId, set[PackageName]]()
        self._waiting = deque[_Part]()

    def run(self) -> tuple[Flat, ...]:
        for part in self._root_parts():
            self._need(part, TRUE)
        for edge in self._group_edges():
            self._follow(edge, TRUE)
        self._follow_manifest()
        while self._waiting:
            part = self._waiting.popleft()
            for edge in _edges(self._by_id[part[0]], part[1]):
                if self._follow(edge, self._reached[part]):
                    self._needed_by.setdefault(edge.id, set()).add(part[0].name)
        return tuple(self._flat(package) for package in self._lock.packages if self._is_wanted(package))

    def _root(self, name: PackageName) -> LockedPackage:
        found = self._lock.named(name)
        if len(found) != 1:
            raise LockDoesNotFit(f"Could not find root package `{name}`")
        return found[0]

    def _root_parts(self) -> Iterator[_Part]:
        if self._asked.groups.production:
            for root in self._roots:
                yield root.id, _ITSELF
                yield from ((root.id, extra) for extra, _ in root.optional if self._asked.extras.holds(extra))

    def _group_edges(self) -> Iterator[LockedDependency]:
        for root in self._with_groups:
            for group, edges in root.groups:
                if self._asked.target.includes(root.id.name, group, self._asked.groups):
                    yield from edges

    def _activated(self) -> frozenset[str]:
        """Give what conflicts and is asked for, by the words in markers that stand for it."""
        items = [ConflictItem(name, extra) for (name, extra) in self._named_extras()]
        items += [
            ConflictItem(root.id.name, group=group)
            for root in self._with_groups
            for group, _ in root.groups
            if self._asked.target.includes(root.id.name, group, self._asked.groups)
        ]
        if self._asked.groups.production:
            items += [ConflictItem(root.id.name) for root in self._roots]
        return frozenset(item.atom for item in items)

    def _named_extras(self) -> Iterator[tuple[PackageName, ExtraName]]:
        yield from ((own.name, extra) for own, extra in self._root_parts() if extra)
        for edge in self._group_edges():
            yield from ((edge.id.name, extra) for extra in edge.extras)

    def _follow_manifest(self) -> None:
        if not self._asked.target.with_manifest:
            return
        manifest = self._lock.manifest
        named = [*manifest.requirements] if self._asked.groups.production else []
        meant = (
            some for group, some in manifest.groups if self._asked.target.includes(None, group, self._asked.groups)
        )
        named += [one for some in meant for one in some]
        for one in named:
            for package in self._lock.named(one.name):
                marker = both(self._where(one.marker), self._forks(package))
                for extra in (_ITSELF, *one.extras):
                    self._need((package.id, extra), marker)

    def _forks(self, package: LockedPackage) -> Diagram:
        found = FALSE if package.resolution_markers else TRUE
        for marker in package.resolution_markers:
            found = either(found, self._settled(diagram(marker)))
        return found

    def _follow(self, edge: LockedDependency, reached: Diagram) -> bool:
        """Need the target of an edge; say whether it leads there at all."""
        marker = both(reached, self._where(edge.marker))
        if marker is FALSE or edge.id.name in self._asked.prune:
            return False
        for extra in (_ITSELF, *edge.extras):
            self._need((edge.id, extra), marker)
        return True

    def _where(self, marker: Marker | None) -> Diagram:
        return both(self._settled(diagram(marker)), self._environment)

    def _settled(self, found: Diagram) -> Diagram:
        """Take what conflicts as asked for or not."""
        left = with_extras(found, self._active)
        return with_extras(left, extras_in(left), asked=False)

    def _need(self, part: _Part, marker: Diagram) -> None:
        before = self._reached.get(part)
        now = marker if before is None else either(before, marker)
        if now is not before:
            self._reached[part] = now
            self._waiting.append(part)

    def _is_wanted(self, package: LockedPackage) -> bool:
        source = package.id.source
        if self._reached.get((package.id, _ITSELF), FALSE) is FALSE:
            return False
        if isinstance(source, LockedTree) and source.kind is TreeKind.VIRTUAL:
            return False
        asked = self._asked
        return not asked.leaving.leaves_out(package.id, asked.target.project, self._lock.manifest.members)

    def _flat(self, package: LockedPackage) -> Flat:
        marker = within_python(self._reached[package.id, _ITSELF], self._lock.requires_python)
        return Flat(package, to_marker(marker), tuple(sorted(self._needed_by.get(package.id, ()))))


def _edges(package: LockedPackage, extra: ExtraName) -> Iterable[LockedDependency]:
    if not extra:
        return package.dependencies
    return next((edges for name, edges in package.optional if name == extra), ())
