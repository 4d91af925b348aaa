"""What a run tells of itself: a level and a line, handed to whoever listens."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # `collections` takes longer to import than `--version` has
    from collections.abc import Callable


class Level(int):
    """uv's log levels; `-v` shows debug and above, `-vv` trace as well. No `IntEnum`, for start-up (as `Volume`)."""

    ERROR: Level
    WARN: Level
    DEBUG: Level
    TRACE: Level

    @property
    def name(self) -> str:
        """What a line of the log begins with."""
        return _NAMES[self]


_NAMES = {10: "TRACE", 20: "DEBUG", 30: "WARN", 40: "ERROR"}
Level.TRACE, Level.DEBUG, Level.WARN, Level.ERROR = map(Level, _NAMES)

if TYPE_CHECKING:
    Log = Callable[[Level, str], None]
else:
    Log = object
"""Takes one line; may be called from any thread. Lines are built from `Url` and `Secret`, so they are redacted."""


def silent(_level: Level, _line: str) -> None:
    """Listen to nothing."""
