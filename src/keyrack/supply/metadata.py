"""The metadata of a file, the cheapest way first: cache, sidecar, ranges, the whole file (PEP 658, 714; D13, D14)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Protocol

import msgspec
from packaging.utils import canonicalize_name

from keyrack.adapters.archives import UnsafeArchive
from keyrack.adapters.folders import read_part, size_of
from keyrack.adapters.sdists import read_top_files
from keyrack.adapters.spool import Spool
from keyrack.adapters.store import Entry
from keyrack.adapters.zip_tail import Read, list_members, read_member
from keyrack.errors import InvalidText, KeyrackError
from keyrack.formats.core_metadata import header_of, parse_metadata
from keyrack.formats.static_sdist import FILES, static_metadata
from keyrack.policy.auth.refusals import Refused
from keyrack.policy.index.metadata_fit import check_fit
from keyrack.policy.install.hashes import KNOWN, check, wanted
from keyrack.policy.install.verify import InvalidWheel, find_stem
from keyrack.policy.resolve.believed import believed_metadata
from keyrack.policy.resolve.catalogue import Direct, NeedsBuild, OfflineMetadata
from keyrack.supply.builds import Builds
from keyrack.supply.indexes import Fetch
from keyrack.supply.remote_zip import Files, NoRanges, RemoteZip, request_for
from keyrack.supply.sdists import Sdists
from keyrack.supply.source_metadata import SourceReader
from keyrack.supply.statuses import BadStatus
from keyrack.supply.wire import Offline
from keyrack.values.artifact import Digest, File, parse_sdist_name, parse_wheel_name, sdist_package
from keyrack.values.exchange import Purpose, Request
from keyrack.values.index import IndexId
from keyrack.values.log import Level, Log, silent
from keyrack.values.metadata import Believed, Metadata
from keyrack.values.names import PackageName
from keyrack.values.url import Origin, local_path

LARGEST = 10 * 1024 * 1024
"""Bytes of a METADATA file, description included."""
_METADATA = "METADATA"
Texts = dict[str, bytes]
"""Files of a distribution that were read, by name: METADATA of a wheel; PKG-INFO and pyproject.toml of an sdist."""
_decoder = msgspec.msgpack.Decoder(Texts)
_encoder = msgspec.msgpack.Encoder()

Keep = Callable[[File, str, tuple[Digest, ...]], None]
"""Takes a whole wheel that had to be fetched for its metadata: at a path that lasts for the call, with its hashes."""


class Bucket(Protocol):
    """The cache on disk, as far as metadata needs it."""

    def find(self, key: str, package: str) -> Entry | None:
        """Give what is kept under a key, or None."""
        ...

    def keep(self, key: str, entry: Entry, package: str) -> bool:
        """Keep something; False where the cache cannot be written."""
        ...


class Reading(msgspec.Struct, frozen=True):
    """How metadata is read: whether the network is off, the folder for temporary files, who wants whole wheels.

    `sdists` brings source distributions, so that what was fetched to be read can be built, too; `sources` reads what
    comes from no index; what is `believed` of a version counts in place of what it says itself.
    """

    offline: bool = False
    folder: str | None = None
    keep: Keep | None = None
    sdists: Sdists | None = None
    sources: SourceReader | None = None
    believed: tuple[Believed, ...] = ()


class MetadataReader:
    """Reads the metadata of files; may be called from any thread."""

    def __init__(
        self,
        session: Files,
        cached: Fetch,
        bucket: Bucket,
        reading: Reading = Reading(),  # noqa: B008 - frozen
        log: Log = silent,
    ) -> None:
        """`cached` brings sidecars that no hash protects, so that they age; all else is kept by hash for ever."""
        self._session = session
        self._cached = cached
        self._bucket = bucket
        self._reading = reading
        self._log = log
        # One set and no lock: that a few requests more find out the same does no harm.
        self._without_ranges: set[tuple[IndexId | None, Origin]] = set()
        self._builds: Builds | None = None

    def build_with(self, builds: Builds) -> None:
        """Let what only a build can tell be built."""
        self._builds = builds

    def inside(self, builds: Builds) -> MetadataReader:
        """Give a reader of the same that builds in another way."""
        found = MetadataReader(self._session, self._cached, self._bucket, self._reading, self._log)
        found._without_ranges = self._without_ranges
        found.build_with(builds)
        return found

    def read(self, file: File) -> Metadata:
        """Give the metadata of a wheel or source distribution.

        Raises `NeedsBuild` where only a build can tell, `OfflineMetadata`, `InvalidText` where the file is broken,
        `Refused`, or what went wrong on the way.
        """
        told = self._believed(file)
        if told is not None:
            return told
        key, package = _key(file), _package(file)
        texts = self._kept(key, package) if key else None
        if texts is None:
            texts = self._local(file) if file.url.scheme == "file" else self._remote(file)
            if key:
                self._bucket.keep(key, Entry(b"", _encoder.encode(texts)), package)
        try:
            return _parsed(file, texts)
        except NeedsBuild:
            if self._builds is None or self._reading.sdists is None:
                raise
        metadata = self._builds.metadata(self._reading.sdists.tree(file, PackageName(package)))
        check_fit(file.filename, metadata)
        return metadata

    def read_source(self, name: PackageName, source: Direct) -> Metadata:
        """Give the metadata of a tree, a repository or an archive to build from; raises what `SourceReader` raises."""
        told = believed_metadata(self._reading.believed, name, None)
        return told or self._source_reader().read(source, name, self._builds)

    def _believed(self, file: File) -> Metadata | None:
        if not self._reading.believed:
            return None
        package = PackageName(_package(file))
        name = parse_wheel_name(file.filename) if _is_wheel(file) else parse_sdist_name(file.filename, package)
        return believed_metadata(self._reading.believed, name.name, name.version)

    def read_unnamed(self, source: Direct) -> Metadata:
        """Give the metadata of a source whose name nobody knows yet."""
        return self._source_reader().read(source, None, self._builds)

    def located(self, source: Direct) -> Direct:
        """Give a source with the commit that it means."""
        return self._source_reader().sources.located(source)

    def _source_reader(self) -> SourceReader:
        if self._reading.sources is None:
            raise NeedsBuild("There is nobody who brings source trees")
        return self._reading.sources

    def at_hand(self, file: File) -> Callable[[], Metadata] | None:
        """Give what reads the metadata that is kept of a file, and raises as `read` does; None where none is kept."""
        told = self._believed(file)
        if told is not None:
            return lambda: told
        key = _key(file)
        texts = self._kept(key, _package(file)) if key else None
        if texts is None or (not _is_wheel(file) and static_metadata(texts) is None):
            return None
        return partial(_parsed, file, texts)

    def _kept(self, key: str, package: str) -> Texts | None:
        entry = self._bucket.find(key, package)
        try:
            return None if entry is None else _decoder.decode(entry.body)
        except msgspec.DecodeError:
            return None

    def _local(self, file: File) -> Texts:
        path = local_path(file.url)
        size = size_of(path)
        if _is_wheel(file):
            return {_METADATA: _in_wheel(lambda start, end: read_part(path, start, end), size, file)}
        return _in_sdist(path, file)

    def _remote(self, file: File) -> Texts:
        sidecar = self._sidecar(file) if file.core_metadata is not None else None
        if sidecar is not None:
            return {_METADATA: header_of(sidecar)}
        if self._reading.offline:
            raise OfflineMetadata(f"The metadata of `{file.filename}` is not in the cache, and the network is off")
        if not _is_wheel(file) and self._reading.sdists is not None:
            return _in_sdist(self._reading.sdists.archive(file, PackageName(_package(file))), file)
        with Spool(self._reading.folder, wanted(file.digests)) as spool:
            if _is_wheel(file):
                return {_METADATA: self._of_wheel(file, spool)}
            self._download(file, spool)
            return _in_sdist(spool.save(), file)

    def _sidecar(self, file: File) -> bytes | None:
        """Give the text beside the file; None where the server does not have what its page promised (D13)."""
        promised = file.core_metadata or ()
        fetch: Fetch = self._session if promised and not self._reading.offline else self._cached
        url = file.url.with_suffix(".metadata")
        purpose = Purpose.METADATA if file.origin else Purpose.DIRECT
        try:
            response = fetch.fetch(
                Request(url, purpose, file.origin, link_credentials=file.credentials, has_hash=bool(promised))
            )
        except Offline as error:
            raise OfflineMetadata(f"The metadata of `{file.filename}` is not in the cache") from error
        except Refused as refusal:
            self._log(Level.DEBUG, f"No metadata file beside `{file.filename}`: {refusal.message}")
            return None
        if response.head.status != 200:
            self._log(Level.DEBUG, f"No metadata file beside `{file.filename}`: HTTP status {response.head.status}")
            return None
        if not _agrees(response.body, promised):
            self._log(Level.WARN, f"The metadata file beside `{file.filename}` is not the one that its index lists")
            return None
        return response.body

    def _of_wheel(self, file: File, spool: Spool) -> bytes:
        place = (file.origin, file.url.origin)
        if place not in self._without_ranges:
            text = self._by_ranges(file, spool)
            if text is not None:
                return text
            self._without_ranges.add(place)
        self._log(Level.WARN, f"Range requests not supported for `{file.filename}`; streaming wheel")
        if not spool.size:
            self._download(file, spool)
        return self._of_whole(file, spool)

    def _by_ranges(self, file: File, spool: Spool) -> bytes | None:
        """Read as little as needed; None where the server gives no parts. The spool then has the whole, or nothing."""
        remote = RemoteZip(self._session, file, spool)
        try:
            if not remote.fetch_tail():
                return None
            if remote.is_whole:
                return self._of_whole(file, spool)
            return _in_wheel(remote.read, remote.size, file)
        except NoRanges as error:
            self._log(Level.DEBUG, " ".join((error.message, *error.causes)))
            spool.restart()
            return None

    def _download(self, file: File, spool: Spool) -> None:
        head = self._session.download(request_for(file, Purpose.FILE), spool)
        if head.status != 200:
            raise BadStatus(file.url, head)

    def _of_whole(self, file: File, spool: Spool) -> bytes:
        """Read a wheel that has come as a whole; it is not thrown away, since it is probably the one to install."""
        digests = spool.digests()
        check(file.filename, {digest.algorithm: digest.value for digest in digests}, file.digests, ())
        text = _in_wheel(spool.read, spool.size, file)
        if self._reading.keep is not None:
            self._reading.keep(file, spool.save(), digests)
        return text


def _is_wheel(file: File) -> bool:
    return file.filename.endswith(".whl")


def _package(file: File) -> str:
    """Name the package, so that its entries can be cleaned together."""
    return canonicalize_name(file.filename.partition("-")[0]) if _is_wheel(file) else sdist_package(file.filename)


def _key(file: File) -> str | None:
    """Name the file for the cache; None where no hash says that it will stay the same.

    The index and the URL are part of it: no index may say what a file of another one requires by claiming its hash.
    """
    digests = file.digests or file.core_metadata
    return "\n".join((file.origin or "", file.url.bare, *map(str, digests))) if digests else None


def _agrees(text: bytes, promised: tuple[Digest, ...]) -> bool:
    """Compare a text with its hashes; those of unknown algorithms say nothing."""
    known = [digest for digest in promised if digest.algorithm in KNOWN]
    return all(hashlib.new(each.algorithm, text, usedforsecurity=False).hexdigest() == each.value for each in known)


def _parsed(file: File, texts: Texts) -> Metadata:
    text = texts.get(_METADATA)
    metadata = parse_metadata(text) if text is not None else static_metadata(texts)
    if metadata is None:
        raise NeedsBuild(
            f"What `{file.filename}` requires can only be told by building it",
            causes=("Neither its `PKG-INFO` nor its `pyproject.toml` says so for certain",),
        )
    check_fit(file.filename, metadata)
    return metadata


def _in_wheel(read: Read, size: int, file: File) -> bytes:
    try:
        members = {member.name: member for member in list_members(read, size)}
        path = f"{find_stem(frozenset(members), parse_wheel_name(file.filename))}.dist-info/METADATA"
        found = read_member(read, members[path], LARGEST) if path in members else None
    except (UnsafeArchive, InvalidWheel) as error:
        raise _misshapen(file, error) from error
    if found is None:
        raise InvalidText(f"`{file.filename}` has an invalid package format", causes=(f"Missing `{path}`",))
    return header_of(found)


def _in_sdist(path: str, file: File) -> Texts:
    try:
        found = read_top_files(path, file.filename, FILES)
    except UnsafeArchive as error:
        raise _misshapen(file, error) from error
    return {name: header_of(text) if name == "PKG-INFO" else text for name, text in found.items()}


def _misshapen(file: File, error: KeyrackError) -> InvalidText:
    causes = (error.message, *error.causes)
    return InvalidText(f"`{file.filename}` has an invalid package format", causes=causes)
