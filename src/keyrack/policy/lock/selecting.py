"""`Lock` -> the packages that one environment is to have: from its roots along every edge whose marker holds there.

A marker in a lock is shortened by what holds wherever its package is needed, so it is only looked at on the way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

import msgspec
from packaging.markers import Marker

from keyrack.errors import KeyrackError
from keyrack.policy.lock.conflicting import conflict_words
from keyrack.policy.lock.groups import ExtraChoice, GroupChoice, Leaving
from keyrack.policy.markers.algebra import diagram, holds
from keyrack.policy.resolve.environment import Environment
from keyrack.values.conflicts import ConflictItem
from keyrack.values.lock import (
    Lock,
    LockedDependency,
    LockedId,
    LockedPackage,
    LockedRequirement,
    LockedTree,
    TreeKind,
)
from keyrack.values.names import ExtraName, GroupName, PackageName


class LockDoesNotFit(KeyrackError):
    """A lock has no package of a name that is asked for, or what is asked for excludes itself."""


class Target(msgspec.Struct, frozen=True):
    """What is to be installed: `roots` are members of the workspace, none for a script.

    `project` is the one that the command is about, None where it is about several. `with_manifest` adds what a script
    or a root without project requires itself. `inherited` is the workspace's root, whose groups may be asked for by
    name while a member is the root here. `own_groups` are those that the project declares itself.
    """

    roots: tuple[PackageName, ...]
    project: PackageName | None = None
    with_manifest: bool = False
    inherited: PackageName | None = None
    own_groups: frozenset[GroupName] = frozenset()

    def includes(self, owner: PackageName | None, group: GroupName, groups: GroupChoice) -> bool:
        """Say whether a group is meant: those of the root of a workspace only by name, where a member stands for it.

        `owner` is the project that declares it, None for a root that is no project.
        """
        if self.project is None or owner == self.project:
            return groups.holds(group)
        return groups.is_named(group) and group not in self.own_groups


class Selecting(msgspec.Struct, frozen=True):
    """What of the target is meant, and for which environment (`markers`, PEP 508)."""

    target: Target
    markers: Mapping[str, str]
    extras: ExtraChoice = ExtraChoice()
    groups: GroupChoice = GroupChoice()
    leaving: Leaving = Leaving()


class Selected(msgspec.Struct, frozen=True):
    """A package that is needed, and the packages that need it ("" for the user), in the order in which it was found.

    `is_installed` is False for what is left out, and for trees that are not installed at all.
    """

    package: LockedPackage
    required_by: tuple[PackageName, ...]
    is_installed: bool


_Part = tuple[LockedId, ExtraName]
_ITSELF = ExtraName("")


def select(lock: Lock, asked: Selecting) -> tuple[Selected, ...]:
    """Choose what an environment is to have. Raises `LockDoesNotFit`."""
    return _Selection(lock, asked).run()


class _Node(msgspec.Struct):
    package: LockedPackage
    is_wanted: bool
    required_by: dict[PackageName, None]


class _Selection:
    def __init__(self, lock: Lock, asked: Selecting) -> None:
        self._lock = lock
        self._asked = asked
        self._by_id = {package.id: package for package in lock.packages}
        self._environment = Environment(asked.markers)
        self._active = frozenset[str]()
        self._roots = tuple(self._root(name) for name in asked.target.roots)
        inherited = asked.target.inherited
        self._inherited = None if inherited is None else self._root(inherited)

    def run(self) -> tuple[Selected, ...]:
        if self._lock.conflicts:
            self._activate()
        nodes = dict[LockedId, _Node]()
        for _part in self._walk(nodes):
            pass
        return tuple(
            Selected(node.package, tuple(node.required_by), node.is_wanted and self._is_installed(node.package))
            for node in nodes.values()
        )

    def _root(self, name: PackageName) -> LockedPackage:
        found = self._lock.named(name)
        if len(found) != 1:
            raise LockDoesNotFit(
                f"Found multiple packages matching `{name}`" if found else f"Could not find root package `{name}`"
            )
        return found[0]

    def _is_installed(self, package: LockedPackage) -> bool:
        source = package.id.source
        if isinstance(source, LockedTree) and source.kind is TreeKind.VIRTUAL:
            return False
        target = self._asked.target
        return not self._asked.leaving.leaves_out(package.id, target.project, self._lock.manifest.members)

    def _activate(self) -> None:
        """Find all extras that are asked for on the way: only then it is known which edges a conflict cuts.

        An edge to `a[x]` counts with `x` already asked for, as that is what it does.
        """
        extras = {(root.id.name, extra) for root, extra in self._root_parts() if extra}
        named = [(root.id.name, group) for root in self._with_groups() for group, _ in self._groups_of(root)]
        self._check(extras, named)
        production = [root.id.name for root in self._roots] if self._asked.groups.production else []
        before = -1
        while len(extras) != before:
            before = len(extras)
            items = [ConflictItem(name) for name in production]
            items += [ConflictItem(name, extra) for name, extra in extras]
            items += [ConflictItem(name, group=group) for name, group in named]
            self._active = frozenset(item.atom for item in items)
            extras |= {(found.name, extra) for found, extra in self._walk({}) if extra}
        self._check(extras, ())

    def _check(
        self, extras: Iterable[tuple[PackageName, ExtraName]], groups: Iterable[tuple[PackageName, GroupName]]
    ) -> None:
        items = [ConflictItem(name, extra) for name, extra in sorted(extras)]
        items += [ConflictItem(name, group=group) for name, group in sorted(groups)]
        for each in self._lock.conflicts:
            found = [item for item in items if item in each]
            for one, other in combinations(found, 2):
                raise LockDoesNotFit(conflict_words(each, (one, other), self._asked.groups))

    def _root_parts(self) -> Iterator[tuple[LockedPackage, ExtraName]]:
        if self._asked.groups.production:
            for root in self._roots:
                yield root, _ITSELF
                for extra in _extras_of(root):
                    if self._asked.extras.holds(extra):
                        yield root, extra

    def _with_groups(self) -> tuple[LockedPackage, ...]:
        return self._roots if self._inherited is None else (*self._roots, self._inherited)

    def _groups_of(self, root: LockedPackage) -> Iterator[tuple[GroupName, tuple[LockedDependency, ...]]]:
        for group, dependencies in root.groups:
            if self._asked.target.includes(root.id.name, group, self._asked.groups):
                yield group, dependencies

    def _walk(self, nodes: dict[LockedId, _Node]) -> Iterator[_Part]:
        """Go along all edges that hold, breadth first, and give every part of a package that is needed."""
        seen = dict[_Part, None]()
        waiting = deque[_Part]()

        def need(found: LockedId, extras: Iterable[ExtraName], by: PackageName) -> None:
            node = nodes.get(found)
            if node is None:
                node = nodes[found] = _Node(self._by_id[found], True, {})
            node.is_wanted = True
            node.required_by[by] = None
            for part in ((found, extra) for extra in (_ITSELF, *extras)):
                if part not in seen:
                    seen[part] = None
                    waiting.append(part)

        user = PackageName("")
        for root in self._with_groups():
            nodes[root.id] = _Node(root, False, {user: None})
        for root, extra in self._root_parts():
            need(root.id, (extra,) if extra else (), user)
        for root in self._with_groups():
            for _group, dependencies in self._groups_of(root):
                for edge in dependencies:
                    if self._holds(edge):
                        need(edge.id, edge.extras, root.id.name)
        if self._asked.target.with_manifest:
            for requirement in self._manifest():
                need(self._locked(requirement), requirement.extras, user)
        while waiting:
            part = waiting.popleft()
            yield part
            package, extra = self._by_id[part[0]], part[1]
            for edge in _edges(package, extra):
                if self._holds(edge):
                    need(edge.id, edge.extras, package.id.name)

    def _manifest(self) -> Iterator[LockedRequirement]:
        """Give what a script, or a root that is no project, requires by itself."""
        manifest = self._lock.manifest
        if self._asked.groups.production:
            yield from (one for one in manifest.requirements if self._environment.holds(one.marker))
        for group, requirements in manifest.groups:
            if self._asked.target.includes(None, group, self._asked.groups):
                yield from (one for one in requirements if self._environment.holds(one.marker))

    def _locked(self, requirement: LockedRequirement) -> LockedId:
        """Find the package that a requirement means: of several, the one whose fork this environment is in."""
        found = self._lock.named(requirement.name)
        for package in found:
            markers = package.resolution_markers
            if not markers or any(self._marker_holds(marker) for marker in markers):
                return package.id
        raise LockDoesNotFit(f"Could not find root package `{requirement.name}`")

    def _holds(self, edge: LockedDependency) -> bool:
        own = (ConflictItem(edge.id.name, extra).atom for extra in edge.extras) if self._lock.conflicts else ()
        return self._marker_holds(edge.marker, frozenset(own))

    def _marker_holds(self, marker: Marker | None, further: frozenset[str] = frozenset()) -> bool:
        if marker is None:
            return True
        if not self._lock.conflicts:
            return self._environment.holds(marker)
        return holds(diagram(marker), self._asked.markers, self._active | further)


def _extras_of(package: LockedPackage) -> tuple[ExtraName, ...]:
    return tuple(extra for extra, _ in package.optional)


def _edges(package: LockedPackage, extra: ExtraName) -> tuple[LockedDependency, ...]:
    if not extra:
        return package.dependencies
    return next((edges for name, edges in package.optional if name == extra), ())
