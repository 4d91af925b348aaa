"""Find the Python or environment that a command acts on: where to look, in which order, what may be taken (uv)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from enum import Enum

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
from keyrack.adapters.python_files import managed_folders
from keyrack.errors import KeyrackError
from keyrack.formats.uv_environment import switch
from keyrack.values.interpreter import Interpreter
from keyrack.values.log import Level, Log, silent
from keyrack.values.python_request import PythonRequest, PythonRequestKind, key_of, parse_python_request


class NoPython(KeyrackError):
    """No Python on this machine is what was asked for."""


class NoEnvironment(KeyrackError):
    """There is no virtual environment to act on, and none was named."""


class BrokenPython(KeyrackError):
    """The very Python that is meant does not work."""


class Wanted(Enum):
    """What kind of Python may be taken: a virtual environment, one of the system, or either."""

    ENVIRONMENT = "virtual environment"
    SYSTEM = "system Python installation"
    ANY = "virtual environment or system Python installation"


class Pythons(msgspec.Struct, frozen=True):
    """How Pythons are looked for: the environment, the folder of the run, and the means to ask one."""

    environment: Mapping[str, str]
    folder: str
    run: Run
    cache: ProbeCache | None = None
    log: Log = silent

    @property
    def search_path(self) -> str:
        """Where executables are looked for: among the Pythons that uv has installed, and where the system says.

        Which come first, and whether both count, is for `UV_PYTHON_PREFERENCE` to say.
        """
        variables = self.environment
        path = variables.get("UV_PYTHON_SEARCH_PATH") or variables.get("PATH", "")
        preference = variables.get("UV_PYTHON_PREFERENCE", "managed")
        if switch(variables, "UV_MANAGED_PYTHON"):
            preference = "only-managed"
        if switch(variables, "UV_NO_MANAGED_PYTHON") or preference == "only-system":
            return path
        managed = os.pathsep.join(managed_folders(variables))
        if preference == "only-managed":
            return managed
        places = (path, managed) if preference == "system" else (managed, path)
        return os.pathsep.join(filter(None, places))

    def ask(self, executable: str, how: str) -> Interpreter:
        """Ask one executable; `how` says in the log by which way it was found. Raises `NotAPython`."""
        found = query(executable, self.run, self.cache)
        self.log(Level.DEBUG, f"Found `{key_of(found)}` at `{executable}` ({how})")
        return found

    def need(self, executable: str, how: str, shown: str = "") -> Interpreter:
        """Ask the very executable that is meant; `shown` is what the user calls it. Raises `BrokenPython`."""
        try:
            return self.ask(executable, how)
        except NotAPython as error:
            place = shown or os.path.relpath(executable, self.folder)
            raise BrokenPython(f"Failed to inspect Python interpreter from {how} at `{place}`") from error


def environment_for(pythons: Pythons, request: str | None, *, system: bool, or_system: bool = False) -> Interpreter:
    """Give the environment that a `pip` command acts on.

    `request` is `--python`; `system` skips virtual environments; `or_system` takes the system's where no environment
    is found (commands that only read). `NoEnvironment` and `NoPython` say what to type.
    """
    wanted = Wanted.SYSTEM if system else Wanted.ANY if or_system else Wanted.ENVIRONMENT
    parsed = parse_python_request(request or "")
    if (place := _place(pythons, parsed)) is not None:
        if (found := _at(pythons, place, parsed.text)) is None:
            raise _missing(Wanted.ANY, _described(parsed, place))
        return found
    if parsed.kind is PythonRequestKind.ANY and wanted is not Wanted.SYSTEM:
        if (found := active_environment(pythons)) is not None:
            return found
        if wanted is Wanted.ENVIRONMENT:
            raise _missing(wanted, "")
    found = next(_fitting(pythons, parsed, wanted), None)
    if found is None:
        raise _missing(wanted, parsed.described)
    return found


def _missing(wanted: Wanted, described: str) -> NoPython | NoEnvironment:
    """Say that nothing was found, and what to type."""
    asked = f" for {described}" if described else ""
    if wanted is Wanted.SYSTEM:
        return NoPython(f"No system Python installation found{asked}")
    hint = "run `keyrack venv` to create an environment"
    if wanted is Wanted.ENVIRONMENT:
        hint += ", or pass `--system` to install into a non-virtual environment"
    return NoEnvironment(f"No {wanted.value} found{asked}; {hint}")


def active_environment(pythons: Pythons) -> Interpreter | None:
    """Give the activated environment (`VIRTUAL_ENV`, `CONDA_PREFIX`), else the nearest `.venv` upwards, else None."""
    return next(_environments(pythons), None)


def _environments(pythons: Pythons) -> Iterator[Interpreter]:
    """Give the environments that are around: the active one, conda's, the nearest `.venv` upwards."""
    if prefix := pythons.environment.get("VIRTUAL_ENV"):
        prefix = os.path.join(pythons.folder, prefix)
        if (executable := environment_python(prefix)) is not None:
            yield pythons.need(executable, "active virtual environment")
        else:
            pythons.log(Level.DEBUG, f"Ignoring `VIRTUAL_ENV={prefix}`: it is no virtual environment")
    conda = pythons.environment.get("CONDA_PREFIX")
    is_base = pythons.environment.get("CONDA_DEFAULT_ENV") in ("base", "root")
    if conda and not is_base and (executable := installation_python(conda)) is not None:
        yield pythons.need(executable, "conda prefix")
    for folder in folders_upwards(pythons.folder):
        if (executable := environment_python(os.path.join(folder, ".venv"))) is not None:
            yield pythons.need(executable, "virtual environment")
            return


