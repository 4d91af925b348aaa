"""A resolution for all environments -> `Lock`, as uv would write it.

Links that were found on pages are written without userinfo and without their query: what stands there may be a secret,
and a lock is read by everybody who reads the project (decision 0028).
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import assert_never

import msgspec
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from keyrack.policy.index.reachable import is_reachable
from keyrack.policy.lock.conflict_markers import with_conflicts
from keyrack.policy.lock.required import Placing, git_url, tree_kind
from keyrack.policy.markers.algebra import (
    FALSE,
    TRUE,
    Diagram,
    both,
    either,
    given,
    is_disjoint,
    order,
    to_marker,
    within_python,
    without_extras,
)
from keyrack.values.artifact import Digest, File, parse_wheel_name
from keyrack.values.conflicts import ConflictSet
from keyrack.values.graph import UniversalPin, UniversalResolution
from keyrack.values.lock import (
    DefaultGroups,
    Lock,
    LockedArchive,
    LockedDependency,
    LockedFile,
    LockedGit,
    LockedId,
    LockedMetadata,
    LockedPackage,
    LockedRegistry,
    LockedSource,
    LockedTree,
    LockedUrl,
    LockManifest,
    LockOptions,
)
from keyrack.values.names import ExtraName, GroupName
from keyrack.values.requirement import FromGit, FromIndex, FromTree, FromUrl
from keyrack.values.url import Url, local_path

_NONE, _NO_GROUP = ExtraName(""), GroupName("")
_ALGORITHMS = ("md5", "sha256", "sha384", "sha512", "blake2b")
_SOURCES = (LockedRegistry, LockedGit, LockedUrl, LockedArchive, LockedTree)
Pin = UniversalPin[Diagram]
Resolution = UniversalResolution[Diagram]


class LocalFacts(msgspec.Struct, frozen=True):
    """What is known of a package that no index serves: of a tree whether its version is dynamic, and its metadata."""

    metadata: LockedMetadata = LockedMetadata()
    is_dynamic: bool = False
    default_groups: DefaultGroups | None = None
    group_requires_python: tuple[tuple[GroupName, SpecifierSet], ...] = ()


class Making(msgspec.Struct, frozen=True):
    """What a lock says beside its packages. `facts` tell of packages that no index serves.

    `digest_of` hashes the archive of a package that is one file. `fits` says whether a wheel fits a supported Python.
    """

    requires_python: SpecifierSet
    placing: Placing
    facts: Callable[[Pin], LocalFacts]
    digest_of: Callable[[Pin], Digest | None]
    fits: Callable[[str], bool] = lambda _filename: True
    supported: tuple[Diagram, ...] = ()
    required: tuple[Diagram, ...] = ()
    conflicts: tuple[ConflictSet, ...] = ()
    options: LockOptions = LockOptions()
    manifest: LockManifest = LockManifest()


def make_lock(resolution: Resolution, making: Making) -> Lock:
    """Make the lock of a resolution."""
    return _Maker(with_conflicts(resolution, making.conflicts), making).lock()


class _Maker:
    def __init__(self, resolution: Resolution, making: Making) -> None:
        self._resolution = resolution
        self._making = making
        self._ids = tuple(self._id(pin) for pin in resolution.pins)
        self._counts = Counter(pin.name for pin in resolution.pins)
        union = FALSE
        for fork in resolution.forks:
            union = either(union, without_extras(fork))
        self._environment = within_python(union, making.requires_python) if resolution.forks else TRUE
        self._extras = {(at, edge.extra) for at, pin in enumerate(resolution.pins) for edge in pin.edges if edge.extra}

    def lock(self) -> Lock:
        making = self._making
        packages = [self._package(at) for at in range(len(self._ids))]
        return Lock(
            requires_python=making.requires_python,
            packages=tuple(sorted(packages, key=lambda package: id_order(package.id))),
            resolution_markers=self._markers(self._resolution.forks),
            supported_markers=self._simplified(making.supported),
            required_markers=self._simplified(making.required),
            conflicts=making.conflicts,
            options=making.options,
            manifest=making.manifest,
        )

    def _simplified(self, markers: Iterable[Diagram]) -> tuple[Marker, ...]:
        found = (to_marker(within_python(marker, self._making.requires_python)) for marker in markers)
        return tuple(marker for marker in found if marker is not None)

    def _markers(self, forks: Iterable[Diagram]) -> tuple[Marker, ...]:
        """Write markers of forks: without extras that conflict, where they are apart without those."""
        pythons = self._making.requires_python
        whole = [within_python(fork, pythons) for fork in forks]
        plain = list(dict.fromkeys(within_python(without_extras(fork), pythons) for fork in forks))
        apart = all(is_disjoint(one, other) for at, one in enumerate(plain) for other in plain[:at])
        found = (to_marker(marker) for marker in (plain if apart else whole))
        return tuple(marker for marker in found if marker is not None)

    def _package(self, at: int) -> LockedPackage:
        pin, own = self._resolution.pins[at], self._ids[at]
        facts = LocalFacts() if isinstance(own.source, LockedRegistry) else self._making.facts(pin)
        forks = [fork for fork in self._resolution.forks if not is_disjoint(fork, pin.marker)]
        sdist, wheels = self._files(pin, own.source)
        return LockedPackage(
            own,
            facts.default_groups,
            self._markers(forks) if self._counts[pin.name] > 1 else (),
            self._edges(pin, pin.marker),
            sdist,
            wheels,
            tuple(self._optional(pin)),
            tuple(self._groups(pin)),
            facts.group_requires_python,
            facts.metadata,
        )

    def _optional(self, pin: Pin) -> Iterable[tuple[ExtraName, tuple[LockedDependency, ...]]]:
        for extra, marker in pin.extras:
            found = self._edges(pin, marker, extra=extra)
            if found:
                yield extra, found

    def _groups(self, pin: Pin) -> Iterable[tuple[GroupName, tuple[LockedDependency, ...]]]:
        for group, marker in pin.groups:
            found = self._edges(pin, marker, group=group)
            if found:
                yield group, found

    def _edges(
        self, pin: Pin, parent: Diagram, *, extra: ExtraName = _NONE, group: GroupName = _NO_GROUP
    ) -> tuple[LockedDependency, ...]:
        """Write the edges of one part: each marker without what holds wherever the part is needed."""
        pythons = self._making.requires_python
        reached = within_python(without_extras(parent), pythons)
        found = dict[tuple[int, Diagram], set[ExtraName]]()
        for edge in pin.edges:
            if (edge.extra, edge.group) == (extra, group):
                marker = both(given(within_python(edge.marker, pythons), reached), self._environment)
                extras = found.setdefault((edge.pin, marker), set())
                if edge.to_extra and (edge.pin, edge.to_extra) in self._extras:
                    extras.add(edge.to_extra)
        listed = [(self._ids[at], tuple(sorted(extras)), marker) for (at, marker), extras in found.items()]
        listed.sort(key=lambda one: (id_order(one[0]), one[1], order(one[2])))
        return tuple(
            LockedDependency(target, extras, to_marker(given(marker, self._environment)))
            for target, extras, marker in listed
        )

    def _id(self, pin: Pin) -> LockedId:
        source = self._source(pin)
        is_dynamic = isinstance(source, LockedTree) and self._making.facts(pin).is_dynamic
        return LockedId(pin.name, None if is_dynamic else pin.version, source)

    def _source(self, pin: Pin) -> LockedSource:
        placing, source = self._making.placing, pin.source
        match source:
            case FromIndex(index=index):
                found = None if index is None else placing.indexes.by_id(index)
                if found is None:
                    return LockedRegistry()
                if found.url.scheme == "file":
                    return LockedRegistry(path=placing.relative(local_path(found.url)))
                return LockedRegistry(found.url)
            case FromUrl(url=url, subdirectory=subdirectory):
                if url.scheme == "file":
                    return LockedArchive(placing.relative(local_path(url)))
                return LockedUrl(msgspec.structs.replace(url, fragment=""), subdirectory)
            case FromTree():
                return LockedTree(placing.relative(source.path), tree_kind(source))
            case FromGit():
                return LockedGit(git_url(source))
            case _:
                assert_never(source)

    def _files(self, pin: Pin, source: LockedSource) -> tuple[LockedFile | None, tuple[LockedFile, ...]]:
        if isinstance(source, LockedGit | LockedTree):
            return None, ()
        if isinstance(source, LockedUrl | LockedArchive):
            return self._archive(pin, source)
        files = sorted(pin.files, key=lambda file: file.filename)
        wheels = [file for file in files if file.filename.endswith(".whl") and self._is_wanted(pin, file)]
        sdist = next((file for file in files if not file.filename.endswith(".whl")), None)
        folder = "" if source.url is not None else posixpath.join(self._making.placing.root, source.path)
        return (
            None if sdist is None else locked_file(sdist, folder),
            tuple(locked_file(file, folder) for file in wheels),
        )

    def _archive(self, pin: Pin, source: LockedUrl | LockedArchive) -> tuple[LockedFile | None, tuple[LockedFile, ...]]:
        digest = self._making.digest_of(pin)
        url = source.url if isinstance(source, LockedUrl) else None
        filename = url.filename if url is not None else posixpath.basename(pin_path(pin))
        if filename.endswith(".whl"):
            return None, (LockedFile(filename, url, "", digest),)
        return LockedFile(filename, None, "", digest), ()

    def _is_wanted(self, pin: Pin, file: File) -> bool:
        """Say whether anybody could use a wheel: by its Python, and where its package is needed."""
        if not self._making.fits(file.filename):
            return False
        where = without_extras(pin.marker)
        if self._making.supported:
            union = FALSE
            for marker in self._making.supported:
                union = either(union, marker)
            where = both(where, union)
        return is_reachable(parse_wheel_name(file.filename).platforms, where)


def pin_path(pin: Pin) -> str:
    """Give the path of the archive on this disk that a pin is."""
    assert isinstance(pin.source, FromUrl)  # noqa: S101  # what is locked as an archive was asked for by its URL
    return local_path(pin.source.url)


def locked_file(file: File, folder: str) -> LockedFile:
    """Write a file of an index; of a local one with its path from the index's `folder`."""
    digests = [digest for digest in file.digests if digest.algorithm in _ALGORITHMS]
    digest = max(digests, key=lambda one: _ALGORITHMS.index(one.algorithm), default=None)
    uploaded = shortened(file.upload_time or "")
    if file.url.scheme == "file" and folder:
        path = posixpath.relpath(local_path(file.url), posixpath.normpath(folder))
        return LockedFile(file.filename, None, path, digest, file.size, uploaded)
    return LockedFile(file.filename, _without_query(file.url), "", digest, file.size, uploaded)


