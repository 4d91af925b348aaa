"""Which version of a package to try: preferred, installed, or the best that is listed (uv's candidate selection)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from heapq import merge

import msgspec

from keyrack.errors import InvalidText
from keyrack.policy.index.choose import Choice
from keyrack.policy.index.listing import Listing
from keyrack.policy.resolve.catalogue import Direct
from keyrack.policy.resolve.question import Preference, PreferenceSource, Question
from keyrack.policy.resolve.versions import Versions
from keyrack.values.artifact import File
from keyrack.values.index import IndexId, IndexStrategy
from keyrack.values.installed import Installed
from keyrack.values.names import PackageName
from keyrack.values.points import Point, point, point_of
from keyrack.values.settings import PrereleaseMode, ResolutionMode


class Why(Enum):
    """Why a version was chosen; the value is uv's word for it in the log."""

    PREFERENCE = "preference"
    INSTALLED = "installed"
    COMPATIBLE = "compatible"


class Candidate(msgspec.Struct, frozen=True):
    """A version to try. It may turn out to be unusable: `choice.exclusion` then says why, and the solver learns it.

    `choice` is None where an installed copy is kept, and for what no index answers for: then `direct` is its only
    wheel, or the place from which one is built.
    """

    version: Point
    why: Why
    choice: Choice | None = None
    installed: Installed | None = None
    direct: File | Direct | None = None

    @property
    def requires_python(self) -> str | None:
        """What the page says of the file to install."""
        listed = None if self.choice is None else self.choice.installable
        return None if listed is None else listed.link.requires_python

    @property
    def filename(self) -> str:
        """The name of the file to install, or `installed` where a copy is kept."""
        listed = None if self.choice is None else self.choice.installable
        return "installed" if listed is None else listed.link.filename


class Prereleases(Enum):
    """How pre-releases take part."""

    NEVER = "never"
    ALIKE = "alike"
    AFTER_STABLE = "after stable"


_PRERELEASES = {
    PrereleaseMode.ALLOW: Prereleases.ALIKE,
    PrereleaseMode.DISALLOW: Prereleases.NEVER,
    PrereleaseMode.IF_NECESSARY: Prereleases.AFTER_STABLE,
}


class Candidates:
    """Chooses versions for one question."""

    def __init__(self, question: Question) -> None:
        """Read from the direct requirements what only they decide."""
        self._question = question
        self._direct = frozenset(requirement.name for requirement in question.direct)
        self._explicit = frozenset(
            requirement.name for requirement in question.direct if _names_prerelease(requirement.specifier)
        )

    def is_highest(self, name: PackageName) -> bool:
        """Whether the highest version comes first."""
        if self._question.resolution is ResolutionMode.LOWEST_DIRECT:
            return name not in self._direct
        return self._question.resolution is ResolutionMode.HIGHEST

    def prereleases(self, name: PackageName) -> Prereleases:
        """How pre-releases of a package take part."""
        mode = self._question.prerelease_package.get(name, self._question.prerelease)
        if mode is PrereleaseMode.EXPLICIT:
            return Prereleases.AFTER_STABLE if name in self._explicit else Prereleases.NEVER
        return _PRERELEASES[mode]

    def select(
        self, name: PackageName, allowed: Versions, listings: Sequence[Listing], index: IndexId | None
    ) -> Candidate | None:
        """Choose a version in range, or None where there is none."""
        preferred = self._preferred(name, allowed, listings, index)
        if preferred is not None:
            return preferred
        kept = None if self._question.reinstall.holds(name) else self._installed(name, allowed)
        if kept is not None and not self._question.upgrade.holds(name):
            return kept
        best = self.best(name, allowed, listings)
        if kept is None or (best is not None and self._is_better(name, best.version, kept.version)):
            return best
        return kept

    def _is_better(self, name: PackageName, one: Point, other: Point) -> bool:
        return one > other if self.is_highest(name) else one < other

    def _preferred(
        self, name: PackageName, allowed: Versions, listings: Sequence[Listing], index: IndexId | None
    ) -> Candidate | None:
        for preference in self._question.preferences.get(name, ()):
            version = preference.version
            if not allowed.contains(version) or (index and preference.index and preference.index != index):
                continue
            kept = None if self._question.reinstall.holds(name) else self._installed(name, allowed)
            if kept is not None and kept.version == version:
                return msgspec.structs.replace(kept, why=Why.PREFERENCE)
            if version.is_prerelease and self._is_barred(name, preference):
                continue
            for listing in listings:
                if version in listing:
                    best = _local_variant(listing, version, allowed)
                    return Candidate(best, Why.PREFERENCE, listing.choice(best))
        return None

    def _is_barred(self, name: PackageName, preference: Preference) -> bool:
        """Say whether a pre-release may not be preferred; one of another fork needs as good a reason as there."""
        prereleases = self.prereleases(name)
        of_fork = preference.source is PreferenceSource.FORK
        return prereleases is Prereleases.NEVER or (of_fork and prereleases is Prereleases.AFTER_STABLE)

    def _installed(self, name: PackageName, allowed: Versions) -> Candidate | None:
        """Give the installed copy if it is in range; several copies must be put right, so none of them counts."""
        copies = self._question.installed.get(name, ())
        if len(copies) != 1 or not copies[0].whole:
            return None
        version = point_of(copies[0].version)
        return Candidate(version, Why.INSTALLED, installed=copies[0]) if allowed.contains(version) else None

    def best(self, name: PackageName, allowed: Versions, listings: Sequence[Listing]) -> Candidate | None:
        """Choose the best listed version in range, preferences aside."""
        prereleases = self.prereleases(name)
        if prereleases is not Prereleases.AFTER_STABLE:
            return self._first(name, allowed, listings, None if prereleases is Prereleases.ALIKE else False)
        groups = [listings]
        if self._question.strategy is IndexStrategy.UNSAFE_FIRST_MATCH:
            groups = [[listing] for listing in listings]
        for group in groups:
            for are_prereleases in (False, True):
                found = self._first(name, allowed, group, are_prereleases)
                if found is not None:
                    return found
        return None

    def _first(
        self, name: PackageName, allowed: Versions, listings: Sequence[Listing], are_prereleases: bool | None
    ) -> Candidate | None:
        highest = self.is_highest(name)
        if self._question.strategy is not IndexStrategy.UNSAFE_BEST_MATCH or len(listings) == 1:
            for listing in listings:
                found = _first_of(((version, listing) for version in _walk(listing, allowed, highest)), are_prereleases)
                if found is not None:
                    return found
            return None
        # `merge` is stable: of equal versions the earlier index's comes first.
        walks = [_paired(listing, allowed, highest) for listing in listings]
        return _first_of(merge(*walks, key=lambda pair: pair[0], reverse=highest), are_prereleases)


