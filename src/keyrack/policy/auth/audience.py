"""Where a URL lies as seen from an index: below its root, beside it, on an origin it vouches for, or abroad.

Only geometry: whole segments of normalised paths, never parts of a text (CVE-2024-47081).
"""

from __future__ import annotations

from enum import Enum

from keyrack.values.index import FileScope, Index, Indexes
from keyrack.values.url import Origin, Url, is_under, is_under_as_written, path_segments, segments_as_written


class Relation(Enum):
    """What a URL is to an index."""

    INSIDE = "inside"
    OUT_OF_SCOPE = "out of scope"
    FOREIGN = "foreign"


def relation(url: Url, index: Index) -> Relation:
    """Say whether the index's identity may go to the URL, before claims of others are looked at (D5, D6, D9, D10)."""
    if url.origin == index.url.origin or is_upgrade(index.url.origin, url.origin):
        narrow = index.file_scope is FileScope.PREFIX and not is_under(url, index.root)
        return Relation.OUT_OF_SCOPE if narrow else Relation.INSIDE
    return Relation.INSIDE if url.origin in index.file_origins else Relation.FOREIGN


def claimants(url: Url, index: Index, indexes: Indexes) -> tuple[Index, ...]:
    """Give the indexes into whose root the URL falls, and into whose root `index` itself does not fall (D7).

    Whether their claim excludes `index` depends on the identities. A root of `/` claims nothing. A path that servers
    may read in two ways is under every claim on its origin, unless the user wrote it so himself: GitLab takes
    `team%2Fproject` for a project.
    """
    unclear = path_segments(url.path) is None and not is_under(url, index.root)
    return tuple(
        other
        for other in indexes.all
        if other.id != index.id
        and other.url.origin == url.origin
        and _depth(other)
        and (unclear or is_under(url, other.root))
        and not is_under_as_written(index.root, other.root)
    )


def owners(url: Url, indexes: Indexes) -> tuple[Index, ...]:
    """Give the indexes with the longest root above a URL that the user wrote (D20): none, one, or equals."""
    found = [index for index in indexes.all if is_under(url, index.root)]
    longest = max((_depth(index) for index in found), default=0)
    return tuple(index for index in found if _depth(index) == longest)


def neighbours(url: Url, indexes: Indexes) -> tuple[Index, ...]:
    """Give the indexes on the URL's host, for messages on what nearly fitted."""
    return tuple(index for index in indexes.all if index.url.origin == url.origin)


def is_confidential(origin: Origin) -> bool:
    """Say whether nobody else can listen on the way: https, or this very machine."""
    return origin.scheme == "https" or (origin.scheme == "http" and origin.is_loopback)


def is_upgrade(before: Origin, after: Origin) -> bool:
    """Say whether one origin is the other over TLS, default ports both (D25)."""
    return (before.scheme, before.port, after.scheme, after.port) == ("http", 80, "https", 443) and (
        before.host == after.host
    )


def _depth(index: Index) -> int:
    return len(segments_as_written(index.root.path))
