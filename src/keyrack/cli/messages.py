"""An error as people read it: `error:`, `cause:` lines, `hint:` lines."""

from __future__ import annotations

from keyrack.cli.output import Output
from keyrack.cli.usage import UsageError
from keyrack.errors import KeyrackError
from keyrack.values.styled import Style, Styled

TYPE_CHECKING = False
if TYPE_CHECKING:  # `collections` takes longer to import than all of this
    from collections.abc import Iterator


def complain(terminal: Output, error: KeyrackError) -> None:
    """Print an error with its causes (its own, then those it was raised from) and every hint once.

    What was mistyped may be repeated in it, so all of it is redacted once more.
    """
    from keyrack.values.redaction import redacted  # late: start-up

    terminal.complain(Styled("error", Style.ERROR), ": ", redacted(error.message))
    if isinstance(error, UsageError):
        _complain_of_usage(terminal, error)
    # A driver that adds what it attempted repeats the causes that it was told.
    for cause in dict.fromkeys(_causes(error)):
        # Line by line: what a build says is long, and its end is what counts.
        first, *rest = cause.split("\n")
        terminal.complain("  ", Styled("cause", Style.ERROR), ": ", redacted(first))
        for line in map(redacted, rest):
            terminal.complain("         " if line else "", line)
    hints = dict.fromkeys(_hints(error))
    for hint in hints:
        terminal.complain("")
        terminal.complain(Styled("hint", Style.HINT), ": ", redacted(hint))


def confess(terminal: Output, error: Exception) -> None:
    """Print a fault of keyrack's own: what it is, and the places in the code; never a value that may be a secret."""
    import traceback  # late: rarely needed

    places = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    hint = "This is a fault in keyrack. Please report it with the command and these lines"
    complain(terminal, KeyrackError("Something unforeseen happened", causes=(said, "\n".join(places)), hints=(hint,)))


def _complain_of_usage(terminal: Output, error: UsageError) -> None:
    for part in (f"  tip: {error.tip}" if error.tip else "", error.usage, "For more information, try '--help'."):
        if part:
            terminal.complain("")
            terminal.complain(part)


def _chain(error: KeyrackError) -> Iterator[KeyrackError]:
    current: BaseException | None = error
    while isinstance(current, KeyrackError):
        yield current
        current = current.__cause__


def _causes(error: KeyrackError) -> Iterator[str]:
    for depth, link in enumerate(_chain(error)):
        if depth:
            yield link.message
        yield from link.causes


def _hints(error: KeyrackError) -> Iterator[str]:
    for link in _chain(error):
        yield from link.hints
