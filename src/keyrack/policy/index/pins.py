"""Which index alone answers for a direct requirement: `[tool.uv.sources]` of the project that states it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_

import msgspec
from packaging.markers import Marker

from keyrack.errors import InvalidText, NotYet
from keyrack.policy.markers.negation import negated
from keyrack.values.index import index_id
from keyrack.values.layer import IndexEntry, SourceEntry
from keyrack.values.names import ExtraName, GroupName, IndexName
from keyrack.values.requirement import FromIndex, Requirement
from keyrack.values.url import canonical


class Where(msgspec.Struct, frozen=True):
    """Where in a project a requirement stands: in its dependencies, under an extra, or in a group."""

    extra: ExtraName | None = None
    group: GroupName | None = None


class UndeclaredIndex(InvalidText):
    """A source names an index that nobody declared."""


class Pinned(msgspec.Struct, frozen=True):
    """A requirement at its index: one for each source that may count, and the indexes that must be known for it."""

    requirements: tuple[Requirement, ...]
    indexes: tuple[IndexEntry, ...] = ()


class Pinning(msgspec.Struct, frozen=True):
    """A project's sources, and the indexes that they may name."""

    sources: tuple[SourceEntry, ...]
    indexes: Mapping[IndexName, IndexEntry]

    def pinned(self, requirement: Requirement, where: Where) -> Pinned:
        """Point a requirement at the index that its sources name.

        Sources with markers make one requirement each, and one more for where none of them holds. `UndeclaredIndex`
        where a name is unknown; `NotYet` for sources of other kinds.
        """
        own = [entry for entry in self.sources if entry.name == requirement.name and _meant(entry, where)]
        if not own:
            return Pinned((requirement,))
        indexes = [self._named(entry) for entry in own]
        found = [_at(requirement, entry, index) for entry, index in zip(own, indexes, strict=True)]
        markers = [Marker(entry.marker) for entry in own if entry.marker]
        if len(markers) == len(own):
            rest = reduce(and_, map(negated, markers))
            found.append(msgspec.structs.replace(requirement, marker=_joined(requirement.marker, rest)))
        return Pinned(tuple(found), tuple(msgspec.structs.replace(index, explicit=True) for index in indexes))

    def _named(self, entry: SourceEntry) -> IndexEntry:
        if entry.kind != "index":
            raise NotYet(
                f"Failed to parse entry: `{entry.name}`",
                causes=(f"This version of keyrack reads no `{entry.kind}` sources: what they name must be built",),
                hints=("Pass `--no-sources` to take the package from an index",),
            )
        found = self.indexes.get(entry.index) if entry.index is not None else None
        if found is None:
            raise UndeclaredIndex(
                f"Failed to parse entry: `{entry.name}`",
                causes=(f"Package `{entry.name}` references an undeclared index: `{entry.index}`",),
            )
        return found


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


def _at(requirement: Requirement, entry: SourceEntry, index: IndexEntry) -> Requirement:
    source = FromIndex(index_id(index.parsed.url, index.name))
    marker = _joined(requirement.marker, Marker(entry.marker) if entry.marker else None)
    return msgspec.structs.replace(requirement, source=source, marker=marker)


def _joined(one: Marker | None, other: Marker | None) -> Marker | None:
    if one is None or other is None:
        return one or other
    return one & other
