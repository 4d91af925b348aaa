"""`cache-keys` of `[tool.uv]` in a tree's pyproject.toml: what tells that the tree has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from keyrack.values.freshness import DEFAULT_CACHE_KEYS, CacheKey, CacheKeyKind
from keyrack.values.late import LateModule

if TYPE_CHECKING:
    import tomllib
else:
    tomllib = LateModule("tomllib")


class _Commit(msgspec.Struct):
    commit: bool = False
    tags: bool = False


class _Key(msgspec.Struct, forbid_unknown_fields=True):
    file: str | None = None
    dir: str | None = None
    git: bool | _Commit | None = None
    env: str | None = None


class _Uv(msgspec.Struct, rename="kebab"):
    cache_keys: list[str | _Key] | None = None


class _Tool(msgspec.Struct):
    uv: _Uv = msgspec.field(default_factory=_Uv)


class _Document(msgspec.Struct):
    tool: _Tool = msgspec.field(default_factory=_Tool)


def parse_cache_keys(text: bytes) -> tuple[CacheKey, ...]:
    """Read the keys; where there are none, or the text cannot be read, the usual ones (as uv: a build says more)."""
    if b"cache-keys" not in text:
        return DEFAULT_CACHE_KEYS
    try:
        found = msgspec.convert(tomllib.loads(text.decode("utf-8")), _Document)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError):
        return DEFAULT_CACHE_KEYS
    if found.tool.uv.cache_keys is None:
        return DEFAULT_CACHE_KEYS
    return tuple(key for written in found.tool.uv.cache_keys for key in _keys(written))


def _keys(written: str | _Key) -> list[CacheKey]:
    if isinstance(written, str):
        return [CacheKey(CacheKeyKind.FILE, written)]
    named = (
        (CacheKeyKind.FILE, written.file),
        (CacheKeyKind.FOLDER, written.dir),
        (CacheKeyKind.VARIABLE, written.env),
    )
    found = [CacheKey(kind, name) for kind, name in named if name is not None]
    git = written.git if isinstance(written.git, _Commit) else _Commit(commit=bool(written.git))
    found += [CacheKey(CacheKeyKind.COMMIT)] if git.commit else []
    found += [CacheKey(CacheKeyKind.TAGS)] if git.tags else []
    return found
