"""Record an index: installers ask through this process, and what they are answered is kept.

So a recording holds what a resolution touches and nothing else, and only what an installer asked for was asked for.
"""

import contextlib
import io
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from packaging.utils import canonicalize_name

from bench.measure import Starter
from bench.programs import Program, environment
from bench.recording import JSON, Recording, Told, key_of, missing, rewritten
from lab.answers import plain
from lab.server import Server
from lab.wire import Request, Response

Fetch = Callable[[str, str], tuple[str, bytes]]
"""URL and what is accepted -> final URL and body; raises KeyError where the answer is "not found"."""
METADATA = ".metadata"


class Recorder:
    """Answers from a recording, and from the index above it what is not there yet."""

    def __init__(self, recording: Recording, upstream: str, fetch: Fetch) -> None:
        """`upstream` is the index's URL."""
        self._recording = recording
        self._upstream = upstream.rstrip("/")
        self._fetch = fetch
        self._pages = dict(recording.told().pages)
        self._urls: dict[str, str] = {}
        self.base = ""
        """Where this process answers: `http://127.0.0.1:PORT`."""

    @property
    def pages(self) -> Mapping[str, str]:
        """Where each page came from."""
        return self._pages

    def answer(self, request: Request) -> Response:
        """Answer an installer."""
        with contextlib.suppress(KeyError, ValueError):
            if request.path.startswith("/simple/"):
                return self._page(canonicalize_name(request.path.split("/")[2]))
            if request.path.startswith("/files/"):
                body = self._file(request.target.partition("?")[0].removeprefix("/files"))
                return Response(200, body, (("Content-Type", "application/octet-stream"),))
        return plain(404, "not found")

    def _page(self, name: str) -> Response:
        path = self._recording.page(name)
        if name not in self._pages or not path.is_file():
            url, body = self._fetch(f"{self._upstream}/{name}/", JSON)
            self._recording.keep(path, body)
            self._pages[name] = url
        page, url = path.read_bytes(), self._pages[name]
        self._urls |= locations(page, url)
        return Response(200, rewritten(page, url, f"{self.base}/files", None), (("Content-Type", JSON),))

    def _file(self, path: str) -> bytes:
        kept = self._recording.file(path)
        if kept.is_file():
            return kept.read_bytes()
        if path.endswith(METADATA):
            body = metadata_in(self._file(path.removesuffix(METADATA)))
        else:
            body = self._fetch(self._urls[path], "*/*")[1]
        self._recording.keep(kept, body)
        return body


def locations(page: bytes, url: str) -> dict[str, str]:
    """Give the URL of each file of a page, by its path."""
    files = msgspec.json.decode(page)["files"]
    found = (urllib.parse.urljoin(url, file["url"]) for file in files)
    return {urllib.parse.urlsplit(each).path: each for each in found}


def metadata_in(wheel: bytes) -> bytes:
    """Take METADATA out of a wheel. Raises KeyError where there is none."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        for name in archive.namelist():
            if name.endswith(".dist-info/METADATA") and name.count("/") == 1:
                return archive.read(name)
    raise KeyError("METADATA")


def fetch(url: str, accept: str) -> tuple[str, bytes]:
    """Ask the real index."""
    request = urllib.request.Request(url, headers={"Accept": accept, "User-Agent": "keyrack-bench"})
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.url, response.read()
    except urllib.error.HTTPError as error:
        if error.code in (403, 404, 410):
            raise KeyError(url) from error
        raise


def record(
    recording: Recording, sets: Mapping[str, tuple[str, ...]], upstream: str, programs: Mapping[str, Program]
) -> None:
    """Let each program install each set that is not recorded yet."""
    recorder = Recorder(recording, upstream, fetch)
    with (
        tempfile.TemporaryDirectory(prefix="keyrack-bench-") as folder,
        Server(recorder.answer) as server,
        Starter(Path(folder)) as starter,
    ):
        recorder.base = server.url
        for name in missing(recording.told(), sets):
            for program in programs.values():
                print(f"recording {name} with {program.name}", file=sys.stderr, flush=True)
                target = environment(Path(folder) / f"{name}-{program.name}")
                variables = program.variables(f"{server.url}/simple/", Path(folder) / f"cache-{program.name}", None)
                starter.must(program.install(target, sets[name]), variables)
            told = recording.told()
            recording.tell(Told(dict(recorder.pages), {**told.sets, key_of(name): sets[name]}))
