"""An index as people write it: `NAME=URL`, a URL, or a path; URLs of local folders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from keyrack.errors import InvalidText
from keyrack.values.index import IndexFormat
from keyrack.values.late import LateModule, pattern
from keyrack.values.layer import IndexEntry
from keyrack.values.names import index_name
from keyrack.values.url import ParsedUrl, Url, parse_url

if TYPE_CHECKING:
    import pathlib
else:
    pathlib = LateModule("pathlib")

_SCHEME = pattern(r"[A-Za-z][A-Za-z0-9+.-]*://|file:")
_PATH = pattern(r"\.{1,2}[/\\]|[/\\]|[A-Za-z]:[/\\]")
_NAMED = pattern(r"([A-Za-z0-9._-]+)=(.*)\Z", re.DOTALL)


def parse_index_text(text: str, folder: str, place: str, *, flat: bool = False) -> IndexEntry:
    """Read an index argument; a path starts at `folder` (absolute). `InvalidText` names the place, not the text."""
    name, rest = None, text.strip()
    if (named := _NAMED.match(rest)) and not _SCHEME.match(rest):
        name, rest = index_name(named[1]), named[2]
    try:
        parsed = parse_location(rest, folder)
    except InvalidText as error:
        raise InvalidText(f"Invalid index URL in {place}") from error
    written = "" if parsed.url.is_web else rest
    kind = IndexFormat.FLAT if flat else IndexFormat.SIMPLE
    return IndexEntry(parsed, name, format=kind, place=place, written=written)


def is_ambiguous(text: str) -> bool:
    """Say whether a value is a path that might as well be an index's name: `simple`, not `./simple` (uv warns)."""
    named = _NAMED.match(text.strip())
    rest = named[2] if named and not _SCHEME.match(text.strip()) else text.strip()
    return bool(rest) and not _SCHEME.match(rest) and not _PATH.match(rest)


def parse_location(text: str, folder: str) -> ParsedUrl:
    """Read a URL or a path; a path becomes a `file:` URL, relative ones start at `folder`."""
    if _SCHEME.match(text):
        return parse_url(text)
    if not text:
        raise InvalidText("Not a valid URL: it is empty")
    return ParsedUrl(file_url(str(pathlib.PurePath(folder, text))))


def file_url(path: str) -> Url:
    """Write an absolute path as a `file:` URL, without `.` and `..` parts (RFC 8089)."""
    pure = pathlib.PurePath(path)
    drive = f"/{pure.drive}" if pure.drive else ""
    parts = list[str]()
    for part in pure.parts[1:]:
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(quote(part, safe="@!$&'()*+,;=:~"))
    return Url("file", "", None, drive + str(pathlib.PurePosixPath("/", *parts)))
