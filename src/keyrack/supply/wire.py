"""One hop on the wire, with its retries: no identity is added, nothing followed, nothing remembered."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock
from typing import TYPE_CHECKING, Protocol

import msgspec

from keyrack.adapters import clock
from keyrack.errors import KeyrackError
from keyrack.policy.wire.retry import DEFAULT_RETRIES, Again, after_answer, after_failure
from keyrack.supply.resuming import Body
from keyrack.values.exchange import Answer, Exchange
from keyrack.values.failure import FailureKind, TransportFailure
from keyrack.values.late import LateModule
from keyrack.values.log import Level, Log, silent
from keyrack.values.url import Url

if TYPE_CHECKING:
    import random
else:
    random = LateModule("random")


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

    def close(self) -> None:
        """End what is on its way."""
        ...


class Unreachable(KeyrackError):
    """A server gave no whole answer, however often it was asked. That is never "not found"."""

    def __init__(self, message: str, url: Url, kind: FailureKind, causes: tuple[str, ...]) -> None:
        """Keep what was asked and the kind of failure beside the lines."""
        super().__init__(message, causes=causes, hints=(_HINTS[kind],) if kind in _HINTS else ())
        self.url = url
        self.kind = kind


class Offline(KeyrackError):
    """The network is off, and the cache does not know."""


class NoNetwork:
    """The transport of a run with `--offline`: whatever the cache does not know cannot be had."""

    def send(self, exchange: Exchange, sink: Sink | None = None) -> Pending:
        """Raise `Offline`."""
        raise Offline(
            f"Network connectivity is disabled, but the requested data wasn't found in the cache for: `{exchange.url}`"
        )

    def close(self) -> None:
        """Do nothing: nothing is on its way."""


class OnDemand:
    """A transport that is opened for the first exchange: most runs need none."""

    def __init__(self, open_transport: Callable[[], Transport]) -> None:
        """Take what opens it."""
        self._open = open_transport
        self._lock = Lock()
        self._transport: Transport | None = None
        self._is_closed = False

    def send(self, exchange: Exchange, sink: Sink | None = None) -> Pending:
        """Start the exchange."""
        return self._opened().send(exchange, sink)

    def close(self) -> None:
        """End what is on its way; what is sent after that fails as the transport says."""
        with self._lock:
            self._is_closed = True
            if self._transport is not None:
                self._transport.close()

    def _opened(self) -> Transport:
        with self._lock:
            if self._transport is None:
                self._transport = self._open()
                if self._is_closed:
                    self._transport.close()
            return self._transport


class Patience:
    """How the wire waits: two clocks, a sleep and a source of jitter (0 to 1), handed in so that tests need none."""

    def __init__(
        self,
        monotonic: Callable[[], float] = clock.monotonic,
        now: Callable[[], float] = clock.now,
        sleep: Callable[[float], object] | None = None,
        jitter: Callable[[], float] = lambda: random.random(),  # noqa: PLW0108  # as late as can be
    ) -> None:
        """Take the real ones where none are given; the real sleep ends early when the wire is closed."""
        self._closed = Event()
        self.monotonic = monotonic
        self.now = now
        self.sleep: Callable[[float], object] = sleep or self._closed.wait
        self.jitter = jitter

    def end(self) -> None:
        """Let whoever sleeps wake up, and nobody sleep any more."""
        self._closed.set()


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
        patience = self._patience
        started = patience.monotonic()
        tried = 0
        body = None if sink is None else Body(sink, exchange)
        while True:
            try:
                asked = exchange if body is None else body.exchange
                answer = self._transport.send(asked, body).result()
            except TransportFailure as failure:
                again = after_failure(failure.kind, tried, self._retries, patience.jitter())
                if again is None:
                    raise _unreachable(exchange.url, failure, (tried, patience.monotonic() - started)) from failure
                if body is not None:
                    body.broke()
                self._wait(exchange.url, again, failure.causes[-1] if failure.causes else failure.kind.value)
            else:
                again = after_answer(answer.head, patience.now(), (tried, self._retries), patience.jitter())
                if again is None:
                    whole = answer if body is None else body.whole(answer)
                    if whole is not None:
                        return _annotated(whole, tried, patience.monotonic() - started) if tried else whole
                else:
                    self._wait(exchange.url, again, f"HTTP status {answer.head.status}")
            tried += 1

    def close(self) -> None:
        """End what is on its way, and the waiting between two tries: Ctrl-C must not wait for a server."""
        self._transport.close()
        self._patience.end()

    def _wait(self, url: Url, again: Again, reason: str) -> None:
        line = f"Transient failure while handling response from {url} ({reason}); retrying after {again.wait:.1f}s..."
        self._log(Level.DEBUG, line)
        self._patience.sleep(again.wait)


def _annotated(answer: Answer, tried: int, seconds: float) -> Answer:
    head = msgspec.structs.replace(answer.head, retries=tried, seconds=seconds)
    return msgspec.structs.replace(answer, head=head)


def _unreachable(url: Url, failure: TransportFailure, took: tuple[int, float]) -> Unreachable:
    outer = "error decoding response body" if failure.in_body else "error sending request"
    return _worded(url, failure.kind, (f"{outer} for url ({url})", *failure.causes), took)


def _worded(url: Url, kind: FailureKind, causes: tuple[str, ...], took: tuple[int, float]) -> Unreachable:
    fetch = f"Failed to fetch: {url}"
    tried, seconds = took
    if not tried:
        return Unreachable(fetch, url, kind, causes)
    retries = "retry" if tried == 1 else "retries"
    return Unreachable(f"Request failed after {tried} {retries} in {seconds:.1f}s", url, kind, (fetch, *causes))


_HINTS: dict[FailureKind, str] = {
    FailureKind.TLS: "set `SSL_CERT_FILE` to a PEM file with the authority that signed the server's certificate, or,"
    " for a server that you trust as it is, pass `--allow-insecure-host HOST`",
    FailureKind.PROXY: "write the proxy with its credentials into `HTTPS_PROXY` (or `HTTP_PROXY`, `ALL_PROXY`), or name"
    " the host in `NO_PROXY`",
    FailureKind.TIMEOUT: "set `UV_HTTP_TIMEOUT` to more seconds for a server that is slow to answer",
}
