"""From a file that an index lists to a verified, unpacked wheel in the store: fetched once, hashed while it comes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import unquote

import msgspec

from keyrack.adapters.wheels import Pointer, WheelStore
from keyrack.errors import KeyrackError
from keyrack.policy.install.hashes import STORE, agrees, check, wanted
from keyrack.policy.install.verify import has_tags_of, is_version_of
from keyrack.supply.statuses import BadStatus
from keyrack.supply.unpacking import unpack
from keyrack.supply.wire import Offline, Sink
from keyrack.values.artifact import Digest, File, WheelName, parse_wheel_name
from keyrack.values.exchange import Purpose, Request, ResponseHead
from keyrack.values.index import IndexId
from keyrack.values.log import Level, Log, silent
from keyrack.values.url import Url
from keyrack.values.wheel import StoredWheel

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

_AS_IT_IS = ("accept-encoding", "identity")
_WITH_BODY = frozenset({200, 206})
_AT_A_TIME = 1024 * 1024


class Files(Protocol):
    """The session, as far as files need it."""

    def download(self, request: Request, sink: Sink) -> ResponseHead:
        """Send the body of a 2xx answer into the sink."""
        ...

    def identity_key(self, index: IndexId | None) -> str:
        """Give a stable text for who we are to an index."""
        ...


class Progress(Protocol):
    """Hears how far each download is; called from many threads."""

    def begin(self, file: File) -> None:
        """A download starts; `file.size` is None where the index does not tell it."""
        ...

    def advance(self, file: File, received: int) -> None:
        """So many bytes have come."""
        ...

    def finish(self, file: File) -> None:
        """The download has ended, well or not."""
        ...


class DownloadFailed(KeyrackError):
    """A distribution could not be brought into the store; the causes say why. `file` is the one that was wanted."""

    file: File | None = None


class Wanted(msgspec.Struct, frozen=True):
    """A wheel to bring. `label` is what messages call it; of the `expected` digests one must match.

    Where it must be built first, `file` is what it is built from, and `make` builds it.
    """

    file: File
    label: str
    expected: tuple[Digest, ...] = ()
    make: Callable[[], File] | None = None


class Downloads:
    """Brings wheels into the store; each archive once, however many ask for it."""

    def __init__(
        self, files: Files, store: WheelStore, *, at_once: int = 50, progress: Progress | None = None, log: Log = silent
    ) -> None:
        """`at_once` is how many downloads may run together."""
        self._files = files
        self._store = store
        self._at_once = at_once
        self._progress = progress or _Deaf()
        self._log = log
        self._given_up = False
        self._slots = BoundedSemaphore(max(2, os.cpu_count() or 1))

    def wheel(self, file: File, expected: tuple[Digest, ...] = (), label: str = "") -> StoredWheel:
        """Give a wheel from the store, or bring it there. Raises `DownloadFailed` with the reason as its causes."""
        name = parse_wheel_name(file.filename)
        task = Wanted(file, label or f"{name.name}=={name.version_text}", expected)
        try:
            return self.stored(file, expected) or (
                self._local(task, name) if file.url.scheme == "file" else self._remote(task, name)
            )
        except KeyrackError as error:
            raise _failure(task, error) from error
        except OSError as error:
            raise _failure(task, DownloadFailed(str(error))) from error

    def wheels(self, wanted_ones: Iterable[Wanted]) -> tuple[StoredWheel, ...]:
        """Give many wheels, in the order of asking; the largest are begun first. The first failure ends the rest."""
        ones = tuple(wanted_ones)
        found = {
            at: wheel for at, one in enumerate(ones) if not one.make and (wheel := self.stored(one.file, one.expected))
        }
        order = sorted(set(range(len(ones))) - set(found), key=lambda at: (-(ones[at].file.size or 0), at))
        if order:
            found |= self._bring({at: ones[at] for at in order})
        return tuple(found[at] for at in range(len(ones)))

    def _bring(self, tasks: Mapping[int, Wanted]) -> dict[int, StoredWheel]:
        """Fetch many at once. Whoever fails or interrupts does not wait for the rest: that is told to end."""
        self._given_up = False
        pool = ThreadPoolExecutor(min(self._at_once, len(tasks)), "download")
        try:
            jobs = {at: pool.submit(self._one, one) for at, one in tasks.items()}
            for job in as_completed(jobs.values()):
                job.result()
            return {at: job.result() for at, job in jobs.items()}
        except BaseException:
            self._given_up = True
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _one(self, one: Wanted) -> StoredWheel:
        return self.wheel(one.make() if one.make else one.file, one.expected, one.label)

    def _go_on(self) -> None:
        if self._given_up:
            raise DownloadFailed("Given up, because another download failed")

    def stored(self, file: File, expected: tuple[Digest, ...] = ()) -> StoredWheel | None:
        """Give a wheel that is already in the store, unharmed, and certainly the one that is meant; ask nobody."""
        name = parse_wheel_name(file.filename)
        listed = {digest.value for digest in file.digests if digest.algorithm == STORE}
        hoped_for = {digest.value for digest in expected if digest.algorithm == STORE}
        for sha256 in listed or hoped_for:
            found = self._find(name, sha256)
            # What the user wrote may be the hash of another file of the same version.
            is_it = found and agrees(found.manifest.digests, file.digests, expected)
            if found and is_it and (listed or has_tags_of(found.manifest.facts, name)):
                return found
        return None

    def _find(self, name: WheelName, sha256: str) -> StoredWheel | None:
        found = self._store.find(name.name, sha256)
        if found is None or not is_version_of(found.manifest.version_text, name):
            return None
        if self._store.is_untouched(found):
            return found
        self._log(Level.WARN, f"The cached files of `{found.manifest.stem}` were changed by somebody; fetching it anew")
        self._store.forget(name.name, sha256)
        return None

    def _local(self, task: Wanted, name: WheelName) -> StoredWheel:
        path = local_path(task.file.url)
        digests = archive_digests(path, wanted(task.file.digests, task.expected))
        return self._unpack(path, name, _checked(digests, task))

    def _remote(self, task: Wanted, name: WheelName) -> StoredWheel:
        file = task.file
        key = "\n".join((self._files.identity_key(file.origin), file.origin or "", file.url.exact))
        with self._store.alone(key):
            found = self.stored(file, task.expected)
            if found is not None:  # another process was first
                return found
            known = None if file.digests else self._store.recall(name.name, key)
            stored, head = self._fetch(task, name, known)
        pointer = Pointer(
            _sha256(stored.manifest.digests), head.header("etag") or "", head.header("last-modified") or ""
        )
        if not file.digests and stored.fresh and (pointer.etag or pointer.last_modified):
            self._store.remember(name.name, key, pointer)
        return stored

    def _fetch(self, task: Wanted, name: WheelName, known: Pointer | None) -> tuple[StoredWheel, ResponseHead]:
        file = task.file
        held = self._find(name, known.sha256) if known else None
        if held and not agrees(held.manifest.digests, (), task.expected):
            held = None
        algorithms = wanted(file.digests, task.expected)
        with self._store.spool(name.name) as path, Spool(path, algorithms, self._told(file)) as spool:
            self._log(Level.DEBUG, f"Sending fresh GET request for: {file.url}")
            self._progress.begin(file)
            try:
                head = self._files.download(_request(task, known if held else None), spool)
            except Offline:
                if held is None:
                    raise
                return held, ResponseHead(304, (), file.url)
            finally:
                self._progress.finish(file)
            if held and head.status == 304:
                return held, head
            if head.status not in _WITH_BODY:
                raise BadStatus(file.url, head)
            spool.check_length(head.header("content-length"), file.size)
            return self._unpack(path, name, _checked(_values(spool.hashes), task)), head

    def _told(self, file: File) -> Callable[[int], None]:
        def told(received: int) -> None:
            self._go_on()
            if file.size is not None and received > file.size:
                raise DownloadFailed(f"The server sends more than the {file.size} bytes that the index lists")
            self._progress.advance(file, received)

        return told

    def _unpack(self, path: str, name: WheelName, digests: tuple[Digest, ...]) -> StoredWheel:
        with self._slots:
            return self._find(name, _sha256(digests)) or unpack(path, name, digests, self._store, self._go_on)


class Spool:
    """Takes a body into a file and hashes it on the way; it may start anew."""

    def __init__(self, path: str, algorithms: frozenset[str], told: Callable[[int], None]) -> None:
        """`path` is made in a `with`; `told` hears the number of bytes so far, and may raise to end it."""
        self._path = path
        self._algorithms = algorithms
        self._told = told
        self.hashes = self._fresh()
        self.received = 0

    def __enter__(self) -> Self:
        """Begin the download."""
        self._out = open(self._path, "wb", buffering=0)
        return self

    def __exit__(self, *_error: object) -> None:
        """End it, well or not."""
        self._out.close()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self.received += len(chunk)
        self._told(self.received)
        rest = memoryview(chunk)
        while rest:
            rest = rest[self._out.write(rest) :]
        for hashing in self.hashes.values():
            hashing.update(chunk)

    def restart(self) -> None:
        """Forget all bytes so far."""
        self._out.seek(0)
        self._out.truncate()
        self.hashes = self._fresh()
        self.received = 0

    def check_length(self, *promises: str | int | None) -> None:
        """Compare what came with what was promised."""
        for promised in promises:
            if promised is not None and str(promised).isdecimal() and int(promised) != self.received:
                raise DownloadFailed(f"The body has {self.received} bytes and should have {promised}")

    def _fresh(self) -> dict[str, Hash]:
        return _fresh_hashes(self._algorithms)


class _Deaf:
    """Hears nothing."""

    def begin(self, file: File) -> None:
        pass

    def advance(self, file: File, received: int) -> None:
        pass

    def finish(self, file: File) -> None:
        pass


def local_path(url: Url) -> str:
    """Give the path that a `file:` URL means, decoded once; on Windows without the slash before the drive."""
    path = unquote(url.path)
    return path[1:] if path[2:3] == ":" else path


def _request(task: Wanted, known: Pointer | None) -> Request:
    file = task.file
    headers = [_AS_IT_IS]
    if known and known.etag:
        headers.append(("if-none-match", known.etag))
    elif known:
        headers.append(("if-modified-since", known.last_modified))
    return Request(
        url=file.url,
        purpose=Purpose.FILE if file.origin else Purpose.DIRECT,
        index=file.origin,
        headers=tuple(headers),
        link_credentials=file.credentials,
        has_hash=bool(task.expected or file.digests),
    )


def _fresh_hashes(algorithms: Iterable[str]) -> dict[str, Hash]:
    return {algorithm: hashlib.new(algorithm, usedforsecurity=False) for algorithm in algorithms}


def archive_digests(path: str, algorithms: Iterable[str]) -> dict[str, str]:
    """Compute the hashes of a file on this disk, by algorithm; `DownloadFailed` where it cannot be read."""
    hashes = _fresh_hashes(algorithms)
    try:
        with open(path, "rb") as archive:
            while piece := archive.read(_AT_A_TIME):
                for hashing in hashes.values():
                    hashing.update(piece)
    except OSError as error:
        raise DownloadFailed(f"Failed to read `{path}`", causes=(str(error),)) from error
    return _values(hashes)


def _values(hashes: Mapping[str, Hash]) -> dict[str, str]:
    return {algorithm: hashing.hexdigest() for algorithm, hashing in hashes.items()}


def _checked(computed: Mapping[str, str], task: Wanted) -> tuple[Digest, ...]:
    check(task.label, computed, task.file.digests, task.expected)
    return tuple(Digest(algorithm, computed[algorithm]) for algorithm in sorted(computed))


def _sha256(digests: tuple[Digest, ...]) -> str:
    return next(digest.value for digest in digests if digest.algorithm == STORE)


def _failure(task: Wanted, error: KeyrackError) -> DownloadFailed:
    verb = "read" if task.file.url.scheme == "file" and task.file.origin is None else "download"
    failed = DownloadFailed(
        f"Failed to {verb} `{task.label}`", causes=(error.message, *error.causes), hints=error.hints
    )
    failed.exit_code = error.exit_code
    failed.file = task.file
    return failed
