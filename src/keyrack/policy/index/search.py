"""Which index is asked next for a name, and what its answer means: take it, go on, stop, or end the run.

Safety stands here: an index that fails is never "not found". Whoever can disturb the private index would otherwise
choose which code is installed. Only an answer that says "not here" leads on to the next index.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import assert_never

import msgspec

from keyrack.errors import KeyrackError
from keyrack.values.artifact import Page
from keyrack.values.index import Index, Indexes, IndexId, IndexStrategy

ABSENT = frozenset({404})
DENIED = frozenset({401, 403})
# With the unsafe strategies the user has said that any index may answer for any name, so one that is closed to him
# does not end the search; one that fails still does.
DENIED_TO_UNSAFE = frozenset({401, 403, 407, 511})


class Listed(msgspec.Struct, frozen=True):
    """The index has a page for the name."""

    page: Page


class Missing(msgspec.Struct, frozen=True):
    """The index has no such name; or, `offline`, the cache does not know and the network is off."""

    offline: bool = False


class Failed(msgspec.Struct, frozen=True):
    """The index gave something else. `status` is None where no HTTP answer was the reason."""

    error: KeyrackError
    status: int | None = None


Reply = Listed | Missing | Failed


class Search(msgspec.Struct, frozen=True):
    """What a search brought: pages in search order, the refusals that stopped it, whether the network was missing."""

    pages: tuple[Page, ...] = ()
    refusals: tuple[KeyrackError, ...] = ()
    offline: bool = False


Asking = Generator[tuple[Index, ...], tuple[Reply, ...], Search]
"""Yields the indexes to ask next, at the same time, and takes their replies in the same order."""


def to_search(indexes: Indexes, pinned: IndexId | None) -> tuple[Index, ...]:
    """Give the indexes that may answer for a name: the one it is pinned to, else all that are searched."""
    if pinned is None:
        return indexes.searched
    index = indexes.by_id(pinned)
    if index is None:
        raise KeyrackError(f"The index `{pinned}` is not configured")
    return (index,)


def search(candidates: tuple[Index, ...], strategy: IndexStrategy) -> Asking:
    """Ask index after index until the strategy is content; raises what ends the run."""
    pages: list[Page] = []
    offline = False
    for batch in _batches(candidates, strategy):
        replies = yield batch
        for index, reply in zip(batch, replies, strict=True):
            match reply:
                case Listed(page):
                    pages.append(page)
                case Missing():
                    offline = offline or reply.offline
                case Failed(error, status):
                    if status in _passed_over(index, strategy):
                        continue
                    if status not in DENIED:
                        raise error
                    return Search(tuple(pages), (error,), offline)
                case _:
                    assert_never(reply)
        if pages:
            break
    return Search(tuple(pages), (), offline)


def _batches(candidates: tuple[Index, ...], strategy: IndexStrategy) -> tuple[tuple[Index, ...], ...]:
    """One index after the other, so that no later one hears a name that an earlier one has; or all at once."""
    if strategy is IndexStrategy.FIRST_INDEX:
        return tuple((index,) for index in candidates)
    return (candidates,) if candidates else ()


def _passed_over(index: Index, strategy: IndexStrategy) -> frozenset[int]:
    """The statuses of an index after which the search goes on."""
    unsafe = frozenset() if strategy is IndexStrategy.FIRST_INDEX else DENIED_TO_UNSAFE
    return ABSENT | index.ignore_error_codes | unsafe
