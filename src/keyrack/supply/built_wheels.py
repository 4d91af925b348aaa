"""Wheels that were built here, kept in the cache under what they were made from."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import quote

from keyrack.adapters.disk import make_private_folder, remove_tree
from keyrack.adapters.folders import list_files, read_part, size_of
from keyrack.adapters.store import NOBODY, Store
from keyrack.adapters.zip_tail import list_members, read_member
from keyrack.errors import KeyrackError
from keyrack.policy.install.hashes import STORE
from keyrack.policy.install.verify import find_stem
from keyrack.supply.downloads import archive_digests
from keyrack.values.artifact import Digest, File, parse_wheel_name
from keyrack.values.names import PackageName
from keyrack.values.url import Url

KIND, VERSION = "built-wheels", 1
_LARGEST = 10 * 1024 * 1024
_SUM = ".sha256"


class BuiltWheels:
    """A folder for each wheel, named by what it was made from; it holds the wheel and its sum, or it is not there."""

    def __init__(self, store: Store) -> None:
        """Live in the cache."""
        self._store = store
        self._root = os.path.join(store.root, f"{KIND}-v{VERSION}")

    def find(self, key: str, name: PackageName | None) -> File | None:
        """Give a wheel that was built before, if it is as it was."""
        folder = self._place(key, name)
        try:
            names = list_files(folder)
        except KeyrackError:
            return None
        wheel = next((each for each in names if f"{each}{_SUM}" in names), None)
        if wheel is None:
            return None
        file = built_file(os.path.join(folder, wheel))
        with open(os.path.join(folder, f"{wheel}{_SUM}"), encoding="ascii") as sums:
            return file if sums.read() == file.digests[0].value else None

    def keep(self, key: str, name: PackageName | None, build: Callable[[str], File], spare: str) -> File:
        """Let a wheel be built into the cache; `spare` is the folder for it where that cannot be written."""
        target = self._place(key, name)
        folder = os.path.join(os.path.dirname(target), f".{os.urandom(8).hex()}")
        try:
            make_private_folder(folder)
        except OSError as error:
            self._store.complain(error)
            return build(spare)
        try:
            file = build(folder)
            with open(f"{os.path.join(folder, file.filename)}{_SUM}", "x", encoding="ascii") as sums:
                sums.write(file.digests[0].value)
            remove_tree(target)
            os.rename(folder, target)
        finally:
            remove_tree(folder)
        return built_file(os.path.join(target, file.filename), file.digests)

    def _place(self, key: str, name: PackageName | None) -> str:
        return os.path.join(self._root, name or NOBODY, sha256(key.encode()).hexdigest()[:32])


def built_file(path: str, digests: tuple[Digest, ...] | None = None) -> File:
    """Describe a wheel on this disk; its hash is computed unless it is known."""
    digests = digests or (Digest(STORE, archive_digests(path, (STORE,))[STORE]),)
    absolute = path if path.startswith("/") else f"/{path}"
    return File(os.path.basename(path), Url("file", "", None, quote(absolute)), None, digests=digests)


def metadata_in(path: str) -> bytes:
    """Read METADATA of a wheel on this disk. Raises `UnsafeArchive`, `InvalidWheel`."""
    members = {
        member.name: member for member in list_members(lambda start, end: read_part(path, start, end), size_of(path))
    }
    stem = find_stem(frozenset(members), parse_wheel_name(os.path.basename(path)))
    found = members.get(f"{stem}.dist-info/METADATA")
    if found is None:
        raise KeyrackError(f"`{os.path.basename(path)}` has no METADATA")
    return read_member(lambda start, end: read_part(path, start, end), found, _LARGEST)
