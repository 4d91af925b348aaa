"""`Cutoff`: from when on files do not exist (`exclude-newer`)."""

from __future__ import annotations

import msgspec


class Cutoff(msgspec.Struct, frozen=True):
    """An `instant` (RFC 3339 in UTC), "" for no limit at all; `span` as told, if it counts back from now (ISO 8601)."""

    instant: str = ""
    span: str = ""

    def __str__(self) -> str:
        """Write the instant."""
        return self.instant


UNLIMITED = Cutoff()
"""What stands for `false`: no limit, whatever others say."""
