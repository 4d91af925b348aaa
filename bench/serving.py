"""Serve a recording over TLS, near and far, and count what is asked.

nginx does it where it is on PATH, so that the server is never what is measured; else some processes of Python.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import trustme

from bench.recording import JSON, Recording

HOST = "127.0.0.1"
BENCH = Path(__file__).parent
SETTLING = 0.02
"""Seconds: nginx writes its log once an answer is out."""
PATIENCE = 30.0
"""Seconds until a server must answer."""


class Shelf(NamedTuple):
    """One server: where it listens, and the pages it shows, which name the port that a client asks."""

    port: int
    pages: Path


class Index(NamedTuple):
    """What clients are told: the URL by milliseconds of round trip, the authority to trust, and who serves."""

    urls: Mapping[int, str]
    authority: Path
    log: Path
    server: str

    def requests(self) -> int:
        """How many requests were answered so far, once the last answer is in the log."""
        time.sleep(SETTLING)
        with self.log.open("rb") as log:
            return sum(piece.count(b"\n") for piece in iter(lambda: log.read(1 << 20), b""))


@contextlib.contextmanager
def serving(recording: Recording, folder: Path, latencies: Sequence[int]) -> Iterator[Index]:
    """Serve for each round trip time (ms); all that is written and started is gone afterwards."""
    folder.mkdir()
    authority, certificate = _certificates(folder)
    log = folder / "requests.log"
    log.touch()
    with contextlib.ExitStack() as stack:
        urls, shelves = {}, []
        for milliseconds in latencies:
            port = asked = free_port()
            if milliseconds:
                asked = stack.enter_context(_far(port, milliseconds))
            url = f"https://{HOST}:{asked}"
            shelf = Shelf(port, folder / f"pages-{milliseconds}")
            recording.write_tree(shelf.pages, f"{url}/files")
            urls[milliseconds] = f"{url}/simple/"
            shelves.append(shelf)
        nginx = shutil.which("nginx")
        commands = _nginx(nginx, shelves, recording, folder) if nginx else _plain(shelves, recording, certificate, log)
        for words in commands:
            stack.enter_context(_child(words))
        for shelf in shelves:
            _await(shelf.port)
        yield Index(urls, authority, log, "nginx" if nginx else "Python")


def _nginx(nginx: str, shelves: Sequence[Shelf], recording: Recording, folder: Path) -> list[tuple[str, ...]]:
    config = folder / "nginx.conf"
    config.write_text(nginx_config(shelves, recording.files, folder), encoding="utf-8")
    return [(nginx, "-p", str(folder), "-c", str(config), "-g", "daemon off;")]


def _plain(shelves: Sequence[Shelf], recording: Recording, certificate: Path, log: Path) -> list[tuple[str, ...]]:
    paths = (str(recording.files), str(certificate), str(log))
    return [(sys.executable, "-m", "bench.plain", str(shelf.port), str(shelf.pages), *paths) for shelf in shelves]


def nginx_config(shelves: Sequence[Shelf], files: Path, folder: Path) -> str:
    """Write nginx's configuration: pages with a life time and compressed copies, files that never change."""
    servers = "".join(
        f"""
  server {{
    listen {HOST}:{shelf.port} ssl http2;
    location /simple/ {{
      root "{shelf.pages}";
      index index.json;
      gzip_static on;
      types {{ }}
      default_type {JSON};
      add_header Cache-Control "max-age=600";
      add_header Vary "Accept, Accept-Encoding";
    }}
    location /files/ {{
      alias "{files}/";
      types {{ }}
      default_type application/octet-stream;
      add_header Cache-Control "max-age=365000000, immutable";
    }}
  }}"""
        for shelf in shelves
    )
    temporary = "".join(
        f'  {kind}_temp_path "{folder}/{kind}";\n' for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root root;\n" if os.geteuid() == 0 else ""
    return f"""{user}worker_processes 2;
pid "{folder}/nginx.pid";
error_log "{folder}/error.log";
events {{ worker_connections 1024; }}
http {{
{temporary}  log_format short "$request_method $uri $status";
  access_log "{folder}/requests.log" short;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  open_file_cache max=10000;
  keepalive_requests 100000;
  http2_max_concurrent_streams 128;
  ssl_certificate "{folder}/server.pem";
  ssl_certificate_key "{folder}/server.pem";
  ssl_session_cache shared:sessions:10m;{servers}
}}
"""


def free_port() -> int:
    """Give a port that nobody listens at."""
    with socket.create_server((HOST, 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _certificates(folder: Path) -> tuple[Path, Path]:
    authority = trustme.CA()
    leaf = authority.issue_cert(HOST, "localhost")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    leaf.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    return folder / "authority.pem", folder / "server.pem"


@contextlib.contextmanager
def _far(port: int, milliseconds: int) -> Iterator[int]:
    words = (sys.executable, "-I", "-S", str(BENCH / "latency.py"), str(port), str(milliseconds / 2000))
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as proxy:
        if proxy.stdout is None:
            raise RuntimeError("the proxy has no output")
        try:
            yield int(proxy.stdout.readline())
        finally:
            proxy.communicate()


@contextlib.contextmanager
def _child(words: Sequence[str]) -> Iterator[None]:
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, cwd=BENCH.parent) as server:
        try:
            yield
        finally:
            server.terminate()
            server.wait()


def _await(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection((HOST, port), timeout=PATIENCE).close()
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
