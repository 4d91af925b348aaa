"""Metadata of many versions at once, when one version after another of a package has been tried in vain.

After 5, 10 and 20 tried versions, and every 20 from then on, as many more are asked for (at most 50): first those that
the present range allows, then those next in line whatever the range, for it may follow another package's version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from keyrack.errors import InvalidText
from keyrack.policy.index.files import to_file
from keyrack.policy.resolve.candidates import Candidate
from keyrack.policy.resolve.catalogue import Catalogue
from keyrack.policy.resolve.knowledge import Knowledge
from keyrack.policy.resolve.versions import Versions
from keyrack.policy.solver.ranges import Ranges
from keyrack.values.log import Level, Log
from keyrack.values.names import PackageName
from keyrack.values.points import Point

MOST = 50
_STEPS = (5, 10, 20)


class BatchPrefetch:
    """Counts the versions that were tried of each package, and looks further ahead when there are many."""

    def __init__(self, knowledge: Knowledge, catalogue: Catalogue, log: Log) -> None:
        """Start with nothing tried."""
        self._knowledge = knowledge
        self._catalogue = catalogue
        self._log = log
        self._tried: dict[PackageName, set[Point]] = {}
        self._last: dict[PackageName, int] = {}

    def branch(self, knowledge: Knowledge) -> BatchPrefetch:
        """Give another that counts on, for a branch of the knowledge."""
        other = BatchPrefetch(knowledge, self._catalogue, self._log)
        other.take_over(self._tried, self._last)
        return other

    def take_over(self, tried: Mapping[PackageName, set[Point]], last: Mapping[PackageName, int]) -> None:
        """Count on from what was counted elsewhere."""
        self._tried = {name: set(some) for name, some in tried.items()}
        self._last = dict(last)

    def tried(self, name: PackageName, version: Point, allowed: Versions) -> None:
        """Hear that a version is tried while a range is allowed."""
        count = len(self._tried.get(name, ()))
        if self._is_due(count, self._last.get(name, 0)):
            self._last[name] = count
            self._ask(name, version, allowed, min(count, MOST))
        self._tried.setdefault(name, set()).add(version)

    def summary(self) -> str:
        """Say how many versions of what were tried, the most first."""
        counts = sorted(((name, len(some)) for name, some in self._tried.items()), key=lambda one: (-one[1], one[0]))
        total = sum(count for _, count in counts)
        return f"Tried {total} versions: {', '.join(f'{name} {count}' for name, count in counts)}"

    @staticmethod
    def _is_due(count: int, last: int) -> bool:
        return any(count >= step > last for step in _STEPS) or (count >= _STEPS[-1] and count - last >= _STEPS[-1])

    def _ask(self, name: PackageName, version: Point, allowed: Versions, most: int) -> None:
        asked = 0
        for candidate in islice(self._line(name, version, allowed), most):
            if candidate is None:
                continue
            listed = None if candidate.choice is None else candidate.choice.readable
            if listed is None or not listed.link.filename.endswith(".whl"):
                continue
            if listed.link.core_metadata is None:
                self._log(Level.DEBUG, f"Abandoning prefetch for {name} due to missing registry capabilities")
                return
            if not self._knowledge.python.meets(candidate.requires_python):
                continue
            try:
                file = to_file(*listed)
            except InvalidText:
                continue
            self._catalogue.expect_metadata(file)
            asked += 1
        many = "No" if not asked else f"Prefetched {asked}"
        self._log(Level.DEBUG, f"{many} `{name}` version{'' if asked == 1 else 's'}{'' if asked else ' to prefetch'}")

    def _line(self, name: PackageName, version: Point, allowed: Versions) -> Iterator[Candidate | None]:
        """Walk the versions that come next: in range, then beyond the last of them as far as the user's words allow.

        None where the range is left: that takes a place in the line, as with uv.
        """
        candidates = self._knowledge.candidates
        listings = self._knowledge.listings.get(name, ())
        while True:
            found = candidates.best(name, allowed, listings)
            if found is None:
                break
            version = found.version
            allowed = allowed.difference(Ranges.singleton(version))
            yield found
        yield None
        bounds = self._knowledge.bounds_of(name)
        while True:
            beyond: Versions = (
                Ranges.strictly_lower_than(version)
                if candidates.is_highest(name)
                else Ranges.strictly_higher_than(version)
            )
            found = candidates.best(name, beyond.intersection(bounds), listings)
            if found is None:
                return
            version = found.version
            yield found
