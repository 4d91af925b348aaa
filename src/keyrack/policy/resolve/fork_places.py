"""Where packages come from in one fork: a URL, a tree, a repository, or the one index that they are pinned to.

Before the solver starts, all places are gathered that some fork may take a package from; a fork has at most one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

import msgspec

from keyrack.errors import InvalidText, KeyrackError
from keyrack.policy.markers.algebra import TRUE, Diagram, text
from keyrack.policy.resolve.catalogue import Catalogue, Direct, NeedsBuild, OfflineMetadata
from keyrack.policy.resolve.direct import ConflictingUrls, disallowed, is_same, read_direct, url_of
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.fork_split import Needed
from keyrack.policy.resolve.forks import Fork
from keyrack.policy.resolve.hashes import Hashes
from keyrack.values.index import Indexes, IndexId
from keyrack.values.names import ExtraName, PackageName
from keyrack.values.requirement import FromTree, Requirement
from keyrack.values.source_url import source_text

Source = Direct
Sources = Mapping[PackageName, tuple[Source, ...]]
Pins = Mapping[PackageName, tuple[tuple[Diagram, IndexId], ...]]


_NO_EXTRA = ExtraName("")
_NO_MARKERS = Environment({})


class ConflictingIndexes(KeyrackError):
    """A package is pinned to two indexes in one environment."""


def all_sources(requirements: Iterable[Requirement], hashes: Hashes, catalogue: Catalogue) -> Sources:
    """Find every place that some fork may take a package from, following those that such packages name in turn.

    What only an extra requires is followed where somebody asks for that extra.
    """
    found: dict[PackageName, tuple[Source, ...]] = {}
    followed: dict[tuple[PackageName, Source], set[ExtraName]] = {}
    waiting = list(requirements)
    for one in waiting:
        source = url_of(one)
        if source is None:
            continue
        known = next((each for each in found.get(one.name, ()) if is_same(each, source)), None)
        place = known or catalogue.located(source)
        if known is None:
            found[one.name] = (*found.get(one.name, ()), place)
        elif isinstance(known, FromTree) and isinstance(source, FromTree) and source.editable and not known.editable:
            place = msgspec.structs.replace(known, editable=True)
            found[one.name] = tuple(place if each is known else each for each in found[one.name])
        seen = followed.setdefault((one.name, _plain(place)), set())
        extras = {_NO_EXTRA, *one.extras} - seen
        seen |= extras
        if extras:
            waiting += _asked_by(one.name, source, hashes, catalogue, extras)
    return found


def _plain(source: Source) -> Source:
    """Give a place without saying how it is installed."""
    return msgspec.structs.replace(source, editable=None) if isinstance(source, FromTree) else source


def _asked_by(
    name: PackageName, source: Source, hashes: Hashes, catalogue: Catalogue, extras: set[ExtraName]
) -> tuple[Requirement, ...]:
    try:
        metadata = read_direct(name, source, hashes, catalogue)
    except (NeedsBuild, OfflineMetadata, InvalidText):
        return ()  # the solver meets it again, and says what follows from it
    requires = (one for one in metadata.requires if _NO_MARKERS.extra_of(one.marker) in extras)
    return (*requires, *(chain.from_iterable(metadata.groups.values()) if _NO_EXTRA in extras else ()))


class ForkPlaces:
    """The places that one fork has settled on so far."""

    def __init__(self, sources: Sources, pins: Pins, indexes: Indexes) -> None:
        """Start with nothing settled."""
        self._sources = sources
        self._pins = pins
        self._indexes = indexes
        self.urls: dict[PackageName, Source] = {}
        self.pins: dict[PackageName, IndexId] = {}

    def branch(self) -> ForkPlaces:
        """Give another that has settled on the same so far."""
        other = ForkPlaces(self._sources, self._pins, self._indexes)
        other.urls.update(self.urls)
        other.pins.update(self.pins)
        return other

    def is_open(self, name: PackageName) -> bool:
        """Say whether some fork takes a package from elsewhere than from the indexes, and this one may still do so."""
        return name in self._sources and name not in self.urls

    def settle(self, needed: Iterable[Needed], parent: PackageName, fork: Fork) -> list[PackageName]:
        """Settle on the places that requirements name; give the names whose index is another now.

        Raises `ConflictingUrls`, `ConflictingIndexes`, `DisallowedUrl`.
        """
        moved: list[PackageName] = []
        for one in needed:
            name = one.package.name
            source = url_of(one.requirement)
            if source is not None:
                self._take(name, self._allowed(one, source, parent), fork)
            for marker, index in self._pins.get(name, ()):
                if fork.admits(marker) and self.pins.get(name) != index:
                    self._pin(name, index, fork)
                    moved.append(name)
        return moved

    def _allowed(self, one: Needed, source: Source, parent: PackageName) -> Source:
        """Give the place as the user wrote it. An index's files may not send their readers elsewhere."""
        known = next((each for each in self._sources.get(one.package.name, ()) if is_same(each, source)), None)
        if known is None:
            raise disallowed(parent, one.requirement, source)
        return known

    def _take(self, name: PackageName, source: Source, fork: Fork) -> None:
        known = self.urls.setdefault(name, source)
        if not is_same(known, source):
            places = "\n- ".join(sorted((source_text(known), source_text(source))))
            raise ConflictingUrls(
                f"Requirements contain conflicting URLs for package `{name}` in {_where(fork)}:\n- {places}"
            )

    def _pin(self, name: PackageName, index: IndexId, fork: Fork) -> None:
        known = self.pins.setdefault(name, index)
        if known != index:
            places = "\n- ".join(sorted(self._place(each) for each in (known, index)))
            raise ConflictingIndexes(
                f"Requirements contain conflicting indexes for package `{name}` in {_where(fork)}:\n- {places}"
            )

    def _place(self, index: IndexId) -> str:
        found = self._indexes.by_id(index)
        return index if found is None else str(found.url)


def _where(fork: Fork) -> str:
    return "all marker environments" if fork.marker is TRUE else f"split `{text(fork.marker)}`"
