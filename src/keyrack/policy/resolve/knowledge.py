"""What is known of packages in one run: pages as listings, metadata, and what is fetched before it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from keyrack.errors import InvalidText, KeyrackError, UnmetRequest
from keyrack.policy.index import files
from keyrack.policy.index.listing import Listing
from keyrack.policy.resolve.candidates import Candidate, Candidates, Why
from keyrack.policy.resolve.catalogue import Catalogue, FoundPages, NeedsBuild, OfflineMetadata
from keyrack.policy.resolve.direct import read_direct, wheel_at
from keyrack.policy.resolve.python import PythonRequirement
from keyrack.policy.resolve.question import Question
from keyrack.policy.resolve.reasons import BadMetadata, Missing, OfflineFile, Reason, Unbuilt
from keyrack.policy.resolve.versions import ANY, SpecifierRanges, Versions
from keyrack.values.artifact import File
from keyrack.values.index import IndexId
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.points import Point, point_of
from keyrack.values.source_url import source_text

NO_LISTINGS: tuple[Listing, ...] = ()


class WrongPackage(KeyrackError):
    """A file says that it is another package than the one that it was listed or asked for as."""


class UnreadableUrl(UnmetRequest):
    """What a URL gives is no distribution that can be read."""


class IndexRefused(UnmetRequest):
    """An index did not say whether it has a package, and no later index may answer in its place.

    A refusal is never "not found": another version, or another index's package, would be chosen by whoever can
    disturb the index.
    """

    def __init__(self, name: PackageName) -> None:
        """`name` is the package that was looked for; the refusal is the cause."""
        super().__init__(f"Failed to look up `{name}`")


class Knowledge:
    """Asks the catalogue, each thing once, and keeps the answers for the graph, the words and the hints."""

    def __init__(self, question: Question, catalogue: Catalogue, python: PythonRequirement | None = None) -> None:
        """Start with nothing known. `python` is the Python that files are for, else the question's."""
        self._question = question
        self._catalogue = catalogue
        self.candidates = Candidates(question)
        self.python = python or PythonRequirement(question.target.python, question.target.installed)
        # Listings depend on the pages alone, so all branches share them.
        self._made: dict[tuple[PackageName, IndexId | None], tuple[Listing, ...]] = {}
        self._wanted: dict[PackageName, Versions] = {}
        self._known: dict[PackageName, Sequence[Point]] = {}
        self._likely: dict[PackageName, Point] = {}
        self._waiting: PackageName | None = None
        self._ranges = SpecifierRanges()
        self.found: dict[PackageName, FoundPages] = {}
        self.listings: dict[PackageName, tuple[Listing, ...]] = {}
        self.metadata: dict[tuple[PackageName, Point], Metadata] = {}
        # The first version of each package that was passed over because only a build could tell what it requires.
        self.unbuilt: dict[PackageName, Point] = {}

    def branch(self, question: Question, python: PythonRequirement) -> Knowledge:
        """Give another that knows the same, and learns on its own for another question."""
        other = copy(self)
        other.detach(question, python)
        return other

    def detach(self, question: Question, python: PythonRequirement) -> None:
        """Go one's own way, having been made as a shallow copy of another."""
        self._question = question
        self.candidates = Candidates(question)
        self.python = python
        self._wanted = dict(self._wanted)
        self._known = dict(self._known)
        self._likely = dict(self._likely)
        self.found = dict(self.found)
        self.listings = dict(self.listings)
        self.metadata = dict(self.metadata)
        self.unbuilt = dict(self.unbuilt)

    def forget(self, name: PackageName) -> None:
        """Forget a package that is to come from elsewhere from now on."""
        self._wanted.pop(name, None)
        self._known.pop(name, None)
        self._likely.pop(name, None)
        self.found.pop(name, None)
        self.listings.pop(name, None)
        for key in [key for key in self.metadata if key[0] == name]:
            del self.metadata[key]

    def pin(self, name: PackageName) -> IndexId | None:
        """Give the one index that may answer for a package."""
        return self._question.pins.get(name)

    def is_direct(self, name: PackageName) -> bool:
        """Whether a package comes from a URL."""
        return name in self._question.urls

    def expect(self, name: PackageName, versions: Versions) -> None:
        """Ask for a package's pages early."""
        if name not in self._wanted and not self.is_direct(name):
            self._wanted[name] = versions
            self._catalogue.expect(name, self.pin(name), lambda found: self._arrived(name, found))

    def expect_likely(self, name: PackageName, versions: Versions) -> None:
        """Ask for the metadata of the version that would be chosen now, if the package's pages are there."""
        if self._wanted.get(name) is not versions:
            self._wanted[name] = versions
            self._look_ahead(name)

    def bounds_of(self, name: PackageName) -> Versions:
        """Give the range that the user's own unconditional words leave of a package, whatever else is chosen."""
        found: Versions = ANY
        if any(one.name == name for one in self._question.overrides):
            return found
        for one in (*self._question.direct, *self._question.constraints):
            if one.name == name and one.marker is None:
                found = found.intersection(self._ranges.of(one.specifier))
        return found

    def listings_of(self, name: PackageName) -> tuple[Listing, ...]:
        """Wait for a package's pages."""
        listings = self.listings.get(name)
        if listings is None:
            self._waiting = name
            found = self._catalogue.pages(name, self.pin(name))
            listings = self.listings.get(name) or self._list(name, found)
            self._waiting = None
        if self.found[name].refusals:
            raise IndexRefused(name) from self.found[name].refusals[0]
        return listings

    def _list(self, name: PackageName, found: FoundPages) -> tuple[Listing, ...]:
        """Make a listing for each page; what stands on flat places goes with every one of them."""
        key = name, self.pin(name)
        listings = self._made.get(key)
        if listings is None:
            pages = [(page, *found.flat) for page in found.pages] or ([found.flat] if found.flat else [])
            listings = self._made[key] = tuple(Listing(name, page, self._question.rules) for page in pages)
        self.found[name] = found
        self.listings[name] = listings
        return listings

    def _arrived(self, name: PackageName, found: FoundPages) -> None:
        """Hear that pages are there, perhaps on another thread: the likely version's metadata is wanted next.

        Where the resolver waits for these very pages, it does the same itself, and both at once would only be slower.
        """
        if name != self._waiting:
            if name not in self.listings:
                self._list(name, found)
            self._look_ahead(name)

    def _look_ahead(self, name: PackageName) -> None:
        listings = self.listings.get(name)
        if not listings or not self._question.with_dependencies:
            return
        candidate = self.candidates.select(name, self._wanted[name], listings, self.pin(name))
        if candidate is None or self._likely.get(name) == candidate.version:
            return
        self._likely[name] = candidate.version
        if self.python.meets(candidate.requires_python):
            file = self._file_to_read(candidate)
            if file is not None and not self._may_be_ancient(name, file):
                self._catalogue.expect_metadata(file)

    def _may_be_ancient(self, name: PackageName, file: File) -> bool:
        """Say whether reading ahead could build what nobody wants: where the lowest comes first, that is the oldest."""
        is_open = self._wanted[name].unbounded_below and not self.candidates.is_highest(name)
        return is_open and not file.filename.endswith(".whl")

    def _file_to_read(self, candidate: Candidate) -> File | None:
        choice = candidate.choice
        if choice is None or choice.readable is None:
            return None
        try:
            return files.to_file(*choice.readable)
        except InvalidText:
            return None  # told when the version is chosen

    def missing(self, name: PackageName) -> Missing | None:
        """Say why nothing of a package is known, if that is so."""
        found = self.found.get(name)
        if found is None or found.pages or found.flat:
            return None
        if found.without_index:
            return Missing.NO_INDEX
        return Missing.OFFLINE if found.offline else Missing.NOT_FOUND

    def known(self, name: PackageName) -> Sequence[Point]:
        """Give every version that exists for this question, sorted; none where the package was not looked at."""
        found = self._known.get(name)
        if found is None:
            listings = self.listings.get(name)
            if listings is None:
                return ()
            copies = self._question.installed.get(name, ())
            if len(listings) == 1 and not copies:
                found = listings[0].visible()
            else:
                versions = {version for listing in listings for version in listing.visible()}
                found = sorted(versions | {point_of(copy.version) for copy in copies})
            self._known[name] = found
        return found

    def from_url(self, name: PackageName, allowed: Versions) -> Candidate | Reason | None:
        """Give the one version of a package that comes from a URL, if it is in range, or why it cannot be used.

        Raises `UnreadableUrl`: there is nothing else to choose.
        """
        source = self._question.urls[name]
        wheel = wheel_at(source, self._question.hashes)
        if wheel is not None:
            metadata = self._read(wheel, name)
        else:
            metadata = read_direct(name, source, self._question.hashes, self._catalogue)
        if isinstance(metadata, BadMetadata):
            place = f"{name} @ {source_text(source)}"
            raise UnreadableUrl(f"Failed to read `{place}`", causes=(metadata.what, *metadata.causes))
        if not isinstance(metadata, Metadata):
            return metadata
        version = point_of(metadata.version)
        self.metadata[name, version] = metadata
        return Candidate(version, Why.COMPATIBLE, direct=wheel or source) if allowed.contains(version) else None

    def metadata_of(self, name: PackageName, candidate: Candidate) -> Metadata | Reason:
        """Wait for what a version says of itself, or say why that cannot be told."""
        key = name, candidate.version
        found = self.metadata.get(key)
        if found is not None:
            return found
        if candidate.installed is not None:
            own = self._question.metadata_of(candidate.installed)
            read: Metadata | Reason = BadMetadata("it cannot be read from the environment") if own is None else own
        elif candidate.choice is not None and candidate.choice.readable is not None:
            read = self._read(files.to_file(*candidate.choice.readable), name)
        else:
            raise KeyrackError(f"There is nothing to read for `{name}=={candidate.version}`")
        if isinstance(read, Metadata):
            self.metadata[key] = read
        elif isinstance(read, Unbuilt):
            self.unbuilt.setdefault(name, candidate.version)
        return read

    def _read(self, file: File, name: PackageName) -> Metadata | Reason:
        try:
            found = self._catalogue.metadata(file)
        except NeedsBuild:
            return Unbuilt()
        except OfflineMetadata:
            return OfflineFile()
        except InvalidText as error:
            return BadMetadata(error.message, error.causes)
        if found.name != name:
            raise WrongPackage(f"Package metadata name `{found.name}` does not match given name `{name}`")
        return found