def folders_upwards(folder: str) -> Iterator[str]:
    """Give a folder and all that hold it."""
    folder = os.path.abspath(folder)
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def find(pythons: Pythons, request: PythonRequest) -> Interpreter:
    """Find the Python behind a new environment: at its path, by its name, or the first of the system that fits.

    Raises `NoPython`, and `BrokenPython` for the very one that was named.
    """
    if (place := _place(pythons, request)) is not None:
        if (found := _at(pythons, place, request.text)) is not None:
            return found
        described = _described(request, place)
        raise NoPython(f"No interpreter found {'in' if os.path.isdir(place) else 'at'} {described}")
    found = next(_fitting(pythons, request, Wanted.SYSTEM), None)
    if found is None:
        asked = f"for {request.described} " if request.described else ""
        raise NoPython(f"No interpreter found {asked}in search path")
    return found


def one_for(pythons: Pythons, request: PythonRequest, wanted: Wanted) -> Interpreter:
    """Find the Python of a kind that a request means: at its path, around the folder, or on the search path.

    Raises `NoPython` and `BrokenPython`.
    """
    if _place(pythons, request) is not None:
        return find(pythons, request)
    found = next(_fitting(pythons, request, wanted), None)
    if found is None:
        places = "managed installations or search path"
        if wanted is not Wanted.SYSTEM:
            places = "virtual environments, managed installations, or search path"
        asked = f" for {request.described}" if request.described else ""
        raise NoPython(f"No interpreter found{asked} in {places}")
    return found


def installed(pythons: Pythons, request: PythonRequest) -> Iterator[Interpreter]:
    """Give every executable of the search path that is a Python as requested; environments are none of them.

    A folder that is on the path under two names counts once.
    """
    seen = set[tuple[str, str]]()
    for found in _on_search_path(pythons, request):
        folder, name = os.path.split(found.executable)
        place = os.path.realpath(folder), name
        if place not in seen and request.is_met_by(found) and not found.is_virtual:
            seen.add(place)
            yield found


def all_pythons(pythons: Pythons) -> Iterator[Interpreter]:
    """Give every Python of the search path, once each."""
    seen = set[str]()
    for found in _on_search_path(pythons, PythonRequest("", PythonRequestKind.ANY)):
        real = os.path.realpath(found.executable)
        if real not in seen:
            seen.add(real)
            yield found


def _fitting(pythons: Pythons, request: PythonRequest, wanted: Wanted) -> Iterator[Interpreter]:
    """Give what fits a request, in order: environments around, then the search path."""
    if wanted is not Wanted.SYSTEM and request.kind is not PythonRequestKind.NAME:
        yield from (found for found in _environments(pythons) if request.is_met_by(found))
    for found in _on_search_path(pythons, request):
        is_kind = wanted is Wanted.ANY or found.is_virtual == (wanted is Wanted.ENVIRONMENT)
        if is_kind and request.is_met_by(found):
            yield found


def _on_search_path(pythons: Pythons, request: PythonRequest) -> Iterator[Interpreter]:
    is_name = request.kind is PythonRequestKind.NAME
    names = (request.text,) if is_name else request.names
    for executable in executables(pythons.search_path, names, others=not is_name):
        try:
            yield pythons.ask(executable, "search path")
        except NotAPython as error:
            pythons.log(Level.DEBUG, f"Skipping `{executable}`: {error.message}")


def _place(pythons: Pythons, request: PythonRequest) -> str | None:
    """Give the path that a request means: one that is written as such, or a name that lies here."""
    if request.kind is PythonRequestKind.PATH:
        return os.path.join(pythons.folder, os.path.expanduser(request.text))
    path = os.path.join(pythons.folder, request.text)
    return path if request.kind is PythonRequestKind.NAME and os.path.exists(path) else None


def _described(request: PythonRequest, place: str) -> str:
    return f"directory `{request.text}`" if os.path.isdir(place) else f"path `{request.text}`"


def _at(pythons: Pythons, place: str, shown: str) -> Interpreter | None:
    """Ask the Python at a path, or the one of the environment or installation there; None where there is none."""
    if not os.path.isdir(place):
        return pythons.need(place, "provided path", shown) if os.path.exists(place) else None
    pythons.log(Level.DEBUG, f"Checking for Python interpreter in directory `{shown}`")
    executable = installation_python(place)
    return (
        None
        if executable is None
        else pythons.need(executable, "provided path", os.path.relpath(executable, pythons.folder))
    )
