"""A threaded HTTP/1.1 server on loopback with a log of what it was asked and faults on demand.

One thread for each connection, keep-alive, one write for each answer: a request costs some tens of
microseconds, so that tests can be many and a benchmark measures the client.
"""

import contextlib
import itertools
import socket
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from lab import certificates
from lab.faults import Fault, Faults, bent, pieces
from lab.wire import Broken, Identity, Incoming, Request, Response, head_of, identity_in

Application = Callable[[Request], Response]

_ORDER = itertools.count(1)
_JOINED = 1 << 15


class Entry(msgspec.Struct, frozen=True):
    """One request in the log; `order` counts over all servers of the process."""

    order: int
    origin: str
    method: str
    target: str
    status: int
    identity: Identity | None
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        """The target without its query, as written."""
        return self.target.partition("?")[0]

    @property
    def proxy_identity(self) -> Identity | None:
        """Who asked the proxy."""
        return identity_in(self.headers.get("proxy-authorization", ""))

    @property
    def user(self) -> str | None:
        """The user name that came with the request, None for a bare one."""
        return self.identity[0] if self.identity else None

    @property
    def password(self) -> str | None:
        """The password that came with the request, None for a bare one."""
        return self.identity[1] if self.identity else None

    def __str__(self) -> str:
        """One line to read or to snapshot."""
        who = "nobody" if self.identity is None else ":".join(self.identity)
        return f"{self.method} {self.target} -> {self.status} as {who}"


class Server:
    """Bound when made, answers between `with` and the end of the block.

    `application` decides the answers and may be set after the port is known. It runs on many
    threads at once.
    """

    def __init__(self, application: Application | None = None, *, tls: bool = False, host: str = "127.0.0.1") -> None:
        """Bind a free port of `host`; with `tls`, `ca_file` is what a client must trust."""
        self.application: Application = application or _nothing_here
        self.faults = Faults()
        self._tls = tls
        self._host = host
        self._listener = socket.create_server((host, 0), family=_family(host), backlog=512)
        # A server that is made and never entered gives its port back too.
        weakref.finalize(self, self._listener.close)
        self.port: int = self._listener.getsockname()[1]
        self._log: list[Entry] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        return self.url_as(self._host)

    def url_as(self, host: str) -> str:
        """The same server under another host name, such as `localhost`."""
        shown = f"[{host}]" if ":" in host else host
        return f"{'https' if self._tls else 'http'}://{shown}:{self.port}"

    @property
    def ca_file(self) -> Path:
        """What `SSL_CERT_FILE` must name for a client to trust this server."""
        return certificates.ca_file()

    def requests(self, pattern: str = "*") -> tuple[Entry, ...]:
        """What was asked so far, oldest first, with targets that match the glob."""
        with self._lock:
            return tuple(entry for entry in self._log if fnmatchcase(entry.target, pattern))

    def clear(self) -> None:
        """Forget the log."""
        with self._lock:
            self._log.clear()

    def fault(self, fault: Fault) -> None:
        """Let something go wrong from now on."""
        self.faults.add(fault)

    def __enter__(self) -> Self:
        """Begin to answer."""
        if self._tls:
            certificates.server_context()
        threading.Thread(target=self._accept, name=f"lab-{self.port}", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection and give the port back."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            # Not every system wakes `accept` when the socket under it is closed.
            socket.create_connection(self._listener.getsockname()[:2], timeout=1).close()
        self._listener.close()
        with self._lock:
            still_open = tuple(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self._stopping.is_set():
                connection.close()
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # A client may go away at any moment, and a test may stop the server while one speaks.
        with contextlib.suppress(OSError, Broken, ValueError), contextlib.closing(connection):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.closing(self._wrapped(connection)) as stream:
                with self._lock:
                    self._open.add(stream)
                try:
                    self._converse(stream)
                finally:
                    with self._lock:
                        self._open.discard(stream)

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        if not self._tls:
            return connection
        return certificates.server_context().wrap_socket(connection, server_side=True)

    def _converse(self, stream: socket.socket) -> None:
        incoming = Incoming(stream)
        while request := incoming.next():
            fault = self.faults.meet(request)
            if fault and fault.delay:
                time.sleep(fault.delay)
            response = fault.answer if fault and fault.status else self._ask(request)
            self._note(request, response.status)
            if fault and fault.silent:
                return
            close = not request.keeps_alive or bool(fault and fault.cut is not None)
            _send(stream, request, response, fault, close)
            if response.then:
                response.then(stream)
            if close or response.then:
                return

    def _ask(self, request: Request) -> Response:
        try:
            return self.application(request)
        except Exception as error:  # noqa: BLE001 - a registry's own mistake must show up in the client
            return Response(500, f"the lab failed: {error!r}".encode())

    def _note(self, request: Request, status: int) -> None:
        entry = Entry(next(_ORDER), self.url, request.method, request.target, status, request.identity, request.headers)
        with self._lock:
            self._log.append(entry)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _nothing_here(_request: Request) -> Response:
    return Response(404, b"nothing here")


def _send(stream: socket.socket, request: Request, response: Response, fault: Fault | None, close: bool) -> None:
    head = head_of(bent(fault, response), close=close)
    if request.method == "HEAD" or response.status in (204, 304):
        stream.sendall(head)
        return
    if fault is None and len(response.body) <= _JOINED:
        # Small answers leave in one write; copying a large body would cost more than a second one.
        stream.sendall(head + response.body)
        return
    stream.sendall(head)
    for part, pause in pieces(fault, response.body):
        time.sleep(pause)
        stream.sendall(part)
