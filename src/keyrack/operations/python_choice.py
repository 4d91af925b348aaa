"""Which Python a new environment is for: what was asked for, else a version file's word, else the project's."""

from __future__ import annotations

import os

import msgspec
from packaging.specifiers import SpecifierSet

from keyrack.adapters.python_files import project_file, version_file
from keyrack.errors import InvalidText
from keyrack.formats.pyproject import Place, parse_pyproject
from keyrack.formats.python_version_file import parse_python_versions
from keyrack.operations.pythons import Pythons
from keyrack.values.interpreter import Interpreter
from keyrack.values.python_request import PythonRequest, PythonRequestKind, parse_python_request


class PythonChoice(msgspec.Struct, frozen=True):
    """A request and what stands behind it. `requires_python` is the project's, `pinned_in` the file that was read."""

    request: PythonRequest
    requires_python: SpecifierSet | None = None
    pinned_in: str = ""
    warnings: tuple[str, ...] = ()


def choose_python(pythons: Pythons, asked: str | None, *, with_project: bool = True) -> PythonChoice:
    """Say which Python is meant. `asked` is `--python`; without a project only version files are read."""
    root, requires_python, warnings = _project(pythons.folder) if with_project else ("", None, ())
    if asked:
        return PythonChoice(parse_python_request(asked), requires_python, warnings=warnings)
    file = version_file(pythons.folder, root, pythons.environment)
    if file is not None:
        wanted, others = parse_python_versions(file.text)
        ignored = (f"Ignoring unsupported Python request `{text}` in version file: {file.path}" for text in others)
        warnings = (*warnings, *ignored)
        if wanted:
            return PythonChoice(wanted[0], requires_python, file.name, warnings)
    if requires_python:
        described = f"Python {', '.join(map(str, requires_python))}"
        request = PythonRequest("", PythonRequestKind.VERSION, requires_python, described=described)
        return PythonChoice(request, requires_python, warnings=warnings)
    return PythonChoice(parse_python_request(""), warnings=warnings)


def project_pythons(folder: str) -> SpecifierSet | None:
    """Give the Pythons that the project around a folder is for; None where it does not say."""
    return _project(folder)[1]


def misfit(choice: PythonChoice, found: Interpreter) -> str:
    """Say in a warning that the project wants another Python than was found; "" where it does not."""
    wanted = choice.requires_python
    if wanted is None or wanted.contains(found.python, prereleases=True):
        return ""
    told = f"the project's Python requirement: `{wanted}` (from `project.requires-python`)"
    if choice.pinned_in:
        asked = f"The Python request from `{choice.pinned_in}`"
    else:
        asked = "The requested interpreter"
    return f"{asked} resolved to Python {found.version}, which is incompatible with {told}"


def _project(folder: str) -> tuple[str, SpecifierSet | None, tuple[str, ...]]:
    """Read the project around a folder: where it lies, the Pythons it is for, and what is wrong with its file."""
    file = project_file(folder)
    if file is None:
        return "", None, ()
    try:
        return file.folder, parse_pyproject(file.text, Place(file.name, file.folder)).requires_python, ()
    except InvalidText as error:
        shown = os.path.relpath(file.path, folder)
        lines = "\n".join(f"  {line}" for cause in error.causes for line in cause.split("\n"))
        return "", None, (f"Failed to parse `{shown}` during environment creation:\n{lines}",)
