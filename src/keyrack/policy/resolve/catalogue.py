"""What the resolver asks of the world: pages of a package and metadata of a file, early and in bulk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from keyrack.errors import KeyrackError
from keyrack.values.artifact import File, Page
from keyrack.values.index import IndexId
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.requirement import FromGit, FromTree, FromUrl

Direct = FromUrl | FromTree | FromGit
"""A place that a package comes from without an index."""


class FoundPages(msgspec.Struct, frozen=True):
    """The pages on which a package stands, in search order, and why there may be no more.

    `flat` are the pages of `--find-links` places, which are searched along with every index. `refusals` are the 401
    and 403 answers that stopped the search; `offline` tells that the network was needed and was off; `without_index`
    that no index may be searched at all (`--no-index`).
    """

    pages: tuple[Page, ...] = ()
    flat: tuple[Page, ...] = ()
    refusals: tuple[KeyrackError, ...] = ()
    offline: bool = False
    without_index: bool = False


class NeedsBuild(KeyrackError):
    """What a source distribution requires can only be told by building it."""


class OfflineMetadata(KeyrackError):
    """The metadata of a file is not in the cache, and the network is off."""


class Catalogue(Protocol):
    """Answers from indexes. Every key is asked for once, however often and from wherever it is wanted.

    An index of None means those that are searched; else only that one is asked (a pin of `[tool.uv.sources]`).
    """

    def pages(self, name: PackageName, pinned: IndexId | None = None) -> FoundPages:
        """Wait for the pages of a package; none where no index has it. Raises `KeyrackError` where one fails."""
        ...

    def metadata(self, file: File) -> Metadata:
        """Wait for the metadata of a file; raises `NeedsBuild`, `OfflineMetadata`, or what went wrong."""
        ...

    def expect(
        self, name: PackageName, pinned: IndexId | None = None, then: Callable[[FoundPages], None] | None = None
    ) -> None:
        """Start to fetch the pages of a package.

        `then` hears of them as soon as they are there, on whatever thread that is; at once where they are there
        already. It is not called where fetching fails, and must not wait for anything itself.
        """
        ...

    def expect_metadata(self, file: File) -> None:
        """Start to fetch the metadata of a file."""
        ...

    def source_metadata(self, name: PackageName, source: Direct) -> Metadata:
        """Wait for what a tree, a repository or an archive says of itself, which may have to be built.

        Raises `NeedsBuild` where that is not allowed, or what went wrong.
        """
        ...

    def expect_source(self, name: PackageName, source: Direct) -> None:
        """Start to fetch a source, and to build it if need be."""
        ...

    def located(self, source: Direct) -> Direct:
        """Give a source with the commit that it means; other kinds of sources are what they are."""
        ...
