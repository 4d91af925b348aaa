"""One exchange while it is on its way: who waits for it, and what has come back so far."""

from __future__ import annotations

import threading
from typing import Protocol, runtime_checkable

import msgspec

from keyrack.values.exchange import Answer, Exchange, Headers, ResponseHead
from keyrack.values.failure import FailureKind, TransportFailure
from keyrack.values.proxy import Proxy

STATUSES_WITH_THE_BODY = (200, 206)
MOST_OF_A_REFUSAL = 1 << 20
"""Bytes that are kept of a body that a sink does not get: it is an error's text."""


class Sink(Protocol):
    """What the transport needs of a sink. It is called on the transport's own thread, so it must be quick."""

    def write(self, chunk: bytes, /) -> object:
        """Take the next bytes of a 200 or 206."""
        ...


@runtime_checkable
class HeadedSink(Protocol):
    """A sink that wants to see the head before the first byte of the body."""

    def begin(self, head: ResponseHead, /) -> object:
        """Hear the head."""
        ...


class Profile(msgspec.Struct, frozen=True):
    """What all exchanges with an origin have in common."""

    proxy: Proxy | None
    verify: bool
    certificate: bool


class Pending:
    """An exchange that is on its way; one thread waits for it."""

    # `concurrent.futures` would bring `logging`, and five locks for each of a thousand requests.
    __slots__ = ("_answer", "_done", "_failure")

    def __init__(self) -> None:
        """Not done yet."""
        self._done = threading.Lock()
        self._done.acquire()
        self._answer: Answer | None = None
        self._failure: BaseException | None = None

    def result(self) -> Answer:
        """Wait for the answer; raises `TransportFailure`, or what the sink raised."""
        # With a time-out the wait ends for Ctrl-C on every system.
        while not self._done.acquire(timeout=1.0):
            pass
        self._done.release()
        if self._answer is None:
            raise self._failure or TransportFailure(FailureKind.OTHER, "no answer")
        return self._answer

    def succeed(self, answer: Answer) -> None:
        """Hand the answer to whoever waits."""
        self._answer = answer
        self._done.release()

    def fail(self, failure: BaseException) -> None:
        """Raise in whoever waits."""
        self._failure = failure
        self._done.release()


class Transfer:
    """One exchange inside the I/O thread."""

    __slots__ = ("body", "exchange", "failure", "lines", "pending", "profile", "sink", "size", "to_sink")

    def __init__(self, exchange: Exchange, sink: Sink | None, profile: Profile) -> None:
        """Nothing has come yet."""
        self.exchange = exchange
        self.sink = sink
        self.profile = profile
        self.pending = Pending()
        self.lines: list[bytes] = []
        self.body: list[bytes] = []
        self.size = 0
        self.to_sink: bool | None = None
        self.failure: BaseException | None = None

    def receive(self, chunk: bytes) -> int:
        """Take body bytes where there is a sink; -1 stops the transfer."""
        if self.to_sink is None:
            self.to_sink = status_in(self.lines) in STATUSES_WITH_THE_BODY
            sink: object = self.sink
            if self.to_sink and isinstance(sink, HeadedSink) and not self._begin(sink):
                return -1
        if not self.to_sink or self.sink is None:
            self.size += len(chunk)
            if self.size <= MOST_OF_A_REFUSAL:
                self.body.append(chunk)
            return len(chunk)
        try:
            self.sink.write(chunk)
        except BaseException as error:  # noqa: BLE001 - it is raised again where somebody waits
            self.failure = error
            return -1
        return len(chunk)

    def _begin(self, sink: HeadedSink) -> bool:
        try:
            sink.begin(self.answer().head)
        except BaseException as error:  # noqa: BLE001 - it is raised again where somebody waits
            self.failure = error
            return False
        return True

    def answer(self) -> Answer:
        """Make the answer from what came."""
        status, headers = head_in(self.lines)
        return Answer(ResponseHead(status, headers, self.exchange.url), b"".join(self.body))


def status_in(lines: list[bytes]) -> int:
    """Give the status of the last head among the lines, 0 where none came."""
    return next((_status(line) for line in reversed(lines) if line.startswith(b"HTTP/")), 0)


def head_in(lines: list[bytes]) -> tuple[int, Headers]:
    """Take the last head apart; those of a proxy's CONNECT and of 1xx answers come before it (RFC 9110, 15.2)."""
    status = 0
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line.startswith(b"HTTP/"):
            status = _status(line)
            headers.clear()
            continue
        name, colon, value = line.partition(b":")
        if colon:
            headers.append((name.decode("latin-1").strip().lower(), value.decode("latin-1").strip()))
    return status, tuple(headers)


def _status(line: bytes) -> int:
    words = line.split(None, 2)
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
