"""What every command is handed: the terminal, the environment, and its own words."""

from __future__ import annotations

import os
import sys

from keyrack.errors import KeyrackError
from keyrack.values.light import Light

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` takes longer to import than all of this
    from collections.abc import Mapping
    from typing import Protocol

    from keyrack.cli.commands import Command
    from keyrack.cli.grammar import Grammar
    from keyrack.cli.output import Output
    from keyrack.operations.settled import Asked
else:
    Protocol = object


class Context(Light):
    """One call of one command. `words` hold what was given, under the names of configuration keys.

    `asked` is the command line as it was typed, where an answer to it may be remembered; `arguments` are all of its
    words.
    """

    terminal: Output
    variables: Mapping[str, str]
    words: Mapping[str, object]
    folder: str
    asked: Asked | None = None
    arguments: tuple[str, ...] = ()

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

    def told(self, key: str, variable: str) -> bool:
        """Say whether a switch was given, or a variable says the same."""
        if key in self.words:
            return self.has(key)
        from keyrack.operations.environments import is_set  # late: few commands have such a variable

        return is_set(self.variables, variable)


class Module(Protocol):
    """What a command's module offers."""

    GRAMMAR: Grammar

    @staticmethod
    def run(context: Context) -> int:
        """Carry the command out and give the exit code."""


def command_module(command: Command) -> Module:
    """Import a command's module."""
    __import__(command.module)  # `importlib` takes longer to import than most of our modules
    return sys.modules[command.module]  # type: ignore[return-value]


def enter_folder(words: Mapping[str, object], variables: Mapping[str, str]) -> str:
    """Go to `--directory` where one is given, and give the folder of this run."""
    wanted = words.get("directory") or variables.get("UV_WORKING_DIR")
    if isinstance(wanted, str):
        try:
            os.chdir(wanted)
        except OSError as error:
            raise KeyrackError(f"{error.strerror} (os error {error.errno})") from error
    return os.getcwd()
