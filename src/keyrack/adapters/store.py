"""The cache on disk: buckets of entries, each whole or absent, private to the user, cleanable by package.

Below the root lies a folder for each kind of entry (its form is part of the name, so another form is another folder),
in it one for each package, in that the entries. Every room that caches follows this, so cleaning needs to know no kind.
"""

from __future__ import annotations

import os
import struct
import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from hashlib import sha256

import msgspec

from keyrack.adapters.disk import Amount, empty_tree, make_private_folder, measure, remove_tree, write_private
from keyrack.adapters.inflate import crc32
from keyrack.adapters.locks import DEFAULT_TIMEOUT, lock
from keyrack.errors import KeyrackError
from keyrack.values.log import Level, Log, silent

NOBODY = "_"
"""The package of entries that belong to none."""
LOCK = ".lock"
_LOCKS = ".locks"
_SALT = "salt"
_SALT_SIZE = 32
_TAG = b"Signature: 8a477f597d28d172789f06886806bc55\n# This is a cache of keyrack; see https://bford.info/cachedir/\n"
_MAGIC = b"KRE1"
_FRONT = struct.Struct("<4sIQQ")
"""Magic, CRC-32 of all that follows this, length of the head, length of the body."""


class Entry(msgspec.Struct, frozen=True):
    """What a bucket keeps under a key: a head for whoever stored it, and a body."""

    head: bytes
    body: bytes


class Store:
    """The cache below `root`. Nothing is made before something is stored; a store that cannot be written warns once."""

    def __init__(self, root: str, log: Log = silent, *, lock_timeout: float = DEFAULT_TIMEOUT) -> None:
        """Take the root's path; `lock_timeout` is in seconds."""
        self.root = root
        self._log = log
        self._lock_timeout = lock_timeout
        self._guard = threading.Lock()
        self._prepared = False
        self._complained = False
        self._salt = b""

    def bucket(self, kind: str, version: int) -> Bucket:
        """Give the bucket of a kind of entries in one form."""
        return Bucket(self, f"{kind}-v{version}")

    def prepare(self) -> bool:
        """Make the root and mark it as a cache for backup programs and git; False where it cannot be written."""
        with self._guard:
            if self._prepared:
                return True
            try:
                make_private_folder(self.root)
                for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", b"*\n")):
                    path = os.path.join(self.root, name)
                    if not os.path.exists(path):
                        write_private(path, (text,))
            except OSError as error:
                self.complain(error)
                return False
            self._prepared = True
        return True

    def complain(self, error: OSError) -> None:
        """Warn, the first time, that the cache cannot be written: slower, never an error."""
        if not self._complained:
            self._complained = True
            reason = f"{error.strerror} (os error {error.errno})" if error.errno else str(error)
            self._log(Level.WARN, f"The cache at `{self.root}` cannot be written, continuing without: {reason}")

    def in_use(self) -> AbstractContextManager[bool]:
        """Keep `clean` waiting during a block; raises `LockTimeout`."""
        self.prepare()
        path = os.path.join(self.root, LOCK)
        return lock(path, shared=True, timeout=self._lock_timeout, waiting=self._patient)

    def alone(self, key: str) -> AbstractContextManager[bool]:
        """Let only one process (and thread) at a time work on a key, so that N fetch once; raises `LockTimeout`."""
        name = sha256(key.encode()).hexdigest()[:32]
        return lock(os.path.join(self.root, _LOCKS, name), timeout=self._lock_timeout)

    def temporary_folder(self) -> str:
        """Make a folder for downloads on the cache's own file system, so that a rename puts them into place."""
        path = os.path.join(self.root, "tmp", os.urandom(8).hex())
        make_private_folder(path)
        return path

    def salt(self) -> bytes:
        """Give random bytes that only this cache knows, and keeps; where it cannot be written, only this run."""
        with self._guard:
            if not self._salt:
                self._salt = self._read_salt()
            return self._salt

    def _read_salt(self) -> bytes:
        path = os.path.join(self.root, _SALT)
        fresh = os.urandom(_SALT_SIZE)
        with suppress(OSError):
            make_private_folder(self.root)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            try:
                os.write(descriptor, fresh)
            finally:
                os.close(descriptor)
            return fresh
        with suppress(OSError), open(path, "rb") as file:
            kept = file.read()
            return kept if len(kept) == _SALT_SIZE else fresh
        return fresh

    def size(self) -> int:
        """Count the bytes of all entries."""
        return measure(self.root).size

    def clean(self, names: Iterable[str] | None = None, *, force: bool = False) -> Amount:
        """Remove all entries, or those of some packages (normalised names), once nobody uses the cache.

        `force` does not wait. Raises `LockTimeout`, or `KeyrackError` where something cannot be removed.
        """
        if not os.path.isdir(self.root):
            return Amount()
        if force:
            return self._remove(names)
        with lock(os.path.join(self.root, LOCK), timeout=self._lock_timeout, waiting=self._patient):
            return self._remove(names)

    def _remove(self, names: Iterable[str] | None) -> Amount:
        try:
            if names is None:
                self._prepared = False
                return empty_tree(self.root)
            kinds = [entry.path for entry in os.scandir(self.root) if entry.is_dir() and "-v" in entry.name]
            gone = Amount()
            for name in names:
                for kind in kinds:
                    gone += remove_tree(os.path.join(kind, name))
        except OSError as error:
            raise KeyrackError(
                f"Failed to clean the cache at `{self.root}`", causes=(f"{error.strerror}: `{error.filename}`",)
            ) from error
        return gone

    def _patient(self) -> None:
        self._log(Level.WARN, "Cache is currently in-use, waiting for other keyrack processes to finish")


