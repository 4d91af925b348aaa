"""One hop on the wire, with its retries: no identity is added, nothing followed, nothing remembered."""

from __future__ import annotations

from collections.abc import Callable
from random import random
from typing import Protocol

from keyrack.adapters import clock
from keyrack.errors import KeyrackError
from keyrack.policy.wire.retry import DEFAULT_RETRIES, Again, after_answer, after_failure
from keyrack.values.exchange import Answer, Exchange
from keyrack.values.failure import FailureKind, TransportFailure
from keyrack.values.log import Level, Log, silent
from keyrack.values.url import Url


class Sink(Protocol):
    """Takes the body of a 2xx answer in pieces, as they come, on whatever thread they come."""

    def write(self, chunk: bytes, /) -> object:
        """Take the next bytes."""
        ...

    def restart(self) -> None:
        """Forget all bytes so far: the body starts anew."""
        ...


class Pending(Protocol):
    """An exchange that is on its way."""

    def result(self) -> Answer:
        """Wait for the answer; raises `TransportFailure`, or what the sink raised."""
        ...


class Transport(Protocol):
    """Carries one exchange to a server and back; many threads may call at once."""

    def send(self, exchange: Exchange, sink: Sink | None = None) -> Pending:
        """Start the exchange. With a sink, the body of a 200 or 206 goes there and the answer's body is empty."""
        ...


class Unreachable(KeyrackError):
    """A server gave no whole answer, however often it was asked. That is never "not found"."""

    def __init__(self, message: str, url: Url, kind: FailureKind, causes: tuple[str, ...]) -> None:
        """Keep what was asked and the kind of failure beside the lines."""
        super().__init__(message, causes=causes)
        self.url = url
        self.kind = kind


class Patience:
    """How the wire waits: a clock, a sleep and a source of jitter (0 to 1), handed in so that tests need none."""

    def __init__(
        self,
        monotonic: Callable[[], float] = clock.monotonic,
        sleep: Callable[[float], None] = clock.sleep,
        jitter: Callable[[], float] = random,
    ) -> None:
        """Take the real ones where none are given."""
        self.monotonic = monotonic
        self.sleep = sleep
        self.jitter = jitter


class Wire:
    """Sends exchanges over a transport and tries again what is worth it; blocking, for many threads at once."""

    def __init__(
        self,
        transport: Transport,
        *,
        retries: int = DEFAULT_RETRIES,
        patience: Patience | None = None,
        log: Log = silent,
    ) -> None:
        """`retries` are further tries after the first (`UV_HTTP_RETRIES`)."""
        self._transport = transport
        self._retries = retries
        self._patience = patience or Patience()
        self._log = log

    def send(self, exchange: Exchange, sink: Sink | None = None) -> Answer:
        """Bring back an answer of any status; raises `Unreachable` when the last try brought none."""
        started = self._patience.monotonic()
        tried = 0
        while True:
            try:
                answer = self._transport.send(exchange, sink).result()
            except TransportFailure as failure:
                again = after_failure(failure.kind, tried, self._retries, self._patience.jitter())
                if again is None:
                    raise _unreachable(exchange.url, failure, tried, self._patience.monotonic() - started) from failure
                reason = failure.causes[-1] if failure.causes else failure.kind.value
            else:
                again = after_answer(answer.head, tried, self._retries, self._patience.jitter())
                if again is None:
                    return answer
                reason = f"HTTP status {answer.head.status}"
            self._wait(exchange.url, again, reason)
            if sink is not None:
                sink.restart()
            tried += 1

    def _wait(self, url: Url, again: Again, reason: str) -> None:
        self._log(Level.DEBUG, f"Transient failure while asking for {url}: {reason}; trying again in {again.wait:.1f}s")
        self._patience.sleep(again.wait)


def _unreachable(url: Url, failure: TransportFailure, tried: int, seconds: float) -> Unreachable:
    fetch = f"Failed to fetch: {url}"
    causes = (f"error sending request for url ({url})", *failure.causes)
    if not tried:
        return Unreachable(fetch, url, failure.kind, causes)
    retries = "retry" if tried == 1 else "retries"
    return Unreachable(f"Request failed after {tried} {retries} in {seconds:.1f}s", url, failure.kind, (fetch, *causes))
