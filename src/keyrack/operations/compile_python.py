"""Which Python a compilation is for, and which one at hand answers for it (uv takes whatever there is)."""

from __future__ import annotations

import re

import msgspec

from keyrack.operations.pythons import NoEnvironment, NoPython, Pythons, environment_for
from keyrack.values.artifact import parse_version
from keyrack.values.interpreter import Interpreter

_VERSION = re.compile(r"\d+(?:\.\d+){0,2}(?:(?:a|b|rc)\d+)?\Z")


class CompilePython(msgspec.Struct, frozen=True):
    """The Python at hand, the version to compile for ("" for its own), and what is to be told about the two."""

    interpreter: Interpreter
    version: str = ""
    warnings: tuple[str, ...] = ()


def compile_python(
    pythons: Pythons, python: str | None, version: str, *, system: bool, may_build: bool
) -> CompilePython:
    """Choose. `python` is `--python`: a mere version means `--python-version`. Raises `NoPython`, `BrokenPython`."""
    if not version and python and _VERSION.match(python):
        python, version = "", python
    if python or not version:
        return CompilePython(environment_for(pythons, python or None, system=system, or_system=True), version)
    interpreter = _nearest(pythons, version, system=system)
    wanted = parse_version(version)
    is_same_minor = wanted.release[:2] == interpreter.python.release[:2]
    is_short = len(wanted.release) < 3
    if not may_build or wanted == interpreter.python or (is_short and is_same_minor):
        return CompilePython(interpreter, version)
    warning = (
        f"The requested Python version {version} is not available; {interpreter.version} will be used to build"
        " dependencies instead."
    )
    return CompilePython(interpreter, version, (warning,))


def _nearest(pythons: Pythons, version: str, *, system: bool) -> Interpreter:
    """Find a Python of the version, else one of the same minor version, else any."""
    minor = ".".join(version.split(".")[:2])
    for request in dict.fromkeys((version, minor)):
        try:
            return environment_for(pythons, request, system=system, or_system=True)
        except (NoPython, NoEnvironment):
            continue
    return environment_for(pythons, None, system=system, or_system=True)
