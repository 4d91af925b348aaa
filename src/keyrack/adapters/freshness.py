"""Look at a tree or an archive on this disk: whether it is still what it was when it was last built."""

from __future__ import annotations

import glob
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping

from keyrack.formats.cache_keys import parse_cache_keys
from keyrack.values.freshness import CacheKey, CacheKeyKind, Freshness

_LARGEST = 1024 * 1024
_PATTERN = frozenset("*?[{")


def freshness_of(path: str, variables: Mapping[str, str]) -> Freshness:
    """Look at a file, or at what a folder's `cache-keys` name; `variables` is the environment. Raises `OSError`."""
    found = os.stat(path)
    if not stat.S_ISDIR(found.st_mode):
        return Freshness(changed=_changed(found))
    keys = _keys(path)
    kinds = {key.kind for key in keys}
    changes = [each for key in keys if key.kind is CacheKeyKind.FILE for each in _changes(path, key.name)]
    return Freshness(
        changed=max(changes, default=None),
        commit=_commit(path) if CacheKeyKind.COMMIT in kinds else None,
        tags=_tags(path) if CacheKeyKind.TAGS in kinds else None,
        variables=tuple(sorted((name, variables.get(name)) for name in _named(keys, CacheKeyKind.VARIABLE))),
        folders=tuple(sorted((name, _number(path, name)) for name in _named(keys, CacheKeyKind.FOLDER))),
    )


def _keys(folder: str) -> tuple[CacheKey, ...]:
    try:
        with open(os.path.join(folder, "pyproject.toml"), "rb") as file:
            return parse_cache_keys(file.read(_LARGEST))
    except OSError:
        return parse_cache_keys(b"")


def _named(keys: Iterable[CacheKey], kind: CacheKeyKind) -> set[str]:
    return {key.name for key in keys if key.kind is kind}


def _changes(folder: str, name: str) -> Iterator[int]:
    """Give when each file that a name or a pattern means was changed; what is no file does not count."""
    names = [name]
    if _PATTERN & set(name):
        # As uv, patterns reach hidden files; what stands in braces is written out, since `glob` has none.
        each = (glob.iglob(one, root_dir=folder, recursive=True, include_hidden=True) for one in _written_out(name))
        names = [found for pattern in each for found in pattern]
    for one in names:
        try:
            found = os.stat(os.path.join(folder, one))
        except OSError:
            continue
        if stat.S_ISREG(found.st_mode):
            yield _changed(found)


def _written_out(pattern: str) -> list[str]:
    """Write out the first pair of braces, and those in what comes of it: `*.{c,h}` is `*.c` and `*.h`."""
    front, opened, rest = pattern.partition("{")
    inside, closed, behind = rest.partition("}")
    if not opened or not closed:
        return [pattern]
    return [one for choice in inside.split(",") for one in _written_out(f"{front}{choice}{behind}")]


def _changed(found: os.stat_result) -> int:
    # A copied or unpacked file may have an old modification time; only on Windows is the other one that of its making.
    return found.st_mtime_ns if sys.platform == "win32" else found.st_ctime_ns


def _number(folder: str, name: str) -> int | None:
    try:
        found = os.stat(os.path.join(folder, name))
    except OSError:
        return None
    return found.st_ino if stat.S_ISDIR(found.st_mode) else None


def _commit(folder: str) -> str | None:
    git = _git_folder(folder)
    head = _text(git, "HEAD") if git else None
    if not git or head is None or not head.startswith("ref:"):
        return head or None
    name = head.removeprefix("ref:").strip()
    return _text(_shared(git), name) or dict(_packed(_shared(git))).get(name)


def _tags(folder: str) -> tuple[tuple[str, str], ...]:
    git = _git_folder(folder)
    if git is None:
        return ()
    start = "refs/tags/"
    found = {name.removeprefix(start): commit for name, commit in _packed(_shared(git)) if name.startswith(start)}
    root = os.path.join(_shared(git), "refs", "tags")
    for place, _, names in os.walk(root):
        for name in names:
            path = os.path.relpath(os.path.join(place, name), root).replace(os.sep, "/")
            found[path] = _text(root, path) or ""
    return tuple(sorted(found.items()))


def _git_folder(folder: str) -> str | None:
    """Find the repository that a folder lies in; a `.git` that is a file says where it is (worktrees, submodules)."""
    while True:
        path = os.path.join(folder, ".git")
        if os.path.isdir(path):
            return path
        pointer = _text(folder, ".git")
        if pointer is not None:
            return os.path.join(folder, pointer.removeprefix("gitdir:").strip())
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _shared(git: str) -> str:
    """Give the folder that a worktree shares its branches and tags with."""
    common = _text(git, "commondir")
    return os.path.join(git, common) if common else git


def _packed(git: str) -> Iterator[tuple[str, str]]:
    for line in (_text(git, "packed-refs") or "").splitlines():
        commit, space, name = line.partition(" ")
        if space and not commit.startswith(("#", "^")):
            yield name, commit


def _text(folder: str, name: str) -> str | None:
    try:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return None
