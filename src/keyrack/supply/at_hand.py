"""What can be answered from the cache alone, at once: no thread is worth its while for that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from keyrack.errors import KeyrackError
from keyrack.policy.resolve.catalogue import FoundPages
from keyrack.supply.indexes import PackageIndexes, Searching
from keyrack.values.artifact import File
from keyrack.values.exchange import Request, Response
from keyrack.values.index import Indexes, IndexId
from keyrack.values.log import Level, Log
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName


class Cached(Protocol):
    """A cache of answers."""

    def at_hand(self, request: Request) -> Response | None:
        """Give an answer that still holds; None where anybody would have to be asked."""
        ...


class Kept(Protocol):
    """A cache of metadata."""

    def at_hand(self, file: File) -> Callable[[], Metadata] | None:
        """Give what reads the metadata that is kept of a file; None where there is none."""
        ...


class _NotAtHand(KeyrackError):
    """An index would have to be asked."""


class AtHand:
    """Answers the resolver from what is fresh in the cache, and where that does not suffice, not at all."""

    def __init__(self, indexes: Indexes, searching: Searching, stores: tuple[Cached, Kept], log: Log) -> None:
        """Take what the run's own indexes are made of; flat places are not looked at here."""
        self._indexes = indexes
        self._searching = searching
        self._cached, self._kept = stores
        self._log = log

    def pages(self, name: PackageName, pinned: IndexId | None) -> FoundPages | None:
        """Give the pages of a package; None where not all of them are at hand."""
        if self._indexes.flat:
            return None
        lines: list[tuple[Level, str]] = []
        indexes = PackageIndexes(self._indexes, self, self._searching, lambda *line: lines.append(line))
        try:
            found = indexes.pages(name, pinned)
        except KeyrackError:
            return None  # whoever asks the indexes meets it again, where it can be answered for
        for line in lines:
            self._log(*line)
        return found

    def metadata(self, file: File) -> Callable[[], Metadata] | None:
        """Give what reads the metadata of a file; None where it is not at hand."""
        return self._kept.at_hand(file)

    def fetch(self, request: Request) -> Response:
        """Give a fresh answer, or raise."""
        response = self._cached.at_hand(request)
        if response is None:
            raise _NotAtHand(f"`{request.url}` is not at hand")
        return response
