"""What the source trees of a project say of themselves: their requirements at their sources, extras and groups."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

import msgspec
from packaging.markers import Marker
from packaging.version import Version

from keyrack.operations.lowering import Lowering, read_project
from keyrack.operations.workspaces import facts_of
from keyrack.policy.index.pins import Pinned, Where
from keyrack.policy.index.wanted import dependencies_of_group
from keyrack.policy.lock.make import LocalFacts
from keyrack.policy.lock.required import Placing, locked_requirement, requirement_order
from keyrack.policy.markers.algebra import both, diagram, python_diagram, to_marker
from keyrack.policy.resolve.catalogue import Catalogue, Direct, FoundPages
from keyrack.values.artifact import File, parse_version
from keyrack.values.conflicts import ConflictItem
from keyrack.values.index import IndexId
from keyrack.values.layer import SourceEntry
from keyrack.values.lock import LockedMetadata, LockedRequirement
from keyrack.values.metadata import Metadata
from keyrack.values.names import ExtraName, GroupName, PackageName
from keyrack.values.project import Project
from keyrack.values.requirement import FromIndex, FromTree, Requirement
from keyrack.values.workspace import ProjectFacts

_UNKNOWN = Version("0")
Entry = tuple[Requirement, ConflictItem | None]


class Tree(msgspec.Struct, frozen=True):
    """A tree whose requirements are static: for the resolver, and for the lock."""

    metadata: Metadata
    facts: LocalFacts


class Trees:
    """Reads trees, each once."""

    def __init__(self, lowering: Lowering, placing: Placing) -> None:
        """`placing` says where the lock lies."""
        self._lowering = lowering
        self._placing = placing
        self._known: dict[str, Tree | None] = {}

    def at(self, path: str) -> Tree | None:
        """Give what is known of the tree in a folder; None where only a build can tell."""
        path = os.path.normpath(path)
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> Tree | None:
        project = read_project(path)
        if project is None or project.name is None or project.dependencies is None or project.optional is None:
            return None
        facts = facts_of(path)
        pinned = self._lowering.of(project, path)
        stated: list[Entry] = []
        for requirement in project.dependencies:
            stated += _lowered(requirement, Where(), pinned, project)
        for extra, requirements in project.optional.items():
            for requirement in requirements:
                found = _lowered(requirement, Where(extra=extra), pinned, project)
                stated += [(_in_extra(one, extra), conflict) for one, conflict in found]
        groups = {group: self.group(project, facts, group, pinned) for group in project.groups}
        metadata = Metadata(
            project.name,
            _UNKNOWN if facts.version is None else parse_version(facts.version),
            tuple(one for one, _conflict in stated),
            facts.requires_python,
            tuple(project.optional),
            groups={group: tuple(one for one, _conflict in entries) for group, entries in groups.items()},
        )
        locked = LockedMetadata(
            self.written(stated),
            tuple(project.optional),
            tuple((group, self.written(groups[group])) for group in sorted(groups)),
        )
        return Tree(
            metadata,
            LocalFacts(locked, facts.version is None, facts.default_groups, tuple(sorted(facts.group_requires_python))),
        )

    def group(
        self, project: Project, facts: ProjectFacts, group: GroupName, pinned: Callable[[Requirement, Where], Pinned]
    ) -> list[Entry]:
        """Give the requirements of a group, which count for its own Pythons alone."""
        found: list[Entry] = []
        pythons = dict(facts.group_requires_python).get(group)
        for requirement, where in dependencies_of_group(project, group):
            for one, conflict in _lowered(requirement, where, pinned, project):
                if pythons is not None:
                    marker = both(diagram(one.marker), python_diagram(pythons))
                    one = msgspec.structs.replace(one, marker=to_marker(marker))  # noqa: PLW2901 - the same, narrowed
                found.append((one, conflict))
        return found

    def written(self, entries: Iterable[Entry]) -> tuple[LockedRequirement, ...]:
        """Write requirements as a lock does."""
        found = {locked_requirement(one, self._placing, conflict) for one, conflict in entries}
        return tuple(sorted(found, key=requirement_order))


def _lowered(
    requirement: Requirement, where: Where, pinned: Callable[[Requirement, Where], Pinned], project: Project
) -> list[Entry]:
    return [(one, _conflict(one, where, project)) for one in pinned(requirement, where).requirements]


def _conflict(one: Requirement, where: Where, project: Project) -> ConflictItem | None:
    """Name the part of a project by which a source pins a requirement to an index."""
    if not isinstance(one.source, FromIndex) or one.source.index is None or project.name is None:
        return None
    if not any(_is_meant(entry, one.name, where) for entry in project.sources):
        return None
    if where.extra is not None:
        return ConflictItem(project.name, where.extra)
    return ConflictItem(project.name, group=where.group or GroupName(""))


def _is_meant(entry: SourceEntry, name: PackageName, where: Where) -> bool:
    if entry.name != name or entry.kind != "index":
        return False
    by_extra = entry.extra is not None and entry.extra == where.extra
    return by_extra or (entry.group is not None and entry.group == where.group)


def _in_extra(requirement: Requirement, extra: ExtraName) -> Requirement:
    marker = Marker(f'extra == "{extra}"')
    own = requirement.marker
    return msgspec.structs.replace(requirement, marker=marker if own is None else own & marker)


class WithTrees:
    """A catalogue that answers for trees from their files, with their groups, which published metadata has none of."""

    def __init__(self, catalogue: Catalogue, trees: Trees) -> None:
        """Ask the `catalogue` for all else."""
        self._catalogue = catalogue
        self._trees = trees

    def pages(self, name: PackageName, pinned: IndexId | None = None) -> FoundPages:
        """Wait for the pages of a package."""
        return self._catalogue.pages(name, pinned)

    def metadata(self, file: File) -> Metadata:
        """Wait for the metadata of a file."""
        return self._catalogue.metadata(file)

    def expect(
        self, name: PackageName, pinned: IndexId | None = None, then: Callable[[FoundPages], None] | None = None
    ) -> None:
        """Start to fetch the pages of a package."""
        self._catalogue.expect(name, pinned, then)

    def expect_metadata(self, file: File) -> None:
        """Start to fetch the metadata of a file."""
        self._catalogue.expect_metadata(file)

    def source_metadata(self, name: PackageName, source: Direct) -> Metadata:
        """Give what a tree says of itself."""
        tree = self._trees.at(source.path) if isinstance(source, FromTree) else None
        return self._catalogue.source_metadata(name, source) if tree is None else tree.metadata

    def expect_source(self, name: PackageName, source: Direct) -> None:
        """Start to fetch a source; what is read from files is not waited for."""
        if not isinstance(source, FromTree) or self._trees.at(source.path) is None:
            self._catalogue.expect_source(name, source)

    def located(self, source: Direct) -> Direct:
        """Give a source with the commit that it means."""
        return self._catalogue.located(source)
