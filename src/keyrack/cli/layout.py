"""Lay out help in two columns, or one below the other where the first is wide, as uv's parser does."""

from __future__ import annotations

WIDTH = 100
"""Columns of help, wherever it is read: what was written down is what is shown."""
_WIDE = 0.4
"""The share of the width that names may take before texts go below them."""


def rows(entries: list[tuple[str, str]], width: int = WIDTH) -> list[tuple[str, str]]:
    """Give the lines of one group of flags: each name with its first line of text, then ("", further lines)."""
    longest = max((len(name) for name, _ in entries), default=0)
    taken = longest + 4
    below = any(_wraps(text, taken, width) for _, text in entries)
    lines = list[tuple[str, str]]()
    for name, text in entries:
        if below:
            lines.append((name, ""))
            lines += [("", " " * 10 + line) for line in wrapped(text, width - 10) or [" " * 10]]
        else:
            first, *others = wrapped(text, width - taken) or [""]
            lines.append((name, " " * (longest + 2 - len(name)) + first))
            lines += [("", " " * taken + line) for line in others]
    return lines


def wrapped(text: str, width: int) -> list[str]:
    """Break a text between words, as `textwrap.wrap` does, which imports `re`; a word that is too wide stays whole."""
    lines = list[str]()
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _wraps(text: str, taken: int, width: int) -> bool:
    return width >= taken and taken / width > _WIDE and len(text) > width - taken
