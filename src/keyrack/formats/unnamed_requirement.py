"""A requirement without a name: the path or URL of an archive, a folder or a repository (PEP 427, 508, 625)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from packaging.markers import Marker
from packaging.version import InvalidVersion, Version

from keyrack.errors import InvalidText
from keyrack.formats.marker_text import parse_marker
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.requirement_url import from_reference, local_text
from keyrack.formats.text_fault import Fault, failed_to_parse
from keyrack.values.artifact import SDIST_SUFFIXES, parse_wheel_name
from keyrack.values.late import pattern
from keyrack.values.names import ExtraName, PackageName, package_name
from keyrack.values.requirement import FromGit, FromTree, FromUrl, Requirement, Unnamed

_PARTS = pattern(r"(?P<place>.*?)(?P<extras>\[[^\]/\\]*\])?\s*(?P<marker>(?<=[\s\]]);.*)?\Z", re.DOTALL)
_SDIST = pattern(r"(?P<name>.+?)-(?P<version>\d[^-]*)\Z")
_GENERATED = pattern(r"/archive/")
"""A path on hosts of repositories whose files are made when they are asked for, and named after a branch."""
_LONGEST = 2000
"""Characters: the time of reading grows with the square of them."""


def is_unnamed(text: str) -> bool:
    """Say whether a text names a file, folder or URL instead of a package: `./x`, `x.whl`, `https://…`, `git+https://…`.

    What stands behind `NAME @` is a reference of a named requirement.
    """
    head = text.partition(";")[0].partition("[")[0].strip()
    before, at, _ = head.partition("@")
    if at and (before.endswith(" ") or not re.search(r"[/\\:]", before)):
        return False
    return bool(re.search(r"[/\\]", head)) or head.endswith((".whl", *SDIST_SUFFIXES)) or head in (".", "..")


def parse_unnamed(text: str, place: str = "", root: str = "") -> Requirement | Unnamed:
    """Read a path or URL, with extras and a marker behind it. Relative paths start at `root`.

    A file's name mostly tells the package. `InvalidText` where a wheel's does not, or a URL names no archive.
    """
    if len(text) > _LONGEST:
        raise InvalidText(f"A requirement has {len(text)} characters; {_LONGEST} are read")
    parts = _PARTS.fullmatch(text.strip())
    location, extras, marker = parts.groups() if parts else (text, None, None)
    location = location.strip()
    try:
        source, digests = from_reference(location, root)
        applies = _marker(text, marker)
    except Fault as fault:
        raise failed_to_parse(text, fault) from fault
    found = Unnamed(source, _extras(extras), applies, digests, place, given=local_text(location))
    name = _project(source)
    return found if name is None else found.named(name)


def _extras(text: str | None) -> frozenset[ExtraName]:
    return frozenset() if text is None else parse_requirement(f"x{text}").extras


def _marker(text: str, marker: str | None) -> Marker | None:
    if marker is None or not marker.lstrip(";").strip():
        return None
    try:
        return parse_marker(marker[1:].strip())
    except Fault as fault:
        start = text.find(marker) + 1
        raise fault.shifted(start + len(marker[1:]) - len(marker[1:].lstrip())) from fault


def _project(source: FromUrl | FromTree | FromGit) -> PackageName | None:
    """Read the package off the name of an archive; None where that does not tell it for certain."""
    if not isinstance(source, FromUrl):
        return None
    filename = unquote(source.url.filename)
    if filename.endswith(".whl"):
        try:
            return parse_wheel_name(filename).name
        except InvalidText as error:
            raise InvalidText(f"The wheel filename `{filename}` is invalid") from error
    stem = next((filename[: -len(suffix)] for suffix in SDIST_SUFFIXES if filename.endswith(suffix)), "")
    found = _SDIST.match(stem)
    if found is None or (source.url.is_web and _GENERATED.search(source.url.path)):
        return None
    try:
        Version(found["version"])
        return package_name(found["name"])
    except (InvalidVersion, InvalidText):
        return None
