"""Fetch ahead on a bounded pool: pages and metadata, each once, before the resolver has to wait for them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Generic, Protocol, Self, TypeVar

from keyrack.errors import KeyrackError
from keyrack.policy.resolve.catalogue import Direct, FoundPages
from keyrack.values.artifact import File
from keyrack.values.index import IndexId
from keyrack.values.metadata import Metadata
from keyrack.values.names import PackageName
from keyrack.values.url import Url

AT_ONCE = 50
"""Requests that may be on their way together (`UV_CONCURRENT_DOWNLOADS`)."""

Found = TypeVar("Found")


class Pages(Protocol):
    """Finds the pages of packages; called from many threads."""

    def pages(self, name: PackageName, pinned: IndexId | None = None) -> FoundPages:
        """Give the pages of a package, or raise what ends the run."""
        ...


class Reader(Protocol):
    """Reads the metadata of files; called from many threads."""

    def read(self, file: File) -> Metadata:
        """Give the metadata of a file, or raise why there is none."""
        ...

    def read_source(self, name: PackageName, source: Direct) -> Metadata:
        """Give the metadata of a source, or raise why there is none."""
        ...

    def located(self, source: Direct) -> Direct:
        """Give a source with the commit that it means."""
        ...


class AtHand(Protocol):
    """Knows what needs nobody else to be asked; called from many threads."""

    def pages(self, name: PackageName, pinned: IndexId | None) -> FoundPages | None:
        """Give the pages of a package at once, or None."""
        ...

    def metadata(self, file: File) -> Callable[[], Metadata] | None:
        """Give what reads the metadata of a file at once, or None."""
        ...


class NothingAtHand:
    """Has to ask for everything."""

    def pages(self, _name: PackageName, _pinned: IndexId | None) -> FoundPages | None:
        """Give nothing."""
        return None

    def metadata(self, _file: File) -> Callable[[], Metadata] | None:
        """Give nothing."""
        return None


class Closed(KeyrackError):
    """The run is over; what was not begun will not be fetched any more."""


class Task(Protocol):
    """A job, as far as the pool is concerned."""

    def claim(self) -> bool:
        """Say whether the caller is the one who must do it."""
        ...

    def run(self) -> None:
        """Do it."""
        ...

    def abandon(self) -> None:
        """Say that nobody will do it."""
        ...


class Job(Generic[Found]):
    """Something to fetch once. Whoever claims it does it; all others wait for what it comes to."""

    def __init__(self, work: Callable[[], Found]) -> None:
        """`work` runs once at most."""
        self._work = work
        self._lock = Lock()
        self._is_claimed = False
        self.future: Future[Found] = Future()

    def claim(self) -> bool:
        """Say whether the caller is the one who must do it."""
        with self._lock:
            was_claimed, self._is_claimed = self._is_claimed, True
            return not was_claimed

    def run(self) -> None:
        """Do a claimed job; what it raises is kept for whoever asks."""
        try:
            found = self._work()
        except BaseException as error:
            self.future.set_exception(error)
            if not isinstance(error, Exception):
                raise
        else:
            self.future.set_result(found)

    def settle(self, work: Callable[[], Found]) -> None:
        """Do it here and now, in another way, unless it is claimed."""
        if self.claim():
            self._work = work
            self.run()

    def result(self) -> Found:
        """Wait for what it comes to. A job that still stands in the queue is done here and now."""
        if self.claim():
            self.run()
        return self.future.result()

    def abandon(self) -> None:
        """Let those who wait know that it will not be done."""
        if self.claim():
            self.future.set_exception(Closed("The run was ended"))


class Pool:
    """Does jobs on daemon threads, so that ending the program never waits for a server."""

    def __init__(self, size: int) -> None:
        """At most `size` threads, each started when all others are busy."""
        self._size = size
        self._queue: SimpleQueue[Task | None] = SimpleQueue()
        self._lock = Lock()
        self._threads = 0
        self._idle = 0
        self._is_closed = False

    def add(self, job: Task) -> None:
        """Put a job into the queue."""
        with self._lock:
            if self._is_closed:
                job.abandon()
                return
            is_short_of_hands = self._idle <= self._queue.qsize() and self._threads < self._size
            self._threads += is_short_of_hands
            self._queue.put(job)
        if is_short_of_hands:
            Thread(target=self._serve, name="keyrack-ahead", daemon=True).start()

    def close(self) -> None:
        """Drop what has not begun. What has begun ends when its transport does; nobody waits for it."""
        with self._lock:
            self._is_closed = True
            while not self._queue.empty():
                job = self._queue.get()
                if job is not None:
                    job.abandon()
            for _ in range(self._threads):
                self._queue.put(None)

    def _serve(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            job = self._queue.get()
            with self._lock:
                self._idle -= 1
            if job is None:
                return
            if job.claim():
                job.run()


class Ahead:
    """Answers the resolver from what was fetched ahead. Each key is fetched once; failures are kept as answers are."""

    def __init__(self, indexes: Pages, metadata: Reader, at_once: int = AT_ONCE, at_hand: AtHand | None = None) -> None:
        """`at_once` is how many requests may be on their way together. Use it in a `with`, or `close` it.

        What is `at_hand` is read on the thread that expects it: others would only take the interpreter from it.
        """
        self._indexes = indexes
        self._reader = metadata
        self._at_hand = at_hand or NothingAtHand()
        self._pool = Pool(at_once)
        self._lock = Lock()
        self._pages: dict[tuple[PackageName, IndexId | None], Job[FoundPages]] = {}
        self._metadata: dict[tuple[IndexId | None, Url, str], Job[Metadata]] = {}
        self._sources: dict[tuple[PackageName, Direct], Job[Metadata]] = {}

    def __enter__(self) -> Self:
        """Give the catalogue."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Begin nothing any more; returns at once, also where a server is silent."""
        self._pool.close()

    def pages(self, name: PackageName, pinned: IndexId | None = None) -> FoundPages:
        """Wait for the pages of a package; raises what fetching them raised."""
        return self._pages_of(name, pinned)[0].result()

    def metadata(self, file: File) -> Metadata:
        """Wait for the metadata of a file; raises what reading it raised."""
        return self._metadata_of(file)[0].result()

    def expect(
        self, name: PackageName, pinned: IndexId | None = None, then: Callable[[FoundPages], None] | None = None
    ) -> None:
        """Start to fetch the pages of a package; `then` hears of them on the thread that brings them."""
        job, is_new = self._pages_of(name, pinned)
        if then is not None:
            job.future.add_done_callback(_told(then))
        if is_new:
            found = self._at_hand.pages(name, pinned)
            if found is None:
                self._pool.add(job)
            else:
                job.settle(lambda: found)

    def expect_metadata(self, file: File) -> None:
        """Start to fetch the metadata of a file."""
        job, is_new = self._metadata_of(file)
        if is_new:
            read = self._at_hand.metadata(file)
            if read is None:
                self._pool.add(job)
            else:
                job.settle(read)

    def source_metadata(self, name: PackageName, source: Direct) -> Metadata:
        """Wait for the metadata of a source; raises what reading or building it raised."""
        return self._source_of(name, source)[0].result()

    def expect_source(self, name: PackageName, source: Direct) -> None:
        """Start to bring a source, and to build it if need be."""
        job, is_new = self._source_of(name, source)
        if is_new:
            self._pool.add(job)

    def located(self, source: Direct) -> Direct:
        """Give a source with the commit that it means."""
        return self._reader.located(source)

    def _pages_of(self, name: PackageName, pinned: IndexId | None) -> tuple[Job[FoundPages], bool]:
        with self._lock:
            job = self._pages.get((name, pinned))
            if job is not None:
                return job, False
            job = self._pages[name, pinned] = Job(lambda: self._indexes.pages(name, pinned))
            return job, True

    def _metadata_of(self, file: File) -> tuple[Job[Metadata], bool]:
        key = (file.origin, file.url, file.filename)
        with self._lock:
            job = self._metadata.get(key)
            if job is not None:
                return job, False
            job = self._metadata[key] = Job(lambda: self._reader.read(file))
            return job, True

    def _source_of(self, name: PackageName, source: Direct) -> tuple[Job[Metadata], bool]:
        with self._lock:
            job = self._sources.get((name, source))
            if job is not None:
                return job, False
            job = self._sources[name, source] = Job(lambda: self._reader.read_source(name, source))
            return job, True


def _told(then: Callable[[FoundPages], None]) -> Callable[[Future[FoundPages]], None]:
    def tell(future: Future[FoundPages]) -> None:
        if future.exception() is None:
            # What `then` cannot do early, the resolver meets again, where it can be answered for.
            with suppress(KeyrackError):
                then(future.result())

    return tell
