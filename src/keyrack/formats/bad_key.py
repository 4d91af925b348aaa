"""A key of a table of settings that cannot be read: the way to it, and the place in its text that a message shows."""

from __future__ import annotations

from keyrack.formats.toml_place import Path, find_spot
from keyrack.formats.toml_text import marked


class BadKey(Exception):
    """A key or its value cannot be read; whoever knows the text, the flag or the variable makes the error.

    `path` leads to it from the table that was read; `of_key` says that the key itself is unknown.
    """

    def __init__(self, path: Path, message: str, *, of_key: bool = False) -> None:
        """`message` says what is wrong there, in uv's words."""
        super().__init__(message)
        self.path = path
        self.message = message
        self.of_key = of_key

    def told(self, text: str, table: Path = ()) -> str:
        """Point at the place of the fault in a TOML text, where its line can be found; `table` is what was read."""
        spot = find_spot(text, (*table, *self.path), key=self.of_key)
        if spot is None:
            return f"TOML parse error: {self.message}"
        return marked(spot.text, spot.line, spot.column, self.message, spot.length)
