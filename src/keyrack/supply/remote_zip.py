"""A wheel on a server, read from its end by ranges and never with HEAD (RFC 9110, 14; D14)."""

from __future__ import annotations

from typing import Protocol

from keyrack.adapters.spool import Spool
from keyrack.errors import KeyrackError
from keyrack.supply.statuses import BadStatus
from keyrack.supply.wire import Sink
from keyrack.values.artifact import File
from keyrack.values.exchange import Purpose, Request, Response, ResponseHead
from keyrack.values.late import pattern

TAIL = 64 * 1024
"""Bytes that are asked for first: most wheels have their directory and their metadata in them, many lie in whole."""
AHEAD = 16 * 1024
"""Bytes that are asked for before those that are wanted, so that the next reading finds them there."""
FARTHEST = 4 * 1024 * 1024
"""Bytes that the window grows by at most; what lies farther is fetched for itself."""
_CONTENT_RANGE = pattern(r"bytes (\d+)-(\d+)/(\d+)")
# 200: all of it came; 400, 405, 501: the server cannot read the header; 416: it cannot count from the end.
_WITHOUT_PARTS = frozenset({200, 400, 405, 416, 501})


class Files(Protocol):
    """The session, as far as files need it."""

    def fetch(self, request: Request) -> Response:
        """Give a whole answer of any final status but a refusal; raises `Refused`, or what went wrong on the way."""
        ...

    def download(self, request: Request, sink: Sink) -> ResponseHead:
        """Send the body of a 2xx answer into the sink; raises `Refused`, or what went wrong on the way."""
        ...


class NoRanges(KeyrackError):
    """The server does not answer with a part of the file."""


class RemoteZip:
    """The bytes of a file, fetched as far as they are read: a window that ends with the file and grows to its front."""

    def __init__(self, files: Files, file: File, spool: Spool) -> None:
        """`spool` takes the end of the file, or all of it where the server gives all. Ask for the tail first."""
        self._files = files
        self._file = file
        self._spool = spool
        self._start = 0
        self._window = b""
        self.size = 0

    def fetch_tail(self) -> bool:
        """Ask for the end of the file; False where the server ignored that and sent all. Raises `NoRanges`."""
        head = self._files.download(request_for(self._file, Purpose.RANGE, f"bytes=-{TAIL}"), self._spool)
        if head.status == 200:
            return False
        self._start, self.size = self._checked(head, self._spool, None)
        self._window = self._spool.read(0, self._spool.size)
        return True

    @property
    def is_whole(self) -> bool:
        """Whether the tail is all of the file; then the spool holds it."""
        return self._spool.size == self.size

    def read(self, start: int, end: int) -> bytes:
        """Give bytes by their place in the file."""
        end = min(end, self.size)
        if start < min(end, self._start):
            if self._start - start > FARTHEST:
                return self._fetch(start, end)
            # Before the directory of a wheel stands RECORD, which is about as long, and before that the metadata, which
            # will be asked for next.
            begin = max(0, start - (end - start) - AHEAD)
            self._window = self._fetch(begin, self._start) + self._window
            self._start = begin
        return self._window[max(0, start - self._start) : max(0, end - self._start)]

    def _fetch(self, start: int, end: int) -> bytes:
        with Spool(None, ()) as part:
            wanted = f"bytes={start}-{end - 1}"
            head = self._files.download(request_for(self._file, Purpose.RANGE, wanted), part)
            self._checked(head, part, start)
            return part.read(0, end - start)

    def _checked(self, head: ResponseHead, part: Spool, start: int | None) -> tuple[int, int]:
        """Compare what came with what was asked; give where it starts and how long the whole file is."""
        if head.status in _WITHOUT_PARTS:
            raise self._no_ranges(f"The server answered {head.status}")
        if head.status != 206:
            raise BadStatus(self._file.url, head)
        found = _CONTENT_RANGE.fullmatch(head.header("content-range") or "")
        if found is None:
            raise NoRanges(
                f"Failed to read a part of `{self._file.filename}`", causes=("No `Content-Range` came back",)
            )
        first, last, total = (int(number) for number in found.groups())
        is_asked = last == total - 1 if start is None else (first, total) == (start, self.size)
        if not is_asked or part.size != last - first + 1:
            raise self._no_ranges("Another part came back")
        return first, total

    def _no_ranges(self, cause: str) -> NoRanges:
        return NoRanges(f"Failed to read a part of `{self._file.filename}`", causes=(cause,))


def request_for(file: File, purpose: Purpose, wanted: str | None = None) -> Request:
    """Make the request for a file, or for a part of it, as it lies on the server: in the name of its index."""
    headers = (("accept-encoding", "identity"),)
    return Request(
        file.url,
        purpose if file.origin else Purpose.DIRECT,
        file.origin,
        headers if wanted is None else (*headers, ("range", wanted)),
        file.credentials,
        bool(file.digests),
    )
