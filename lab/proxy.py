"""An HTTP proxy on loopback: absolute targets and CONNECT (RFC 9110, 9.3.6; 9112, 3.2.2).

`hosts` lets made-up names lead to servers of the lab, so that a client can be watched at
`https://pkgs.example/` with no name server in sight.
"""

import contextlib
import http.client
import socket
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from lab import answers
from lab.server import Server
from lab.wire import Identity, Request, Response, identity_in

_HOP_BY_HOP = frozenset(
    {"connection", "proxy-connection", "proxy-authorization", "keep-alive", "te", "transfer-encoding"}
)
_CHUNK = 1 << 16

Address = tuple[str, int]


def proxy(hosts: Mapping[str, Server] | None = None, *, identity: Identity | None = None, tls: bool = False) -> Server:
    """A server to name in `HTTP_PROXY` and `HTTPS_PROXY`.

    `hosts` maps `name:port` to servers; other names must be loopback. With `identity` everybody
    else gets 407. In its log, `target` is an absolute URL or `name:port`, and `proxy_identity` who
    asked.
    """
    known = dict(hosts or {})

    def answer(request: Request) -> Response:
        if identity and identity_in(request.headers.get("proxy-authorization", "")) != identity:
            return Response(407, b"", (("Proxy-Authenticate", 'Basic realm="proxy"'),))
        if request.method == "CONNECT":
            name, _, port = request.target.rpartition(":")
            return _tunnel(_address(known, name, int(port)))
        parts = urlsplit(request.target)
        if parts.scheme != "http" or not parts.hostname:
            return answers.plain(400, "not a request for a proxy")
        return _forwarded(request, _address(known, parts.hostname, parts.port or 80))

    return Server(answer, tls=tls)


def _address(hosts: Mapping[str, Server], name: str, port: int) -> Address | None:
    if server := hosts.get(f"{name}:{port}"):
        return ("127.0.0.1", server.port)
    return (name, port) if name in {"127.0.0.1", "localhost"} else None


def _tunnel(address: Address | None) -> Response:
    if address is None:
        return answers.plain(502, "no such host in the lab")

    def then(client: socket.socket) -> None:
        with socket.create_connection(address) as server:
            back = threading.Thread(target=_pour, args=(server, client), daemon=True)
            back.start()
            _pour(client, server)
            back.join()

    return Response(200, then=then)


def _pour(source: socket.socket, target: socket.socket) -> None:
    """Copy until `source` ends, then tell `target` that nothing more will come."""
    with contextlib.suppress(OSError):
        while received := source.recv(_CHUNK):
            target.sendall(received)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _forwarded(request: Request, address: Address | None) -> Response:
    if address is None:
        return answers.plain(502, "no such host in the lab")
    parts = urlsplit(request.target)
    headers = {name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP}
    with contextlib.closing(http.client.HTTPConnection(*address)) as connection:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(request.method, target, request.body or None, headers)
        response = connection.getresponse()
        received = tuple((name, value) for name, value in response.getheaders() if name.lower() not in _HOP_BY_HOP)
        return Response(response.status, response.read(), received)
