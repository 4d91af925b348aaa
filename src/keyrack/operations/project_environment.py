"""The environment of a project: the one that is there if it will do, else a new one in its place, as uv does."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.adapters.folders import read_whole
from keyrack.adapters.interpreters import NotAPython, environment_python, installation_python
from keyrack.adapters.locks import lock
from keyrack.adapters.venvs import VenvOptions, create_venv, folders_of
from keyrack.errors import KeyrackError
from keyrack.formats.pyvenv_cfg import parse_pyvenv_cfg
from keyrack.operations.python_choice import PythonChoice, choose_python
from keyrack.operations.pythons import Pythons, find
from keyrack.values.interpreter import Interpreter
from keyrack.values.log import Level
from keyrack.values.plan import Scheme
from keyrack.values.python_request import PythonRequestKind
from keyrack.values.version import VERSION
from keyrack.values.workspace import Workspace

LARGEST_CFG = 64 * 1024


class UnusableEnvironment(KeyrackError):
    """The place of a project's environment is taken by something else."""


class EnvironmentRequest(msgspec.Struct, frozen=True):
    """What was said of the environment: `--python`, `--active` (True), `--no-active` (False), and a dry run."""

    python: str | None = None
    active: bool | None = None
    dry_run: bool = False


class ProjectEnvironment(msgspec.Struct, frozen=True):
    """The environment: its absolute folder, its Python, where files go, and the path of its lock.

    `action` is what is done with it: `use`, `create` or `replace`.
    """

    folder: str
    interpreter: Interpreter
    scheme: Scheme
    lock: str
    action: str
    warnings: tuple[str, ...] = ()


Say = Callable[[str], None]


def environment_of(
    workspace: Workspace, request: EnvironmentRequest, pythons: Pythons, say: Say, warn: Say
) -> ProjectEnvironment:
    """Find the project's environment, or make it. `say` hears lines for people, `warn` warnings.

    Raises `UnusableEnvironment`, `NoPython`, `VenvFailed`.
    """
    folder = environment_folder(workspace, request, pythons, warn)
    choice = _choice(workspace, request, pythons)
    for text in choice.warnings:
        warn(text)
    with lock(_lock_path(folder, pythons)):
        found = _existing(folder, choice, pythons, warn)
        if found is not None:
            return _environment(folder, found, "use")
        base = find(pythons, choice.request)
        name = base.markers["platform_python_implementation"]
        say(f"Using {name} {base.version} interpreter at: {base.executable}")
        _check_python(base, choice)
        action = "replace" if os.path.lexists(os.path.join(folder, "pyvenv.cfg")) else "create"
        if request.dry_run:
            return _environment(folder, _imagined(folder, base), action)
        if action == "replace":
            say(f"Removed virtual environment at: {_shown(folder, pythons)}")
        say(f"Creating virtual environment at: {_shown(folder, pythons)}")
        options = VenvOptions(prompt=_prompt(workspace), shown=_shown(folder, pythons), clear=action == "replace")
        executable = create_venv(folder, base, options, ("keyrack", VERSION))
        return _environment(folder, _inside(folder, executable, base), action)


def environment_folder(workspace: Workspace, request: EnvironmentRequest, pythons: Pythons, warn: Say) -> str:
    """Give the folder: `.venv` beside the lock, `UV_PROJECT_ENVIRONMENT`, or the active one where that is wanted."""
    told = pythons.environment.get("UV_PROJECT_ENVIRONMENT") or ".venv"
    own = os.path.normpath(os.path.join(workspace.root, told))
    active = pythons.environment.get("VIRTUAL_ENV")
    if not active:
        return own
    place = os.path.normpath(os.path.join(pythons.folder, active))
    if request.active:
        return place
    if request.active is None and os.path.realpath(place) != os.path.realpath(own):
        warn(
            f"`VIRTUAL_ENV={active}` does not match the project environment path `{_shown(own, pythons)}` and will be"
            " ignored; use `--active` to target the active environment instead"
        )
    return own


def supported_pythons(workspace: Workspace) -> SpecifierSet:
    """Give the Pythons that all members are for."""
    found = SpecifierSet()
    for member in workspace.members:
        found &= member.facts.requires_python or SpecifierSet()
    return found


def _choice(workspace: Workspace, request: EnvironmentRequest, pythons: Pythons) -> PythonChoice:
    choice = choose_python(pythons, request.python)
    return msgspec.structs.replace(choice, requires_python=supported_pythons(workspace) or None)


