"""Make a virtual environment: find the Python it is for, and create it."""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec
from packaging.version import Version

from keyrack.adapters.venvs import VenvOptions, create_venv
from keyrack.operations.pythons import Pythons, find
from keyrack.values.interpreter import Interpreter
from keyrack.values.python_request import parse_python_request
from keyrack.values.version import VERSION

__all__ = ["VenvOptions", "VenvOutcome", "VenvRequest", "create", "seeds"]


class VenvRequest(msgspec.Struct, frozen=True):
    """What is made, where, and for which Python (`--python`). `is_seeded` tells that packages follow."""

    path: str
    is_seeded: bool = False
    python: str | None = None
    options: VenvOptions = VenvOptions()


class VenvOutcome(msgspec.Struct, frozen=True):
    """The environment that was made: its path as asked for, its executable, and the Python behind it."""

    path: str
    executable: str
    base: Interpreter


def create(request: VenvRequest, pythons: Pythons, say: Callable[[str], None]) -> VenvOutcome:
    """Make the environment; `say` hears each line for people. Raises `NoPython` and `VenvExists`."""
    base = find(pythons, parse_python_request(request.python or ""))
    name = base.markers["platform_python_implementation"]
    say(f"Using {name} {base.version} interpreter at: {base.base_executable}")
    seeds = " with seed packages" if request.is_seeded else ""
    say(f"Creating virtual environment{seeds} at: {request.path}")
    path = os.path.join(pythons.folder, request.path)
    options = msgspec.structs.replace(request.options, shown=request.path)
    executable = create_venv(path, base, options, ("keyrack", VERSION))
    return VenvOutcome(request.path, executable, base)


def seeds(base: Interpreter) -> tuple[str, ...]:
    """Name the packages that `--seed` puts into an environment: before 3.12 pip alone cannot build anything."""
    return ("pip",) if base.python >= Version("3.12") else ("pip", "setuptools", "wheel")
