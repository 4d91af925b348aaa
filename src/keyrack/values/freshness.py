"""`Freshness`: what a tree or an archive on this disk looked like when it was built or installed."""

from __future__ import annotations

from enum import Enum

import msgspec


class Freshness(msgspec.Struct, frozen=True):
    """What decides whether something on this disk is still what it was; equal where nothing that counts has changed.

    `changed` is the latest change of any file that counts, in nanoseconds since 1970. `tags` are those of the
    repository with their commits; `folders` have a number that another folder of the same name would not have. What
    was not looked at is None or empty; a variable or folder that is not there is None.
    """

    changed: int | None = None
    commit: str | None = None
    tags: tuple[tuple[str, str], ...] | None = None
    variables: tuple[tuple[str, str | None], ...] = ()
    folders: tuple[tuple[str, int | None], ...] = ()


class CacheKeyKind(Enum):
    """What an entry of `cache-keys` in `[tool.uv]` looks at."""

    FILE = "file"
    FOLDER = "dir"
    VARIABLE = "env"
    COMMIT = "commit"
    TAGS = "tags"


class CacheKey(msgspec.Struct, frozen=True):
    """One thing that a tree's freshness depends on: a file or a pattern of files, a folder, a variable, its commit."""

    kind: CacheKeyKind
    name: str = ""


DEFAULT_CACHE_KEYS = (
    CacheKey(CacheKeyKind.FILE, "pyproject.toml"),
    CacheKey(CacheKeyKind.FILE, "setup.py"),
    CacheKey(CacheKeyKind.FILE, "setup.cfg"),
    CacheKey(CacheKeyKind.FOLDER, "src"),
)
"""What counts where a tree does not say (uv)."""
