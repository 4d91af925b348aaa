"""Where in a TOML text a key stands, found by its lines: good enough to point at what a reader of tables refused."""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from keyrack.values.late import pattern

Path = tuple[str | int, ...]
"""Keys from the root, and positions in arrays of tables."""

_KEY = r"(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)"
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = pattern(rf"\s*(?P<open>\[\[?)\s*(?P<keys>{_DOTTED})\s*\]\]?\s*(?:#.*)?\Z")
_PAIR = pattern(rf"\s*(?P<keys>{_DOTTED})\s*=\s*(?P<value>.*)\Z")


class Spot(msgspec.Struct, frozen=True):
    """A piece of one line; line and column count from 1."""

    line: int
    column: int
    length: int
    text: str


def find_spot(text: str, path: Path, *, key: bool) -> Spot | None:
    """Find a key, or its value; of what stands inside a value, that value. None where nothing of the path is found."""
    spots = _spots(text)
    for length in range(len(path), 0, -1):
        pair = spots.get(path[:length])
        if pair is not None:
            return pair[0] if key else pair[1]
    return None


def _spots(text: str) -> dict[Path, tuple[Spot, Spot]]:
    found = dict[Path, tuple[Spot, Spot]]()
    counts = Counter[Path]()
    current: Path = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            current = _resolved(_keys(header["keys"]), counts)
            if header["open"] == "[[":
                counts[current] += 1
                current = (*current, counts[current] - 1)
            whole = line.strip()
            spot = Spot(number, line.index("[") + 1, len(whole), line)
            found.setdefault(current, (spot, spot))
        elif pair := _PAIR.match(line):
            at = Spot(number, pair.start("keys") + 1, len(pair["keys"]), line)
            value = Spot(number, pair.start("value") + 1, len(_without_comment(pair["value"].rstrip())), line)
            found.setdefault((*current, *_keys(pair["keys"])), (at, value))
    return found


def _resolved(keys: Path, counts: Counter[Path]) -> Path:
    """Put the last position of each array of tables into the path of a table below it."""
    resolved: Path = ()
    for key in keys[:-1]:
        resolved = (*resolved, key)
        if counts[resolved]:
            resolved = (*resolved, counts[resolved] - 1)
    return (*resolved, *keys[-1:])


def _keys(text: str) -> Path:
    return tuple(key.strip("\"'") for key in re.findall(_KEY, text))


def _without_comment(value: str) -> str:
    if value[:1] in ('"', "'"):
        closing = value.find(value[0], 1)
        return value[: closing + 1] if closing > 0 else value
    return value.partition("#")[0].rstrip()
