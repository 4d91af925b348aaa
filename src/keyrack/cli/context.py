"""What every command is handed: the terminal, the environment, and its own words."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Protocol

import msgspec

from keyrack.cli.commands import Command, Found
from keyrack.cli.flags import GLOBAL, IGNORED, add_flags
from keyrack.cli.output import Output
from keyrack.cli.usage import Parser
from keyrack.errors import KeyrackError


class Context(msgspec.Struct, frozen=True):
    """One call of one command. `words` hold what was given, under the names of configuration keys."""

    terminal: Output
    variables: Mapping[str, str]
    words: Mapping[str, object]
    folder: str

    def listed(self, key: str) -> tuple[str, ...]:
        """Give the values of a flag that may be repeated."""
        value = self.words.get(key, ())
        return tuple(map(str, value)) if isinstance(value, list | tuple) else ()

    def text(self, key: str) -> str | None:
        """Give the value of a flag that takes one."""
        value = self.words.get(key)
        return value if isinstance(value, str) else None

    def has(self, key: str) -> bool:
        """Say whether a switch was given."""
        return bool(self.words.get(key))


class Module(Protocol):
    """What a command's module offers."""

    @staticmethod
    def configure(parser: Parser) -> None:
        """Add the command's own words to the parser."""
        ...

    @staticmethod
    def run(context: Context) -> int:
        """Carry the command out and give the exit code."""
        ...


def command_module(command: Command) -> Module:
    """Import a command's module."""
    return import_module(command.module)  # type: ignore[return-value]


def parser_for(command: Command) -> Parser:
    """Make the parser of one command, with the flags that all commands have."""
    parser = Parser(f"keyrack {command.text}", command.help)
    command_module(command).configure(parser)
    add_flags(parser, GLOBAL, IGNORED)
    return parser


def read_words(found: Found) -> dict[str, object]:
    """Read the words of a command; `UsageError` for what it does not take."""
    if found.command is None:
        raise KeyrackError("No command was given")
    return parser_for(found.command).read(found.rest)


def enter_folder(words: Mapping[str, object]) -> str:
    """Go to `--directory` where one is given, and give the folder of this run."""
    wanted = words.get("directory")
    if isinstance(wanted, str):
        try:
            os.chdir(wanted)
        except OSError as error:
            raise KeyrackError(f"Failed to change to the directory `{wanted}`", causes=(str(error),)) from error
    return os.getcwd()
