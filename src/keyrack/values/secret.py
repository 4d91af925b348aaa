"""Text that no print, log, exception or snapshot can show."""

from __future__ import annotations

from typing import Any

import msgspec

MASK = "****"


class Secret(msgspec.Struct, frozen=True, repr_omit_defaults=False):
    """A password or token; prints as `****` everywhere, and only `reveal` gives the text."""

    _text: str

    def reveal(self) -> str:
        """Give the text, for the wire only: never put it into a message, a path or a file."""
        return self._text

    def __repr__(self) -> str:
        """Show that there is a secret, and nothing of it."""
        return MASK

    def __str__(self) -> str:
        """Show that there is a secret, and nothing of it."""
        return MASK

    def __format__(self, _specification: str) -> str:
        """Show that there is a secret, and nothing of it."""
        return MASK

    def __rich_repr__(self) -> Any:  # type: ignore[explicit-any]
        """Keep the fields from msgspec's own rich printing."""
        yield MASK
