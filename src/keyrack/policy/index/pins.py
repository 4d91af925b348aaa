"""Where a direct requirement comes from: `[tool.uv.sources]` of the project that states it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_
from typing import Protocol

import msgspec
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.errors import InvalidText
from keyrack.policy.markers.negation import negated
from keyrack.values.index import index_id
from keyrack.values.layer import IndexEntry, SourceEntry
from keyrack.values.names import ExtraName, GroupName, IndexName, PackageName
from keyrack.values.requirement import FromIndex, FromTree, Requirement, RequirementSource
from keyrack.values.url import canonical


class Where(msgspec.Struct, frozen=True):
    """Where in a project a requirement stands: in its dependencies, under an extra, or in a group."""

    extra: ExtraName | None = None
    group: GroupName | None = None


class UndeclaredIndex(InvalidText):
    """A source names an index that nobody declared."""


class BadSource(InvalidText):
    """A source says what cannot be; the message names the package."""


class Trees(Protocol):
    """What of the disk sources depend on."""

    def members(self, root: str) -> Mapping[PackageName, str]:
        """Give the folders of a workspace's members; a root of "" means the project's own, if there is one."""
        ...

    def is_package(self, path: str) -> bool:
        """Say whether a tree is to be built and installed, where its requirer does not say."""
        ...


class NoTrees:
    """There is no workspace, and every tree is a package."""

    def members(self, _root: str) -> Mapping[PackageName, str]:
        """Give none."""
        return {}

    def is_package(self, _path: str) -> bool:
        """Say yes."""
        return True


class Pinned(msgspec.Struct, frozen=True):
    """A requirement at its source: one for each that may count, and the indexes that must be known for it."""

    requirements: tuple[Requirement, ...]
    indexes: tuple[IndexEntry, ...] = ()


class Pinning(msgspec.Struct, frozen=True):
    """A project's sources, the indexes that they may name, and the trees around it. `project` is its own name."""

    sources: tuple[SourceEntry, ...]
    indexes: Mapping[IndexName, IndexEntry]
    trees: Trees = NoTrees()
    project: PackageName | None = None

    def pinned(self, requirement: Requirement, where: Where) -> Pinned:
        """Point a requirement at what its sources name.

        Sources with markers make one requirement each, and one more for where none of them holds. `UndeclaredIndex`
        where the name of an index is unknown; `BadSource` for what is, or is not, a member of the workspace.
        """
        own = [entry for entry in self.sources if entry.name == requirement.name and _meant(entry, where)]
        self._check_members(requirement.name, own)
        if not own:
            return Pinned((requirement,))
        indexes = [self._named(entry) for entry in own if entry.kind == "index"]
        found = [self._at(requirement, entry) for entry in own]
        markers = [Marker(entry.marker) for entry in own if entry.marker]
        if len(markers) == len(own):
            rest = reduce(and_, map(negated, markers))
            found.append(msgspec.structs.replace(requirement, marker=_joined(requirement.marker, rest)))
        return Pinned(tuple(found), tuple(msgspec.structs.replace(index, explicit=True) for index in indexes))

    def _check_members(self, name: PackageName, own: list[SourceEntry]) -> None:
        """Refuse a member of the workspace that is asked for from elsewhere: two of one name cannot be installed."""
        if name == self.project or name not in self.trees.members(""):
            return
        example = f"(e.g., `{name} = {{ workspace = true }}`)"
        if not own:
            raise _bad(
                name,
                f"`{name}` is included as a workspace member, but is missing an entry in `tool.uv.sources` {example}",
            )
        other = next((entry.kind for entry in own if entry.kind != "workspace"), None)
        if other is not None:
            raise _bad(
                name,
                f"`{name}` is included as a workspace member, but references a {_KINDS[other]} in `tool.uv.sources`."
                f" Workspace members must be declared as workspace sources {example}.",
            )

    def _at(self, requirement: Requirement, entry: SourceEntry) -> Requirement:
        marker = _joined(requirement.marker, Marker(entry.marker) if entry.marker else None)
        source = self._source(entry)
        if isinstance(source, FromIndex):
            return msgspec.structs.replace(requirement, source=source, marker=marker)
        # There is one version only, and whether it is in range nobody asks (uv).
        return msgspec.structs.replace(
            requirement, source=source, marker=marker, specifier=SpecifierSet(), given=entry.written
        )

    def _source(self, entry: SourceEntry) -> RequirementSource:
        if entry.kind == "index":
            index = self._named(entry)
            return FromIndex(index_id(index.parsed.url, index.name))
        if entry.kind == "workspace":
            path = self.trees.members(entry.workspace).get(entry.name)
            if path is None:
                raise _bad(
                    entry.name,
                    f"`{entry.name}` references a workspace in `tool.uv.sources` (e.g., `{entry.name} = {{ workspace ="
                    " true }`), but is not a workspace member",
                )
            is_package = self.trees.is_package(path)
            return FromTree(path, editable=is_package and entry.editable is not False, virtual=not is_package)
        if entry.source is None:
            raise _bad(entry.name, "its source says nothing")
        if not isinstance(entry.source, FromTree) or entry.source.editable:
            return entry.source
        is_virtual = entry.source.virtual
        return msgspec.structs.replace(
            entry.source,
            editable=False,
            virtual=not self.trees.is_package(entry.source.path) if is_virtual is None else is_virtual,
        )

    def _named(self, entry: SourceEntry) -> IndexEntry:
        found = self.indexes.get(entry.index) if entry.index is not None else None
        if found is None:
            raise UndeclaredIndex(
                f"Failed to parse entry: `{entry.name}`",
                causes=(f"Package `{entry.name}` references an undeclared index: `{entry.index}`",),
            )
        return found


_KINDS = {"index": "registry", "git": "Git", "url": "URL", "path": "path"}


def _bad(name: PackageName, cause: str) -> BadSource:
    return BadSource(f"Failed to parse entry: `{name}`", causes=(cause,))


def nameable(
    told: Iterable[IndexEntry], own: Iterable[IndexEntry], files: Iterable[IndexEntry]
) -> dict[IndexName, IndexEntry]:
    """Give the indexes that a project's sources may name: those of flags and variables (`told`), then its `own`.

    A name is an index's identity. Where the settings' `files` give it to another URL, the project's index is known by
    its URL alone, and gets no credentials that are meant for the name.
    """
    found = {entry.name: entry for entry in reversed([*told]) if entry.name is not None}
    places = {entry.name: canonical(entry.parsed.url) for entry in reversed([*files]) if entry.name is not None}
    for entry in own:
        if entry.name is None or entry.name in found:
            continue
        same = canonical(entry.parsed.url)
        is_other = places.get(entry.name, same) != same
        found[entry.name] = msgspec.structs.replace(entry, name=None) if is_other else entry
    return found


def _meant(entry: SourceEntry, where: Where) -> bool:
    return entry.extra in (None, where.extra) and entry.group in (None, where.group)


def _joined(one: Marker | None, other: Marker | None) -> Marker | None:
    if one is None or other is None:
        return one or other
    return one & other
