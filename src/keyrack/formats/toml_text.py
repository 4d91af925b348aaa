"""TOML, with faults told as uv tells them: line, column, the line itself, and a caret below the place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from keyrack.errors import InvalidText
from keyrack.values.late import LateModule, pattern
from keyrack.values.secret import MASK

if TYPE_CHECKING:
    import tomllib
else:
    tomllib = LateModule("tomllib")

_AT = pattern(r"(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)\Z", re.DOTALL)
# Broader than the userinfo of a URL: in a line that cannot be read, nobody knows where a password ends.
_USERINFO = pattern(r"://.*@")

_DEEP_KEY = pattern(r"(?:\.[ \t]*[\"']?[\w-]{1,50}[\"']?[ \t]*){200}")
_LONGEST = 2000
"""Characters of a line that is shown with the fault in it."""


def parse_toml(text: str, place: str) -> dict[str, Any]:
    """Read a document; `InvalidText` names the file, and says where in it what was found."""
    if _DEEP_KEY.search(text):  # the time of reading it grows with the square of its parts
        raise InvalidText(f"Failed to parse: {place}", causes=("TOML parse error: it nests too deeply",))
    try:
        return tomllib.loads(text)
    except ValueError as error:  # `TOMLDecodeError`, or a number with more digits than Python reads
        raise InvalidText(f"Failed to parse: {place}", causes=(_told(text, str(error)),)) from error
    except RecursionError as error:
        raise InvalidText(f"Failed to parse: {place}", causes=("TOML parse error: it nests too deeply",)) from error


def _told(text: str, message: str) -> str:
    found = _AT.match(message)
    if found is None:
        return f"TOML parse error: {message}"
    what = found["what"][:1].lower() + found["what"][1:]
    lines = text.split("\n")
    line = int(found["line"] or len(lines))
    column = int(found["column"] or len(lines[-1]) + 1)
    return marked(lines[line - 1], line, column, what)


def marked(source: str, line: int, column: int, what: str, length: int = 1) -> str:
    """Draw one line of a document with carets below a place; a line that holds credentials is masked."""
    source = source.rstrip("\r")
    if len(source) > _LONGEST:
        return f"TOML parse error at line {line}, column {column}\n{what}"
    shown = _USERINFO.sub(f"://{MASK}@", source)
    number, gap = str(line), " " * len(str(line))
    carets = f"{gap} | {' ' * (column - 1)}{'^' * max(length, 1)}" if shown == source else f"{gap} |"
    return "\n".join(
        (f"TOML parse error at line {line}, column {column}", f"{gap} |", f"{number} | {shown}", carets, what)
    )
