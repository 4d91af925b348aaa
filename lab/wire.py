"""HTTP/1.1 as bytes: requests read from a connection, responses written to one (RFC 9112)."""

import base64
import binascii
import socket
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import unquote

import msgspec

Identity = tuple[str, str]
"""A user name and a password, either of which may be empty."""

_MOST_HEAD = 1 << 20
_CHUNK = 1 << 16


class Broken(Exception):
    """The peer went away or spoke something other than HTTP/1.1."""


class Request(msgspec.Struct, frozen=True):
    """One request as it came in; header names are in lower case, `target` is as written."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    keeps_alive: bool = True

    @property
    def path(self) -> str:
        """The target without its query, percent-decoded."""
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> str:
        """What stands behind the `?`, as written."""
        return self.target.partition("?")[2]

    @property
    def identity(self) -> Identity | None:
        """Who asks, by the Authorization header."""
        return identity_in(self.headers.get("authorization", ""))


def identity_in(authorization: str) -> Identity | None:
    """The Basic credentials (RFC 7617) in a header; a bearer token comes with the user name `Bearer`."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return ("Bearer", value.strip())
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ("?", value)
    user, _, password = text.partition(":")
    return (user, password)


class Response(msgspec.Struct, frozen=True):
    """One answer; `Content-Length` is added where `headers` has none.

    `then` is given the connection after the answer, which ends the talk in HTTP.
    """

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    then: Callable[[socket.socket], None] | None = None

    def with_headers(self, *headers: tuple[str, str]) -> "Response":
        """The same answer with more headers."""
        return Response(self.status, self.body, self.headers + headers, self.then)


def head_of(response: Response, *, close: bool) -> bytes:
    """The status line and the header fields, up to and with the empty line."""
    lines = [f"HTTP/1.1 {response.status} {_phrase(response.status)}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    names = {name.lower() for name, _ in response.headers}
    if "content-length" not in names and response.status not in (204, 304) and not response.then:
        lines.append(f"Content-Length: {len(response.body)}")
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


class Incoming:
    """The reading side of one connection; what was read too far stays for the next request."""

    def __init__(self, connection: socket.socket) -> None:
        """`connection` is a blocking stream socket, plain or TLS."""
        self._connection = connection
        self._buffer = bytearray()

    def next(self) -> Request | None:
        """The next request, or None where the peer closed between two of them."""
        end = self._buffer.find(b"\r\n\r\n")
        while end < 0:
            if len(self._buffer) > _MOST_HEAD:
                raise Broken("the head of a request has no end")
            if not self._more():
                return None
            end = self._buffer.find(b"\r\n\r\n")
        head = bytes(self._buffer[:end]).decode("latin-1")
        del self._buffer[: end + 4]
        first, *lines = head.split("\r\n")
        words = first.split(" ")
        if len(words) != 3:
            raise Broken(f"no request line: {first!r}")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        keeps_alive = words[2] == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
        return Request(words[0], words[1], headers, self._body(headers), keeps_alive)

    def _body(self, headers: Mapping[str, str]) -> bytes:
        length = headers.get("content-length")
        chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        if not length and not chunked:
            return b""
        if headers.get("expect", "").lower() == "100-continue":
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self._chunks() if chunked else self._exactly(int(length or "0"))

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self._line().split(b";")[0], 16):
            parts.append(self._exactly(size))
            self._line()
        while self._line():
            pass
        return b"".join(parts)

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\r\n")) < 0:
            self._need_more()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._need_more()
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _need_more(self) -> None:
        if not self._more():
            raise Broken("the body of a request is short")

    def _more(self) -> bool:
        received = self._connection.recv(_CHUNK)
        self._buffer += received
        return bool(received)
