"""Run a tool in an environment of its own, which the cache keeps for the next time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from hashlib import sha256

import msgspec

from keyrack.adapters.processes import Program, run_attached
from keyrack.errors import KeyrackError
from keyrack.formats.tool_receipt import requirement_line
from keyrack.operations.pythons import find
from keyrack.operations.tool_executables import executables_of
from keyrack.operations.tool_install import complete_inputs, environment_at, fill
from keyrack.operations.tools import Tools
from keyrack.values.interpreter import Interpreter
from keyrack.values.names import PackageName
from keyrack.values.python_request import parse_python_request

KIND, VERSION = "environments", 1


class NoCommand(KeyrackError):
    """A tool does not have the executable that was asked for."""

    exit_code = 1


class Prepared(msgspec.Struct, frozen=True):
    """An environment that has the tool: its Python, and the tool's package."""

    python: Interpreter
    package: PackageName


def prepared(tools: Tools, asked: str, on_resolved: Callable[[int, float], None]) -> Prepared:
    """Make an environment hold the inputs; where the cache has one that does, it is taken as it is."""
    tools = complete_inputs(tools, asked)
    base = find(tools.pythons, parse_python_request(asked))
    package = tools.inputs.requirements[0].name
    key = _key(tools, base)
    folder = os.path.join(tools.store.root, f"{KIND}-v{VERSION}", key)
    with tools.store.alone(f"environment {key}"):
        python = environment_at(folder, tools.pythons, base.executable)
        fill(python, tools, on_resolved, exact=False)
    return Prepared(python, package)


def run_tool(python: Interpreter, package: PackageName, words: tuple[str, ...], variables: Mapping[str, str]) -> int:
    """Run an executable of an environment, and give its exit code. Raises `NoCommand`."""
    folder = python.paths.scripts
    path = os.path.join(folder, words[0])
    if not os.access(path, os.X_OK):
        names = [os.path.basename(each) for each in executables_of(python, package)]
        if not names:
            raise NoCommand(f"Package `{package}` does not provide any executables.")
        listed = "\n".join(f"- {name}" for name in names)
        raise NoCommand(
            f"An executable named `{words[0]}` is not provided by package `{package}`.\n"
            f"The following executables are available:\n{listed}"
        )
    search = os.pathsep.join(filter(None, (folder, variables.get("PATH", ""))))
    environment = {**variables, "PATH": search}
    return run_attached(Program((path, *words[1:]), environment))


def _key(tools: Tools, base: Interpreter) -> str:
    """Name an environment by all that decides what is in it."""
    settings = tools.settings
    parts = [
        base.executable,
        base.version,
        *map(requirement_line, (*tools.inputs.requirements, *tools.inputs.constraints, *tools.inputs.overrides)),
        *(str(index.url) for index in settings.indexes.all),
        repr(settings.resolving.exclude_newer),
        repr(settings.resolving.prerelease),
        repr(settings.resolving.resolution),
    ]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]
