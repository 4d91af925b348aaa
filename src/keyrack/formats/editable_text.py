"""What stands behind `-e`: the folder of a source tree (PEP 660)."""

from __future__ import annotations

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.requirement_text import parse_requirement
from keyrack.formats.unnamed_requirement import is_unnamed, parse_unnamed
from keyrack.values.late import pattern
from keyrack.values.redaction import redacted
from keyrack.values.requirement import FromGit, FromTree, FromUrl, Requirement, Unnamed

_NAMED = pattern(r"@|[=<>~!]=|[<>]")
"""What stands in a requirement that has a name, and in no usual path."""


def parse_editable(text: str, place: str = "", root: str = "") -> Requirement | Unnamed:
    """Read a path, perhaps with extras and a marker, or `NAME @ PATH`. Relative paths start at `root`.

    `InvalidText` where it names anything but a folder.
    """
    text = text.strip()
    if not is_unnamed(text) and _NAMED.search(text):
        found: Requirement | Unnamed = parse_requirement(text, place, root)
    else:
        # Without a slash it would be a name; here it can only be a path.
        found = parse_unnamed(text if is_unnamed(text) else f"./{text}", place, root)
    if isinstance(found.source, FromTree):
        return msgspec.structs.replace(found, source=msgspec.structs.replace(found.source, editable=True))
    raise InvalidText(
        f"Unsupported editable requirement{f' in {place}' if place else ':'} `{redacted(text)}`",
        causes=(f"{_kind(found)} cannot be editable",),
        hints=("Editable requirements must refer to a local directory",),
    )


def _kind(found: Requirement | Unnamed) -> str:
    if isinstance(found.source, FromGit):
        return "Git sources"
    if not isinstance(found.source, FromUrl):
        return "Registry requirements"
    return "Local archives" if found.source.url.scheme == "file" else "Remote archives"
