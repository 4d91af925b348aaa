"""Read the words of one command; what is wrong with them is said as uv's parser says it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

from keyrack.errors import KeyrackError


class UsageError(KeyrackError):
    """The words are not what the command takes. `usage` is the line to show, or ""."""

    def __init__(self, message: str, usage: str = "", tip: str = "") -> None:
        """Keep the three parts apart."""
        super().__init__(message)
        self.usage = usage
        self.tip = tip


class Parser(argparse.ArgumentParser):
    """argparse, which raises `UsageError` instead of leaving the process, and never guesses shortened flags."""

    def __init__(self, prog: str, description: str) -> None:
        """`prog` is the command as typed."""
        super().__init__(prog=prog, description=description, allow_abbrev=False, add_help=False)
        self.add_argument("-h", "--help", action="store_true", dest="help", default=argparse.SUPPRESS, help="Show help")

    def error(self, message: str) -> NoReturn:
        """Turn argparse's sentence into uv's."""
        raise UsageError(_words(message), self._usage_line())

    def read(self, arguments: Sequence[str]) -> dict[str, object]:
        """Parse the words into what was given, by key. `UsageError` for what the command does not take."""
        known, unknown = self.parse_known_intermixed_args(list(arguments))
        if unknown:
            flag = unknown[0].partition("=")[0]
            tip = f"to pass '{flag}' as a value, use '-- {flag}'" if flag.startswith("-") else ""
            raise UsageError(f"unexpected argument '{flag}' found", self._usage_line(), tip)
        return vars(known)

    def _usage_line(self) -> str:
        positionals = [action.metavar for action in self._actions if not action.option_strings]
        shown = "".join(f" {metavar}" for metavar in positionals if isinstance(metavar, str))
        return f"Usage: {self.prog} [OPTIONS]{shown}"


_INVALID_CHOICE = re.compile(r"argument (\S+?)(?:/\S+)*: invalid choice: '(.*)' \(choose from (.*)\)\Z", re.DOTALL)
_MISSING_VALUE = re.compile(r"argument (\S+): expected one argument\Z")
_REQUIRED = re.compile(r"the following arguments are required: (.*)\Z")


def _words(message: str) -> str:
    if found := _INVALID_CHOICE.match(message):
        values = ", ".join(value.strip(" '") for value in found[3].split(","))
        return f"invalid value '{found[2]}' for '{found[1].split('/')[-1]}'\n  [possible values: {values}]"
    if found := _MISSING_VALUE.match(message):
        return f"a value is required for '{found[1].split('/')[-1]}' but none was supplied"
    if found := _REQUIRED.match(message):
        return f"the following required arguments were not provided:\n  {found[1]}"
    return message