def _paired(listing: Listing, allowed: Versions, highest: bool) -> Iterator[tuple[Point, Listing]]:
    return ((version, listing) for version in _walk(listing, allowed, highest))


def _walk(listing: Listing, allowed: Versions, highest: bool) -> Iterator[Point]:
    """Walk the listed versions in range, from the end that is wanted, by bisection for each interval."""
    versions = listing.versions
    cuts = [_place(versions, value, side) for value, side in zip(allowed.values, allowed.sides, strict=True)]
    edges = [0, *cuts] if allowed.unbounded_below else cuts
    if len(edges) % 2:
        edges.append(len(versions))
    pairs = list(zip(edges[::2], edges[1::2], strict=True))
    for first, last in reversed(pairs) if highest else pairs:
        yield from (reversed(versions[first:last]) if highest else versions[first:last])


def _place(versions: Sequence[Point], value: Point, side: int) -> int:
    place = bisect_left(versions, value)
    return place + 1 if side and place < len(versions) and versions[place] == value else place


def _first_of(walk: Iterable[tuple[Point, Listing]], are_prereleases: bool | None) -> Candidate | None:
    """Give the first usable version, or, where the first is unusable on every index, that one: the solver learns why.

    Versions that are hidden by a date do not exist.
    """
    unusable: Candidate | None = None
    for version, listing in walk:
        if unusable is not None and version != unusable.version:
            return unusable
        if are_prereleases is not None and version.is_prerelease is not are_prereleases:
            continue
        choice = listing.choice(version)
        if choice.exclusion is None:
            return Candidate(version, Why.COMPATIBLE, choice)
        if choice.is_hidden:
            continue
        unusable = unusable or Candidate(version, Why.COMPATIBLE, choice)
    return unusable


def _local_variant(listing: Listing, version: Point, allowed: Versions) -> Point:
    """Give the newest local version of a preferred one, if there is any in range: `2.1+cpu` for `2.1`."""
    if not listing.has_local or version.is_local:
        return version
    public = str(version.version)
    variants = [
        other
        for other in listing.versions
        if other.is_local and other.version.public == public and allowed.contains(other)
    ]
    return variants[-1] if variants else version


def _names_prerelease(specifiers: Iterable[object]) -> bool:
    """Whether a specifier names a pre-release; an exclusion opens no door."""
    for specifier in specifiers:
        text = str(specifier)
        if not text.startswith("!=") and _is_prerelease(text.lstrip("<>=~").strip().removesuffix(".*")):
            return True
    return False


def _is_prerelease(text: str) -> bool:
    try:
        return point(text).is_prerelease
    except InvalidText:
        return False
