"""Which environments the files of a version serve, as a marker: what a wheel's tags imply (PEP 425, 508)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from keyrack.policy.index.choose import Choice, FileRules, Files, choose
from keyrack.policy.index.python_tags import STABLE, python_tag
from keyrack.policy.markers.algebra import FALSE, TRUE, Diagram, both, either
from keyrack.policy.markers.reading import read
from keyrack.values.late import pattern
from keyrack.values.names import PackageName
from keyrack.values.points import Point

_WINDOWS: Final = {"win32": "x86", "win_amd64": "AMD64", "win_arm64": "ARM64"}
_MAC = pattern(r"macosx_\d+_\d+_(\w+)")
_MACHINES: Final = {
    "universal2": ("x86_64", "arm64"),
    "intel": ("x86_64", "i386"),
    "fat": ("x86_64", "ppc"),
    "fat32": ("i386", "ppc", "ppc64", "x86_64"),
    "fat64": ("x86_64", "ppc64"),
    "universal": ("x86_64", "i386", "ppc64", "ppc", "intel"),
}
_LINUX = pattern(r"(?:manylinux_\d+_\d+|manylinux1|manylinux2010|manylinux2014|musllinux_\d+_\d+|linux)_(\w+)")
_IMPLEMENTATIONS: Final = {"cp": "CPython", "pp": "PyPy", "graalpy": "GraalPy", "pyston": "Pyston"}


def coverage(name: PackageName, version: Point, choice: Choice, rules: FileRules) -> Diagram:
    """Give where a version can be used: everywhere if it has a source distribution, else where its wheels fit."""
    found = FALSE
    for one in choice.files:
        is_wheel = one.link.filename.endswith(".whl")
        files = Files([one], []) if is_wheel else Files([], [one])
        if choose(name, version, files, rules).exclusion is None:
            found = either(found, wheel_coverage(one.link.filename)) if is_wheel else TRUE
    return found


def wheel_coverage(filename: str) -> Diagram:
    """Give where a wheel can be used, by its name."""
    _, pythons, abis, platforms = filename.removesuffix(".whl").rsplit("-", 3)
    return _coverage(pythons, abis, platforms)


@lru_cache(maxsize=8192)
def _coverage(pythons: str, abis: str, platforms: str) -> Diagram:
    is_stable = not STABLE.isdisjoint(abis.split("."))
    return both(
        _any(_platform(platform) for platform in platforms.split(".")),
        _any(_python(python, is_stable=is_stable) for python in pythons.split(".")),
    )


def _any(markers: Iterable[Diagram]) -> Diagram:
    found = FALSE
    for marker in markers:
        found = either(found, marker)
    return found


def _platform(tag: str) -> Diagram:
    if tag == "any":
        return TRUE
    if tag in _WINDOWS:
        return read(f"sys_platform == 'win32' and platform_machine == '{_WINDOWS[tag]}'")
    mac = _MAC.fullmatch(tag)
    if mac is not None:
        machines = " or ".join(f"platform_machine == '{one}'" for one in _MACHINES.get(mac[1], (mac[1],)))
        return read(f"sys_platform == 'darwin' and ({machines})")
    linux = _LINUX.fullmatch(tag)
    if linux is not None:
        return read(f"sys_platform == 'linux' and platform_machine == '{linux[1]}'")
    return FALSE


def _python(tag: str, *, is_stable: bool) -> Diagram:
    return read(" and ".join(_python_words(tag, is_stable=is_stable))) if tag != "none" else TRUE


def _python_words(tag: str, *, is_stable: bool) -> Iterator[str]:
    found = python_tag(tag)
    if found is None:
        yield "python_version < '0'"
        return
    release = str(found.major) if found.minor is None else f"{found.major}.{found.minor}"
    yield f"python_version >= '{release}'" if is_stable else f"python_version == '{release}.*'"
    if found.kind in _IMPLEMENTATIONS:
        yield f"platform_python_implementation == '{_IMPLEMENTATIONS[found.kind]}'"
