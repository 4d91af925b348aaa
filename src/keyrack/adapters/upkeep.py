"""Look after the cache as a whole: what of it nobody can use any more, how much room it takes, whether it is intact."""

from __future__ import annotations

import hashlib
import os
import stat
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import msgspec

from keyrack.adapters.disk import Amount, remove_tree
from keyrack.adapters.locks import DEFAULT_TIMEOUT, lock
from keyrack.adapters.store import LOCK, read_entry
from keyrack.adapters.wheels import TREE, read_manifest
from keyrack.adapters.wheels import VERSION as WHEELS
from keyrack.values.late import pattern
from keyrack.values.wheel import Manifest, Member

Forms = Mapping[str, int]
"""The kinds of entries in the cache, each with the form that this version reads: another form of one is nobody's."""
_WHEELS = f"wheels-v{WHEELS}"
_FETCHED = (_WHEELS, f"wheel-pointers-v{WHEELS}", "sdists-v1")
"""What can be had from its index again: in CI, fetching is no slower than restoring a cache."""
_OF_OTHER_MAKE = frozenset({"wheels", "settled", "built-wheels", "sdists"})
"""Kinds whose entries are not those of a bucket."""
_KIND = pattern(r"(?P<kind>[a-z-]+)-v(?P<form>[0-9]+)\Z")
_KEPT_NAMES = frozenset({LOCK, ".gitignore", ".locks"})
_PIECE = 1 << 20
_AT_ONCE = 4


class Damage(msgspec.Struct, frozen=True):
    """Something in the cache that is not what was stored: its path, what people call it, and what is wrong."""

    path: str
    name: str
    fault: str


class Verified(msgspec.Struct, frozen=True):
    """What was looked at: wheels, entries of other kinds, bytes; and what is damaged."""

    wheels: int = 0
    entries: int = 0
    size: int = 0
    damages: tuple[Damage, ...] = ()


@contextmanager
def alone(root: str, waiting: Callable[[], None], *, force: bool, timeout: float = DEFAULT_TIMEOUT) -> Iterator[None]:
    """Keep everybody else out of the cache for a block; with `force` nobody is waited for. Raises `LockTimeout`."""
    if force:
        yield
        return
    with lock(os.path.join(root, LOCK), timeout=timeout, waiting=waiting):
        yield


def prune(root: str, forms: Forms, *, fetched: bool = False) -> Amount:
    """Remove what no run of this version can use; `fetched` removes wheels as well that came from an index.

    Only forms of our own kinds are judged: the folder may be shared with other programs. Raises `OSError`.
    """
    gone = Amount()
    for entry in _listed(root):
        found = _KIND.match(entry.name)
        form = forms.get(found["kind"]) if found else None
        if entry.name == "tmp" or (found and form is not None and int(found["form"]) < form):
            gone += remove_tree(entry.path)
        elif entry.name.startswith("."):
            gone += _remove_leftover(entry)
        elif found and form == int(found["form"]) and entry.is_dir(follow_symlinks=False):
            gone += remove_tree(entry.path) if fetched and entry.name in _FETCHED else _prune_kind(entry)
    # Whoever waits for one of these locks notices that it is gone, and they are nobody's entries.
    remove_tree(os.path.join(root, ".locks"))
    return gone


def _prune_kind(kind: os.DirEntry[str]) -> Amount:
    gone = Amount()
    for package in _listed(kind.path):
        for entry in _listed(package.path):
            gone += _remove_leftover(entry)
            if kind.name == _WHEELS and read_manifest(entry.path) is None:
                gone += remove_tree(entry.path)
        try:
            os.rmdir(package.path)
        except OSError:
            continue
        gone += Amount(folders=1)
    return gone


def _remove_leftover(entry: os.DirEntry[str]) -> Amount:
    """Remove what a run that was killed had not finished: it has a name with a dot until it is whole."""
    is_leftover = entry.name.startswith(".") and entry.name not in _KEPT_NAMES
    return remove_tree(entry.path) if is_leftover else Amount()


def room(root: str) -> int:
    """Count the bytes that a folder takes on the disk, links to one file once; what vanishes meanwhile is nothing."""
    total = 0
    seen = set[tuple[int, int]]()
    waiting = [root]
    while waiting:
        here = waiting.pop()
        try:
            status = os.lstat(here)
            if stat.S_ISDIR(status.st_mode):
                waiting += [os.path.join(here, name) for name in os.listdir(here)]
        except OSError:
            continue
        if status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode):
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
        blocks: int | None = getattr(status, "st_blocks", None)  # Windows has none
        total += status.st_size if blocks is None else blocks * 512
    return total


def verify(root: str, forms: Forms) -> Verified:
    """Hash every file of every wheel again, and check all other entries; nothing is removed."""
    wheels = [entry.path for package in _listed(os.path.join(root, _WHEELS)) for entry in _listed(package.path)]
    wheels = [path for path in wheels if not os.path.basename(path).startswith(".")]
    kinds = [f"{kind}-v{form}" for kind, form in forms.items() if kind not in _OF_OTHER_MAKE]
    entries = [path for kind in kinds for path in _entries_of(os.path.join(root, kind))]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        outcomes = tuple(pool.map(_verify_wheel, wheels))
    damages = [damage for damage, _ in outcomes if damage is not None]
    damages += [
        Damage(path, os.path.relpath(path, root), "it is damaged") for path in entries if read_entry(path) is None
    ]
    size = sum(size for _, size in outcomes) + sum(map(_size, entries))
    return Verified(len(wheels), len(entries), size, tuple(damages))


def _entries_of(kind: str) -> list[str]:
    entries = (entry for package in _listed(kind) for entry in _listed(package.path))
    return [entry.path for entry in entries if not entry.name.startswith(".")]


def _verify_wheel(folder: str) -> tuple[Damage | None, int]:
    manifest = read_manifest(folder)
    package, archive = folder.split(os.sep)[-2:]
    if manifest is None:
        return Damage(folder, f"{package} ({archive[:12]})", "its manifest cannot be read"), 0
    fault = _fault_of(os.path.join(folder, TREE), manifest)
    damage = Damage(folder, manifest.stem, fault) if fault else None
    return damage, sum(member.size for member in manifest.members)


def _fault_of(tree: str, manifest: Manifest) -> str:
    for member in manifest.members:
        try:
            with open(os.path.join(tree, member.path), "rb") as file:
                if not _is_same(file.fileno(), member):
                    return f"`{member.path}` is not as its RECORD says"
        except OSError as error:
            return f"`{member.path}` cannot be read ({error.strerror})"
        except ValueError:
            return f"`{member.path}` has a hash of no known kind"
    return ""


def _is_same(descriptor: int, member: Member) -> bool:
    algorithm, _, expected = member.digest.partition("=")
    if os.fstat(descriptor).st_size != member.size:
        return False
    if not expected:
        return True
    found = hashlib.new(algorithm)
    while piece := os.read(descriptor, _PIECE):
        found.update(piece)
    return urlsafe_b64encode(found.digest()).rstrip(b"=").decode() == expected.rstrip("=")


def _listed(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
