"""Where a command changes files (an environment, `--target` or `--prefix`), and whether it may."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256

import msgspec

from keyrack.errors import KeyrackError
from keyrack.operations.configure import Words, layers
from keyrack.operations.environments import first_text, first_value, prefix_folder
from keyrack.operations.pythons import Pythons, environment_for
from keyrack.values.interpreter import Interpreter, Paths
from keyrack.values.layer import Layer
from keyrack.values.plan import Scheme


class ExternallyManaged(KeyrackError):
    """A Python that says it is managed by other means is not changed (PEP 668)."""


class Choice(msgspec.Struct, frozen=True):
    """What the user said of the place: `--python`, `--system`, `--target`, `--prefix`, `--break-system-packages`."""

    python: str | None = None
    system: bool = False
    target: str | None = None
    prefix: str | None = None
    may_break: bool = False


class Acted(msgspec.Struct, frozen=True):
    """What is acted on: its Python, where files go, and the path of its lock ("" for a folder of its own)."""

    interpreter: Interpreter
    scheme: Scheme
    lock: str
    is_folder: bool = False


def told(words: Words) -> Choice:
    """Gather what flags, environment and files say of the place."""
    return choice_of(layers(words))


def choice_of(found: tuple[Layer, ...]) -> Choice:
    """Gather what some layers, the highest first, say of the place."""
    return Choice(
        first_text(found, "python"),
        bool(first_value(found, "system")),
        first_text(found, "target"),
        first_text(found, "prefix"),
        bool(first_value(found, "break_system_packages")),
    )


def choose(pythons: Pythons, choice: Choice) -> Acted:
    """Find what is acted on. Raises `NoEnvironment`, `NoPython`."""
    is_folder = bool(choice.target or choice.prefix)
    python = environment_for(pythons, choice.python, system=choice.system, or_system=is_folder)
    paths = python.paths
    if choice.target:
        paths = _target_paths(os.path.join(pythons.folder, choice.target))
    elif choice.prefix:
        paths = _prefix_paths(python, os.path.join(pythons.folder, choice.prefix))
    scheme = Scheme(paths, python.executable, windows=python.markers["os_name"] == "nt")
    root = os.path.join(pythons.folder, choice.target or choice.prefix or python.prefix)
    return Acted(python, scheme, _lock(root, pythons.environment, is_own=is_folder or python.is_virtual), is_folder)


def refuse_managed(acted: Acted, choice: Choice) -> None:
    """Raise `ExternallyManaged` where a Python must not be changed and nobody said that it may be."""
    message = acted.interpreter.externally_managed
    if message is None or choice.may_break or acted.is_folder or acted.interpreter.is_virtual:
        return
    start = f"The interpreter at {acted.interpreter.prefix} is externally managed"
    if not message:
        raise ExternallyManaged(f"{start} and cannot be modified.")
    indented = "\n".join(f"  {line}" if line.strip() else "" for line in message.splitlines())
    raise ExternallyManaged(
        f"{start}, and indicates the following:\n\n{indented}\n",
        hints=("Consider creating a virtual environment with `keyrack venv`.",),
    )


def _lock(root: str, environment: Mapping[str, str], *, is_own: bool) -> str:
    """Give the lock's path: in the folder itself, unless it is a system's, which is not ours to write into."""
    if is_own:
        return os.path.join(root, ".lock")
    # A lock may be lost at any time, so a folder that everybody may write into will do.
    folder = environment.get("TMPDIR") or environment.get("TEMP") or "/tmp"  # noqa: S108
    return os.path.join(folder, f"keyrack-{sha256(os.path.realpath(root).encode()).hexdigest()[:16]}.lock")


def _target_paths(root: str) -> Paths:
    return Paths(root, root, os.path.join(root, "bin"), root, os.path.join(root, "include"))


def _prefix_paths(python: Interpreter, root: str) -> Paths:
    is_windows = python.markers["os_name"] == "nt"
    modules = prefix_folder(python, root)
    scripts = os.path.join(root, "Scripts" if is_windows else "bin")
    include = os.path.join(root, "include", "site", f"python{python.minor}")
    return Paths(modules, modules, scripts, root, include)
