"""The one door to the network: every request goes through here, with the identity that the ladder picks for it.

The ladder (`policy/auth/ladder.py`) decides; this drives it: sends hops, asks the credential sources, pauses, logs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from threading import Condition
from typing import Protocol, assert_never

import msgspec

from keyrack.adapters.gunzip import KNOWN, Undecodable, decode
from keyrack.policy.auth.book import Book
from keyrack.policy.auth.ladder import ladder
from keyrack.policy.auth.refusals import Refused
from keyrack.policy.auth.sign_in import is_sign_in_page
from keyrack.policy.auth.steps import Finding, LookUp, Refresh, Reply, Send, Steps, Tell, Told, Wait, Wanted
from keyrack.supply.wire import Sink
from keyrack.values.credentials import Basic, Bearer, Username, header_value
from keyrack.values.exchange import Answer, Exchange, Request, Response, ResponseHead
from keyrack.values.index import Index, Indexes, IndexId
from keyrack.values.log import Level, Log, silent
from keyrack.values.secret import Secret

_OF_THE_ENCODED = frozenset({"content-encoding", "content-length"})
LARGEST_BODY = 100 * 1024 * 1024
"""Bytes of a whole body after its content encodings are removed; files are not fetched whole."""


class Hops(Protocol):
    """Carries one exchange, with retries; blocking, for many threads at once."""

    def send(self, exchange: Exchange, sink: Sink | None = None) -> Answer:
        """Bring back an answer of any status. With a sink, the body of a 200 or 206 goes there."""
        ...


class Sources(Protocol):
    """Finds credentials."""

    def find(self, wanted: Wanted) -> Finding:
        """Ask the places where credentials are kept."""
        ...


class Session:
    """Sends requests and follows their redirects; safe to use from many threads."""

    def __init__(self, indexes: Indexes, wire: Hops, sources: Sources, log: Log = silent) -> None:
        """`indexes` are all that a request may name as its owner."""
        self._book = Book(indexes)
        self._changed = Condition()
        self._wire = wire
        self._sources = sources
        self._log = log
        self._warnings: list[str] = []

    def warnings(self) -> tuple[str, ...]:
        """What was told at the level of warnings, once each, for the end of a command."""
        with self._changed:
            return tuple(self._warnings)

    def doubts(self) -> tuple[str, ...]:
        """A hint for each index that was asked with credentials and answered, but never showed that it accepts them.

        Some registries answer 404 to a token that has expired: a package "not found" there may well exist.
        """
        return tuple(
            f"The credentials for index `{index.label}` (from {where}) have not been accepted anywhere yet"
            for index, where in self.doubted()
        )

    def doubted(self) -> tuple[tuple[Index, str], ...]:
        """Give those indexes, and where their credentials came from."""
        with self._changed:
            standings = [(index, self._book.standing(index.id)) for index in self._book.indexes.all]
        return tuple((index, each.held.where) for index, each in standings if each.is_doubtful and each.held)

    def fetch(self, request: Request) -> Response:
        """Bring back a whole answer, content encodings removed, of any status that is no refusal.

        Raises `Refused`, `Unreachable`, `Undecodable`.
        """
        offered = "identity" if _has(request, "range") else KNOWN
        answer = self._carry(_asking(request, offered), None)
        return Response(answer.head, answer.body)

    def download(self, request: Request, sink: Sink) -> ResponseHead:
        """Bring a file into the sink, as it is on the wire; anything but a 200 or 206 leaves the sink untouched.

        Raises `Refused`, `Unreachable`.
        """
        return self._carry(_asking(request, "identity"), sink).head

    def identity_key(self, index: IndexId | None, salt: Callable[[], bytes] = bytes) -> str:
        """Give a stable text for keys of a cache: whose answers an index gives now. Tells no name and no secret.

        With a `salt`, which nobody else should know, two passwords of one user are two identities: behind one user
        name, as `__token__`, may stand many. It is asked for only where there is a secret.
        """
        if index is None:
            return "anonymous"
        with self._changed:
            held = self._book.standing(self._book.index(index).id).held
        match held.credentials if held else None:
            case None:
                return "anonymous"
            case Bearer(token):
                return f"bearer@{_salted(token, salt)}"
            case Basic(username, password):
                # A user name alone may be a token, so it does not stand in a path.
                return f"{_hashed(username)}@{_salted(password, salt)}"
            case Username(username):
                return f"{_hashed(username)}@"

    def _carry(self, request: Request, sink: Sink | None) -> Answer:
        """Drive one ladder to its end; the last answer stands."""
        self._log(Level.TRACE, f"Handling request for `{request.url}`{self._policy(request)}")
        steps = ladder(request, self._book)
        told: Told = None
        answer: Answer | None = None
        try:
            while (step := self._advance(steps, told)) is not None:
                told = None
                match step:
                    case Send():
                        answer, told = self._send(request, step, sink)
                    case LookUp() | Refresh():
                        told = self._look_up(step)
                    case Tell(level, line):
                        self._tell(level, line)
                    case Refused():
                        raise step
                    case _:
                        assert_never(step)
        finally:
            self._close(steps)
        if answer is None:  # pragma: no cover - a ladder ends with a refusal or a reply
            raise RuntimeError("a ladder ended without a reply")
        return answer

    def _advance(self, steps: Steps, told: Told) -> Send | LookUp | Refresh | Tell | Refused | None:
        """Let one ladder go on to its next step that needs the world. Only one ladder moves at a time."""
        with self._changed:
            while True:
                before = self._book.version
                try:
                    step = steps.send(told)
                except StopIteration as end:
                    refusal: Refused | None = end.value
                    return refusal
                finally:
                    if self._book.version != before:
                        self._changed.notify_all()
                if not isinstance(step, Wait):
                    return step
                seen, told = self._book.version, None
                while self._book.version == seen:
                    self._changed.wait()

    def _close(self, steps: Steps) -> None:
        """End a ladder, finished or not: what it had begun, others may begin."""
        with self._changed:
            steps.close()
            self._changed.notify_all()

    def _send(self, request: Request, step: Send, sink: Sink | None) -> tuple[Answer, Reply]:
        if step.credentials is None:
            self._log(Level.TRACE, f"Attempting unauthenticated request for `{step.url}`: {step.why}")
            authorization = None
        else:
            self._log(Level.DEBUG, f"Using {step.whose} for `{step.url}`: {step.why}")
            authorization = header_value(step.credentials)
        if sink is not None and step.identity_of is not None:
            sink = _Watched(sink, partial(self._accept, step.identity_of, step.generation))
        exchange = Exchange(step.url, request.headers, authorization)
        answer = _decoded(self._wire.send(exchange, sink)) if sink is None else self._wire.send(exchange, sink)
        sign_in = is_sign_in_page(request, answer.head, answer.body)
        status = 401 if sign_in else answer.head.status
        return answer, Reply(status, answer.head.header("location"), sign_in)

    def _policy(self, request: Request) -> str:
        if request.index is None:
            return ""
        return f" with authentication policy {self._book.index(request.index).authenticate.value}"

    def _tell(self, level: Level, line: str) -> None:
        if level >= Level.WARN:
            with self._changed:
                self._warnings.append(line)
        self._log(level, line)

    def _look_up(self, step: LookUp | Refresh) -> Finding:
        doing = "Looking up" if isinstance(step, LookUp) else "Renewing"
        self._log(Level.DEBUG, f"{doing} credentials for {step.wanted.service}: {step.why}")
        return self._sources.find(step.wanted)

    def _accept(self, index: IndexId, generation: int) -> None:
        """The first byte of a file shows that the identity is accepted; the last one may take minutes."""
        with self._changed:
            self._book.answered(index, 200, generation)
            self._changed.notify_all()


class _Watched:
    """A sink that says when its first bytes come."""

    def __init__(self, sink: Sink, begun: Callable[[], None]) -> None:
        self._sink = sink
        self._begun: Callable[[], None] | None = begun

    def write(self, chunk: bytes, /) -> object:
        """Take the next bytes."""
        if self._begun is not None:
            self._begun()
            self._begun = None
        return self._sink.write(chunk)

    def restart(self) -> None:
        """Forget all bytes so far."""
        self._sink.restart()


def _has(request: Request, name: str) -> bool:
    return any(key == name for key, _ in request.headers)


def _asking(request: Request, encodings: str) -> Request:
    if _has(request, "accept-encoding"):
        return request
    return msgspec.structs.replace(request, headers=(*request.headers, ("accept-encoding", encodings)))


def _decoded(answer: Answer) -> Answer:
    """Remove the content encodings, and the header lines that spoke of the encoded body."""
    encodings = answer.head.header("content-encoding")
    if encodings is None:
        return answer
    try:
        body = decode(answer.body, encodings, LARGEST_BODY)
    except Undecodable as error:
        if answer.head.status >= 300:
            body = b""
        else:
            message = f"Failed to read the answer of {answer.head.url}"
            raise Undecodable(message, causes=(error.message, *error.causes)) from error
    kept = tuple((key, value) for key, value in answer.head.headers if key not in _OF_THE_ENCODED)
    return Answer(msgspec.structs.replace(answer.head, headers=kept), body)


def _hashed(name: str) -> str:
    return blake2b(name.encode(), digest_size=8).hexdigest()


def _salted(secret: Secret, salt: Callable[[], bytes]) -> str:
    """Tell secrets apart by a digest that says nothing without the salt, and little with it: it is short."""
    key = salt()
    return blake2b(secret.reveal().encode(), key=key, digest_size=4).hexdigest() if key else ""
