"""The solver's universe for all environments at once: as `universe.py`, but a fork may fall apart into several.

A fork is parted by requirements that say something else elsewhere (`fork_split.py`), by versions that need a later
Python, and by versions whose files do not serve all environments (`fork_platforms.py`). What differs between forks is
copied when a fork is parted; what was fetched and read is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from keyrack.policy.index.choose import Exclusion, Kind
from keyrack.policy.index.coverage import wheel_coverage
from keyrack.policy.index.python_tags import PythonTags, begins_below, fits
from keyrack.policy.index.tags import Mismatch
from keyrack.policy.markers.algebra import both, is_disjoint, text
from keyrack.policy.resolve.candidates import Candidate
from keyrack.policy.resolve.fork_bounds import fork_unbounded
from keyrack.policy.resolve.fork_platforms import Unserved, reached, served, unserved
from keyrack.policy.resolve.fork_python import wanted_bounds
from keyrack.policy.resolve.fork_requirements import Marked
from keyrack.policy.resolve.fork_split import Needed, Part, by_urgency, parted
from keyrack.policy.resolve.fork_state import ForkState
from keyrack.policy.resolve.forks import Fork, split_on_python
from keyrack.policy.resolve.hashes import unhashed
from keyrack.policy.resolve.packages import PYTHON, ROOT, Package, bound_by, marked_packages
from keyrack.policy.resolve.priorities import Key
from keyrack.policy.resolve.reasons import BadMetadata, Impossible, NoFile, NoPlatform, OldPython, Unlisted
from keyrack.policy.resolve.versions import ANY, Versions, is_pin
from keyrack.policy.solver.conflicts import Conflict
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.solve import Absent, Barred, Branch, Requires, Split, Universe, Unusable
from keyrack.values.artifact import File
from keyrack.values.log import Level
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.points import Point, point
from keyrack.values.requirement import Requirement
from keyrack.values.settings import ForkStrategy, ResolutionMode
from keyrack.values.source_url import source_text

_NO_PYTHON = NoFile(Exclusion(Kind.TAGS, Mismatch.PYTHON_VERSION))
_Branch = Branch[Package, Point]
_USER = PackageName("")


class ForkUniverse(ForkState):
    """Answers the solver for one fork, or says into which forks it falls apart."""

    # What the solver asks

    def rank(self, package: Package, allowed: Versions) -> Key:
        """Say how urgent a package is, now that its range has changed; and look ahead at what it would be."""
        if not package.extra and not package.is_proxy and package.marker is None:
            self.knowledge.expect_likely(package.name, allowed)
        return self.priorities.key(package)

    def next_package(self, undecided: Mapping[Package, Versions]) -> Package:
        """Leave it to `rank`, which the solver prefers."""
        return min(undecided, key=self.priorities.key)

    def conflicted(self, affected: Package, culprit: Package) -> Package | None:
        """Leave it to `conflicts`, which the solver prefers."""

    def conflicts(self, deciding: Package, found: Sequence[Conflict[Package]]) -> list[Package]:
        """Count who was in whose way."""
        return self.priorities.conflicts(deciding, found)

    def mentioned(self, package: Package, versions: Versions) -> None:
        """Ask for a package's pages early, unless it may turn out to come from elsewhere."""
        if package.name and not self.places.is_open(package.name):
            self.knowledge.expect(package.name, versions)

    def span(self, package: Package, version: Point) -> Versions | None:
        """Give the interval around a version that holds no other version that could be chosen."""
        known = self.knowledge.known(package.name)
        return Ranges.gap(version, known) if known else None

    def choose_version(self, package: Package, allowed: Versions) -> Point | Absent | Barred[Point] | None:
        """Choose a version in range. Raises `Split` where one fork needs several."""
        if package == PYTHON:
            return None
        # The same question has the same answer within a fork; the solver asks again whenever it has gone back.
        known = self.chosen.get(package)
        if known is not None and known[0] == allowed:
            return known[1]
        self.begin()
        if self.knowledge.is_direct(package.name):
            return self._choose_from_url(package, allowed)
        version = self._choose(package, allowed)
        if isinstance(version, Point) and package.name not in self.places.pins:
            self.chosen[package] = allowed, version
        return version

    def _choose(self, package: Package, allowed: Versions) -> Point | Absent | Barred[Point] | None:
        """Choose among the listed versions."""
        name, knowledge = package.name, self.knowledge
        listings = self.with_chain(name, lambda: knowledge.listings_of(name))
        self.visited.add(name)
        self.log(Level.DEBUG, f"Searching for a compatible version of {package} ({self.text(allowed)})")
        candidate = knowledge.candidates.select(name, allowed, listings, knowledge.pin(name))
        if candidate is None:
            self.log(Level.DEBUG, f"No compatible version found for: {package}")
            missing = knowledge.missing(name)
            return None if missing is None or package.is_proxy else Absent(Unlisted(missing))
        self.allowed[name] = allowed
        if candidate.choice is not None and candidate.choice.exclusion is None:
            if not self.python.meets(candidate.requires_python):
                self._part_on_python(name, candidate.version, candidate.requires_python or "")
                self.too_new.add((package, candidate.version))
            elif not self._is_for_pythons(name, candidate):
                return Barred(candidate.version, _NO_PYTHON)
            else:
                fitting = self._over_platforms(package, candidate, allowed)
                if not isinstance(fitting, Candidate):
                    return fitting
                candidate = fitting
        self.candidates[name, candidate.version] = candidate
        return candidate.version

    def dependencies(self, package: Package, version: Point) -> Requires[Package, Point] | Unusable:
        """Say what a version depends on, or why it cannot be used. Raises `Split` where that differs in the fork."""
        if package == ROOT:
            self.begin()
            return self._parted(package, version, self.world.asked.question.direct)
        name = package.name
        candidate = self.candidates[name, version]
        out = self._out(package, candidate)
        if out is not None:
            return out
        if candidate.direct is None:
            why = f"[{candidate.why.value}] ({candidate.filename})"
            self.log(Level.DEBUG, f"Selecting: {name}=={version} {why}")
        if package.is_proxy:
            return self._bound(package, version)
        if package == package.base:
            self.prefetch.tried(name, version, self.allowed.get(name, ANY))
        if not self.question.with_dependencies:
            return Requires({})
        metadata = self.with_chain(name, lambda: self.knowledge.metadata_of(name, candidate))
        if not isinstance(metadata, Metadata):
            if isinstance(metadata, BadMetadata):
                what = ": ".join((metadata.what, *metadata.causes))
                self.log(Level.WARN, f"{name} has invalid metadata: {what}")
            return Unusable(metadata)
        if metadata.requires_python is not None and not self.python.meets(str(metadata.requires_python)):
            return self._too_old(name, candidate, str(metadata.requires_python))
        requires = metadata.groups.get(package.group, ()) if package.group else metadata.requires
        return self._parted(package, version, requires)

    def _entering(self, fork: Fork) -> Callable[[], ForkUniverse]:
        return lambda: self.branch(fork)

    def _choose_from_url(self, package: Package, allowed: Versions) -> Point | Absent | Barred[Point] | None:
        name = package.name
        place = self.places.urls[name]
        self.log(
            Level.DEBUG, f"Searching for a compatible version of {name} @ {source_text(place)} ({self.text(allowed)})"
        )
        candidate = self.with_chain(name, lambda: self.knowledge.from_url(name, allowed))
        if candidate is None:
            self.log(Level.DEBUG, f"No compatible version found for: {package}")
            return None
        if not isinstance(candidate, Candidate):
            return Absent(candidate)
        self.candidates[name, candidate.version] = candidate
        reason = self._unfit(package, candidate.direct.filename) if isinstance(candidate.direct, File) else None
        return candidate.version if reason is None else Barred(candidate.version, reason)

    def _unfit(self, package: Package, wheel: str) -> NoPlatform | NoFile | None:
        """Say why the one wheel of a package cannot be used, if that is so."""
        covered = both(self.fork.marker, wheel_coverage(wheel))
        for marker in self.world.asked.required:
            is_missing = self.fork.admits(marker) and is_disjoint(covered, marker)
            if is_missing and not is_disjoint(reached(package, self.edges), marker):
                return NoPlatform(text(marker))
        return None if fits(PythonTags(self.python.bounds), wheel) else _NO_PYTHON

    def _is_for_pythons(self, name: PackageName, candidate: Candidate) -> bool:
        """Say whether some wheel is for a Python of the fork: older ones are let pass, as uv does."""
        upper = self.python.bounds.upper
        if upper == self.python.whole.upper:
            return True
        wheels = self.world.wheels(name, candidate)
        if wheels is None:
            return True
        return any(begins_below(wheel, upper) for wheel in wheels)

    def _part_on_python(self, name: PackageName, version: Point, text: str) -> None:
        """Part the fork at the Python that a version asks for, if that is wanted and the bound lies within."""
        if self.world.asked.strategy is not ForkStrategy.REQUIRES_PYTHON:
            return
        forks = split_on_python(self.fork, self.python.bounds, wanted_bounds(text))
        if forks:
            parts = ", ".join(str(fork) for fork in forks)
            self.log(
                Level.DEBUG,
                f"Forking Python requirement `{self.python.wanted}` on `{text}` for {name}=={version} ({parts})",
            )
            raise Split([_Branch(self._entering(fork)) for fork in forks])

    def _too_old(self, name: PackageName, candidate: Candidate, text: str) -> Requires[Package, Point] | Unusable:
        """Say that a version's metadata asks for a later Python than some of the fork's."""
        if candidate.direct is not None:
            return Requires({PYTHON: self.python.allowed(text)})
        self._part_on_python(name, candidate.version, text)
        return Unusable(OldPython(text))

    def _over_platforms(self, package: Package, candidate: Candidate, allowed: Versions) -> Candidate | Barred[Point]:
        """Give the version that serves the fork, which may be the public one of a local version."""
        required = self.world.asked.required
        version = candidate.version
        if not required and not version.is_local:
            return candidate
        name = package.name
        covered = self.world.covers(name, candidate)
        gap = unserved(self.fork, covered, required, lambda: reached(package, self.edges))
        if isinstance(gap, Unserved):
            return Barred(version, NoPlatform(text(gap.marker)))
        if gap is not None:
            self._log_parts(f"Forking on required platform for {name}=={version}", gap)
            raise Split([_Branch(self._entering(fork)) for fork in gap])
        if version.is_local:
            self.log(Level.DEBUG, f"Looking at local version: {name}=={version}")
        public = self._public(name, version, allowed) if version.is_local else None
        if public is None:
            return candidate
        found = served(self.fork, covered, self.world.covers(name, public))
        if found.forks:
            self.candidates[name, version] = candidate
            self.candidates[name, public.version] = public
            self._log_parts(f"Forking platform for {name}=={version}", [fork for fork, _ in found.forks])
            raise Split(
                [
                    _Branch(self._entering(fork), version if is_local else public.version)
                    for fork, is_local in found.forks
                ]
            )
        if found.is_local:
            return candidate
        what = f"{name}=={public.version} [{public.why.value}] ({public.filename})"
        self.log(Level.DEBUG, f"Preferring non-local candidate: {what}")
        return public

    def _public(self, name: PackageName, version: Point, allowed: Versions) -> Candidate | None:
        """Give the public version of a local one, if it can be used."""
        only = allowed.intersection(Ranges.singleton(point(version.version.public)))
        listings = self.knowledge.listings_of(name)
        public = self.knowledge.candidates.select(name, only, listings, self.knowledge.pin(name))
        return None if public is None or public.choice is None or public.choice.exclusion is not None else public

    def _log_parts(self, what: str, forks: Iterable[Fork]) -> None:
        self.log(Level.DEBUG, f"{what} ({', '.join(str(fork) for fork in forks)})")

    def _out(self, package: Package, candidate: Candidate) -> Requires[Package, Point] | Unusable | None:
        """Say why a version is out before its metadata is read: no file, no platform, no hash, or an old Python."""
        if candidate.choice is None:
            return None
        if candidate.choice.exclusion is not None:
            return Unusable(NoFile(candidate.choice.exclusion))
        text = candidate.requires_python
        # The public version that is taken for a local one is not asked: its own turn comes.
        if text is not None and (package, candidate.version) in self.too_new:
            return Requires({PYTHON: self.python.allowed(text)})
        hashes = self.question.hashes
        if hashes.are_required and (package.name, candidate.version) not in hashes.versions:
            raise unhashed(package.name)
        return None

    def _bound(self, proxy: Package, version: Point) -> Requires[Package, Point]:
        """Bind a package and its extra, group or marker to one version."""
        bound: dict[Package, Versions] = dict.fromkeys(bound_by(proxy), Ranges.singleton(version))
        for package, versions in bound.items():
            self.priorities.discover(package, is_url=self.knowledge.is_direct(package.name), is_pinned=True)
            self.tell(proxy, version, package, versions)
        self.edges[proxy, version] = bound
        return Requires(bound)

    def _parted(
        self, package: Package, version: Point, requires: Iterable[Requirement]
    ) -> Requires[Package, Point] | Unusable:
        """Say what is needed here. Raises `Split` with a branch for each part of the fork where it differs."""
        world = self.world
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
        self.log(Level.DEBUG, what)
        newest_first = (
            world.asked.strategy is ForkStrategy.REQUIRES_PYTHON
            and self.question.resolution is not ResolutionMode.LOWEST
        )
        branches = [
            _Branch(self._entering(part.fork), version, _taking(package, version, part))
            for part in by_urgency(parts, newest_first=newest_first)
        ]
        raise Split(branches)

    def _needed(self, package: Package, found: Iterable[Marked]) -> list[Needed] | Unusable:
        """Turn requirements into dependencies; say which one nothing can meet."""
        needed = []
        is_package = bool(package.name) and not package.extra and not package.group
        for requirement, marker in found:
            versions = self.world.ranges.of(requirement.specifier)
            if versions.is_empty:
                return Unusable(Impossible(_name(requirement), requirement.specifier))
            for one in marked_packages(requirement, marker, self.world.conflicting):
                needed.append(Needed(one, versions, requirement, is_package))  # noqa: PERF401  # plainer
        return needed

    def requires(self, package: Package, version: Point, part: Part) -> Requires[Package, Point]:
        """Settle on the places that requirements name, and say what a version depends on."""
        for name in self.places.settle(part.needed, package.name, self.fork):
            self.knowledge.forget(name)
        if self.question.resolution is not ResolutionMode.HIGHEST and package.name in {_USER, *self.members}:
            self.world.told.update(dict.fromkeys(fork_unbounded(part.needed, frozenset(self.places.urls))))
        dependencies: dict[Package, Versions] = {}
        again: list[tuple[Package, Versions]] = []
        proxies: dict[Package, Package] = {}
        for one in part.needed:
            dependency, versions = one.package, one.versions
            self.tell(package, version, dependency, versions)
            if dependency == package and versions.contains(version):
                continue  # true wherever this version is chosen
            is_url, pinned = self.knowledge.is_direct(dependency.name), is_pin(versions)
            self.priorities.discover(dependency, is_url=is_url, is_pinned=pinned)
            if dependency.is_proxy and not dependency.group:
                proxies[dependency] = dependency.base
                self.priorities.discover(dependency.base, is_url=is_url, is_pinned=pinned)
            if again or dependencies.get(dependency, versions) is not versions:
                again.append((dependency, versions))
            else:
                dependencies[dependency] = versions
        self.edges[package, version] = dict(again) | dependencies
        self.needs[package, version] = part.needed
        return Requires(dependencies, proxies, again)


def _taking(
    package: Package, version: Point, part: Part
) -> Callable[[Universe[Package, Point]], Requires[Package, Point]]:
    """Take over what was found to be needed in a part, once that is a fork of its own."""

    def answer(universe: Universe[Package, Point]) -> Requires[Package, Point]:
        assert isinstance(universe, ForkUniverse)  # noqa: S101  # branches are made by universes of this kind
        return universe.requires(package, version, part)

    return answer


def _name(requirement: Requirement) -> str:
    """Write a requirement's package with its extras."""
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return requirement.name + extras
