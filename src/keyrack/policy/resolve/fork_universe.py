"""The solver's universe for all environments at once: as `universe.py`, but a fork may fall apart into several.

A fork is parted by requirements that say something else elsewhere (`fork_split.py`), by versions that need a later
Python, and by versions whose files do not serve all environments (`fork_platforms.py`). What differs between forks is
copied when a fork is parted; what was fetched and read is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from typing import TypeVar

from keyrack.errors import KeyrackError
from keyrack.policy.markers import algebra
from keyrack.policy.resolve.candidates import Candidate
from keyrack.policy.resolve.chain import inclusion_hint
from keyrack.policy.resolve.fork_places import ForkPlaces
from keyrack.policy.resolve.fork_platforms import Unserved, reached, served, unserved
from keyrack.policy.resolve.fork_python import PythonRange, wanted_bounds
from keyrack.policy.resolve.fork_requirements import Marked
from keyrack.policy.resolve.fork_split import Needed, Part, by_urgency, parted
from keyrack.policy.resolve.fork_world import World
from keyrack.policy.resolve.forks import Fork, split_on_python
from keyrack.policy.resolve.hashes import unhashed
from keyrack.policy.resolve.knowledge import Knowledge
from keyrack.policy.resolve.packages import PYTHON, ROOT, Package, bound_by, marked_packages
from keyrack.policy.resolve.prefetch import BatchPrefetch
from keyrack.policy.resolve.priorities import Key, Priorities
from keyrack.policy.resolve.reasons import BadMetadata, Impossible, NoFile, NoPlatform, OldPython, Reason, Unlisted
from keyrack.policy.resolve.versions import ANY, Versions, is_pin
from keyrack.policy.solver.conflicts import Conflict
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.solve import Absent, Branch, Requires, Split, Unusable
from keyrack.values.log import Level
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.points import Point, point
from keyrack.values.requirement import FromIndex, Requirement, RequirementSource
from keyrack.values.settings import ForkStrategy, ResolutionMode

Answered = TypeVar("Answered")
_Forks = Branch[Package, Point]


class ForkUniverse:
    """One fork's world. `needs` keeps what each version was found to need, with the requirements behind it."""

    def __init__(self, world: World, fork: Fork) -> None:
        """Start a fork of its own."""
        asked = world.asked
        self._world = world
        self._log = world.log
        self.fork = fork
        self.python = PythonRange(asked.pythons, asked.question.target.installed).narrowed(fork.pythons)
        self._places = ForkPlaces(asked.sources, asked.pins, asked.question.indexes)
        self.question = world.question_for(fork, self._places)
        self.knowledge = Knowledge(self.question, world.catalogue, self.python)
        self.prefetch = BatchPrefetch(self.knowledge, world.catalogue, world.log)
        self._priorities = Priorities()
        self._selected: dict[tuple[PackageName, Point], Candidate] = {}
        self._barred: dict[tuple[PackageName, Point], Reason] = {}
        self._allowed: dict[PackageName, Versions] = {}
        self.edges: dict[tuple[Package, Point], Mapping[Package, Versions]] = {}
        self.needs: dict[tuple[Package, Point], tuple[Needed, ...]] = {}
        self._is_new = True

    @property
    def visited(self) -> set[PackageName]:
        """The packages that were looked at, in any fork."""
        return self._world.visited

    def branch(self, fork: Fork) -> ForkUniverse:
        """Give the universe of a part of this fork."""
        other = copy(self)
        other.detach(fork)
        return other

    def detach(self, fork: Fork) -> None:
        """Become the universe of a part of a fork, having been made as a shallow copy of its own."""
        narrowed = self.python.narrowed(fork.pythons)
        if narrowed is not self.python:
            self._log(Level.DEBUG, f"Narrowed `requires-python` bound to: {narrowed.wanted}")
        self.fork = fork
        self.python = narrowed
        self._places = self._places.branch()
        self.question = self._world.question_for(fork, self._places)
        self.knowledge = self.knowledge.branch(self.question, narrowed)
        self.prefetch = self.prefetch.branch(self.knowledge)
        self._priorities = self._priorities.branch()
        self._selected = dict(self._selected)
        self._barred = dict(self._barred)
        self._allowed = dict(self._allowed)
        self.edges = dict(self.edges)
        self.needs = dict(self.needs)
        self._is_new = True

    # What the solver asks

    def rank(self, package: Package, allowed: Versions) -> Key:
        """Say how urgent a package is, now that its range has changed; and look ahead at what it would be."""
        if not package.extra and not package.is_proxy and package.marker is None:
            self.knowledge.expect_likely(package.name, allowed)
        return self._priorities.key(package)

    def next_package(self, undecided: Mapping[Package, Versions]) -> Package:
        """Leave it to `rank`, which the solver prefers."""
        return min(undecided, key=self._priorities.key)

    def conflicted(self, affected: Package, culprit: Package) -> Package | None:
        """Leave it to `conflicts`, which the solver prefers."""

    def conflicts(self, deciding: Package, found: Sequence[Conflict[Package]]) -> list[Package]:
        """Count who was in whose way."""
        return self._priorities.conflicts(deciding, found)

    def mentioned(self, package: Package, versions: Versions) -> None:
        """Ask for a package's pages early, unless it may turn out to come from elsewhere."""
        if package.name and not self._places.is_open(package.name):
            self.knowledge.expect(package.name, versions)

    def span(self, package: Package, version: Point) -> Versions | None:
        """Give the interval around a version that holds no other version that could be chosen."""
        known = self.knowledge.known(package.name)
        return Ranges.gap(version, known) if known else None

    def choose_version(self, package: Package, allowed: Versions) -> Point | Absent | None:
        """Choose a version in range. Raises `Split` where one fork needs several."""
        if package == PYTHON:
            return None
        self._begin()
        name, knowledge = package.name, self.knowledge
        if knowledge.is_direct(name):
            return self._choose_from_url(package, allowed)
        listings = self._with_chain(name, lambda: knowledge.listings_of(name))
        self.visited.add(name)
        self._log(Level.DEBUG, f"Searching for a compatible version of {package} ({self._text(allowed)})")
        candidate = knowledge.candidates.select(name, allowed, listings, knowledge.pin(name))
        if candidate is None:
            self._log(Level.DEBUG, f"No compatible version found for: {package}")
            missing = knowledge.missing(name)
            return None if missing is None or package.is_proxy else Absent(Unlisted(missing))
        self._allowed[name] = allowed
        if candidate.choice is not None and candidate.choice.exclusion is None:
            text = candidate.requires_python
            if not self.python.meets(text):
                self._part_on_python(name, candidate.version, text or "")
            else:
                candidate = self._over_platforms(package, candidate, allowed)
        self._selected[name, candidate.version] = candidate
        return candidate.version

    def dependencies(self, package: Package, version: Point) -> Requires[Package, Point] | Unusable:
        """Say what a version depends on, or why it cannot be used. Raises `Split` where that differs in the fork."""
        if package == ROOT:
            self._begin()
            return self._parted(package, version, self._world.asked.question.direct)
        name = package.name
        candidate = self._selected[name, version]
        out = self._out(name, candidate)
        if out is not None:
            return out
        if candidate.direct is None:
            why = f"[{candidate.why.value}] ({candidate.filename})"
            self._log(Level.DEBUG, f"Selecting: {name}=={version} {why}")
        if package.is_proxy:
            return self._bound(package, version)
        if package == package.base:
            self.prefetch.tried(name, version, self._allowed.get(name, ANY))
        if not self.question.with_dependencies:
            return Requires({})
        metadata = self._with_chain(name, lambda: self.knowledge.metadata_of(name, candidate))
        if not isinstance(metadata, Metadata):
            if isinstance(metadata, BadMetadata):
                what = ": ".join((metadata.what, *metadata.causes))
                self._log(Level.WARN, f"{name} has invalid metadata: {what}")
            return Unusable(metadata)
        if metadata.requires_python is not None and not self.python.meets(str(metadata.requires_python)):
            return self._too_old(name, candidate, str(metadata.requires_python))
        requires = metadata.groups.get(package.group, ()) if package.group else metadata.requires
        return self._parted(package, version, requires)

    # What the graph asks

    def selected(self, name: PackageName, version: Point) -> Candidate:
        """Give the candidate that was decided on."""
        return self._selected[name, version]

    def place(self, name: PackageName) -> RequirementSource:
        """Give the place that a package comes from; of an index only the one it is pinned to is known here."""
        return self._places.urls.get(name) or FromIndex(self._places.pins.get(name))

    # How they are answered

    def _begin(self) -> None:
        """Log that this fork is being solved, once."""
        if self._is_new and not self.fork.is_everything:
            self._log(Level.DEBUG, f"Solving {self.fork} (requires-python: {self.python.wanted})")
        self._is_new = False

    def _text(self, versions: Versions) -> str:
        return self._world.ranges.text(versions)

    def _choose_from_url(self, package: Package, allowed: Versions) -> Point | Absent | None:
        name = package.name
        place = self._places.urls[name]
        self._log(Level.DEBUG, f"Searching for a compatible version of {name} @ {place.url} ({self._text(allowed)})")
        candidate = self._with_chain(name, lambda: self.knowledge.from_url(name, allowed))
        if candidate is None:
            self._log(Level.DEBUG, f"No compatible version found for: {package}")
            return None
        if not isinstance(candidate, Candidate):
            return Absent(candidate)
        self._selected[name, candidate.version] = candidate
        return candidate.version

    def _part_on_python(self, name: PackageName, version: Point, text: str) -> None:
        """Part the fork at the Python that a version asks for, if that is wanted and the bound lies within."""
        if self._world.asked.strategy is not ForkStrategy.REQUIRES_PYTHON:
            return
        forks = split_on_python(self.fork, self.python.bounds, wanted_bounds(text))
        if forks:
            parts = ", ".join(str(fork) for fork in forks)
            self._log(
                Level.DEBUG,
                f"Forking Python requirement `{self.python.wanted}` on `{text}` for {name}=={version} ({parts})",
            )
            raise Split([_Forks(self.branch(fork)) for fork in forks])

    def _too_old(self, name: PackageName, candidate: Candidate, text: str) -> Requires[Package, Point] | Unusable:
        """Say that a version's metadata asks for a later Python than some of the fork's."""
        if candidate.direct is not None:
            return Requires({PYTHON: self.python.allowed(text)})
        self._part_on_python(name, candidate.version, text)
        return Unusable(OldPython(text))

    def _over_platforms(self, package: Package, candidate: Candidate, allowed: Versions) -> Candidate:
        """Give the version that serves the fork, which may be the public one of a local version."""
        required = self._world.asked.required
        version = candidate.version
        if not required and not version.is_local:
            return candidate
        name = package.name
        covered = self._world.covers(name, candidate)
        gap = unserved(self.fork, covered, required, lambda: reached(package, self.edges))
        if isinstance(gap, Unserved):
            self._barred[name, version] = NoPlatform(algebra.text(gap.marker))
            return candidate
        if gap is not None:
            self._log_parts(f"Forking on required platform for {name}=={version}", gap)
            raise Split([_Forks(self.branch(fork)) for fork in gap])
        public = self._public(name, version, allowed) if version.is_local else None
        if public is None:
            return candidate
        found = served(self.fork, covered, self._world.covers(name, public))
        if found.forks:
            self._selected[name, version] = candidate
            self._selected[name, public.version] = public
            self._log_parts(f"Forking platform for {name}=={version}", [fork for fork, _ in found.forks])
            raise Split(
                [_Forks(self.branch(fork), version if is_local else public.version) for fork, is_local in found.forks]
            )
        return candidate if found.is_local else public

    def _public(self, name: PackageName, version: Point, allowed: Versions) -> Candidate | None:
        """Give the public version of a local one, if it can be used."""
        only = allowed.intersection(Ranges.singleton(point(version.version.public)))
        listings = self.knowledge.listings_of(name)
        public = self.knowledge.candidates.select(name, only, listings, self.knowledge.pin(name))
        return None if public is None or public.choice is None or public.choice.exclusion is not None else public

    def _log_parts(self, what: str, forks: Iterable[Fork]) -> None:
        self._log(Level.DEBUG, f"{what} ({', '.join(str(fork) for fork in forks)})")

    def _out(self, name: PackageName, candidate: Candidate) -> Requires[Package, Point] | Unusable | None:
        """Say why a version is out before its metadata is read: no file, no platform, no hash, or an old Python."""
        if candidate.choice is None:
            return None
        if candidate.choice.exclusion is not None:
            return Unusable(NoFile(candidate.choice.exclusion))
        barred = self._barred.get((name, candidate.version))
        if barred is not None:
            return Unusable(barred)
        text = candidate.requires_python
        if text is not None and not self.python.meets(text):
            return Requires({PYTHON: self.python.allowed(text)})
        hashes = self.question.hashes
        if hashes.are_required and (name, candidate.version) not in hashes.versions:
            raise unhashed(name)
        return None

    def _bound(self, proxy: Package, version: Point) -> Requires[Package, Point]:
        """Bind a package and its extra, group or marker to one version."""
        bound: dict[Package, Versions] = dict.fromkeys(bound_by(proxy), Ranges.singleton(version))
        for package in bound:
            self._priorities.discover(package, is_url=self.knowledge.is_direct(package.name), is_pinned=True)
        self.edges[proxy, version] = bound
        return Requires(bound)

    def _parted(
        self, package: Package, version: Point, requires: Iterable[Requirement]
    ) -> Requires[Package, Point] | Unusable:
        """Say what is needed here. Raises `Split` with a branch for each part of the fork where it differs."""
        world = self._world
        found = world.requirements.of(package, requires, self.fork, self.python.marker)
        needed = self._needed(package, found)
        if isinstance(needed, Unusable):
            return needed
        conflicts = world.asked.conflicts
        parts, diverging = parted(needed, self.fork, self.python, conflicts)
        if len(parts) < 2:
            return self.requires(package, version, parts[0] if parts else Part(self.fork))
        many = f"{len(parts)} resolutions"
        names = ", ".join(sorted(diverging))
        what = f"Splitting resolution on {package}=={version} over {names} into {many} with separate markers"
        self._log(Level.DEBUG, what)
        branches = []
        newest_first = (
            world.asked.strategy is ForkStrategy.REQUIRES_PYTHON
            and self.question.resolution is not ResolutionMode.LOWEST
        )
        for part in by_urgency(parts, newest_first=newest_first):
            universe = self.branch(part.fork)
            branches.append(_Forks(universe, version, universe.requires(package, version, part)))
        raise Split(branches)

    def _needed(self, package: Package, found: Iterable[Marked]) -> list[Needed] | Unusable:
        """Turn requirements into dependencies; say which one nothing can meet."""
        needed = []
        is_package = bool(package.name) and not package.extra and not package.group
        for requirement, marker in found:
            versions = self._world.ranges.of(requirement.specifier)
            if versions.is_empty:
                return Unusable(Impossible(_name(requirement), requirement.specifier))
            for one in marked_packages(requirement, marker, self._world.conflicting):
                needed.append(Needed(one, versions, requirement, is_package))  # noqa: PERF401  # plainer
        return needed

    def requires(self, package: Package, version: Point, part: Part) -> Requires[Package, Point]:
        """Settle on the places that requirements name, and say what a version depends on."""
        for name in self._places.settle(part.needed, package.name, self.fork):
            self.knowledge.forget(name)
        dependencies: dict[Package, Versions] = {}
        again: list[tuple[Package, Versions]] = []
        proxies: dict[Package, Package] = {}
        for one in part.needed:
            dependency, versions = one.package, one.versions
            self._tell(package, version, one)
            if dependency == package and versions.contains(version):
                continue  # true wherever this version is chosen
            is_url, pinned = self.knowledge.is_direct(dependency.name), is_pin(versions)
            self._priorities.discover(dependency, is_url=is_url, is_pinned=pinned)
            if dependency.is_proxy and not dependency.group:
                proxies[dependency] = dependency.base
                self._priorities.discover(dependency.base, is_url=is_url, is_pinned=pinned)
            if again or dependencies.get(dependency, versions) is not versions:
                again.append((dependency, versions))
            else:
                dependencies[dependency] = versions
        self.edges[package, version] = dict(again) | dependencies
        self.needs[package, version] = part.needed
        return Requires(dependencies, proxies, again)

    def _tell(self, package: Package, version: Point, one: Needed) -> None:
        what = f"{one.package}{self._text(one.versions)}"
        if not package.name or package.name in self._world.asked.members:
            self._log(Level.DEBUG, f"Adding direct dependency: {what}")
        else:
            self._log(Level.DEBUG, f"Adding transitive dependency for {package.name}=={version}: {what}")

    def _with_chain(self, name: PackageName, work: Callable[[], Answered]) -> Answered:
        """Do something for a package; if it fails, add to the error how the package came to be needed."""
        try:
            return work()
        except KeyrackError as error:
            hint = inclusion_hint(name, self.edges)
            if hint is not None and hint not in error.hints:
                error.hints = (*error.hints, hint)
            raise


def _name(requirement: Requirement) -> str:
    """Write a requirement's package with its extras."""
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return requirement.name + extras
