"""Listings and metadata as the solver's universe: which version to try, and what it depends on.

The common case is that the newest version of everything will do. So nothing is done twice: pages are asked for as soon
as a name is mentioned, metadata as soon as a page shows which version is likely, specifiers become ranges once for
each text, markers are evaluated once for each text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from keyrack.errors import KeyrackError
from keyrack.policy.resolve.candidates import Candidate
from keyrack.policy.resolve.catalogue import Catalogue
from keyrack.policy.resolve.chain import inclusion_hint
from keyrack.policy.resolve.direct import disallowed, url_of
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.hashes import unhashed
from keyrack.policy.resolve.knowledge import Knowledge
from keyrack.policy.resolve.packages import PYTHON, ROOT, Package, bound_by, packages_of
from keyrack.policy.resolve.prefetch import BatchPrefetch
from keyrack.policy.resolve.priorities import Key, Priorities
from keyrack.policy.resolve.question import Question
from keyrack.policy.resolve.reasons import BadMetadata, Impossible, NoFile, OldPython, Unlisted
from keyrack.policy.resolve.requirements import Requirements
from keyrack.policy.resolve.versions import ANY, SpecifierRanges, Versions, is_pin
from keyrack.policy.solver.conflicts import Conflict
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.solve import Absent, Requires, Unusable
from keyrack.values.log import Level, Log, silent
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.points import Point, point
from keyrack.values.requirement import Requirement
from keyrack.values.source_url import source_text

ROOT_VERSION = point("0")
_USER = PackageName("")
Answered = TypeVar("Answered")


class Universe:
    """One question's world. `knowledge` keeps what was looked at, `edges` what each version was found to depend on."""

    def __init__(self, question: Question, catalogue: Catalogue, log: Log = silent) -> None:
        """Take the question, and where answers come from."""
        self._question = question
        self._log = log
        self._priorities = Priorities()
        self._ranges = SpecifierRanges()
        self._requirements = Requirements(
            Environment(question.target.markers), question.constraints, question.overrides, question.excludes
        )
        self._selected: dict[tuple[PackageName, Point], Candidate] = {}
        self.knowledge = Knowledge(question, catalogue)
        self.prefetch = BatchPrefetch(self.knowledge, catalogue, log)
        self._allowed: dict[PackageName, Versions] = {}
        self.visited: set[PackageName] = set()
        self.edges: dict[tuple[Package, Point], Mapping[Package, Versions]] = {}

    # What the solver asks

    def rank(self, package: Package, allowed: Versions) -> Key:
        """Say how urgent a package is, now that its range has changed; and look ahead at what it would be."""
        if not package.extra:
            self.knowledge.expect_likely(package.name, allowed)
        return self._priorities.key(package)

    def next_package(self, undecided: Mapping[Package, Versions]) -> Package:
        """Leave it to `rank`, which the solver prefers: an urgency found meanwhile counts from the next change on."""
        return min(undecided, key=self._priorities.key)

    def choose_version(self, package: Package, allowed: Versions) -> Point | Absent | None:
        """Choose a version in range; whether it can be used is told with its dependencies."""
        if package == PYTHON:
            return None
        if self.knowledge.is_direct(package.name):
            return self._choose_from_url(package, allowed)
        knowledge = self.knowledge
        listings = self._with_chain(package.name, lambda: knowledge.listings_of(package.name))
        self.visited.add(package.name)
        self._log(Level.DEBUG, f"Searching for a compatible version of {package} ({self._ranges.text(allowed)})")
        candidate = knowledge.candidates.select(package.name, allowed, listings, knowledge.pin(package.name))
        if candidate is None:
            self._log(Level.DEBUG, f"No compatible version found for: {package}")
            missing = knowledge.missing(package.name)
            return None if missing is None or package.is_proxy else Absent(Unlisted(missing))
        self._selected[package.name, candidate.version] = candidate
        self._allowed[package.name] = allowed
        return candidate.version

    def dependencies(self, package: Package, version: Point) -> Requires[Package, Point] | Unusable:
        """Say what a version depends on, or why it cannot be used."""
        if package == ROOT:
            return self._requires(package, version, self._requirements.of(_USER, self._question.direct))
        candidate = self._selected[package.name, version]
        out = self._out(package.name, candidate)
        if out is not None:
            return out
        if candidate.direct is None:
            why = f"[{candidate.why.value}] ({candidate.filename})"
            self._log(Level.DEBUG, f"Selecting: {package.name}=={version} {why}")
        if package.is_proxy:
            return self._bound(package, version)
        if not package.extra:
            self.prefetch.tried(package.name, version, self._allowed.get(package.name, ANY))
        if not self._question.with_dependencies:
            return Requires({})
        metadata = self._with_chain(package.name, lambda: self.knowledge.metadata_of(package.name, candidate))
        if not isinstance(metadata, Metadata):
            if isinstance(metadata, BadMetadata):
                what = ": ".join((metadata.what, *metadata.causes))
                self._log(Level.WARN, f"{package.name} has invalid metadata: {what}")
            return Unusable(metadata)
        text = None if metadata.requires_python is None else str(metadata.requires_python)
        if text is not None and not self.knowledge.python.meets(text):
            return Unusable(OldPython(text))
        return self._requires(package, version, self._requirements.of(package.name, metadata.requires, package.extra))

    def conflicted(self, affected: Package, culprit: Package) -> Package | None:
        """Leave it to `conflicts`, which the solver prefers."""

    def conflicts(self, deciding: Package, found: Sequence[Conflict[Package]]) -> list[Package]:
        """Count who was in whose way."""
        return self._priorities.conflicts(deciding, found)

    def mentioned(self, package: Package, versions: Versions) -> None:
        """Ask for a package's pages early."""
        if package.name:
            self.knowledge.expect(package.name, versions)

    def span(self, package: Package, version: Point) -> Versions | None:
        """Give the interval around a version that holds no other version that could be chosen."""
        known = self.knowledge.known(package.name)
        return Ranges.gap(version, known) if known else None

    # What the graph asks

    def selected(self, name: PackageName, version: Point) -> Candidate:
        """Give the candidate that was decided on."""
        return self._selected[name, version]

    # How they are answered

    def _choose_from_url(self, package: Package, allowed: Versions) -> Point | Absent | None:
        url = source_text(self._question.urls[package.name])
        self._log(
            Level.DEBUG,
            f"Searching for a compatible version of {package.name} @ {url} ({self._ranges.text(allowed)})",
        )
        candidate = self._with_chain(package.name, lambda: self.knowledge.from_url(package.name, allowed))
        if candidate is None:
            self._log(Level.DEBUG, f"No compatible version found for: {package}")
            return None
        if not isinstance(candidate, Candidate):
            return Absent(candidate)
        self._selected[package.name, candidate.version] = candidate
        return candidate.version

    def _out(self, name: PackageName, candidate: Candidate) -> Requires[Package, Point] | Unusable | None:
        """Say why a version is out before its metadata is read: no file, no hash, or a Python that is too old."""
        if candidate.choice is None:
            return None
        if candidate.choice.exclusion is not None:
            return Unusable(NoFile(candidate.choice.exclusion))
        text = candidate.requires_python
        if text is not None and not self.knowledge.python.meets(text):
            # A dependency on Python, which has no version there: so the report tells which Python there is.
            return Requires({PYTHON: self.knowledge.python.allowed(text)})
        hashes = self._question.hashes
        if hashes.are_required and (name, candidate.version) not in hashes.versions:
            raise unhashed(name)
        return None

    def _bound(self, proxy: Package, version: Point) -> Requires[Package, Point]:
        """Bind a package and its extra to one version."""
        both: dict[Package, Versions] = dict.fromkeys(bound_by(proxy), Ranges.singleton(version))
        for package in both:
            self._priorities.discover(package, is_url=self.knowledge.is_direct(package.name), is_pinned=True)
        self.edges[proxy, version] = both
        return Requires(both)

    def _requires(
        self, package: Package, version: Point, requirements: Iterable[Requirement]
    ) -> Requires[Package, Point] | Unusable:
        dependencies: dict[Package, Versions] = {}
        again: list[tuple[Package, Versions]] = []
        proxies: dict[Package, Package] = {}
        for requirement in requirements:
            is_url = self._is_from_url(package, requirement)
            versions = self._ranges.of(requirement.specifier)
            if versions.is_empty:
                return Unusable(Impossible(_name(requirement), requirement.specifier))
            pinned = is_pin(versions)
            for dependency in packages_of(requirement):
                self._tell(package, version, dependency, versions)
                if dependency == package and versions.contains(version):
                    continue  # true wherever this version is chosen
                self._priorities.discover(dependency, is_url=is_url, is_pinned=pinned)
                if dependency.is_proxy:
                    proxies[dependency] = dependency.base
                    self._priorities.discover(dependency.base, is_url=is_url, is_pinned=pinned)
                if again or dependencies.get(dependency, versions) is not versions:
                    again.append((dependency, versions))  # in their order: it shows in what is said of a failure
                else:
                    dependencies[dependency] = versions
        self.edges[package, version] = dict(again) | dependencies
        return Requires(dependencies, proxies, again)

    def _is_from_url(self, package: Package, requirement: Requirement) -> bool:
        """Say whether a package comes from a URL. Raises `DisallowedUrl` where an index's package asks for one."""
        is_url = self.knowledge.is_direct(requirement.name)
        source = None if is_url else url_of(requirement)
        if source is not None:
            raise disallowed(package.name, requirement, source)
        return is_url

    def _with_chain(self, name: PackageName, work: Callable[[], Answered]) -> Answered:
        """Do something for a package; if it fails, add to the error how the package came to be needed."""
        try:
            return work()
        except KeyrackError as error:
            hint = inclusion_hint(name, self.edges)
            if hint is not None and hint not in error.hints:
                error.hints = (*error.hints, hint)
            raise

    def _tell(self, package: Package, version: Point, dependency: Package, versions: Versions) -> None:
        text = self._ranges.text(versions)
        if package == ROOT:
            self._log(Level.DEBUG, f"Adding direct dependency: {dependency}{text}")
        else:
            self._log(Level.DEBUG, f"Adding transitive dependency for {package.name}=={version}: {dependency}{text}")


def _name(requirement: Requirement) -> str:
    """Write a requirement's package with its extras."""
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return requirement.name + extras
