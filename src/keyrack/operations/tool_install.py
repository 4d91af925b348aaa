"""Install a tool into an environment of its own, and put its executables where the shell finds them."""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec

from keyrack.adapters.disk import remove_tree
from keyrack.adapters.folders import is_file
from keyrack.adapters.venvs import VenvOptions, create_venv
from keyrack.errors import KeyrackError
from keyrack.formats.tool_receipt import name_in, requirement_line
from keyrack.operations.completing import completed
from keyrack.operations.inputs import Inputs
from keyrack.operations.pip_install import PipInstallOutcome, PipInstallRequest, environment_scheme, pip_install
from keyrack.operations.pythons import Pythons, find
from keyrack.operations.tool_executables import executables_of, link_executables
from keyrack.operations.tool_places import InstalledTool, NoTool, ToolPlaces, installed_tool, keep_receipt, remove_tool
from keyrack.operations.tools import Tools
from keyrack.values.interpreter import Interpreter
from keyrack.values.names import PackageName
from keyrack.values.python_request import parse_python_request
from keyrack.values.tool_receipt import ToolReceipt
from keyrack.values.version import VERSION


class ToolRequest(msgspec.Struct, frozen=True):
    """What is installed: the tool's name, all requirements as texts (its own first), and for which Python.

    `executables_from` are further packages whose executables are linked. `force` replaces those of others.
    """

    name: PackageName
    requirements: tuple[str, ...]
    python: str = ""
    executables_from: tuple[PackageName, ...] = ()
    force: bool = False
    on_resolved: Callable[[int, float], None] = lambda _count, _seconds: None


class ToolOutcome(msgspec.Struct, frozen=True):
    """What was changed, and the names of the executables."""

    outcome: PipInstallOutcome
    executables: tuple[str, ...]


class NoExecutables(KeyrackError):
    """A package has no executables: it is no tool."""


def complete_inputs(tools: Tools, asked: str) -> Tools:
    """Give the run with all that is to be installed named; a name that only a build tells is built for."""
    if tools.inputs.is_complete:
        return tools
    tools.workshop.begin(find(tools.pythons, parse_python_request(asked)))
    return msgspec.structs.replace(tools, inputs=completed(tools.inputs, tools.workshop))


def tool_named(inputs: Inputs, executables_from: tuple[str, ...], python: str) -> ToolRequest:
    """Say what is installed: the first requirement is the tool's own."""
    first = inputs.requirements[0]
    requirements = tuple(dict.fromkeys(map(requirement_line, inputs.requirements)))
    others = tuple(name_in(text) for text in executables_from)
    return ToolRequest(first.name, requirements, python, others)


def known_tool(places: ToolPlaces, name: PackageName) -> InstalledTool | None:
    """Give a tool that is installed, and whole; None where it is not."""
    try:
        found = installed_tool(places, name)
    except NoTool:
        return None
    return found if found.receipt is not None and executable_of(found.folder) else None


def executable_of(folder: str) -> str:
    """Give the Python of an environment; "" where it has none that is there."""
    for path in (os.path.join(folder, "bin", "python"), os.path.join(folder, "Scripts", "python.exe")):
        if is_file(path):
            return path
    return ""


def environment_at(folder: str, pythons: Pythons, asked: str) -> Interpreter:
    """Give the environment in a folder: the one that is there if it fits what is asked for, else a new one."""
    present = executable_of(folder)
    if present:
        python = pythons.need(present, "tool environment")
        if not asked or parse_python_request(asked).is_met_by(python):
            return python
    base = find(pythons, parse_python_request(asked))
    options = VenvOptions(clear=True, force=True)
    return pythons.need(create_venv(folder, base, options, ("keyrack", VERSION)), "tool environment")


def install_tool(request: ToolRequest, places: ToolPlaces, tools: Tools) -> ToolOutcome:
    """Install the tool; where it cannot be, nothing of a new one stays. Raises `NoExecutables`, `ExecutablesExist`."""
    folder = places.environment(request.name)
    before = known_tool(places, request.name)
    try:
        python = environment_at(folder, tools.pythons, request.python)
        outcome = fill(python, tools, request.on_resolved)
        points = tuple(
            point
            for package in (request.name, *request.executables_from)
            if (paths := executables_of(python, package))
            for point in link_executables(paths, places.executables, package, force=request.force)
        )
    except BaseException:
        if before is None:
            remove_tree(folder)
        raise
    if not points:
        remove_tool(before or InstalledTool(request.name, folder, None))
        raise NoExecutables(f"Failed to install entrypoints for `{request.name}`")
    _drop_stale(before, {point.path for point in points})
    keep_receipt(folder, ToolReceipt(request.requirements, points, request.python))
    return ToolOutcome(outcome, tuple(sorted(point.name for point in points)))


def fill(
    python: Interpreter, tools: Tools, on_resolved: Callable[[int, float], None], *, exact: bool = True
) -> PipInstallOutcome:
    """Make an environment hold what the inputs ask for, and (`exact`) nothing else."""
    scheme, lock = environment_scheme(python)
    request = PipInstallRequest(
        inputs=tools.inputs, interpreter=python, scheme=scheme, lock=lock, exact=exact, on_resolved=on_resolved
    )
    return pip_install(request, tools)


def _drop_stale(before: InstalledTool | None, present: set[str]) -> None:
    """Remove links of the last installation that lead nowhere now."""
    for point in before.receipt.entry_points if before and before.receipt else ():
        if point.path not in present and os.path.islink(point.path) and not os.path.exists(point.path):
            os.unlink(point.path)
