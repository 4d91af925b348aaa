"""What costs time to make and is not needed in most runs: regular expressions and modules, made at their first use.

A name stands where an import or a `re.compile` would stand, and type checkers see just that.
"""

from __future__ import annotations

import re
import sys

TYPE_CHECKING = False


class LatePattern:
    """A regular expression that is compiled when it is first used: a hundred of them take as long as Python's start."""

    def __init__(self, text: str | bytes, flags: int | re.RegexFlag = 0) -> None:
        """As `re.compile`."""
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        """Compile, and remember what was asked for."""
        found: object = getattr(re.compile(self._text, self._flags), name)
        self.__dict__[name] = found
        return found


class LateModule:
    """A module that is imported when something of it is first used.

    Nothing that a run may need after its first change of a file may be late: keyrack may be what is replaced.
    """

    def __init__(self, name: str) -> None:
        """Take the module's full name."""
        self._name = name

    def __getattr__(self, name: str) -> object:
        """Import, and remember what was asked for."""
        __import__(self._name)
        found: object = getattr(sys.modules[self._name], name)
        self.__dict__[name] = found
        return found


if TYPE_CHECKING:
    pattern = re.compile
else:
    pattern = LatePattern
