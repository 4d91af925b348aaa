"""A requirement without a name: the path or URL of an archive; its file name tells the package (PEP 427, 625)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from keyrack.errors import InvalidText, NotYet
from keyrack.formats.requirement_text import parse_requirement
from keyrack.values.artifact import SDIST_SUFFIXES, parse_wheel_name
from keyrack.values.late import pattern
from keyrack.values.redaction import redacted
from keyrack.values.requirement import Requirement

_PARTS = pattern(r"(?P<place>.*?)(?P<extras>\[[^\]/\\]*\])?\s*(?P<marker>\s;.*)?\Z", re.DOTALL)
_SDIST = pattern(r"(?P<name>.+?)-(?P<version>\d[^-]*)\Z")
_LONGEST = 2000
"""Characters: the time of reading grows with the square of them."""
WHEEL_INSTEAD = "Build a wheel of it, and give the path of the wheel instead"
"""What to do about whatever this version of keyrack cannot build."""


def is_unnamed(text: str) -> bool:
    """Say whether a text names a file, folder or URL instead of a package: `./x`, `x.whl`, `https://…`, `git+https://…`.

    What stands behind `NAME @` is a reference of a named requirement.
    """
    head = text.partition(";")[0].partition("[")[0].strip()
    before, at, _ = head.partition("@")
    if at and (before.endswith(" ") or not re.search(r"[/\\:]", before)):
        return False
    return bool(re.search(r"[/\\]", head)) or head.endswith((".whl", *SDIST_SUFFIXES)) or head in (".", "..")


def parse_unnamed(text: str, place: str = "", root: str = "") -> Requirement:
    """Read the path or URL of an archive, with extras and a marker behind it. Relative paths start at `root`.

    `InvalidText` where the file name is none of a distribution; `NotYet` for trees and repositories.
    """
    if len(text) > _LONGEST:
        raise InvalidText(f"A requirement has {len(text)} characters; {_LONGEST} are read")
    parts = _PARTS.fullmatch(text.strip())
    location, extras, marker = (parts["place"], parts["extras"], parts["marker"]) if parts else (text, None, None)
    filename = unquote(re.split(r"[/\\]", re.split(r"[?#]", location)[0])[-1])
    name = _project(filename, redacted(location))
    return parse_requirement(f"{name}{extras or ''} @ {location}{marker or ''}", place, root)


def _project(filename: str, shown: str) -> str:
    if filename.endswith(".whl"):
        try:
            return parse_wheel_name(filename).name
        except InvalidText as error:
            raise InvalidText(f"The wheel filename `{filename}` is invalid") from error
    stem = next((filename[: -len(suffix)] for suffix in SDIST_SUFFIXES if filename.endswith(suffix)), None)
    if stem is None:
        raise _no_archive(shown)
    found = _SDIST.match(stem)
    if found is None:
        raise InvalidText(
            f"Cannot tell the package from the filename `{filename}`", hints=("Write `NAME @ PLACE` instead",)
        )
    return found["name"]


def _no_archive(shown: str) -> InvalidText | NotYet:
    if re.match(r"https?:", shown):
        endings = ", ".join(f"`{suffix}`" for suffix in (".whl", *SDIST_SUFFIXES))
        return InvalidText(f"Expected direct URL (`{shown}`) to end in a supported file extension: {endings}")
    return unbuildable("repository" if re.match(r"[a-z]+\+", shown) else "source tree", shown)


def unbuildable(kind: str, shown: str) -> NotYet:
    """Make the error about a source tree or a repository."""
    return NotYet(
        f"Cannot install the {kind} `{shown}`",
        causes=("This version of keyrack does not build packages",),
        hints=(WHEEL_INSTEAD,),
    )