def _without_query(url: Url) -> Url:
    return msgspec.structs.replace(url, query="", fragment="")


def shortened(upload_time: str) -> str:
    """Write a time in UTC with milliseconds at most, and no zeros at its end; "" for what is no time."""
    try:
        found = datetime.fromisoformat(upload_time)
    except ValueError:
        return ""
    found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    milliseconds = f"{found.microsecond // 1000:03}".rstrip("0")
    return found.strftime("%Y-%m-%dT%H:%M:%S") + (f".{milliseconds}" if milliseconds else "") + "Z"


def id_order(own: LockedId) -> tuple[object, ...]:
    """Give a key to sort packages by: name, version, then source (uv)."""
    source = own.source
    rank = _SOURCES.index(type(source))
    match source:
        case LockedRegistry(url=url, path=path):
            place: tuple[object, ...] = (url is None, path if url is None else url.exact)
        case LockedGit(url=url):
            place = (url.exact, url.fragment)
        case LockedUrl(url=url, subdirectory=subdirectory):
            place = (url.exact, subdirectory)
        case LockedArchive(path=path):
            place = (path,)
        case LockedTree(path=path, kind=kind):
            place = (("directory", "editable", "virtual").index(kind.value), path)
        case _:
            assert_never(source)
    return own.name, () if own.version is None else (own.version,), rank, place
