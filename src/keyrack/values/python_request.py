"""What a user asks for with `--python`: a version, an implementation, a key, a place, or a name (uv's forms)."""

from __future__ import annotations

import re
from enum import Enum

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from keyrack.values.interpreter import Interpreter


class PythonRequestKind(Enum):
    """How a request is answered: by any Python, by comparing versions, at a path, or by a name on the search path."""

    ANY = "any"
    VERSION = "version"
    PATH = "path"
    NAME = "name"


class PythonRequest(msgspec.Struct, frozen=True):
    """A parsed request. `implementation` is sys.implementation's name, or "" for any."""

    text: str
    kind: PythonRequestKind
    specifier: SpecifierSet = SpecifierSet()
    implementation: str = ""
    free_threaded: bool | None = None

    def is_met_by(self, python: Interpreter) -> bool:
        """Say whether a Python is what was asked for; paths and names are looked up elsewhere and always fit."""
        if self.implementation and python.implementation != self.implementation:
            return False
        if self.free_threaded is not None and python.gil_disabled != self.free_threaded:
            return False
        return self.specifier.contains(python.python, prereleases=True)

    def __str__(self) -> str:
        """Say it as uv does in messages."""
        if self.kind is PythonRequestKind.VERSION and self.text[:1].isdigit():
            return f"Python {self.text}"
        return self.text or "any Python"


_SHORT = {"cp": "cpython", "pp": "pypy", "gp": "graalpy"}
_NAMED = re.compile(r"(cpython|pypy|graalpy|cp|pp|gp)(?:[-@]?(\d+(?:\.\d+)*)(t|\+freethreaded)?(?:-.*)?)?\Z")
_VERSION = re.compile(r"(\d+(?:\.\d+)*)(t|\+freethreaded)?\Z")


def parse_python_request(text: str) -> PythonRequest:
    """Read a `--python` value; whatever is no version and no key is a path or a name. Raises nothing."""
    text = text.strip()
    lowered = text.lower()
    if lowered in ("", "any", "default"):
        return PythonRequest("", PythonRequestKind.ANY)
    if "/" in text or "\\" in text or text.startswith("."):
        return PythonRequest(text, PythonRequestKind.PATH)
    if plain := _VERSION.match(lowered):
        return PythonRequest(text, PythonRequestKind.VERSION, _specifier(plain[1]), "", bool(plain[2]))
    if named := _NAMED.match(lowered):
        implementation = _SHORT.get(named[1], named[1])
        free_threaded = bool(named[3]) if named[2] else None
        return PythonRequest(text, PythonRequestKind.VERSION, _specifier(named[2]), implementation, free_threaded)
    try:
        return PythonRequest(text, PythonRequestKind.VERSION, SpecifierSet(text))
    except InvalidSpecifier:
        return PythonRequest(text, PythonRequestKind.NAME)


def _specifier(version: str | None) -> SpecifierSet:
    """Give the range of a version as written: `3.12` is `==3.12.*`, `312` is `==3.12.*`, `3.12.1` is exact."""
    if not version:
        return SpecifierSet()
    if "." not in version and len(version) > 1:
        version = f"{version[0]}.{version[1:]}"
    return SpecifierSet(f"=={version}" if version.count(".") >= 2 else f"=={version}.*")
