"""The one rule that every reader is held to: foreign bytes are read, or refused in words; nothing else happens."""

from __future__ import annotations

import time
import tracemalloc
from contextlib import suppress

from fuzz.targets import Target
from keyrack.adapters.terminal import clean
from keyrack.errors import KeyrackError
from keyrack.values.redaction import redacted

LONGEST_RUN = 2.0
"""Seconds of work that one body may take."""
LONGEST_MESSAGE = 20_000
"""Characters that all lines of an error may have together."""
MOST_MEMORY = 64 * 1024 * 1024
"""Bytes that one body may take at its worst."""


class Broken(AssertionError):
    """A reader did not keep the rule."""


def judge(target: Target, body: bytes, *, weigh: bool = False) -> None:
    """Run a target on a body; raises `Broken`, or whatever the reader should never have raised."""
    if weigh:
        tracemalloc.start()
    begun = time.process_time()
    try:
        with suppress(KeyrackError):
            _told(target, body)
        seconds = time.process_time() - begun
        _, most = tracemalloc.get_traced_memory() if weigh else (0, 0)
    finally:
        if weigh:
            tracemalloc.stop()
    if seconds > LONGEST_RUN:
        raise Broken(f"`{target.name}` took {seconds:.1f} s for {len(body)} bytes")
    if most > MOST_MEMORY:
        raise Broken(f"`{target.name}` took {most} bytes of memory for {len(body)} bytes")


def _told(target: Target, body: bytes) -> None:
    try:
        target.run(body)
    except KeyrackError as error:
        lines = (error.message, *error.causes, *error.hints)
        if not error.message.strip():
            raise Broken(f"`{target.name}` refused without a word") from error
        shown = clean("\n".join(map(redacted, lines)))  # as the command line prints it
        if len(shown) > LONGEST_MESSAGE:
            raise Broken(f"`{target.name}` needs {len(shown)} characters to refuse") from error
        if any(not letter.isprintable() and letter in "\x00\x07\x08\x1b\r\x7f\x9b\u202e" for letter in shown):
            raise Broken(f"`{target.name}` lets a control character through") from error