def _existing(folder: str, choice: PythonChoice, pythons: Pythons, warn: Say) -> Interpreter | None:
    """Give the Python of the environment that is there, if it will do."""
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise _unusable(folder, "it is not a directory")
    if not os.path.isdir(folder) or not os.listdir(folder):
        return None
    executable = environment_python(folder)
    if executable is None:
        if installation_python(folder) is None:
            raise _unusable(folder, "it is not a valid Python environment (no Python executable was found)")
        raise _unusable(folder, "no `pyvenv.cfg` file was found")
    if not os.path.isfile(executable):
        if os.path.islink(executable):
            warn(
                "Ignoring existing virtual environment linked to non-existent Python interpreter:"
                f" `{_shown(executable, pythons)}` -> `{os.readlink(executable)}`"
            )
        return None
    try:
        found = pythons.ask(executable, "project environment")
    except NotAPython as error:
        pythons.log(Level.DEBUG, f"Ignoring the project environment: {error.message}")
        return None
    why = _misfit(folder, found, choice) or _other(found, choice, pythons)
    if why:
        pythons.log(Level.DEBUG, why)
        return None
    return found


def _misfit(folder: str, found: Interpreter, choice: PythonChoice) -> str:
    """Say why an environment will not do; "" where it will."""
    made_for = parse_pyvenv_cfg(
        (read_whole(os.path.join(folder, "pyvenv.cfg"), LARGEST_CFG) or b"").decode("utf-8", "replace")
    )
    version = made_for.get("version_info", "")
    if version and version != found.version:
        return (
            f"The interpreter in the project environment has a different version ({found.version}) than it was created"
            f" with ({version})"
        )
    if not choice.request.is_met_by(found):
        return f"The project environment's Python version does not satisfy the request: `{choice.request.described}`"
    wanted = choice.requires_python
    if wanted is not None and not wanted.contains(found.python, prereleases=True):
        return f"The project environment's Python version does not meet the Python requirement: `{wanted}`"
    return ""


def _other(found: Interpreter, choice: PythonChoice, pythons: Pythons) -> str:
    """Say that an environment is for another Python than the very one that was named; "" where it is not."""
    if choice.request.kind not in (PythonRequestKind.PATH, PythonRequestKind.NAME):
        return ""
    wanted = find(pythons, choice.request)
    if os.path.realpath(wanted.base_executable) == os.path.realpath(found.base_executable):
        return ""
    return f"The project environment's Python is not the one at `{choice.request.text}`"


def _check_python(base: Interpreter, choice: PythonChoice) -> None:
    wanted = choice.requires_python
    if wanted is None or wanted.contains(base.python, prereleases=True):
        return
    asked = "The requested interpreter"
    hints: tuple[str, ...] = ()
    if choice.pinned_in:
        asked = f"The Python request from `{choice.pinned_in}`"
        hints = ("Use `keyrack python pin` to update the `.python-version` file to a compatible version",)
    raise UnusableEnvironment(
        f"{asked} resolved to Python {base.version}, which is incompatible with the project's Python requirement:"
        f" `{wanted}` (from `project.requires-python`)",
        hints=hints,
    )


def _unusable(folder: str, why: str) -> UnusableEnvironment:
    return UnusableEnvironment(f"Project virtual environment directory `{folder}` cannot be used because {why}")


def _environment(folder: str, python: Interpreter, action: str) -> ProjectEnvironment:
    scheme = Scheme(python.paths, python.executable, windows=python.markers["os_name"] == "nt")
    return ProjectEnvironment(folder, python, scheme, os.path.join(folder, ".lock"), action)


def _inside(folder: str, executable: str, base: Interpreter) -> Interpreter:
    """Give what the Python of a new environment would say of itself."""
    return msgspec.structs.replace(
        base, executable=executable, prefix=folder, paths=folders_of(folder, base), is_virtual=True
    )


def _imagined(folder: str, base: Interpreter) -> Interpreter:
    """Give the Python of an environment that is not made: nothing is installed there, whatever lies in its place."""
    nowhere = os.path.join(folder, ".new")
    return msgspec.structs.replace(base, prefix=folder, paths=folders_of(nowhere, base), is_virtual=True)


def _prompt(workspace: Workspace) -> str:
    return workspace.facts.name or os.path.basename(workspace.root)


def _lock_path(folder: str, pythons: Pythons) -> str:
    """Give the path of a lock beside no environment: one may be in the making, or be replaced."""
    place = pythons.environment.get("TMPDIR") or pythons.environment.get("TEMP") or "/tmp"  # noqa: S108 - may be lost at any time
    return os.path.join(place, f"keyrack-{sha256(os.path.realpath(folder).encode()).hexdigest()[:16]}.lock")


def _shown(path: str, pythons: Pythons) -> str:
    inside = os.path.join(os.path.abspath(pythons.folder), "")
    return path.removeprefix(inside)
