"""What a run tells of itself: a level and a line, handed to whoever listens."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum


class Level(IntEnum):
    """uv's log levels; `-v` shows debug and above, `-vv` trace as well."""

    ERROR = 40
    WARN = 30
    DEBUG = 20
    TRACE = 10


Log = Callable[[Level, str], None]
"""Takes one line; may be called from any thread. Lines are built from `Url` and `Secret`, so they are redacted."""


def silent(_level: Level, _line: str) -> None:
    """Listen to nothing."""
