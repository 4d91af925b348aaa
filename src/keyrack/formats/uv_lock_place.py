"""Where in uv.lock something stands that cannot be read: the way to it from the root, and its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from keyrack.errors import InvalidText
from keyrack.formats.bad_key import BadKey
from keyrack.formats.text_fault import Fault
from keyrack.formats.toml_place import Path, Spot, find_spot
from keyrack.formats.toml_text import marked

T = TypeVar("T")
R = TypeVar("R")


def within(key: Path, read: Callable[[T], R], value: T) -> R:
    """Read a value; what is wrong with it is told as `BadKey`, with the way to it from where `key` starts."""
    try:
        return read(value)
    except BadKey as error:
        raise BadKey((*key, *error.path), error.message, of_key=error.of_key) from error
    except Fault as fault:
        raise BadKey(key, fault.message) from fault
    except InvalidText as error:
        raise BadKey(key, "\n".join((error.message, *error.causes))) from error


def each(key: str, read: Callable[[T], R], values: Iterable[T]) -> tuple[R, ...]:
    """Read the values of an array."""
    return tuple([within((key, at), read, value) for at, value in enumerate(values)])


def wrong_type(error: msgspec.ValidationError) -> BadKey:
    """Turn what msgspec says of a table into words and a way."""
    what, _, trail = str(error).partition(" - at `$")
    steps = re.findall(r"\.([\w-]+)|\[(\d+)\]", trail.partition("[...]")[0])
    path = tuple(name or int(number) for name, number in steps)
    if missing := re.fullmatch(r"Object missing required field `(.*)`", what):
        return BadKey(path, f"missing field `{missing[1]}`", of_key=True)
    return BadKey(path, f"invalid type: {what[:1].lower()}{what[1:]}".replace(" | null", ""))


def told(text: str, error: BadKey) -> str:
    """Draw the line that an error is about."""
    spot = find_spot(text, error.path, key=error.of_key)
    if spot is None:
        return f"TOML parse error: {error.message}"
    spot = _element(text, spot, error.path)
    return marked(spot.text, spot.line, spot.column, error.message, spot.length)


def _element(text: str, spot: Spot, path: Path) -> Spot:
    """Go on to the line of an element: in a lock, each element of an array that is opened has a line of its own."""
    at = next((step for step in reversed(path) if isinstance(step, int)), None)
    if at is None or not spot.text.endswith("= ["):
        return spot
    lines = text.split("\n")
    line = lines[spot.line + at].rstrip().removesuffix(",") if spot.line + at < len(lines) else ""
    if not line.startswith("    "):
        return spot
    return Spot(spot.line + at + 1, 5, len(line) - 4, line)
