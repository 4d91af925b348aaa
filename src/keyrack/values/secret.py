"""Text that no print, log, exception, snapshot or file can show."""

from __future__ import annotations

from typing import NoReturn

MASK = "****"


class Secret:
    """A password or token; prints as `****` everywhere, and only `reveal` gives the text.

    Not a Struct: no encoder can write it, and no copy of it can be pickled.
    """

    __slots__ = ("_text",)
    _text: str

    def __init__(self, text: str) -> None:
        """Hide the text."""
        object.__setattr__(self, "_text", text)

    def reveal(self) -> str:
        """Give the text, for the wire only: never put it into a message, a path or a file."""
        return self._text

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        """Hash by content."""
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        """Show that there is a secret, and nothing of it, not even its length."""
        return MASK

    def __format__(self, _specification: str) -> str:
        """Show that there is a secret, and nothing of it."""
        return MASK

    def __setattr__(self, _name: str, _value: object) -> NoReturn:
        """Refuse: a value does not change."""
        raise AttributeError("a Secret does not change")

    def __reduce__(self) -> NoReturn:
        """Refuse: a secret goes to no file and to no other process by itself."""
        raise TypeError("a Secret cannot be pickled")
