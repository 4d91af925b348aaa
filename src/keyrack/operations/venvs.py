"""Make a virtual environment: find the Python it is for, and create it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

import msgspec
from packaging.version import Version

from keyrack.adapters.python_files import PROJECT_FILE
from keyrack.adapters.venvs import VenvOptions, create_venv
from keyrack.operations.python_choice import choose_python, misfit
from keyrack.operations.pythons import Pythons, find
from keyrack.values.interpreter import Interpreter
from keyrack.values.version import VERSION

__all__ = ["VenvOptions", "VenvOutcome", "VenvRequest", "create", "project_environment", "seeds"]


class VenvRequest(msgspec.Struct, frozen=True):
    """What is made, where, and for which Python (`--python`). `is_seeded` tells that packages follow.

    `with_project` lets the project around the folder say which Pythons it is for (`--no-project` does not).
    """

    path: str
    is_seeded: bool = False
    python: str | None = None
    options: VenvOptions = VenvOptions()
    with_project: bool = True


class VenvOutcome(msgspec.Struct, frozen=True):
    """The environment that was made: its path as asked for, its executable, and the Python behind it."""

    path: str
    executable: str
    base: Interpreter


def project_environment(folder: str, variables: Mapping[str, str]) -> str:
    """Give the environment that a variable names for the project in a folder; "" where there is no project."""
    wanted = variables.get("UV_PROJECT_ENVIRONMENT", "")
    return wanted if wanted and os.path.isfile(os.path.join(folder, PROJECT_FILE)) else ""


def create(request: VenvRequest, pythons: Pythons, say: Callable[[str], None]) -> VenvOutcome:
    """Make the environment; `say` hears each line for people. Raises `NoPython`, `VenvExists` and `VenvFailed`."""
    choice = choose_python(pythons, request.python, with_project=request.with_project)
    for text in choice.warnings:
        say(f"warning: {text}")
    base = find(pythons, choice.request)
    name = base.markers["platform_python_implementation"]
    say(f"Using {name} {base.version} interpreter at: {_shown(base.base_executable, pythons.folder)}")
    if text := misfit(choice, base):
        say(f"warning: {text}")
    path = os.path.join(pythons.folder, request.path)
    seeds = " with seed packages" if request.is_seeded else ""
    say(f"Creating virtual environment{seeds} at: {request.path}")
    options = msgspec.structs.replace(request.options, shown=request.path, prompt=_prompt(request, pythons.folder))
    executable = create_venv(path, base, options, ("keyrack", VERSION))
    return VenvOutcome(request.path, executable, base)


def _prompt(request: VenvRequest, folder: str) -> str:
    """Give the name in prompts: an environment `.venv` is called as the folder it is made in, and so is `.`."""
    prompt = request.options.prompt
    if prompt == "." or (not prompt and os.path.basename(os.path.normpath(request.path)) == ".venv"):
        return os.path.basename(os.path.abspath(folder))
    return prompt


def _shown(path: str, folder: str) -> str:
    inside = os.path.join(os.path.abspath(folder), "")
    return path.removeprefix(inside)


def seeds(base: Interpreter) -> tuple[str, ...]:
    """Name the packages that `--seed` puts into an environment: before 3.12 pip alone cannot build anything."""
    return ("pip",) if base.python >= Version("3.12") else ("pip", "setuptools", "wheel")
