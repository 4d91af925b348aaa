"""How much is said."""

from __future__ import annotations


class Volume(int):
    """How much is said: `-qq`, `-q`, nothing, `-v`, `-vv`. No `IntEnum`: `--version` would wait for its import."""

    SILENT: Volume
    QUIET: Volume
    NORMAL: Volume
    VERBOSE: Volume
    TRACE: Volume


Volume.SILENT = Volume(-2)
Volume.QUIET = Volume(-1)
Volume.NORMAL = Volume(0)
Volume.VERBOSE = Volume(1)
Volume.TRACE = Volume(2)
