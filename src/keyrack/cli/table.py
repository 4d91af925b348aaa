"""A table of texts under headings, with a line of dashes between, as pip and uv print it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Give the lines of a table; columns are as wide as their widest text, and no line ends in spaces."""
    widths = [max(map(width, column)) for column in zip(headings, *rows, strict=True)]
    lines = [headings, ["-" * each for each in widths], *rows]
    return [" ".join(map(_filled, line, widths)).rstrip() for line in lines]


def width(text: str) -> int:
    """Count the columns that a text takes on a terminal (UAX 11, combining marks take none)."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(bool(unicodedata.combining(letter)) for letter in text)


def _filled(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
