"""Ask a person at a terminal. What is asked for never comes from a pipe: that has flags of its own."""

from __future__ import annotations

import os
import warnings
from getpass import GetPassWarning, getpass

from keyrack.errors import KeyrackError

_STDIN, _STDERR = 0, 2


def is_attended() -> bool:
    """Say whether somebody can be asked: stderr is a terminal (uv's rule)."""
    return os.isatty(_STDERR)


def ask(prompt: str) -> str:
    """Ask for a line that may be seen; "" where none comes."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | getattr(os, "O_NOCTTY", 0))
    except OSError:
        terminal = os.dup(_STDIN)
    try:
        os.write(_STDERR, prompt.encode())
        line = b""
        while b"\n" not in line and (piece := os.read(terminal, 4096)):
            line += piece
    finally:
        os.close(terminal)
    return line.partition(b"\n")[0].decode("utf-8", "replace").rstrip("\r")


def ask_secret(prompt: str) -> str:
    """Ask for a line that nobody else may see; "" where none comes. Raises `KeyrackError` where it would be seen."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)
            return getpass(prompt)
    except EOFError:
        return ""
    except GetPassWarning as error:
        raise KeyrackError(
            "This terminal shows what is typed; a password is not asked for here",
            hints=("pass `--password -` and give the password on standard input",),
        ) from error
