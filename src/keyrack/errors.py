"""The one base class of everything that keyrack says went wrong: a message, its causes, its hints."""

from __future__ import annotations


class KeyrackError(Exception):
    """Something that was attempted did not work; the CLI prints it as `error:`, `cause:` and `hint:` lines.

    `message` says what was attempted and on what; `causes` say what came back, outermost first; `hints` say what to
    type. None of them may hold a secret: `Url` and `Secret` print redacted, so build the text from those.
    `exit_code` is 2 for errors and 1 for a request that was understood and cannot be met.
    """

    exit_code = 2

    def __init__(self, message: str, *, causes: tuple[str, ...] = (), hints: tuple[str, ...] = ()) -> None:
        """Keep the three parts apart, so that the CLI can print each in its own form."""
        super().__init__(message)
        self.message = message
        self.causes = causes
        self.hints = hints


class InvalidText(KeyrackError):
    """A text from outside (name, URL, requirement, file) is not what its standard says it should be."""


class UnmetRequest(KeyrackError):
    """The request was understood and cannot be met (no solution, a stale lock, a failed check)."""

    exit_code = 1


class NotYet(KeyrackError):
    """What is asked for belongs to a later version of keyrack: trees, repositories, anything that must be built."""
