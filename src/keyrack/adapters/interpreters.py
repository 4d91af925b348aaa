"""Find Pythons on this machine and ask one about itself; a given answer is kept while the executable is unchanged."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Protocol

import msgspec

from keyrack.errors import KeyrackError
from keyrack.values.interpreter import Interpreter
from keyrack.values.late import pattern

PROBE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "probe.py")
"""The script that a Python runs to describe itself."""

IS_WINDOWS = os.name == "nt"
_SYSTEM = tuple(getattr(os, "uname", tuple)())
"""The kernel that answers are true for: markers name its release and version."""

Run = Callable[[tuple[str, ...]], tuple[int, str, str]]
"""Run a program: arguments -> exit code, stdout, stderr. `OSError` where it cannot be started."""

_NAME = pattern(r"(?:python|pypy|graalpy)(?:3(?:\.\d+)?)?t?(?:\.exe)?\Z")


class ProbeCache(Protocol):
    """Where answers of Pythons are kept between runs."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, body: bytes) -> None: ...


class NotAPython(KeyrackError):
    """An executable that is not a working Python of version 3.8 or newer."""


class NoEntry(NotAPython):
    """There is no executable at a path."""


def query(executable: str, run: Run, cache: ProbeCache | None = None) -> Interpreter:
    """Ask an executable what it is; `NotAPython` where it does not answer. Answers are kept by path, time and size."""
    path = os.path.abspath(executable)
    if not os.path.exists(path):
        raise NoEntry(f"Python interpreter not found at `{path}`")
    key = _stamp(path)
    if cache is not None and key and (kept := cache.get(key)) is not None:
        try:
            return msgspec.json.decode(kept, type=Interpreter)
        except msgspec.MsgspecError:
            pass  # written by another version: ask again
    body = _ask(path, run)
    if cache is not None and key:
        cache.put(key, body)
    return msgspec.json.decode(body, type=Interpreter)


def environment_python(prefix: str, *, windows: bool = IS_WINDOWS) -> str | None:
    """Give the executable of the virtual environment at `prefix`, or None where there is none.

    The executable itself may be missing: an environment outlives the Python that it was made for.
    """
    if not os.path.isfile(os.path.join(prefix, "pyvenv.cfg")):
        return None
    return installation_python(prefix, windows=windows) or _places(prefix, windows=windows)[0]


def installation_python(prefix: str, *, windows: bool = IS_WINDOWS) -> str | None:
    """Give the executable of the environment or installation (conda, base) at `prefix`, or None."""
    return next((path for path in _places(prefix, windows=windows) if os.path.isfile(path)), None)


def looked_at(prefix: str) -> tuple[str, ...]:
    """Give the files that tell whether there is a Python or an environment at `prefix`, and which."""
    return (os.path.join(prefix, "pyvenv.cfg"), *_places(prefix))


def is_lasting(executable: str) -> bool:
    """Say whether an executable stays the same Python as long as its file does: a script (shim) may not."""
    return bool(_stamp(os.path.abspath(executable)))


def _places(prefix: str, *, windows: bool = IS_WINDOWS) -> list[str]:
    names = ("Scripts/python.exe", "python.exe") if windows else ("bin/python", "bin/python3", "bin/pypy3")
    return [os.path.join(prefix, *name.split("/")) for name in names]


def executables(
    search_path: str, names: tuple[str, ...], *, others: bool = False, windows: bool = IS_WINDOWS
) -> Iterator[str]:
    """Walk a search path, folder by folder, and give the executables of these names, each file once, in this order.

    `others` gives those as well that are named as Pythons are.
    """
    seen = set[str]()
    suffix = ".exe" if windows else ""
    for folder in filter(None, search_path.split(os.pathsep)):
        listed = dict.fromkeys((*(name.removesuffix(suffix) + suffix for name in names), *_pythons(folder, others)))
        for path in (os.path.join(folder, name) for name in listed):
            if path not in seen and os.path.isfile(path) and os.access(path, os.X_OK):
                seen.add(path)
                yield path


def _pythons(folder: str, wanted: bool) -> list[str]:
    """List the Pythons of a folder: `python`, then `python3`, then versions, newest first."""
    try:
        found = [name for name in os.listdir(folder) if _NAME.match(name)] if wanted else []
    except OSError:
        return []
    return sorted(
        found, key=lambda name: (name.count("."), [-int(digits) for digits in re.findall(r"\d+", name)], name)
    )


def _stamp(path: str) -> str:
    """Name what an answer depends on; "" where the file cannot be read or the answer may change unseen (shims)."""
    try:
        real = os.stat(path)
        with open(path, "rb") as stream:
            is_script = stream.read(2) == b"#!"
        marker = os.path.join(os.path.dirname(os.path.dirname(path)), "pyvenv.cfg")
        environment = os.stat(marker).st_mtime_ns if os.path.isfile(marker) else 0
        probe = os.stat(PROBE)
    except OSError:
        return ""
    if is_script:
        return ""
    parts = (path, real.st_size, real.st_mtime_ns, real.st_ino, environment, probe.st_mtime_ns, _SYSTEM)
    return "\n".join(map(str, parts))


def _ask(path: str, run: Run) -> bytes:
    try:
        code, output, errors = run((path, "-I", "-S", "-B", PROBE))
    except OSError as error:
        why = f"{error.strerror} (os error {error.errno})" if error.strerror else str(error)
        raise NotAPython(f"Failed to query Python interpreter at `{path}`", causes=(why,)) from error
    if code:
        said = f"\n\n[stderr]\n{errors.strip()}" if errors.strip() else ""
        raise NotAPython(f"Querying Python at `{path}` failed with exit status {code}{said}")
    try:
        found = msgspec.json.decode(output, type=Interpreter)
    except msgspec.MsgspecError as error:
        raise NotAPython(f"Querying Python at `{path}` returned an answer that no Python gives") from error
    if found.platform.startswith("musl:"):
        found = msgspec.structs.replace(found, platform=_musl_platform(found.platform, run))
    return msgspec.json.encode(found)


def _musl_platform(text: str, run: Run) -> str:
    """Ask musl's loader for its version: without arguments it prints it on standard error."""
    _, loader, machine = text.split(":")
    try:
        said = run((loader,))[2]
    except OSError:
        said = ""
    version = re.search(r"Version (\d+)\.(\d+)", said)
    return f"musllinux_{version[1]}_{version[2]}_{machine}" if version else f"linux_{machine}"
