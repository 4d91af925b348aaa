"""Serve a recording from some processes of Python over HTTP/1.1, where there is no nginx.

`python -m bench.plain PORT PAGES FILES CERTIFICATE LOG`; ends with SIGTERM, and takes its processes along.
"""

import os
import shutil
import signal
import socket
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from bench.recording import JSON

PROCESSES = 2
PAGE = (("Content-Type", JSON), ("Cache-Control", "max-age=600"), ("Vary", "Accept, Accept-Encoding"))
FILE = (("Content-Type", "application/octet-stream"), ("Cache-Control", "max-age=365000000, immutable"))


class Answer(NamedTuple):
    """What is sent: a file, or nothing with 404."""

    status: int
    path: Path | None = None
    headers: tuple[tuple[str, str], ...] = ()


def answer(pages: Path, files: Path, target: str, *, zipped: bool) -> Answer:
    """Find what a target means; `zipped`: the client takes gzip."""
    place, _, rest = unquote(target.partition("?")[0]).lstrip("/").partition("/")
    folder = files if place == "files" else pages / "simple"
    path = (folder / rest).resolve()
    if place == "simple":
        path /= "index.json"
    if place not in ("files", "simple") or not path.is_relative_to(folder.resolve()) or not path.is_file():
        return Answer(404)
    if place == "files":
        return Answer(200, path, FILE)
    if zipped:
        return Answer(200, path.with_suffix(".json.gz"), (*PAGE, ("Content-Encoding", "gzip")))
    return Answer(200, path, PAGE)


class Conversation(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    pages = files = Path()
    log = -1

    def do_GET(self) -> None:
        """Answer, and write a line about it."""
        zipped = "gzip" in self.headers.get("Accept-Encoding", "")
        found = answer(self.pages, self.files, self.path, zipped=zipped)
        os.write(self.log, f"GET {self.path} {found.status}\n".encode())
        self.send_response_only(found.status)
        for name, value in found.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(found.path.stat().st_size if found.path else 0))
        self.end_headers()
        if found.path is not None:
            with found.path.open("rb") as body:
                shutil.copyfileobj(body, self.wfile, 1 << 18)
        self.wfile.flush()


class Host(ThreadingHTTPServer):
    """TLS on each connection, in the thread that serves it."""

    daemon_threads = True
    request_queue_size = 512
    context: ssl.SSLContext

    def finish_request(self, request: object, client_address: object) -> None:
        """Shake hands and serve; a client may go away at any moment."""
        if not isinstance(request, socket.socket):
            raise TypeError(request)
        try:
            with self.context.wrap_socket(request, server_side=True) as stream:
                Conversation(stream, client_address, self)
        except OSError:
            return


def main(port: str, pages: str, files: str, certificate: str, log: str) -> None:
    """Listen once, answer in several processes, until the first is told to end."""
    Conversation.pages, Conversation.files = Path(pages), Path(files)
    Conversation.log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    Host.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    Host.context.load_cert_chain(certificate)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    host = Host(("127.0.0.1", int(port)), Conversation)
    children = [_answering(host) for _ in range(PROCESSES)]
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    for child in children:
        os.kill(child, signal.SIGKILL)


def _answering(host: Host) -> int:
    child = os.fork()
    if child == 0:
        host.serve_forever()
    return child


if __name__ == "__main__":
    main(*sys.argv[1:])
