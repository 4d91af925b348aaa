"""How much is said."""

from __future__ import annotations

from enum import IntEnum


class Volume(IntEnum):
    """How much is said: `-qq`, `-q`, nothing, `-v`, `-vv`."""

    SILENT = -2
    QUIET = -1
    NORMAL = 0
    VERBOSE = 1
    TRACE = 2
