"""Match a relative path with a glob pattern as uv reads them in `[tool.uv.workspace]`: `*` stays within one folder."""

from __future__ import annotations

import re
from functools import lru_cache


def fits(path: str, pattern: str) -> bool:
    """Say whether a relative path (with `/`) fits a pattern of `*`, `?`, `[...]` and `**`."""
    return _expression(pattern.removeprefix("./").rstrip("/")).fullmatch(path) is not None


@lru_cache(maxsize=256)
def _expression(pattern: str) -> re.Pattern[str]:
    parts = [_segment(part) for part in pattern.split("/")]
    text = "/".join(parts).replace("**/", "(?:[^/]+/)*").replace("/**", "(?:/[^/]+)*").replace("**", ".*")
    return re.compile(text)


def _segment(part: str) -> str:
    if part == "**":
        return part
    text, at = "", 0
    while at < len(part):
        letter = part[at]
        end = part.find("]", at + 2)
        if letter == "[" and end > 0:
            inside = part[at + 1 : end].replace("\\", r"\\").replace("[", r"\[")
            text += f"[{'^' + inside[1:] if inside[0] in '!^' else inside}]"
            at = end
        else:
            text += {"*": "[^/]*", "?": "[^/]"}.get(letter) or re.escape(letter)
        at += 1
    return text