class Bucket:
    """Entries of one kind, found by a key (any text; only its hash reaches the disk) and the package they are of."""

    def __init__(self, store: Store, folder: str) -> None:
        """Live below the store's root."""
        self._store = store
        self._root = os.path.join(store.root, folder)

    def find(self, key: str, package: str = NOBODY) -> Entry | None:
        """Give an entry; None where there is none or it is damaged."""
        return read_entry(self.path(key, package))

    def head(self, key: str, package: str = NOBODY) -> bytes | None:
        """Give the head of an entry, which may yet turn out to be damaged; None where there is no entry."""
        try:
            descriptor = os.open(self.path(key, package), os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError:
            return None
        try:
            front = _front(descriptor)
            return None if front is None else _exactly(descriptor, front[1])
        except OSError:
            return None
        finally:
            os.close(descriptor)

    def keep(self, key: str, entry: Entry, package: str = NOBODY) -> bool:
        """Store an entry in place of what is there; False where the cache cannot be written."""
        if not self._store.prepare():
            return False
        check = crc32(entry.body, crc32(entry.head, 0))
        front = _FRONT.pack(_MAGIC, check, len(entry.head), len(entry.body))
        try:
            write_private(self.path(key, package), (front + entry.head, entry.body))
        except OSError as error:
            self._store.complain(error)
            return False
        return True

    def get(self, key: str) -> bytes | None:
        """Give a body that belongs to no package, or None."""
        entry = self.find(key)
        return None if entry is None else entry.body

    def put(self, key: str, body: bytes) -> None:
        """Store a body that belongs to no package."""
        self.keep(key, Entry(b"", body))

    def path(self, key: str, package: str = NOBODY) -> str:
        """Say where an entry lies, or would."""
        return os.path.join(self._root, package, sha256(key.encode()).hexdigest()[:32])


def read_entry(path: str) -> Entry | None:
    """Read the entry of a bucket that lies at a path; None where there is none or it is damaged."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    try:
        return _read(descriptor)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> Entry | None:
    front = _front(descriptor)
    if front is None:
        return None
    check, head_size, body_size = front
    head = _exactly(descriptor, head_size)
    body = _exactly(descriptor, body_size)
    if crc32(body, crc32(head, 0)) != check:
        return None
    return Entry(head, body)


def _front(descriptor: int) -> tuple[int, int, int] | None:
    """Read the checksum and the sizes of head and body; None where this is no entry, or not a whole one."""
    front = os.read(descriptor, _FRONT.size)
    if len(front) < _FRONT.size:
        return None
    magic, check, head_size, body_size = _FRONT.unpack(front)
    if magic != _MAGIC or os.fstat(descriptor).st_size != _FRONT.size + head_size + body_size:
        return None
    return check, head_size, body_size


def _exactly(descriptor: int, size: int) -> bytes:
    piece = os.read(descriptor, size)
    if len(piece) == size:
        return piece
    # One read gives at most 2 GiB.
    pieces = [piece]
    while piece and (size := size - len(piece)):
        piece = os.read(descriptor, size)
        pieces.append(piece)
    return b"".join(pieces)
