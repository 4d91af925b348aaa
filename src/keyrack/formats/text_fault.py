"""What is wrong in a text and where: the words, and carets below the place, as uv writes them."""

from __future__ import annotations

from keyrack.errors import InvalidText
from keyrack.values.redaction import redacted

LONGEST = 500
"""Characters of a broken text that a message repeats."""


class Fault(Exception):
    """A text breaks its grammar at `start`, for `length` characters; whoever knows the whole text makes the error."""

    def __init__(self, message: str, start: int, length: int = 1) -> None:
        """Places are counted in characters from the text's begin."""
        super().__init__(message)
        self.message = message
        self.start = start
        self.length = length

    def shifted(self, by: int) -> Fault:
        """Give the same fault as seen from a text in which this one starts at `by`."""
        return Fault(self.message, self.start + by, self.length)


def failed_to_parse(text: str, fault: Fault) -> InvalidText:
    """Make the error: the text, what is wrong, the text once more with carets below the place.

    Where the text holds credentials they are masked, and the carets, which would then point beside, are left out; so
    they are below a text that had to be cut short.
    """
    shown = redacted(text)
    if len(shown) > LONGEST:
        shown = f"{shown[:LONGEST]}..."
    lines = [fault.message]
    if shown.strip() and "\n" not in shown:
        lines.append(shown)
        if shown == text:
            lines.append(" " * fault.start + "^" * max(fault.length, 1))
    return InvalidText(f"Failed to parse: `{shown}`", causes=("\n".join(lines),))
