"""Listings and metadata as the solver's universe: which version to try, and what it depends on.

The common case is that the newest version of everything will do. So nothing is done twice: pages are asked for as soon
as a name is mentioned, metadata as soon as a page shows which version is likely, specifiers become ranges once for
each text, markers are evaluated once for each text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from keyrack.errors import InvalidText, KeyrackError
from keyrack.policy.index.files import to_file
from keyrack.policy.index.listing import Listing
from keyrack.policy.resolve.candidates import Candidate, Candidates
from keyrack.policy.resolve.catalogue import Catalogue, FoundPages, NeedsBuild, OfflineMetadata
from keyrack.policy.resolve.environment import Environment
from keyrack.policy.resolve.packages import PYTHON, ROOT, Package, bound_by, packages_of
from keyrack.policy.resolve.priorities import Key, Priorities
from keyrack.policy.resolve.python import PythonRequirement
from keyrack.policy.resolve.question import Question
from keyrack.policy.resolve.reasons import (
    BadMetadata,
    Impossible,
    Missing,
    NoFile,
    OfflineFile,
    OldPython,
    Unbuilt,
    Unlisted,
)
from keyrack.policy.resolve.requirements import Requirements
from keyrack.policy.resolve.versions import SpecifierRanges, Versions, is_pin, range_text
from keyrack.policy.solver.conflicts import Conflict
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.solve import Absent, Requires, Unusable
from keyrack.values.artifact import File
from keyrack.values.index import IndexId
from keyrack.values.log import Level, Log, silent
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.points import Point, point, point_of
from keyrack.values.requirement import Requirement

ROOT_VERSION = point("0")


class Universe:
    """One question's world. Keeps what was looked at, for the graph, the words and the hints."""

    def __init__(self, question: Question, catalogue: Catalogue, log: Log = silent) -> None:
        """Take the question, and where answers come from."""
        self._question = question
        self._catalogue = catalogue
        self._log = log
        self.candidates = Candidates(question)
        self.python = PythonRequirement(question.target.python, question.target.installed)
        self._priorities = Priorities()
        self._ranges = SpecifierRanges()
        self._requirements = Requirements(
            Environment(question.target.markers), question.constraints, question.overrides, question.excludes
        )
        self._selected: dict[tuple[PackageName, Point], Candidate] = {}
        self._wanted: dict[PackageName, Versions] = {}
        self._known: dict[PackageName, Sequence[Point]] = {}
        self.visited: set[PackageName] = set()
        self.found: dict[PackageName, FoundPages] = {}
        self.listings: dict[PackageName, tuple[Listing, ...]] = {}
        self.metadata: dict[tuple[PackageName, Point], Metadata] = {}
        self.edges: dict[tuple[Package, Point], tuple[Package, ...]] = {}

    # The solver's questions

    def rank(self, package: Package, allowed: Versions) -> Key:
        """Say how urgent a package is, now that its range has changed; and look ahead at what it would be."""
        if not package.extra and self._wanted.get(package.name) is not allowed:
            self._wanted[package.name] = allowed
            self._look_ahead(package.name)
        return self._priorities.key(package)

    def next_package(self, undecided: Mapping[Package, Versions]) -> Package:
        """Leave it to `rank`, which the solver prefers: an urgency found meanwhile counts from the next change on."""
        return min(undecided, key=self._priorities.key)

    def choose_version(self, package: Package, allowed: Versions) -> Point | Absent | None:
        """Choose a version in range; whether it can be used is told with its dependencies."""
        if package == PYTHON:
            return None
        listings = self._listings(package.name)
        self.visited.add(package.name)
        self._log(Level.DEBUG, f"Searching for a compatible version of {package} ({range_text(allowed)})")
        candidate = self.candidates.select(package.name, allowed, listings, self._pin(package.name))
        if candidate is None:
            self._log(Level.DEBUG, f"No compatible version found for: {package}")
            missing = self.missing(package.name)
            return None if missing is None or package.is_proxy else Absent(Unlisted(missing))
        self._selected[package.name, candidate.version] = candidate
        return candidate.version

    def dependencies(self, package: Package, version: Point) -> Requires[Package, Point] | Unusable:
        """Say what a version depends on, or why it cannot be used."""
        if package == ROOT:
            return self._requires(package, version, self._requirements.of(PackageName(""), self._question.direct))
        candidate = self._selected[package.name, version]
        out = self._unusable(candidate)
        if out is not None:
            return out
        self._log(
            Level.DEBUG,
            f"Selecting: {package.name}=={version} [{candidate.why.value}] ({_file_name(candidate)})",
        )
        if package.is_proxy:
            alone = Ranges.singleton(version)
            self.edges[package, version] = bound_by(package)
            for bound in bound_by(package):
                self._priorities.discover(bound, is_url=False, is_pinned=True)
            return Requires(dict.fromkeys(bound_by(package), alone))
        if not self._question.with_dependencies:
            return Requires({})
        metadata = self._metadata(package.name, candidate)
        if isinstance(metadata, Unusable):
            return metadata
        text = None if metadata.requires_python is None else str(metadata.requires_python)
        if text is not None and not self.python.meets(text):
            return Unusable(OldPython(text))
        return self._requires(package, version, self._requirements.of(package.name, metadata.requires, package.extra))

    def conflicted(self, affected: Package, culprit: Package) -> Package | None:
        """Leave it to `conflicts`, which the solver prefers."""

    def conflicts(self, deciding: Package, found: Sequence[Conflict[Package]]) -> list[Package]:
        """Count who was in whose way."""
        return self._priorities.conflicts(deciding, found)

    def mentioned(self, package: Package, versions: Versions) -> None:
        """Ask for a package's pages early."""
        name = package.name
        if name and name not in self._wanted:
            self._wanted[name] = versions
            self._catalogue.expect(name, self._pin(name), lambda found: self._arrived(name, found))

    def span(self, package: Package, version: Point) -> Versions | None:
        """Give the interval around a version that holds no other version that could be chosen."""
        known = self.known(package.name)
        return Ranges.gap(version, known) if known else None

    def known(self, name: PackageName) -> Sequence[Point]:
        """Give every version that exists for this question, sorted; none where the package was not looked at."""
        found = self._known.get(name)
        if found is None:
            listings = self.listings.get(name)
            if listings is None:
                return ()
            copies = self._question.installed.get(name, ())
            versions = {version for listing in listings for version in listing.visible()}
            found = self._known[name] = sorted(versions | {point_of(copy.version) for copy in copies})
        return found

    def missing(self, name: PackageName) -> Missing | None:
        """Say why nothing of a package is known, if that is so."""
        found = self.found.get(name)
        if found is None or found.pages or found.flat:
            return None
        if found.without_index:
            return Missing.NO_INDEX
        return Missing.OFFLINE if found.offline else Missing.NOT_FOUND

    def selected(self, name: PackageName, version: Point) -> Candidate:
        """Give the candidate that was decided on."""
        return self._selected[name, version]

    # How they are answered

    def _pin(self, name: PackageName) -> IndexId | None:
        return self._question.pins.get(name)

    def _listings(self, name: PackageName) -> Sequence[Listing]:
        listings = self.listings.get(name)
        return self._list(name, self._catalogue.pages(name, self._pin(name))) if listings is None else listings

    def _list(self, name: PackageName, found: FoundPages) -> tuple[Listing, ...]:
        """Make a listing for each page; what stands on flat places goes with every one of them."""
        pages = [(page, *found.flat) for page in found.pages] or ([found.flat] if found.flat else [])
        listings = tuple(Listing(name, page, self._question.rules) for page in pages)
        self.found[name] = found
        self.listings[name] = listings
        return listings

    def _arrived(self, name: PackageName, found: FoundPages) -> None:
        """Hear that pages are there, perhaps on another thread: the likely version's metadata is wanted next."""
        if name not in self.listings:
            self._list(name, found)
        self._look_ahead(name)

    def _look_ahead(self, name: PackageName) -> None:
        """Ask for the metadata of the version that would be chosen now, if the package's pages are there."""
        listings = self.listings.get(name)
        if not listings or not self._question.with_dependencies:
            return
        candidate = self.candidates.select(name, self._wanted[name], listings, self._pin(name))
        if candidate is not None and candidate.choice is not None and candidate.choice.exclusion is None:
            file = self._readable(candidate)
            if file is not None and self.python.meets(_requires_python(candidate)):
                self._catalogue.expect_metadata(file)

    def _readable(self, candidate: Candidate) -> File | None:
        if candidate.choice is None or candidate.choice.readable is None:
            return None
        try:
            return to_file(*candidate.choice.readable)
        except InvalidText:
            return None

    def _unusable(self, candidate: Candidate) -> Requires[Package, Point] | Unusable | None:
        """Say why a version is out before its metadata is read: no file, or a Python that is too old."""
        if candidate.choice is None:
            return None
        if candidate.choice.exclusion is not None:
            return Unusable(NoFile(candidate.choice.exclusion))
        text = _requires_python(candidate)
        if text is None or self.python.meets(text):
            return None
        # A dependency on Python, which has no version there: so the report tells which Python there is.
        return Requires({PYTHON: self.python.allowed(text)})

    def _metadata(self, name: PackageName, candidate: Candidate) -> Metadata | Unusable:
        key = name, candidate.version
        found = self.metadata.get(key)
        if found is not None:
            return found
        choice = candidate.choice
        if choice is None or choice.readable is None:
            raise KeyrackError(f"Nothing to read for `{name}=={candidate.version}`")
        file = to_file(*choice.readable)
        try:
            found = self.metadata[key] = self._catalogue.metadata(file)
        except NeedsBuild:
            return Unusable(Unbuilt(file.filename))
        except OfflineMetadata:
            return Unusable(OfflineFile())
        except InvalidText as error:
            self._log(Level.WARN, f"{name} has invalid metadata: {error.message}")
            return Unusable(BadMetadata(error.message))
        return found

    def _requires(
        self, package: Package, version: Point, requirements: Iterable[Requirement]
    ) -> Requires[Package, Point] | Unusable:
        dependencies: dict[Package, Versions] = {}
        again: list[tuple[Package, Versions]] = []
        proxies: dict[Package, Package] = {}
        for requirement in requirements:
            versions = self._ranges.of(requirement.specifier)
            if versions.is_empty:
                return Unusable(Impossible(_name(requirement), requirement.specifier))
            for dependency in packages_of(requirement):
                self._tell(package, version, dependency, versions)
                self._priorities.discover(dependency, is_url=False, is_pinned=is_pin(versions))
                if dependency.is_proxy:
                    proxies[dependency] = dependency.base
                    self._priorities.discover(dependency.base, is_url=False, is_pinned=is_pin(versions))
                known = dependencies.setdefault(dependency, versions)
                if known is not versions:
                    again.append((dependency, versions))
        self.edges[package, version] = tuple(dependencies)
        return Requires(dependencies, proxies, again)

    def _tell(self, package: Package, version: Point, dependency: Package, versions: Versions) -> None:
        wanted = f"{dependency}{range_text(versions)}"
        if package == ROOT:
            self._log(Level.DEBUG, f"Adding direct dependency: {wanted}")
        else:
            self._log(Level.DEBUG, f"Adding transitive dependency for {package.name}=={version}: {wanted}")


def _name(requirement: Requirement) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return requirement.name + extras


def _requires_python(candidate: Candidate) -> str | None:
    choice = candidate.choice
    return None if choice is None or choice.installable is None else choice.installable.link.requires_python


def _file_name(candidate: Candidate) -> str:
    if candidate.choice is None or candidate.choice.installable is None:
        return "installed"
    return candidate.choice.installable.link.filename
