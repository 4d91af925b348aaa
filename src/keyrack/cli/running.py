"""From the words of `run` to an environment that holds what they ask for, and to the command in it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from keyrack.app import Surround, open_run
from keyrack.cli.context import Context
from keyrack.cli.inputs import flags_of
from keyrack.cli.progress import Live
from keyrack.cli.project_choice import workspace_around
from keyrack.cli.summary import warn
from keyrack.cli.syncing import bring_up
from keyrack.errors import NotYet
from keyrack.operations.environments import pythons_of
from keyrack.operations.inputs import InputRequest
from keyrack.operations.pythons import Wanted, one_for
from keyrack.operations.run import (
    RunRequest,
    executables,
    is_python_file,
    python_of_script,
    read_env_files,
    run_command,
)
from keyrack.operations.streams import monotonic
from keyrack.operations.tool_run import prepared
from keyrack.operations.workspaces import NoProject
from keyrack.values.interpreter import Interpreter
from keyrack.values.python_request import parse_python_request
from keyrack.values.workspace import Workspace


def carry_out(context: Context) -> int:
    """Run the command; without one, say what could be run."""
    words = context.listed("command")
    if context.has("isolated"):
        raise NotYet("`keyrack run --isolated` is not supported yet")
    variables = _variables(context)
    wanted = _of_script(context, words)
    if wanted is not None:
        python = _beside(context, _asked(context) or wanted, words[:1]) or _python(context)
        beside: tuple[Interpreter, ...] = ()
    else:
        workspace = _workspace(context)
        python = _python(context) if workspace is None else bring_up(context, workspace)
        found = _beside(context, python.base_executable)
        beside = () if found is None else (found,)
    if not words:
        return _list(context, python)
    return run_command(
        RunRequest(
            words,
            python,
            variables,
            context.folder,
            beside,
            module=context.has("module"),
            script=context.has("as-script") or wanted is not None,
        )
    )


def _variables(context: Context) -> Mapping[str, str]:
    """Give the environment of the command; what is set already counts more than a file."""
    if context.told("no-env-file", "UV_NO_ENV_FILE"):
        return context.variables
    files = context.listed("env-file") or tuple(context.variables.get("UV_ENV_FILE", "").split())
    return {**read_env_files(files, context.folder), **context.variables}


def _of_script(context: Context, words: tuple[str, ...]) -> str | None:
    """Say which Python the command wants, if it is a script that says itself what it requires."""
    if not words or context.has("module"):
        return None
    path = os.path.join(context.folder, words[0])
    is_file = context.has("as-script") or is_python_file(words[0], context.folder)
    return python_of_script(path) if is_file and os.path.isfile(path) else None


def _workspace(context: Context) -> Workspace | None:
    if context.told("no-project", "UV_NO_PROJECT"):
        return None
    try:
        return workspace_around(context, needs_project=bool(context.listed("package")))
    except NoProject:
        if context.listed("package") or context.has("all-packages"):
            raise
        return None


def _python(context: Context) -> Interpreter:
    """Find the Python of a run that no project has a say in: the environment around, else the system's."""
    pythons = pythons_of(flags_of(context), context.terminal.log)
    return one_for(pythons, parse_python_request(_asked(context)), Wanted.ANY)


def _asked(context: Context) -> str:
    return context.text("python") or context.variables.get("UV_PYTHON") or ""


def _beside(context: Context, asked: str, requirements: tuple[str, ...] = ()) -> Interpreter | None:
    """Prepare an environment of what is wanted beside, of the Python that is asked for; None where nothing is."""
    files = (*requirements, *context.listed("with-requirements"))
    packages, editables = context.listed("with"), context.listed("with-editable")
    if not (files or packages or editables):
        return None
    live = Live(context.terminal, monotonic)
    inputs = InputRequest(
        folder=context.folder,
        packages=packages,
        editables=editables,
        requirement_files=files,
        variables=context.variables,
    )
    with open_run(Surround(flags_of(context), live.log, live), inputs) as tools:
        for text in (*tools.settings.warnings, *tools.inputs.warnings):
            warn(context.terminal, text)
        if not tools.inputs.requirements:
            return None
        found = prepared(tools, asked, lambda _count, _seconds: live.clear())
        live.clear()
    return found.python


def _list(context: Context, python: Interpreter) -> int:
    terminal = context.terminal
    terminal.result(
        "Provide a command or script to invoke with `keyrack run <command>` or `keyrack run <script>.py`.\n"
    )
    names = executables(python)
    if names:
        terminal.result("The following commands are available in the environment:\n")
        for name in names:
            terminal.result(f"- {name}")
        terminal.result("")
    terminal.result("See `keyrack run --help` for more information.")
    return 2
