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
from keyrack.policy.resolve.priorities import Priorities
from keyrack.policy.resolve.python import PythonRequirement
from keyrack.policy.resolve.question import Question
from keyrack.policy.resolve.reasons import (
    BadMetadata,
    Missing,
    NoFile,
    OfflineFile,
    OldPython,
    Unbuilt,
    Unlisted,
)
from keyrack.policy.resolve.requirements import Requirements
from keyrack.policy.resolve.versions import SpecifierRanges, Versions, is_pin, range_text
from keyrack.policy.solver.ranges import Ranges
from keyrack.policy.solver.solve import Absent, Requires, Unusable
from keyrack.values.artifact import File
from keyrack.values.index import IndexId
from keyrack.values.log import Level, Log, silent
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.points import Point, point
from keyrack.values.requirement import Requirement

ROOT_VERSION = point("0")


class Universe:
    """One question's world. Keeps what was looked at, for the graph, the words and the hints."""

    def __init__(self, question: Question, catalogue: Catalogue, log: Log = silent) -> None:
        """Take the question, and where answers come from."""
        self._question = question
        self._catalogue = catalogue
        self._log = log
        self._candidates = Candidates(question)
        self._priorities = Priorities()
        self._ranges = SpecifierRanges()
        self._python = PythonRequirement(question.target.python, question.target.installed)
        self._requirements = Requirements(
            Environment(question.target.markers), question.constraints, question.overrides, question.excludes
        )
        self._selected: dict[tuple[PackageName, Point], Candidate] = {}
        self._wanted: dict[PackageName, Versions] = {}
        self.found: dict[PackageName, FoundPages] = {}
        self.listings: dict[PackageName, tuple[Listing, ...]] = {}
        self.metadata: dict[tuple[PackageName, Point], Metadata] = {}
        self.edges: dict[tuple[Package, Point], tuple[Package, ...]] = {}

    # The solver's questions

    def next_package(self, undecided: Mapping[Package, Versions]) -> Package:
        """Give the most urgent package; on the way, look ahead at each whose range has changed."""
        for package, versions in undecided.items():
            if not package.extra and self._wanted.get(package.name) is not versions:
                self._wanted[package.name] = versions
                self._look_ahead(package.name)
        return self._priorities.first(undecided)

    def choose_version(self, package: Package, allowed: Versions) -> Point | Absent | None:
        """Choose a version in range; whether it can be used is told with its dependencies."""
        if package == PYTHON:
            return None
        listings = self._listings(package.name)
        self._log(Level.DEBUG, f"Searching for a compatible version of {package} ({range_text(allowed)})")
        candidate = self._candidates.select(package.name, allowed, listings, self._pin(package.name))
        if candidate is None:
            self._log(Level.DEBUG, f"No compatible version found for: {package}")
            missing = self._missing(package.name)
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
        if text is not None and not self._python.meets(text):
            return Unusable(OldPython(text))
        return self._requires(package, version, self._requirements.of(package.name, metadata.requires, package.extra))

    def conflicted(self, affected: Package, culprit: Package) -> Package | None:
        """Count who was in whose way."""
        return self._priorities.conflicted(affected, culprit)

    def mentioned(self, package: Package, versions: Versions) -> None:
        """Ask for a package's pages early."""
        name = package.name
        if name and name not in self._wanted:
            self._wanted[name] = versions
            self._catalogue.expect(name, self._pin(name), lambda found: self._arrived(name, found))

    def span(self, package: Package, version: Point) -> Versions | None:
        """Give the interval around a version that holds no other version that is listed."""
        listings = self.listings.get(package.name, ())
        if not listings:
            return None
        below = [edge for edge in (listing.neighbours(version)[0] for listing in listings) if edge is not None]
        above = [edge for edge in (listing.neighbours(version)[1] for listing in listings) if edge is not None]
        found: Versions = Ranges.strictly_higher_than(max(below)) if below else Ranges.full()
        return found.intersection(Ranges.strictly_lower_than(min(above))) if above else found

    def selected(self, name: PackageName, version: Point) -> Candidate:
        """Give the candidate that was decided on."""
        return self._selected[name, version]

    # How they are answered

    def _pin(self, name: PackageName) -> IndexId | None:
        return self._question.pins.get(name)

    def _missing(self, name: PackageName) -> Missing | None:
        found = self.found.get(name)
        if found is None or found.pages or found.flat:
            return None
        if found.without_index:
            return Missing.NO_INDEX
        return Missing.OFFLINE if found.offline else Missing.NOT_FOUND

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
        candidate = self._candidates.select(name, self._wanted[name], listings, self._pin(name))
        if candidate is not None and candidate.choice is not None and candidate.choice.exclusion is None:
            file = self._readable(candidate)
            if file is not None and self._python.meets(_requires_python(candidate)):
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
        if text is None or self._python.meets(text):
            return None
        # A dependency on Python, which has no version there: so the report tells which Python there is.
        return Requires({PYTHON: self._python.allowed(text)})

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
    ) -> Requires[Package, Point]:
        dependencies: dict[Package, Versions] = {}
        for requirement in requirements:
            versions = self._ranges.of(requirement.specifier)
            for dependency in packages_of(requirement):
                known = dependencies.get(dependency)
                dependencies[dependency] = versions if known is None else known.intersection(versions)
                self._tell(package, version, dependency, versions)
                self._priorities.discover(dependency, is_url=False, is_pinned=is_pin(versions))
        self.edges[package, version] = tuple(dependencies)
        return Requires(dependencies)

    def _tell(self, package: Package, version: Point, dependency: Package, versions: Versions) -> None:
        wanted = f"{dependency}{range_text(versions)}"
        if package == ROOT:
            self._log(Level.DEBUG, f"Adding direct dependency: {wanted}")
        else:
            self._log(Level.DEBUG, f"Adding transitive dependency for {package.name}=={version}: {wanted}")


def _requires_python(candidate: Candidate) -> str | None:
    choice = candidate.choice
    return None if choice is None or choice.installable is None else choice.installable.link.requires_python


def _file_name(candidate: Candidate) -> str:
    if candidate.choice is None or candidate.choice.installable is None:
        return "installed"
    return candidate.choice.installable.link.filename
