"""Turn a marker into the one that holds everywhere else (PEP 508; De Morgan's laws)."""

from __future__ import annotations

from packaging.markers import Marker

from keyrack.values.late import pattern

_TOKEN = pattern(r"""\s*(\(|\)|"[^"]*"|'[^']*'|===|~=|[<>=!]=|[<>]|not\s+in\b|[\w.]+)""")
_OPPOSITE = {
    "==": "!=",
    "!=": "==",
    "===": "!=",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "in": "not in",
    "not in": "in",
}


def negated(marker: Marker) -> Marker:
    """Give the marker that holds where this one does not."""
    words = [" ".join(word.split()) for word in _TOKEN.findall(str(marker))]
    text, _ = _either(words, 0)
    return Marker(text)


def _either(words: list[str], at: int) -> tuple[str, int]:
    """Negate `a or b` from a place on; give the text and the place behind it."""
    parts = list[str]()
    while True:
        text, at = _both(words, at)
        parts.append(text)
        if at >= len(words) or words[at] != "or":
            return " and ".join(parts), at
        at += 1


def _both(words: list[str], at: int) -> tuple[str, int]:
    parts = list[str]()
    while True:
        text, at = _one(words, at)
        parts.append(text)
        if at >= len(words) or words[at] != "and":
            return f"({' or '.join(parts)})" if len(parts) > 1 else parts[0], at
        at += 1


def _one(words: list[str], at: int) -> tuple[str, int]:
    if words[at] == "(":
        text, at = _either(words, at + 1)
        return f"({text})", at + 1
    left, operator, right = words[at : at + 3]
    if operator == "~=":
        # `a ~= "1.4.2"` says `a >= "1.4.2"` and `a == "1.4.*"` (PEP 440).
        quote, version = right[0], right[1:-1]
        series = f"{quote}{version.rpartition('.')[0]}.*{quote}"
        return f"({left} < {right} or {left} != {series})", at + 3
    return f"{left} {_OPPOSITE[operator]} {right}", at + 3
