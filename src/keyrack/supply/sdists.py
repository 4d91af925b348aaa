"""An index's source distribution: fetched once, verified, kept in the store, unpacked when it must be built."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

import msgspec

from keyrack.adapters.disk import make_private_folder
from keyrack.adapters.spool import Spool
from keyrack.adapters.store import Entry, Store
from keyrack.adapters.unpack import unpack
from keyrack.policy.install.hashes import STORE, check, wanted
from keyrack.supply.downloads import archive_digests, local_path
from keyrack.supply.once import Once
from keyrack.supply.remote_zip import Files, request_for
from keyrack.supply.statuses import BadStatus
from keyrack.supply.wire import Offline
from keyrack.values.artifact import Digest, File, parse_sdist_name
from keyrack.values.exchange import Purpose, Request, ResponseHead
from keyrack.values.log import Level, Log, silent
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromIndex
from keyrack.values.source_tree import SourceTree

KIND, VERSION = "sdists", 1

POINTERS = "sdist-pointers"
"""What URLs without a hash gave the last time: hash, and what to ask the server by (RFC 9110, 13.1)."""
_VALIDATORS = (("if-none-match", "etag"), ("if-modified-since", "last-modified"))


class _Known(msgspec.Struct, frozen=True):
    """An archive of the store, and the header by which its server says whether it still gives the same."""

    path: str
    sha256: str
    validator: tuple[str, ...]


class Sdists:
    """Brings source distributions; may be called from any thread. Each is fetched and unpacked once in a run."""

    def __init__(self, files: Files, store: Store, folder: Callable[[], str], log: Log = silent) -> None:
        """`folder` makes a folder that lasts as long as the run."""
        self._files = files
        self._store = store
        self._root = os.path.join(store.root, f"{KIND}-v{VERSION}")
        self._folder = folder
        self._pointers = store.bucket(POINTERS, VERSION)
        self._log = log
        self._archives: Once[tuple[str | None, str], tuple[str, str]] = Once()
        self._trees: Once[tuple[str, str], str] = Once()

    def archive(self, file: File, name: PackageName) -> str:
        """Give the path of the archive on this disk; raises what fetching raises, and a wrong hash."""
        return self._archive(file, name)[0]

    def tree(self, file: File, name: PackageName, expected: tuple[Digest, ...] = ()) -> SourceTree:
        """Give the unpacked tree; of the `expected` digests one must match."""
        version = parse_sdist_name(file.filename, name).version
        label = f"{name}=={version}"
        place, digests = self.unpacked(file, name, expected, label)
        key = f"{STORE}:{digests[STORE]}"
        return SourceTree(place, label, FromIndex(file.origin), key, name=name, version=version)

    def unpacked(
        self, file: File, name: PackageName, expected: tuple[Digest, ...] = (), label: str = ""
    ) -> tuple[str, dict[str, str]]:
        """Give the folder of an unpacked archive, and its hashes. Raises `HashMismatch`, and then nothing is unpacked.

        `label` is what messages call it.
        """
        path, sha256 = self._archive(file, name)
        digests = {STORE: sha256}
        if expected:
            digests = archive_digests(path, wanted(file.digests, expected))
            check(label or file.filename, digests, file.digests, expected)
        return self._trees.get((path, file.filename), lambda: unpack(path, file.filename, self._fresh())), digests

    def _fresh(self) -> str:
        return os.path.join(self._folder(), os.urandom(8).hex())

    def _archive(self, file: File, name: PackageName) -> tuple[str, str]:
        return self._archives.get((file.origin, file.url.exact), lambda: self._bring(file, name))

    def _bring(self, file: File, name: PackageName) -> tuple[str, str]:
        if file.url.scheme == "file":
            path = local_path(file.url)
            found = archive_digests(path, wanted(file.digests))
            check(file.filename, found, file.digests, ())
            return path, found[STORE]
        listed = next((digest.value for digest in file.digests if digest.algorithm == STORE), None)
        kept = None if listed is None else self._kept(name, listed)
        return kept or self._fetch(file, name)

    def _kept(self, name: PackageName, sha256: str) -> tuple[str, str] | None:
        """Give an archive of the store; it is hashed again, since a build will run what is in it."""
        path = os.path.join(self._root, name, sha256)
        if os.path.isfile(path) and archive_digests(path, (STORE,))[STORE] == sha256:
            return path, sha256
        return None

    def _fetch(self, file: File, name: PackageName) -> tuple[str, str]:
        """Fetch an archive, unless the server says that it is still the one that we have."""
        known = None if file.digests else self._recall(file, name)
        self._log(Level.DEBUG, f"Sending fresh GET request for: {file.url}")
        with Spool(os.path.join(self._store.root, "tmp"), {STORE, *wanted(file.digests)}) as spool:
            try:
                head = self._files.download(_asking(file, known), spool)
            except Offline:
                if known is None:
                    raise
                return known.path, known.sha256
            if known is not None and head.status == 304:
                return known.path, known.sha256
            if head.status != 200:
                raise BadStatus(file.url, head)
            digests = {digest.algorithm: digest.value for digest in spool.digests()}
            check(file.filename, digests, file.digests, ())
            path = self._keep(spool.save(), name, digests[STORE])
        self._remember(file, name, digests[STORE], head)
        return path, digests[STORE]

    def _recall(self, file: File, name: PackageName) -> _Known | None:
        """Give what a URL gave the last time, if it is still in the store and the server can be asked about it."""
        entry = self._pointers.find(_place(file), name)
        sha256, _, told = (entry.body.decode() if entry else "").partition("\n")
        kept = self._kept(name, sha256) if told else None
        return None if kept is None else _Known(*kept, tuple(told.split("\n", 1)))

    def _remember(self, file: File, name: PackageName, sha256: str, head: ResponseHead) -> None:
        told = next((f"{ask}\n{found}" for ask, header in _VALIDATORS if (found := head.header(header))), "")
        if told and not file.digests:
            self._pointers.keep(_place(file), Entry(b"", f"{sha256}\n{told}".encode()), name)

    def _keep(self, path: str, name: PackageName, sha256: str) -> str:
        """Move an archive into the store; where that cannot be written, it lasts as long as the run."""
        folder = os.path.join(self._root, name)
        with suppress(OSError):
            make_private_folder(folder)
            target = os.path.join(folder, sha256)
            os.replace(path, target)
            return target
        target = self._fresh()
        os.replace(path, target)
        return target


def _place(file: File) -> str:
    return f"{file.origin or ''}\n{file.url.exact}"


def _asking(file: File, known: _Known | None) -> Request:
    request = request_for(file, Purpose.FILE)
    if known is None:
        return request
    name, value = known.validator
    return msgspec.structs.replace(request, headers=(*request.headers, (name, value)))
