"""The store of unpacked wheels: a folder for each archive, named by its sha256, whole or not there at all.

A wheel is unpacked into a folder of another name and renamed when the last byte and its manifest are written. The
manifest is the completion mark; a folder without a readable one is absent, and replaced.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TYPE_CHECKING, Self

import msgspec

from keyrack.adapters.store import Entry, Store
from keyrack.errors import KeyrackError
from keyrack.values.late import LateModule
from keyrack.values.names import PackageName
from keyrack.values.wheel import Manifest, StoredWheel

if TYPE_CHECKING:
    import shutil
    import tempfile
else:
    shutil = LateModule("shutil")
    tempfile = LateModule("tempfile")

VERSION = 1
"""The form of what is stored: another one lives in other folders."""
_MANIFEST = "manifest"
TREE = "tree"
"""The folder below a wheel's own that holds its files."""
_decoder = msgspec.msgpack.Decoder(Manifest)
_encoder = msgspec.msgpack.Encoder()


class StoreFailed(KeyrackError):
    """The store on disk could not be written."""


class Pointer(msgspec.Struct, frozen=True):
    """Which archive a URL gave, for an index that lists no hashes, and how to ask whether it still does."""

    sha256: str
    etag: str = ""
    last_modified: str = ""


_pointers = msgspec.msgpack.Decoder(Pointer)


class WheelStore:
    """Unpacked wheels below `root`, a folder for each package, so that one package can be cleaned."""

    def __init__(self, store: Store) -> None:
        """Live in the cache; nothing is made until something is stored."""
        self._store = store
        self._given = store.bucket("wheel-pointers", VERSION)
        self.root = os.path.join(store.root, f"wheels-v{VERSION}")
        self._spare = ""

    def find(self, name: PackageName, sha256: str) -> StoredWheel | None:
        """Give a whole wheel of the store, or None."""
        for root in filter(None, (self.root, self._spare)):
            folder = os.path.join(root, name, sha256)
            if (manifest := read_manifest(folder)) is not None:
                return StoredWheel(os.path.join(folder, TREE), manifest)
        return None

    def is_untouched(self, wheel: StoredWheel) -> bool:
        """Say whether every stored file has the size and the time that it was stored with.

        Hard links share their contents with every environment: whoever edits a module there edits it here.
        """
        tree = wheel.folder
        try:
            for member in wheel.manifest.members:
                status = os.stat(f"{tree}/{member.path}", follow_symlinks=False)
                if status.st_mtime_ns != member.modified or status.st_size != member.size:
                    return False
        except OSError:
            return False
        return True

    def begin(self, name: PackageName) -> Unpacking:
        """Make a folder to unpack a wheel into, beside the place where it will stand."""
        parent = self._parent(name)
        return Unpacking(os.path.join(parent, f".{os.urandom(8).hex()}"))

    def finish(self, unpacking: Unpacking, manifest: Manifest) -> StoredWheel:
        """Write the manifest and give the folder its name; if another run was first, its copy stays."""
        sha256 = next(digest.value for digest in manifest.digests if digest.algorithm == "sha256")
        unpacking.write_manifest(_encoder.encode(manifest))
        folder = os.path.join(os.path.dirname(unpacking.folder), sha256)
        if self.find(manifest.name, sha256) is None:
            _discard(folder)
            try:
                os.rename(unpacking.folder, folder)
            except OSError as error:
                if self.find(manifest.name, sha256) is None:
                    raise StoreFailed(f"Failed to store a wheel of `{manifest.name}`", causes=(str(error),)) from error
        _discard(unpacking.folder)
        return StoredWheel(os.path.join(folder, TREE), manifest, fresh=True)

    def recall(self, name: PackageName, key: str) -> Pointer | None:
        """Give what a URL gave before. The key names the URL, the index and the identity that it was asked with."""
        entry = self._given.find(key, name)
        try:
            return _pointers.decode(entry.body) if entry else None
        except msgspec.DecodeError:
            return None

    def remember(self, name: PackageName, key: str, pointer: Pointer) -> None:
        """Keep what a URL gave."""
        self._given.keep(key, Entry(b"", _encoder.encode(pointer)), name)

    def alone(self, key: str) -> AbstractContextManager[object]:
        """Let only one process at a time bring what the key names."""
        return self._store.alone(key)

    @contextmanager
    def spool(self, name: PackageName) -> Iterator[str]:
        """Give a path for an archive while it is fetched and unpacked; the file goes away afterwards."""
        parent = self._parent(name)
        path = os.path.join(parent, f".{os.urandom(8).hex()}")
        try:
            yield path
        finally:
            with suppress(FileNotFoundError):
                os.unlink(path)

    def forget(self, name: PackageName, sha256: str) -> None:
        """Remove a wheel whose files turned out to be damaged."""
        for root in filter(None, (self.root, self._spare)):
            _discard(os.path.join(root, name, sha256))

    def _parent(self, name: PackageName) -> str:
        """Make the folder of a package. In a cache that cannot be written, wheels live as long as this process."""
        self._store.prepare()
        parent = os.path.join(self._spare or self.root, name)
        try:
            os.makedirs(parent, mode=0o700, exist_ok=True)
        except OSError as error:
            if self._spare:
                raise StoreFailed(f"Failed to make `{parent}`", causes=(str(error),)) from error
            self._store.complain(error)
            self._spare = tempfile.mkdtemp(prefix="keyrack-")
            atexit.register(_discard, self._spare)
            return self._parent(name)
        return parent


def read_manifest(folder: str) -> Manifest | None:
    """Read the manifest of a wheel's folder; None where the folder is not whole."""
    try:
        with open(os.path.join(folder, _MANIFEST), "rb") as file:
            return _decoder.decode(file.read())
    except (OSError, msgspec.DecodeError):
        return None


class Unpacking:
    """A wheel's folder while it is being filled; it goes away unless the store finishes it."""

    def __init__(self, folder: str) -> None:
        """Make the folder."""
        self.folder = folder
        self.tree = os.path.join(folder, TREE)
        os.makedirs(self.tree)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        _discard(self.folder)

    def make_folders(self, folders: Iterable[str]) -> None:
        """Make folders, parents first."""
        for folder in folders:
            os.mkdir(f"{self.tree}/{folder}")

    def write(self, path: str, pieces: Iterable[bytes | bytearray], *, executable: bool) -> int:
        """Write a new file and give its time of change in nanoseconds; the umask holds, nothing is set-uid."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(f"{self.tree}/{path}", flags, 0o755 if executable else 0o644)
        try:
            for piece in pieces:
                rest = memoryview(piece)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
            return os.fstat(descriptor).st_mtime_ns
        finally:
            os.close(descriptor)

    def write_manifest(self, manifest: bytes) -> None:
        """Write the completion mark: the last file of all."""
        with open(os.path.join(self.folder, _MANIFEST), "xb") as file:
            file.write(manifest)


def _discard(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
