"""Write down in `.python-version` which Python a folder, or everything of a user, is for."""

from __future__ import annotations

import os

import msgspec

from keyrack.adapters.disk import write_atomic
from keyrack.adapters.python_files import user_version_folder, version_file
from keyrack.errors import KeyrackError
from keyrack.operations.python_choice import project_pythons
from keyrack.operations.pythons import NoPython, Pythons, Wanted, one_for
from keyrack.values.interpreter import Interpreter
from keyrack.values.python_request import PythonRequest, PythonRequestKind, parse_python_request

NAME = ".python-version"


class PinRequest(msgspec.Struct, frozen=True):
    """What is pinned: `resolved` writes the path of the Python instead of what was asked for."""

    asked: str
    resolved: bool = False
    is_global: bool = False
    with_project: bool = True


class Pinned(msgspec.Struct, frozen=True):
    """What was written where: `before` is "" where nothing was pinned."""

    file: str
    text: str
    before: str
    warnings: tuple[str, ...] = ()


class NoPin(KeyrackError):
    """Nothing is pinned here."""


def pinned(pythons: Pythons, *, is_global: bool) -> tuple[str, ...]:
    """Give what is pinned, one request a line; raises `NoPin`."""
    found = _found(pythons, is_global=is_global)
    wanted = _lines(found[1]) if found else ()
    if not wanted:
        raise NoPin("No Python version file found; specify a version to create one")
    return wanted


def unpin(pythons: Pythons, *, is_global: bool) -> str:
    """Remove the file and say which; raises `NoPin`."""
    found = _found(pythons, is_global=is_global)
    if found is None:
        raise NoPin("No global Python pin found" if is_global else "No Python version file found")
    os.unlink(found[0])
    return found[0]


def pin(pythons: Pythons, request: PinRequest) -> Pinned:
    """Write the file. A Python that is not there yet may be pinned, unless its path is to be written."""
    wanted = parse_python_request(request.asked)
    if wanted.kind is PythonRequestKind.NAME:
        raise KeyrackError(f"Requests for arbitrary names (e.g., `{request.asked}`) are not supported in version files")
    warnings: tuple[str, ...] = ()
    python: Interpreter | None = None
    try:
        python = one_for(pythons, wanted, Wanted.SYSTEM)
    except NoPython as error:
        if request.resolved:
            raise
        warnings = (error.message,)
    if request.with_project and not request.is_global:
        _check(pythons, wanted, python)
    text = python.executable if request.resolved and python else request.asked.strip()
    before = _found(pythons, is_global=request.is_global)
    file = before[0] if before else os.path.join(_folder(pythons, is_global=request.is_global), NAME)
    known = _lines(before[1]) if before else ()
    os.makedirs(os.path.dirname(file), exist_ok=True)
    write_atomic(file, f"{text}\n".encode())
    return Pinned(file, text, known[0] if known else "", warnings)


def _check(pythons: Pythons, wanted: PythonRequest, python: Interpreter | None) -> None:
    """Refuse what the project around the folder cannot be used with."""
    wants = project_pythons(pythons.folder)
    if wants is not None and python is not None and not wants.contains(python.python, prereleases=True):
        raise KeyrackError(
            f"The requested Python version `{wanted.text}` is incompatible with the project `requires-python` value"
            f" of `{wants}`."
        )


def _lines(text: str) -> tuple[str, ...]:
    """Give what a file asks for as it stands there: paths, too, which only pinning writes."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(filter(None, lines))


def _folder(pythons: Pythons, *, is_global: bool) -> str:
    return user_version_folder(pythons.environment) if is_global else pythons.folder


def _found(pythons: Pythons, *, is_global: bool) -> tuple[str, str] | None:
    """Give the path and text of the file that counts: the user's own, or the nearest from the folder upwards."""
    if is_global:
        folder = user_version_folder(pythons.environment)
        found = version_file(folder, os.path.abspath(folder), {})
    else:
        found = version_file(pythons.folder, "", {"XDG_CONFIG_HOME": os.devnull})
    return None if found is None else (found.path, found.text)
