"""Find the Python or environment that a command acts on, and make virtual environments."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

import msgspec

from keyrack.adapters.interpreters import (
    NotAPython,
    ProbeCache,
    Run,
    environment_python,
    executables,
    installation_python,
    query,
)
from keyrack.errors import KeyrackError
from keyrack.values.interpreter import Interpreter
from keyrack.values.log import Level, Log, silent
from keyrack.values.python_request import PythonRequest, PythonRequestKind, parse_python_request


class NoPython(KeyrackError):
    """No Python on this machine is what was asked for."""


class NoEnvironment(KeyrackError):
    """There is no virtual environment to act on, and none was named."""


class Pythons(msgspec.Struct, frozen=True):
    """How Pythons are looked for: the environment, the folder of the run, and the means to ask one."""

    environment: Mapping[str, str]
    folder: str
    run: Run
    cache: ProbeCache | None = None
    log: Log = silent

    def ask(self, executable: str, how: str) -> Interpreter:
        """Ask one executable; `how` says in the log by which way it was found."""
        found = query(executable, self.run, self.cache)
        name = f"{found.implementation}-{found.version}"
        self.log(Level.DEBUG, f"Found `{name}` at `{executable}` ({how})")
        return found


def environment_for(pythons: Pythons, request: str | None, *, system: bool, or_system: bool = False) -> Interpreter:
    """Give the environment that a `pip` command acts on.

    `request` is `--python`; `system` skips virtual environments; `or_system` takes the system's where no environment
    is found (commands that only read). `NoEnvironment` and `NoPython` say what to type.
    """
    if request:
        return find(pythons, parse_python_request(request))
    if not system:
        if (found := active_environment(pythons)) is not None:
            return found
        if not or_system:
            raise NoEnvironment(
                "No virtual environment found; run `keyrack venv` to create an environment, or pass `--system` to"
                " install into a non-virtual environment"
            )
    return find(pythons, parse_python_request(""))


def active_environment(pythons: Pythons) -> Interpreter | None:
    """Give the activated environment (`VIRTUAL_ENV`, `CONDA_PREFIX`), else the nearest `.venv` upwards, else None."""
    if prefix := pythons.environment.get("VIRTUAL_ENV"):
        if (executable := environment_python(prefix)) is not None:
            return pythons.ask(executable, "active virtual environment")
        pythons.log(Level.WARN, f"`VIRTUAL_ENV={prefix}` is no virtual environment and is ignored")
    conda = pythons.environment.get("CONDA_PREFIX")
    is_base = pythons.environment.get("CONDA_DEFAULT_ENV") in ("base", "root")
    if conda and not is_base and (executable := installation_python(conda)) is not None:
        return pythons.ask(executable, "conda prefix")
    folder = os.path.abspath(pythons.folder)
    while True:
        if (executable := environment_python(os.path.join(folder, ".venv"))) is not None:
            return pythons.ask(executable, "virtual environment")
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def find(pythons: Pythons, request: PythonRequest) -> Interpreter:
    """Find the Python that a request means: at its path, by its name, or the first on the search path that fits."""
    if request.kind is PythonRequestKind.PATH:
        return _at_path(pythons, request.text)
    if request.kind is PythonRequestKind.NAME:
        return _by_name(pythons, request.text)
    for executable in executables(_search_path(pythons)):
        try:
            found = pythons.ask(executable, "search path")
        except NotAPython as error:
            pythons.log(Level.DEBUG, f"Skipping `{executable}`: {error.message}")
            continue
        if request.is_met_by(found):
            return found
    raise NoPython(f"No interpreter found for {request} in virtual environments or search path")


def all_pythons(pythons: Pythons) -> Iterator[Interpreter]:
    """Give every Python of the search path, once each."""
    for executable in executables(_search_path(pythons)):
        try:
            yield pythons.ask(executable, "search path")
        except NotAPython as error:
            pythons.log(Level.DEBUG, f"Skipping `{executable}`: {error.message}")


def _search_path(pythons: Pythons) -> str:
    return pythons.environment.get("UV_PYTHON_SEARCH_PATH") or pythons.environment.get("PATH", "")


def _at_path(pythons: Pythons, text: str) -> Interpreter:
    path = os.path.join(pythons.folder, os.path.expanduser(text))
    if os.path.isdir(path):
        pythons.log(Level.DEBUG, f"Checking for Python interpreter in directory `{text}`")
        if (executable := installation_python(path)) is not None:
            return pythons.ask(executable, "directory")
    elif os.path.isfile(path):
        return pythons.ask(path, "path")
    raise NoPython(
        f"No virtual environment or system Python installation found for path `{text}`; run `keyrack venv` to create an"
        " environment"
    )


def _by_name(pythons: Pythons, name: str) -> Interpreter:
    if os.path.exists(os.path.join(pythons.folder, name)):
        return _at_path(pythons, name)
    for executable in executables(_search_path(pythons), (name,)):
        return pythons.ask(executable, "search path")
    raise NoPython(f"No interpreter found for executable name `{name}` in the search path")
