"""Takes up a body where it broke off, so that what has come is not sent again."""

from __future__ import annotations

from typing import Protocol

import msgspec

from keyrack.policy.wire.resume import is_rest, rest_of, validator
from keyrack.values.exchange import Answer, Exchange, ResponseHead
from keyrack.values.failure import FailureKind, TransportFailure


class Sink(Protocol):
    """Takes the body of a 2xx answer."""

    def write(self, chunk: bytes, /) -> object:
        """Take the next bytes."""
        ...

    def restart(self) -> None:
        """Forget all bytes so far."""
        ...


class Body:
    """Hands a body on to a sink over several tries; `begin` hears the head of each before its first byte."""

    def __init__(self, sink: Sink, exchange: Exchange) -> None:
        """A request that names a range itself is never changed."""
        self._sink = sink
        self._exchange = exchange
        self._may = not any(name == "range" for name, _ in exchange.headers)
        self._first: ResponseHead | None = None
        self._strong = ""
        self._taken = 0
        self._asked = 0

    @property
    def exchange(self) -> Exchange:
        """What to send now: for the whole body, or for what is missing of it."""
        self._asked = self._taken if self._strong else 0
        if not self._asked:
            return self._exchange
        return msgspec.structs.replace(self._exchange, headers=rest_of(self._exchange, self._taken, self._strong))

    def begin(self, head: ResponseHead) -> None:
        """Hear what comes: the rest, or the whole anew. Raises `TransportFailure` where it is neither."""
        if self._asked and head.status == 206:
            if self._first is None or not is_rest(head, self._asked, self._first):
                self.forget()
                raise TransportFailure(FailureKind.SHORT, "the server sent another range than was asked for")
            return
        self.forget()
        self._first = head
        self._strong = validator(head) if self._may else ""

    def write(self, chunk: bytes, /) -> object:
        """Take the next bytes."""
        self._taken += len(chunk)
        return self._sink.write(chunk)

    def broke(self) -> None:
        """The try has ended early: keep what came if the rest can be asked for."""
        if not self._strong:
            self.forget()

    def restart(self) -> None:
        """Begin anew, as every sink can."""
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        if self._taken:
            self._sink.restart()
        self._taken, self._asked, self._strong, self._first = 0, 0, "", None

    def whole(self, answer: Answer) -> Answer | None:
        """Give the answer as if it had come at once; None where the server will not give the rest: ask for all."""
        if not self._asked:
            if answer.head.status not in (200, 206):
                self.forget()
            return answer
        if answer.head.status == 206 and self._first is not None:
            return Answer(self._first, b"")
        refuses = answer.head.status in (412, 416)
        self.forget()
        return None if refuses else answer
