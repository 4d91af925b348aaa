"""Make a virtual environment: find the Python it is for, create it, say how to enter it."""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec

from keyrack.adapters.venvs import VenvOptions, create_venv
from keyrack.operations.pythons import Pythons, find
from keyrack.values.interpreter import Interpreter
from keyrack.values.python_request import parse_python_request
from keyrack.values.version import VERSION

__all__ = ["VenvOptions", "VenvOutcome", "VenvRequest", "create"]


class VenvRequest(msgspec.Struct, frozen=True):
    """What is made, where, and for which Python (`--python`)."""

    path: str
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
    say(f"Creating virtual environment at: {request.path}")
    path = os.path.join(pythons.folder, request.path)
    executable = create_venv(path, base, request.options, ("keyrack", VERSION))
    say(f"Activate with: source {os.path.join(request.path, 'bin', 'activate')}")
    return VenvOutcome(request.path, executable, base)
