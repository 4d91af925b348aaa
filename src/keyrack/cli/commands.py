"""The words that name commands, and where each is carried out: its module is imported when it is needed (start-up)."""

from __future__ import annotations

import msgspec


class Command(msgspec.Struct, frozen=True):
    """One command: its words, the module in `keyrack.cli` that has its `configure` and `run`, and a line of help."""

    words: tuple[str, ...]
    module: str
    help: str

    @property
    def text(self) -> str:
        """The words as typed."""
        return " ".join(self.words)


def _command(words: str, module: str, text: str) -> Command:
    return Command(tuple(words.split()), f"keyrack.cli.{module}", text)


COMMANDS = (
    _command("pip freeze", "pip_freeze", "List, in requirements format, packages installed in an environment"),
    _command("venv", "venv", "Create a virtual environment"),
)
GROUPS = {
    "pip": "Manage Python packages with a pip-compatible interface",
    "auth": "Look into authentication",
    "cache": "Manage keyrack's cache",
}
VALUE_FLAGS = frozenset(
    ("--color", "--directory", "--project", "--config-file", "--cache-dir", "--allow-insecure-host", "--trusted-host")
)
"""Global flags that take the next word: it is no command."""


class Found(msgspec.Struct, frozen=True):
    """What the words of a command line name: a command, or as much of one as could be read; and the other words."""

    command: Command | None
    words: tuple[str, ...]
    rest: tuple[str, ...]


def find_command(arguments: tuple[str, ...]) -> Found:
    """Find the command in a command line; flags may stand before and between its words."""
    words, rest = list[str](), list[str]()
    known = {command.words: command for command in COMMANDS}
    at = 0
    while at < len(arguments):
        argument = arguments[at]
        at += 1
        if argument.startswith("-"):
            rest.append(argument)
            if argument in VALUE_FLAGS and at < len(arguments):
                rest.append(arguments[at])
                at += 1
            continue
        words.append(argument)
        if (command := known.get(tuple(words))) is not None:
            return Found(command, tuple(words), (*rest, *arguments[at:]))
        if not any(each[: len(words)] == tuple(words) for each in known):
            break
    return Found(None, tuple(words), (*rest, *arguments[at:]))
