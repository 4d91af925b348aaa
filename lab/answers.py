"""Answers that several registries give: bodies with conditions, ranges and gzip; refusals."""

import functools
import gzip
import hashlib

from lab.wire import Request, Response

BINARY = "application/octet-stream"


def etag_of(body: bytes) -> str:
    """A strong validator (RFC 9110, 8.8.3)."""
    return f'"{_digest(body)}"'


@functools.lru_cache(maxsize=4096)
def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=12).hexdigest()


@functools.lru_cache(maxsize=1024)
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


def page(request: Request, body: bytes, media_type: str, *, max_age: int | None, zipped: bool) -> Response:
    """A page: 304 where the client has it, gzip where it may be, fresh for `max_age` seconds.

    With `max_age` None neither a validator nor a life time is sent.
    """
    headers = [("Content-Type", media_type), ("Vary", "Accept, Accept-Encoding")]
    if max_age is not None:
        tag = etag_of(body)
        headers += [("ETag", tag), ("Cache-Control", f"max-age={max_age}")]
        if is_known(request, tag):
            return Response(304, b"", tuple(headers))
    if zipped and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(200, _gzipped(body), (*headers, ("Content-Encoding", "gzip")))
    return Response(200, body, tuple(headers))


def is_known(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` names the validator."""
    told = request.headers.get("if-none-match", "")
    return told == "*" or tag in [part.strip().removeprefix("W/") for part in told.split(",")]


def file(request: Request, body: bytes, *, ranges: bool = True) -> Response:
    """A file; with `ranges` one byte range of it (RFC 9110, 14), else `Range` is not even read."""
    tag = etag_of(body)
    headers: tuple[tuple[str, str], ...] = (("Content-Type", BINARY), ("ETag", tag))
    if is_known(request, tag):
        return Response(304, b"", headers)
    if not ranges:
        return Response(200, body, headers)
    headers += (("Accept-Ranges", "bytes"),)
    if "range" not in request.headers or request.headers.get("if-range", tag) != tag:
        return Response(200, body, headers)
    window = _window(request.headers["range"], len(body))
    if window is None:
        return Response(416, b"", (*headers, ("Content-Range", f"bytes */{len(body)}")))
    first, last = window
    told = ("Content-Range", f"bytes {first}-{last}/{len(body)}")
    return Response(206, body[first : last + 1], (*headers, told))


def _window(text: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte of `bytes=A-B`, `A-` or `-N`; None where nothing is left."""
    first, _, last = text.removeprefix("bytes=").partition("-")
    try:
        if not first:
            return (max(0, size - int(last)), size - 1) if int(last) and size else None
        window = (int(first), min(int(last), size - 1) if last else size - 1)
    except ValueError:
        return None
    return window if window[0] <= window[1] else None


def redirect(status: int, location: str) -> Response:
    """Look elsewhere."""
    return Response(status, b"", (("Location", location),))


def unauthorized(challenge: str, body: bytes = b"who are you?") -> Response:
    """401 with what to answer (RFC 9110, 11.6.1)."""
    return Response(401, body, (("WWW-Authenticate", challenge), ("Content-Type", "text/plain")))


def plain(status: int, text: str) -> Response:
    """A status with a sentence."""
    return Response(status, text.encode(), (("Content-Type", "text/plain; charset=utf-8"),))
