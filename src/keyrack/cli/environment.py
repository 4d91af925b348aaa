"""What the commands share that look at an environment: finding it, saying which one it is and what is wrong with it."""

from __future__ import annotations

import os

from keyrack.cli.summary import warn
from keyrack.values.styled import Style, Styled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keyrack.cli.context import Context
    from keyrack.operations.environments import Surveyed
    from keyrack.operations.targets import Acted
    from keyrack.values.interpreter import Interpreter


def find_environment(context: Context) -> Surveyed:
    """Find the environment that the words mean, and say which one it is."""
    from keyrack.operations.configure import Words  # late: start-up
    from keyrack.operations.environments import survey  # late: start-up

    found = survey(Words(context.words, context.variables, context.folder), context.terminal.log)
    for text in found.warnings:
        warn(context.terminal, text)
    name_environment(context, found.interpreter)
    return found


def name_environment(context: Context, interpreter: Interpreter) -> None:
    """Say which environment is meant, unless it is the project's own `.venv`."""
    from keyrack.values.log import Level  # late: start-up

    line = _line(interpreter, context.folder)
    if _is_own(interpreter, context.folder):
        context.terminal.log(Level.DEBUG, line)
    else:
        context.terminal.say(Styled(line, Style.DIM))


def name_acted(context: Context, acted: Acted) -> None:
    """Say what a command acts on: an environment, or the Python that a folder is filled for."""
    if acted.is_folder:
        context.terminal.say(Styled(acted_line(context, acted), Style.DIM))
    else:
        name_environment(context, acted.interpreter)


def acted_line(context: Context, acted: Acted) -> str:
    """Write what a command acts on; "" where nobody has to be told: it is the project's own `.venv`."""
    python = acted.interpreter
    if not acted.is_folder:
        return "" if _is_own(python, context.folder) else _line(python, context.folder)
    name = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalPy"}.get(
        python.implementation, python.implementation
    )
    return f"Using {name} {python.version} interpreter at: {shown_path(python.executable, context.folder)}"


def _line(interpreter: Interpreter, folder: str) -> str:
    return f"Using Python {interpreter.version} environment at: {shown_path(interpreter.prefix, folder)}"


def _is_own(interpreter: Interpreter, folder: str) -> bool:
    return os.path.abspath(interpreter.prefix) == os.path.join(os.path.abspath(folder), ".venv")


def warn_of_faults(context: Context, found: Surveyed) -> None:
    """Say what is wrong with the environment, where `--strict` asks for it."""
    if not context.has("strict"):
        return
    from keyrack.operations.check import check  # late: start-up

    for fault in check(found).faults:
        warn(context.terminal, fault.message)


def shown_path(path: str, folder: str) -> str:
    """Write a path for people: relative to the folder of the run where it lies below, else as it is."""
    inside = os.path.join(os.path.realpath(folder), "")
    for start in (os.path.join(os.path.abspath(folder), ""), inside):
        if path.startswith(start):
            return path[len(start) :]
    return "." if path + os.sep == inside else path
