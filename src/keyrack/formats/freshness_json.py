"""`uv_cache.json` beside an installed tree's metadata: what the tree looked like when it was built (uv's own form)."""

from __future__ import annotations

import msgspec

from keyrack.values.freshness import Freshness

NAME = "uv_cache.json"
"""The file's name in a dist-info folder: uv reads it as well."""
_SECOND = 1_000_000_000


class _Time(msgspec.Struct):
    secs_since_epoch: int
    nanos_since_epoch: int


class _Written(msgspec.Struct):
    timestamp: _Time | None = None
    commit: str | None = None
    tags: dict[str, str] | None = None
    env: dict[str, str | None] = {}
    directories: dict[str, _Time | int | None] = {}


_decoder = msgspec.json.Decoder(_Written)


def parse_freshness(text: bytes) -> Freshness | None:
    """Read what was written; None where that cannot be read, or tells of folders what cannot be compared here."""
    try:
        found = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    folders = sorted(found.directories.items())
    numbers = [(name, number) for name, number in folders if not isinstance(number, _Time)]
    if len(numbers) < len(folders):
        return None
    at = found.timestamp
    return Freshness(
        changed=None if at is None else at.secs_since_epoch * _SECOND + at.nanos_since_epoch,
        commit=found.commit,
        tags=None if found.tags is None else tuple(sorted(found.tags.items())),
        variables=tuple(sorted(found.env.items())),
        folders=tuple(numbers),
    )


def write_freshness(found: Freshness) -> bytes:
    """Write it for the next look."""
    seconds, rest = divmod(found.changed or 0, _SECOND)
    return msgspec.json.encode(
        _Written(
            timestamp=None if found.changed is None else _Time(seconds, rest),
            commit=found.commit,
            tags=None if found.tags is None else dict(found.tags),
            env=dict(found.variables),
            directories=dict(found.folders),
        )
    )
