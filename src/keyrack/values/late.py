"""What costs time to make and is not needed in most runs: regular expressions and modules, made at their first use.

A name stands where an import or a `re.compile` would stand, and type checkers see just that.
"""

from __future__ import annotations

import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # `collections.abc` is not needed before
    from collections.abc import Callable
NEEDED_AFTERWARDS = ("csv", "keyrack.values.redaction", "shutil", "traceback")
"""What a run may need after its first change of an environment, be it for an account of its failure."""
_LATE: list[str] = []


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

    What a run may need after its first change of an environment is imported by `import_the_rest` before.
    """

    def __init__(self, name: str) -> None:
        """Take the module's full name."""
        self._name = name
        _LATE.append(name)

    def __getattr__(self, name: str) -> object:
        """Import, and remember what was asked for."""
        __import__(self._name)
        found: object = getattr(sys.modules[self._name], name)
        self.__dict__[name] = found
        return found


class LateObject:
    """An object that is made when something of it is first used; from one thread, as nobody else knows it before."""

    def __init__(self, make: Callable[[], object]) -> None:
        """`make` is called once."""
        self._make = make
        self._made: list[object] = []

    def __getattr__(self, name: str) -> object:
        """Make it, and remember what was asked for."""
        if not self._made:
            self._made.append(self._make())
        found: object = getattr(self._made[0], name)
        self.__dict__[name] = found
        return found


def import_the_rest() -> None:
    """Import what may be needed afterwards, before an environment is changed: keyrack may be what is replaced there."""
    for name in NEEDED_AFTERWARDS:
        __import__(name)


def import_all_late() -> None:
    """Import every module that is late so far; one that is not there (an optional one) stays away."""
    for name in _LATE:
        try:
            __import__(name)
        except ImportError:
            continue


if TYPE_CHECKING:
    pattern = re.compile
else:
    pattern = LatePattern
