"""Where the command line writes: the terminal that the composition root hands over, or a test's list of lines."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` takes longer to import than all of this
    from typing import Protocol

    from keyrack.values.log import Level
    from keyrack.values.styled import Piece
else:
    Protocol = object


class Output(Protocol):
    """stdout for results, stderr for everything else; foreign text is filtered behind it."""

    @property
    def is_interactive(self) -> bool:
        """Whether progress may be drawn."""

    @property
    def is_read_by_people(self) -> bool:
        """Whether stdout is a terminal, and no program or file."""

    def result(self, *pieces: Piece) -> None:
        """Write one line of a command's result to stdout."""

    def detail(self, *pieces: Piece) -> None:
        """Write one line of a result that only people read to stdout."""

    def raw_result(self, text: str) -> None:
        """Write a result that another program reads as it is."""

    def say(self, *pieces: Piece) -> None:
        """Write one line for people to stderr."""

    def complain(self, *pieces: Piece) -> None:
        """Write one line of an error to stderr."""

    def log(self, level: Level, line: str) -> None:
        """Write a line of the verbose log."""

    def progress(self, line: str) -> None:
        """Draw one line in place of the last; "" takes it away."""
