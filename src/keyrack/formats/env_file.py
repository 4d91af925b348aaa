"""Files of environment variables: `NAME=value` lines, with quotes, comments and `export` as shells have them."""

from __future__ import annotations

import re

from keyrack.errors import InvalidText
from keyrack.values.late import pattern

_LINE = pattern(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*?)\s*\Z")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def parse_env_file(text: str, place: str) -> dict[str, str]:
    """Read the variables; of one name the last counts. `InvalidText` names the line, not what stands there."""
    found = dict[str, str]()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            raise InvalidText(
                f"Failed to parse environment file `{place}`", causes=(f"Line {number} sets no variable",)
            )
        found[match[1]] = _value(match[2])
    return found


def _value(text: str) -> str:
    if text[:1] == "'" and (end := text.find("'", 1)) > 0:
        return text[1:end]
    if quoted := re.match(r'"((?:[^"\\]|\\.)*)"', text):
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), quoted[1])
    return re.split(r"\s+#", text, maxsplit=1)[0].rstrip()
