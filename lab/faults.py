"""What goes wrong on demand: which requests a fault meets, and what it does to their answers."""

import threading
from collections.abc import Iterable
from fnmatch import fnmatchcase

import msgspec

from lab.wire import Identity, Request, Response


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault: the requests that it meets, then what happens to them.

    It meets requests whose target (path and query as written) matches the glob `pattern`, and which
    bring `identity` where one is named, counted from 1: those numbered `first` to
    `first + times - 1`, or all from `first` on where `times` is 0. A token that expires after three
    requests is `Fault(identity=("u", "old"), first=4, status=401)`.

    status: answer this instead of asking the registry (with `body` and `headers`).
    delay: seconds before the answer. cut: close the connection after so many bytes of the body.
    length: what `Content-Length` says. drip: (bytes, seconds), the body in small pieces.
    silent: close without any answer.
    """

    pattern: str = "*"
    method: str = "*"
    identity: Identity | None = None
    first: int = 1
    times: int = 0
    status: int = 0
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    cut: int | None = None
    length: int | None = None
    drip: tuple[int, float] | None = None
    silent: bool = False

    @property
    def answer(self) -> Response:
        """What it says in the place of the registry."""
        return Response(self.status, self.body, self.headers)


class Faults:
    """The faults of one server and how often each was met; safe to use from many threads."""

    def __init__(self) -> None:
        """Starts with none."""
        self._lock = threading.Lock()
        self._met: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        """Let `fault` meet the requests from now on."""
        with self._lock:
            self._met.append((fault, 0))

    def clear(self) -> None:
        """Everything works again."""
        with self._lock:
            self._met.clear()

    def meet(self, request: Request) -> Fault | None:
        """The first fault that is due for `request`; every matching fault counts it."""
        if not self._met:
            return None
        due = None
        with self._lock:
            for at, (fault, met) in enumerate(self._met):
                if _matches(fault, request):
                    self._met[at] = (fault, met + 1)
                    due = due or (fault if _is_due(fault, met + 1) else None)
        return due


def _matches(fault: Fault, request: Request) -> bool:
    if fault.identity is not None and fault.identity != request.identity:
        return False
    return fnmatchcase(request.target, fault.pattern) and fnmatchcase(request.method, fault.method)


def _is_due(fault: Fault, number: int) -> bool:
    return number >= fault.first and (not fault.times or number < fault.first + fault.times)


def pieces(fault: Fault | None, body: bytes) -> Iterable[tuple[bytes, float]]:
    """The parts in which `body` goes out, each with the seconds to wait before it."""
    if fault is None:
        return ((body, 0.0),)
    if fault.cut is not None:
        body = body[: fault.cut]
    if fault.drip is None:
        return ((body, 0.0),)
    size, pause = fault.drip
    return tuple((body[at : at + size], pause) for at in range(0, len(body), size))


def bent(fault: Fault | None, response: Response) -> Response:
    """The answer with the header fields that the fault wants wrong."""
    if fault is None or fault.length is None:
        return response
    return response.with_headers(("Content-Length", str(fault.length)))
