"""What a user asks for with `--python`: a version, an implementation, a key, a place, or a name (uv's forms)."""

from __future__ import annotations

import re
from enum import Enum

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from keyrack.values.interpreter import Interpreter
from keyrack.values.late import pattern


class PythonRequestKind(Enum):
    """How a request is answered: by any Python, by comparing versions, at a path, or by a name on the search path."""

    ANY = "any"
    VERSION = "version"
    PATH = "path"
    NAME = "name"


class PythonRequest(msgspec.Struct, frozen=True):
    """A parsed request. `implementation` is sys.implementation's name; "" stands for any of each kind.

    `key` are the further parts of a key: system, machine and C library. A `NAME` may be that of a file or folder.
    """

    text: str
    kind: PythonRequestKind
    specifier: SpecifierSet = SpecifierSet()
    implementation: str = ""
    free_threaded: bool = False
    key: tuple[str, ...] = ()
    described: str = ""
    """What messages call it (uv's words); "" where any Python will do."""

    def is_met_by(self, python: Interpreter) -> bool:
        """Say whether a Python is what was asked for; paths and names are looked up elsewhere and always fit."""
        if self.kind is not PythonRequestKind.VERSION:
            return True
        if self.implementation and python.implementation != self.implementation:
            return False
        # From 3.14 on a free-threaded build is as good as any other where nothing was said of it.
        if python.gil_disabled != self.free_threaded and (self.free_threaded or python.python < _ALL_THREADS):
            return False
        if any(wanted != has for wanted, has in zip(self.key, _key_of(python), strict=False)):
            return False
        return self.specifier.contains(python.python, prereleases=True)

    @property
    def names(self) -> tuple[str, ...]:
        """Names that a fitting executable is likely to have, likeliest first."""
        base = self.implementation if self.implementation in ("pypy", "graalpy") else "python"
        exact = re.fullmatch(r"==(\d+)(?:\.(\d+))?(?:\..*)?", str(self.specifier))
        if exact is None:
            return (f"{base}3", base) if self.specifier else (base, f"{base}3")
        minor = (f"{base}{exact[1]}.{exact[2]}{'t' if self.free_threaded else ''}",) if exact[2] else ()
        return (*minor, f"{base}{exact[1]}", base)

    def __str__(self) -> str:
        """Say it as uv does in messages."""
        return self.described or "any Python"


_ALL_THREADS = Version("3.14.dev0")
_SHORT = {"cp": "cpython", "pp": "pypy", "gp": "graalpy"}
_PRETTY = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalPy"}
_NAMED = pattern(r"(?P<name>python|cpython|pypy|graalpy|cp|pp|gp)?@?(?P<version>.*?)(?P<threads>t|\+?freethreaded)?\Z")
_RELEASE = pattern(r"\d+(?:\.\d+){0,2}(?:(?:a|b|rc)\d+)?\Z")
_KEY = pattern(
    r"(?P<name>cpython|pypy|graalpy)-(?P<version>\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?)(?P<threads>\+freethreaded)?"
    r"(?P<rest>(?:-[a-z0-9_]+)*)\Z"
)
_SYSTEMS = {"linux": "linux", "darwin": "macos", "win32": "windows"}
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64", "i386": "x86", "i686": "x86"}


def parse_python_request(text: str) -> PythonRequest:
    """Read a `--python` value; whatever is no version and no key is a path or a name. Raises nothing."""
    text = text.strip()
    lowered = text.lower()
    if lowered in ("", "any", "default"):
        return PythonRequest("", PythonRequestKind.ANY)
    if "/" in text or "\\" in text or text.startswith("."):
        return PythonRequest(text, PythonRequestKind.PATH, described=f"path `{text}`")
    if key := _KEY.match(lowered):
        specifier, shown = _release(key["version"])
        found = _versioned(text, key["name"], (specifier, shown), is_threaded=bool(key["threads"]))
        parts = tuple(filter(None, key["rest"].split("-")))
        return msgspec.structs.replace(found, key=parts, described=text if parts else found.described)
    if (named := _NAMED.match(lowered)) and (request := _by_version(text, named)) is not None:
        return request
    return PythonRequest(text, PythonRequestKind.NAME, described=f"executable name `{text}`")


def _by_version(text: str, named: re.Match[str]) -> PythonRequest | None:
    """Read a version, a range, an implementation, or an implementation with one of them; None where it is neither."""
    name, version = named["name"] or "", named["version"]
    implementation = "" if name == "python" else _SHORT.get(name, name)
    if not version:
        if not implementation:
            return None
        pretty = _PRETTY[implementation]
        return PythonRequest(text, PythonRequestKind.VERSION, implementation=implementation, described=pretty)
    if _RELEASE.match(version):
        wanted = _release(version)
    else:
        try:
            wanted = SpecifierSet(version), ", ".join(clause.strip() for clause in version.split(","))
        except InvalidSpecifier:
            return None
    return _versioned(text, implementation, wanted, is_threaded=bool(named["threads"]))


def _versioned(text: str, implementation: str, wanted: tuple[SpecifierSet, str], *, is_threaded: bool) -> PythonRequest:
    specifier, shown = wanted
    threads = "+freethreaded" if is_threaded else ""
    described = f"{_PRETTY.get(implementation, 'Python')} {shown}{threads}"
    kind = PythonRequestKind.VERSION
    return PythonRequest(text, kind, specifier, implementation, is_threaded, described=described)


def _release(version: str) -> tuple[SpecifierSet, str]:
    """Give the range of a version and how it is shown: `3.12` and `312` mean `==3.12.*`, and `3.12.1` itself."""
    if "." not in version and len(version) > 1 and version.isdigit():
        version = f"{version[0]}.{version[1:]}"
    is_exact = version.count(".") >= 2 or not version.replace(".", "").isdigit()
    return SpecifierSet(f"=={version}" if is_exact else f"=={version}.*"), version


def _key_of(python: Interpreter) -> tuple[str, str, str]:
    machine = python.markers["platform_machine"].lower()
    system = _SYSTEMS.get(python.markers["sys_platform"], python.markers["sys_platform"])
    library = "musl" if python.platform.startswith("musllinux") else "gnu" if system == "linux" else "none"
    return system, _MACHINES.get(machine, machine), library


def key_of(python: Interpreter) -> str:
    """Give the key by which uv names a Python: `cpython-3.12.1-linux-x86_64-gnu`."""
    threads = "+freethreaded" if python.gil_disabled else ""
    return "-".join((python.implementation, f"{python.version}{threads}", *_key_of(python)))
