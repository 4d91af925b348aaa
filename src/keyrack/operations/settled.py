"""Whether a command line was answered before without a change to anything, and nothing has changed since.

This comes before the command line is even read, and imports next to nothing: most runs of `pip install` in a day are
such runs, and they take the time that Python itself takes to start.
"""

from __future__ import annotations

import os

from keyrack.adapters.cache_place import default_folder
from keyrack.adapters.clock import now
from keyrack.adapters.settled import digest, place
from keyrack.adapters.settled import recall as recalled
from keyrack.values.light import Light
from keyrack.values.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_FLEETING = ("_", "SHLVL", "OLDPWD")
"""Variables that a shell changes with every command."""


class Asked(Light):
    """A command line as it was typed, and what surrounds it."""

    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    folder: str

    @property
    def question(self) -> str:
        """All that the answer depends on beside files: the whole environment, too, as files may name any variable."""
        variables = sorted(each for each in self.variables.items() if each[0] not in _FLEETING)
        system = tuple(getattr(os, "uname", tuple)())
        return digest(
            (VERSION, *system, self.folder, *self.arguments, "", *(f"{key}={value}" for key, value in variables))
        )

    @property
    def cache(self) -> str:
        """The cache's folder as far as the environment tells; "" where it is not to be used, or relative."""
        found = self.variables.get("UV_CACHE_DIR") or default_folder(self.variables)
        return "" if self.variables.get("UV_NO_CACHE") or not os.path.isabs(found) else found

    @property
    def path(self) -> str:
        """Where the answer is remembered: one file for each command line and folder, whatever the environment."""
        return place(self.cache, digest((self.folder, *self.arguments)))


class Settled(Light):
    """Everything was there: the environment, or "" where nobody has to be told, and how many requirements there were.

    `environment` is the line that says which one was looked at.
    """

    environment: str
    count: int


class Compiled(Light):
    """A text that was compiled, and how many packages were resolved for it; None where nobody is to be told."""

    text: str
    count: int | None


class Environment(Light):
    """An environment that was made, as texts (`adapters/trees.py`), and the lines that told of it."""

    path: str
    lines: tuple[str, ...]
    taken: tuple[str, ...]


def recall(asked: Asked) -> Settled | Compiled | Environment | None:
    """Give what the same command line came to the last time; None where that is not known to stand."""
    found = recalled(asked.path, asked.question) if asked.cache else None
    if found is None:
        return None
    if found[0] == "venv":
        end = 3 + int(found[2])
        return Environment(found[1], found[3:end], found[end:])
    if len(found) == 2:
        return Settled(found[0], int(found[1]))
    since, until, count, text = found
    return Compiled(text, int(count) if count else None) if float(since) <= now() < float(until) else None
