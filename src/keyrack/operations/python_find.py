"""Answer which Python a command here would take, and which Pythons there are on this machine."""

from __future__ import annotations

import os

import msgspec

from keyrack.operations.python_choice import choose_python, misfit
from keyrack.operations.pythons import Pythons, Wanted, installed, one_for
from keyrack.values.interpreter import Interpreter
from keyrack.values.python_request import key_of, parse_python_request


class FoundPython(msgspec.Struct, frozen=True):
    """The Python that would be taken, and what is to be told about it."""

    python: Interpreter
    warnings: tuple[str, ...] = ()


def find_python(pythons: Pythons, asked: str | None, *, system: bool, with_project: bool) -> FoundPython:
    """Find the Python that is asked for, else the one that the folder is for. Raises `NoPython`, `BrokenPython`."""
    choice = choose_python(pythons, asked, with_project=with_project)
    found = one_for(pythons, choice.request, Wanted.SYSTEM if system else Wanted.ANY)
    warnings = choice.warnings
    if text := misfit(choice, found):
        hint = "\nUse `keyrack python pin` to update the `.python-version` file to a compatible version"
        warnings = (*warnings, text + (hint if choice.pinned_in else ""))
    return FoundPython(found, warnings)


class ListedPython(msgspec.Struct, frozen=True):
    """One executable: the key of its Python, its path, and where the path leads if it is a link."""

    key: str
    python: Interpreter
    path: str
    link: str | None = None


_ORDER = ("cpython", "pypy", "graalpy")


def list_pythons(pythons: Pythons, asked: str | None) -> tuple[ListedPython, ...]:
    """Give every Python of the search path that fits a request, newest first."""
    request = parse_python_request(asked or "")
    rows = [
        ListedPython(key_of(found), found, found.executable, _link(found.executable))
        for found in installed(pythons, request)
    ]
    rows.sort(key=lambda row: (row.python.python, row.path), reverse=True)
    return tuple(sorted(rows, key=_rank))


def _rank(row: ListedPython) -> int:
    name = row.python.implementation
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _link(path: str) -> str | None:
    return os.readlink(path) if os.path.islink(path) else None
