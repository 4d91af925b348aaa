"""Whether the links of a page hold what may be a secret: such a page never touches the disk.

It is decided on the bytes, before anything is parsed: a signed query (`?sig=...`) or userinfo (`//user:password@`) in
the value of an `href` or a `url`. A page that is wrongly suspected is fetched each time, and that is all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from keyrack.values.late import pattern

# By the one byte that each begins with: to look for one byte is ten times as fast as to look for six.
_QUERIES = {b"?": (b"?",), b"\\": (b"\\u003f", b"\\u003F"), b"&": (b"&#63;",)}
_USERINFO = {b"@": (b"@",), b"\\": (b"\\u0040",), b"&": (b"&#64;",)}
_ENDS = (b'"', b"'", b" ", b">", b"\n", b"\t")
_LONGEST = 8192
"""Bytes of a link that are looked at, back from the suspicious place."""
_NAMED = pattern(rb"""(?:href|url)["']?\s*[=:]\s*["']?\Z""", re.IGNORECASE)
_UNQUOTED = pattern(rb"(?:href|url)=", re.IGNORECASE)
_AUTHORITY = pattern(rb"(?:\\?/){2}[^/\\]*\Z")


def has_open_links(body: bytes) -> bool:
    """Say whether no link of a page, JSON or HTML, holds a query or userinfo."""
    return not (_holds(body, _QUERIES, _is_any) or _holds(body, _USERINFO, _is_authority))


def _holds(body: bytes, marks: Mapping[bytes, tuple[bytes, ...]], is_secret: Callable[[bytes], bool]) -> bool:
    there = (mark for first, spelled in marks.items() if first in body for mark in spelled)
    return any(is_secret(link) for mark in there for link in _links_before(body, mark))


def _is_any(_link: bytes) -> bool:
    return True


def _is_authority(link: bytes) -> bool:
    return _AUTHORITY.search(link) is not None


def _links_before(body: bytes, mark: bytes) -> Iterator[bytes]:
    """Give the beginnings of links that a mark follows, unless it stands in their fragment."""
    at = body.find(mark)
    while at >= 0:
        link = _link_before(body, at)
        if link is not None and b"#" not in link.replace(b"&#", b""):
            yield link
        at = body.find(mark, at + len(mark))


def _link_before(body: bytes, at: int) -> bytes | None:
    """Give what stands before a place if it is the beginning of a link, else None."""
    lowest = max(0, at - _LONGEST)
    start = max(body.rfind(end, lowest, at) for end in _ENDS) + 1
    link = body[max(start, lowest) : at]
    if _NAMED.search(body, max(0, start - 32), start) or _UNQUOTED.match(link):
        return link
    return None
