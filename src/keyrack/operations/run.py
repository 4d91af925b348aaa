"""`run`: a command in an environment, in our place: it has our streams and signals, and its exit code is ours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

import msgspec

from keyrack.adapters.folders import read_whole
from keyrack.adapters.processes import Program, run_attached
from keyrack.errors import KeyrackError
from keyrack.formats.env_file import parse_env_file
from keyrack.formats.script_block import parse_script
from keyrack.values.interpreter import Interpreter

LARGEST = 16 * 1024 * 1024
DEEPEST = 100
"""How often a command may run keyrack that runs a command (uv's limit)."""

_SHEBANG = "If you are running a script with `keyrack run` in the shebang, you may need to include the `--script` flag."


class NotStarted(KeyrackError):
    """The command is not there, or cannot be run."""


class RunRequest(msgspec.Struct, frozen=True):
    """What is run: the words, in which environment, and further ones whose packages and scripts come before its own.

    `module` runs the first word as a module, `script` as a file of Python. `variables` are those of this run.
    """

    words: tuple[str, ...]
    python: Interpreter
    variables: Mapping[str, str]
    folder: str
    beside: tuple[Interpreter, ...] = ()
    module: bool = False
    script: bool = False


def run_command(request: RunRequest) -> int:
    """Run the command and give its exit code. Raises `NotStarted`."""
    variables = _variables(request)
    words = _command(request, variables["PATH"])
    try:
        return run_attached(Program(words, variables, request.folder))
    except OSError as error:
        raise NotStarted(
            f"Failed to spawn: `{request.words[0]}`", causes=(f"{error.strerror} (os error {error.errno})",)
        ) from error


def read_env_files(paths: tuple[str, ...], folder: str) -> dict[str, str]:
    """Read files of variables, in order. Raises `KeyrackError` for one that is not there."""
    found = dict[str, str]()
    for path in paths:
        body = read_whole(os.path.join(folder, path), LARGEST)
        if body is None:
            raise KeyrackError(f"No environment file found at: `{path}`")
        found |= parse_env_file(body.decode("utf-8", "replace"), path)
    return found


def python_of_script(path: str) -> str | None:
    """Say which Python a script wants that says itself what it requires (PEP 723); None where it says nothing."""
    body = read_whole(path, LARGEST)
    script = body and parse_script(body.decode("utf-8", "replace"), path, os.path.dirname(path))
    return script.requires_python if script else None


def is_python_file(word: str, folder: str) -> bool:
    """Say whether a word names a file, or a folder or archive, that Python itself runs."""
    path = os.path.join(folder, word)
    if word.lower().endswith((".py", ".pyw", ".pyc", ".pyz")):
        return os.path.isfile(path)
    return os.path.isfile(os.path.join(path, "__main__.py"))


def _command(request: RunRequest, search: str) -> tuple[str, ...]:
    first, *rest = request.words
    python = request.python.executable
    if request.module:
        return (python, "-m", first, *rest)
    if first == "-":
        return (python, "-", *rest)
    if request.script or is_python_file(first, request.folder):
        return (python, first, *rest)
    if first in ("python", "python3"):
        return (python, *rest)
    return (shutil.which(first, path=search) or first, *rest)


def _variables(request: RunRequest) -> dict[str, str]:
    depth = request.variables.get("UV_RUN_RECURSION_DEPTH", "0")
    level = int(depth) + 1 if depth.isdecimal() else 1
    if level > DEEPEST:
        raise NotStarted(
            f"`keyrack run` was recursively invoked {level} times which exceeds the limit of {DEEPEST}",
            hints=(_SHEBANG,),
        )
    pythons = (*request.beside, request.python)
    search = [*(each.paths.scripts for each in pythons), request.variables.get("PATH", "")]
    found = {**request.variables, "PATH": os.pathsep.join(filter(None, search)), "UV_RUN_RECURSION_DEPTH": str(level)}
    found.pop("PYTHONHOME", None)
    if request.python.is_virtual:
        found["VIRTUAL_ENV"] = request.python.prefix
    if request.beside:
        modules = [each.paths.purelib for each in request.beside]
        found["PYTHONPATH"] = os.pathsep.join(filter(None, (*modules, request.variables.get("PYTHONPATH", ""))))
    return found


def executables(python: Interpreter) -> tuple[str, ...]:
    """Name what can be run in an environment, in order."""
    try:
        entries = sorted(os.scandir(python.paths.scripts), key=lambda entry: entry.name)
    except OSError:
        return ()
    return tuple(
        entry.name
        for entry in entries
        if entry.is_file() and os.access(entry.path, os.X_OK) and not entry.name.startswith(("activate", "deactivate"))
    )
